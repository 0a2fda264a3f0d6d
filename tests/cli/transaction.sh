#!/bin/bash
# commit and generate end in the old state or the new one, whatever happens.
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
config() { # FILE-OF-THE-ZONE
	cat >.zoneloom.yaml <<E
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs:
      - {format: terraform, zone-id: "\${var.zone_id}", file: dns/records.gen.tf.json}
      - {format: bind, mode: include, file: $1}
E
}
fresh() { # FOLDER: outputs are committed, then one more application is
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1"
	cd "$work/$1" || exit 1
	git init -q -b main
	config dns/example.org.inc
	app shop shop.example.org
	git add -A
	git commit -qm base
	"$ZONELOOM" -q generate
	git add -A
	git commit -qm outputs
	app blog blog.example.org
	git add -A
	git commit -qm blog
	now=$(git rev-parse HEAD)
	sum=$(cat dns/* | cksum)
	index=$(git ls-files -s | cksum)
}
zl() { run "$ZONELOOM" -q "$@"; }
same() { [ "$1" = "$2" ] || { printf '  got "%s"\n  expected "%s"\n' "$1" "$2"; false; }; }
head_is() { same "$(git rev-parse HEAD)" "$1"; }
clean() { [ -z "$(git status --porcelain)" ] || { git status --short; false; }; }
old_state() { # files, index and ref
	same "$(cat dns/* | cksum)" "$sum" && same "$(git ls-files -s | cksum)" "$index" && head_is "$now"
}
nothing_left() {
	local found
	found=$(find . \( -name '.zoneloom.[0-9a-f]*' -o -name 'zoneloom.[0-9a-f]*' -o -path './.git/*.lock' \))
	[ -z "$found" ] || { echo "  left: $found"; false; }
}
new_state() { # LABEL: the last run ended in the new state
	check "$1: exit 0" status_is 0
	check "$1: the record is committed" bash -c 'git show HEAD:dns/example.org.inc | grep -q blog'
	check "$1: and in the file" grep -q blog dns/example.org.inc
	check "$1: git sees no difference" clean
	check "$1: nothing is left" nothing_left
}

# --- a folder that cannot be written: nothing is committed, git sees no change
fresh a
as_user=()
cp "$ZONELOOM" "$work/zoneloom"
if [ "$(id -u)" = 0 ]; then # root may write everywhere
	chmod 755 "$work" "$work/zoneloom"
	chown -R 65534:65534 .
	as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as_user[@]}" chmod a-w dns
run "${as_user[@]}" "$work/zoneloom" -q commit
check 'a folder that is read-only: exit 4' status_is 4
check 'a folder that is read-only: which' err_has 'dns/'
run "${as_user[@]}" git status --porcelain
check 'a folder that is read-only: git sees no change' same "$out" ''
run "${as_user[@]}" git rev-parse HEAD
check 'a folder that is read-only: nothing is committed' same "$out" "$now"
"${as_user[@]}" chmod u+w dns
run "${as_user[@]}" "$work/zoneloom" -q commit
[ "$(id -u)" != 0 ] || chown -R 0:0 .
new_state 'a folder that is read-only, mended'

fresh a
[ "$(id -u)" != 0 ] || chown -R 65534:65534 .
"${as_user[@]}" chmod -R a-w .git/refs
run "${as_user[@]}" "$work/zoneloom" -q commit --branch q
check 'refs that are read-only: exit 4' status_is 4
check 'refs that are read-only: why' err_has 'Permission denied'
"${as_user[@]}" chmod -R u+w .git/refs
[ "$(id -u)" != 0 ] || chown -R 0:0 .

# --- generate removes nothing before all is written
fresh b
config dns/zz/new.inc
touch dns/zz
zl generate
check 'a file in the place of a folder: exit 4' status_is 4
check 'a file in the place of a folder: named' err_has 'dns/zz/new.inc'
check 'a file in the place of a folder: the old output stays' test -s dns/example.org.inc
check 'a file in the place of a folder: the other is as it was' \
	git diff --quiet -- dns/records.gen.tf.json
check 'a file in the place of a folder: nothing is left' nothing_left
rm dns/zz
zl generate
check 'then: exit 0' status_is 0
check 'then: the old output is gone' test ! -e dns/example.org.inc
check 'then: the new one is there' test -s dns/zz/new.inc

# --- nothing is written into another repository
fresh b
git rm -rq dns
git init -q dns
git -C dns commit -q --allow-empty -m inner
zl generate
check 'a repository of its own: exit 4' status_is 4
check 'a repository of its own: named' err_has 'dns is a repository of its own'
check 'a repository of its own: nothing is written' [ "$(ls dns)" = '' ]
git add dns 2>/dev/null
git commit -qm submodule
zl commit
check 'a submodule: exit 4' status_is 4
check 'a submodule: named' err_has 'a submodule is there'

# --- signals: while the signer runs, index.lock is held
# The signer is a child of the process that starts programs for zoneloom.
signer() { # COMMANDS: what the signer does; $zoneloom is the program
	printf '#!/bin/bash\nread -r _ _ _ zoneloom _ </proc/$PPID/stat\n%s\n' \
		"$1" >"$work/signer"
	chmod +x "$work/signer"
	git config gpg.program "$work/signer"
}
signed() { # zoneloom commit --sign, in a shell that says how it ended
	# shellcheck disable=SC2016
	run bash -c 'ulimit -c 0; "$@" -q commit --sign; exit $?' sh "$ZONELOOM"
}
for s in HUP:129 INT:130 QUIT:131 PIPE:141 TERM:143 XCPU:152; do
	fresh c
	signer "test -e .git/index.lock && kill -${s%:*} \$zoneloom
sleep 3
touch '$work/late'"
	signed
	check "SIG${s%:*}: exit ${s#*:}" status_is "${s#*:}"
	check "SIG${s%:*}: the old state" old_state
	check "SIG${s%:*}: nothing is left" nothing_left
	check "SIG${s%:*}: says so" err_has "ended by SIG${s%:*}: nothing was changed"
done
zl commit
new_state 'after a signal'
sleep 3
check 'the signer ended too' test ! -e "$work/late"

# --- kill -9: the next run heals
fresh d
signer 'kill -KILL $zoneloom'
signed
check 'SIGKILL: exit 137' status_is 137
check 'SIGKILL: the old state' old_state
check 'SIGKILL: a lock is left' test -e .git/index.lock
run "$ZONELOOM" commit
check 'SIGKILL: the next run says what it healed' err_has 'removed'
check 'SIGKILL: by name' err_has '.git/index.lock'
new_state 'after SIGKILL'

# --- locks and temporary files of others
fresh e
: >.git/index.lock
touch -d '3 hours ago' .git/index.lock
zl commit
check 'an old lock: exit 5' status_is 5
check 'an old lock: its age' err_has '3 hours'
check 'an old lock: what to type' err_has 'rm '
check 'an old lock: stays' test -e .git/index.lock
rm .git/index.lock
ln -s nowhere .git/index.lock
zl commit
check 'a lock that is a link: exit 5' status_is 5
check 'a lock that is a link: its age' err_has ' s: another git process'
rm .git/index.lock
: >dns/.zoneloom.0123456789
: >.git/zoneloom.0123456789
run "$ZONELOOM" generate
check 'a dead temporary file: swept' test ! -e dns/.zoneloom.0123456789
check 'a dead temporary file: told' err_has 'removed dns/.zoneloom.0123456789'
check 'a dead journal: swept' nothing_left
: >dns/.zoneloom.0123456789
zl generate
check 'swept where nothing is written' nothing_left

# --- what the user does meanwhile stays
fresh f
signer 'cat >/dev/null
echo "; mine" >>dns/example.org.inc
echo "[GNUPG:] SIG_CREATED D" >&2
echo sig'
zl commit --sign
check 'an edit meanwhile: exit 5' status_is 5
check 'an edit meanwhile: stays' grep -q '; mine' dns/example.org.inc
check 'an edit meanwhile: nothing is committed' head_is "$now"
check 'an edit meanwhile: nothing is left' nothing_left
check 'an edit meanwhile: the other file is the old one' \
	git diff --quiet -- dns/records.gen.tf.json

# --- a review branch: neither index nor work tree
fresh g
listed() { find . -path ./.git -prune -o -type f -printf '%p %i %T@\n' | cksum; }
before=$(listed)
stamp=$(stat -c '%i %y' .git/index)
: >.git/index.lock
zl commit --branch dns/review
check '--branch needs no index: exit 0' status_is 0
check '--branch: the index is not touched' same "$(stat -c '%i %y' .git/index)" "$stamp"
check '--branch: nor the work tree' same "$(listed)" "$before"
done_testing
