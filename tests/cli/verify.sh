#!/bin/bash
# verify against the real named, 10,000 records of it, and against servers that
# are down, slow, lossy, dying, truncating, lying, spoofed, one serial behind,
# lame, refuse, or send what is no message; over IPv6 alone; found by a resolver.  Loopback only.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/named.sh
. "$root/tests/named.sh"
py=$root/tests/cli/verify-server.py
# named takes the addresses of its interfaces only, so a second one has a port
# of its own; the others are told apart by address.
port=$(named_port 127.0.0.1 127.0.10.2 127.0.10.10 127.0.10.29 127.0.10.30 ::1)
port2=$(named_port 127.0.0.1)
zone=example.com

mkdir -p "$work/site/apps" "$work/site/dns" "$work/big/dns" && cd "$work" ||
	exit 1
cat >site/.zoneloom.yaml <<'CONFIG'
format: 1
txt-owner-id: ours
targets: {default: [203.0.113.10]}
zones:
  example.com:
    static: dns/static.records
    outputs:
      - format: bind
        file: dns/example.com.zone
        soa: {mname: ns1.example.net, rname: hostmaster@example.com}
        ns: [ns1.example.net, ns2.example.net]
CONFIG
cat >site/dns/static.records <<'ZONE'
@ 3600 MX 10 mail
@ 3600 TXT "v=spf1 mx -all"
@ 3600 CAA 0 issue "ca.example"
@ 3600 HTTPS 1 . alpn=h2,h3
mail 60 A 192.0.2.25
mail 60 AAAA 2001:db8::25
long 60 TXT "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll" "b"
_sip._tcp 60 SRV 1 2 5060 mail
odd\.label\;x 60 TXT "; \"x\" \255"
*.apps 60 A 192.0.2.7
Mixed 60 CNAME Target.Example.NET.
sub 60 NS ns.sub
ns.sub 60 A 192.0.2.53
sub 60 DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
x25 60 X25 "311061700956"
own 60 TYPE65280 \# 2 0102
dead 60 MX 10 mx.gone.example.
dead 60 HTTPS 1 svc.gone.example.
_gone._tcp 60 SRV 1 2 3 srv.gone.example.
tree 60 DNAME dname.gone.example.
ZONE
cat >site/apps/web.yaml <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules: [{host: www.example.com}, {host: api.example.com}]
YAML
"$ZONELOOM" generate -q --dir site || exit 1

# serve FOLDER ADDRESS PORT [OPTION-OF-THE-ZONE]: a named on a copy of the output.
serve() {
	local d=$work/$1
	mkdir -p "$d"
	[ -e "$d/db" ] || cp "$work/site/dns/$zone.zone" "$d/db"
	echo "zone \"$zone\" { type primary; file \"$d/db\"; ${4:-} };" \
		>"$d/zones.conf"
	named_start "$d" "$2" "$3" $zone
}
# lies MODE ADDRESS [WORD...]: one of the servers of verify-server.py.
lies() {
	local mode=$1 address=$2
	shift 2
	# What the one before it said is not the word of this one.
	: >"$work/lies.out"
	python3 "$py" "$mode" "$address" "$port" "$@" >"$work/lies.out" \
		2>"$work/lies-$mode.err" &
	named_pids+=($!)
	for _ in $(seq 100); do
		grep -q ready "$work/lies.out" && return 0
		sleep 0.05
	done
	cat "$work/lies-$mode.err"
	return 1
}
stop_last() {
	kill "${named_pids[-1]}" 2>/dev/null
	wait "${named_pids[-1]}" 2>/dev/null
	unset 'named_pids[-1]'
}
verify() { run "$ZONELOOM" verify --dir site --port "$port" "$@"; }

check verify/named serve good 127.0.0.1 "$port"
verify --server 127.0.0.1
check verify/as-expected status_is 0
check verify/says-whom-it-asks err_has "$zone: asking 127.0.0.1:$port"
check verify/counts out_has "$zone: 24 records on 1 server: as expected"
verify --server "127.0.0.1:$port" -o json
check verify/json json_says '.findings | map(select(.severity != "note") | .code) | map(select(startswith("verify"))) == []'
verify --server 127.0.0.1 -v -q
check verify/quiet test -z "$err"

