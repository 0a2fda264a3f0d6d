#!/bin/bash
# run.sh ZONELOOM DIR...: ask the program what ExternalDNS would publish and
# compare with what it did.  A DIR holds <kind>/<case>/{input.yaml,flags,
# expected.jsonl,error}; `error` means: refuses to start.
#
# Compared are name, type, TTL, targets, set identifier, provider-specific
# properties and the labels owner and resource.  A case in differs.tsv may
# differ, and must: a row that is no longer true fails.  V=1 shows each
# difference.  The last line is "N passed, N failed".
set -u
zoneloom=$(realpath "$1"); shift
here=$(dirname "$(realpath "$0")")
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
declare -A reason
while IFS=$'\t' read -r id why; do
	case $id in '#'* | '') ;; *) reason[$id]=$why ;; esac
done <"$here/differs.tsv"

# shellcheck disable=SC2016 # jq's variables
norm='def norm: [.[] | {name, type, ttl, targets, set_identifier,
	provider_specific, labels: (.labels | {owner, resource})}] |
	sort_by(.name, .type, .set_identifier, .targets);'

ask() { # ask CASE: fills $tmp/{out,err} and $status
	"$zoneloom" list -o jsonl --compat=external-dns --stdin "${flags[@]}" \
		<"$1/input.yaml" >"$tmp/out" 2>"$tmp/err"
	status=$?
}

agrees() { # agrees CASE: is the answer that of ExternalDNS?
	if [ -f "$1/error" ]; then
		[ $status = 2 ] && [ ! -s "$tmp/out" ] && [ -s "$tmp/err" ]
		return
	fi
	# shellcheck disable=SC2016
	[ $status = 0 ] && jq -ne --slurpfile got "$tmp/out" \
		--slurpfile want "$1/expected.jsonl" \
		"$norm"' ($got | norm) == ($want | norm)' >/dev/null
}

show() {
	[ "${V:-0}" = 0 ] && return
	[ -f "$1/error" ] ||
		diff -u <(jq -sc "$norm norm[]" "$1/expected.jsonl") \
			<(jq -sc "$norm norm[]" "$tmp/out") | tail -n +3
	sed 's/^/	/' "$tmp/err"
}

passed=0 failed=0 differs=0
for dir; do
	for kind in "$dir"/*/; do
		kind=${kind%/} ok=0 all=0
		for case in "$kind"/*/; do
			case=${case%/} flags=()
			[ -f "$case/input.yaml" ] || continue
			[ -f "$case/flags" ] && mapfile -t flags <"$case/flags"
			# Flags of the harness that made the cases: they
			# put something into a cluster there is none of.
			case " ${flags[*]-} " in
			*' --assume-lb'* | *' --assume-gateways'*) continue ;;
			esac
			id=${kind##*/}/${case##*/}
			all=$((all + 1))
			ask "$case"
			if agrees "$case"; then
				ok=$((ok + 1))
				[ -z "${reason[$id]-}" ] && continue
				echo "AGREES $id: its row in differs.tsv is out of date"
			elif [ -n "${reason[$id]-}" ]; then
				differs=$((differs + 1))
				continue
			else
				echo "DIFFERS $id"
				show "$case"
			fi
			failed=$((failed + 1))
		done
		[ $all = 0 ] && continue
		printf '%-12s %d/%d\n' "${kind##*/}" $ok $all
		passed=$((passed + ok))
	done
done
[ $differs = 0 ] || echo "$differs differ with a reason: see differs.tsv"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
