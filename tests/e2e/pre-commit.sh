#!/bin/bash
# The real pre-commit runs our hooks: fails once, then passes.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" "${root:?}" # of lib.sh
needs pre-commit
pc=$(command -v pre-commit)
PATH=$(dirname "$(realpath "$ZONELOOM")"):$PATH
export PATH PRE_COMMIT_HOME=$work/cache
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }
app() { # NAME
	mkdir -p apps
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web}
spec: {rules: [{host: $1.example.org}]}
E
}

check 'the manifest is valid' "$pc" validate-manifest "$root/.pre-commit-hooks.yaml"
mkdir "$work/hooks" "$work/repo"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks"
git -C "$work/hooks" init -q
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -qm hooks
git -C "$work/hooks" tag v1

cd "$work/repo" || exit 1
git init -q -b main
cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs: [{format: bind, mode: include, file: dns/example.org.inc}]
E
install_hook() { # ID
	cat >.pre-commit-config.yaml <<E
repos:
  - repo: $work/hooks
    rev: v1
    hooks: [{id: $1, stages: [pre-commit]}]
E
	git add -A
}
app shop
install_hook zoneloom-system
"$pc" install >/dev/null
run git commit -m first
check 'the first commit fails' status_is 1
check 'the change is shown' err_has '+ A     shop.example.org  192.0.2.10'
check 'the new file is written' grep -q shop dns/example.org.inc
check 'what to type is shown' err_has 'next: git add dns/example.org.inc && git commit'
git add dns
run git commit -m first
check 'then it passes' status_is 0
check 'what is committed agrees' zoneloom -q check --rev HEAD

# A manifest that is deleted names no file for a hook.
app blog
git add -A
git commit -qm blog 2>/dev/null
git add -A
git commit -qm blog 2>/dev/null
git rm -q apps/blog.yaml
run git commit -m 'no blog'
check 'a deletion alone runs the hook' status_is 1
check 'a deletion is shown' err_has '- A     blog.example.org'
git add dns
run git commit -m 'no blog'
check 'a deletion passes' status_is 0

# Untracked and unstaged work is not looked at, and stays.
app draft
echo 'metadata: [' >>apps/shop.yaml
echo x >notes.txt
git add notes.txt
run git commit -m notes
check 'other work does not count' status_is 0
check 'other work stays' same "$(git status --porcelain)" ' M apps/shop.yaml
?? apps/draft.yaml'
git checkout -q apps/shop.yaml

# Unstaged edits on the lines that the hook would write.
git add apps/draft.yaml
sed -i 's/shop/SHOP/' dns/example.org.inc
run git commit -m draft
check 'an edited output: fails' test "$status" != 0
check 'an edited output: the edit is not lost' grep -q SHOP dns/example.org.inc
git checkout -q dns
git commit -qm draft 2>/dev/null
git add dns
run git commit -m draft
check 'then it passes, too' status_is 0

install_hook zoneloom-check-system
git commit -qm check 2>/dev/null
app late
git add apps
run git commit -m late
check 'check: fails' status_is 1
check 'check: writes nothing' same "$(git status --porcelain)" 'A  apps/late.yaml'
run "$pc" run --all-files
check 'run --all-files: fails' status_is 1
"$ZONELOOM" -q generate 2>/dev/null
git add dns
run git commit -m late
check 'check: passes' status_is 0
done_testing
