#!/bin/bash
# Formats of the user's own: a template is a plain file of the snapshot and reads
# nothing else; what it makes is ours, escaped, and counted through the other
# output of the zone; a change of its text is told.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" "$work/repo/templates" && cd "$work/repo" || exit 1
git init -q .
cat >.zoneloom.yaml <<'E2'
format: 1
registry: noop
targets: {default: [203.0.113.10]}
zones:
  example.com:
    outputs:
      - {format: csv, file: dns/example.com.csv}
      - {format: template, template: templates/hosts, escape: none, file: dns/hosts}
E2
printf '%s\n' 'apiVersion: networking.k8s.io/v1' 'kind: Ingress' \
	'metadata: {name: web, namespace: shop}' \
	'spec: {rules: [{host: www.example.com}]}' >apps/web.yaml
hosts='# {{header}}
{{#records}}
{{#values}}
{{value}} {{name}}
{{/values}}
{{/records}}'
echo "$hosts" >templates/hosts

run "$ZONELOOM" generate
check 'template: generate' status_is 0
check 'template: what it makes' test "$(tail -n +2 dns/hosts)" = '203.0.113.10 www.example.com'
run "$ZONELOOM" check
check 'template: check' status_is 0
run "$ZONELOOM" list -o template
check 'template: list -o' out_has '203.0.113.10 www.example.com'
git add -A && git commit -qm one

refused() { # NAME WORD
	run "$ZONELOOM" check
	check "template: $1 is refused" status_is 2
	check "template: $1 is named" err_has "$2"
}
mkdir -p "$work/outside" && echo "$hosts" >"$work/outside/hosts"
rm templates/hosts && ln -s "$work/outside/hosts" templates/hosts
refused 'a link out of the tree' 'symbolic link'
rm templates/hosts && mkfifo templates/hosts
refused 'a FIFO' 'no such plain file'
rm templates/hosts && mkdir templates/hosts
refused 'a folder' 'no such plain file'
rmdir templates/hosts
refused 'a file that is not there' 'no such plain file'
for path in ../outside/hosts /etc/passwd; do
	sed -i "s,template: templates/hosts,template: $path," .zoneloom.yaml
	refused "$path" 'template'
	git checkout -q .zoneloom.yaml
done
for name in ../../outside/hosts /etc/passwd; do
	echo "# {{header}}{{> $name}}" >templates/hosts
	refused "a partial $name" 'below the root'
done
echo '# {{header}}{{> none}}' >templates/hosts
refused 'a partial that is not there' 'templates/none'

echo '# {{header}}{{>hosts}}' >templates/hosts
run "$ZONELOOM" generate
check 'template: one that calls itself' status_is 3
check 'template: ends' err_has 'nested too deep'
{ echo '# {{header}}'; printf '{{#records}}%.0s' {1..20}; printf '{{/records}}%.0s' {1..20}; } >templates/hosts
run "$ZONELOOM" generate
check 'template: sections that are too deep' status_is 3
git checkout -q templates

echo mine >dns/hosts
run "$ZONELOOM" generate
check 'template: a file of somebody else stays' status_is 3
check 'template: as it was' test "$(cat dns/hosts)" = mine
git checkout -q dns

git checkout -qb change
sed -i 's/{{value}}/203.0.113.66/' templates/hosts
"$ZONELOOM" generate -q >/dev/null 2>&1
git commit -qam 'another text'
run "$ZONELOOM" gate master...change
[ "$status" != 4 ] || run "$ZONELOOM" gate main...change
check 'template: a change of its text is told' eval \
	'out_has "text of templates/hosts" || err_has "text of templates/hosts"'
git checkout -qf -

sed -i '/format: template/d' .zoneloom.yaml
run "$ZONELOOM" generate
check 'template: its file is obsolete without it' test ! -e dns/hosts
done_testing
