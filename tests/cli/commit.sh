#!/bin/bash
# commit: base tree plus our paths, nothing of the user's, one ref moved.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" # of lib.sh

app() { # NAME HOST
	mkdir -p apps
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web}
spec: {rules: [{host: $2}]}
E
}
fresh() { # FOLDER: a repository with one application and no outputs yet
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1"
	cd "$work/$1" || exit 1
	git init -q -b main
	cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs:
      - {format: bind, mode: include, file: dns/example.org.inc}
      - {format: terraform, zone-id: "${var.zone_id}", file: dns/example.org.tf.json}
E
	app shop shop.example.org
	echo notes >notes.txt
	git add -A
	git commit -qm base
}
zl() { run "$ZONELOOM" -q "$@"; }
head_is() { [ "$(git rev-parse "${2:-HEAD}")" = "$1" ] || { echo "  $(git rev-parse "${2:-HEAD}") is no $1"; false; }; }
clean() { [ -z "$(git status --porcelain)" ] || { git status --short; false; }; }
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }

# --- the current branch
fresh a
base=$(git rev-parse HEAD)
zl commit --dry-run
check 'dry run: exit 0' status_is 0
check 'dry run: the change' out_has '+ A     shop.example.org'
check 'dry run: the message' out_has 'dns: 1 change in example.org (+1 ~0 -0)'
would=$(sed -n 's/^branch main: [0-9a-f]* -> //p' "$work/.out")
check 'dry run: HEAD stays' head_is "$base"
check 'dry run: nothing is written' clean
check 'dry run: no object is written' same "$(git cat-file -t "$would" 2>/dev/null)" ''

zl commit --date=@1700000000
check 'commit: exit 0' status_is 0
check 'commit: prints the id, nothing else' head_is "$out"
check 'commit: one parent' same "$(git rev-parse HEAD^)" "$base"
check 'commit: work tree and index agree with it' clean
check 'commit: only our paths' same "$(git diff --name-only HEAD^ HEAD)" 'dns/example.org.inc
dns/example.org.tf.json'
check 'commit: git reads the trailers' same "$(git log -1 --format='%(trailers:only)' | sed 's/zoneloom .*/zoneloom X/')" "Source-Commit: $base
Generated-by: zoneloom X"
check 'commit: the change is in the body' same "$(git log -1 --format=%b | head -1)" '+ A      shop.example.org  192.0.2.10  apps/shop.yaml:4'
check 'commit: date as asked' same "$(git log -1 --format='%at %ct')" '1700000000 1700000000'
check 'commit: reflog' same "$(git reflog -1 --format=%gs)" 'commit (zoneloom)'
check 'commit: git fsck' git fsck --strict --no-dangling
check 'commit: no lock is left' test ! -e .git/index.lock
"$ZONELOOM" -q check >/dev/null 2>&1
check 'commit: check agrees' test $? = 0
now=$(git rev-parse HEAD)
zl commit --changed-file "$work/changed"
check 'again: exit 0' status_is 0
check 'again: prints nothing' same "$out" ''
check 'again: HEAD stays' head_is "$now"
check 'again: says so in the file' same "$(cat "$work/changed")" false

# --- the user's own work
app blog blog.example.org
git add apps/blog.yaml
git commit -qm blog
app wiki wiki.example.org
git add apps/wiki.yaml
echo more >>notes.txt
echo new >untracked.txt
before=$(git status --porcelain)
zl commit --changed-file "$work/changed"
check 'staged and unstaged work: exit 0' status_is 0
check 'staged and unstaged work: as it was' same "$(git status --porcelain)" "$before"
check 'what is staged is not derived' out_lacks wiki
check 'what is staged makes no record' bash -c '! grep -q wiki dns/*'
check 'what is committed does' grep -q blog dns/example.org.inc
check 'says so in the file' same "$(cat "$work/changed")" true