# Of `-o json` and `--report json`: a finding of that code as data.
verify_has() { # CODE CONDITION
	jq -e --arg code "$1" --arg at "127.0.0.1:$port2" ".verify[0].findings |
		map(select(.code == \$code) | select($2)) | length == 1" \
		"${3:-$work/.out}" >/dev/null || {
		jq -c '.verify[0]' "${3:-$work/.out}"
		false
	}
}

# What differs, each thing with its code and the place that asked for it.
mkdir -p "$work/bad" && sed -e '/^www.*IN A /d' \
	-e 's/^\(api.* \)300\( IN A .*\)203.0.113.10/\1300\2192.0.2.66/' \
	-e 's/^\(mail.* \)60\( IN A \)/\130\2/' \
	-e '/^_sip/s/5060/5061/' "$work/site/dns/$zone.zone" >"$work/bad/db"
cat >>"$work/bad/db" <<'ZONE'
old.example.com. 60 IN A 192.0.2.99
esc\027\;.example.com. 60 IN TXT "a\027]0;x\007" "\226\128\174"
ZONE
check verify/named-that-differs serve bad 127.0.0.1 "$port2"
verify --server "127.0.0.1:$port2"
check verify/differs status_is 1
check verify/missing out_has \
	"apps/web.yaml:5:18: error: record \"www.example.com\": A: NXDOMAIN on" ||
	echo "$out"
check verify/missing-code out_has '[verify-missing]'
check verify/different out_has \
	'"api.example.com": A: 192.0.2.66 on' && out_has '[verify-different]'
check verify/expected out_has 'expected 203.0.113.10 [verify-different]'
check verify/srv out_has '1 2 5061 mail.example.com. on'
check verify/ttl out_has \
	'"mail.example.com": A: TTL 30 on' && out_has 'expected 60 [verify-ttl]'
check verify/extra out_has '"old.example.com": A 192.0.2.99 on'
check verify/extra-code out_has '[verify-extra]'
check verify/no-terminal-sequence bash -c "! grep -q $'\033' '$work/.out'"
verify --server 127.0.0.1 --server "127.0.0.1:$port2"
check verify/only-who-differs out_has "A: NXDOMAIN on 127.0.0.1:$port2, expected"
verify --server 127.0.0.1 --server "127.0.0.1:$port2" -o json
check verify/json-zone json_says '.verify | length == 1 and .[0].zone == "example.com" and .[0].records == 24'
check verify/json-servers json_says ".verify[0].servers | map(.server) == [\"127.0.0.1:$port\", \"127.0.0.1:$port2\"] and
	all(.state == \"good\" and .transfer and .serial > 0)"
check verify/json-missing verify_has verify-missing '.name == "www.example.com" and
	.type == "A" and .servers == [$at] and .expected == ["203.0.113.10"] and
	.served == [] and .answer == "NXDOMAIN" and .ttl_expected == 300 and
	.ttl_served == null and .severity == "error" and
	.at == {path: "apps/web.yaml", line: 5, column: 18}'
check verify/json-different verify_has verify-different '.name == "api.example.com" and
	.servers == [$at] and .served == ["192.0.2.66"] and .answer == null'
check verify/json-ttl verify_has verify-ttl '.name == "mail.example.com" and
	.ttl_expected == 60 and .ttl_served == 30 and .served == ["192.0.2.25"]'
check verify/json-extra verify_has verify-extra '.name == "old.example.com" and
	.expected == [] and .served == ["192.0.2.99"] and .ttl_served == 60'
check verify/json-both json_says '(.verify[0].findings | map(.text)) - (.findings | map(.text)) == []'
verify --server "127.0.0.1:$port2" --report github --report json=r.json
check verify/github out_has '::error file=apps/web.yaml,line=5,col=18,title=verify-missing'
check verify/report-file jq -e '.findings | map(.code) | index("verify-extra")' \
	r.json >/dev/null
verify --server "127.0.0.1:$port2" --report markdown
check verify/markdown out_has '### Findings: '
check verify/markdown-no-change out_lacks 'No DNS change'
stop_last

# Servers that lie.
check verify/start-lying lies lying 127.0.10.2 127.0.0.1 "$port"
verify --server 127.0.0.1 --server 127.0.10.2
check verify/lying status_is 1
check verify/lying-says out_has \
	"\"www.example.com\": A: 203.0.113.245 on 127.0.10.2:$port, expected 203.0.113.10"
stop_last
check verify/start-behind lies behind 127.0.10.2 127.0.0.1 "$port"
verify --server 127.0.0.1 --server 127.0.10.2
check verify/behind status_is 1
check verify/behind-says out_has "the servers of $zone disagree: serial "
check verify/behind-code out_has '[verify-serial]'
stop_last
for mode in slow truncating no-edns lossy spoofed; do
	check verify/start-$mode lies $mode 127.0.10.2 127.0.0.1 "$port"
	verify --server 127.0.10.2
	check "verify/$mode is right all the same" status_is 0
	stop_last
done
# All of those that are no good at once, beside one that is.
bad=(refused lame silent garbage tcp-dead dying loop tc-on-tcp echo half
	other-id)
servers=(--server 127.0.0.1 --server 127.0.10.29)
for i in "${!bad[@]}"; do
	check "verify/start-${bad[i]}" lies "${bad[i]}" "127.0.10.$((i + 10))" \
		127.0.0.1 "$port"
	servers+=(--server "127.0.10.$((i + 10))")
done
verify "${servers[@]}" --report text --report json=bad.json
check verify/bad status_is 1
check verify/json-states jq -e '.verify[0].servers | map(.state) == ["good",
	"unreachable", "lame", "lame", "unreachable", "unreachable",
	"unreachable", "good", "unreachable", "unreachable", "unreachable",
	"unreachable", "unreachable"]' bad.json >/dev/null
