#!/bin/bash
# gate and the outputs that stand in a repository: edited, drifted, kept.
. "$(dirname "$0")/../lib.sh"
new() { # NAME [CONFIGURATION LINES]
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1/apps" && cd "$work/$1" || exit 1
	git init -q -b main
	cat >.zoneloom.yaml <<E
format: 1
source: [ingress]
targets: {default: [198.51.100.7]}
${2:-}
zones:
  example.org:
    outputs:
      - {format: bind, file: dns/example.org.zone, soa: {mname: ns1.example.net, rname: h@example.org}, ns: [ns1.example.net, ns2.example.net]}
      - {format: terraform, zone-id: "\${var.z}", file: dns/r.tf.json}
E
	for i in 1 2 3; do ingress "$i" "n$i.example.org"; done
	run "$ZONELOOM" generate -q
	commit base
	git checkout -qb change
}
ingress() { # FILE HOST [TARGET]
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: "i$1", annotations: {${3:+external-dns.kubernetes.io/target: $3}}}
spec: {rules: [{host: $2}]}
E
}
commit() { git add -A && git commit -qm "$1"; }
json_of() {
	"$ZONELOOM" gate --report json main...change 2>/dev/null |
		jq -e "$1" >/dev/null
}
gate() { run "$ZONELOOM" gate main...change; }

# --- edited by hand ---
new edited
sed -i 's/198.51.100.7/192.0.2.66/' dns/example.org.zone dns/r.tf.json
commit 'redirect in the outputs'
gate
check 'an edited output is refused' status_is 3
check 'the zone file is named' \
	err_has 'dns/example.org.zone:1:1: error: output "dns/example.org.zone": edited by hand'
check 'so is the other one' err_has 'dns/r.tf.json:1:1: error'
check 'with its code' err_has '[edited-output]'
cp .zoneloom.yaml dns/
commit 'with a configuration that is nearer'
gate
check 'a nearer configuration hides no edit' err_has 'dns/r.tf.json:1:1: error'
git rm -qf dns/.zoneloom.yaml
git checkout -q main -- dns
commit 'put back'
gate
check 'put back: fine' status_is 0
git rm -q dns/r.tf.json
commit 'an output goes'
gate
check 'a removed output is refused' status_is 3
check 'and named' err_has 'output "dns/r.tf.json": removed by hand'
git checkout -q main -- dns
sed 's/n1\.example/evil.example/' dns/r.tf.json >dns/more.tf.json
commit 'one more beside it'
gate
check 'one more of ours beside it is refused' status_is 3
git rm -qf dns/more.tf.json
ingress 4 n4.example.org
commit 'a manifest without its outputs'
gate
check 'outputs left alone are fine' status_is 0
check 'the record is shown' out_has '+ A     n4.example.org'
"$ZONELOOM" generate -q 2>/dev/null
commit 'and with them'
gate
check 'generated outputs are fine' status_is 0
git checkout -q main
ingress 5 n5.example.org
"$ZONELOOM" generate -q 2>/dev/null
commit 'main moves on, its serial too'
git checkout -q change
run "$ZONELOOM" gate main...change
check 'outputs that both sides wrote are a conflict' status_is 5
git checkout -q -B other main~1
ingress 6 n6.example.org
commit 'manifests only, main moved on'
run "$ZONELOOM" gate main...other
check 'main moved on, outputs untouched: fine' status_is 0
check 'the one record' out_has '+ A     n6.example.org'
check 'and none of main' out_lacks n5.example.org

# Nothing can be derived: whatever was touched was touched by hand.
new broken
ingress 9 '"bad..name"'
commit 'a fault on main'
git checkout -q main
git merge -q --ff-only change
git checkout -q change
sed -i 's/198.51.100.7/192.0.2.66/' dns/r.tf.json
commit 'hidden behind the fault'
gate
check 'a fault of the base hides no edit' status_is 3
check 'and it is named' err_has 'output "dns/r.tf.json": edited by hand'

