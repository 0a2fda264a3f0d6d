module zoneloom/tests/regexp

go 1.22
