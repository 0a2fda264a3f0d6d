#!/bin/bash
# adopt: what exists beside what git says.  tests/cli/adopt-api.py answers as
# Cloudflare's API and as the states of provider 4 and 5 do.
# shellcheck source=tests/lib.sh disable=SC1091,SC2154
# shellcheck disable=SC2016 # what is in quotes is jq's, Markdown or Terraform's
. "$(dirname "$0")/../lib.sh" || exit 1
api=$root/tests/cli/adopt-api.py
id=0123456789abcdef0123456789abcdef
n=1008 # of each of 16 types 63, and one of a type that is not ours
counts() { # KIND=N...: all others are 0
	local want=$*
	[ "$(jq -r '.summary | to_entries | map(select(.value > 0)
		| "\(.key)=\(.value)") | join(" ")' "$work/json")" = "$want" ] || {
		jq -c .summary "$work/json"
		return 1
	}
}
adopt() { "$ZONELOOM" adopt -o json "$@" >"$work/json" 2>"$work/err"; status=$?; }
is() { [ "$status" = "$1" ] || { cat "$work/err"; return 1; }; }
why() { # NAME TYPE
	jq -r --arg n "$1" --arg t "$2" '.records[] | select(.name == $n and
		.type == $t) | "\(.kind): \(.why)"' "$work/json"
}
says() { [ "$(why "$1" "$2")" = "$3" ] || { why "$1" "$2"; return 1; }; }
config() { # PROVIDER [ZONE-ID]
	cat >.zoneloom.yaml <<-END
	format: 1
	registry: noop
	zones:
	  example.com:
	    addresses: any
	    static: kept.zone
	    outputs:
	      - format: terraform
	        provider: cloudflare@$1
	        zone-id: ${2:-$id}
	        file: dns/records.gen.tf.json
	END
}

# --- a large zone, in pages ---
mkdir -p "$work/big" && cd "$work/big" || exit 1
git init -q .
python3 "$api" make . $n
python3 "$api" pages . 100
for v in 5 4; do
	config $v
	adopt page-*.json --imports import.tf.json
	check "adopt: $v: all pages" is 0
	check "adopt: $v: every record is taken over" counts adoptable=$n foreign=1
	check "adopt: $v: each by its id, once" test "$(jq '[.import[].id] | unique
		| map(select(test("^[0-9a-f]{32}/[0-9a-f]{32}$"))) | length' import.tf.json)" = $n
	run "$ZONELOOM" generate
	check "adopt: $v: to the addresses of the output" test "$(jq -r '.import[].to' \
		import.tf.json | sort | sha256sum)" = "$(jq -r '.resource | to_entries[]
		| .key as $t | .value | keys[] | "\($t).\(.)"' dns/records.gen.tf.json |
		sort | sha256sum)"
	jq -r '.import[] | "\(.id | split("/")[1]) \(.to)"' import.tf.json >places
	python3 "$api" state . $v <places >managed.json
	python3 "$api" state . $v </dev/null >other.json
	adopt --expect-clean managed.json all.json
	check "adopt: $v: after the apply all is managed" counts managed=$n foreign=1
	check "adopt: $v: and clean" is 0
	adopt managed.json
	check "adopt: $v: the state alone says so" counts managed=$n foreign=1
	adopt --expect-clean other.json
	check "adopt: $v: other addresses are taken over" counts adoptable=$n foreign=1
	check "adopt: $v: which is not clean" is 1
	"$ZONELOOM" adopt -o imports other.json >moved.json 2>/dev/null
	check "adopt: $v: the old ones are let go where a block can" test "$(jq -r '
		[.removed[] | select(.lifecycle.destroy == false) | .from
		| select(contains("[") | not)] | length' moved.json)" = $((n * 2 / 3))
	check "adopt: $v: and by name where none can" test "$("$ZONELOOM" adopt other.json 2>&1 |
		grep -c "^next: terraform state rm '.*old\[\"[0-9]*\"\]'")" = $((n / 3))
done
check 'adopt: a part is refused' sh -c "! '$ZONELOOM' adopt page-1.json page-3.json 2>err"
check 'adopt: and how much of it is there' grep -qF \
	'page=1, page=2, ... [adopt]' err
