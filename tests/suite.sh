# Sourced by what runs suites: counts what each says, and closes with one line,
# "N passed, N failed, N skipped".  tests/cli/suite.sh tests it.
#
# A suite is a program that prints "ok NAME", "not ok NAME" or "skip NAME: why"
# for each of its checks, or is cmocka's, or closes with "N passed, N failed".
# One that dies, prints nothing or does not run all that it announced has
# failed.  Where CI is set, a skipped check is a failed one: what CI runs has
# installed every tool.
# shellcheck shell=bash
log=build/test-log
passed=0 failed=0 skipped=0
: "${SUITE_SECONDS:=600}"

lines() { grep -cE "$1" "$log/$name"; }

# cmocka names a failed test twice, and at its start how many there will be.
count_cmocka() {
	local all
	all=$(sed -nE 's/^\[=+\] (tests: )?Running ([0-9]+) test.*/\2/p' \
		"$log/$name" | awk '{ n += $1 } END { print n + 0 }')
	ok=$((ok + $(lines '^\[       OK \] ')))
	bad=$((bad + $(grep -E '^\[  FAILED  \] [A-Za-z_0-9]+$' "$log/$name" |
		sort -u | wc -l)))
	skip=$((skip + $(lines '^\[  SKIPPED \] [A-Za-z_0-9]+$')))
	if [ "$all" -gt $((ok + bad + skip)) ] && [ "$bad" = 0 ]; then
		why="only $((ok + skip)) of $all tests ran" bad=1
	fi
}

# What a suite counts itself stands in its last line of this form.
count_own() {
	local last
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log/$name" | tail -n 1)
	[ -n "$last" ] || return 0
	ok=${last%% *} bad=${last#*, } bad=${bad%% *}
}

judge() { # STATUS: ok, bad, skip and why of the log
	why=
	ok=$(lines '^ok ') bad=$(lines '^not ok ') skip=$(lines '^skip ')
	if grep -q '^\[==========\]' "$log/$name"; then count_cmocka; fi
	if [ $((ok + bad + skip)) = 0 ]; then count_own; fi
	if [ "$1" = 124 ]; then
		why="not done after $SUITE_SECONDS s" bad=$((bad + 1))
	elif [ "$1" -gt 128 ]; then
		why="ended by signal $(($1 - 128))" bad=$((bad + 1))
	elif [ "$1" != 0 ] && [ "$bad" = 0 ]; then
		why="exit $1" bad=1
	elif [ $((ok + bad + skip)) = 0 ]; then
		why='no check was run' bad=1
	fi
	if [ -n "${CI:-}" ] && [ "$skip" != 0 ]; then
		why="${why:-skipped, and this is CI}" bad=$((bad + skip)) skip=0
	fi
}

# suite NAME COMMAND...
suite() {
	local ok bad skip why name=$1 start=$SECONDS
	shift
	mkdir -p "$log"
	timeout "$SUITE_SECONDS" "$@" >"$log/$name" 2>&1 </dev/null
	judge $?
	passed=$((passed + ok)) failed=$((failed + bad))
	skipped=$((skipped + skip))
	if [ "$bad" != 0 ]; then
		echo "FAILED $name${why:+: $why}"
		grep -nE '^not ok |^\[  FAILED  \] ' "$log/$name" |
			sed 's/^/    line /' | head -n 20
		tail -n 60 "$log/$name" | sed 's/^/    | /'
	elif [ "$ok" = 0 ]; then
		echo "SKIPPED $name"
	else
		echo "passed $name ($ok checks, $((SECONDS - start)) s)"
	fi
	[ -z "${V:-}" ] || [ "$bad" != 0 ] || sed 's/^/    | /' "$log/$name"
	grep -E '^skip ' "$log/$name"
	return 0
}

# verdict: the closing line, or its numbers into the file TALLY for .ci/run,
# which closes for all.
verdict() {
	[ $skipped = 0 ] || echo "$skipped checks were skipped, see above"
	if [ -n "${TALLY:-}" ]; then
		echo "$passed $failed $skipped" >>"$TALLY"
	elif [ $skipped = 0 ]; then
		echo "$passed passed, $failed failed"
	else
		echo "$passed passed, $failed failed, $skipped skipped"
	fi
	[ $failed = 0 ]
}
