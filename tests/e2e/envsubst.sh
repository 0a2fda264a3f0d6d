#!/bin/bash
# Texts at random through Flux' own substitution engine and through ours: the
# same text comes out, or both refuse.  FULL=1: 500.
# shellcheck source=tests/lib.sh disable=SC1091,SC2154
. "$(dirname "$0")/../lib.sh"
needs envsubst-flux
check "envsubst: texts at random" python3 "$root/tests/e2e/envsubst_random.py" \
	"${SEED:-$seed}" "$(sample 500)" "$(dirname "$ZONELOOM")/fill_envsubst"
done_testing
