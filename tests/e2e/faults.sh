#!/bin/bash
# A sample of what `make faults` tries in full; FULL=1 takes all of it.
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
export ZONELOOM=$root/build/zoneloom SEED=$seed
[ -n "${FULL:-}" ] || export SECONDS_EACH=${SECONDS_EACH:-6}
python3 tests/faults/faults.py ${FULL:+kill-all inject-all} kill inject memory swap race ||
	fails=$((fails + 1))
done_testing
