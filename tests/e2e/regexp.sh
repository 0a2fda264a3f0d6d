#!/bin/bash
# The recorded verdicts of Go's regexp are those of the Go that is here.
. "$(dirname "$0")/../lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
needs go
(cd "$here/regexp" && go run .) \
	>"$work/rows" 2>"$work/log"
check 'regexp: recorded rows' cmp "$work/rows" "$here/../unit/pattern_go.def"
done_testing
