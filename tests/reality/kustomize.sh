#!/bin/bash
# Our kustomize against the real one, over the kustomizations of the repositories
# in TREES: a twentieth of each, all of them with FULL=1.
. "$(dirname "$0")/../lib.sh"
needs kustomize jq
. "$root/tests/kustomize/lib.sh"

# Values for all variables that the trees lack, so that their names take part.
make_vars() { # TREE
	grep -rhoE '\$\{[A-Za-z_][A-Za-z0-9_]*' "$1" --include='*.y*ml' |
		sed 's/^..//' | sort -u | while read -r name; do
		echo "$name: $(tr '[:upper:]_' '[:lower:]-' <<<"v$name").example.net"
	done >"$work/vars.yaml"
}

repository() { # NAME TREE
	local nth=0 refused=0 same=0 folder file before=$compared
	make_vars "$2"
	while read -r file; do
		grep -q '^kind: *Component' "$file" && continue
		nth=$((nth + 1))
		[ -n "${FULL:-}" ] || [ $((nth % 20)) = 1 ] || continue
		folder=$(dirname "$file")
		if ! real "$folder"; then
			refused=$((refused + 1))
		elif [ ! -s "$work/built" ] || agree "$2" "${folder#"$2"/}" \
			"--vars-file=$work/vars.yaml" >"$work/diff"; then
			same=$((same + 1))
		else
			echo "not ok kustomize: $1: $folder"
			fails=$((fails + 1))
			cat "$work/diff"
		fi
	done < <(find "$2/" -name 'kustomization.y*ml' | sort)
	[ $same = 0 ] || echo "ok kustomize: $1: $same builds agree in" \
		"$((compared - before)) records, kustomize itself refuses $refused"
}

for t in $TREES; do
	for r in "$t"/*/; do repository "$(basename "$r")" "${r%/}"; done
done
check 'kustomize: records were compared' test $compared != 0
done_testing
