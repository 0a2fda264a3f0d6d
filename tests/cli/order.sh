#!/bin/bash
# The order of the documents changes no record, and an object that has nothing
# to do with the others changes none of theirs: over the inputs of tests/parity.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh" || exit 1

records() { # FILE FLAG...: what is derived, without places
	local file=$1
	shift
	"$ZONELOOM" list -o jsonl --stdin "$@" <"$file" 2>/dev/null |
		jq -c 'del(.from)'
}
turn() { # the documents, last first
	awk 'BEGIN { RS = "\n---\n" } { sub(/\n+$/, ""); d[NR] = $0 }
		END { for (i = NR; i > 0; i--) print d[i] (i > 1 ? "\n---" : "") }'
}
other() {
	cat <<-'END'
	---
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: unrelated
	  namespace: unrelated
	  annotations: {external-dns.kubernetes.io/target: 192.0.2.47}
	spec: {rules: [{host: unrelated.example.net}]}
	END
}

turned=0 added=0 seen=0
for case in "$root"/tests/parity/{dnsendpoint,gateway,ingress,istio,service}/*/; do
	[ -f "$case/error" ] && continue
	# Of an object that is applied twice the later counts.
	case $case in *-same-object-twice*/) continue ;; esac
	grep -q '^---$' "$case/input.yaml" || continue
	flags=()
	[ -f "$case/flags" ] && mapfile -t flags <"$case/flags"
	seen=$((seen + 1))
	compat=(--compat=external-dns "${flags[@]}")
	want=$(records "$case/input.yaml" "${compat[@]}")
	turn <"$case/input.yaml" >"$work/turned"
	[ "$want" = "$(records "$work/turned" "${compat[@]}")" ] ||
		{ turned=$((turned + 1)) && echo "  order counts: $case"; }
	{ cat "$case/input.yaml" && other; } >"$work/more"
	[ "$want" = "$(records "$work/more" "${compat[@]}" | grep -v unrelated)" ] ||
		{ added=$((added + 1)) && echo "  a stranger counts: $case"; }
done
check "there are cases" [ "$seen" -gt 50 ]
check "the order of documents changes nothing" [ $turned = 0 ]
check "an unrelated object changes nothing" [ $added = 0 ]
done_testing