# --- outputs that are not as the base has them
fresh b
zl commit
app blog blog.example.org
git add -A
git commit -qm blog
now=$(git rev-parse HEAD)
echo '; mine' >>dns/example.org.inc
zl commit
check 'unstaged edit: exit 4' status_is 4
check 'unstaged edit: the file is named' err_has 'dns/example.org.inc has unstaged edits'
check 'unstaged edit: what to type' err_has 'git checkout -- dns/example.org.inc'
check 'unstaged edit: HEAD stays' head_is "$now"
check 'unstaged edit: the edit stays' grep -q '; mine' dns/example.org.inc
git add dns
zl commit
check 'staged edit: exit 4' status_is 4
check 'staged edit: what to type' err_has 'git restore --staged dns/example.org.inc'
check 'staged edit: no lock is left' test ! -e .git/index.lock
git reset -q --hard
"$ZONELOOM" -q generate 2>/dev/null
zl commit
check 'outputs generated before: exit 0' status_is 0
check 'outputs generated before: clean' clean
rm dns/example.org.inc
app wiki wiki.example.org
git add apps
git commit -qm wiki
zl commit
check 'a missing file is written again' test -s dns/example.org.inc
check 'a missing file: clean' clean

# --- links and folders in the way
fresh c
mkdir "$work/elsewhere"
ln -s "$work/elsewhere" dns
git add -A
git commit -qm link
zl commit
check 'a linked folder is refused: exit 4' status_is 4
check 'a linked folder is refused: why' err_has 'symbolic link'
check 'nothing lands behind it' same "$(ls "$work/elsewhere")" ''
fresh c
mkdir dns
ln -s "$work/elsewhere/x" dns/example.org.inc
git add -A
git commit -qm link
zl commit
check 'a linked file out of the tree is refused: exit 3' status_is 3
check 'a linked file out of the tree is refused: why' err_has 'symbolic link'
check 'nothing lands behind it, either' test ! -e "$work/elsewhere/x"
fresh c
"$ZONELOOM" -q generate 2>/dev/null
mv dns/example.org.inc real.inc
ln -s ../real.inc dns/example.org.inc
app blog blog.example.org
git add -A
git commit -qm link
sum=$(cksum <real.inc)
zl commit
check 'a linked file inside the tree is refused: exit 4' status_is 4
check 'a linked file inside the tree is refused: why' err_has 'symbolic link'
check 'what it leads to stays' same "$(cksum <real.inc)" "$sum"
fresh c
ln -s "$work/elsewhere" dns
zl commit
check 'a link in the work tree alone is refused' status_is 4
check 'nothing lands behind it, again' same "$(ls "$work/elsewhere")" ''
fresh c
echo file >dns
git add -A
git commit -qm file
zl commit
check 'a file in place of a folder: exit 4' status_is 4
fresh c
mkdir DNS
echo x >DNS/x
git add -A
git commit -qm case
zl commit
check 'a name that differs in case only: exit 4' status_is 4
check 'a name that differs in case only: why' err_has 'differs only in case'
fresh c
echo '*.tf.json filter=lfs' >.gitattributes
git add -A
git commit -qm attributes
zl commit
check 'a filter on an output: exit 2' status_is 2
check 'a filter on an output: which' err_has 'filter=lfs'

# --- line ends
fresh d
echo '*.inc text eol=crlf' >.gitattributes
git add -A
git commit -qm attributes
zl commit
check 'line ends: exit 0' status_is 0
check 'line ends: clean' clean
check 'line ends: CRLF on disk' grep -q $'\r$' dns/example.org.inc
check 'line ends: LF in git' bash -c '! git cat-file -p HEAD:dns/example.org.inc | grep -q $'"'\\r'"
zl check
check 'line ends: check agrees' status_is 0
zl generate
check 'line ends: generate writes nothing' clean

# --- file mode
fresh d
zl commit
chmod +x dns/example.org.inc
git add -A
git commit -qm mode
app blog blog.example.org
git add -A
git commit -qm blog
zl commit
check 'an executable output stays one' same "$(git ls-tree HEAD dns/example.org.inc | cut -c1-6)" 100755
check 'an executable output: clean' clean

