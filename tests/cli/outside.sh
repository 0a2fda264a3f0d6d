#!/bin/bash
# What a configuration can make zoneloom read: plain files of its snapshot, and
# no variable of the environment but its own.
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
config() {
	printf 'format: 1\ntargets: {default: [198.51.100.7]}\n%s\nzones: {example.org: {}}\n' \
		"$1" >.zoneloom.yaml
}
cat >apps/a.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {rules: [{host: "${TOKEN}.example.org"}]}
E
echo 'TOKEN: s3cret' >"$work/secret.yaml"
echo 'TOKEN: plain' >vars.yaml
mkfifo pipe.yaml
hidden() { [[ $out$err != *s3cret* ]] || { echo "  $out $err"; false; }; }

for file in ../secret.yaml "$work/secret.yaml" pipe.yaml /dev/stdin apps; do
	config "vars-file: $file"
	run timeout 5 "$ZONELOOM" list
	check "vars-file ${file##*/}: refused" status_is 2
	check 'with its place' err_has '.zoneloom.yaml:3:12: error: vars-file'
	check 'nothing of it is shown' hidden
done
ln -s ../secret.yaml link.yaml
config 'vars-file: link.yaml'
run "$ZONELOOM" list
check 'a link out of the tree' [ "$status" -ge 2 ]
check 'a link: nothing of it is shown' hidden
config 'vars-file: vars.yaml'
run "$ZONELOOM" list
check 'a file of the tree' out_has plain.example.org
config ''
run "$ZONELOOM" list --vars-file "$work/secret.yaml"
check 'the command line may name any file' out_has s3cret.example.org

config 'vars: {TOKEN: {env: GITHUB_TOKEN}}'
GITHUB_TOKEN=s3cret run "$ZONELOOM" list
check "the job's own variable is not read" status_is 2
check 'and the name that is, is said' err_has ZONELOOM_VAR_GITHUB_TOKEN
check 'the value is not shown' hidden
ZONELOOM_VAR_GITHUB_TOKEN=mine GITHUB_TOKEN=s3cret run "$ZONELOOM" list
check 'ours is' out_has mine.example.org
done_testing
