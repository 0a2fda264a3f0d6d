#!/bin/bash
# The files of integrations/: their shell runs against a repository that is
# pushed to, twice; and what integrations/README.md claims has its test.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" "${root:?}"
export ZONELOOM
files=$root/integrations
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }
lacks() { ! grep -q "$1" "$2"; }
# The files name zoneloom in the PATH.
mkdir "$work/bin"
ln -s "$ZONELOOM" "$work/bin/zoneloom"
PATH=$work/bin:$PATH

app() { # NAME
	mkdir -p apps
	cat >"apps/$1.yaml" <<E2
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web}
spec: {rules: [{host: $1.example.org}]}
E2
}
git init -q --bare -b main "$work/origin.git"
git clone -q "$work/origin.git" "$work/dev" 2>/dev/null
cd "$work/dev" || exit 1
git checkout -q -b main 2>/dev/null
cat >.zoneloom.yaml <<'E2'
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs: [{format: bind, mode: include, file: dns/example.org.inc}]
E2
app one
git add -A && git commit -qm one && git push -q origin main
remote() { git -C "$work/origin.git" rev-parse -q --verify "refs/heads/$1"; }
clone() { # FOLDER [FLAG...]: as a runner does it, detached
	local folder=$1
	shift
	rm -rf "${work:?}/$folder"
	git clone -q "$@" "file://$work/origin.git" "$work/$folder" && cd "$work/$folder" &&
		git checkout -q --detach
}
review() { run env RESULT="$work/result" "$@" "$files/review-branch.sh"; }

# --- the review branch
clone ci
: >"$work/result"
review
check 'review: exit 0' status_is 0
check 'review: the branch is pushed' test -n "$(remote dns/review)"
check 'review: on main' same "$(git -C "$work/origin.git" rev-parse dns/review^)" "$(remote main)"
check 'review: changed is told' grep -qx changed=true "$work/result"
check 'review: the commit is told' grep -qx "commit=$(remote dns/review)" "$work/result"
first=$(remote dns/review)
: >"$work/result"
review
check 'review again: nothing to push' out_has 'nothing to push'
check 'review again: changed is false' grep -qx changed=false "$work/result"
clone ci2
review
check 'review on another machine: the same commit' same "$(remote dns/review)" "$first"
cd "$work/dev" && app two && git add -A && git commit -qm two && git push -q origin main
clone ci3
review
check 'a second push: exit 0' status_is 0
check 'a second push: the branch moves' same "$(git -C "$work/origin.git" rev-parse dns/review^)" "$(remote main)"
check 'a second push: one commit' same "$(git -C "$work/origin.git" rev-list --count main..dns/review)" 1
# Somebody else's commit on it is not dropped.
cd "$work/dev" && git fetch -q && git checkout -q -b mine origin/dns/review && echo x >x &&
	git add x && git commit -qm 'hand work' && git push -q origin mine:dns/review && git checkout -q main
foreign=$(remote dns/review)
clone ci4
review
check 'a commit of somebody: exit 5' status_is 5
check 'a commit of somebody: named' err_has 'hand work'
check 'a commit of somebody: stays' same "$(remote dns/review)" "$foreign"
git -C "$work/origin.git" update-ref -d refs/heads/dns/review
review
# A push in between: the lease holds.
cat >"$work/bin/racing" <<E2
#!/bin/sh
zoneloom "\$@" || exit
git -C "$work/origin.git" update-ref refs/heads/dns/review refs/heads/main
E2
chmod +x "$work/bin/racing"
cd "$work/dev" && app three && git add -A && git commit -qm three && git push -q origin main
clone ci5
review ZONELOOM="$work/bin/racing"
check 'a push in between: refused' test "$status" != 0
check 'a push in between: nothing of it is lost' same "$(remote dns/review)" "$(remote main)"
git -C "$work/origin.git" update-ref -d refs/heads/dns/review
clone ci6
review
# Merged: the branch goes.
cd "$work/dev" && git fetch -q && git merge -q --no-edit origin/dns/review && git push -q origin main
clone ci7
: >"$work/result"
review
check 'merged: exit 0' status_is 0
check 'merged: the branch is deleted' same "$(remote dns/review)" ''
check 'merged: no commit is told' grep -qx commit= "$work/result"
review
check 'merged, again: nothing to push' out_has 'nothing to push'
clone ci8
review BRANCH='x --force'
check 'a name that is none: refused' test "$status" != 0
# A protected branch: the server says no, and so does the script.
printf '#!/bin/sh\necho "protected branch" >&2\nexit 1\n' >"$work/origin.git/hooks/update"
chmod +x "$work/origin.git/hooks/update"
cd "$work/dev" && app four && git add -A && git commit -qm four
git -C "$work/origin.git" fetch -q "$work/dev" main:main
clone ci9
review
check 'a protected branch: not 0' test "$status" != 0
check 'a protected branch: the reason' err_has 'protected branch'
rm "$work/origin.git/hooks/update"