# --- locks
fresh e
: >.git/index.lock
now=$(git rev-parse HEAD)
zl commit
check 'index.lock: exit 5' status_is 5
check 'index.lock: HEAD stays' head_is "$now"
check 'index.lock: it stays' test -e .git/index.lock
rm .git/index.lock
: >.git/refs/heads/main.lock
zl commit
check 'ref lock: exit 5' status_is 5
check 'ref lock: nothing is written' clean
check 'ref lock: no index.lock is left' test ! -e .git/index.lock
rm .git/refs/heads/main.lock
git worktree add -q --detach "$work/e-other"
zl commit
check 'after the lock: exit 0' status_is 0

# --- where no commit can go
git checkout -q --detach
zl commit --base HEAD~1
check 'detached: exit 4' status_is 4
check 'detached: what to type' err_has '--branch NAME --base REV'
git checkout -q main
git revert -n HEAD
zl commit
check 'a revert in progress: exit 4' status_is 4
check 'a revert in progress: is named' err_has 'a revert is in progress'
git revert --abort
zl commit --base HEAD~1
check '--base below the tip: exit 2' status_is 2
for flag in --index --worktree --stdin --rev=HEAD; do
	zl commit $flag
	check "$flag is refused" status_is 2
done
zl commit --base nope
check 'no such base: exit 4' status_is 4
mkdir "$work/empty" && cd "$work/empty" && git init -q
zl commit
check 'unborn branch: exit 4' status_is 4
check 'unborn branch: why' err_has 'no commit yet'
fresh f
git checkout -q --orphan other
git rm -rqf --cached .
zl commit --base main
check 'unborn branch with --base: exit 0' status_is 0
check 'unborn branch with --base: no parent' same "$(git log -1 --format=%P other)" ''
check 'unborn branch with --base: base and outputs' same "$(git ls-tree -r --name-only other | wc -l)" 5

# --- identity
fresh g
nobody=(env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL -u GIT_COMMITTER_NAME -u GIT_COMMITTER_EMAIL -u EMAIL)
run "${nobody[@]}" "$ZONELOOM" -q commit
check 'nobody: exit 4' status_is 4
check 'nobody: what to type' err_has 'git config user.name'
git config user.name 'Cfg Name'
git config user.email cfg@example.com
git config author.name 'Au Thor'
run "${nobody[@]}" "$ZONELOOM" -q commit
check 'settings name them' same "$(git log -1 --format='%an <%ae> %cn <%ce>')" \
	'Au Thor <cfg@example.com> Cfg Name <cfg@example.com>'
git reset -q --hard HEAD~1
zl commit --author 'Flag <flag@example.com>' --signoff --trailer Ticket=D-1
check '--author' same "$(git log -1 --format='%an <%ae> %cn')" 'Flag <flag@example.com> Ann'
check '--trailer and --signoff' same "$(git log -1 --format='%(trailers:key=Ticket,key=Signed-off-by)')" \
	'Ticket: D-1
Signed-off-by: Ann <ann@example.com>'
zl commit --trailer 'a b=c'
check 'a trailer that is none: exit 2' status_is 2
zl commit --author nobody --branch x
check 'an author that is none: exit 2' status_is 2
git reset -q --hard HEAD~1
for d in 1700000000:@1700000000 1700000000:2023-11-14T22:13:20Z \
	'1700000000:2023-11-14 23:13:20 +0100' \
	'1700000000:Tue, 14 Nov 2023 22:13:20 +0000'; do
	zl commit --branch "date/x" --force --date "${d#*:}"
	check "date ${d#*:}" same "$(git log -1 --format=%at date/x)" "${d%%:*}"
done
for d in yesterday 2023-13-01T00:00:00Z 2023-02-30 @x; do
	zl commit --branch date/y --date "$d"
	check "date $d is none" status_is 2
done

# --- review branches
fresh h
zl commit --branch dns/review
check 'review: exit 0' status_is 0
first=$out
check 'review: the branch is there' head_is "$first" dns/review
check 'review: main stays' same "$(git log --oneline main | wc -l)" 1
check 'review: nothing is checked out' same "$(git symbolic-ref --short HEAD)" main
check 'review: the work tree stays' clean
check 'review: dated as its base' same "$(git log -1 --format='%at %ct' dns/review)" \
	"$(git log -1 --format='%ct %ct' main)"
