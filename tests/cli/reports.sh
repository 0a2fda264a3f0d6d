#!/bin/bash
# What --report writes is what its readers take: SARIF, GitLab's code quality,
# our JSON.
# shellcheck source=tests/lib.sh disable=SC2016
. "$(dirname "$0")/../lib.sh"
oracle=$root/tests/cli/reports.py
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
printf 'format: 1\ntargets: {default: [8.8.8.8]}\nzones: {example.com: {}}\n' \
	>.zoneloom.yaml
ingress() { # NAME HOST
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n'
	printf 'metadata: {name: %s}\nspec: {rules: [{host: "%s"}]}\n' "$1" "$2"
}
reports() { # COMMAND...: all of them, each into its file
	run "$ZONELOOM" "$@" --report "sarif=$work/sarif" \
		--report "gitlab=$work/gitlab" --report "json=$work/json" \
		--report "markdown=$work/markdown"
}
hold() { # WHAT
	local form
	for form in sarif gitlab json; do
		check "$1: $form" python3 "$oracle" "$form" "$work/$form"
	done
}
names() { jq -r '.[].fingerprint' "$work/gitlab" | sort; }

ingress a a.example.com >apps/a.yaml
git add -A && git commit -qm base
reports gate HEAD...HEAD
hold 'nothing found'
check 'no result closes the alerts of the run before' \
	[ "$(jq -c '[.runs[].results, .runs[].tool.driver.rules]' "$work/sarif")" = '[[],[]]' ]
check 'no finding of GitLab, either' [ "$(cat "$work/gitlab")" = '[]' ]
check 'nothing is printed beside the files' [ -z "$out" ]

git checkout -qb change
{ ingress b 'b..example.com'; ingress c c.example.org; } >'apps/b #1:é%.yaml'
git rm -qf apps/a.yaml
git add -A && git commit -qm faults
reports gate main...HEAD
check 'faults: exit 3' [ "$status" = 3 ]
hold 'two findings'
check 'errors first, each with its level' \
	[ "$(jq -c '[.runs[].results[] | [.ruleId, .level]]' "$work/sarif")" = '[["dname","error"],["no-zone","warning"]]' ]
check 'a path is a URI' [ "$(jq -r '.runs[].results[0].locations[].physicalLocation.artifactLocation.uri' "$work/sarif")" = 'apps/b%20%231%3A%C3%A9%25.yaml' ]
check 'GitLab has the path as it is' [ "$(jq -r '.[0].location.path' "$work/gitlab")" = 'apps/b #1:é%.yaml' ]
check 'the change of each name' [ "$(jq -c '[.zones[].changes[] | .change + " " + .name] | unique' "$work/json")" = '["delete a-a.example.com","delete a.example.com"]' ]
check 'a comment begins with the mark that finds it again' \
	[ "$(head -n 1 "$work/markdown")" = '<!-- zoneloom -->' ]

# A finding is the same one when its line moves, and another one elsewhere.
before=$(names)
{ printf '# one\n# two\n'; cat 'apps/b #1:é%.yaml'; } >"$work/moved"
cp "$work/moved" 'apps/b #1:é%.yaml' && git commit -qam moved
reports gate main...HEAD
check 'fingerprints outlive a move' [ "$(names)" = "$before" ]
cp "$work/moved" apps/other.yaml && git add -A && git commit -qm twice
reports gate main...HEAD
hold 'the same fault twice'
check 'fingerprints: all of before' [ -z "$(comm -23 <(echo "$before") <(names))" ]
check "and those of the other file" [ "$(names | wc -l)" -gt 2 ]

# The other place of a conflict.
git checkout -q main
printf 'format: 1\ntargets: {default: [8.8.8.8]}\nzones: {example.com: {}}\n' \
	>.zoneloom.yaml
for n in 1 2; do
	cat >"apps/d$n.yaml" <<-END
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: d$n
	  annotations: {external-dns.kubernetes.io/target: 9.9.9.$n}
	spec: {rules: [{host: d.example.com}]}
	END
done
reports diff
hold 'a conflict'
check 'a conflict names both places' \
	[ "$(jq -r '.runs[].results[] | select(.ruleId == "conflict") | .relatedLocations | length' "$work/sarif" | head -n 1)" = 1 ]

# Of every command that has reports.
for c in check 'diff HEAD' lint 'gate HEAD...HEAD'; do
	# shellcheck disable=SC2086
	reports $c
	hold "$c"
done

# More than a reader shows: the errors stay, and the rest is counted.
{ for ((i = 0; i < 5100; i++)); do ingress "m$i" "m$i.example.org"; done
	ingress last 'l..example.com'; } >apps/many.yaml
rm apps/d?.yaml
reports diff
check 'SARIF: what GitHub shows at most' [ "$(jq '.runs[].results | length' "$work/sarif")" = 5000 ]
check 'SARIF: the error is among them' [ "$(jq -r '.runs[].results[0].ruleId' "$work/sarif")" = dname ]
check 'SARIF: the others are counted' \
	[ "$(jq -r '.runs[].invocations[].toolExecutionNotifications[].message.text' "$work/sarif")" = 'not shown: 101 findings' ]
hold 'many'

# The page: its policy names what stands in it; a stranger's text is text.
check "the page allows its own style and script" python3 "$root/scripts/page.py" --check
rm apps/*.yaml
ingress x '</td><script>alert(1)</script>.example.com' >'apps/<img src=x onerror=y>.yaml'
run "$ZONELOOM" diff --report html
check 'one script, no image' [ "$(grep -cE '<script|<img' "$work/.out")" = 1 ]
check 'the finding has its line' out_has \
	'rules: [{host: &#34;&#60;/td&#62;&#60;script&#62;alert(1)'
check 'nothing is loaded' [ "$(grep -cE '(src|href)="?(https?:)?//' "$work/.out")" = 0 ]

run "$ZONELOOM" diff --report sarfi
check 'an unknown report names all of them' err_has \
	'invalid --report "sarfi": expected github, gitlab, html, json, markdown, sarif or text; did you mean sarif?'
done_testing
