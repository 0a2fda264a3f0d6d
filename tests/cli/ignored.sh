#!/bin/bash
# An output that git ignores: generate wrote it, check called it missing, the hook
# said "git add", which git refuses.  Each names the rule; git is the judge.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh" || exit 1
output=dns/example.org/records.gen.tf.json

fresh() { # CASE: a repository without outputs
	mkdir -p "$work/$1/apps" && cd "$work/$1" || exit 1
	git init -q -b main .
	printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: d}\nspec: {rules: [{host: web.example.org}]}\n' >apps/web.yaml
	printf 'format: 1\ntargets: {default: [198.41.0.4]}\nzones:\n  example.org:\n    outputs: [{format: terraform, zone-id: 0123456789abcdef0123456789abcdef, file: %s}]\n' \
		"$output" >.zoneloom.yaml
}

# Where git itself finds the rule, "FILE:LINE"; the clone's own files by their
# whole path.
judge() {
	git check-ignore -v "$output" | sed -e 's/\t.*//' -e 's/^\([^:]*:[0-9]*\):.*/\1/' \
		-e "s,^\.git/,$PWD/.git/,"
}

# agrees CASE: generate and check warn at git's place, hook and commit refuse.
agrees() {
	local name=$1 at
	git add -A && git commit -qm manifests
	at=$(judge)
	check "$name: git ignores it" test -n "$at"
	run "$ZONELOOM" generate
	check "$name: generate goes on" status_is 0
	check "$name: generate warns" err_has "$at:1: warning: output $output is ignored by the rule"
	run "$ZONELOOM" generate --stdout
	check "$name: what is printed needs no file" test -z "$(grep ignored <<<"$err")"
	run "$ZONELOOM" check
	check "$name: check warns" err_has "$at:1: warning: output $output"
	run "$ZONELOOM" hook pre-commit
	check "$name: the hook stops" status_is 3
	check "$name: the hook names the rule" err_has "$at:1: error: output $output"
	check "$name: and what to type" err_has "git add -f $output"
}

fresh root
printf '# generated\n\n*.gen.*\n' >.gitignore
agrees root
run "$ZONELOOM" commit
check 'commit stops' status_is 3
check 'commit names the rule' err_has '.gitignore:3:1: error: output dns/'
run "$ZONELOOM" commit --branch dns/review
check 'commit to a review branch stops' status_is 3
check 'nothing was committed' test "$(git log --all --oneline | wc -l)" = 1
run "$ZONELOOM" check --rev HEAD
check 'a revision is asked by its own .gitignore' err_has '.gitignore:3:1: warning:'

git add -f "$output" && git commit -qm outputs
run "$ZONELOOM" generate
check 'tracked: no word' test -z "$(grep ignored <<<"$err")"
run "$ZONELOOM" hook pre-commit
check 'tracked: the hook passes' status_is 0
run "$ZONELOOM" commit
check 'tracked: commit passes' status_is 0

fresh folder
printf 'dns/\n!*.tf.json\n' >.gitignore
agrees 'a folder, which "!" does not open'

fresh nested
mkdir -p dns/example.org
printf '*.tf\nrecords*\n' >dns/example.org/.gitignore
agrees 'the nearest file'

fresh exclude
echo '*.json' >>.git/info/exclude
agrees 'info/exclude'

fresh user
printf '/dns\n' >"$work/user.ignore"
git config core.excludesFile "$work/user.ignore"
agrees 'core.excludesFile'
run "$ZONELOOM" commit
check 'what only this user ignores does not stop commit' status_is 0

fresh opened
printf '*.json\n!/dns/**/records.gen.tf.json\n' >.gitignore
git add -A && git commit -qm manifests
check 'opened: git takes it' test -z "$(git check-ignore "$output")"
run "$ZONELOOM" generate
check 'opened: no word' test -z "$(grep ignored <<<"$err")"
run "$ZONELOOM" hook pre-commit
check 'opened: the hook asks for git add' out_has "next: git add $output"

mkdir -p "$work/plain/apps" && cd "$work/plain" || exit 1
cp "$work/root/.zoneloom.yaml" . && cp "$work/root/apps/web.yaml" apps/ && echo '*' >.gitignore
run "$ZONELOOM" generate --dir .
check 'without git nothing is ignored' test -z "$(grep ignored <<<"$err")"
done_testing
