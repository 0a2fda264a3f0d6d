#!/bin/bash
# help and version say what the tables say; a typing error gets a suggestion.
set -u
cd "$(dirname "$0")/../.." || exit 1
zl=$(readlink -f "${ZONELOOM:-build/zoneloom}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0
check() { # NAME STATUS PATTERN-IN-OUTPUT COMMAND...
	local name=$1 status=$2 want=$3 got
	shift 3
	"$@" >"$work/out" 2>&1
	got=$?
	if [ $got = "$status" ] && grep -qE -- "$want" "$work/out"; then
		echo "ok help/$name"
	else
		echo "not ok help/$name: exit $got"
		cat "$work/out"
		fails=1
	fi
}

for c in $(sed -n 's/^COMMAND(\([a-z]*\),.*/\1/p' gen/cli/command.def); do
	check "lists $c" 0 "^  $c +[a-z]" "$zl" help
	check "of $c" 0 "^usage: zoneloom $c" "$zl" help "$c"
done
check '--help of a command' 0 '^usage: zoneloom list' "$zl" list --help
check '--help' 0 '^usage: zoneloom' "$zl" --help
check 'of an unknown command' 2 'zoneloom help list' "$zl" help lits
check 'version' 0 '^zoneloom [0-9]+\.[0-9]+\.[0-9]+$' "$zl" version
check '--version' 0 'libgit2 [0-9]' "$zl" --version
check 'libraries' 0 'libyaml [0-9].*jansson [0-9].*libzscanner [0-9].*libidn2 [0-9].*libpsl [0-9].*pcre2 [0-9]' "$zl" version
long=$("$zl" help list | awk 'length > 80' | head -1)
[ -z "$long" ] && echo 'ok help/80 columns' || { echo "not ok help/80 columns: $long"; fails=1; }
exit $fails
