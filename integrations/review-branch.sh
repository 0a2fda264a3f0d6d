#!/bin/bash
# On the main branch: commit the outputs to a branch for review and push it.
# Run in a clone with a remote `origin`; a second run on the same state does
# nothing, and a branch whose change is merged or obsolete is deleted.
#
# All by environment: BRANCH (dns/review), BASE (HEAD), REMOTE (origin),
# PUSH_OPTIONS (one a line, for `git push -o`), RESULT (a file that gets
# changed=true|false and commit=ID), ZONELOOM (the program).
# Who commits, and whether it is signed, git's variables and settings say.
set -euo pipefail
branch=${BRANCH:-dns/review} base=${BASE:-HEAD} remote=${REMOTE:-origin}
ref=refs/heads/$branch
git check-ref-format "$ref"

result() { # CHANGED [ID]
	[ -z "${RESULT:-}" ] || printf 'changed=%s\ncommit=%s\n' "$1" "${2:-}" >>"$RESULT"
}

# Where the branch stands at the remote; status 2 is "no such branch", all else
# an error.
was=$(git ls-remote --exit-code "$remote" "$ref" | cut -f1) || {
	status=$?
	[ $status = 2 ] || exit $status
	was=
}
if [ -n "$was" ]; then
	git fetch -q "$remote" "$ref"
	git update-ref "$ref" "$was"
elif git rev-parse -q --verify "$ref" >/dev/null; then
	git update-ref -d "$ref"
fi

"${ZONELOOM:-zoneloom}" commit --branch "$branch" --base "$base" --prune
now=$(git rev-parse -q --verify "$ref^{commit}") || now=
if [ "$now" = "$was" ]; then
	echo "review branch: nothing to push"
	result false "$now"
	exit 0
fi
options=()
while IFS= read -r option; do
	[ -z "$option" ] || options+=(-o "$option")
done <<<"${PUSH_OPTIONS:-}"
# Only over what was seen above; an empty id means that it must not exist.
if [ -z "$now" ]; then
	git push -q --force-with-lease="$ref:$was" "$remote" ":$ref"
else
	git push -q --force-with-lease="$ref:$was" ${options[@]+"${options[@]}"} \
		"$remote" "$now:$ref"
fi
result true "$now"
