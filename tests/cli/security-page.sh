#!/bin/bash
# docs/security.md: each line of its tables names tests that exist, and each
# command has its line.
. "$(dirname "$0")/../lib.sh"
page=$root/docs/security.md

rows() { # ROWS OF THE TABLE BELOW THIS HEADING
	awk -v heading="## $1" '
		/^## / { here = $0 == heading }
		here && /^\|/ && !/^\|---/ && !/shown by \|$/' "$page"
}
all=$(rows 'Who may change what'
	rows 'What each command reads, runs and prints')
check 'security.md has lines' [ "$(wc -l <<<"$all")" -ge 30 ]
named() { # ROW: the tests of its last column
	sed -E 's/ \|$//; s/.*\| //' <<<"$1" | grep -oE '`tests/[^`]+`' | tr -d '`'
}
exist() {
	local test
	[ -n "$(named "$1")" ] || { echo '  names no test'; return 1; }
	for test in $(named "$1"); do
		[ -e "$root/$test" ] || { echo "  no $test"; return 1; }
	done
}
while IFS= read -r row; do
	check "security.md: $(cut -c3-60 <<<"$row")" exist "$row"
done <<<"$all"

commands=$(sed -n 's/^COMMAND(\([a-z]*\),.*/\1/p' "$root/gen/cli/command.def" |
	sort)
lines=$(rows 'What each command reads, runs and prints' |
	sed -n 's/^| `\([a-z]*\)` |.*/\1/p' | sort)
check 'the command table is read' [ "$(wc -l <<<"$commands")" -ge 10 ]
check 'each command has its line, and each line its command' \
	diff <(echo "$commands") <(echo "$lines")

# What is said not to be defended is said.
check 'what is not defended' \
	[ "$(awk '/^## What is not/ { on = 1 } on && /^- \*\*/' "$page" | wc -l)" -ge 5 ]
done_testing
