#!/bin/bash
# Every test but the long ones; ends in one line "N passed, N failed".
#
# A script under tests/ prints "ok NAME", "not ok NAME" or "skip NAME: why" for
# each of its checks.  Where CI is set, a skipped check is a failed one.
set -u
cd "$(dirname "$0")/.." || exit 2
sanitised=${1:?usage: tests/run.sh FOLDER-OF-SANITISED-BINARIES}
export ZONELOOM=$PWD/$sanitised/zoneloom
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export PATH=$PWD/build/tools:$PATH:/usr/sbin:/sbin
log=build/test-log
mkdir -p "$log"
passed=0 failed=0 skipped=0

count() { # NAME STATUS: add what the log of one program says
	local ok bad skip
	ok=$(grep -cE '^ok |^\[       OK \]' "$log/$1")
	bad=$(grep -cE '^not ok |^\[  FAILED  \] [a-z_0-9]+$' "$log/$1")
	skip=$(grep -cE '^skip ' "$log/$1")
	# The parity runner counts for itself.
	if [ "$ok" = 0 ] && [ "$bad" = 0 ]; then
		ok=$(sed -nE 's/^([0-9]+) passed, [0-9]+ failed$/\1/p' "$log/$1" | tail -n 1)
		bad=$(sed -nE 's/^[0-9]+ passed, ([0-9]+) failed$/\1/p' "$log/$1" | tail -n 1)
		ok=${ok:-0} bad=${bad:-0}
	fi
	# A program that died, or said nothing, has failed whatever it printed.
	if [ "$2" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$ok" = 0 ] && [ "$bad" = 0 ] && [ "$skip" = 0 ]; then bad=1; fi
	if [ -n "${CI:-}" ]; then bad=$((bad + skip)); fi
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	if [ "$bad" != 0 ] || [ "$2" != 0 ]; then
		echo "FAILED $1 (exit $2)"
		sed 's/^/    /' "$log/$1" | tail -n 60
	else
		echo "passed $1 ($ok checks)"
	fi
	grep -E '^skip ' "$log/$1"
}

run() { # NAME COMMAND...
	local name=$1
	shift
	timeout 1500 "$@" >"$log/$name" 2>&1
	count "$name" $?
}

for t in "$sanitised"/test_*; do
	case $t in *.d | *.o | *'*') continue ;; esac
	run "unit-${t##*/test_}" "$t"
done
for t in "$sanitised"/replay_*; do
	case $t in *.d | *.o | *'*') continue ;; esac
	n=${t##*/replay_}
	# shellcheck disable=SC2016 # expanded by the inner shell
	run "replay-$n" bash -c '"$1" "$2"/* && echo "ok replay of $2"' \
		replay "$t" "tests/fuzz/corpus/$n"
done
run golden tests/golden/run.sh
for t in tests/cli/*.sh tests/e2e/*.sh tests/parity/test.sh; do
	[ -f "$t" ] || continue
	n=$(basename "$(dirname "$t")")-$(basename "$t" .sh)
	run "$n" bash "$t"
done
[ $skipped = 0 ] || echo "$skipped checks were skipped, see above"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