# --- drift ---
new drift
git checkout -q main
git rm -q apps/3.yaml
commit 'a manifest goes, its outputs stay'
git checkout -q -B change
ingress 4 n4.example.org
commit 'another change'
gate
check 'drift is listed apart' out_has 'published by the next run'
check 'with its record' out_has '- A     n3.example.org'
check 'drift fails nothing by itself' status_is 0
ingress 5 '"bad..name"'
commit 'a fault of its own'
gate
check 'drift is listed beside a new error' out_has 'published by the next run'
git rm -qf apps/5.yaml
commit 'and without it'
run "$ZONELOOM" gate --report json main...change
check 'in JSON apart' \
	json_says '(.drift[0].deleted == 1) and (.zones[0].deleted == 0)'
git checkout -q main
git rm -q apps/1.yaml apps/2.yaml
commit 'all of them go'
git checkout -q -B change
git commit -q --allow-empty -m nothing
gate
check 'records that only outputs hold count for the brake' status_is 6
check 'the number' err_has '--allow-deletes=3'
run "$ZONELOOM" gate --allow-deletes=3 main...change
check 'and are released with it' status_is 0

# No outputs on main at all: the way on main.
new none
git checkout -q main
git rm -rq dns
commit 'outputs are made elsewhere'
git checkout -q -B change
ingress 4 n4.example.org
commit change
gate
check 'without outputs nothing drifts' out_lacks 'next run'
check 'without outputs: fine' status_is 0

# --- kept records come from BASE ---
new kept 'policy: upsert-only'
git rm -q apps/3.yaml
commit 'its record stays'
gate
check 'upsert-only: a record without a manifest stays' out_lacks n3.example
check 'upsert-only: fine' status_is 0
sed -i '/n3\.example/d' dns/example.org.zone
sed -i 's/"n2.example.org/"evil.example.org/' dns/r.tf.json
git rm -q apps/2.yaml
commit 'what is kept is edited'
gate
check 'an edited output keeps nothing' status_is 3
check 'and adds nothing' out_lacks evil.example
new derived 'policy: upsert-only'
git checkout -q main
git rm -rq dns
commit 'no outputs on main'
git checkout -q -B change
git rm -q apps/3.yaml
commit 'its record stays'
gate
check 'without outputs, what BASE derives is kept' out_lacks n3.example
new faulty 'on-error: keep'
ingress 2 n2.example.org 10.0.0.1
commit 'a private target'
gate
check 'on-error: keep - the fault is told' status_is 3
check 'on-error: keep - no record goes' out_lacks 'n2.example'

new held 'on-error: keep'
git checkout -q main
printf 'kind: Ingress\nbroken: [\n' >apps/9.yaml
commit 'a fault that may concern anything'
git checkout -q -B change
ingress 4 n4.example.org
commit 'a manifest'
gate
check 'on-error: keep - what main has is no fault of this' status_is 0
check 'on-error: keep - nothing changes yet, and why' \
	out_has 'zone example.org: an error keeps all records as they were'
git rm -q apps/9.yaml
commit 'mended'
gate
check 'on-error: keep - what was held is shown then' out_has '+ A     n4.example'

# --- what a record says beside its name and targets ---
new said
sed -i 's/^  example.org:/&\n    default-ttl: 600/' .zoneloom.yaml
commit 'another default TTL'
gate
check 'a changed default-ttl is a change of each record' \
	out_has '198.51.100.7 (TTL 300 -> 600)  apps/1.yaml'
check 'it counts for the brake' \
	json_of '.zones[0].updated == 3 and .zones[0].changes[0].ttl_after == 600'
new servers
sed -i 's/ns2.example.net/ns9.example.com/' .zoneloom.yaml
commit 'other name servers'
gate
check 'other name servers are a change' \
	out_has 'ns1.example.net,ns2.example.net -> ns1.example.net,ns9.example.com'
