#!/bin/bash
# One comment a pull request, edited at each push.  Environment: FILE (its
# text), PR (a number), GITHUB_REPOSITORY, GH_TOKEN.  A token that may not
# write, as that of a fork's pull request, leaves the text in the summary.
set -uo pipefail
[[ ${PR:-} =~ ^[0-9]+$ ]] || { echo "comment: no pull request" >&2; exit 0; }
comments=repos/$GITHUB_REPOSITORY/issues
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$FILE" >>"$GITHUB_STEP_SUMMARY"
id=$(gh api --paginate "$comments/$PR/comments" --jq \
	'.[] | select(.user.type == "Bot" and (.body | startswith("<!-- zoneloom -->"))) | .id') || {
	echo "comment: cannot read the comments; the summary has the text" >&2
	exit 0
}
id=${id%%$'\n'*}
if [ -n "$id" ]; then
	gh api -X PATCH "$comments/comments/$id" -F "body=@$FILE" --silent
else
	gh api -X POST "$comments/$PR/comments" -F "body=@$FILE" --silent
fi || echo "comment: this token may not comment; the summary has the text" >&2
exit 0
