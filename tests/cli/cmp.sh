#!/bin/bash
# cmp generate: the objects that Argo CD's plugin sidecar asks for, or nothing.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}"
unset ARGOCD_APP_PARAMETERS
mkdir -p "$work/app/apps" && cd "$work/app" || exit 1
cat >.zoneloom.yaml <<'E2'
format: 1
targets: {default: [198.51.100.7]}
zones:
  example.org:
    addresses: any
    outputs:
    - format: configmap
      file: dns/zone.yaml
      ns: [ns1.example.com., ns2.example.com.]
      soa: {mname: ns1.example.com., rname: hostmaster.example.com.}
  example.net: {addresses: any}
E2
cat >apps/a.yaml <<'E2'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, namespace: web}
spec: {rules: [{host: a.example.org}, {host: b.example.org}, {host: c.example.net}]}
E2
cmp_generate() { run "$ZONELOOM" cmp generate "$@"; } # env: PARAMETERS
with() { # PARAMETERS [FLAG...]
	local parameters=$1
	shift
	run env ARGOCD_APP_PARAMETERS="$parameters" "$ZONELOOM" cmp generate "$@"
}
objects() { grep -c '^kind: ' <<<"$out"; }
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }
# Exit 0 without a manifest makes Argo CD prune: whatever fails prints nothing.
nothing() { status_is "$1" && same "$out" ''; }

cmp_generate
check 'without a word: exit 0' status_is 0
check 'without a word: a DNSEndpoint for each zone' same "$(objects)" 2
first=$out
git init -q . && git add -A && git commit -qm one
rm apps/a.yaml && git commit -qam gone && git checkout -q HEAD~1 -- apps
cmp_generate
check 'a repository around it changes nothing' same "$out" "$first"
rm -rf .git
run env ZONELOOM_CONFIG=none.yaml ARGOCD_APP_NAME=x KUBE_VERSION=1.30 PARAM_FORMAT=configmap \
	ARGOCD_ENV_OTHER=1 "$ZONELOOM" cmp generate
check 'no other variable changes the result' same "$out" "$first"

with '[{"name":"zones","array":["example.org"]}]'
check 'zones: one' same "$(objects)" 1
check 'zones: that one' out_has 'a.example.org'
with '[{"name":"zones","array":[]}]'
check 'zones: none named is all' same "$out" "$first"
with 'null'
check 'no parameters' same "$out" "$first"
with '[{"name":"zones","array":["example.or"]}]'
check 'zones: misspelt: exit 2, nothing printed' nothing 2
check 'zones: misspelt: which is meant' err_has 'did you mean example.org?'
with '[{"name":"format","string":"configmap"},{"name":"zones","array":["example.org"]}]'
check 'format: a ConfigMap' out_has 'kind: ConfigMap'
check 'format: its first serial' out_has '1          ; serial'
mkdir dns
printf '%s\n' "$out" | sed 's/^            1          ;/            41         ;/' >dns/zone.yaml
sed -i 's/b.example.org/bb.example.org/' apps/a.yaml
with '[{"name":"format","string":"configmap"},{"name":"zones","array":["example.org"]}]'
check 'format: the serial follows the file that is there' out_has '42         ; serial'
with '[{"name":"format","string":"configmap"}]'
check 'format: a zone without name servers: exit 2 or 3' test "$status" -ge 2
check 'format: a zone without name servers: nothing printed' same "$out" ''
with '[{"name":"format","string":"terraform"}]'
check 'format: no objects: exit 2' nothing 2
check 'format: no objects: what is' err_has 'expected configmap or dnsendpoint'
run env ARGOCD_ENV_ZONELOOM_FORMAT=configmap ARGOCD_ENV_ZONELOOM_ZONES=example.org "$ZONELOOM" cmp generate
check 'variables' out_has 'kind: ConfigMap'
run env ARGOCD_ENV_ZONELOOM_FORMAT=configmap ARGOCD_ENV_ZONELOOM_ZONES=example.org \
	ARGOCD_APP_PARAMETERS='[{"name":"format","string":"dnsendpoint"}]' "$ZONELOOM" cmp generate -o configmap