check verify/json-lame verify_has verify-lame \
	'.servers == ["127.0.10.10:'"$port"'"] and .name == null and .ttl_expected == null' bad.json
says() { # NUMBER-OF-THE-SERVER TEXT
	out_has "server 127.0.10.$1:$port: $2"
}
check verify/refused says 10 "not authoritative for $zone: REFUSED [verify-lame]"
check verify/lame says 11 \
	"not authoritative for $zone: no SOA record of its own [verify-lame]"
check verify/silent says 12 'no answer over UDP and TCP [verify-unreachable]'
check verify/garbage says 13 \
	'its answer is not a DNS message [verify-unreachable]'
check verify/tcp-dead says 14 'no answer over UDP and TCP [verify-unreachable]'
check verify/dying says 15 '19 questions without an answer [verify-unreachable]'
check verify/loop says 16 \
	'its answer is not a DNS message [verify-unreachable]'
check verify/tc-on-tcp says 17 \
	'its answer is not a DNS message [verify-unreachable]'
check verify/echo says 18 \
	'its answer is not a DNS message [verify-unreachable]'
check verify/half says 19 'no answer over UDP and TCP [verify-unreachable]'
check verify/other-id says 20 \
	'its answer is not a DNS message [verify-unreachable]'
check verify/down says 29 'no answer over UDP and TCP [verify-unreachable]'
check verify/others-are-asked out_has '24 records on 2 servers: 12 findings'
for _ in "${bad[@]}"; do stop_last; done
# Without end, and alone: it takes a processor for itself.
check verify/start-flooding lies flooding 127.0.10.2
run timeout 60 "$ZONELOOM" verify --dir site --port "$port" --server 127.0.10.2
check verify/flooding status_is 1
check verify/flooding-says out_has 'no answer over UDP and TCP'
stop_last

# IPv6 alone, and by way of a resolver.
check verify/named-6 serve six ::1 "$port"
verify --server "[::1]:$port"
check verify/ipv6 status_is 0
cat >rows <<ROWS
$zone NS ns1.example.net
$zone NS ns6.example.net
ns1.example.net A 127.0.0.1
ns6.example.net AAAA ::1
nobody.example NS ns.nobody.example
ROWS
check verify/start-resolver lies resolver 127.0.10.3 "$work/rows"
verify --resolver "127.0.10.3:$port"
check verify/resolver status_is 0
check verify/resolver-says err_has \
	"asking ns1.example.net (127.0.0.1:$port), ns6.example.net ([::1]:$port)"