jq '.result |= .[1:]' all.json >short.json
adopt short.json
check 'adopt: one record less is a part' is 3
cat page-*.json >one-after-another.json
adopt one-after-another.json
check 'adopt: pages one after another' counts adoptable=$n foreign=1
jq -s . page-*.json >array.json
adopt - <array.json
check 'adopt: pages in an array, piped' counts adoptable=$n foreign=1
jq .result all.json >bare.json
adopt bare.json
check 'adopt: records alone' counts adoptable=$n foreign=1
check 'adopt: of which nobody knows whether they are all' grep -q 'no result_info' "$work/err"
jq '.result_info.total_count += 1' page-2.json >changed.json
adopt page-1.json changed.json page-3.json
check 'adopt: a zone that changed meanwhile' grep -q 'the zone changed meanwhile' "$work/err"

# --- what a zone file and a transfer say ---
{
	echo '; <<>> DiG 9.18.28 <<>> axfr example.com @ns1.example.net'
	echo 'example.com. 3600 IN SOA ns1.example.net. host.example.com. 7 2 3 4 5'
	cat kept.zone
	echo 'example.com. 3600 IN SOA ns1.example.net. host.example.com. 7 2 3 4 5'
	echo ';; Query time: 3 msec'
} >axfr
adopt axfr
check 'adopt: a transfer' counts adoptable=$n
check 'adopt: has no ids' test "$(jq '[.records[] | select(.import_id != "")] | length' "$work/json")" = 0
sed '$d' axfr | sed '$d' >broken
adopt broken
check 'adopt: one that broke off is refused' is 3
check 'adopt: and says so' grep -q 'a transfer ends with the SOA' "$work/err"
adopt kept.zone
check 'adopt: a zone file' counts adoptable=$n
adopt --from zone broken
check 'adopt: as a zone file it is one' counts adoptable=$n

# --- no input of another kind ---
refuses() { # NAME CONTENT MESSAGE
	printf '%s' "$2" >odd
	adopt odd
	check "adopt: $1" is 3
	check "adopt: $1: message" grep -q -- "$3" "$work/err"
}
refuses 'a refusal of the API' '{"success":false,"errors":[{"message":"Authentication error"}],"result":null}' \
	"Cloudflare's API refused: Authentication error"
refuses 'a raw state' '{"version":4,"terraform_version":"1.11.4","resources":[]}' 'terraform show -json'
refuses 'a plan' '{"format_version":"1.2","resource_changes":[]}' 'without a plan'
refuses 'half of a file' '{"result":[{"id":"a"' 'invalid JSON'
refuses 'an id that is an expression' '[{"id":"${var.x}","name":"a.example.com","type":"A","content":"192.0.2.1"}]' \
	'a record without id'
refuses 'another zone' '[{"id":"a","name":"a.example.net","type":"A","content":"192.0.2.1"}]' 'in no zone'
refuses 'a zone of another id' \
	'[{"id":"a","zone_id":"ffffffffffffffffffffffffffffffff","name":"a.example.com","type":"A","content":"192.0.2.1"}]' \
	'another zone-id in the configuration'
deep=$(printf '{"child_modules":[%.0s' {1..40}; printf '{}'; printf ']}%.0s' {1..40})
refuses 'modules in modules' '{"format_version":"1.0","values":{"root_module":'"$deep"'}}' 'nest too deeply'
adopt
check 'adopt: no file' is 2
adopt --from x all.json
check 'adopt: a kind that is none' is 2
adopt --imports import.txt all.json
check 'adopt: blocks need a name that Terraform reads' is 2
echo mine >mine.tf.json
adopt --imports mine.tf.json all.json
check 'adopt: a file of the user stays' grep -qx mine mine.tf.json
rm mine.tf.json
check 'adopt: an unknown format' sh -c "! '$ZONELOOM' adopt -o xml all.json 2>/dev/null"

