#!/bin/bash
# run.sh CPPFLAGS...: every lint; all of them run, then one verdict.
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
flags=("$@")
jobs=$(getconf _NPROCESSORS_ONLN)
mapfile -t sources < <(git ls-files 'gen/*.c')
mapfile -t all < <(git ls-files 'gen/*.[ch]' 'tests/*.[ch]')
mapfile -t scripts < <(git ls-files | xargs grep -lE '^#!/bin/(ba)?sh' --)

try() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "lint: $name: fine"
	else
		echo "lint: $name: FAILED"
		bad=1
	fi
}


try includes tests/lint/includes.sh
try tables tests/lint/tables.sh
try words tests/lint/words.sh
try style tests/lint/style.sh "${flags[@]}"
try format clang-format --dry-run -Werror "${all[@]}"
try shellcheck shellcheck -x -S warning "${scripts[@]}"
try cppcheck cppcheck --quiet -j"$jobs" --error-exitcode=1 --std=c11 \
	--inline-suppr --enable=warning,performance,portability -Igen \
	"${sources[@]}"
# One file a process: clang-tidy 14 reports false va_list errors else.
try clang-tidy xargs -a <(printf '%s\n' "${sources[@]}") -P"$jobs" -I{} \
	tests/lint/tidy.sh {} -std=c11 "${flags[@]}"
exit $bad
