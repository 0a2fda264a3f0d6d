#!/bin/bash
# Open the pull request of the review branch, once.  Environment: BRANCH,
# TARGET (the branch to merge into), TITLE, GH_TOKEN.
set -euo pipefail
open=$(gh pr list --head "$BRANCH" --base "$TARGET" --state open --json number --jq length)
[ "$open" = 0 ] || { echo "pull request: open already"; exit 0; }
git log -1 --format=%b "refs/heads/$BRANCH" >"${RUNNER_TEMP:-/tmp}/dns-body"
gh pr create --head "$BRANCH" --base "$TARGET" --title "${TITLE:-dns: records}" \
	--body-file "${RUNNER_TEMP:-/tmp}/dns-body"
