#!/bin/bash
# lint: each rule finds what it is there for, at its place, and passes over what
# looks like it.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
cd "$work" || exit 1

# finds NAME CODE TEXT: the manifests on stdin, and one such finding.
lint() { run "$ZONELOOM" lint --dir site; }
finds() {
	local name=$1 code=$2 text=$3
	cat >site/apps/a.yaml
	lint
	check "lint/$name" status_is 1
	check "lint/$name-code" out_has "$code"
	check "lint/$name-says" out_has "$text"
}
passes() { # NAME CODE
	cat >site/apps/a.yaml
	lint
	check "lint/passes-over-$1" out_lacks "[$2]"
}
mkdir -p site/apps site/dns
cat >site/.zoneloom.yaml <<'CONFIG'
format: 1
targets: {default: [203.0.113.10]}
source: [ingress, gateway-httproute]
wildcards: allow
zones:
  example.com:
    static: dns/static.records
    delegated: [cut.example.com]
CONFIG
cat >site/dns/static.records <<'ZONE'
@ 3600 CAA 0 issue "letsencrypt.org"
@ 3600 CAA 0 issuewild ";"
open 3600 CAA 0 iodef "mailto:ann@example.com"
zero 3600 CAA 0 issue "sectigo.com; validationmethods=dns-01"
sub 3600 NS ns1.example.net.
any 3600 CNAME www
*.wild 3600 A 192.0.2.7
below 3600 CNAME x.wild
away 3600 CNAME www.example.net.
into 3600 CNAME host.sub
ZONE
ingress() { # NAME HOST SERVICE PORT [ANNOTATION]
	cat <<-YAML
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: $1
	  namespace: shop
	  annotations: {${5:-a: b}}
	spec:
	  rules:
	    - host: "$2"
	      http: {paths: [{path: /, backend: {service: {name: $3, port: {$4}}}}]}
	---
	YAML
}
service() { # NAME NAMESPACE
	cat <<-YAML
	apiVersion: v1
	kind: Service
	metadata: {name: $1, namespace: $2}
	spec: {ports: [{name: http, port: 80}, {port: 9090}]}
	---
	YAML
}
none() { ingress www www.example.com web 'number: 80'; service web shop; }

passes nothing lint- < <(none)
check lint/clean-but-for-the-wildcard out_has '[lint-wildcard]'
check lint/wildcard out_has \
	'dns/static.records:7:1: warning: host "*.wild.example.com": A: it answers'

finds backend '[lint-backend]' \
	'apps/a.yaml:10:58: warning: host "www.example.com": Ingress shop/www: Service wen: no Service of that name' \
	< <(ingress www www.example.com wen 'number: 80'; service web shop)
passes backend-of-a-chart lint-backend < <(
	ingress www www.example.com wen 'number: 80'
	service web shop
	cat <<-'YAML'
	apiVersion: helm.toolkit.fluxcd.io/v2
	kind: HelmRelease
	metadata: {name: wen, namespace: shop}
	spec: {chart: {spec: {chart: wen}}}
	YAML
)
passes backend-of-the-distribution lint-backend < <(
	ingress www www.example.com hubble 'number: 80' |
		sed 's/namespace: shop/namespace: kube-system/'
	service web kube-system
)
printf 'namespace: shop\nresources: [a.yaml]\nhelmCharts: [{name: wen}]\n' \
	>site/apps/kustomization.yaml
passes backend-of-a-kustomized-chart lint-backend < <(
	ingress www www.example.com wen 'number: 80'
	service web shop
)
check lint/error-is-said-once test \
	"$(grep -c 'unsupported key kustomization.helmCharts' .err)" = 1
rm site/apps/kustomization.yaml
passes backend-of-an-unknown-namespace lint-backend < <(
	ingress www www.example.com wen 'number: 80'
	service web elsewhere
)
passes backend-with-a-variable lint-backend < <(
	# shellcheck disable=SC2016 # a variable of Flux
	ingress www www.example.com '${NAME}' 'number: 80'
	service web shop
)

finds port '[lint-port]' \
	'host "www.example.com": Ingress shop/www: Service web port 8080: the Service does not have that port' \
	< <(ingress www www.example.com web 'number: 8080'; service web shop)
finds port-name '[lint-port]' 'Service web port https: the Service' \
	< <(ingress www www.example.com web 'name: https'; service web shop)
passes port-by-name lint-port \
	< <(ingress www www.example.com web 'name: http'; service web shop)
passes port-of-one-of-two lint-port < <(
	ingress www www.example.com web 'number: 8080'
	service web shop
	service web shop | sed 's/9090/8080/'
)
route() { # SERVICE PORT
	cat <<-YAML
	apiVersion: gateway.networking.k8s.io/v1
	kind: HTTPRoute
	metadata: {name: r, namespace: shop}
	spec:
	  hostnames: [www.example.com]
	  rules: [{backendRefs: [{name: $1, port: $2}]}]
	---
	YAML
}
finds route-backend '[lint-backend]' 'HTTPRoute shop/r: Service wen: no Service' \
	< <(route wen 80; service web shop)
finds route-port '[lint-port]' 'HTTPRoute shop/r: Service web port 81: the Service' \
	< <(route web 81; service web shop)
passes route lint-port < <(route web 9090; service web shop)

finds dangling '[lint-dangling]' \
	'dns/static.records:6:1: warning: host "any.example.com": CNAME to www.example.com: no record of that name' \
	< <(ingress www api.example.com web 'number: 80'; service web shop)
check lint/dangling-wildcard out_lacks below.example.com
check lint/dangling-outside out_lacks away.example.com
check lint/dangling-delegated out_lacks into.example.com

