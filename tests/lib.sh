# Sourced by the scripts beside it: a temporary folder, a git that knows
# nothing of its user, and checks that are counted.
# shellcheck shell=bash
set -u
export LC_ALL=C TZ=UTC NO_COLOR=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
unset GIT_AUTHOR_DATE GIT_COMMITTER_DATE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.com
export GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.com
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ZONELOOM=$(realpath -m "${ZONELOOM:-$root/build/zoneloom}")
work=$(mktemp -d)
fails=0 ended=
# A script that leaves in its middle has not tested what it was written for.
leave() {
	local status=$?
	rm -rf "$work"
	[ -n "$ended" ] || [ $status != 0 ] || {
		echo "not ok ${0##*/}: it ended before done_testing"
		exit 1
	}
}
trap leave EXIT

# needs TOOL...: without it the whole script is skipped, which is an error in
# CI.  Only tests/e2e needs what deps.txt does not bring.
needs() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null && continue
		echo "skip ${0##*/}: no $tool; make e2e-tools says why"
		ended=1
		exit 0
	done
}

# sample COUNT: how many of the COUNT cases that a claim names this run tries: a
# twentieth, chosen by the seed 1, within two minutes; all of them where FULL
# is set.
sample() {
	if [ -n "${FULL:-}" ]; then echo "$1"
	else echo $((($1 + 19) / 20)); fi
}
seed=1

# check NAME COMMAND...: ok when the command succeeds.
check() {
	local name=$1
	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
		fails=$((fails + 1))
	fi
}

# run COMMAND...: leaves $out, $err and $status; they are shown when a check
# that follows fails.
run() {
	"$@" >"$work/.out" 2>"$work/.err"
	status=$?
	out=$(cat "$work/.out") err=$(cat "$work/.err")
}
# status_is N; out_has TEXT; err_has TEXT
status_is() {
	[ "$status" = "$1" ] || { echo "  exit $status, expected $1: $err"; false; }
}
out_has() {
	[[ $out == *"$1"* ]] || { echo "  not printed: $1"; echo "$out"; false; }
}
out_lacks() { [[ $out != *"$1"* ]] || { echo "  printed: $1"; false; }; }
err_has() {
	[[ $err == *"$1"* ]] || { echo "  not said: $1"; echo "$err"; false; }
}
json_says() { jq -e "$1" "$work/.out" >/dev/null; }
done_testing() {
	ended=1
	[ $fails = 0 ]
	exit
}
