#!/bin/bash
# DNSEndpoint manifests as an output: ExternalDNS' crd source, as it is here,
# reads in them what was derived, with every property; and so do we, for check.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" "$work/repo/dns" && cd "$work/repo" || exit 1
git init -q .
cat >.zoneloom.yaml <<'E'
format: 1
source: [ingress]
registry: noop
wildcards: allow
targets:
  default: [203.0.113.10, "2001:db8::10"]
  ingress-class:
    ref: [{terraform: local.ip}]
zones:
  example.com:
    static: dns/static.zone
    outputs: [{format: dnsendpoint, file: dns/example.com.yaml}]
  example.org:
    outputs: [{format: dnsendpoint, file: dns/example.org.yaml}]
E
cat >dns/static.zone <<'E'
@ 3600 MX 10 mail
@ 3600 TXT "v=spf1 mx -all" "second; string \"quoted\" \\"
@ 3600 NS ns1.example.net.
mail 3600 A 192.0.2.25
_sip._tcp 3600 SRV 1 2 5060 mail
_none._tcp 3600 SRV 0 0 0 .
tel 3600 NAPTR 1 2 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .
next 3600 NAPTR 1 2 "s" "SIP+D2U" "" _sip._tcp
E
cat >apps/web.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    external-dns.kubernetes.io/ttl: "60"
    external-dns.kubernetes.io/cloudflare-proxied: "true"
    external-dns.kubernetes.io/cloudflare-tags: 'a:"1",b: 2'
    external-dns.kubernetes.io/set-identifier: 'blue "one"'
spec:
  rules: [{host: www.example.com}, {host: "*.apps.example.com"}]
E
# Its SRV and NAPTR have a final dot, without which it passes over them.
facts() {
	jq -cS 'select(.name) | if .type == "SRV" or .type == "NAPTR"
		then .targets |= map(sub("(?<x>[^ ])[.]$"; "\(.x)")) else . end
		| {name, type, ttl, targets, set_identifier, provider_specific}' |
		sort
}
crd() { # FILE: what a DNSEndpoint asks ExternalDNS for
	"$ZONELOOM" list --stdin --compat=external-dns --registry=noop \
		--provider=cloudflare --source=crd \
		--managed-record-types={A,AAAA,MX,NAPTR,NS,SRV,TXT} \
		-o jsonl <<<"$(grep -v '^# Code generated' "$1")" 2>"$work/.err"
}
same() { diff -u "$work/$1" "$work/$2"; }

run "$ZONELOOM" generate
check 'dnsendpoint: generate' status_is 0
"$ZONELOOM" list -o jsonl 2>/dev/null | facts >"$work/derived"
crd dns/example.com.yaml | facts >"$work/read"
check 'dnsendpoint: there are records' test "$(wc -l <"$work/derived")" -ge 8
check 'dnsendpoint: properties are among them' grep -q 'proxied.*blue' "$work/read"
check 'dnsendpoint: SRV is absolute' grep -q '"1 2 5060 mail.example.com[.]"' \
	dns/example.com.yaml
check 'dnsendpoint: ExternalDNS reads what was derived' same derived read
check 'dnsendpoint: a zone without records is an empty list' \
	grep -qx '  endpoints: \[\]' dns/example.org.yaml
check 'dnsendpoint: and asks for nothing' test -z "$(crd dns/example.org.yaml)"
run "$ZONELOOM" check
check 'dnsendpoint: check' status_is 0
sed -i 's/recordTTL: 60/recordTTL: 61/' dns/example.com.yaml
run "$ZONELOOM" check
check 'dnsendpoint: an edit is seen' status_is 1
check 'dnsendpoint: and named' out_has 'www.example.com'
sed -i 's/recordTTL: 61/recordTTL: 60/; s/^  endpoints:/  endpoint:/' dns/example.com.yaml
run "$ZONELOOM" check
check 'dnsendpoint: a file without endpoints is not taken for empty' test "$status" != 0

# A Terraform expression has no text to write.

sed 's/name: web$/name: ref/; s/^spec:/&\n  ingressClassName: ref/
	s/www/ref/; /apps/!s/, {host: .*}\]/]/' apps/web.yaml >apps/ref.yaml
rm dns/*.yaml
run "$ZONELOOM" generate
check 'dnsendpoint: an expression as target: exit 3' status_is 3
check 'dnsendpoint: is named' err_has 'local.ip'
check 'dnsendpoint: and nothing is written' test ! -e dns/example.com.yaml
done_testing
