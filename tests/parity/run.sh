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

# shellcheck disable=SC2016
same='[inputs | {name, type, ttl, targets, set_identifier, provider_specific,
	labels: (.labels | {owner, resource})}] | sort_by(.name, .type,
	.set_identifier, .targets)[]'

ask() { # ask CASE: fills $tmp/{out,err,status}
	local flags=()
	[ -f "$1/flags" ] && mapfile -t flags <"$1/flags"
	"$zoneloom" list -o jsonl --compat=external-dns --stdin "${flags[@]}" \
		<"$1/input.yaml" >"$tmp/out" 2>"$tmp/err"
	echo $? >"$tmp/status"
}

agrees() { # agrees CASE: is the answer that of ExternalDNS?
	if [ -f "$1/error" ]; then
		[ "$(cat "$tmp/status")" = 2 ] && [ ! -s "$tmp/out" ] &&
			[ -s "$tmp/err" ]
		return
	fi
	[ "$(cat "$tmp/status")" = 0 ] || return 1
	jq -nc "$same" <"$tmp/out" >"$tmp/got" || return 1
	jq -nc "$same" <"$1/expected.jsonl" >"$tmp/want"
	cmp -s "$tmp/want" "$tmp/got"
}

show() {
	[ "${V:-0}" = 0 ] && return
	[ -f "$1/error" ] || diff -u "$tmp/want" "$tmp/got" | tail -n +3
	sed 's/^/	/' "$tmp/err"
}

passed=0 failed=0 differs=0
for dir; do
	for kind in "$dir"/*/; do
		kind=${kind%/} ok=0 all=0
		for case in "$kind"/*/; do
			case=${case%/}
			[ -f "$case/input.yaml" ] || continue
			# Flags of the harness that made the cases: they
			# put something into a cluster there is none of.
			grep -qsE '^--assume-(lb|gateways)' "$case/flags" &&
				continue
			id=$(basename "$kind")/$(basename "$case")
			known=$(grep -c "^$id	" "$here/differs.tsv")
			all=$((all + 1))
			ask "$case"
			if agrees "$case"; then
				ok=$((ok + 1))
				[ "$known" = 0 ] && passed=$((passed + 1)) && continue
				echo "AGREES $id: its row in differs.tsv is out of date"
			elif [ "$known" != 0 ]; then
				differs=$((differs + 1))
				continue
			else
				echo "DIFFERS $id"
				show "$case"
			fi
			failed=$((failed + 1))
		done
		[ $all = 0 ] || printf '%-12s %d/%d\n' "$(basename "$kind")" $ok $all
	done
done
[ $differs = 0 ] || echo "$differs differ with a reason: see differs.tsv"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
