#!/bin/bash
# The page of --report html in Chromium: no console message, no request, no
# violation that axe-core finds, the records and the picture as `list` and
# `graph` have them; once for the example, once for 10,000 records.  SHOTS=DIR
# keeps pictures of it.
# shellcheck source=tests/lib.sh disable=SC2016
. "$(dirname "$0")/../lib.sh"
needs chromium node page-modules
modules=$(dirname "$(realpath "$(command -v page-modules)")")/page
mkdir -p "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
look() { # NAME
	local shots=${SHOTS:+$SHOTS/$1}
	[ -z "$shots" ] || mkdir -p "$shots"
	"$ZONELOOM" diff -q --report "html=$work/page.html" 2>"$work/err"
	"$ZONELOOM" list -q -o jsonl >"$work/records" 2>>"$work/err"
	"$ZONELOOM" graph -q >"$work/graph.svg" 2>>"$work/err"
	check "$1: $(grep -c . "$work/records") lines, $(wc -c <"$work/page.html") bytes" \
		node "$root/tests/e2e/page.mjs" "$modules" "$work/page.html" \
		"$work/records" "$work/graph.svg" ${shots:+"$shots"}
}

cp -r "$root/examples/manifests/whoami/." .
git add -A && git commit -qm example
look example

rm -rf ./* .zoneloom.yaml
printf 'format: 1\ntxt-owner-id: demo\nregistry: noop\ntargets: {default: [8.8.8.8]}\nzones: {example.com: {}, example.net: {}}\n' >.zoneloom.yaml
for ((i = 0; i < 10000; i++)); do
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: app%s, namespace: team-%s}\n' "$i" $((i % 40))
	printf 'spec:\n  ingressClassName: %s\n  rules:\n  - host: app%s.example.%s\n    http: {paths: [{path: /, backend: {service: {name: app%s, port: {number: 80}}}}]}\n' \
		"$([ $((i % 3)) = 0 ] && echo internal || echo public)" "$i" \
		"$([ $((i % 4)) = 0 ] && echo net || echo com)" "$i"
done >apps.yaml
git add -A && git commit -qm many
look many
done_testing
