#!/bin/bash
# Our kustomize against the real one: every kustomization of the golden case and
# of the shared trees, by the records that come of it.
#
# The real output goes through --stdin, ours is a root; names, types, targets
# and objects must be the same.
#
# FULL=1 compares every folder of the shared trees, not each third one.
set -u
cd "$(dirname "$0")/../.." || exit 2
program=$(readlink -f "${ZONELOOM:-build/zoneloom}")
export LC_ALL=C NO_COLOR=1
fails=0 same=0 refused=0 lines=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v kustomize >/dev/null; then
	echo 'skip e2e/kustomize: no kustomize; go install' \
		'sigs.k8s.io/kustomize/kustomize/v5@v5.8.2'
	exit 0
fi

# Values for all variables that the shared trees lack, so that their names
# take part.
vars=$work/vars.yaml
# shellcheck disable=SC2054 # the commas are ours
flags=(--default-targets=203.0.113.10 --helm-values=off "--vars-file=$vars"
	--source=ingress,service,crd,gateway-httproute,gateway-tlsroute)

records() { # ARGS: one line a record
	"$program" list "${flags[@]}" -o jsonl "$@" 2>"$work/stderr" |
		jq -r '.name as $n | .type as $t | (.targets | join(",")) as $v |
		       .from[] | "\($n) \($t) \($v) \(.kind)/\(.namespace)/\(.name)"' |
		sort -u
	! grep -q 'Sanitizer' "$work/stderr"
}

make_vars() { # TREE
	grep -rhoE '\$\{[A-Za-z_][A-Za-z0-9_]*' "$1" --include='*.y*ml' |
		sed 's/^..//' | sort -u | while read -r name; do
		echo "$name: $(tr '[:upper:]_' '[:lower:]-' <<<"v$name").example.net"
	done >"$vars"
}

compare() { # TREE FOLDER
	kustomize build --load-restrictor LoadRestrictionsNone "$1/$2" \
		>"$work/built" 2>"$work/why" || {
		refused=$((refused + 1))
		return
	}
	[ -s "$work/built" ] || return
	printf 'format: 1\nroots: [{kustomize: "%s"}]\n' "$2" >"$work/root.yaml"
	records --stdin <"$work/built" >"$work/want" &&
		records --dir "$1" --config "$work/root.yaml" >"$work/got" || {
		echo "not ok e2e/kustomize: $1 $2: $(tail -n 1 "$work/stderr")"
		fails=$((fails + 1))
		return
	}
	diff "$work/want" "$work/got" >"$work/diff"
	if [ -s "$work/diff" ]; then
		echo "not ok e2e/kustomize: $1 $2"
		sed 's/^/    /' "$work/diff"
		fails=$((fails + 1))
	else
		same=$((same + 1))
		lines=$((lines + $(wc -l <"$work/want")))
	fi
}

tree() { # NAME TREE EVERY
	local before=$fails nth=0 every=$3
	same=0 refused=0 lines=0
	make_vars "$2"
	while read -r file; do
		grep -q '^kind: *Component' "$file" && continue
		nth=$((nth + 1))
		[ $((nth % every)) = 0 ] || continue
		folder=$(dirname "$file")
		compare "$2" "${folder#"$2"/}"
	done < <(find "$2" -name 'kustomization.y*ml' | sort)
	if [ $lines = 0 ]; then
		echo "not ok e2e/kustomize $1: no record was compared"
		fails=$((fails + 1))
	fi
	[ $fails != "$before" ] ||
		echo "ok e2e/kustomize $1: $same builds agree in $lines" \
			"records, kustomize itself refuses $refused"
}

tree golden tests/golden/ok-kustomize/manifests 1
if [ ! -d ../shared/repos ]; then
	echo 'skip e2e/kustomize: no shared trees in ../shared/repos'
else
	for t in ../shared/repos/*/; do
		tree "$(basename "$t")" "${t%/}" "$([ -n "${FULL:-}" ] && echo 1 || echo 3)"
	done
fi
[ $fails = 0 ]