verify --resolver "127.0.10.3:$port" --dangling
check verify/dangling status_is 1
check verify/dangling-says out_has \
	'CNAME leads to target.example.net, which does not exist'
check verify/dangling-code out_has '[verify-dangling]'
for row in 'dead.example.com": MX leads to mx' 'dead.example.com": HTTPS leads to svc' \
	'_gone._tcp.example.com": SRV leads to srv' \
	'tree.example.com": DNAME leads to dname'; do
	check "verify/dangling ${row%% *}" out_has "$row.gone.example, which"
done
verify --resolver "127.0.10.3:$port" --dangling -o json
check verify/dangling-json verify_has verify-dangling \
	'.name == "dead.example.com" and .type == "MX" and
	.expected == ["mx.gone.example"] and .answer == "NXDOMAIN"'
run "$ZONELOOM" verify --dir site --resolver "127.0.10.3:$port" \
	--zone other.example
check verify/zone-of-the-configuration status_is 2
sed 's/example\.com/other.example/' site/.zoneloom.yaml >other.yaml
stop_last
stop_last

# Without transfers what is extra is not seen, and that is said.
stop_last
rm -rf "$work/good"
check verify/named-closed serve closed 127.0.0.1 "$port" 'allow-transfer { none; };'
verify --server 127.0.0.1 --report json
check verify/no-transfer status_is 0
check verify/no-transfer-says out_has 'no server allows a transfer'
check verify/hidden-code out_has '"verify-hidden"'
check verify/below-a-delegation out_has '1 record below a delegation'
stop_last

# --wait: the server comes, and is right, while it is waited for.
{ sleep 2; serve late 127.0.0.1 "$port" >/dev/null 2>&1; echo "${named_pids[-1]}" >late.pid; } &
waiter=$!
verify --server 127.0.0.1 --wait 60s
check verify/wait status_is 0
check verify/wait-says err_has 'not yet: '
wait $waiter
named_pids+=("$(cat late.pid)")
verify --server 127.0.0.1 --wait 0s
check verify/wait-none status_is 0
stop_last

# Proxied by Cloudflare: presence and type, and never the address itself.
mkdir -p cf/apps && cat >cf/.zoneloom.yaml <<'CONFIG'
format: 1
registry: noop
targets: {default: [203.0.113.10]}
zones:
  example.com:
    outputs:
      - format: terraform
        zone-id: ${var.zone_id}
        file: dns/records.gen.tf.json
