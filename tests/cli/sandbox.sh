#!/bin/bash
# What the program gives up, asked from inside it, and that what it needs works.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib.sh"
unset ZONELOOM_SANDBOX
run "$ZONELOOM" version
check 'version says which level applies' \
	grep -qE '^sandbox: (none|seccomp|landlock [0-9]+.*)$' "$work/.out"
level=$(sed -n 's/^sandbox: //p' "$work/.out")
run env ZONELOOM_SANDBOX=off "$ZONELOOM" version
check 'version says that it is off' out_has 'sandbox: off (ZONELOOM_SANDBOX)'

export HOME=$work/home SECRET=$work/home/id_ed25519
mkdir -p "$HOME" "$work/repo/apps" && cd "$work/repo" || exit 1
echo secret >"$SECRET"
app() { # FILE HOST
	printf '%s\n' 'apiVersion: networking.k8s.io/v1' 'kind: Ingress' \
		"metadata: {name: $1, namespace: web}" \
		"spec: {rules: [{host: $2}]}" >"apps/$1.yaml"
}
git init -q -b main
cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [203.0.113.10]}
zones:
  example.org:
    outputs:
      - {format: terraform, zone-id: "${var.z}", file: dns/records.gen.tf.json}
E
app shop shop.example.org
"$ZONELOOM" -q generate
git add -A && git commit -qm one

# --- an intruder in the parsers
cc -shared -fPIC -O1 -o "$work/intruder.so" "$here/intruder.c" -ldl ||
	exit 1
intruder() {
	run env LD_PRELOAD="$work/intruder.so" \
		ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS:-}" "$@"
	cp "$work/.err" "$work/tries"
}
# got WHO PARSER TRY ANSWER
got() {
	check "$1, $2: $3: $4" grep -qxE "$1 $2 $3: ($4)" "$work/tries"
}
no='Permission denied|Operation not permitted'
paths=$no
case $level in
*landlock*) ;;
*) paths=".*" ;;	# a filter cannot see a path
esac
case $level in
*seccomp*) calls=$no ;;
*) calls=".*" ;;
esac

intruder "$ZONELOOM" generate
check 'generate works meanwhile' status_is 0
for parser in yaml json; do
	got program $parser write-system "$paths"
	got program $parser read-secret "$paths"
	got program $parser write-home "$paths"
	got program $parser talk "$calls"
	got program $parser run "$calls"
	got program $parser write-tree 'done'
done
rm -f intruder-was-here .git/intruder-was-here
for command in check list diff; do
	intruder "$ZONELOOM" $command
	check "$command works meanwhile" status_is 0
	got program yaml write-tree "$paths"
	got program yaml write-git "$paths"
	got program yaml read-tree 'done'
done
intruder "$ZONELOOM" gate HEAD...HEAD
check 'gate works meanwhile' status_is 0
got program yaml read-secret "$paths"
got program yaml write-git "$paths"
intruder "$ZONELOOM" generate --dry-run
check 'a dry run works meanwhile' status_is 0
got program yaml write-tree "$paths"
intruder "$ZONELOOM" commit --dry-run
check 'commit --dry-run works meanwhile' status_is 0
got program yaml write-git "$paths"

# Readers: a file each, and more files than one process takes alone.
for ((i = 0; i < 300; i++)); do app "a$i" "a$i.example.org"; done
intruder "$ZONELOOM" -q list --jobs 2
check 'list with readers works meanwhile' status_is 0
check 'readers print every record' test "$(grep -c 'a[0-9]*\.example\.org.* A ' "$work/.out")" = 300
for try in write-system write-home write-tree write-git read-secret; do
	got reader yaml $try "$paths"
done
got reader yaml talk "$calls"
got reader yaml run "$calls"
got reader yaml read-tree 'done'
rm -f apps/a[0-9]*.yaml

intruder env ZONELOOM_SANDBOX=off "$ZONELOOM" list
got program yaml read-secret 'done'
got program yaml run 'done'

# After the last render command, not before it.
cat >>.zoneloom.yaml <<'E'
render:
  - argv: [cat, apps/shop.yaml]
    paths: [apps/shop.yaml]
E
"$ZONELOOM" allow >/dev/null
intruder "$ZONELOOM" check
check 'a render command still runs' status_is 0
got program yaml run 'done'
got program json run "$calls"
got program json read-secret "$paths"
git checkout -q .zoneloom.yaml

# --- what has to work all the same
app blog blog.example.org
run "$ZONELOOM" -q check --report json="$work/new.json" \
	--report markdown="$work/new.md"
check 'reports outside: written' test -s "$work/new.json" -a -s "$work/new.md"
: >"$work/there.json"
run "$ZONELOOM" -q check --report json="$work/there.json"
check 'a report that is there: written' test -s "$work/there.json"
run "$ZONELOOM" -q check --report json=/dev/stdout
check 'a report to /dev/stdout, a file' json_says '.zones'
check 'a report to /dev/stdout, a pipe' bash -c \
	'"$0" -q check --report json=/dev/stdout | jq -e .zones >/dev/null' "$ZONELOOM"
