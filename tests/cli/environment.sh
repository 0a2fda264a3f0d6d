#!/bin/bash
# What the machine, and not the input, does not let us do is exit 4; names that
# git or another machine would not take are exit 2 in every command.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
config() {
	printf 'format: 1\ntargets: {default: [198.51.100.7]}\nzones:\n  example.org:\n    addresses: any\n    outputs:\n    - {format: bind, mode: include, file: "%s"}\n' \
		"$1" >.zoneloom.yaml
}
config dns/org.inc
cat >apps/a.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {rules: [{host: a.example.org}]}
E
git add -A && git commit -qm one
"$ZONELOOM" -q generate && git add -A && git commit -qm two
sed -i 's/host: a/host: b/' apps/a.yaml
git commit -qam three
state() { git status --porcelain; git rev-parse HEAD; find . -type f -exec sha1sum {} + | grep -v '/\.git/logs' | sort; }
before=$(state)

# Standard output that is full, and one that is closed.
while read -r command; do
	# shellcheck disable=SC2086 # words
	"$ZONELOOM" $command >/dev/full 2>"$work/.err"
	status=$? err=$(cat "$work/.err")
	check "$command: standard output is full" status_is 4
	check 'and it says so' err_has 'zoneloom: standard output: No space left on device'
	# shellcheck disable=SC2086
	"$ZONELOOM" $command >&- 2>"$work/.err"
	status=$? err=$(cat "$work/.err")
	check "$command: standard output is closed" status_is 4
	check 'and it says so' err_has 'zoneloom: standard output: Bad file descriptor'
done <<'E'
list
list -o jsonl
list --rev HEAD -o yaml
explain b.example.org
check
diff
gate HEAD~1...HEAD
generate --stdout
help
help --schema
completion bash
version
E
check 'no file became the output' [ "$(state)" = "$before" ]

# Reports.
mkdir "$work/there"
for file in "$work/none/report" "$work/there" /dev/full; do
	for command in 'check' 'diff' 'gate HEAD~1...HEAD'; do
		# shellcheck disable=SC2086
		run "$ZONELOOM" $command "--report=json=$file"
		check "$command: a report in ${file##*/}" status_is 4
		check 'named' err_has "$file"
	done
done
check 'nothing was changed' [ "$(state)" = "$before" ]
"$ZONELOOM" -q check --report=json=/dev/stdout >"$work/report" 2>/dev/null
check 'a report into /dev/stdout is whole' jq -e . "$work/report"

# Files that nobody could check out.
while IFS= read -r name; do
	config "$name"
	for command in list generate check diff 'gate HEAD~1...HEAD' commit 'hook pre-commit'; do
		case $command in
		gate*) git commit -qam "$name" ;;
		commit) ;;
		esac
		# shellcheck disable=SC2086
		run "$ZONELOOM" $command
		check "$command: file: $name" status_is 2
		check 'with its place' err_has '.zoneloom.yaml:7:7: error: zones.example.org: invalid file'
	done
done <<E
.GIT/x
dns/git~1/x
dns/a.
dns/CON
dns/aux.inc
dns/a:b
dns/$(printf '\342\200\256')x
E
done_testing