check 'a parameter counts over variable and flag' out_has 'kind: DNSEndpoint'
cmp_generate -o configmap --zone example.org
check 'flags are the defaults of plugin.yaml' out_has 'kind: ConfigMap'

# What is unknown or of another kind is refused, not passed over.
while IFS='|' read -r parameters said; do
	with "$parameters"
	check "refused: $parameters" nothing 2
	check 'and says why' err_has "$said"
done <<'E2'
[{"name":"zone","array":["example.org"]}]|did you mean zones?
[{"name":"format","array":["configmap"]}]|expected string
[{"name":"zones","map":{"a":"b"}}]|expected array
[{"name":"min-records","string":"0"}]|expected a whole number
[{"name":"min-records","string":"many"}]|expected a whole number
{"name":"zones"}|expected a list of parameters
[{"name"|ARGOCD_APP_PARAMETERS:2
E2
run env ARGOCD_ENV_ZONELOOM_ZONE=example.org "$ZONELOOM" cmp generate
check 'refused: a variable' nothing 2
run "$ZONELOOM" cmp
check 'cmp alone: exit 2' nothing 2
run "$ZONELOOM" cmp generate apps
check 'a path: exit 2' nothing 2

# The least number, and an empty input.
with '[{"name":"min-records","string":"3"}]'
check 'min-records: just enough' status_is 0
with '[{"name":"min-records","string":"4"}]'
check 'min-records: too few: exit 6, nothing printed' nothing 6
check 'min-records: too few: how many' err_has '3 records, expected at least 4'
cmp_generate --min-records=4
check 'min-records by flag' nothing 6
with '[{"name":"min-records","string":"2"}]' --min-records=4
check 'min-records: the parameter counts' status_is 0

# {env: NAME} of the configuration.
cp .zoneloom.yaml kept.yaml
printf 'vars: {TEAM: {env: TEAM}}\n' >>.zoneloom.yaml
cat >apps/v.yaml <<'E2'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: v}
spec: {rules: [{host: "${TEAM}.example.org"}]}
E2
run env ARGOCD_ENV_ZONELOOM_VAR_TEAM=blue "$ZONELOOM" cmp generate
check 'a variable of the configuration' out_has 'blue.example.org'
rm apps/v.yaml
cp kept.yaml other.yaml
sed -i 's/198.51.100.7/198.51.100.8/' other.yaml
with '[{"name":"config","string":"other.yaml"}]'
check 'config' out_has 198.51.100.8
with '[{"name":"config","string":"none.yaml"}]'
check 'config: not there: nothing printed' nothing 4
mv kept.yaml .zoneloom.yaml

# An error: nothing of it is printed, not even the zone without one.
cat >apps/bad.yaml <<'E2'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: bad}
spec: {rules: [{host: "a b.example.org"}]}
E2
cmp_generate
check 'a bad input: exit 3, nothing printed' nothing 3
check 'a bad input: its place' err_has 'apps/bad.yaml:4:'
rm -r apps
cmp_generate
check 'an empty input: exit 6, nothing printed' nothing 6
rm .zoneloom.yaml
cmp_generate
check 'no configuration: exit 2, nothing printed' nothing 2

# Standard output that is closed, and one that is full.
mkdir apps
cat >.zoneloom.yaml <<'E2'
format: 1
targets: {default: [198.51.100.7]}
zones: {example.org: {addresses: any}}
E2
for i in 1 2 3; do
	printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a%s}\nspec: {rules: [{host: a%s.example.org}]}\n' $i $i >"apps/$i.yaml"
done
"$ZONELOOM" cmp generate >&- 2>"$work/.err"
status=$?
check 'standard output is closed: exit 4' status_is 4
"$ZONELOOM" cmp generate >/dev/full 2>"$work/.err"
status=$?
check 'standard output is full: exit 4' status_is 4
done_testing
