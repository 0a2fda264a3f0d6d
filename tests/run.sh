#!/bin/bash
# run.sh WHAT FOLDER-OF-SANITISED-BINARIES: the suites of `make WHAT`.
#
# test: what the packages of deps.txt can judge: unit tests, replayed fuzz
# corpora, golden cases, tests/cli, tests/parity.  Any other WHAT: the scripts
# of tests/WHAT.  How they are counted: tests/suite.sh.
set -u
cd "$(dirname "$0")/.." || exit 2
what=${1:?usage: tests/run.sh WHAT FOLDER} t=${2:?usage: tests/run.sh WHAT FOLDER}
export ZONELOOM=$PWD/$t/zoneloom
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export PATH=$PATH:/usr/sbin:/sbin
# What runs inside is not what .ci/run counts.
tally=${TALLY:-}
unset TALLY
. tests/suite.sh

scripts() { # FOLDER
	local s
	for s in "$1"/*.sh; do
		suite "${1##*/}-$(basename "$s" .sh)" bash "$s"
	done
}

# By the sources, so that one that was not built is missed.
compiled() {
	local s n
	for s in tests/unit/test_*.c; do
		n=$(basename "$s" .c)
		suite "unit-${n#test_}" "$t/$n"
	done
	for s in tests/fuzz/fuzz_*.c; do
		n=$(basename "$s" .c)
		n=${n#fuzz_}
		# shellcheck disable=SC2016 # expanded by the inner shell
		suite "replay-$n" bash -c '"$1" "$2"/* && echo "ok replay of $2"' \
			replay "$t/replay_$n" "tests/fuzz/corpus/$n"
	done
}

case $what in
test)
	compiled
	suite golden tests/golden/run.sh
	scripts tests/cli
	suite parity tests/parity/test.sh
	;;
*)
	export PATH=$PWD/build/tools:$PATH
	scripts "tests/$what"
	;;
esac
TALLY=$tally
verdict
