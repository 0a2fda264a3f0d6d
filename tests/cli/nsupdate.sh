#!/bin/bash
# Scripts for nsupdate between two revisions, applied to a real named: what it
# transfers is the zone of the second revision, and a second time the server
# refuses.  Of 200 random pairs of repositories a twentieth, FULL=1 all.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/named.sh"
count=$(sample 200)
py=$root/tests/cli/nsupdate.py

pairs() {
	local port
	mkdir "$work/pairs"
	python3 "$py" "$ZONELOOM" "$work/pairs" "$count" "$seed" || return 1
	port=$(named_port 127.0.0.1)
	named_start "$work/pairs" 127.0.0.1 "$port" p0.example.com || return 1
	python3 "$py" --apply "$ZONELOOM" "$work/pairs" "$count" 127.0.0.1 \
		"$port"
}
check nsupdate/pairs pairs

# Each kind of change for certain, there and back: types that exclude each other,
# TTLs, sets of one name, delegations, what the zone no longer holds, a TXT that
# no prerequisite can hold.
kinds() { # FROM TO
	local zone=example.com d=$work/kinds-$1 port script
	mkdir "$d" && port=$(named_port 127.0.0.1) || return 1
	"$ZONELOOM" generate -q --stdout --rev "$1" >"$d/db" &&
		"$ZONELOOM" generate -q --stdout --rev "$2" >"$d/want" &&
		"$ZONELOOM" diff -q -o nsupdate "$1" "$2" >"$d/script" || return 1
	echo "zone \"$zone\" { type primary; file \"$d/db\";
		allow-update { 127.0.0.0/8; }; };" >"$d/zones.conf"
	named_start "$d" 127.0.0.1 "$port" $zone || return 1
	script=$(printf 'server 127.0.0.1 %s\n' "$port"; cat "$d/script")
	nsupdate <<<"$script" || return 1
	dig +time=10 +tries=1 +noall +answer +onesoa +nocmd -p "$port" \
		@127.0.0.1 $zone AXFR >"$d/got"
	diff <(canon "$d/want") <(canon "$d/got") || return 1
	# Once more it is refused.
	! nsupdate <<<"$script" 2>/dev/null
}
canon() {
	named-compilezone -q -i none -k ignore -m ignore -n ignore -r ignore \
		-M ignore -S ignore -s full -o - example.com "$1" |
		sed -E 's/[[:space:]]+/ /g' | grep -v ' IN SOA ' | sort
}
kinds_repository() {
	git init -q "$work/kinds" && cd "$work/kinds" || return 1
	cat >.zoneloom.yaml <<-'CONFIG'
	format: 1
	safety: {max-deletes: 100%, max-changes: 100%}
	zones:
	  example.com:
	    static: s.zone
	    outputs:
	      - format: bind
	        file: dns/example.com.zone
	        soa: {mname: ns1.example.net, rname: h@example.com}
	        ns: [ns1.example.net, ns2.example.net]
	CONFIG
	cat >s.zone <<-'ZONE'
	@ 60 MX 10 m.example.net.
	a2c 60 A 192.0.2.1
	a2c 60 AAAA 2001:db8::1
	big 60 TXT "a"
	c2a 60 CNAME t.example.net.
	c2c 60 CNAME one.example.net.
	d2x 60 DNAME a.example.net.
	del 60 NS ns.del
	del 60 NS ns2.example.net.
	del 60 DS 1 8 1 0011223344556677889900112233445566778899
	ns.del 60 A 192.0.2.53
	plain 60 A 192.0.2.9
	below.plain 60 A 192.0.2.9
	set 60 A 192.0.2.1
	set 60 A 192.0.2.2
	ttl 60 A 192.0.2.1
	ttl 60 A 192.0.2.2
	*.w 60 A 192.0.2.1
	x2d 60 A 192.0.2.7
	sub.x2d 60 A 192.0.2.7
	xn--mnchen-3ya 60 A 192.0.2.1
	\$odd\;name\"\\ 60 TXT "a\"b;c\\"
	ZONE
	git add -A && git commit -qm one || return 1
	cat >s.zone <<-'ZONE'
	@ 60 MX 20 m.example.net.
	a2c 60 CNAME t.example.net.
	c2a 60 A 192.0.2.1
	c2a 60 TXT "now"
	c2c 60 CNAME two.example.net.
	d2x 60 A 192.0.2.1
	sub.d2x 60 A 192.0.2.1
	del 60 A 192.0.2.53
	ns.del 60 A 192.0.2.53
	www.del 60 A 192.0.2.53
	plain 60 NS ns.plain
	plain 60 DS 1 8 1 0011223344556677889900112233445566778899
	ns.plain 60 A 192.0.2.9
	set 60 A 192.0.2.2
	set 60 A 192.0.2.3
	ttl 300 A 192.0.2.1
	ttl 300 A 192.0.2.2
	*.w 60 CNAME t.example.net.
	x2d 60 DNAME a.example.net.
	xn--mnchen-3ya 60 CNAME b.example.net.
	\$odd\;name\"\\ 60 TXT "a\"b;c\\d\000\255"
	ZONE
	python3 -c "print('big 60 TXT', ' '.join(['\"%s\"' % ('x' * 255)] * 240))" \
		>>s.zone
	git commit -qam two
}
check nsupdate/kinds-repository kinds_repository
check nsupdate/kinds-there kinds HEAD~1 HEAD
check nsupdate/kinds-and-back kinds HEAD HEAD~1