# --- who commits, and its signature
clone ci10
review GIT_AUTHOR_NAME=bot GIT_AUTHOR_EMAIL=bot@example.com GIT_COMMITTER_NAME=bot GIT_COMMITTER_EMAIL=bot@example.com
check 'identity: of the environment' same "$(git log -1 --format='%an <%ae> %cn' dns/review)" 'bot <bot@example.com> bot'
ssh-keygen -q -t ed25519 -N '' -f "$work/key" -C ci
printf 'bot@example.com %s\n' "$(cat "$work/key.pub")" >"$work/signers"
git -C "$work/origin.git" update-ref -d refs/heads/dns/review
git config commit.gpgsign true
git config gpg.format ssh
git config user.signingKey "$work/key"
git config gpg.ssh.allowedSignersFile "$work/signers"
review
check 'signed by ssh: exit 0' status_is 0
run git verify-commit dns/review
check 'signed by ssh: git verifies it' status_is 0
signed=$(remote dns/review)
review
check 'signed by ssh, again: the same commit' same "$(remote dns/review)" "$signed"
if command -v gpg >/dev/null; then
	export GNUPGHOME=$work/gnupg
	mkdir -m 700 "$GNUPGHOME"
	gpg --batch -q --passphrase '' --quick-gen-key bot@example.com ed25519 sign never 2>/dev/null
	git config gpg.format openpgp
	git config user.signingKey bot@example.com
	git -C "$work/origin.git" update-ref -d refs/heads/dns/review
	review
	check 'signed by gpg: exit 0' status_is 0
	run git verify-commit dns/review
	check 'signed by gpg: git verifies it' status_is 0
	signed=$(remote dns/review)
	review
	check 'signed by gpg, again: nothing to push' same "$(remote dns/review)" "$signed"
	gpgconf --kill gpg-agent
fi
git config --unset commit.gpgsign

# --- the gate
gate() { run env REPORTS="$work/reports" "$@" "$files/gate.sh"; }
cd "$work/dev" && git checkout -q -b change && app five && git add -A && git commit -qm five &&
	git push -q origin change
