#!/bin/bash
# hook: the index that is committed, in every way git commits.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" # of lib.sh
ZONELOOM=$(realpath "$ZONELOOM")
export ZONELOOM

app() { # NAME HOST
	mkdir -p apps
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web}
spec: {rules: [{host: $2}]}
E
}
fresh() { # FOLDER [HOOK FLAG...]: outputs are committed, the hook is installed
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1"
	cd "$work/$1" || exit 1
	shift
	git init -q -b main
	cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs: [{format: bind, mode: include, file: dns/example.org.inc}]
E
	app shop shop.example.org
	echo notes >notes.txt
	"$ZONELOOM" -q generate 2>/dev/null
	git add -A
	git commit -qm base
	printf '#!/bin/sh\nexec "$ZONELOOM" hook pre-commit %s\n' "$*" >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
}
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }
clean() { [ -z "$(git status --porcelain)" ] || { git status --short; false; }; }
commits() { git rev-list --count HEAD; }
# The outputs in HEAD are those of HEAD's manifests.
head_agrees() { "$ZONELOOM" -q check --rev HEAD >/dev/null 2>&1; }

# Git sends what a hook prints to standard error.
told() { err_has "$1"; }

# --- once, then again
fresh a
app blog blog.example.org
git add apps
run git commit -m blog
check 'a stale output: the commit fails' status_is 1
check 'the change is told' told '+ A     blog.example.org  192.0.2.10  apps/blog.yaml:4'
check 'the file is told' told 'wrote dns/example.org.inc'
check 'what to type is told' told 'next: git add dns/example.org.inc && git commit'
(cd apps && run "$ZONELOOM" hook pre-commit && echo "$out") >"$work/below"
check 'what to type in a folder below the root' \
	grep -qF 'next: git add ../dns/example.org.inc && git commit' "$work/below"
check 'twelve lines at most' test "$(wc -l <"$work/.err")" -le 12
check 'nothing is staged by itself' same "$(git diff --cached --name-only)" apps/blog.yaml
git add dns/example.org.inc
run git commit -m blog
check 'again: the commit passes' status_is 0
check 'again: silent' same "$err" ''
check 'again: what is committed agrees' head_agrees
check 'again: clean' clean

# --- the index, not the work tree
app wiki wiki.example.org
run git commit --allow-empty -m empty
check 'an untracked manifest does not count' status_is 0
git add apps/wiki.yaml
rm apps/wiki.yaml
run git commit -m wiki
check 'a staged manifest counts, though gone from disk' status_is 1
git reset -q --hard
sed -i s/blog/log/ apps/blog.yaml
run git commit --allow-empty -m empty
check 'an unstaged edit does not count' status_is 0
run git commit -am log
check 'commit -a: fails' status_is 1
check 'commit -a: reads its own index' told 'log.example.org'
run git commit -am log
check 'commit -a: passes' status_is 0
check 'commit -a: agrees' head_agrees
sed -i s/shop/store/ apps/shop.yaml
echo edit >>notes.txt
run git commit -m store apps/shop.yaml
check 'commit PATH: fails' status_is 1
run git commit -m store apps/shop.yaml dns
check 'commit PATH: passes' status_is 0
check 'commit PATH: agrees' head_agrees
check 'commit PATH: other edits stay' same "$(git status --porcelain)" ' M notes.txt'
git checkout -q notes.txt
git rm -q apps/blog.yaml
run git commit -m 'no blog'
check 'a deletion: fails' status_is 1
check 'a deletion: is told' told '- A     log.example.org'
git add dns
mkdir -p sub
cd sub || exit 1
run git commit -m 'no blog'
check 'from a subfolder: passes' status_is 0
cd ..
check 'from a subfolder: agrees' head_agrees
sed -i s/store/shop/ apps/shop.yaml
git add apps
run git commit --amend --no-edit
check 'commit --amend: fails' status_is 1
git add dns
run git commit --amend --no-edit
check 'commit --amend: passes' status_is 0

