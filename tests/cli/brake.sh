#!/bin/bash
# One brake: whatever makes records go, and whichever command would do it.
. "$(dirname "$0")/../lib.sh"
outputs='outputs: [{format: terraform, zone-id: "${var.z}", file: dns/one.tf.json}]'

config() { # ZONES [MORE]
	printf 'format: 1\nsource: [ingress]\ntargets: {default: [198.51.100.7]}\n'
	printf 'wildcards: allow\nunmatched-hosts: skip\n%s\nzones:\n%s\n' "${2:-}" "$1"
}
ingress() { # FILE HOST...
	local file=$1
	shift
	{
		printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\n'
		printf 'metadata: {name: %s}\nspec:\n  rules:\n' "$file"
		printf '  - host: %s\n' "$@"
	} >"apps/$file.yaml"
}
hosts() { # ZONE COUNT
	seq -f "n%g.$1" "$2"
}
start() { # NAME ZONES: a repository with 20 records and its outputs
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1/apps" && cd "$work/$1" || exit 1
	git init -q -b main
	config "$2" >.zoneloom.yaml
	mapfile -t names < <(hosts example.org 20)
	ingress all "${names[@]}"
	"$ZONELOOM" generate -q 2>/dev/null || exit 1
	git add -A && git commit -qm base
	git checkout -qb change
}
# The change that stands in the work tree, seen by every command.
stops_everywhere() { # NAME NUMBER
	run "$ZONELOOM" check
	check "$1: check says stale" status_is 1
	run "$ZONELOOM" generate
	check "$1: generate stops" status_is 6
	check "$1: generate says the number" err_has "--allow-deletes=$2"
	git add -A
	run "$ZONELOOM" hook pre-commit
	check "$1: the hook stops" status_is 6
	check "$1: the hook says the number" err_has "--allow-deletes=$2"
	git commit -qm change
	run "$ZONELOOM" commit
	check "$1: commit stops" status_is 6
	check "$1: commit says the number" err_has "--allow-deletes=$2"
	run "$ZONELOOM" gate main...change
	check "$1: gate stops" status_is 6
	check "$1: gate says the number" err_has "--allow-deletes=$2"
	run "$ZONELOOM" gate --allow-deletes="$2" main...change
	check "$1: the number releases gate" status_is 0
	run "$ZONELOOM" generate --allow-deletes="$2"
	check "$1: the number releases generate" status_is 0
	git add -A
	run "$ZONELOOM" hook pre-commit
	check "$1: the hook passes what was released" status_is 0
}

start misspelt "  example.org: {$outputs}"
sed -i 's/example\.org:/exmaple.org:/' .zoneloom.yaml
stops_everywhere 'a misspelt zone' 20

start renamed "  example.org: {$outputs}"
sed -i 's,dns/one,dns/two,' .zoneloom.yaml
ingress all n1.example.org
stops_everywhere 'a renamed output' 19

start first "  example.org: {$outputs}"
sed -i 's,outputs: \[,outputs: [{format: bind\, mode: include\, file: dns/new.inc}\, ,' \
	.zoneloom.yaml
ingress all n1.example.org
stops_everywhere 'a new output put first' 19

start vanished "  example.org: {$outputs}
  example.net: {outputs: [{format: bind, mode: include, file: dns/net.inc}]}"
sed -i '/example\.org:/d' .zoneloom.yaml
stops_everywhere 'a zone that goes away' 20

# The Terraform file does not say its zone, the zone file does.
start both "  example.org: {outputs: [
    {format: terraform, zone-id: \"\${var.z}\", file: a/one.tf.json},
    {format: bind, mode: zone, file: dns/z.zone, ns: [ns1.example.edu],
     soa: {mname: ns1.example.edu, rname: root@example.edu}}]}
  example.net: {outputs: [{format: bind, mode: include, file: dns/net.inc}]}"
config '  example.net: {outputs: [{format: bind, mode: include, file: dns/net.inc}]}' \
	>.zoneloom.yaml
stops_everywhere 'a zone of two formats that goes away' 20

start dnsendpoint \
	'  example.org: {outputs: [{format: dnsendpoint, file: dns/e.yaml}]}'
ingress all n1.example.org
stops_everywhere 'only DNSEndpoints' 19

start moved "  example.org: {$outputs}"
sed -i 's,format: terraform.*,format: dnsendpoint\, file: other/e.yaml}]},' \
	.zoneloom.yaml
ingress all n1.example.org
stops_everywhere 'another format in another folder' 19

# Two zones, one of them small.
start two "  example.org: {$outputs}
  example.net: {outputs: [{format: bind, mode: include, file: dns/net.inc}]}"
mapfile -t names < <(hosts example.org 100)
ingress all "${names[@]}"
mapfile -t names < <(hosts example.net 12)
ingress net "${names[@]}"
"$ZONELOOM" generate -q 2>/dev/null
git add -A && git commit -qm 'two zones'
git branch -f main
ingress net n1.example.net
stops_everywhere '11 of 12 beside 100' 11

# A renamed output that says the same stops nothing.
start same "  example.org: {$outputs}"
sed -i 's,dns/one,dns/two,' .zoneloom.yaml
run "$ZONELOOM" generate
check 'renamed, same records: written' status_is 0
check 'renamed: the old file goes' [ ! -e dns/one.tf.json ]
check 'renamed: the new one stands' [ -s dns/two.tf.json ]

# Two records, too few for a share: the zone gets another name in its file,
# where it has a record too.
start in-place '  example.org: {outputs: [{format: bind, mode: include, file: dns/z.inc}]}'
ingress all n1.example.org n2.example.org n1.example.net
"$ZONELOOM" generate -q --allow-deletes=18 2>/dev/null
git add -A && git commit -qm 'two records' && git branch -f main
sed -i 's/example\.org:/example.net:/' .zoneloom.yaml
stops_everywhere 'a zone renamed in its file' 2
git checkout -q main .
sed -i 's/example\.org:/example.net:/; 1a policy: upsert-only' .zoneloom.yaml
run "$ZONELOOM" generate --stdout
check 'renamed in its file: names of the old zone are not kept' \
	out_lacks example.org.

# Deleting the outputs first does not hide what goes with them.
start hidden "  example.org: {$outputs}"
rm dns/one.tf.json
ingress all n1.example.org
run "$ZONELOOM" generate
check 'deleted outputs: generate stops' status_is 6

# The number is the sum, and nothing else releases.
start sum "  example.org: {$outputs}"
ingress all n1.example.org
run "$ZONELOOM" generate --allow-deletes=18
check 'another number does not release' status_is 6
run "$ZONELOOM" generate --allow-changes=19
check 'another limit does not release' status_is 6
run "$ZONELOOM" check --allow-deletes=19
check 'check has no brake' status_is 2
done_testing