clone pr --depth 1 --branch change
gate TARGET=main HEAD=HEAD FORMATS='github sarif=dns.sarif gitlab=dns.json'
check 'gate: a shallow clone: exit 0' status_is 0
check 'gate: the change' grep -q five.example.org "$work/reports/dns.md"
check 'gate: the marker comes first' same "$(head -1 "$work/reports/dns.md")" '<!-- zoneloom -->'
check 'gate: SARIF' jq -e '.version == "2.1.0"' "$work/reports/dns.sarif"
check 'gate: code quality' jq -e 'type == "array"' "$work/reports/dns.json"
# The change brings a policy of its own, and what only that allows.
cd "$work/dev" && sed -i '/^format/a conflict: merge' .zoneloom.yaml
git add -A && git commit -qm policy && git push -q origin change
clone pr2 --branch change
gate TARGET=main
check "gate: BASE's policy judges" test "$status" != 0
check 'gate: the violation is in the comment' test -s "$work/reports/dns.md"
gate TARGET=main BASE=none
check 'gate: TARGET counts over BASE' test "$status" != 4
gate BASE="$(git rev-parse origin/main)" HEAD="$(git rev-parse origin/change~1)"
check 'gate: a merge group, by its commits: exit 0' status_is 0
gate TARGET=no-such-branch
check 'gate: no such branch: exit 4' status_is 4
echo stale >"$work/reports/dns.md"
gate BASE=HEAD HEAD=HEAD ZONELOOM=false
check 'gate: what was not judged is not called good' grep -q 'not judged' "$work/reports/dns.md"
# shellcheck disable=SC2016 # a stranger's words, not ours
for name in '$(touch pwned)' 'a;touch pwned' '`touch pwned`' '--upload-pack=touch${IFS}pwned'; do
	gate TARGET="$name"
	check "gate: a branch called $name" status_is 4
	review BRANCH="$name"
	check "review: a branch called $name" test ! -e pwned
done
check 'nothing was run' test ! -e pwned

# --- the comment
cat >"$work/bin/gh" <<'E2'
#!/bin/bash
# What GitHub would do: comments in a folder.
printf '%s\n' "$*" >>"$STORE/log"
[ ! -e "$STORE/readonly" ] || { echo 'HTTP 403' >&2; exit 1; }
case $* in
*'-X POST'*|*'-X PATCH'*)
	for word; do case $word in body=@*) cp "${word#body=@}" "$STORE/body" ;; esac; done
	case $* in *POST*) echo 7 >"$STORE/id" ;; esac ;;
*comments*) cat "$STORE/id" 2>/dev/null || : ;;
*'pr list'*) cat "$STORE/open" 2>/dev/null || echo 0 ;;
*'pr create'*) echo 1 >"$STORE/open" ;;
esac
E2
chmod +x "$work/bin/gh"
export STORE=$work/store GITHUB_REPOSITORY=o/r
mkdir "$STORE"
comment() { run env FILE="$work/reports/dns.md" PR="${1-5}" GITHUB_STEP_SUMMARY="$work/summary" "$files/github/comment.sh"; }
comment
check 'comment: made' grep -q 'POST repos/o/r/issues/5/comments' "$STORE/log"
echo second >>"$work/reports/dns.md"
comment
check 'comment: edited, not a second one' same "$(grep -c POST "$STORE/log")" 1
check 'comment: the same one' grep -q 'PATCH repos/o/r/issues/comments/7' "$STORE/log"
check 'comment: with the new text' grep -q second "$STORE/body"
touch "$STORE/readonly"
comment
check 'comment: a token that only reads: exit 0' status_is 0
check 'comment: then the summary has it' grep -q second "$work/summary"
# shellcheck disable=SC2016
comment '$(touch pwned)'
check 'comment: no number, no comment' test ! -e pwned
rm "$STORE/readonly"
git branch -q -f dns/review origin/dns/review
for _ in 1 2; do
	run env BRANCH=dns/review TARGET=main RUNNER_TEMP="$work" "$files/github/pull-request.sh"
