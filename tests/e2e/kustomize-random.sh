#!/bin/bash
# Kustomizations and JSON patches at random: the records of what the real
# kustomize makes of them are ours, or both refuse.  FULL=1: 500 and 200.
. "$(dirname "$0")/../lib.sh"
needs kustomize jq
. "$root/tests/kustomize/lib.sh"
seed=${SEED:-1}

# compare WHAT COUNT: one folder after the other; all that differ are named.
compare() {
	local i dir=$work/random built=0 refused=0 shapes=0 differ=0
	rm -rf "$dir"
	python3 "$root/tests/e2e/kustomize_random.py" "$1" "$seed" "$2" "$dir"
	for ((i = 0; i < $2; i++)); do
		if real "$dir/$i/top"; then
			built=$((built + 1))
			agree "$dir/$i" top >"$work/how" && continue
		elif grep -q 'updating name reference' "$work/why"; then
			# A text where a map belongs: of no field that we read.
			shapes=$((shapes + 1))
			continue
		else
			refused=$((refused + 1))
			ours "$dir/$i" top >"$work/got" || true
			! grep -q ': error: ' "$work/stderr" || continue
			echo "the real one: $(tail -n 1 "$work/why")" >"$work/how"
		fi
		differ=$((differ + 1))
		echo "  $1 $i differs:"
		sed 's/^/    /' "$work/how"
		[ -z "${KEEP:-}" ] || cp -r "$dir/$i" "$KEEP/$1-$i"
	done
	echo "# $1: $built built, $refused refused by both, $differ differ," \
		"$shapes of a shape that no cluster takes, seed $seed, $compared records compared"
	[ $differ = 0 ]
}

if [ -n "${FULL:-}" ]; then builds=500 patches=200; else builds=25 patches=40; fi
check "kustomize at random: $builds builds" compare builds $builds
check "kustomize at random: $patches patches" compare patches $patches
done_testing
