#!/bin/bash
# tidy.sh FILE FLAGS...: clang-tidy of one file; quiet where all is well.
#
# What was well is remembered in build/lint by what the compiler saw, headers
# and all, so that a second run looks at what changed only.
set -u
file=$1
shift
mkdir -p build/lint
key=$({ "${CC:-cc}" -E "$@" "$file"; cat .clang-tidy; clang-tidy --version; } |
	sha256sum | cut -c1-40)
[ ! -e "build/lint/$key" ] || exit 0
out=$(clang-tidy --quiet "$file" -- "$@" 2>&1) && {
	: >"build/lint/$key"
	exit 0
}
printf '%s\n' "$out" | grep -vE '^[0-9]+ warnings? '
exit 1
