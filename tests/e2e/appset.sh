#!/bin/bash
# ApplicationSets by chance give the Applications that Argo CD's own package
# makes of them, or are refused by both.
. "$(dirname "$0")/../lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
needs appset-judge
count=${COUNT:-20}
[ -z "${FULL:-}" ] || count=${COUNT:-300}
python3 "$here/appset_random.py" write "${SEED:-1}" "$count" "$work/sets" || exit 1
appset-judge "$work"/sets/* >"$work/judge" 2>"$work/judge.err"
check 'appset: the judge answers' test $? = 0
"$(dirname "$ZONELOOM")/fill_appsets" "$work"/sets/* >"$work/ours"
check 'appset: so do we' test $? = 0
python3 "$here/appset_random.py" compare "$work/judge" "$work/ours" >"$work/log"
status=$?
cat "$work/log"
check 'appset: the same Applications' test $status = 0
done_testing