# --- a zone that ExternalDNS owns ---
mkdir -p "$work/owned/apps" && cd "$work/owned" || exit 1
git init -q .
owned() { # ZONE ZONE-ID [LINE]
	cat >.zoneloom.yaml <<-END
	format: 1
	txt-owner-id: prod
	targets: {default: [203.0.113.10]}
	${3:-}
	zones:
	  $1:
	    outputs:
	      - {format: terraform, zone-id: "$2", file: dns/records.gen.tf.json}
	END
}
owned example.com $id
hosts() { # HOST...
	local h
	echo '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: apps}, spec: {rules: ['
	for h; do echo "{host: \"$h.example.com\"},"; done
	echo ']}}'
}
hosts www shop api tunnel other new >apps/web.yaml
txt() { # NAME OWNER RESOURCE
	printf '{"name":"%s.example.com","type":"TXT","content":"\\"heritage=external-dns,external-dns/owner=%s,external-dns/resource=%s\\""}' "$@"
}
a() { printf '{"name":"%s.example.com","type":"A","content":"%s"}' "$@"; }
web=ingress/apps/web
{
	a www 10.2.1.1; txt a-www prod $web     # the load balancer's address
	txt www prod $web                       # of an older ExternalDNS
	a shop 203.0.113.10; txt a-shop prod $web
	a api 198.51.100.7                      # by hand, and the only one
	printf '{"name":"tunnel.example.com","type":"CNAME","content":"t.example.net"}'
	a other 198.51.100.8; txt a-other stage $web
	a gone 198.51.100.9; txt a-gone prod ingress/apps/gone
	a mail 198.51.100.10
	printf '{"name":"example.com","type":"TXT","content":"google-site-verification=1"}'
} | jq -s . >bodies.json
python3 "$api" pages .
adopt --expect-clean all.json
check 'owned: not clean' is 1
check 'owned: each kind' counts conflict=3 orphan=2 drift=2 create=4 adoptable=3 foreign=6
check 'owned: the private address is changed in place' says www.example.com A 'drift: content'
check 'owned: an only record by hand, too' says api.example.com A 'drift: content'
check 'owned: a resource that is gone' says gone.example.com A 'orphan: ingress/apps/gone'
check 'owned: and its TXT' says a-gone.example.com TXT 'orphan: ingress/apps/gone'
check 'owned: an older ownership TXT' says www.example.com TXT \
	'foreign: ownership TXT of an older form, read by nobody'
check 'owned: of another ExternalDNS' grep -q '"owned by ExternalDNS \\"stage\\""' "$work/json"
check 'owned: a CNAME in the way' says tunnel.example.com A \
	'conflict: a CNAME and addresses exclude each other: delete the one that exists, then apply'
check 'owned: of somebody else' says mail.example.com A 'foreign: '
check 'owned: nothing of it is imported' test "$(jq -r '.records[]
	| select(.kind != "drift" and .kind != "adoptable" and .import_id != "") | .name' "$work/json")" = ''
adopt --owner stage all.json
check 'owned: another id that counts' says other.example.com A 'drift: content'
jq '.result[0].meta = {read_only: true}' all.json >locked.json
adopt locked.json
check 'owned: a record that may not be changed' says www.example.com A 'conflict: read-only at Cloudflare'
run "$ZONELOOM" adopt all.json
check 'owned: the table' out_has '  www.example.com A 10.2.1.1 -> 203.0.113.10 (content)'
run "$ZONELOOM" adopt -o markdown all.json
check 'owned: Markdown' out_has '| `www.example.com` | `A` | `10.2.1.1` | `203.0.113.10` | content |'
for v in '${var.zone_id}' "$id"; do
	owned example.com "$v"
	adopt all.json
	check "owned: the id of the zone is $v" grep -qF "\"import_id\": \"$v/" "$work/json"
done
jq '.result |= map(select(.name | test("(^|-)(www|shop)\\.") ))
	| .result_info.total_count = (.result | length)' all.json >mine.json
hosts www shop >apps/web.yaml
adopt mine.json
check 'owned: what ExternalDNS made is taken over with nothing created' \
	counts drift=1 adoptable=3 foreign=1

# --- a zone whose name is a variable ---
owned '${DOMAIN}' '${var.zone_id}' 'vars: {DOMAIN: {terraform: var.domain}}'
sed -i 's/example\.com/${DOMAIN}/g' apps/web.yaml
adopt mine.json
check 'open: the name of the zone is that of its records' counts drift=1 adoptable=3 foreign=1
adopt --domain example.org mine.json
check 'open: --domain says it' is 3
done_testing