tls() { # HOST ISSUER
	cat <<-YAML
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: www
	  namespace: shop
	  annotations: {cert-manager.io/cluster-issuer: $2}
	spec:
	  tls: [{hosts: ["$1"], secretName: s}]
	  rules: [{host: "$1"}]
	---
	YAML
}
issuer() { # NAME SERVER
	cat <<-YAML
	apiVersion: cert-manager.io/v1
	kind: ClusterIssuer
	metadata: {name: $1}
	spec: {acme: {server: "$2"}}
	---
	YAML
}
passes caa-letsencrypt lint-caa < <(tls www.example.com letsencrypt-prod)
finds caa-by-name '[lint-caa]' \
	'apps/a.yaml:8:18: error: host "www.example.com": Ingress shop/www: ClusterIssuer zerossl-prod (sectigo.com): its CAA' \
	< <(tls www.example.com zerossl-prod)
finds caa-by-server '[lint-caa]' 'ClusterIssuer letsencrypt (pki.goog)' < <(
	tls www.example.com letsencrypt
	issuer letsencrypt https://dv.acme-v02.api.pki.goog/directory
)
passes caa-of-the-nearest lint-caa < <(
	tls www.zero.example.com one
	issuer one https://acme.zerossl.com/v2/DV90
)
finds caa-wildcard '[lint-caa]' 'ClusterIssuer letsencrypt (letsencrypt.org)' \
	< <(tls '*.example.com' letsencrypt)
passes caa-without-issue lint-caa < <(tls x.open.example.com zerossl)
passes caa-of-a-private-issuer lint-caa < <(
	tls www.example.com letsencrypt-like
	issuer letsencrypt-like ''
)
passes caa-of-an-unknown-issuer lint-caa < <(tls www.example.com production)

finds tls '[lint-tls]' \
	'host "old.example.com": Ingress shop/www: no rule for it' < <(
	tls www.example.com a | sed 's/\["www.*"\]/[www.example.com, old.example.com]/'
)
passes tls-wildcard lint-tls < <(
	tls www.example.com a | sed 's/\["www.*"\]/["*.example.com"]/'
)
passes tls-elsewhere lint-tls < <(
	tls www.example.com a | sed 's/\["www.*"\]/[old.example.com]/'
	ingress old old.example.com web 'number: 80'
)

# A host without a target makes no record that the zone would refuse.
sed -i '/^targets/d' site/.zoneloom.yaml
finds cut '[lint-delegation]' \
	'host "x.sub.example.com": Ingress shop/www: below a delegation of example.com: another zone' \
	< <(ingress www x.sub.example.com web 'number: 80'; service web shop)
finds delegated '[lint-delegation]' 'host "cut.example.com": ' \
	< <(ingress www cut.example.com web 'number: 80'; service web shop)

# What the plan says already is said once: an error as an error, a warning as a
# finding.
twice() { # CODE NAME: how often it is told, on stdout and stderr
	cat "$work/.out" "$work/.err" | grep -c "\"$2\".*\[\(lint-\)\?$1\]"
}
sed -i -e 's/^wildcards:.*/wildcards: warn/' \
	-e '1atargets: {default: [203.0.113.10]}' site/.zoneloom.yaml
ingress www x.sub.example.com web 'number: 80' >site/apps/a.yaml
lint
check lint/once-error-status status_is 3
check lint/once-delegation test "$(twice delegation x.sub.example.com)" = 1
finds_once() { # CODE NAME
	lint
	check "lint/once-$1-status" status_is 1
	check "lint/once-$1" test "$(twice "$1" "$2")" = 1
	check "lint/once-$1-code" out_has "[lint-$1]"
}
ingress www '*.once.example.com' web 'number: 80' >site/apps/a.yaml
finds_once wildcard '*.once.example.com'
sed -e '/^    static/a\    outputs: [{format: bind, file: z.zone, soa: {mname: ns1.example.net, rname: h@example.com}, ns: [ns1.example.net]}]' \
	site/.zoneloom.yaml >whole.yaml
run "$ZONELOOM" lint --dir site --config "$work/whole.yaml"
check lint/once-cname-dangling test "$(twice '\(cname-\)\?dangling' any.example.com)" = 1
check lint/once-cname-dangling-code out_has '[lint-dangling]'
sed -i -e 's/^wildcards:.*/wildcards: allow/' -e '/^targets/d' \
	site/.zoneloom.yaml
ingress www cut.example.com web 'number: 80' >site/apps/a.yaml

run "$ZONELOOM" lint --dir site --report json --report github=gh
check lint/json json_says '.findings | map(.code) | index("lint-delegation")'
check lint/github grep -q 'title=lint-delegation::host "cut' gh
run "$ZONELOOM" lint --dir site --namespace shop
check lint/part status_is 2
printf 'a: [\n' >site/apps/b.yaml
printf 'kind: Ingress\nmetadata: {name: a\n' >>site/apps/b.yaml
lint
check lint/errors-of-the-input status_is 3
rm site/apps/b.yaml
printf 'apiVersion: v1\nkind: Service\nmetadata: {name: x, name: y}\n' \
	>site/apps/b.yaml
lint
check lint/what-only-lint-reads-is-a-warning status_is 1
check lint/and-is-said err_has 'b.yaml:3:'
rm site/apps/*
sed -i '/wild/d' site/dns/static.records
sed -i '/^any/d' site/dns/static.records
lint
check lint/clean status_is 0
check lint/clean-prints-nothing test -z "$out"
ingress www '*.example.net' web 'number: 80' >site/apps/a.yaml
rm site/.zoneloom.yaml
run "$ZONELOOM" lint --dir site --default-targets 203.0.113.10
check lint/without-a-configuration status_is 1
check lint/wildcard-of-no-zone out_has 'host "*.example.net": A: it answers'
done_testing
