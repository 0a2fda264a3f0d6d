#!/bin/bash
# The files of integrations/ before the tools that they are for: Argo CD's own
# plugin server, the schemas of GitHub and GitLab, actionlint, kustomize.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" "${root:?}"
needs argocd-cmp check-jsonschema actionlint kustomize jq
files=$root/integrations
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }
mkdir "$work/bin"
ln -s "$ZONELOOM" "$work/bin/zoneloom"
PATH=$work/bin:$PATH

# --- schemas
for f in "$files"/github/*.yml; do
	check "schema: ${f##*/}" check-jsonschema -q --builtin-schema vendor.github-workflows "$f"
done
check 'schema: the action' check-jsonschema -q --builtin-schema vendor.github-actions "$root/action.yml"
sed '1,/^---$/d' "$files/gitlab/zoneloom.yml" >"$work/gitlab.yml"
check 'schema: GitLab' check-jsonschema -q --builtin-schema vendor.gitlab-ci "$work/gitlab.yml"
run actionlint "$files"/github/*.yml
check 'actionlint: types, contexts and the shell' same "$out$err" ''

# --- Argo CD
repo=$work/repo app=$work/repo/clusters/prod
mkdir -p "$app/apps"
cat >"$app/.zoneloom.yaml" <<'E2'
format: 1
targets: {default: [198.51.100.7]}
zones:
  example.org:
    addresses: any
    outputs:
    - format: configmap
      file: dns/example-org.yaml
      ns: [ns1.example.com., ns2.example.com.]
      soa: {mname: ns1.example.com., rname: hostmaster.example.com.}
  example.net: {addresses: any}
E2
cat >"$app/apps/a.yaml" <<'E2'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, namespace: web}
spec: {rules: [{host: a.example.org}, {host: b.example.org}, {host: c.example.net}]}
E2
git -C "$repo" init -q && git -C "$repo" add -A && git -C "$repo" commit -qm one
argocd() { run argocd-cmp "$files/argocd" "${1:-$files/argocd/application.yaml}" "$repo" "${2:-60}"; }
with() { # SED SCRIPT: of the Application
	sed -E "$1" "$files/argocd/application.yaml" >"$work/application.yaml"
	argocd "$work/application.yaml"
}
argocd
check 'argocd: exit 0' status_is 0
check 'argocd: objects' same "$(jq -rs 'map(.kind + " " + .metadata.name) | join(",")' "$work/.out")" 'DNSEndpoint example.org'
check 'argocd: endpoints' same "$(jq -rs '[.[0].spec.endpoints[] | .dnsName + " " + .targets[0]] | join(",")' "$work/.out")" \
	'a.example.org 198.51.100.7,b.example.org 198.51.100.7'
with 's/array: \[example.org\]/array: []/'
check 'argocd: all zones are two objects' same "$(jq -s length "$work/.out")" 2
with 's/string: dnsendpoint/string: configmap/'
check 'argocd: a ConfigMap' same "$(jq -r .kind "$work/.out")" ConfigMap
jq -r '.data["example.org.zone"]' "$work/.out" >"$work/zone"
check 'argocd: whose zone is one' grep -q 'a.example.org.  *300 IN A' "$work/zone"
with 's/string: "2"/string: "3"/'
check 'argocd: too few: it fails' status_is 1
check 'argocd: too few: what the user sees' err_has '2 records, expected at least 3'
with 's/name: zones/name: zone/'
check 'argocd: an unknown parameter: it fails' err_has 'did you mean zones?'
argocd "$files/argocd/application.yaml" 1
check 'argocd: within a second, or it fails without objects' test "$status" = 0 -o -z "$out"
mv "$app/apps" "$work/apps"
argocd
check 'argocd: an empty input fails' status_is 1
check 'argocd: an empty input: no object' same "$out" ''
mv "$work/apps" "$app/apps"
sed 's/a.example.org/a b.example.org/' "$app/apps/a.yaml" >"$app/apps/bad.yaml"
argocd
check 'argocd: a bad input: no object' same "$out" ''

# --- the write-back Workflow: its script, as Argo would run it
git init -q --bare -b main "$work/origin.git"
rm "$app/apps/bad.yaml"
sed -i '/example.net/d' "$app/.zoneloom.yaml"
cp -r "$app/." "$work/main" && cd "$work/main" && git init -q -b main && git add -A && git commit -qm one &&
	git push -q "$work/origin.git" main
mkdir "$work/volume"
python3 - "$files/argocd/write-back.yaml" >"$work/script" <<'E2'
import sys
lines = open(sys.argv[1]).read().split("        source: |\n")[1].splitlines()
for line in lines:
    if line.strip() and not line.startswith(" " * 10):
        break
    print(line[10:])
E2
sed -i "s|/volume/repository|$work/volume/repository|g; s|^git config --global.*||" "$work/script"
for i in 1 2; do
	rm -rf "$work/volume/repository"
	run env REPOSITORY="$work/origin.git" REVISION=main BRANCH=dns/review SCRIPTS="$files" bash "$work/script"
	check "write-back, run $i: exit 0" status_is 0
done
check 'write-back: the second one pushes nothing' out_has 'nothing to push'
check 'write-back: the branch' test -e "$work/origin.git/refs/heads/dns/review"

# --- Flux
mkdir "$work/zones"
cp "$files/flux/kustomization.yaml" "$work/zones/"
git -C "$work/origin.git" show dns/review:dns/example-org.yaml >"$work/zones/example-org.yaml"
run kustomize build "$work/zones"
check 'flux: it builds' status_is 0
check 'flux: substitution is off' out_has 'kustomize.toolkit.fluxcd.io/substitute: disabled'
check 'flux: the zone is in it' out_has 'a.example.org.'
check 'flux: the Kustomization substitutes nothing' bash -c '! grep -q postBuild "$0"' "$files/flux/zones.yaml"
cd "$work/main" || exit 1
for name in backend_override.tf.json override.tf.json generated.auto.tfvars.json backend_override.tf; do
	printf 'format: 1\ntargets: {default: [198.51.100.7]}\nzones:\n  example.org:\n    addresses: any\n    outputs: [{format: terraform, provider: cloudflare@5, file: dns/%s}]\n' \
		"$name" >.zoneloom.yaml
	run "$ZONELOOM" generate
	check "flux: a name of its runner is refused: $name" status_is 2
done
done_testing
