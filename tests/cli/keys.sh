#!/bin/bash
# Keys of followed objects that are not built: an error at the key, or, where
# the object had records, a warning and the records it had.
. "$(dirname "$0")/../lib.sh"
mkdir "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
put() { mkdir -p "$(dirname "$1")" && cat >"$1"; }

put .zoneloom.yaml <<'E'
format: 1
source: [ingress]
targets: {default: [203.0.114.10]}
roots: [{argocd: argo}]
zones:
  example.org:
    outputs: [{format: bind, mode: include, file: dns/zone.inc}]
E
ingress() { # NAME
	printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: %s}\nspec: {rules: [{host: %s.example.org}]}\n' "$1" "$1"
}
application() { # NAME PATH MORE
	printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s, namespace: argocd}\nspec:\n  destination: {namespace: %s}\n  source: {repoURL: https://git.example.org/it.git, path: %s%s}\n' "$1" "$1" "$2" "${3:-}"
}
ingress web | put apps/web/i.yaml
ingress shop | put apps/shop/i.yaml
application web apps/web | put argo/web.yaml
application shop apps/shop | put argo/shop.yaml

run "$ZONELOOM" generate
check 'all of it is built' status_is 0
git add -A && git commit -qm all

# The plugin may make anything: what is read of the folder is not it.
application shop apps/shop ', plugin: {name: cdk8s}' | put argo/shop.yaml
ingress more | put apps/shop/more.yaml
run "$ZONELOOM" list
check 'list: an error at the key' status_is 3
check 'list: names place, object and key' \
	err_has 'argo/shop.yaml:6:70: error: Application argocd/shop: unsupported key Application.spec.source.plugin'
run "$ZONELOOM" generate
check 'generate: the object had records' status_is 0
check 'generate: says that they stay' err_has 'its previous records stay [key]'
check 'generate: a new name of it waits' err_has 'host "more.example.org": no record yet'
check 'the record stands' grep -q '^shop' dns/zone.inc
check 'the new one does not' sh -c '! grep -q ^more dns/zone.inc'
git add -A && git commit -qm plugin
run "$ZONELOOM" gate HEAD~1...HEAD
check 'gate: a warning, nothing changes' status_is 0
check 'gate: says so' err_has 'Application.spec.source.plugin'

# A generator that nobody here knows: its names are lost, and stay.
git rm -q argo/shop.yaml
put argo/set.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  generators: [{plugin: {configMapRef: {name: x}}}]
  template:
    metadata: {name: "{{name}}"}
    spec:
      destination: {namespace: shop}
      source: {repoURL: https://git.example.org/it.git, path: "apps/{{name}}"}
E
run "$ZONELOOM" generate
check 'a lost name stays' status_is 0
check 'its record stands' grep -q '^shop' dns/zone.inc
check 'and so does its owner' grep -q 'resource=ingress/shop/shop' dns/zone.inc
check 'generate: says of each' err_has 'host "shop.example.org": nothing asks for it any more'

# Who knows better says so.
run "$ZONELOOM" generate --allow-deletes=1 \
	--ignore-keys ApplicationSet.spec.generators.plugin
check 'ignore-keys: the name goes' sh -c '! grep -q ^shop dns/zone.inc'
check 'ignore-keys: no finding' test "${err#*\[key\]}" = "$err"

# Nothing to keep: no output.
git add -A && git rm -rqf dns && git commit -qm none
run "$ZONELOOM" generate
check 'nothing to keep: an error' status_is 3
check 'nothing to keep: no output' test ! -e dns/zone.inc
done_testing
