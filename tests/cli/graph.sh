#!/bin/bash
# The picture: its names are those of the records, its edges what manifests say.
# shellcheck source=tests/lib.sh disable=SC2016
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
printf 'format: 1\nsource: [ingress, service, gateway-httproute]\ntargets: {default: [8.8.8.8]}\nzones: {example.com: {static: hand.zone}, example.net: {}}\n' \
	>.zoneloom.yaml
echo 'mail 300 IN A 9.9.9.9' >hand.zone
cat >apps/a.yaml <<'END'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: a.example.com
    http: {paths: [{path: /, backend: {service: {name: front, port: {number: 80}}}},
      {path: /api, backend: {service: {name: api, port: {number: 80}}}}]}
  - host: b.example.net
    http: {paths: [{path: /, backend: {service: {name: api, port: {number: 80}}}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec: {listeners: [{name: web, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: blog, namespace: blog}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  hostnames: [blog.example.com]
  rules: [{backendRefs: [{name: ghost, port: 80}, {name: canary, namespace: other, port: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data, annotations: {external-dns.kubernetes.io/hostname: db.example.com}}
spec: {type: LoadBalancer}
END
# "a.example.com > nginx", one an edge, of each form.
svg_edges() {
	python3 - "$work/.out" <<-'END'
	import sys, xml.etree.ElementTree as tree
	root = tree.parse(sys.argv[1]).getroot()
	nodes = {n.get("data-node"): n.get("data-title") for n in root.iter()
	         if n.get("data-node") is not None}
	for e in root.iter():
	    if e.get("data-from") is not None:
	        print(nodes[e.get("data-from")], ">", nodes[e.get("data-to")])
	END
}
mermaid_edges() {
	python3 - "$work/.out" <<-'END'
	import re, sys
	text = open(sys.argv[1], encoding="utf-8").read()
	nodes = dict(re.findall(r'^  (n\d+)\W+"(.*?)<br/>', text, re.M))
	for a, b in re.findall(r"^  (n\d+) --> (n\d+)$", text, re.M):
	    print(nodes[a], ">", nodes[b])
	END
}
want='a.example.com > nginx
b.example.net > nginx
blog.example.com > edge
db.example.com > db
edge > canary
edge > ghost
mail.example.com > hand.zone
nginx > api
nginx > front'
run "$ZONELOOM" graph -q
check 'graph: exit 0' [ "$status" = 0 ]
check 'SVG: the edges' [ "$(svg_edges | sort)" = "$want" ]
run "$ZONELOOM" graph -q -o mermaid
check 'Mermaid: the same' [ "$(mermaid_edges | sort)" = "$want" ]
first=$out
run "$ZONELOOM" graph -q -o mermaid --jobs 1
check 'the same bytes again' [ "$out" = "$first" ]
run "$ZONELOOM" graph -q --zone example.net
check 'of one zone' [ "$(svg_edges | head -n 1)" = 'b.example.net > nginx' ]
run "$ZONELOOM" graph -q --name blog.example.com --name EXAMPLE.net.
check 'of some names' [ "$(svg_edges | grep -c '^b')" = 2 ]
check 'and no other' [ "$(svg_edges | grep -cE '^(a|db|mail)')" = 0 ]
run "$ZONELOOM" graph -q apps
check 'of some paths' [ "$(svg_edges | grep -c '> nginx')" = 2 ]
run "$ZONELOOM" graph -o svgg
check 'another form: exit 2' [ "$status" = 2 ]
check 'another form: says which' err_has 'invalid -o "svgg": expected svg or mermaid; did you mean svg?'

# The picture of the documentation is that of the example.
"$ZONELOOM" graph -q --dir "$root/examples/manifests/whoami" >"$work/example.svg" 2>"$work/err"
check 'docs/example.svg is what graph draws of the example' \
	cmp "$work/example.svg" "$root/docs/example.svg"

# Too many to be seen: what leads the same way is one node that counts.
for ((i = 0; i < 3000; i++)); do
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n'
	printf 'metadata: {name: n%s, namespace: t%s}\nspec:\n  rules:\n' "$i" $((i % 100))
	printf '  - host: n%s.example.com\n    http: {paths: [{path: /, backend: {service: {name: s%s, port: {number: 80}}}}]}\n' "$i" "$i"
done >apps/many.yaml
run "$ZONELOOM" graph -q
check 'many: every name is counted' out_has 'aria-label="3005 names, 4 proxies and gateways, 3005 services"'
check 'many: no column is too long' \
	[ "$(grep -o 'class="service"' "$work/.out" | wc -l)" -le 60 ]
check 'many: the picture is small' [ "$(wc -c <"$work/.out")" -lt 60000 ]

# A stranger's text stays text.
rm apps/many.yaml
cat >apps/b.yaml <<'END'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: x}
spec:
  ingressClassName: "</text><script>alert(1)</script>\"]; click n0 \"https://evil.example\""
  rules: [{host: x.example.com}]
END
run "$ZONELOOM" graph -q
check 'SVG: no element of a stranger' [ "$(grep -c '<script' "$work/.out")" = 0 ]
check 'SVG: it is shown as it is' [ "$(svg_edges | grep -cF 'x.example.com > </text><script>alert(1)')" = 1 ]
run "$ZONELOOM" graph -q -o mermaid
check 'Mermaid: the label does not end' [ "$(grep -cE '^ *click|<script' "$work/.out")" = 0 ]
done_testing