run "$ZONELOOM" -q check --report json=/dev/null
check 'a report to /dev/null' status_is 1
git add -A && git commit -qm two
run "$ZONELOOM" -q commit --changed-file "$work/changed"
check 'commit --changed-file outside' test "$(cat "$work/changed")" = true

mkdir "$work/conf"
printf 'cluster: outside\n' >"$work/conf/vars.yaml"
sed 's/203.0.113.10/203.0.113.99/' .zoneloom.yaml >"$work/conf/dns.yaml"
run "$ZONELOOM" list --config "$work/conf/dns.yaml" --vars-file "$work/conf/vars.yaml"
check 'a configuration outside' out_has 203.0.113.99
run env ZONELOOM_CONFIG="$work/conf/dns.yaml" "$ZONELOOM" list
check 'and by ZONELOOM_CONFIG' out_has 203.0.113.99

# Settings of the user, from files that include each other by relative paths.
mkdir -p "$HOME/dot/more"
printf '[include]\n\tpath = dot/base\n' >"$HOME/.gitconfig"
printf '[include]\n\tpath = more/base\n' >"$HOME/dot/base"
printf '[user]\n\tname = Bob\n\temail = bob@example.org\n[core]\n\tattributesFile = ~/dot/attributes\n' \
	>"$HOME/dot/more/base"
printf '*.json eol=crlf\n' >"$HOME/dot/attributes"
app late late.example.org
git add -A && git commit -qm three
run env -u GIT_CONFIG_GLOBAL -u GIT_AUTHOR_NAME -u GIT_COMMITTER_NAME \
	-u GIT_AUTHOR_EMAIL -u GIT_COMMITTER_EMAIL "$ZONELOOM" commit
check 'settings that are included: commit' status_is 0
check 'settings that are included: whose' \
	test "$(git log -1 --format=%ae)" = bob@example.org
check 'settings that are included: attributes' \
	grep -q $'\r' dns/records.gen.tf.json
git checkout -q -- dns

# Objects, index and git folder elsewhere.
git clone -q --shared . "$work/shared"
(cd "$work/shared" && app s s.example.org && git add -A && git commit -qm s)
run "$ZONELOOM" -q -C "$work/shared" commit
check 'alternates: commit' status_is 0
run git -C "$work/shared" fsck --strict
check 'alternates: whole' status_is 0
mkdir -p "$work/objects/pack" "$work/objects/info"
echo "$work/shared/.git/objects" >"$work/objects/info/alternates"
(cd "$work/shared" && app t t.example.org && git add -A && git commit -qm t)
cd "$work/shared" || exit 1
run env GIT_OBJECT_DIRECTORY="$work/objects" "$ZONELOOM" -q commit --branch dns/o
check 'GIT_OBJECT_DIRECTORY: commit' status_is 0
check 'GIT_OBJECT_DIRECTORY: there' bash -c \
	'GIT_OBJECT_DIRECTORY=$0 git cat-file -e dns/o^{tree}' "$work/objects"
cp .git/index "$work/objects/index"
run env GIT_INDEX_FILE="$work/objects/index" "$ZONELOOM" hook pre-commit --stage
check 'GIT_INDEX_FILE elsewhere: stage' status_is 0
git worktree add -q "$work/linked" -b linked
cd "$work/linked" || exit 1
app u u.example.org && git add -A && git commit -qm u
run "$ZONELOOM" -q commit
check 'linked work tree: commit' status_is 0
check 'linked work tree: clean' test -z "$(git status --porcelain)"
cd "$work/repo" || exit 1
mkdir "$work/links" "$work/links/.git"
for f in .git/*; do ln -s "$PWD/$f" "$work/links/$f"; done
rm "$work/links/.git/index" "$work/links/.git/HEAD"
cp .git/HEAD "$work/links/.git/HEAD"
cd "$work/links" || exit 1
git reset -q --hard && git checkout -q -b links
app v v.example.org && git add -A && git commit -qm v
run "$ZONELOOM" -q commit
check 'a git folder of links: commit' status_is 0
check 'a git folder of links: clean' test -z "$(git status --porcelain)"

# Without git.
mkdir "$work/plain" && cp -r apps .zoneloom.yaml "$work/plain" &&
	cd "$work/plain" || exit 1
run "$ZONELOOM" -q generate --dir .
check '--dir: generate' test -s dns/records.gen.tf.json
run "$ZONELOOM" -q list --stdin <apps/shop.yaml
check '--stdin: the configuration of the folder' out_has 203.0.113.10
rm .zoneloom.yaml
run "$ZONELOOM" init
check 'init without git' test -s .zoneloom.yaml
done_testing
