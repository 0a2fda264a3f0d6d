#!/bin/bash
# tidy.sh FILE FLAGS...: clang-tidy of one file; quiet where all is well.
set -u
file=$1
shift
out=$(clang-tidy --quiet "$file" -- "$@" 2>&1) && exit 0
printf '%s\n' "$out" | grep -vE '^[0-9]+ warnings? '
exit 1
