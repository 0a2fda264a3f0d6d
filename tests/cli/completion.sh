#!/bin/bash
# The completion scripts parse, and bash's offers what there is.
set -u
cd "$(dirname "$0")/../.." || exit 1
zl=$(readlink -f "${ZONELOOM:-build/zoneloom}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0
same() { # NAME WANTED GOT
	if [ "$2" = "$3" ]; then echo "ok completion/$1"
	else echo "not ok completion/$1: got \"$3\", want \"$2\""; fails=1; fi
}

for shell in bash zsh fish; do
	"$zl" completion $shell >"$work/$shell" 2>&1 || same "$shell" 0 $?
	command -v $shell >/dev/null ||
		{ echo "skip completion/$shell: not installed"; continue; }
	$shell -n "$work/$shell"
	same "$shell parses" 0 $?
done

# By `source <(zoneloom completion zsh)`, and as a file of fpath.
if command -v zsh >/dev/null; then
	zsh -fc "autoload -U compinit; compinit -u -D; source <($zl completion zsh)
		print -r -- \${_comps[zoneloom]}" >"$work/registered" 2>&1
	same 'zsh source' _zoneloom "$(cat "$work/registered")"
	mkdir -p "$work/fpath"
	cp "$work/zsh" "$work/fpath/_zoneloom"
	zsh -fc "fpath=($work/fpath \$fpath); autoload -U compinit; compinit -u -D
		print -r -- \${_comps[zoneloom]}" >"$work/registered" 2>&1
	same 'zsh fpath' _zoneloom "$(cat "$work/registered")"
fi

# shellcheck disable=SC1091
. "$work/bash"
offer() { # WORD...: the last one is being typed
	COMP_WORDS=(zoneloom "$@") COMP_CWORD=$# COMPREPLY=()
	_zoneloom 2>/dev/null
	echo "${COMPREPLY[*]}"
}
same 'a command' 'explain' "$(offer ex)"
same 'a flag' '--skipped' "$(offer explain --sk)"
same 'an option' '--txt-owner-id=' "$(offer -C dir list --txt-ow)"
same 'no option of another command' '' "$(offer version --txt-o)"
same 'a switch' '--no-create-ptr' "$(offer list --no-create)"
same 'a word of an option' 'upsert-only' "$(offer list --policy = u)"
same 'all words' 'sync upsert-only create-only' "$(offer list --policy =)"

"$zl" completion tcsh >"$work/out" 2>"$work/err"
same 'unknown shell' 2 $?
same 'unknown shell prints nothing' '' "$(cat "$work/out")"
exit $fails
