#!/bin/bash
# run.sh CPPFLAGS...: every lint; all of them run, then one verdict.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/suite.sh
flags=("$@")
jobs=$(getconf _NPROCESSORS_ONLN)
mapfile -t sources < <(git ls-files 'gen/*.c')
mapfile -t all < <(git ls-files 'gen/*.[ch]' 'tests/*.[ch]')
mapfile -t scripts < <(git ls-files |
	grep -vE '^tests/(golden|data|fuzz/corpus)/' |
	xargs grep -lE '^#!/bin/(ba)?sh' --)

try() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "lint: $name: fine"
		passed=$((passed + 1))
	else
		echo "lint: $name: FAILED"
		failed=$((failed + 1))
	fi
}

try includes tests/lint/includes.sh
try tables tests/lint/tables.sh
try words tests/lint/words.sh
try owners tests/lint/owners.sh
try style tests/lint/style.sh "${flags[@]}"
try format clang-format --dry-run -Werror "${all[@]}"
# What lib.sh sets and reads is unknown to a script alone; a test whose cd
# fails fails in its next line.
try shellcheck shellcheck -S warning -e SC1091,SC2034,SC2120,SC2154,SC2164 \
	"${scripts[@]}"
# autoVariables: a context holds a local of its caller for the call's time.
try cppcheck cppcheck --quiet --suppress=autoVariables -j"$jobs" --error-exitcode=1 --std=c11 \
	--inline-suppr --enable=warning,performance,portability -Igen \
	"${sources[@]}"
# One file a process: clang-tidy 14 reports false va_list errors else.
try clang-tidy xargs -a <(printf '%s\n' "${sources[@]}") -P"$jobs" -I{} \
	tests/lint/tidy.sh {} -std=c11 "${flags[@]}"
verdict
