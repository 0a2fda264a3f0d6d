#!/bin/bash
# shellcheck disable=SC1091,SC2016,SC2154
# Argo CD: Applications and ApplicationSets from a root, and Helm values.
. "$(dirname "$0")/../lib.sh"
mkdir "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
put() { mkdir -p "$(dirname "$1")" && cat >"$1"; }

put .zoneloom.yaml <<'E'
format: 1
source: [ingress, gateway-httproute]
helm-values: extract
targets: {default: [203.0.113.10]}
roots: [{argocd: clusters/prod}]
argocd-clusters:
  - {name: eu, server: https://eu.example.net, labels: {domain: eu.example.org}}
  - {name: us, server: https://us.example.net, labels: {domain: us.example.org}}
zones: {example.org: {}, example.com: {}}
E
ingress() { # name host
	printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: %s}\nspec: {rules: [{host: %s}]}\n' "$1" "$2"
}
application() { # name path
	printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s, namespace: argocd}\nspec:\n  destination: {namespace: %s, server: https://kubernetes.default.svc}\n  source: {repoURL: https://git.example.org/it.git, path: %s}\n' "$1" "$1" "$2"
}
application shop apps/shop | put clusters/prod/shop.yaml
ingress shop shop.example.org | put apps/shop/ingress.yaml
ingress deep deep.example.org | put apps/shop/sub/ingress.yaml
# An app of apps, and one that leads back to itself.
application more clusters/more | put clusters/prod/more.yaml
application blog apps/blog | put clusters/more/blog.yaml
application more clusters/more | put clusters/more/again.yaml
ingress blog blog.example.org | put apps/blog/base/ingress.yaml
put apps/blog/kustomization.yaml <<'E'
resources: [base/ingress.yaml]
E
# Not under any root: not deployed.
ingress stray stray.example.org | put apps/stray/ingress.yaml

put clusters/prod/chart.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: plex, namespace: argocd}
spec:
  destination: {namespace: media, name: eu}
  sources:
    - repoURL: https://charts.example.net
      chart: plex
      helm:
        valueFiles: [$here/values/plex.yaml]
        values: |
          ingress: {main: {hosts: [{host: "{{ .Release.Name }}.example.org"}]}}
    # valuesObject stands in the place of values.
    - repoURL: https://charts.example.net
      chart: watch
      helm:
        values: |
          route: {app: {hostnames: [not-read.example.org]}}
        valuesObject:
          route: {app: {hostnames: [watch.example.org]}}
    - {repoURL: https://git.example.org/it.git, ref: here}
E
put values/plex.yaml <<'E'
ingress: {main: {enabled: true, hosts: [{host: old.example.org}]}}
second: {ingress: {hostname: files.example.org}}
third: {ingress: {enabled: false, hostname: off.example.org}}
E
put clusters/prod/elsewhere.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: elsewhere, namespace: argocd}
spec:
  destination: {namespace: x, name: eu}
  source: {repoURL: https://git.example.org/other.git, path: not/here}
E
put clusters/prod/list.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: list, namespace: argocd}
spec:
  generators:
    - list: {elements: [{name: one, host: one.example.org}, {name: two, host: two.example.org}]}
  template:
    metadata: {name: "{{name}}"}
    spec:
      destination: {namespace: "{{name}}", name: eu}
      source:
        repoURL: https://charts.example.net
        chart: web
        helm: {valuesObject: {ingress: {hosts: ["{{host}}"]}}}
E
put clusters/prod/dirs.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: dirs, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - git:
        repoURL: https://git.example.org/it.git
        directories: [{path: tenants/*}, {path: tenants/old, exclude: true}]
  template:
    metadata: {name: "{{ .path.basename }}"}
    spec:
      destination: {namespace: "{{ index .path.segments 1 }}", name: eu}
      source: {repoURL: https://git.example.org/it.git, path: "{{ .path.path }}"}
E
ingress web ann.example.org | put tenants/ann/ingress.yaml
ingress web old.example.org | put tenants/old/ingress.yaml
put clusters/prod/files.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: files, namespace: argocd}
spec:
  generators:
    - matrix:
        generators:
          - git: {repoURL: https://git.example.org/it.git, files: [{path: sites/*.yaml}]}
          - clusters: {}
  template:
    metadata: {name: "{{site.name}}-{{name}}"}
    spec:
      destination: {namespace: sites, server: "{{server}}"}
      source:
        repoURL: https://charts.example.net
        chart: site
        helm: {valuesObject: {ingress: {hosts: ["{{site.name}}.{{metadata.labels.domain}}"]}}}
E
echo 'site: {name: news}' | put sites/news.yaml
put clusters/prod/unknown.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: scm, namespace: argocd}
spec:
  generators: [{scmProvider: {github: {organization: x}}}]
  template: {metadata: {name: x}, spec: {}}
E
git add -A && git commit -qm one

has() { check "$1" json_line "$2"; }
json_line() { jq -e --arg n "$1" 'select(.name == $n)' "$work/.out" | grep -q .; }
lacks() { ! json_line "$1"; }

run "$ZONELOOM" list -o jsonl
check 'a generator that is not built, and nothing to keep: exit 3' status_is 3
check 'it is named' err_has 'ApplicationSet.spec.generators.scmProvider'
has 'a folder source' shop.example.org
check 'folders below it are not read' lacks deep.example.org
has 'an app of apps, through a kustomization' blog.example.org
check 'what no Application names is not deployed' lacks stray.example.org
has 'helm.values with the release name' plex.example.org
has 'helm.valuesObject' watch.example.org
has 'valueFiles of a $ref source' files.example.org
check 'later values replace earlier ones' lacks old.example.org
check 'enabled: false' lacks off.example.org
has 'list generator' one.example.org
has 'list generator, each element' two.example.org
has 'git directories, Go template' ann.example.org
has 'git files and clusters in a matrix' news.eu.example.org
has 'each cluster' news.us.example.org
check 'a source elsewhere is a finding' err_has 'not/here'
check 'a generator outside git is a finding' err_has 'its generator scmProvider asks outside git'
check 'the destination gives the namespace' grep -q '"ingress/shop/shop"' "$work/.out"

run "$ZONELOOM" explain blog.example.org
check 'explain shows the chain' out_has 'Application argocd/blog'
check 'to its beginning' out_has 'Application argocd/more'
run "$ZONELOOM" explain plex.example.org
check 'helm-values is said' out_has 'helm-values'

git rm -q clusters/more/blog.yaml && git commit -qm 'blog goes'
run "$ZONELOOM" diff HEAD~1 HEAD
check 'no Application, no record' out_has '- A     blog.example.org'
done_testing
