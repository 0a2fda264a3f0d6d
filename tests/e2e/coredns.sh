#!/bin/bash
# CoreDNS' file plugin serves the zone out of a ConfigMap: what it transfers is
# what named transfers of the zone file that format bind writes, and it takes up a
# new serial.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
needs coredns named-compilezone dig octodns-sync
cd "$root" || exit 1

# What the kubelet mounts: a file for each key of data.  Read by a YAML parser
# that is not ours.
python=$(dirname "$(realpath "$(command -v octodns-sync)")")/python
mount() { # CONFIGMAP FOLDER
	"$python" - "$1" "$2" <<-'E2'
	import sys
	import yaml
	for name, text in yaml.safe_load(open(sys.argv[1]))['data'].items():
	    open(sys.argv[2] + '/' + name, 'w').write(text)
	E2
}

canon() { # ZONE FILE
	named-compilezone -q -i none -k ignore -m ignore -n ignore -r ignore \
		-M ignore -S ignore -s full -o - "$1" "$2" 2>"$work/said" |
		tr -s ' \t' ' ' | LC_ALL=C sort -u
}

cp -r tests/golden/ok-configmap/manifests/. tests/golden/ok-configmap/config/. \
	"$work/"
mv "$work/zoneloom.yaml" "$work/.zoneloom.yaml"
cd "$work" || exit 1
mkdir -p mounted
sed -i 's,^    outputs:,&\n      - {format: bind\, file: dns/retake.zone\, soa: {mname: ns1.example.net\, rname: first.last@retake.fr}\, ns: [ns1.example.net\, ns2.example.net]},' \
	.zoneloom.yaml
run "$ZONELOOM" generate --dir .
check 'coredns: generate' status_is 0
mount dns/retake.fr.yaml mounted
check 'coredns: the ConfigMap holds the zone file' test -s mounted/retake.fr.zone

port=$((20000 + RANDOM % 20000))
cat >Corefile <<E2
retake.fr:$port {
	bind 127.0.0.1
	file mounted/retake.fr.zone retake.fr {
		reload 1s
	}
	transfer {
		to *
	}
}
E2
coredns -quiet >coredns.log 2>&1 &
server=$!
for _ in $(seq 100); do
	dig +tcp +time=1 +tries=1 -p $port @127.0.0.1 retake.fr SOA 2>/dev/null |
		grep -q 'flags:.* aa' && break
	sleep 0.1
done
dig +onesoa +noall +answer -p $port @127.0.0.1 retake.fr AXFR >served
canon retake.fr served >got
canon retake.fr dns/retake.zone >want
check 'coredns: it serves the zone' test "$(wc -l <got)" -ge 25
check 'coredns: record by record' diff -u want got
check 'coredns: the wildcard answers' test "$(dig +short -p $port @127.0.0.1 \
	any.apps.retake.fr A)" = 203.0.113.10

sed -i 's/node-2 60 A 192.0.2.2/node-2 60 A 192.0.2.22/' dns/static.zone
run "$ZONELOOM" generate --dir .
mount dns/retake.fr.yaml mounted
for _ in $(seq 50); do
	answer=$(dig +short -p $port @127.0.0.1 node-2.retake.fr A)
	[ "$answer" != 192.0.2.22 ] || break
	sleep 0.2
done
check 'coredns: a new serial is taken up' test "$answer" = 192.0.2.22
kill $server
wait $server 2>/dev/null
done_testing
