#!/bin/bash
# gate, diff and check: exit statuses, ranges, and whose policy counts.
# shellcheck source=tests/lib.sh
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
check "a comment for the pull request" \
	out_has "| add | A, TXT | \`blog.retake.fr\` |"
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
check 'nothing changed: it says so' [ "$out" = 'no change' ]

# A pull request may not loosen the rules it is judged by.
app evil evil.retake.fr 'external-dns.kubernetes.io/target: 10.0.0.1'
config 'claims: []'
sed -i 's/retake.fr: {}/retake.fr: {addresses: any}/' .zoneloom.yaml
commit 'private, and says that is fine'
run "$ZONELOOM" gate main...change
check 'the policy of the base judges' status_is 3
check 'and names the fault' err_has 'RFC 1918'
check 'each policy key is listed' \
	out_has '! zones.retake.fr.addresses: public -> any'
check 'and is an error that says what to do' err_has '[policy-change]'
check 'with the word for it' err_has '--allow-policy-change'
run "$ZONELOOM" gate --allow-policy-change main...change
check 'approved: the new policy judges' status_is 0
check 'approved: the list stays' \
	out_has '! zones.retake.fr.addresses: public -> any'
run "$ZONELOOM" gate --policy-rev change main...change
check '--policy-rev chooses another' status_is 0
run "$ZONELOOM" gate --report json main...change
check 'for programs' \
	json_says '.policy[] | select(.key == "zones.retake.fr.addresses").loosens'
run "$ZONELOOM" gate --report markdown main...change
check 'in a comment' out_has '### Policy: 2 changes'

# A stricter policy needs nobody's approval, and is enforced at once.
git checkout -q main
git checkout -qb stricter
sed -i 's/^targets/wildcards: error\ntargets/' .zoneloom.yaml
commit 'no wildcards'
run "$ZONELOOM" gate main...stricter
check 'stricter: passes' status_is 0
check 'stricter: listed' out_has '  wildcards: warn -> error'
app star '"*.retake.fr"'
commit 'a wildcard'
run "$ZONELOOM" gate main...stricter
check 'stricter: judges its own pull request' status_is 3

# The branch was cut before main had the policy that it meets there.
git checkout -q stricter~2
git checkout -qb early
app early '"*.retake.fr"'
commit 'a wildcard, cut before'
git checkout -q main
git merge -q --ff-only stricter~1
run "$ZONELOOM" gate main...early
check "BASE's tip judges, not where the branch parted" status_is 3
check 'by its wildcard rule' err_has '[wildcard]'

# What main has already is no news.
git checkout -q main
app old old.retake.fr 'external-dns.kubernetes.io/target: 10.0.0.9'
commit 'a private target on main'
git checkout -qb innocent
git commit -q --allow-empty -m nothing
run "$ZONELOOM" gate main...innocent
check 'a finding of the base does not fail' status_is 0
check 'but is counted' out_has '1 error that main also has'
check 'and main is said to publish nothing' \
	out_has 'main publishes nothing today because of 1 error'
run "$ZONELOOM" gate --all main...innocent
check '--all counts it' status_is 3
sed -i '1i # a line more' apps/old.yaml
commit 'its line moves'
run "$ZONELOOM" gate main...innocent
check 'its line is no part of a finding' status_is 0
app new new.retake.fr 'external-dns.kubernetes.io/target: 10.0.0.9'
commit 'another one'
run "$ZONELOOM" gate main...innocent
check 'a new one fails' status_is 3
check 'and is named' err_has 'host "new.retake.fr"'
check 'the old one is not' [ "${err/old.retake.fr/}" = "$err" ]
cp apps/old.yaml apps/old2.yaml
sed -i 's/name: old/name: old2/' apps/old2.yaml
git rm -qf apps/new.yaml
commit 'the same words a second time'
run "$ZONELOOM" gate main...innocent
check 'the same words once more are new' status_is 3

# A baseline starts a repository that has findings.
git checkout -q main
run "$ZONELOOM" gate --write-baseline main...innocent
check 'a baseline needs a name' status_is 2
echo 'baseline: .zoneloom/baseline' >>.zoneloom.yaml
commit baseline
run "$ZONELOOM" gate --write-baseline main...innocent
check 'a baseline is written' status_is 0
check 'with each finding' [ "$(grep -c old.retake.fr .zoneloom/baseline)" = 2 ]
run "$ZONELOOM" gate main...innocent
check 'a baseline of the work tree does not count' status_is 3
git checkout -qb longer
commit 'a longer baseline'
run "$ZONELOOM" gate main...longer
check 'a longer baseline loosens' status_is 3
check 'and is listed' out_has '! baseline: 0 findings -> 2 findings'
git checkout -q main
git merge -q --ff-only longer
run "$ZONELOOM" gate --all main...innocent
check '--all counts them too' status_is 3
run "$ZONELOOM" gate main...innocent
check "the base's baseline counts" status_is 0
git checkout -q main
git rm -q apps/old.yaml .zoneloom/baseline
sed -i '/baseline/d' .zoneloom.yaml
commit 'main is mended'

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

# Released in the pull request, where the base lets it.
git commit -q --allow-empty -m "six go

They are not used.

Zoneloom-Allow-Deletes: 6"
run "$ZONELOOM" gate main...remove
check 'a trailer releases nothing by itself' status_is 6
git checkout -q main
echo 'safety: {release: trailer}' >>.zoneloom.yaml
commit 'trailers may'
run "$ZONELOOM" gate main...remove
check 'a trailer releases where the base says so' status_is 0
check 'and is shown' out_has 'a commit allows 6 deletions'
run "$ZONELOOM" gate --allow-deletes=5 main...remove
check 'a flag wins over it' status_is 6
git checkout -q remove
git commit -q --allow-empty -m "more

Zoneloom-Allow-Deletes: 7"
run "$ZONELOOM" gate main...remove
check 'only the exact number does, the newest' status_is 6
git checkout -q main
git checkout -qb loosen
sed -i 's/release: trailer/release: trailer, max-deletes: 90%/' .zoneloom.yaml
git rm -q apps/a[1-6].yaml
commit 'raises the limit it is judged by'
run "$ZONELOOM" gate main...loosen
check 'the brake of the base judges' [ "$status" != 0 ]
check 'and the limit is policy' out_has '! safety.max-deletes: 30% -> 90%'

run "$ZONELOOM" gate main
check 'without a range' status_is 2
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
