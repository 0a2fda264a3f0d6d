#!/bin/bash
# Golden cases: tests/golden/<case>/{manifests,config,expected}.
#
# config/args      the command line (default: list --dir .)
# config/*         other files are laid beside the manifests; zoneloom.yaml
#                  becomes .zoneloom.yaml
# expected/stdout, stderr, status, files/...   what must come out
#
# ok-* exits 0; bad-* exits 3 (2 for flags and configuration), says where each
# fault is, and changes no file.  UPDATE=1 rewrites what is expected.
set -u
export LC_ALL=C TZ=UTC NO_COLOR=1 SOURCE_DATE_EPOCH=1700000000
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
program=$(readlink -f "${ZONELOOM:-build/zoneloom}")
here=$(dirname "$(readlink -f "$0")")
place='^[^:]+:([0-9]+:[0-9]+:)? (error|warning|note): .+ \[[a-z0-9-]+\]$'
fails=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "not ok golden/$1: $2"; fails=$((fails + 1)); bad=1; }

# Lay the case out; files written by the run are those that are new or differ.
lay() {
	mkdir -p "$work/$1"
	cp -r "$here/$1/manifests/." "$work/$1/"
	for f in "$here/$1"/config/*; do
		case ${f##*/} in
		args | '*') ;;
		zoneloom.yaml) cp "$f" "$work/$1/.zoneloom.yaml" ;;
		*) cp -r "$f" "$work/$1/" ;;
		esac
	done
}

written() { # case: files that differ from how they were laid
	(cd "$work/$1" && find . -type f ! -newer "$work/stamp" -prune -o -type f \
		-print | LC_ALL=C sort | sed 's,^\./,,')
}

check_kind() {
	case $1 in
	ok-*) [ "$status" = 0 ] || fail "$1" "exit $status, expected 0" ;;
	bad-*)
		[ "$status" = 3 ] || [ "$status" = 2 ] || [ "$status" = 6 ] ||
			fail "$1" "exit $status, expected 3 or 2"
		[ "$status" = 6 ] || grep -Eq "$place" "$work/stderr" ||
			fail "$1" 'no message says where the fault is'
		[ -z "$(written "$1")" ] || fail "$1" 'a file was written'
		;;
	*) fail "$1" 'a case is called ok-* or bad-*' ;;
	esac
}

update() {
	mkdir -p "$here/$1/expected"
	rm -rf "$here/$1/expected/files"
	cp "$work/stdout" "$work/stderr" "$here/$1/expected/"
	echo "$status" >"$here/$1/expected/status"
	written "$1" | while read -r f; do
		mkdir -p "$here/$1/expected/files/$(dirname "$f")"
		cp "$work/$1/$f" "$here/$1/expected/files/$f"
	done
}

compare() {
	for f in stdout stderr; do
		diff -u "$here/$1/expected/$f" "$work/$f" ||
			fail "$1" "$f differs"
	done
	[ "$(cat "$here/$1/expected/status")" = "$status" ] ||
		fail "$1" "exit $status differs"
	if [ -d "$here/$1/expected/files" ]; then
		(cd "$here/$1/expected/files" && find . -type f |
			LC_ALL=C sort | sed 's,^\./,,') >"$work/want"
	else
		: >"$work/want"
	fi
	written "$1" >"$work/got"
	diff -u "$work/want" "$work/got" || fail "$1" 'other files were written'
	while read -r f; do
		diff -u "$here/$1/expected/files/$f" "$work/$1/$f" ||
			fail "$1" "$f differs"
	done <"$work/want"
}

cases=${*:-$(cd "$here" && ls -d ok-* bad-* 2>/dev/null)}
for c in $cases; do
	bad=0
	lay "$c"
	touch "$work/stamp"
	args='list --dir .'
	[ ! -f "$here/$c/config/args" ] || args=$(cat "$here/$c/config/args")
	stdin=/dev/null
	[ ! -f "$here/$c/config/stdin" ] || stdin=$here/$c/config/stdin
	# The cases are ours: their arguments may use the shell's quoting.
	eval "set -- $args"
	(cd "$work/$c" && sleep 0.01 && GIT_CEILING_DIRECTORIES=$work \
		"$program" "$@" <"$stdin") >"$work/stdout" 2>"$work/stderr"
	status=$?
	check_kind "$c"
	if [ -n "${UPDATE:-}" ]; then update "$c"; else compare "$c"; fi
	[ $bad = 1 ] || echo "ok golden/$c"
	rm -rf "${work:?}/$c"
done
[ $fails = 0 ]
