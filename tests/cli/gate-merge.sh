#!/bin/bash
# gate judges the tree that merging would give, not the tip of the branch.
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
ingress() { # file host...
	local file=$1
	shift
	{
		printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\n'
		printf 'metadata: {name: %s, namespace: web}\n' "$file"
		printf 'spec:\n  rules:\n'
		printf '  - host: %s\n' "$@"
	} >"apps/$file.yaml"
}
commit() { git add -A && git commit -qm "$1"; }
cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [203.0.113.10]}
zones: {example.org: {}}
E
ingress one a.example.org b.example.org c.example.org d.example.org \
	e.example.org f.example.org
ingress two two.example.org
commit base

# Both sides edit one file in places that do not touch.
git checkout -qb change
ingress one new.example.org b.example.org c.example.org d.example.org \
	e.example.org f.example.org
commit 'first line'
git checkout -q main
ingress one a.example.org b.example.org c.example.org d.example.org \
	e.example.org last.example.org
commit 'last line'
objects() { find .git/objects -type f | sort; }
before=$(objects)
run "$ZONELOOM" gate main...change
check 'a merge without conflicts is judged' status_is 0
check 'what the branch adds' out_has '+ A     new.example.org'
check 'what it takes away' out_has '- A     a.example.org'
check 'what main did is kept' out_lacks last.example.org
check 'no object is written' [ "$(objects)" = "$before" ]
run "$ZONELOOM" gate --jobs 2 main...change
check 'reading processes see the merged text' out_has '+ A     new.example.org'

# A file that main renamed and the branch edits.
git mv apps/two.yaml apps/renamed.yaml
commit 'main renames'
git checkout -q change
sed -i 's/two\.example/too.example/' apps/two.yaml
commit 'the branch edits it'
run "$ZONELOOM" gate main...change
check 'renamed and edited: the edit arrives' out_has '+ A     too.example.org'
check 'renamed and edited: nothing stays behind' \
	out_has '- A     two.example.org'

# Both edit one line.
git checkout -q main
sed -i 's/b\.example/left.example/' apps/one.yaml
commit left
git checkout -q change
sed -i 's/b\.example/right.example/' apps/one.yaml
commit right
run "$ZONELOOM" gate main...change
check 'a conflict is exit 5' status_is 5
check 'the file is named' err_has apps/one.yaml
check 'and what to type' err_has 'git merge main'

# Nothing in common.
git checkout -q --orphan alone
commit alone
run "$ZONELOOM" gate main...alone
check 'unrelated histories are exit 4' status_is 4

# Merged already, and nothing new on main: the tips themselves.
git checkout -q main
run "$ZONELOOM" gate main...main
check 'nothing to merge' status_is 0
check 'no change, and nothing else' [ "$out" = 'no change' ]
git checkout -qb ahead
ingress three three.example.org
commit three
run "$ZONELOOM" gate main...ahead
check 'a branch ahead of main' out_has '+ A     three.example.org'
run "$ZONELOOM" gate ahead...main
check 'a branch behind: merging changes nothing' [ "$out" = 'no change' ]

# What the branch point held is not what merging deletes.
git checkout -q main
git rm -q apps/renamed.yaml
commit 'main removes'
run "$ZONELOOM" gate main...ahead
check 'deleted on main is no change of the branch' out_lacks two.example.org

# A pull request that brings zoneloom, breaks it, or takes it away.
git checkout -q main
git rm -q .zoneloom.yaml
commit 'no configuration yet'
git checkout -qb introduce
git checkout -q main~1 -- .zoneloom.yaml
commit introduce
run "$ZONELOOM" gate main...introduce
check 'introducing: every record is an addition' \
	out_has '+ A     a.example.org'
check 'introducing: nothing is deleted' out_lacks '- A'
run "$ZONELOOM" gate introduce...main
check 'main lies behind: nothing to merge' [ "$out" = 'no change' ]
git checkout -q introduce
git rm -q .zoneloom.yaml
commit 'take it away'
run "$ZONELOOM" gate introduce~1...introduce
check 'taking it away deletes every record' out_has '- A     a.example.org'
check 'and is stopped' [ "$status" -ge 3 ]
git checkout -q introduce~1 -- .zoneloom.yaml
echo 'nonsense: true' >>.zoneloom.yaml
commit 'break it'
run "$ZONELOOM" gate introduce~1...introduce
check 'a broken configuration is exit 2' status_is 2
check 'with its place' err_has '.zoneloom.yaml:4:'
git checkout -qb repair
git checkout -q introduce~2 -- .zoneloom.yaml
commit repair
run "$ZONELOOM" gate introduce...repair
check 'a pull request can repair it' out_has '+ A     a.example.org'
# A configuration that was named and is nowhere would let everything pass.
git checkout -q introduce~1
run "$ZONELOOM" gate --config nope.yaml introduce~1...introduce
check 'gate: a configuration that is nowhere' status_is 2
check 'it is named' err_has 'configuration nope.yaml: no such file'
run "$ZONELOOM" diff --config nope.yaml introduce~1 introduce
check 'diff: a configuration that is nowhere' status_is 2
run "$ZONELOOM" list --config nope.yaml --rev HEAD
check 'list of a revision: the same' status_is 2
echo 'format: 1' >nope.yaml
run "$ZONELOOM" gate --config nope.yaml introduce~1...introduce
check 'the work tree does not supply what a revision lacks' status_is 2
done_testing
