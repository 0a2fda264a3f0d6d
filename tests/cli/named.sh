#!/bin/bash
# Zone files before their judges: named-checkzone, nsd-checkzone, kzonecheck and
# ldns-read-zone take every zone of the golden cases and the examples; a real
# named on loopback serves each of them and transfers the same; of a zone that
# was generated here what it transfers is what `list` says; the three modes of
# writing give one and the same zone; static records of every type come out as
# the bytes they went in as.
#
# Prints "ok NAME", "not ok NAME: why" or "skip NAME: why" for each check.
set -eu
export LC_ALL=C TZ=UTC NO_COLOR=1 PATH=$PATH:/usr/sbin:/sbin
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
cd "$(dirname "$0")/../.."
root=$PWD
program=$(readlink -f "${ZONELOOM:-build/zoneloom}")
work=$(mktemp -d)
server="" fails=0

finish() {
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap finish EXIT

ok() { echo "ok named/$1"; }
bad() {
	echo "not ok named/$1: $2"
	[ ! -s "$work/said" ] || sed 's/^/    /' "$work/said"
	fails=$((fails + 1))
}
have() {
	command -v "$1" >/dev/null && return 0
	echo "skip named/$1: not installed"
	return 1
}

# named loads by stricter rules than named-checkzone's defaults; some of its
# messages at exit 0 mean that data was dropped or changed.
strict='-i local -k fail -m fail -n fail -r fail -M fail -S fail -W warn -T ignore'
# shellcheck disable=SC2016 # a pattern
lossy='prior TTL|out-of-zone|setting \$TTL|no TTL|RFC1035 TTL|inherited owner|REQUIRED GLUE|not end with newline'

check_bind() { # zone file
	# shellcheck disable=SC2086 # a list of switches
	named-checkzone $strict "$1" "$2" >"$work/said" 2>&1 &&
		! grep -Eq "$lossy" "$work/said"
}

check_nsd() { nsd-checkzone "$1" "$2" >"$work/said" 2>&1; }

check_knot() { kzonecheck -o "$1" -d off "$2" >"$work/said" 2>&1; }

# It judges little, but reads with a parser of its own: of our text and of
# named's it must read the same.  (What named writes of a CSYNC without types
# and of types that ldns has no word for, it cannot read.)
check_ldns() {
	local bare='CSYNC[[:space:]]+[0-9]+ [0-9]+[[:space:]]*$'
	bare+='|[[:space:]](AMTRELAY|ATMA|AVC|NINFO|NSAP-PTR|RKEY|TA|WALLET'
	bare+='|TYPE(23|34|56|57|258|260|262|32768))[[:space:]]'
	named-compilezone -q -i none -k ignore -m ignore -n ignore -r ignore \
		-M ignore -S ignore -s full -o "$work/flat" "$1" "$2" \
		>"$work/said" 2>&1 &&
		grep -Ev "$bare" "$work/flat" >"$work/flat.most" &&
		ldns-read-zone -n -z "$work/flat.most" >"$work/by-named" \
			2>"$work/said" &&
		ldns-read-zone -n -z "$2" 2>"$work/said" |
		grep -Ev "$bare" >"$work/ldns" &&
		[ -s "$work/ldns" ] &&
		diff "$work/by-named" "$work/ldns" >"$work/said"
}

# What a static file may hold, named takes: random data of each type, FULL=1
# sixty times as much.
random_data() {
	local d=$work/random seed=${SEED:-16} n=1
	mkdir -p "$d"
	[ -z "${FULL:-}" ] || n=60
	if python3 "$root/tests/cli/named-data.py" "$program" "$d" $n "$seed" \
		>"$work/said" 2>&1; then
		ok "random-data"
	else
		bad random-data "named refuses what we write (SEED=$seed)"
	fi
}

# The owner of the SOA, which stands first in a whole zone.
zone_of() { awk '$4 == "SOA" { print $1; exit }' "$1"; }

judge_all() {
	local n=0 f zone name judge
	for f in $(find tests/golden/ok-*/expected/files "$work/site" \
		"$work/types" \
		-name '*.zone' 2>/dev/null | sort); do
		zone=$(zone_of "$f")
		[ -n "$zone" ] || continue
		n=$((n + 1)) name=${f#tests/golden/} name=${name#"$work"/}
		for judge in $judges; do
			if "check_$judge" "$zone" "$f"; then
				ok "$judge/$name"
			else
				bad "$judge/$name" refused
			fi
		done
	done
	[ $n -gt 0 ] || bad zones 'no zone file was found'
}

# The main job on a site with every kind of record and of odd text.
make_site() {
	mkdir -p "$work/site/apps" "$work/site/dns"
	cat >"$work/site/.zoneloom.yaml" <<-'CONFIG'
	format: 1
	source: [ingress]
	wildcards: allow
	targets:
	  default: [203.0.113.10, "2001:db8::10"]
	zones:
	  example.com:
	    static: dns/static.zone
	    outputs:
	      - format: bind
	        file: dns/whole.zone
	        soa: {mname: ns1.example.net, rname: first.last@example.com}
	        ns: [ns1.example.net, ns2.example.net]
	CONFIG
	cat >"$work/site/dns/static.zone" <<-'ZONE'
	@ 3600 MX 10 mail
	@ 3600 TXT "v=spf1 mx -all"
	@ 3600 CAA 0 issue "ca.example; validationmethods=dns-01"
	@ 3600 HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.7
	svc 60 SVCB 2 mail mandatory=alpn,port alpn="bb,cc" port=1 ech=AQID ipv6hint=2001:db8::1 key667="x;\001"
	mail 3600 A 192.0.2.25
	_sip._tcp 3600 SRV 1 2 5060 mail
	strings 60 TXT "a=1" "b=2" "" "c\000\255\"\\;"
	odd\.label\;\032x 60 TXT "; END zoneloom example.com."
	_443._tcp.mail 60 TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
	sub 60 NS ns.example.net.
	p 60 NAPTR 1 2 "u" "E2U+sip" "!^.*$!sip:a@b!" .
	h 60 SSHFP 1 1 00112233445566778899aabbccddeeff00112233
	u 60 URI 1 2 "https://example.com/?a=b;c"
	ZONE
	cat >"$work/site/apps/web.yaml" <<-'YAML'
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: web
	  namespace: shop
	  annotations:
	    external-dns.alpha.kubernetes.io/ttl: "60"
	spec:
	  rules:
	    - host: www.example.com
	    - host: example.com
	    - host: "*.apps.example.com"
	---
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: api
	  namespace: shop
	  annotations:
	    external-dns.alpha.kubernetes.io/target: lb-1.example.net
	spec:
	  rules:
	    - host: api.example.com
	YAML
	if "$program" -C "$work/site" generate --dir "$work/site" \
		>"$work/said" 2>&1; then
		ok generate
	else
		bad generate "exit $?"
	fi
}

# What goes in is what comes out, for named: tests/data/types.zone.
types() {
	local d=$work/types zone=example.com.
	mkdir -p "$d"
	cp "$root/tests/data/types.zone" "$d/static.records"
	cat >"$d/.zoneloom.yaml" <<-'CONFIG'
	format: 1
	zones:
	  example.com:
	    static: static.records
	    outputs:
	      - format: bind
	        file: types.zone
	        soa: {mname: ns1.example.net, rname: hostmaster@example.com}
	        ns: [ns1.example.net, ns2.example.net]
	CONFIG
	if ! "$program" -C "$d" generate --dir "$d" >"$work/said" 2>&1; then
		bad generate-types "exit $?"
		return
	fi
	ok generate-types
	{
		sed -n '2,10p' "$d/types.zone"
		echo "\$ORIGIN $zone"
		cat "$d/static.records"
	} >"$work/types-in"
	canon $zone "$work/types-in" | tr '[:upper:]' '[:lower:]' >"$work/in"
	canon $zone "$d/types.zone" | tr '[:upper:]' '[:lower:]' >"$work/out"
	if diff "$work/in" "$work/out" >"$work/said" &&
		[ "$(cut -d' ' -f4 "$work/out" | sort -u | wc -l)" -ge 60 ]; then
		ok types-in-are-types-out
	else
		bad types-in-are-types-out 'records differ'
	fi
	serves types "$zone" "$d/types.zone"
}

start_named() { # zone file; sets port, server
	cp "$2" "$work/zone.db"
	: >"$work/named.log"
	port=$((20000 + RANDOM % 20000))
	cat >"$work/named.conf" <<-CONF
	options {
		directory "$work"; pid-file none; session-keyfile none;
		lock-file none; managed-keys-directory "$work";
		listen-on port $port { 127.0.0.1; }; listen-on-v6 { none; };
		recursion no; dnssec-validation no; notify no;
		empty-zones-enable no; allow-transfer { 127.0.0.1; };
	};
	controls { };
	zone "${1%.}" { type primary; file "$work/zone.db"; };
	CONF
	named -4 -n 1 -U 1 -g -c "$work/named.conf" >"$work/named.log" 2>&1 &
	server=$!
	for _ in $(seq 100); do
		kill -0 "$server" 2>/dev/null || return 1
		# Over TCP: UDP answers before transfers are taken.
		if dig +tcp +time=1 +tries=1 +norec -p $port @127.0.0.1 "$1" \
			SOA 2>/dev/null | grep -q 'flags:.* aa'; then
			return 0
		fi
		sleep 0.1
	done
	return 1
}

# One record a line in one spelling, without SOA and the NS of the zone.
canon() { # zone file
	named-compilezone -q -i none -k ignore -m ignore -n ignore -r ignore \
		-M ignore -S ignore -w "$work" -s full -o - "$1" "$2" |
		tr -s ' \t' ' ' | grep -v " IN SOA " | sort -u
}

# `list` as a zone file, by jq and not by us.
listed() {
	"$program" -C "$work/site" list -o jsonl --dir "$work/site" \
		2>/dev/null | jq -r '
		def absolute: if . == "." then . else . + "." end;
		select(.name) |
		(if .ttl == 0 then 300 else .ttl end) as $ttl |
		. as $r | .targets[] |
		(if $r.type == "TXT" then
			(if startswith("\"") then . else tojson end)
		 elif ["SVCB", "HTTPS"] | index($r.type) then
			sub("^(?<p>[0-9]+) (?<n>[^ ]+)";
				"\(.p) \(.n | absolute)")
		 elif ["MX", "SRV", "CNAME", "NS"] | index($r.type) then absolute
		 else . end) as $data |
		"\($r.name). \($ttl) IN \($r.type) \($data)"'
}

stop_named() {
	kill "$server" 2>/dev/null || true
	wait "$server" 2>/dev/null || true
	server=""
}

# serves NAME ZONE FILE: a named transfers what stands in the file; it runs on.
serves() {
	if ! start_named "$2" "$3"; then
		cp "$work/named.log" "$work/said"
		bad "serve-$1" 'named does not serve the zone'
		return 1
	fi
	ok "serve-$1"
	dig +time=10 +tries=1 +noall +answer +onesoa +nocmd -p $port \
		@127.0.0.1 "$2" AXFR >"$work/axfr"
	canon "$2" "$work/axfr" >"$work/served"
	canon "$2" "$3" >"$work/file"
	if diff "$work/file" "$work/served" >"$work/said"; then
		ok "transfer-is-the-file-$1"
	else
		bad "transfer-is-the-file-$1" 'records differ'
	fi
}

# Each golden zone on a server of its own: most have one name.
serve_golden() {
	local f zone n=0
	for f in tests/golden/ok-*/expected/files/{,*/,*/*/}*.zone; do
		[ -f "$f" ] || continue
		zone=$(zone_of "$f")
		[ -n "$zone" ] || continue
		n=$((n + 1)) f=${f#tests/golden/}
		serves "${f%%/*}/${f##*/}" "$zone" "$root/tests/golden/$f" || true
		[ -z "$server" ] || stop_named
	done
	[ $n -gt 0 ] || bad serve-golden 'no zone file was found'
}

serve() {
	local whole=$work/site/dns/whole.zone zone=example.com.
	serves site $zone "$whole" || return 0
	{
		grep -A6 ' IN SOA ' "$whole"
		grep -E "^$zone +[0-9]+ IN NS " "$whole"
		listed
	} >"$work/listed.zone"
	canon $zone "$work/listed.zone" >"$work/listed"
	if diff "$work/listed" "$work/served" >"$work/said" &&
		[ "$(wc -l <"$work/served")" -gt 20 ]; then
		ok transfer-is-the-list
	else
		bad transfer-is-the-list 'records differ'
	fi
	answer=$(dig +short +time=2 -p $port @127.0.0.1 any.apps.example.com A)
	if [ "$answer" = 203.0.113.10 ]; then
		ok wildcard-answers
	else
		bad wildcard-answers "got \"$answer\""
	fi
}

# The same records behind $INCLUDE and between markers.
modes() {
	local zone=example.com. d=$work/site/dns m
	# The next run takes it away: no output of its configuration.
	cp "$d/whole.zone" "$work/whole.zone"
	{
		echo "\$TTL 3600"
		sed -n '2,10p' "$work/whole.zone"
	} >"$work/head.zone"
	for m in include block; do
		sed -e "s/dns.whole.zone/dns\/$m.part\n        mode: $m/" \
			-e '/ soa:/d' -e '/ ns:/d' "$work/site/.zoneloom.yaml" \
			>"$work/$m.yaml"
	done
	{
		cat "$work/head.zone"
		echo "; BEGIN zoneloom $zone"
		echo "; END zoneloom $zone"
	} >"$d/block.part"
	for m in include block; do
		if "$program" -C "$work/site" --config "$work/$m.yaml" \
			generate --dir "$work/site" >"$work/said" 2>&1; then
			ok "generate-$m"
		else
			bad "generate-$m" "exit $?"
		fi
	done
	{
		cat "$work/head.zone"
		echo "\$INCLUDE $d/include.part"
	} >"$work/parent.zone"
	canon $zone "$work/whole.zone" >"$work/whole"
	for m in parent.zone site/dns/block.part; do
		if check_bind $zone "$work/$m" &&
			canon $zone "$work/$m" >"$work/part" &&
			[ -s "$work/whole" ] &&
			diff "$work/whole" "$work/part" >"$work/said"; then
			ok "same-zone/$m"
		else
			bad "same-zone/$m" 'records differ'
		fi
	done
}

bind=true judges=
for t in bind:named-checkzone nsd:nsd-checkzone knot:kzonecheck \
	ldns:ldns-read-zone; do
	! have "${t#*:}" || judges="$judges ${t%:*}"
done
for t in named named-compilezone dig jq; do have $t || bind=false; done
make_site
$bind || judges=${judges/ ldns/}
if $bind; then
	random_data
	types
	[ -z "$server" ] || stop_named
fi
judge_all
if $bind; then
	serve_golden
	serve
	modes
fi
cd "$root"
[ $fails = 0 ]
