#!/bin/bash
# Real repositories, as `zoneloom list` reads them without any configuration.
#
#   make reality TREES='DIR...'    folders of repositories
#
# A line a repository: names from plain objects, names that substitution made,
# names out of Helm values, names that lack a variable, errors; then what was
# passed over, and why.  It fails where the program crashes, where a record
# holds text that is still to be filled in, or where nothing is found at all.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
program=$(readlink -f "$ZONELOOM")
total=0
read -ra trees <<<"$TREES"

bad() {
	echo "not ok reality: $1"
	fails=$((fails + 1))
}

count() { # JQ-CONDITION: names whose first origin meets it
	jq -r "select(.name and .type != \"TXT\") | [(.from[0].chain // [])[].step] as \$s |
	       select($1) | .name" "$work/out" | sort -u | wc -l
}

judge() { # REPOSITORY STATUS
	case $2 in
	0 | 3) ;;
	*) bad "$1: exit $2: $(tail -n 1 "$work/err")" ;;
	esac
	if grep -q 'Sanitizer' "$work/err"; then bad "$1: $(grep Sanitizer "$work/err")"; fi
	# shellcheck disable=SC2016 # jq's, not the shell's
	if jq -r 'select(.name) | .name, (select(.type != "TXT") | .targets[])' "$work/out" |
		grep -E '\$\{|\{\{|ENC\[|[<>%]|REPLACE|PLACEHOLDER' >"$work/open"; then
		bad "$1: open text in a record: $(head -n 1 "$work/open")"
	fi
}

reasons() { # what was passed over, counted by its reason
	grep -E ': note: .*\[(manifest-skipped|flux|kustomize|unresolved)\]$' \
		"$work/err" |
		sed -E 's/^.*: note: //; s/^[A-Z][A-Za-z]+ [^ ]*\/[^ ]*: //
			s/"[^"]*"/"..."/g; s/(variable|Secret|ConfigMap) [^ ]+/\1/g' |
		sort | uniq -c | sort -rn | head -n 8 | sed 's/^/       /'
}

repository() { # DIR
	local name
	name=$(basename "$1")
	timeout 120 "$program" -v list -o jsonl --dir "$1" \
		--default-targets=203.0.113.10 --helm-values=extract \
		>"$work/out" 2>"$work/err"
	judge "$name" $?
	set -- "$(count '($s | index("helm-values") | not) and
			 ($s | index("substitution") | not)')" \
		"$(count '($s | index("helm-values") | not) and
			  ($s | index("substitution"))')" \
		"$(count '$s | index("helm-values")')" \
		"$(grep -oE '"[^"]*": no value for' "$work/err" | sort -u | wc -l)" \
		"$(grep -c ': error: ' "$work/err")"
	total=$((total + $1 + $2 + $3))
	printf '%-50s %6d %6d %6d %6d %6d\n' "$name" "$@"
	reasons
}

printf '%-50s %6s %6s %6s %6s %6s\n' repository plain subst values lack errors
seen=0
for tree in "${trees[@]}"; do
	for r in "$tree"/*/; do
		case $r in */_*) continue ;; esac
		[ -d "$r" ] || continue
		seen=$((seen + 1))
		repository "${r%/}"
	done
done
[ $total != 0 ] || bad 'no name at all was found'
check "reality: $total names in $seen repositories" [ $fails = 0 ]
done_testing
