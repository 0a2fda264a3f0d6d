#!/bin/bash
# Damaged objects of git are exit 4, with the id of the object and what to type:
# no hang, no crash, and nothing written.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" # of lib.sh
# A length that is damaged asks for more than there is, and libgit2 1.5.1 leaks
# what it had of a commit that it cannot read.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0:allocator_may_return_null=1
mkdir -p "$work/base/apps" && cd "$work/base" || exit 1
git init -q -b main
git config gc.auto 0
cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs: [{format: bind, mode: include, file: dns/org.inc}]
E
app() { # NAME
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1}
spec: {rules: [{host: $1.example.org}]}
E
}
app a
git add -A && git commit -qm one
"$ZONELOOM" -q generate && git add -A && git commit -qm two
app b
git add -A && git commit -qm three

# damage.py HOW FILE: what a loose object can have gone through.
cat >"$work/damage.py" <<'E'
import os, sys, zlib
how, path = sys.argv[1:]
packed = open(path, "rb").read()
head, _, body = zlib.decompress(packed).partition(b"\0")
kind = head.split(b" ")[0]
def made(n, body, kind=kind):
    return zlib.compress(b"%s %d\0%s" % (kind, n, body))
new = {
    "empty": b"",
    "cut": packed[:len(packed) // 2],
    "cut-in-header": packed[:4],
    "cut-in-checksum": packed[:-2],
    "not-zlib": b"\0" * len(packed),
    "flipped": packed[:-1] + bytes([packed[-1] ^ 1]),
    "longer": made(1, body),
    "much-longer": made(1, body * 5000),
    "shorter": made(len(body) + 1, body),
    "huge": made(10**18, body),
    "beyond-64-bits": made(10**30, body),
    "no-number": zlib.compress(kind + b" \0" + body),
    "negative": made(-1, body),
    "no-header": zlib.compress(b"x" * 100),
    "short-header": zlib.compress(kind),
    "kind": made(len(body), body, b"thing"),
    "no-kind": made(len(body), body, b""),
    "tail": packed + b"more",
}[how]
os.chmod(path, 0o644)
open(path, "wb").write(new)
E
file_of() { echo ".git/objects/${1:0:2}/${1:2}"; }
state() { git ls-files -s; cat .git/HEAD .git/refs/heads/* dns/*; }

hows='empty cut cut-in-header cut-in-checksum not-zlib flipped longer much-longer
shorter huge beyond-64-bits no-number negative no-header short-header kind no-kind
tail folder loop'
damaged() { # HOW OBJECT
	local file
	file=$(file_of "$2")
	case $1 in
	folder) rm -f "$file" && mkdir "$file" ;;
	loop) rm -f "$file" && ln -s "${file##*/}" "$file" ;;
	*) python3 "$work/damage.py" "$1" "$file" ;;
	esac
}
again() { rm -rf "$work/repo" && cp -r "$work/base" "$work/repo" && cd "$work/repo" || exit 1; }
for what in HEAD 'HEAD^{tree}' HEAD:apps HEAD:apps/b.yaml; do
	for how in $hows; do
		again
		id=$(git rev-parse "$what")
		damaged "$how" "$id"
		before=$(state)
		for command in 'list --rev HEAD' 'commit' 'diff HEAD~1 HEAD' 'gate HEAD~1...HEAD' 'commit --branch x'; do
			# Who reads it does not matter to most.
			case $command/$how in
			list* | */longer | */cut | */folder) ;;
			*) continue ;;
			esac
			# shellcheck disable=SC2086 # words
			run timeout 30 "$ZONELOOM" $command
			check "$command: $how $what" status_is 4
			check 'which' err_has "$id"
			check 'what to type' err_has 'git fsck'
			check 'nothing printed' [ -z "$out" ]
		done
		check 'nothing changed' [ "$(state)" = "$before" ]
	done
done

# An object that would be written stands there already, damaged: a commit would
# take it as it is.
for how in empty cut longer; do
	again
	"$ZONELOOM" -q generate
	id=$(git hash-object -w dns/org.inc)
	git checkout -q dns
	damaged "$how" "$id"
	before=$(state)
	for command in commit 'commit --branch x' 'hook pre-commit --stage'; do
		# shellcheck disable=SC2086
		run timeout 30 "$ZONELOOM" $command
		check "$command: the new object is there, $how" status_is 4
		check 'which' err_has "$id"
		check 'what to type' err_has 'git fsck'
		check 'nothing changed' [ "$(state)" = "$before" ]
	done
done

# By its short name, and from an alternate.
again
git clone -q --shared "$work/repo" "$work/clone" && cd "$work/clone" || exit 1
id=$(git rev-parse HEAD)
run "$ZONELOOM" list --rev "${id:0:7}"
check 'a short name, an alternate: read' status_is 0
(cd "$work/repo" && damaged longer "$id")
for rev in HEAD "${id:0:7}"; do
	run timeout 30 "$ZONELOOM" list --rev "$rev"
	check "--rev $rev, damaged in an alternate: exit 4" status_is 4
	check 'which' err_has "$id"
done

# Packs: what the header of an object says, and its bytes.
cd "$work/base" && git gc -q
cp -r "$work/base" "$work/packed" && cd "$work/packed" || exit 1
pack=$(echo .git/objects/pack/*.pack)
run "$ZONELOOM" list --rev HEAD
check 'a pack: read' status_is 0
for what in HEAD 'HEAD^{tree}' HEAD:apps/b.yaml; do
	id=$(git -C "$work/base" rev-parse "$what")
	at=$(git -C "$work/base" verify-pack -v "$work/base/$pack" | awk -v id="$id" '$1 == id { print $5 }')
	for how in '\377\377\377\377\377\377\377\377\177' '\237\377\377\377\377\077' '\000\000' '\160\200\200' '\140\001'; do
		cp "$work/base/$pack" "$work/pack" && chmod 644 "$work/pack"
		# shellcheck disable=SC2059 # bytes
		printf "$how" | dd of="$work/pack" bs=1 seek="$at" conv=notrunc status=none
		mv -f "$work/pack" "$pack"
		run timeout 30 "$ZONELOOM" list --rev HEAD
		check "a pack, $what, $how: exit 4" status_is 4
		# A file whose base is damaged is named in its place.
		check 'which' grep -q 'object [0-9a-f]\{40\}: .*damaged' "$work/.err"
		check 'what to type' err_has 'git fsck'
	done
done
done_testing