sleep 1
zl commit --branch dns/review
check 'review again: exit 0' status_is 0
check 'review again: prints nothing' same "$out" ''
check 'review again: same commit' head_is "$first" dns/review
git branch -D dns/review -q
zl commit --branch dns/review
check 'review anew: same commit id' same "$out" "$first"
app blog blog.example.org
git add -A
git commit -qm blog
zl commit --branch dns/review
check 'review moves with its base' same "$(git rev-parse dns/review^)" "$(git rev-parse main)"
check 'review is one commit' same "$(git rev-list --count main..dns/review)" 1
ours=$(git rev-parse dns/review)
git checkout -q dns/review
echo x >>notes.txt
git commit -qam 'hand work'
git checkout -q main
app wiki wiki.example.org
git add -A
git commit -qm wiki
foreign=$(git rev-parse dns/review)
zl commit --branch dns/review
check 'foreign commits: exit 5' status_is 5
check 'foreign commits: are named' err_has 'hand work'
check 'foreign commits: stay' head_is "$foreign" dns/review
zl commit --branch dns/review --force
check 'foreign commits: --force drops them' status_is 0
check 'foreign commits: dropped' same "$(git log --format=%s main..dns/review | grep -c hand)" 0
git merge -q dns/review
git branch -q obsolete "$ours"
zl commit --branch dns/review
check 'merged: nothing' same "$out" ''
run "$ZONELOOM" commit --branch obsolete
check 'obsolete: is said' err_has 'obsolete: --prune deletes it'
check 'obsolete: stays' head_is "$ours" obsolete
run "$ZONELOOM" commit --branch obsolete --prune
check 'obsolete: --prune deletes it' bash -c '! git rev-parse -q --verify obsolete >/dev/null'
check 'obsolete: is said again' err_has deleted
zl commit --branch main
check 'the current branch by name: exit 4' status_is 4
app more more.example.org
git add -A
git commit -qm more
git worktree add -q "$work/h-other" -b elsewhere
zl commit --branch elsewhere
check 'checked out elsewhere: exit 4' status_is 4
check 'checked out elsewhere: why' err_has 'another work tree'
zl commit --branch 'a..b'
check 'no name for a branch: exit 2' status_is 2
zl commit --branch 'dns/{zone}/{base}/{hash}'
name=$(git for-each-ref --format='%(refname:short)' 'refs/heads/dns/example.org/main/*')
check 'words of a branch name' same "$name" \
	"dns/example.org/main/$(git rev-parse "$name^{tree}" | cut -c1-12)"

# --- detached, as CI checks out; from a linked work tree; bare
git checkout -q --detach
zl commit --branch ci
check 'detached with --branch: exit 0' status_is 0
cd "$work/h-other" || exit 1
zl commit
check 'linked work tree: exit 0' status_is 0
check 'linked work tree: clean' clean
check 'linked work tree: its branch' same "$(git log -1 --format=%s elsewhere | cut -c1-4)" dns:
git clone -q --bare "$work/h" "$work/bare.git"
cd "$work/bare.git" || exit 1
zl commit --branch review
check 'bare: exit 0' status_is 0
check 'bare: the branch' head_is "$out" review
zl commit
check 'bare, current branch: exit 0' status_is 0
check 'bare, current branch: moved' head_is "$out" main

# --- races: three processes, git beside them, no commit lost
fresh r
for i in 1 2 3; do
	(
		for n in 1 2 3 4 5; do
			git branch -f "in/$i-$n" main
			"$ZONELOOM" -q commit --branch "out/$i-$n" --base "in/$i-$n" \
				>>"$work/race.out" 2>>"$work/race.err" || echo "failed $?" >>"$work/race.err"
		done
	) &
done
for n in 1 2 3 4 5; do git pack-refs --all; done
wait
check 'race: no commit is lost' same "$(git for-each-ref refs/heads/out | wc -l)" 15
check 'race: nobody fails' same "$(cat "$work/race.err")" ''
rm -f "$work"/race.*
for i in 1 2 3; do
	"$ZONELOOM" -q commit >>"$work/race.out" 2>>"$work/race.err" &