# --- linked work trees, and a work tree apart from its repository
git worktree add -q "$work/a-linked" -b linked
cd "$work/a-linked" || exit 1
app blog blog.example.org
git add apps
run git commit -m blog
check 'linked work tree: fails' status_is 1
check 'linked work tree: writes there' grep -q blog "$work/a-linked/dns/example.org.inc"
check 'linked work tree: not here' bash -c '! grep -q blog "$0"' "$work/a/dns/example.org.inc"
run git commit -am blog
check 'linked work tree: passes' status_is 0
fresh dot
mv .git "$work/dot.git"
app blog blog.example.org
dotgit() { git --git-dir="$work/dot.git" --work-tree="$work/dot" "$@"; }
dotgit add apps
run dotgit commit -m blog
check '--work-tree: fails' status_is 1
check '--work-tree: writes there' grep -q blog dns/example.org.inc
dotgit add dns
run dotgit commit -m blog
check '--work-tree: passes' status_is 0

# --- outputs that the user edits
fresh b
app blog blog.example.org
git add apps
echo '; mine' >>dns/example.org.inc
run git commit -m blog
check 'an unstaged edit in the output: fails' status_is 1
check 'an unstaged edit: is told' told 'dns/example.org.inc has unstaged edits; run: git checkout --'
check 'an unstaged edit: stays' grep -q '; mine' dns/example.org.inc
git checkout -q -- dns
rm dns/example.org.inc
run git commit -m blog
check 'a missing output is written' grep -q blog dns/example.org.inc
run git commit -m blog
check 'a written output must be staged' status_is 1
check 'a written output is ready' told 'ready dns/example.org.inc'
git add dns
run git commit -m blog
check 'staged: passes' status_is 0
mkdir "$work/elsewhere"
git rm -rq --cached dns
rm -r dns
ln -s "$work/elsewhere" dns
run git commit -m link
check 'a linked folder: exit 4 or refused' test "$status" != 0
check 'a linked folder: nothing lands behind it' same "$(ls "$work/elsewhere")" ''

# --- the first commit of all
fresh c
rm -rf .git/refs/heads/main .git/index .git/logs
git add .
run git commit -m first
check 'unborn branch: passes' status_is 0
git update-ref -d HEAD
git rm -q --cached dns/example.org.inc
rm dns/example.org.inc
run git commit -m first
check 'unborn branch: fails without the output' status_is 1
check 'unborn branch: writes it' test -s dns/example.org.inc

# --- merges
fresh m
git checkout -qb left
app left left.example.org
run git commit -m skip --allow-empty
git add apps
git commit -qm left 2>/dev/null
git add dns
git commit -qm left
git checkout -q main
app right right.example.org
git add apps
git commit -qm right 2>/dev/null
git add dns
git commit -qm right
sed -i s/shop.ex/r.ex/ apps/shop.yaml
git commit -qam address 2>/dev/null
git commit -qam address
git checkout -q left
sed -i s/shop.ex/l.ex/ apps/shop.yaml
git commit -qam address 2>/dev/null
git commit -qam address
run git merge main
run "$ZONELOOM" hook pre-commit
check 'a conflict in an input: exit 4' status_is 4
check 'a conflict in an input: is named' err_has 'merge conflict in apps/shop.yaml'
check 'a conflict in an output is not' bash -c '! grep -q example.org.inc "$0"' "$work/.err"
git checkout -q --ours apps/shop.yaml
git add apps
run "$ZONELOOM" hook pre-commit
check 'conflicted outputs alone: goes on' status_is 1
git checkout -q --ours dns 2>/dev/null
"$ZONELOOM" -q generate 2>/dev/null
git add dns
run git commit -m merge
check 'merged: passes' status_is 0
check 'merged: agrees' head_agrees
check 'merged: both are there' same "$(grep -cE 'left|right' dns/example.org.inc)" "$(git show HEAD:dns/example.org.inc | grep -cE 'left|right')"

# --- flags
fresh f --check
app blog blog.example.org
git add apps
run git commit -m blog
check '--check: fails' status_is 1
check '--check: names the file' told 'stale: dns/example.org.inc'
check '--check: writes nothing' same "$(git status --porcelain)" 'A  apps/blog.yaml'
fresh g --stage
app blog blog.example.org
git add apps
echo edit >>notes.txt
run git commit -m blog
check '--stage: passes at once' status_is 0
check '--stage: agrees' head_agrees
check '--stage: other edits stay' same "$(git status --porcelain)" ' M notes.txt'
git checkout -q notes.txt
sed -i s/blog/log/ apps/blog.yaml
run git commit -am log
check '--stage, commit -a: passes' status_is 0
check '--stage, commit -a: agrees' head_agrees
check '--stage, commit -a: clean' clean
sed -i s/log/blog/ apps/blog.yaml
run git commit -m blog apps/blog.yaml
check '--stage, commit PATH: refused' status_is 1
check '--stage, commit PATH: why' told 'not in git commit PATH'
PRE_COMMIT=1 run git commit -am blog
check '--stage under pre-commit: refused' told 'not under pre-commit'
run "$ZONELOOM" hook nope
check 'no such hook: exit 2' status_is 2

