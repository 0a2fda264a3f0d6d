# Sourced after lib.sh: our kustomize against the real one, by the records that
# come of it.  The real output goes through --stdin, ours is a root; names,
# types, targets and objects must be the same.
# shellcheck shell=bash
compared=0

# Values for all variables that the trees lack, so that their names
# take part.
vars=$work/vars.yaml
# shellcheck disable=SC2054 # the commas are ours
flags=(--default-targets=203.0.113.10 --helm-values=off "--vars-file=$vars"
	--source=ingress,service,crd,gateway-httproute,gateway-tlsroute)

records() { # ARGS: one line a record
	"$(realpath "$ZONELOOM")" list "${flags[@]}" -o jsonl "$@" 2>"$work/stderr" |
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
		echo "not ok kustomize: $1 $2: $(tail -n 1 "$work/stderr")"
		fails=$((fails + 1))
		return
	}
	diff "$work/want" "$work/got" >"$work/diff"
	if [ -s "$work/diff" ]; then
		echo "not ok kustomize: $1 $2"
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
	compared=$((compared + lines))
	[ $fails != "$before" ] || [ $nth = 0 ] ||
		echo "ok kustomize: $1: $same builds agree in $lines" \
			"records, kustomize itself refuses $refused"
}