done
wait
check 'race on one branch: one commit' same "$(git rev-list --count main)" 2
check 'race on one branch: clean' clean

# --- a write that fails leaves the old file whole
fresh w
zl commit
app blog blog.example.org
git add -A
git commit -qm blog
sum=$(cat dns/* | cksum)
as_user=()
if [ "$(id -u)" = 0 ]; then # root may write everywhere
	cp "$ZONELOOM" "$work/zoneloom"
	chmod 755 "$work" "$work/zoneloom"
	chown -R 65534:65534 .
	chown 0:0 dns
	as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
else
	cp "$ZONELOOM" "$work/zoneloom"
	chmod a-w dns
fi
run "${as_user[@]}" "$work/zoneloom" -q commit
check 'a failed write: exit 4' status_is 4
check 'a failed write: old files are whole' same "$(cat dns/* | cksum)" "$sum"
check 'a failed write: the file is named' err_has 'dns/example.org.inc: cannot write'
[ "$(id -u)" != 0 ] || chown -R 0:0 .
chmod u+w dns
check 'a failed write: nothing is committed' same "$(git log -1 --format=%s)" blog
check 'a failed write: nothing is changed' clean

# --- no checksum in the index, as git 2.40 may write it
fresh k
n=$(wc -c <.git/index)
{ head -c $((n - 20)) .git/index; head -c 20 /dev/zero; } >"$work/index"
cp "$work/index" .git/index
zl commit
check 'index without checksum: exit 0' status_is 0
check 'index without checksum: clean' clean

# --- an output that is no longer wanted
fresh o
zl commit
sed -i '/format: terraform/d' .zoneloom.yaml
git add -A
git commit -qm 'no terraform'
zl commit
check 'obsolete output: removed from the tree' same "$(git ls-tree -r --name-only HEAD dns)" dns/example.org.inc
check 'obsolete output: removed from disk' test ! -e dns/example.org.tf.json
check 'obsolete output: clean' clean

# --- signing
if command -v ssh-keygen >/dev/null; then
	fresh s
	ssh-keygen -q -t ed25519 -N '' -f "$work/key"
	git config gpg.format ssh
	git config user.signingKey "$work/key"
	echo "ann@example.com $(cat "$work/key.pub")" >"$work/signers"
	git config gpg.ssh.allowedSignersFile "$work/signers"
	zl commit --branch signed --sign
	check 'ssh signature: exit 0' status_is 0
	check 'ssh signature: git verifies it' git verify-commit signed
	git config commit.gpgsign true
	zl commit --branch signed2
	check 'commit.gpgsign: git verifies it' git verify-commit signed2
	zl commit --branch unsigned --no-sign
	check '--no-sign' bash -c '! git verify-commit unsigned 2>/dev/null'
	git config user.signingKey "$work/nokey"
	zl commit
	check 'a signer that fails: exit 4' status_is 4
	check 'a signer that fails: nothing moved' same "$(git rev-list --count main)" 1
	check 'a signer that fails: no lock is left' test ! -e .git/index.lock
else
	echo 'skip ssh signature: no ssh-keygen here'
fi
if command -v gpg >/dev/null; then
	fresh p
	export GNUPGHOME=$work/gnupg
	mkdir -m 700 "$GNUPGHOME"
	gpg --batch --quiet --passphrase '' --quick-gen-key 'Ann <ann@example.com>' default default never 2>/dev/null
	zl commit --sign
	check 'gpg signature: exit 0' status_is 0
	check 'gpg signature: git verifies it' git verify-commit HEAD
	gpgconf --kill all
else
	echo 'skip gpg signature: no gpg here'
fi

# --- the message's own template
fresh t
echo 'zone: {{#zones}}{{zone}} {{summary}}{{/zones}}' >"$work/template"
zl commit --message-template "$work/template"
check 'template of the flag' same "$(git log -1 --format=%s)" 'zone: example.org +1 ~0 -0'
echo '{{nope}}' >"$work/template"
zl commit --branch x --base HEAD~1 --message-template "$work/template"
check 'a broken template: exit 2' status_is 2
check 'a broken template: its line' err_has 'template:1: unknown value {{nope}}'
done_testing