# Nothing is printed where the new state is not known, or is held back.
repository() {
	git init -q "$work/repo" && cd "$work/repo" || return 1
	cat >.zoneloom.yaml <<-'CONFIG'
	format: 1
	zones:
	  example.com:
	    static: s.zone
	    outputs:
	      - {format: bind, mode: include, file: dns/example.com.inc}
	CONFIG
	for i in $(seq 20); do echo "h$i 60 A 192.0.2.$i"; done >s.zone
	git add -A && git commit -qm one
	head -n 5 s.zone >s.new && mv s.new s.zone
	git commit -qam two
	echo 'x 60 A 192.0.2.256' >>s.zone
	git commit -qam three
	git checkout -q HEAD~1
}
check nsupdate/repository repository
run "$ZONELOOM" diff -q -o nsupdate HEAD~1 HEAD
check nsupdate/brake status_is 6
check nsupdate/brake-prints-nothing test -z "$out"
check nsupdate/brake-says err_has --allow-deletes=15
run "$ZONELOOM" diff -q -o nsupdate --allow-deletes=15 HEAD~1 HEAD
check nsupdate/released status_is 0
check nsupdate/prerequisite out_has \
	'prereq yxrrset h6.example.com. IN A 192.0.2.6'
check nsupdate/deletes out_has 'update delete h6.example.com. IN A'
check nsupdate/leaves-the-rest out_lacks h5.example.com
run "$ZONELOOM" diff -q -o nsupdate --exit-code HEAD HEAD
check nsupdate/no-change status_is 0
check nsupdate/no-change-prints-nothing test -z "$out"
three=$(git rev-parse 'HEAD@{1}')
run "$ZONELOOM" diff -q -o nsupdate HEAD "$three"
check nsupdate/error status_is 3
check nsupdate/error-prints-nothing test -z "$out"
run "$ZONELOOM" diff -q -o nsupdate "$three" HEAD
check nsupdate/error-before status_is 3
check nsupdate/error-before-prints-nothing test -z "$out"
run "$ZONELOOM" diff -o nsupdate
check nsupdate/wants-two status_is 2
run "$ZONELOOM" diff -o yaml HEAD~1 HEAD
check nsupdate/format status_is 2
cat >.zoneloom.yaml <<'CONFIG'
format: 1
zones:
  example.com:
    static: s.zone
    outputs:
      - {format: bind, mode: include, file: dns/example.com.inc}
  example.com@internal: {addresses: any}
publishers:
  - {name: in, zones: ["*@internal"]}
  - {name: out, zones: ["example.com"]}
CONFIG
run "$ZONELOOM" diff -q -o nsupdate --allow-deletes=15 HEAD~1
check nsupdate/views status_is 2
run "$ZONELOOM" diff -q -o nsupdate --allow-deletes=15 --zone example.com HEAD~1
check nsupdate/one-view status_is 0

# A name that only Terraform knows is no name to a server.
cat >.zoneloom.yaml <<'CONFIG'
format: 1
vars: {DOMAIN: {terraform: var.domain}}
targets: {default: [203.0.113.10]}
zones: {"${DOMAIN}": {}}
CONFIG
git add -A && git commit -qm expression
cat >expression.yaml <<'MANIFEST'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, namespace: web}
spec: {rules: [{host: "a.${DOMAIN}"}]}
MANIFEST
git add -A && git commit -qm record
run "$ZONELOOM" diff -q -o nsupdate HEAD~1 HEAD
check nsupdate/expression status_is 3
check nsupdate/expression-says-so err_has 'diff -o nsupdate cannot write a name that is a Terraform expression'
check nsupdate/expression-prints-nothing test -z "$out"
done_testing
