#!/bin/bash
# What counts the tests is tested itself: tests/suite.sh with suites that go
# wrong in every way, tests/lib.sh, and the sum of .ci/run.
. "$(dirname "$0")/../lib.sh"
cd "$work" || exit 1

# judged CI LINES: what a suite of these shell lines gives: the closing line,
# and what was printed about it.
judged() {
	run env CI="$1" SUITE_SECONDS="${seconds:-20}" TALLY= V= bash -c '
		. "$1/tests/suite.sh"
		suite fake bash -c "$2"
		verdict' judged "$root" "$2"
}
closes() { [ "$(tail -n 1 "$work/.out")" = "$1" ] || { echo "$out"; false; }; }

# label | CI | what the suite runs | closing line | status | also printed
rows() {
	while IFS='|' read -r label ci lines want status said; do
		judged "$ci" "${lines//;/$'\n'}"
		check "suite: $label" closes "$want"
		check "suite: $label: exit $status" status_is "$status"
		[ -z "$said" ] || check "suite: $label: says it" out_has "$said"
	done
}
rows <<'E'
two checks||echo ok a;echo ok b|2 passed, 0 failed|0|passed fake (2 checks
a failed check||echo ok a;echo not ok b;exit 1|1 passed, 1 failed|1|not ok b
a failed check, exit 0||echo not ok b|0 passed, 1 failed|1|FAILED fake
prints nothing||:|0 passed, 1 failed|1|no check was run
prints prose||echo all is well|0 passed, 1 failed|1|no check was run
nothing, in CI|true|:|0 passed, 1 failed|1|no check was run
dies after its checks||echo ok a;exit 3|1 passed, 1 failed|1|exit 3
a signal||echo ok a;kill -SEGV $$|1 passed, 1 failed|1|ended by signal 11
a signal it cannot catch||echo ok a;kill -KILL $$|1 passed, 1 failed|1|ended by signal 9
skipped||echo skip a: no tool|0 passed, 0 failed, 1 skipped|0|skip a: no tool
some skipped||echo ok a;echo skip b: no tool|1 passed, 0 failed, 1 skipped|0|1 checks were skipped
skipped in CI|true|echo skip a: no tool|0 passed, 1 failed|1|this is CI
some skipped in CI|true|echo ok a;echo skip b: no tool|1 passed, 1 failed|1|FAILED fake
not the word||echo okay;echo skipper|0 passed, 1 failed|1|no check was run
counts itself||echo DIFFERS x;echo 41 passed, 2 failed;exit 1|41 passed, 2 failed|1|DIFFERS x
counts itself, well||echo 41 passed, 0 failed|41 passed, 0 failed|0|41 checks
counts nothing||echo 0 passed, 0 failed|0 passed, 1 failed|1|no check was run
cmocka||echo "[==========] Running 2 test(s).";echo "[       OK ] a";echo "[       OK ] b"|2 passed, 0 failed|0|
cmocka, named twice||echo "[==========] Running 1 test(s).";echo "[  FAILED  ] a";echo "[  FAILED  ] tests: 1 test(s), listed below:";echo "[  FAILED  ] a";exit 1|0 passed, 1 failed|1|
cmocka, left in its middle||echo "[==========] Running 3 test(s).";echo "[       OK ] a"|1 passed, 1 failed|1|only 1 of 3 tests ran
cmocka, two groups||for i in 1 2;do echo "[==========] Running 1 test(s)."; echo "[       OK ] $i";done|2 passed, 0 failed|0|
E
seconds=1
judged '' 'echo ok a; sleep 30'
check 'suite: out of time' closes '1 passed, 1 failed'
check 'suite: out of time: says it' out_has 'not done after 1 s'

# lib.sh
script() { # TEXT: a script that sources lib.sh
	mkdir -p tests/cli
	cp "$root/tests/lib.sh" tests/
	printf '. "$(dirname "$0")/../lib.sh"\n%s\n' "$1" >tests/cli/it.sh
	run bash tests/cli/it.sh
}
script 'check fine true; done_testing'
check 'lib: a good script' status_is 0
script 'check fine true; exit 0; done_testing'
check 'lib: one that leaves early has failed' status_is 1
check 'lib: and says so' out_has 'not ok it.sh: it ended before done_testing'
script 'needs sh no-such-tool; check fine true; done_testing'
check 'lib: a missing tool is no failure here' status_is 0
check 'lib: but a skip' out_has 'skip it.sh: no no-such-tool'
script 'check wrong false; done_testing'
check 'lib: a failed check' status_is 1
FULL='' script 'echo $(sample 2000) $(sample 7); done_testing'
check 'lib: a sample is a twentieth' out_has '100 1'
FULL=1 script 'echo $(sample 2000); done_testing'
check 'lib: FULL=1 is all' out_has '2000'

# .ci/run, before a make that says what each step counted.
mkdir -p ci/.ci bin
cp "$root/.ci/run" ci/.ci/run
cat >bin/make <<'E'
#!/bin/sh
echo "make $1, CI=$CI"
eval "set -- \$$(echo "$1" | tr a-z- A-Z_)"
[ -z "$2" ] || echo "$2 $3 $4" >>"$TALLY"
exit "$1"
E
chmod +x bin/make
ci() { # DEPS LINT TEST E2E BENCH-QUICK: 'STATUS [PASSED FAILED SKIPPED]' each
	DEPS=$1 LINT=$2 TEST=$3 E2E=$4 BENCH_QUICK=$5 PATH=$work/bin:$PATH \
		run bash ci/.ci/run
}
closing_lines() { grep -cE '^([a-z]+: )?[0-9]+ passed, [0-9]+ failed' "$work/.out"; }
ci 0 '0 7 0 0' '0 100 0 0' '0 20 0 0' '0 2 0 0'
check 'ci: the sum' closes '129 passed, 0 failed'
check 'ci: exit 0' status_is 0
check 'ci: one closing line' test "$(closing_lines)" = 1
check 'ci: is CI' out_has 'make test, CI=true'
ci 0 '1 6 1 0' '0 100 0 0' '0 20 0 0' '0 2 0 0'
check 'ci: one step fails' closes '128 passed, 1 failed'
check 'ci: one step fails: exit' status_is 1
check 'ci: the others ran all the same' out_has 'make bench-quick'
ci 0 '0 7 0 0' '2' '0 20 0 0' '0 2 0 0'
check 'ci: a step that does not get to its tests' closes '29 passed, 1 failed'
ci 0 '0 7 0 0' '0' '0 20 0 0' '0 2 0 0'
check 'ci: a step that counts nothing' closes '29 passed, 1 failed'
ci 0 '0 7 0 0' '1 99 0 0' '0 20 0 0' '0 2 0 0'
check 'ci: a step that fails behind its count' closes '128 passed, 1 failed'
ci 2 0 0 0 0
check 'ci: no packages' closes '0 passed, 1 failed'
check 'ci: no packages: exit' status_is 1
done_testing