check 'with its place' out_has .zoneloom.yaml:8
run "$ZONELOOM" check
check 'check shows it too' out_has 'NS    example.org'
sed -i '1a safety: {from-records: 1, max-changes: 100%}' .zoneloom.yaml
sed -i 's/198.51.100.7/198.51.100.8/' .zoneloom.yaml
commit 'and all records'
run "$ZONELOOM" gate --allow-policy-change main...change
check 'every record and the servers: no more than all' status_is 0
sed -i '/^safety/d' .zoneloom.yaml
git rm -q apps/*.yaml
commit 'all of them go, and the servers change'
gate
check 'the servers do not hide that nothing is left' \
	err_has 'all 3 records would be deleted'
git checkout -q main -- .zoneloom.yaml
commit 'only the name servers are left'
gate
check 'a zone of name servers alone is empty' status_is 6
check 'they are not counted' err_has '--allow-deletes=3'
run "$ZONELOOM" generate -q
check 'nor in generate' err_has '--allow-deletes=3'
# --- how a zone is published, beside its records ---
new zone-id
sed -i 's/var.z}/var.other}/' .zoneloom.yaml
commit "into another zone of the provider"
gate
check 'another zone-id changes each record' \
	json_of '.zones[0].updated == 3'
check 'it is said from where to where' \
	out_has '198.51.100.7 (by bind and terraform ${var.z} -> bind and terraform ${var.other})'
check 'and of the output' \
	out_has 'output dns/r.tf.json changes: zone-id ${var.z} -> ${var.other} (.zoneloom.yaml:9'
sed -i '1a safety: {from-records: 1}' .zoneloom.yaml
commit 'with a brake'
run "$ZONELOOM" gate --allow-policy-change main...change
check 'it counts for the brake' err_has '--allow-changes=3'
run "$ZONELOOM" diff main...change
check 'diff shows it, too' out_has 'zone-id ${var.z} -> ${var.other}'
new soa
sed -i 's/rname: h@example.org/&, minimum: 5/' .zoneloom.yaml
commit 'negative answers for five seconds'
gate
check 'the SOA alone is shown' \
	out_has 'output dns/example.org.zone changes: soa.minimum 300 -> 5 (.zoneloom.yaml:8'
new one-output
sed -i '/format: bind/d' .zoneloom.yaml
git rm -q dns/example.org.zone
commit 'name servers get nothing any more'
gate
check 'an output that goes is shown' \
	out_has 'output dns/example.org.zone is no longer written'
sed -i 's/^    outputs:/    outputs: []/; /format: terraform/d' .zoneloom.yaml
commit 'nobody does'
gate
check 'a zone without outputs is deleted' status_is 6
check 'and counted' err_has '--allow-deletes=3'

# What is to stay must not go because it cannot be read.
for keep in 'policy: upsert-only' 'unresolved: keep'; do
	new broken-output "$keep"
	ingress 9 '"${NONE}.example.org"'
	git checkout -q main
	sed -i 's/"type": "A"/"type": 7/' dns/r.tf.json
	commit 'a broken output on main'
	git checkout -q -B change
	git rm -q apps/3.yaml
	run "$ZONELOOM" generate
	check "$keep, a broken output: nothing is written" status_is 3
	check "$keep, a broken output: it is named" \
		err_has 'dns/r.tf.json: error: records of this output are to stay'
done
new dnsendpoint 'policy: upsert-only'
sed -i '/format: terraform/d; s/{format: bind.*/{format: dnsendpoint, file: dns\/e.yaml}/' \
	.zoneloom.yaml
git rm -qr dns
run "$ZONELOOM" generate -q
commit 'for ExternalDNS to read'
git rm -q apps/3.yaml
run "$ZONELOOM" generate
check 'upsert-only: a zone of DNSEndpoints keeps its records' \
	grep -q n3.example.org dns/e.yaml
check 'upsert-only: and says so' err_has 'policy upsert-only keeps 1 record'
new ttl
git checkout -q main
sed -i 's,{},{external-dns.kubernetes.io/ttl: "60"},' apps/1.yaml
commit 'a TTL'
git checkout -q -B change
sed -i 's,external-dns.kubernetes.io/ttl: "60",,' apps/1.yaml
commit 'its TTL goes'
gate
check 'a TTL that goes is a change' out_has '(TTL 60 -> auto)'
new proxied
echo 'cloudflare-proxied: true' >>.zoneloom.yaml
commit 'through the proxy'
gate
check "a publisher's property is a change" \
	out_has 'n1.example.org  198.51.100.7 (properties)'

# Of what is kept, the output that knows more says it: TTL and properties.
new unchanged 'policy: create-only'
git rm -q apps/3.yaml
run "$ZONELOOM" generate -q
check 'kept as it stands: the second output does not change' \
	git diff --exit-code --stat dns/r.tf.json
done_testing
