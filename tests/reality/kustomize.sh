#!/bin/bash
# Our kustomize against the real one, over the kustomizations of the repositories
# in TREES: a twentieth of each, all of them with FULL=1.
. "$(dirname "$0")/../lib.sh"
needs kustomize jq
. "$root/tests/kustomize.sh"
for t in $TREES; do
	for r in "$t"/*/; do
		tree "$(basename "$r")" "${r%/}" "$([ -n "${FULL:-}" ] && echo 1 || echo 20)"
	done
done
check 'kustomize: records were compared' test "$compared" != 0
done_testing
