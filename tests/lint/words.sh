#!/bin/bash
# Words that do not belong in what we ship.
set -eu
cd "$(dirname "$0")/../.."
bad=0
mapfile -t files < <(git ls-files | grep -vE '^tests/(lint/words\.(sh|py)|data/|fuzz/corpus/|golden/)|^LICENSE$')

# Unfinished work is an issue, not a comment.  (Manifests may say TODO: it is
# one of the placeholders that are refused.)
if git ls-files 'gen/*.[ch]' 'gen/*.def' 'tests/*.[ch]' 'tests/*.sh' Makefile |
	grep -vE '^tests/lint/' | xargs grep -nE '\b(FIXME|XXX|HACK)\b|TODO[:(]'; then
	echo "words: unfinished, see above"
	bad=1
fi

# A path of one machine helps on no other.
if grep -nE '(^|[^A-Za-z0-9_./-])/(work|root)/[a-z]' "${files[@]}"; then
	echo "words: a path of one machine, see above"
	bad=1
fi

# Messages, help, comments and names: the words of style.md.  A message says
# the thing first.
tests/lint/words.py --test || bad=1
mapfile -t code < <(git ls-files 'gen/*.[ch]' 'gen/*.def')
tests/lint/words.py "${code[@]}" || bad=1
if git ls-files 'gen/*.c' | xargs grep -nE \
	'(diag_(error|warn|note)|fault_set)\(.*"(error|failed|could not)\b'; then
	echo "words: a message says the thing first, see above"
	bad=1
fi
if grep -snE '\b(is|are) wanted\b' "${files[@]}"; then
	echo "words: write \"expected X\", see above"
	bad=1
fi
[ $bad = 0 ] || exit 1
echo "ok words"