# --- faults
fresh e
echo 'spec: {rules: [{host: "bad host"}]}' | sed 's/^/apiVersion: networking.k8s.io\/v1\nkind: Ingress\nmetadata: {name: x}\n/' >apps/x.yaml
git add apps
sum=$(cksum <dns/example.org.inc)
run git commit -m bad
check 'a bad input: fails' status_is 1
check 'a bad input: its place' told 'apps/x.yaml:4:'
check 'a bad input: no output is written' same "$(cksum <dns/example.org.inc)" "$sum"
git rm -qf apps/x.yaml
git rm -q --cached .zoneloom.yaml
run "$ZONELOOM" hook pre-commit
check 'no configuration in the index: exit 2' status_is 2
git reset -q --hard
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do app "n$i" "n$i.example.org"; done
git add apps
git commit -qm many 2>/dev/null
git add dns
git commit -qm many
git rm -q apps/n*.yaml
run "$ZONELOOM" hook pre-commit
check 'mass deletion: exit 6' status_is 6
run "$ZONELOOM" hook pre-commit --allow-deletes=12
check 'mass deletion: released' status_is 1

# --- push and receive
fresh p
rm .git/hooks/pre-commit
good=$(git rev-parse HEAD)
app blog blog.example.org
git add apps
git commit -qm stale
stale=$(git rev-parse HEAD)
zero=0000000000000000000000000000000000000000
push() { # LINES
	printf '%s\n' "$@" >"$work/lines"
	run "$ZONELOOM" hook pre-push origin url <"$work/lines"
}
push "refs/heads/main $stale refs/heads/main $good"
check 'pre-push, stale: exit 1' status_is 1
check 'pre-push, stale: the commit' out_has "$(echo "$stale" | cut -c1-12)"
check 'pre-push, stale: the change' out_has '+ A     blog.example.org'
check 'pre-push: writes nothing' clean
push "refs/heads/x $good refs/heads/x $zero"
check 'pre-push, another branch: exit 0' status_is 0
push "(delete) $zero refs/heads/main $stale"
check 'pre-push, deletion: exit 0' status_is 0
push "refs/tags/v1 $stale refs/tags/v1 $zero"
check 'pre-push, tag: exit 0' status_is 0
run "$ZONELOOM" hook pre-push </dev/null
check 'pre-push, no lines: HEAD' status_is 1
PRE_COMMIT=1 PRE_COMMIT_TO_REF=$good run "$ZONELOOM" hook pre-push
check 'pre-push under pre-commit' status_is 0
git clone -q --bare . "$work/p.git" 2>/dev/null
git -C "$work/p.git" update-ref refs/heads/main "$good"
printf '#!/bin/sh\nexec "$ZONELOOM" hook pre-receive\n' >"$work/p.git/hooks/pre-receive"
chmod +x "$work/p.git/hooks/pre-receive"
run git push -q "$work/p.git" main
check 'pre-receive, stale: the push is refused' test "$status" != 0
check 'pre-receive, stale: says why' err_has 'stale: dns/example.org.inc'
"$ZONELOOM" -q generate 2>/dev/null
git add dns
git commit -qm fixed
run git push -q "$work/p.git" main
check 'pre-receive, right: the push is taken' status_is 0
git checkout -q --orphan other
git rm -rqf .
git commit -q --allow-empty -m other
run git push -q "$work/p.git" other
check 'pre-receive, a branch that is not ours: taken' status_is 0

# --- the server: another configuration, garbage, new branches, deletions
receive() { # OLD NEW REF [FLAG...]
	local line="$1 $2 $3"
	shift 3
	echo "$line" >"$work/line"
	run "$ZONELOOM" hook pre-receive "$@" <"$work/line"
}
zero=0000000000000000000000000000000000000000
mkdir -p "$work/server" && cd "$work/server" || exit 1
git init -q -b main
mkdir -p conf apps
printf 'format: 1\nsource: [ingress]\ntargets: {default: [198.51.100.7]}\nzones:\n  example.org: {outputs: [{format: bind, mode: include, file: dns/e.inc}]}\n' \
	>conf/dns.yaml
printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: a.example.org}]}\n' >apps/a.yaml
git add -A && git commit -qm 'no outputs yet'
stale=$(git rev-parse HEAD)
"$ZONELOOM" --config conf/dns.yaml generate -q 2>/dev/null
git add -A && git commit -qm outputs
good=$(git rev-parse HEAD)
receive "$stale" "$good" refs/heads/main --config conf/dns.yaml
check 'pre-receive --config: right' status_is 0
receive "$good" "$stale" refs/heads/main --config conf/dns.yaml
check 'pre-receive --config: stale' test "$status" != 0
receive "$good" "$stale" refs/heads/main
check 'pre-receive: without it nothing is ours' status_is 0
ZONELOOM_CONFIG=conf/dns.yaml receive "$good" "$stale" refs/heads/main
check 'pre-receive: ZONELOOM_CONFIG counts too' test "$status" != 0
for line in 'nonsense' "$stale $good" "$stale $good refs/heads/main more" \
	"$stale nothex refs/heads/main"; do
	echo "$line" >"$work/line"
	run "$ZONELOOM" hook pre-receive <"$work/line"
	check "pre-receive refuses a line: ${line: -12}" status_is 2
	check 'and shows what it expects' err_has 'expected OLD-ID NEW-ID REF'
done
echo 'refs/heads/main nonsense' >"$work/line"
run "$ZONELOOM" hook pre-push origin url <"$work/line"
check 'pre-push refuses a line it does not know' status_is 2
git rm -q conf/dns.yaml && git commit -qm 'configuration goes'
gone=$(git rev-parse HEAD)
receive "$good" "$gone" refs/heads/main --config conf/dns.yaml
check 'pre-receive: a deleted configuration is refused' status_is 3
check 'with the code' err_has '[policy-change]'
receive "$good" "$gone" refs/heads/main --config conf/dns.yaml \
	--allow-policy-change
check 'allowed, its records still count for the brake' status_is 6
receive "$good" "$gone" refs/heads/main --config conf/dns.yaml \
	--allow-policy-change --allow-deletes=1
check 'pre-receive: allowed' status_is 0
git reset -q --hard "$good"
git checkout -qb feature
sed -i 's/^zones:/conflict: merge\nzones:/' conf/dns.yaml
git commit -qam 'looser'
loose=$(git rev-parse HEAD)
git checkout -q main
receive "$zero" "$loose" refs/heads/feature --config conf/dns.yaml
check 'pre-receive: a new branch is judged by the default one' status_is 3
receive "$zero" "$good" refs/heads/same --config conf/dns.yaml
check 'pre-receive: a new branch that changes nothing' status_is 0
receive "$good" "$zero" refs/heads/same --config conf/dns.yaml
check 'pre-receive: a branch goes' status_is 0
receive "$zero" "$loose" refs/tags/v1 --config conf/dns.yaml
check 'pre-receive: a tag publishes nothing' status_is 0

# --- the line to paste names the very files, whatever they are called
fresh names
cat >.zoneloom.yaml <<'E2'
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs:
      - {format: bind, mode: include, file: "dns/zürich.inc"}
      - {format: bind, mode: include, file: "dns/it's $(touch pwned) a; b.inc"}
      - {format: bind, mode: include, file: "dns/[a]x.inc"}
      - {format: bind, mode: include, file: "%x.inc"}
      - {format: bind, mode: include, file: "-v.inc"}
      - {format: bind, mode: include, file: "dns/\u00fcni.inc"}
E2
"$ZONELOOM" -q generate --allow-deletes=2 2>/dev/null
git add -A && git commit -qnm names
app blog blog.example.org
git add apps
echo other >'dns/ax.inc'
run git commit -m blog
paste=$(sed -n 's/^next: \(git add.*\) && git commit$/\1/p' "$work/.err")
check 'file names: what to type is told' test -n "$paste"
run bash -c "$paste"
check 'file names: git takes it' status_is 0
check 'file names: nothing else is run' test ! -e pwned
check 'file names: all of them, and no other' same \
	"$(git -c core.quotePath=false diff --cached --name-only -z | tr '\0' '\n' | sort)" \
	"$(printf '%s\n' -v.inc %x.inc apps/blog.yaml 'dns/[a]x.inc' \
		"dns/it's \$(touch pwned) a; b.inc" dns/zürich.inc 'dns/üni.inc' | sort)"
done_testing
