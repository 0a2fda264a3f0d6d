#!/bin/bash
# One note a merge request, edited at each push.  Environment: FILE (its text),
# ZONELOOM_TOKEN (may write notes; without it nothing is done), and what
# GitLab sets: CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID.
set -uo pipefail
[ -n "${ZONELOOM_TOKEN:-}" ] || { echo "note: no ZONELOOM_TOKEN; the artifact has the text" >&2; exit 0; }
[[ ${CI_MERGE_REQUEST_IID:-} =~ ^[0-9]+$ ]] || exit 0
notes=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
# The token comes by standard input: arguments are seen by every process.
api() { printf 'header = "PRIVATE-TOKEN: %s"\n' "$ZONELOOM_TOKEN" | curl -fsS --config - "$@"; }
id=$(api "$notes?per_page=100&order_by=created_at&sort=asc" |
	jq -r 'map(select(.body | startswith("<!-- zoneloom -->")))[0].id // empty') || exit 0
if [ -n "$id" ]; then
	api -X PUT --data-urlencode "body@$FILE" "$notes/$id" >/dev/null
else
	api -X POST --data-urlencode "body@$FILE" "$notes" >/dev/null
fi || echo "note: cannot write it; the artifact has the text" >&2
exit 0
