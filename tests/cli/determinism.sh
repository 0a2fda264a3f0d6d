#!/bin/bash
# The same snapshot and configuration give the same bytes: twice, for any
# number of readers, without the prefilter, in any order of a folder, in any
# place, language and time zone.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

python3 "$root/tests/bench/mkrepo.py" "$work/bare" 1200 || exit 1
git clone -q "$work/bare" "$work/tree"
mkdir "$work/one" "$work/two" "$work/said"
git -C "$work/bare" archive HEAD | tar -x -C "$work/one"
# The same files, made from the last to the first.
(cd "$work/one" && find . -type f | sort -r) | while read -r f; do
	mkdir -p "$work/two/${f%/*}" && cp "$work/one/$f" "$work/two/$f"
done

list() { # NAME FOLDER FLAG...: $work/said/NAME holds what was printed and said
	local name=$1
	cd "$2" || exit 1
	shift 2
	"$ZONELOOM" list -v --source=ingress --source=gateway-httproute \
		--default-targets=203.0.113.10 "$@" \
		>"$work/said/$name" 2>"$work/said/$name.err" || status=$?
	# Of a revision alone the trailer names the commit.
	sed -i 's/"commit":"[0-9a-f]*",//' "$work/said/$name"
	cd "$root" || exit 1
}

same() {
	cmp "$work/said/$1" "$work/said/$2" &&
		cmp "$work/said/$1.err" "$work/said/$2.err"
}

status=0
list first "$work/tree" -o jsonl --rev HEAD --jobs=1
check 'there is something to compare' test "$(wc -l <"$work/said/first")" -gt 100
check 'and nothing went wrong' test $status = 0
list again "$work/tree" -o jsonl --rev HEAD --jobs=1
check 'twice' same first again
for jobs in 2 4 7; do
	list jobs "$work/tree" -o jsonl --rev HEAD "--jobs=$jobs"
	check "$jobs readers" same first jobs
done
list all "$work/tree" -o jsonl --rev HEAD --no-prefilter
check 'without the prefilter' same first all
list bare "$work/bare" -o jsonl --rev HEAD
check 'a bare repository' same first bare
list index "$work/tree" -o jsonl --index
check 'the index' same first index
list worktree "$work/tree" -o jsonl
check 'the work tree' same first worktree
list one "$work" -o jsonl --dir one
check 'a folder' same first one
list two "$work" -o jsonl --dir two --jobs=2
check 'a folder made in another order' same first two
export LC_ALL=C.UTF-8 TZ=Asia/Tokyo
list place "$work/two" -o jsonl --dir .
check 'another language and time zone' same first place
for format in terraform bind csv yaml dnsendpoint; do
	list one "$work/tree" -o $format --rev HEAD --jobs=1
	list two "$work" -o $format --dir two --jobs=3 --no-prefilter
	check "as $format" same one two
done
done_testing
