#!/bin/bash
# gate, diff and check: exit statuses, ranges, and whose policy counts.
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main

config() { # extra lines
	cat >.zoneloom.yaml <<E
format: 1
targets: {default: [203.0.113.10]}
zones: {retake.fr: {}}
$1
E
}
app() { # file host [annotation]
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web, annotations: {${3:-}}}
spec: {rules: [{host: $2}]}
E
}
commit() { git add -A && git commit -qm "$1"; }

config 'claims: [{names: ["*.retake.fr"], paths: ["apps/**"]}]'
app shop shop.retake.fr
commit base
git checkout -qb change
app blog blog.retake.fr
commit 'add blog'

run "$ZONELOOM" gate main...change
check 'a fine change: exit 0' status_is 0
check 'its records are printed' out_has '+ A     blog.retake.fr'
check 'with their place' out_has 'apps/blog.yaml:4'
check 'and summed up' out_has 'retake.fr: +1 ~0 -0'
run "$ZONELOOM" gate --classify main...change
check 'classified' out_has additive
run "$ZONELOOM" gate --detailed-exitcode main...change
check "Terraform's status for a difference" status_is 2
run "$ZONELOOM" gate --report markdown main...change
check 'a comment for the pull request' out_has '| add | A | blog.retake.fr |'
run "$ZONELOOM" gate --report json main...change
check 'for programs' json_says '.zones[0].added == 1'
run "$ZONELOOM" gate --report github main...change
check 'annotations' out_has '::warning file='

git checkout -q main
app late late.retake.fr
commit 'main moves on'
run "$ZONELOOM" gate main...change
check 'what main did since is not the change' out_lacks late.retake.fr
run "$ZONELOOM" diff main...change
check 'diff A...B says the same' out_has '+ A     blog.retake.fr'
check 'diff A...B: not what main did' out_lacks late.retake.fr
run "$ZONELOOM" diff main change
check 'diff A B compares the two' out_has '- A     late.retake.fr'
run "$ZONELOOM" diff --exit-code main change
check 'diff --exit-code' status_is 1
git checkout -q change
run "$ZONELOOM" diff change
check 'diff A against the work tree' status_is 0
check 'nothing changed, nothing printed' [ -z "$out" ]

# A pull request may not loosen the rules it is judged by.
app evil evil.retake.fr 'external-dns.kubernetes.io/target: 10.0.0.1'
config 'claims: []'
sed -i 's/retake.fr: {}/retake.fr: {addresses: any}/' .zoneloom.yaml
commit 'private, and says that is fine'
run "$ZONELOOM" gate main...change
check 'the policy of the base judges' status_is 3
check 'and names the fault' err_has 'RFC 1918'
run "$ZONELOOM" gate --policy-rev change main...change
check '--policy-rev chooses another' status_is 0

# The brake.
git checkout -q main
for i in $(seq 12); do app "a$i" "a$i.retake.fr"; done
commit 'a dozen'
git checkout -qb remove
git rm -q apps/a1.yaml apps/a2.yaml apps/a3.yaml apps/a4.yaml apps/a5.yaml \
	apps/a6.yaml
commit 'half of them go'
run "$ZONELOOM" gate main...remove
check 'the brake: exit 6' status_is 6
check 'it says what to type' err_has '--allow-deletes=6'
run "$ZONELOOM" gate --allow-deletes=6 main...remove
check 'released by the exact number' status_is 0
run "$ZONELOOM" gate --allow-deletes=7 main...remove
check 'and by no other' status_is 6

run "$ZONELOOM" gate main
check 'a range is wanted' status_is 2
run "$ZONELOOM" gate nope...change
check 'an unknown revision is exit 4' status_is 4
run "$ZONELOOM" list --rev change --index
check 'two snapshots are exit 2' status_is 2

run "$ZONELOOM" list --stdin </dev/null
check 'an empty pipe is exit 6' status_is 6
check 'and says why' err_has 'pipefail'
cd "$work" || exit 1
run "$ZONELOOM" list --stdin <repo/apps/shop.yaml
check 'a pipe needs no repository' status_is 0
run "$ZONELOOM" list
check 'no repository is exit 4' status_is 4
run "$ZONELOOM" lits
check 'a typo has a suggestion' err_has 'did you mean list?'
run "$ZONELOOM" list --no-such-thing
check 'an unknown option is exit 2' status_is 2
done_testing
