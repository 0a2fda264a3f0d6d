#!/bin/bash
# What `list` and `explain` say of names without a record: those that nothing
# says a target of, many troubles of one kind, and text that no object holds.
# shellcheck source=/dev/null disable=SC2154
. "$(dirname "$0")/../lib.sh"

ingress() { # NAME HOST CLASS
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n'
	printf 'metadata: {name: %s, namespace: web}\n' "$1"
	printf 'spec: {ingressClassName: %s, rules: [{host: "%s"}]}\n' "$3" "$2"
}
list() { run "$ZONELOOM" list --dir "$work/repo" "$@"; }
explain() { run "$ZONELOOM" explain --dir "$work/repo" "$@"; }
lines_of_err() { wc -l <"$work/.err"; }
lines() { [ "$(lines_of_err)" -le "$1" ] || { echo "  $(lines_of_err) lines"; false; }; }

# Without a configuration: every name, and a line for each kind of trouble.
mkdir -p "$work/repo"
for i in 1 2 3 4 5 6; do ingress "n$i" "n$i.example.org" nginx; done \
	>"$work/repo/all.yaml"
list
check 'names without a target are listed' status_is 0
check 'as A without a value' grep -qE '^n1.example.org +A +auto +\? +all.yaml:5$' "$work/.out"
check 'all of them' [ "$(grep -c ' ? ' "$work/.out")" = 6 ]
check 'with one line for all' lines 3
check 'that counts them and names the key' err_has \
	'6 objects have hosts and no target, as here; set targets: {ingress-class: {nginx: [ADDRESS]}} [no-target]'
list -v
check '-v says each' [ "$(grep -c 'no target for' "$work/.err")" = 6 ]
list -o jsonl
check 'jsonl: no targets' [ "$(jq -c 'select(.name).targets' "$work/.out" | sort -u)" = '[]' ]
list -o csv
check 'csv: a question mark' grep -q '^n1.example.org,A,0,?,' "$work/.out"
list -o yaml
check 'yaml: no targets' [ "$(grep -c 'targets: \[\]' "$work/.out")" = 6 ]
list --compat=external-dns
check 'ExternalDNS lists none of them' [ "$(grep -c example.org "$work/.out")" = 0 ]
list --zone example.org -o bind
check 'an output has none of them' [ "$(grep -c '^n1' "$work/.out")" = 0 ]

# The key that the line names takes it away.
printf 'format: 1\ntargets: {ingress-class: {nginx: [198.51.100.7]}}\n' \
	>"$work/repo/.zoneloom.yaml"
list
check 'the key that was named' [ "$(grep -c 198.51.100.7 "$work/.out")" = 6 ]
check 'ends the message' [ "$(grep -c no-target "$work/.err")" = 0 ]
rm "$work/repo/.zoneloom.yaml"

# Variables: one line a variable, also for errors.
for i in 1 2 3 4 5; do ingress "v$i" "v$i.\${DOMAIN}" nginx; done \
	>"$work/repo/vars.yaml"
list --default-targets=198.51.100.7
check 'an unknown variable is one line' err_has \
	'5 names lack a value for DOMAIN, as here; set vars: {DOMAIN: VALUE}, or --var DOMAIN=VALUE [unresolved]'
check 'and still an error' status_is 3
list --default-targets=198.51.100.7 --var DOMAIN=example.net
check 'what it says to type ends it' status_is 0
rm "$work/repo/vars.yaml"

# A screen at most, whatever there is.
for i in $(seq 1 60); do
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n'
	printf 'metadata: {name: u%s, annotations: {external-dns.kubernetes.io/hostnam%s: a}}\n' "$i" "$i"
	printf 'spec: {rules: [{host: u%s.example.org}]}\n' "$i"
done >"$work/repo/many.yaml"
list
check 'no more than 25 lines' lines 25
check 'the others are counted' grep -qE '^and [0-9]+ messages more of these kinds; -v shows each$' "$work/.err"
rm "$work/repo/many.yaml"

# Whose record it is.
cat >"$work/repo/.zoneloom.yaml" <<'E'
format: 1
zones:
  example.org@in: {addresses: any}
  example.org@out: {}
publishers:
  - {name: inner, zones: ["*@in"], targets: {default: [10.0.0.1]}}
  - {name: outer, zones: ["*@out"], targets: {default: [198.51.100.1]}}
E
list
check 'a table has zone and publisher' grep -qE '^n1.example.org +A +auto +10.0.0.1 +example.org@in +inner +all.yaml:5$' "$work/.out"
check 'of both views' grep -qE '^n1.example.org .*198.51.100.1 +example.org@out +outer ' "$work/.out"
list -o jsonl
# shellcheck disable=SC2016 # jq's
check 'jsonl has zone, view and publisher' [ "$(jq -r 'select(.name == "n1.example.org" and .type == "A") | [.zone, .view, .publisher] | join(" ")' "$work/.out" | sort | paste -sd,)" = \
	'example.org in inner,example.org out outer' ]
list -o csv
check 'csv too' grep -q '^n1.example.org,A,0,10.0.0.1,.*,example.org,in,inner$' "$work/.out"
list -o yaml
check 'yaml too' grep -q '  view: "in"' "$work/.out"
rm "$work/repo/.zoneloom.yaml"

# explain searches the files.
explain n1.example.org
check 'explain: a name without a target' out_has 'n1.example.org  A  ?'
check 'and why' out_has 'no target for "n1.example.org"'
explain n1.exampel.org
check 'a slip gets a suggestion' out_has 'did you mean n1.example.org?'
mkdir -p "$work/repo/blog"
printf 'ingress:\n  hosts: [{host: blog.example.org}]\n' >"$work/repo/blog/values.yaml"
printf '# was old.example.org\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\ndata: {url: "https://map.example.org"}\n' >"$work/repo/map.yaml"
printf 'see text.example.org\n' >"$work/repo/README"
# shellcheck disable=SC2016 # a variable of the manifest
ingress v 'var.${DOMAIN}' nginx >"$work/repo/var.yaml"
explain blog.example.org
check 'a value file is found' out_has 'stands in blog/values.yaml:2:18: hosts: [{host: blog.example.org}]'
check 'with what reads it' out_has 'roots: [{values: blog/values.yaml}]'
explain old.example.org
check 'a comment is said to be one' out_has 'a comment'
explain map.example.org
check 'a kind that nobody reads' out_has 'a ConfigMap, which no source reads'
explain text.example.org
check 'a file that is no manifest' out_has 'neither a YAML nor a JSON file'
explain var.example.org
check 'a name behind a variable' out_has 'no value for DOMAIN'
explain nowhere.example.org
check 'what is nowhere' out_has 'no record for nowhere.example.org'
check 'is found nowhere' [ "$(grep -c 'stands in' "$work/.out")" = 0 ]
check 'exit 3, for the variable' status_is 3
done_testing
