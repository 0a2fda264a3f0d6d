#!/bin/bash
# A sample of `make fuzz-whole`: the program on mutated repositories.  FULL=1
# takes half an hour of each kind.
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
seconds=20
[ -z "${FULL:-}" ] || seconds=1800
for kind in manifests config outputs git; do
	python3 tests/fuzz/whole.py $kind $seconds $seed ||
		fails=$((fails + 1))
done
done_testing
