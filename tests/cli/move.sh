#!/bin/bash
# docs/external-dns.md, walked: from ExternalDNS to git and back with no record
# changed.  What is published in the beginning is ExternalDNS' recorded answer
# to the manifests (tests/parity).
# shellcheck source=tests/lib.sh disable=SC1091,SC2154
. "$(dirname "$0")/../lib.sh" || exit 1
cases=(ingress/004-target-two-v4 ingress/120-hostname-source-annotation-only
	ingress/223-host-punycode gateway/024-section-name service/004-lb-v4-v6
	dnsendpoint/004-cname)
zone=0123456789abcdef0123456789abcdef
lines() { # records of "list -o jsonl", one "name type content" a line
	jq -r 'select(.name) | .name as $n | .type as $t | .targets[] | "\($n) \($t) \(.)"' | sort
}
same() { diff -u "$1" "$2"; }

mkdir -p "${work:?}/repo/apps" "$work/repo/external-dns" && cd "$work/repo" || exit 1
git init -q .
cp "$root/tests/cli/move/deployment.yaml" external-dns/
# One cluster has one Ingress of a name: each case gets its own.
for c in "${cases[@]}"; do
	n=${c##*/} n=web-${n%%-*}
	sed "s/^  name: web$/  name: $n/" "$root/tests/parity/$c/input.yaml" \
		>"apps/${c//\//-}.yaml"
	sed "s,/default/web,/default/$n,g" "$root/tests/parity/$c/expected.jsonl"
done | lines >"$work/published"
check 'move: something is published' test "$(wc -l <"$work/published")" -gt 12

# 1. the configuration
run "$ZONELOOM" init --from-external-dns external-dns/deployment.yaml
check 'move: init' status_is 0
check 'move: init says what it left out' err_has '--interval: nothing runs in a loop'

# 2. compare
"$ZONELOOM" list -o jsonl 2>"$work/err" | lines >"$work/ours"
check 'move: zero record changes, TXT included' same "$work/published" "$work/ours"
check 'move: nothing is an error' sh -c "! grep -q 'error:' '$work/err'"

# 5. hand over: the provider's answer, as its API gives it
jq -R -s '{result: [split("\n")[] | select(. != "") | split(" ")
	| {name: .[0], type: .[1], content: (.[2:] | join(" "))}]
	| to_entries | map(.value + {id: "rec\(.key)"})}' \
	<"$work/published" >"$work/dump.json"
run "$ZONELOOM" generate
check 'move: generate' status_is 0
jq -r '.resource.cloudflare_dns_record[] | "\(.name) \(.type) \(.content)"' \
	dns/example.com/records.gen.tf.json | sort >"$work/generated"
check 'move: the Terraform file holds what is published' \
	same "$work/published" "$work/generated"
run "$ZONELOOM" adopt --zone-id $zone --imports import.tf.json "$work/dump.json"
check 'move: adopt' status_is 0
mv import.tf.json "$work/import.tf.json"
check 'move: every record is imported, once' test \
	"$(jq '[.import[].id] | unique | length' "$work/import.tf.json")" = \
	"$(wc -l <"$work/published")"
check 'move: by its own id' test \
	"$(jq -r '.import[0].id' "$work/import.tf.json" | cut -d/ -f1)" = $zone
check 'move: nothing is left over' out_has "$(wc -l <"$work/published") adoptable"
check 'move: and nothing else is there' test "$(wc -l <<<"$out")" = 1
jq '.result += [{id: "x", name: "mail.example.com", type: "A", content: "192.0.2.9"}]
	| .result |= map(select(.name != "h.example.com"))' \
	"$work/dump.json" >"$work/other.json"
run "$ZONELOOM" adopt "$work/other.json"
check 'move: a record of another hand is named' out_has '  mail.example.com A 192.0.2.9'
check 'move: a record that is gone is named' out_has '  h.example.com '
run "$ZONELOOM" check
check 'move: what was written is current' status_is 0

# A change made here, ...
sed -i 's/192\.0\.2\.[0-9]*/198.51.100.7/g' apps/ingress-223-host-punycode.yaml
run "$ZONELOOM" check
check 'move: a change is seen' status_is 1
run "$ZONELOOM" generate
check 'move: and written' status_is 0
jq -r '.resource.cloudflare_dns_record[] | "\(.name) \(.type) \(.content)"' \
	dns/example.com/records.gen.tf.json | sort >"$work/generated"
check 'move: it is a change' sh -c "! cmp -s '$work/generated' '$work/published'"
# ... and back: what ExternalDNS would publish with its arguments.
mapfile -t args < <(sed -n 's/^ *- \(--.*\)/\1/p' external-dns/deployment.yaml |
	grep -v -- '--interval\|--policy')
for f in apps/*.yaml; do
	echo ---
	cat "$f"
done >"$work/cluster.yaml"
"$ZONELOOM" list -o jsonl --compat=external-dns --assume-accepted --stdin \
	"${args[@]}" <"$work/cluster.yaml" 2>"$work/err" | lines >"$work/wanted"
check 'move: ExternalDNS has nothing to do on its return' \
	same "$work/generated" "$work/wanted"
done_testing
