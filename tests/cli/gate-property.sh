#!/bin/bash
# gate says what generate does, on random commits of diverging branches.
. "$(dirname "$0")/../lib.sh"
export work
commits=$(sample 500)
python3 "$root/tests/cli/gate-property.py" "$ZONELOOM" \
	"$root/tests/cli/matrix" "$commits" "$seed" >"$work/said" 2>&1
status=$?
cat "$work/said"
check "gate-property: $commits commits, seed $seed" [ $status = 0 ]
done_testing