CONFIG
cat >cf/apps/web.yaml <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: {external-dns.alpha.kubernetes.io/cloudflare-proxied: "true"}
spec: {rules: [{host: www.example.com}, {host: api.example.com}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: alias
  annotations:
    external-dns.alpha.kubernetes.io/cloudflare-proxied: "true"
    external-dns.alpha.kubernetes.io/target: lb.example.net
spec: {rules: [{host: alias.example.com}, {host: gone.example.com}]}
YAML
mkdir -p edge && cat >edge/db <<'ZONE'
$TTL 300
@ IN SOA ns1.example.net. hostmaster.example.com. 1 2 3 4 5
@ IN NS ns1.example.net.
www IN A 198.51.100.1
alias IN A 198.51.100.1
api IN A 203.0.113.10
stranger IN A 192.0.2.1
ZONE
check verify/named-edge serve edge 127.0.0.1 "$port"
run "$ZONELOOM" verify --dir cf --port "$port" --server 127.0.0.1
check verify/proxied status_is 1
check verify/proxied-says out_has 'note: record "alias.example.com" and 1 more: CNAME'
check verify/proxied-hidden out_has \
	'proxied: address not visible [verify-hidden]'
check verify/not-proxied out_has \
	'"api.example.com": A: 203.0.113.10, not proxied on'
check verify/proxied-missing out_has '"gone.example.com": CNAME: NXDOMAIN on'
check verify/not-ours-is-not-extra out_lacks stranger
stop_last

# 10,000 records, on a terminal; then, FULL=1 with as many and else with a
# twentieth, on servers of each kind at once, each of which gets its own answer.
cat >big/.zoneloom.yaml <<'CONFIG'
format: 1
zones:
  example.com:
    static: static.records
    outputs:
      - format: bind
        file: dns/example.com.zone
        soa: {mname: ns1.example.net, rname: hostmaster@example.com}
        ns: [ns1.example.net, ns2.example.net]
CONFIG
hosts() { # COUNT
	for ((i = 0; i < $1; i++)); do
		echo "h$i 60 A 11.0.$((i / 250)).$((i % 250 + 1))"
	done >big/static.records
	rm -f big/dns/*.zone
	"$ZONELOOM" generate -q --dir big
}
hosts 10000 || exit 1
mkdir -p many && sed -e '/^h77\./d' big/dns/example.com.zone >many/db
check verify/named-many serve many 127.0.0.1 "$port"
check verify/start-many-behind lies behind 127.0.10.2 127.0.0.1 "$port"
cat >terminal.py <<'PY'
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
PY
run python3 terminal.py "$ZONELOOM" verify --dir big --port "$port" \
	--server 127.0.0.1 --server 127.0.10.2 --color=never
check verify/ten-thousand status_is 1
check verify/ten-thousand-counts out_has '10001 records on 2 servers: 2 findings'
check verify/ten-thousand-finds out_has '"h77.example.com": A: NXDOMAIN on'
check verify/progress out_has ' of 20002 questions'
stop_last
stop_last

n=$(sample 10000)
hosts "$n" || exit 1
mkdir -p each each6 && sed -e '/^h77\./d' big/dns/example.com.zone >each/db
cp each/db each6/db
check verify/named-each serve each 127.0.0.1 "$port"
check verify/named-each-6 serve each6 ::1 "$port"
each=(slow truncating lying behind refused lame)
servers=(--server 127.0.0.1 --server "[::1]" --server 127.0.10.29)
for i in "${!each[@]}"; do
	check "verify/start-each-${each[i]}" lies "${each[i]}" \
		"127.0.10.$((i + 30))" 127.0.0.1 "$port"
	servers+=(--server "127.0.10.$((i + 30))")
done
run python3 terminal.py "$ZONELOOM" verify --dir big --port "$port" \
	"${servers[@]}" --color=never --report json=each.json --report text
check verify/each status_is 1
check verify/each-progress out_has " of $(((n + 1) * 6)) questions"
# each_is CONDITION: of the zone's result; @LAST is that server.
each_is() {
	jq -e --argjson n "$n" ".verify[0] | $(sed -E \
		"s/@([0-9]+)/\"127.0.10.\\1:$port\"/g" <<<"$1")" \
		each.json >/dev/null || { jq -c '.verify[0].servers' each.json; false; }
}
check verify/each-states each_is '[.servers[].state] == ["good", "good",
	"unreachable", "good", "good", "good", "good", "lame", "lame"]'
check verify/each-lies each_is '[.findings[] | select(.code == "verify-different")]
	| length == $n - 1 and all(.servers == [@32])'
check verify/each-misses each_is '[.findings[] | select(.code == "verify-missing")]
	| length == 1 and .[0].name == "h77.example.com" and
	(.[0].servers | length) == 6'
check verify/each-behind each_is '[.findings[] | select(.code == "verify-serial")]
	| length == 1'
check verify/each-serial each_is '(.servers[0].serial - .servers[6].serial) == 1'
check verify/each-refused each_is '[.findings[] | select(.servers == [@34])]
	| length == 1 and (.[0].text | test("REFUSED")) and
	.[0].code == "verify-lame"'
check verify/each-lame each_is '[.findings[] | select(.servers == [@35]) | .code] ==
	["verify-lame"]'
check verify/each-down each_is '[.findings[] | select(.servers == [@29]) | .code] ==
	["verify-unreachable"]'
check verify/each-nothing-else each_is '.findings | map(select(.severity != "note"))
	| length == $n + 4'
for _ in "${each[@]}"; do stop_last; done

# What a user can type wrong.
verify --server ns1.example.net
check verify/server-name status_is 2
check verify/server-name-says err_has 'expected an address such as 192.0.2.53'
verify --server 127.0.0.1 -o yaml
check verify/format status_is 2
verify --server 127.0.0.1 --wait soon
check verify/wait-word status_is 2
verify --server 127.0.0.1 --port 0
check verify/port status_is 2
verify --server 127.0.0.1 --namespace x
check verify/part status_is 2
done_testing
