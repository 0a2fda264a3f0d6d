#!/bin/bash
# Templates as Go's text/template fills them with Masterminds/sprig: the recorded
# rows are those of the real ones, and generated templates have the same text, or
# are refused by both.
. "$(dirname "$0")/../lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
needs gotemplate
gotemplate >"$work/rows"
check 'gotemplate: recorded rows' cmp "$work/rows" "$here/../unit/template_go.def"
gotemplate "${SEED:-1}" "${COUNT:-2000}" "$(dirname "$ZONELOOM")/fill_template" \
	>"$work/log" 2>&1
status=$?
cat "$work/log"
check 'gotemplate: generated templates' test $status = 0
done_testing
