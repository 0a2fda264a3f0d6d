#!/bin/bash
# Our kustomize against the real one: every kustomization of the golden case.
. "$(dirname "$0")/../lib.sh"
needs kustomize jq
. "$root/tests/kustomize.sh"
tree golden "$root/tests/golden/ok-kustomize/manifests" 1
check 'kustomize: records were compared' test "$compared" != 0
done_testing
