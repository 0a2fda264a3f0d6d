#!/bin/bash
# The real kustomize and helm as render commands, and in a pipe.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "$(dirname "$0")/../lib.sh"
needs kustomize helm
export XDG_CACHE_HOME=$work/cache HOME=$work/home
mkdir -p "$work/repo" "$HOME" && cd "$work/repo" || exit 1
git init -q -b main
put() { mkdir -p "$(dirname "$1")" && cat >"$1"; }

put base/kustomization.yaml <<'E'
resources: [ingress.yaml]
E
put base/ingress.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {rules: [{host: base.example.org}]}
E
put prod/kustomization.yaml <<'E'
resources: [../base]
namespace: prod
patches:
  - target: {kind: Ingress}
    patch: |-
      - {op: replace, path: /spec/rules/0/host, value: prod.example.org}
E
put chart/Chart.yaml <<'E'
apiVersion: v2
name: web
version: 0.1.0
E
put chart/values.yaml <<'E'
host: default.example.org
E
put chart/templates/ingress.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}
spec: {rules: [{host: {{ .Values.host }}}]}
E
put prod-values.yaml <<'E'
host: chart.example.org
E
put plain/ingress.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: plain, namespace: plain}
spec: {rules: [{host: plain.example.org}]}
E
put .zoneloom.yaml <<'E'
format: 1
targets: {default: [203.0.113.10]}
render:
  - argv: [kustomize, build, prod]
    paths: ["base/**", "prod/**"]
  - argv: [helm, template, shop, chart, --namespace, shop, --values, prod-values.yaml]
    paths: ["chart/**", prod-values.yaml]
zones: {example.org: {}}
E
git add -A && git commit -qm one
"$ZONELOOM" allow >/dev/null
has() { check "$1" json_line "$2"; }
json_line() { jq -e --arg n "$1" 'select(.name == $n)' "$work/.out" | grep -q .; }
lacks() { ! json_line "$1"; }

run "$ZONELOOM" list -o jsonl
check 'exit 0' status_is 0
has 'kustomize as a render command' prod.example.org
has 'helm as a render command' chart.example.org
has 'plain files beside them' plain.example.org
check 'what a command reads is not read plainly' lacks base.example.org
check 'no default of the chart' lacks default.example.org
run "$ZONELOOM" explain prod.example.org
check 'explain names the command' out_has 'kustomize'
run "$ZONELOOM" list -o jsonl --rev HEAD
has 'the same from a commit' chart.example.org
git clone -q --bare . "$work/bare.git"
"$ZONELOOM" -C "$work/bare.git" allow --rev HEAD >/dev/null
run "$ZONELOOM" -C "$work/bare.git" list -o jsonl --rev HEAD
has 'and from a bare repository' prod.example.org

kustomize build prod >"$work/built.yaml"
run "$ZONELOOM" list -o jsonl --stdin --default-targets=203.0.113.10 <"$work/built.yaml"
has 'kustomize build | zoneloom' prod.example.org
helm template shop chart >"$work/built.yaml"
run "$ZONELOOM" list -o jsonl --stdin --default-targets=203.0.113.10 <"$work/built.yaml"
has 'helm template | zoneloom' default.example.org

# The built-in kustomize says the same as the real one.
sed -i '/^render:/,/^zones/{/^zones/!d}' .zoneloom.yaml
echo 'roots: [{kustomize: prod}]' >>.zoneloom.yaml
run "$ZONELOOM" list -o jsonl
has 'roots: kustomize, without the tool' prod.example.org
check 'and nothing else' lacks plain.example.org
done_testing
