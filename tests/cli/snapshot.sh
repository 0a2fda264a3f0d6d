#!/bin/bash
# One snapshot a run: work tree, index, revision, bare repository, folder.
. "$(dirname "$0")/../lib.sh"
: "${out:=}" "${err:=}" "${status:=}" "${work:?}" # of lib.sh
ZONELOOM=$(realpath "$ZONELOOM")
export ZONELOOM
app() { # FILE HOST
	mkdir -p "$(dirname "$1")"
	cat >"$1" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: x$RANDOM, namespace: web}
spec: {rules: [{host: $2.example.org}]}
E
}
hosts() { # FLAG...: the first labels that list finds
	run "$ZONELOOM" -q list --registry=noop --default-targets=192.0.2.1 -o jsonl "$@"
	jq -r '.name // empty' "$work/.out" | sed 's/\.example\.org//' | sort | paste -sd' '
}
finds() { # "HOST..." FLAG...
	local want=$1 got
	shift
	got=$(hosts "$@")
	[ "$got" = "$want" ] || { echo "  got \"$got\", expected \"$want\": $(cat "$work/.err")"; false; }
}
fails() { # STATUS TEXT FLAG...
	local want=$1 text=$2
	shift 2
	run "$ZONELOOM" list --default-targets=192.0.2.1 "$@"
	status_is "$want" && err_has "$text"
}

mkdir "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
app apps/committed.yaml committed
git add -A
git commit -qm one
app apps/staged.yaml staged
git add -A
app apps/untracked.yaml untracked
app build/ignored.yaml ignored
echo build/ >.gitignore
app apps/committed.yaml edited

check 'work tree: edits and untracked files' finds 'edited staged untracked'
check '--worktree is the default' finds 'edited staged untracked' --worktree
check '--index: what git commit would record' finds 'committed staged' --index
check '--rev : is the index' finds 'committed staged' --rev :
check '--rev HEAD' finds committed --rev HEAD
check '--dir: no git at all' finds 'edited ignored staged untracked' --dir .
check 'GIT_INDEX_FILE' env GIT_INDEX_FILE=.git/index bash -c "$(declare -f hosts finds run); work=$work; finds 'committed staged' --index"
check 'GIT_INDEX_FILE that is missing: exit 4' env GIT_INDEX_FILE=nope bash -c \
	"$(declare -f fails run status_is err_has); work=$work; fails 4 'missing index' --index"
check 'two snapshots: exit 2' fails 2 'only one snapshot' --index --rev HEAD
check 'no such revision: exit 4' fails 4 'unknown revision' --rev nope
check '-C: from elsewhere' bash -c "$(declare -f run); work=$work; cd /; run '$ZONELOOM' -q -C '$work/repo' list --default-targets=192.0.2.1 --rev HEAD; grep -q committed '$work/.out'"
cd apps || exit 1
check 'from a subfolder: all of the repository' finds 'edited staged untracked'
cd ..

# --- links, submodules, intent to add
ln -s apps/staged.yaml link.yaml
ln -s /etc/passwd out.yaml
git clone -q . sub
app sub/apps/inner.yaml inner
app late.yaml late
git add -N late.yaml
check 'a nested repository is not entered' finds 'edited late staged untracked'
check 'git add -N: not in the index' finds 'committed staged' --index
run "$ZONELOOM" -v list --index --default-targets=192.0.2.1
check 'git add -N: is noted' err_has 'late.yaml'
rm link.yaml out.yaml
git rm -q --cached late.yaml
rm -rf sub late.yaml

# --- merge conflicts
git add -A
git commit -qm two
git checkout -qb other HEAD~1
app apps/staged.yaml theirs
git add -A
git commit -qm theirs
git merge main >/dev/null 2>&1
check 'conflict, index: exit 4' fails 4 'merge conflict in apps/' --index
git merge --abort
git checkout -q main

# --- bare, linked, shallow, sparse, partial
git clone -q --bare . "$work/bare.git"
cd "$work/bare.git" || exit 1
check 'bare: --rev' finds 'edited staged untracked' --rev main
check 'bare: no work tree: exit 4' fails 4 'bare repository'
cd "$work/repo" || exit 1
git worktree add -q "$work/linked" HEAD~1
cd "$work/linked" || exit 1
check 'linked work tree' finds committed
check 'linked work tree: its index' finds committed --index
git clone -q --depth 1 "file://$work/repo" "$work/shallow"
cd "$work/shallow" || exit 1
check 'shallow: what is there' finds 'edited staged untracked' --rev HEAD
check 'shallow: says how to get more' fails 4 fetch-depth --rev HEAD~1
git clone -q "$work/repo" "$work/sparse"
cd "$work/sparse" || exit 1
git sparse-checkout set --no-cone /apps/staged.yaml
check 'sparse checkout: all of it' finds 'edited staged untracked'
git -C "$work/repo" config uploadpack.allowFilter true
git clone -q --filter=blob:none --no-checkout "file://$work/repo" "$work/partial"
cd "$work/partial" || exit 1
# libgit2 1.5.1 itself loses memory when a repository has extensions.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
check 'partial clone: a missing file is a fault' fails 4 'cannot read object' --rev HEAD
check 'partial clone: says how to get it' err_has 'git fetch --refetch'

# --- no repository
mkdir "$work/none"
cd "$work/none" || exit 1
check 'no repository: exit 4' fails 4 'no git repository'
check 'no repository: says what to do' err_has '--dir DIR'
app a.yaml plain
check 'a folder without git' finds plain --dir .
git init -q --object-format=sha256 .
check 'SHA-256: a way out' bash -c "$(declare -f fails run status_is err_has); work=$work; fails 4 'git archive'"
done_testing
