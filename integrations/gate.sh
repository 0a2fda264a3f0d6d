#!/bin/bash
# Judge a change by the policy of the branch that it would be merged into.
#
# All by environment, for branch names are a stranger's: TARGET (a branch of
# origin) or BASE (a commit), HEAD (a commit; default HEAD), REPORTS (a folder
# that gets dns.md and those below), FORMATS ("sarif=dns.sarif github": more
# reports), ALLOW_POLICY_CHANGE (true: a code owner has approved), ALLOW_DELETES
# and ALLOW_CHANGES (a number), CONFIG (a file), ZONELOOM (the program).
# Ends with gate's status: 0 fine, 3 a violation, 5 a conflict, 6 the brake.
set -uo pipefail
reports=${REPORTS:-.} head=${HEAD:-HEAD}
[ "$(git rev-parse --is-shallow-repository)" != true ] ||
	git fetch -q --unshallow origin || exit 4
if [ -n "${TARGET:-}" ]; then
	git fetch -q origin "+refs/heads/$TARGET:refs/remotes/origin/$TARGET" || exit 4
	BASE=$(git rev-parse --verify "refs/remotes/origin/$TARGET^{commit}") || exit 4
fi
base=$(git rev-parse --verify --end-of-options "${BASE:?}^{commit}") || exit 4
head=$(git rev-parse --verify --end-of-options "$head^{commit}") || exit 4

mkdir -p "$reports"
rm -f "$reports/dns.md"
args=(--report "markdown=$reports/dns.md")
for format in ${FORMATS:-text}; do
	case $format in
	*=*) args+=(--report "${format%%=*}=$reports/${format#*=}") ;;
	*) args+=(--report "$format") ;;
	esac
done
[ "${ALLOW_POLICY_CHANGE:-false}" != true ] || args+=(--allow-policy-change)
[ -z "${ALLOW_DELETES:-}" ] || args+=("--allow-deletes=$ALLOW_DELETES")
[ -z "${ALLOW_CHANGES:-}" ] || args+=("--allow-changes=$ALLOW_CHANGES")
[ -z "${CONFIG:-}" ] || args+=("--config=$CONFIG")
"${ZONELOOM:-zoneloom}" gate "${args[@]}" "$base...$head"
status=$?
# Where nothing could be judged, no older comment may say that all is well.
[ -s "$reports/dns.md" ] || printf '%s\n' '<!-- zoneloom -->' \
	"### DNS: not judged" '' "\`zoneloom gate\` ended with status $status; the log of the job says why." \
	>"$reports/dns.md"
exit $status
