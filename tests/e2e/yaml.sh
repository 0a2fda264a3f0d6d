#!/bin/bash
# The recorded answers of the YAML decoder of Kubernetes, which make test and a
# fuzz target compare with, are still its answers.
# shellcheck disable=SC2317 # called by check
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
needs external-dns-judge

# Each row of the table, recorded again.
oddities() {
	external-dns-judge yaml "$root/tests/data/yaml-oddities.tsv" |
		diff "$root/tests/data/yaml-oddities.tsv" -
}
check yaml/oddities oddities

# The rules for plain scalars, over random ones.
count=$(sample 1000000)
scalars() { external-dns-judge scalars "$1" "$seed" "$count"; }
check "yaml/scalars-$count" scalars "$root/tests/data/yaml-scalars.tsv"

# A table and a rule that are wrong are found.
sed 's/{"a":384}/{"a":600}/' "$root/tests/data/yaml-oddities.tsv" >"$work/table"
finds_row() {
	external-dns-judge yaml "$work/table" | diff "$work/table" - |
		grep -q '^> octal'
}
check yaml/finds-row finds_row
grep -v '0\[xX\]' "$root/tests/data/yaml-scalars.tsv" >"$work/rules"
finds_rule() {
	run scalars "$work/rules"
	status_is 1 && out_has 'the decoder number'
}
check yaml/finds-rule finds_rule
done_testing