done
check 'pull request: opened once' same "$(grep -c 'pr create' "$STORE/log")" 1
cat >"$work/bin/curl" <<'E2'
#!/bin/bash
printf '%s\n' "$*" >>"$STORE/curl"
cat >"$STORE/config"
case $* in
*'-X POST'*) echo '[{"id":9,"body":"<!-- zoneloom -->\nx"}]' >"$STORE/notes" ;;
*'-X PUT'*) ;;
*) cat "$STORE/notes" 2>/dev/null || echo '[]' ;;
esac
E2
chmod +x "$work/bin/curl"
note() { run env FILE="$work/reports/dns.md" ZONELOOM_TOKEN=sesame CI_API_V4_URL=https://gitlab.example/api/v4 CI_PROJECT_ID=3 CI_MERGE_REQUEST_IID=4 "$files/gitlab/note.sh"; }
note
note
check 'note: made once' same "$(grep -c -- '-X POST' "$STORE/curl")" 1
check 'note: then edited' grep -q -- '-X PUT .*merge_requests/4/notes/9' "$STORE/curl"
check 'note: the token is no argument' lacks sesame "$STORE/curl"
check 'note: the token is sent' grep -q 'PRIVATE-TOKEN: sesame' "$STORE/config"

# --- no word of a stranger in a shell
# shellcheck disable=SC2016 # GitHub's words
check 'no ${{ }} within a run' python3 - "$root/action.yml" "$files"/github/*.yml <<'E2'
import re, sys
bad = 0
for name in sys.argv[1:]:
    indent = None
    for n, line in enumerate(open(name), 1):
        depth = len(line) - len(line.lstrip())
        if indent is not None and line.strip() and depth <= indent:
            indent = None
        m = re.match(r"\s*(- )?run:", line)
        if m:
            indent = depth
        if indent is not None and "${{" in line:
            print("  %s:%d: %s" % (name, n, line.strip()))
            bad = 1
sys.exit(bad)
E2

# --- the hooks, as they stand there
hooks() { # FOLDER: a repository with its output, and no hook
	rm -rf "${work:?}/$1"
	mkdir "$work/$1" && cd "$work/$1" && git init -q -b main
	git -C "$work/dev" show main:.zoneloom.yaml >.zoneloom.yaml && app one && zoneloom -q generate 2>/dev/null
	git add -A && git commit -qm base
}
stale_commit() { app "$1" && git add apps && run git commit -qm "$1"; }
hooks raw
cp "$files/hooks/pre-commit" "$files/hooks/pre-push" .git/hooks/
stale_commit two
check 'raw hook: a stale output stops the commit' status_is 1
git add dns && run git commit -qm two
check 'raw hook: then it passes' status_is 0
git init -q --bare -b main "$work/server.git" && git remote add origin "$work/server.git"
app three && git add apps && git commit -q --no-verify -m three
run git push -q origin main
check 'raw hook: a stale commit is not pushed' test "$status" != 0
cp "$files/hooks/pre-receive" "$work/server.git/hooks/"
run git push -q --no-verify origin main
check 'server hook: a stale commit is refused' test "$status" != 0
check 'server hook: why' err_has 'stale: dns/example.org.inc'
zoneloom -q generate 2>/dev/null && git add -A && git commit -qm right
git reset -q --soft HEAD~2 && git commit -qm both
run git push -q origin main
check 'server hook: a right one is taken' status_is 0
hooks husky
mkdir .husky && cp "$files/hooks/husky-pre-commit" .husky/pre-commit
# What husky puts there: a script that runs the file by sh.
mkdir .husky/_ && printf '#!/bin/sh\nexec sh -e .husky/pre-commit\n' >.husky/_/pre-commit
chmod +x .husky/_/pre-commit && git config core.hooksPath .husky/_
git add -A && git commit -qm husky
stale_commit two
check 'husky: a stale output stops the commit' status_is 1
git add dns && run git commit -qm two
check 'husky: then it passes' status_is 0

# --- claims
# shellcheck disable=SC2016 # Markdown
missing() { # README: claims whose test is not there
	sed -nE 's/.*\[`(tests\/[^`]*)`: ([^]]*)\].*/\1\t\2/p' "$1" | while IFS=$'\t' read -r file label; do
		grep -qF -e "$label" "$root/$file" 2>/dev/null || echo "$file: $label"
	done
}
check 'claims: there are some' test "$(grep -c '\[`tests/' "$files/README.md")" -ge 15
check 'claims: each has its test' same "$(missing "$files/README.md")" ''
check 'claims: each file is in the table' same "$(cd "$files" && find . -type f ! -name README.md | sed 's|^\./||' |
	while read -r f; do grep -qF "$f" README.md || echo "$f"; done)" ''
done_testing
