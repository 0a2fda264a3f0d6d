#!/bin/bash
# Names of the repositories in TREES against what the real tools make of them
# (truth.py): kustomize, Flux' substitution engine, helm with a chart that
# stands in for those that are not here.  What no map in git tells is the same
# made-up value for both.  A line a repository: names right, missed, too many,
# and those whose ownership TXT names another object.
. "$(dirname "$0")/../lib.sh"
needs kustomize helm envsubst-flux jq

# Sorted as `join` has it.
listed() { # TREE
	"$ZONELOOM" list -o jsonl --dir "$1" --vars-file "$work/vars.json" \
		--default-targets 203.0.113.10 --helm-values extract \
		--source ingress --source gateway-httproute --source service \
		2>"$work/err" |
		jq -r 'select(.name and .type != "TXT") |
			[.name, .labels.resource] | @tsv' | sort -u
}

compare() { # NAME
	cut -f1 "$work/truth" >"$work/want"
	cut -f1 "$work/got" >"$work/have"
	right=$(comm -12 "$work/want" "$work/have" | wc -l)
	missed=$(comm -23 "$work/want" "$work/have" | wc -l)
	extra=$(comm -13 "$work/want" "$work/have" | wc -l)
	other=$(join -t "$(printf '\t')" "$work/truth" "$work/got" |
		awk -F'\t' '$2 != $3' | wc -l)
	printf '# %-32s %5d right %5d missed %5d too many %5d other owner\n' \
		"$1" "$right" "$missed" "$extra" "$other"
	[ "$missed$extra$other" = 000 ] || diff "$work/truth" "$work/got" |
		grep '^[<>]' | sed 's/^/  /'
	[ "$missed$extra$other" = 000 ]
}

for tree in $TREES; do
	for repository in "$tree"/*/; do
		grep -rqsE 'kind: (FluxInstance|Kustomization)' \
			--include='*.yaml' "$repository" || continue
		name=$(basename "$repository")
		python3 "$root/tests/reality/truth.py" "${repository%/}" \
			"$work/all" "$work/vars.json" 2>"$work/said"
		sort "$work/all" >"$work/truth"
		sed 's/^/  /' "$work/said"
		listed "${repository%/}" >"$work/got"
		check "truth: $name" compare "$name"
	done
done
done_testing
