#!/bin/bash
# The records derived here, fed back to the planner and registry of the real
# ExternalDNS as what its provider holds, leave it nothing to do.
#
# What ExternalDNS' sources gave for a case of tests/parity stands in its
# endpoints.jsonl, or is expected.jsonl without the ownership records where the
# plan changed nothing on the way.  Cases that ExternalDNS refuses are left
# out, and so are those that need a cluster.
#
# A case is restless when ExternalDNS, given its own records back, does the same
# again for ever: an owner id it cannot read back, names it lowers or cannot
# publish.  That is found by running it, there is no list.
# shellcheck disable=SC2317 # called by check
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
needs external-dns-judge jq
ZONELOOM=$(realpath "$ZONELOOM")

# lay CASE: a folder of $work as the planner wants it.
lay() {
	local flags=() to=$work/$1 from=$root/tests/parity/$1
	mkdir -p "$to"
	[ ! -f "$from/flags" ] || mapfile -t flags <"$from/flags"
	printf '%s\n' "${flags[@]}" >"$to/flags"
	if [ -f "$from/endpoints.jsonl" ]; then
		cp "$from/endpoints.jsonl" "$to/desired.jsonl"
	else
		jq -c 'select(.labels | has("ownedRecord") | not)
			| del(.labels.owner)' \
			"$from/expected.jsonl" >"$to/desired.jsonl"
	fi
	"$ZONELOOM" list -o jsonl --compat=external-dns --stdin "${flags[@]}" \
		<"$from/input.yaml" >"$to/current.jsonl" 2>"$to/said"
}

cd "$work" || exit 1
for kind in "$root"/tests/parity/*/; do
	kind=$(basename "$kind") cases=() out=0
	for from in "$root/tests/parity/$kind"/*/; do
		name=$kind/$(basename "$from")
		if [ -f "$from/error" ] || grep -qsE \
			'^--assume-(lb|gateways)' "$from/flags"; then
			out=$((out + 1))
			continue
		fi
		lay "$name" || {
			echo "not ok roundtrip/$name: $(tail -n 1 "$name/said")"
			fails=$((fails + 1))
			continue
		}
		cases+=("$name")
	done
	external-dns-judge plan "${cases[@]}" >answers 2>said || {
		echo "not ok roundtrip/$kind: $(cat said)"
		fails=$((fails + 1))
	}
	sed -n 's/^restless /restless: /p' answers
	sed -n 's/^change /not ok roundtrip\//p' answers
	bad=$(grep -c '^change ' answers)
	fails=$((fails + bad))
	good=$(grep -c '^nothing ' answers)
	restless=$(grep -c '^restless ' answers)
	if [ $((good + restless)) = 0 ]; then
		echo "not ok roundtrip/$kind: no case is right"
		fails=$((fails + 1))
	fi
	[ $((good + restless)) = 0 ] || [ "$bad" != 0 ] ||
		echo "ok roundtrip/$kind $good cases ($restless restless, $out left out)"
done

# finds NAME TEXT CURRENT: the test sees what is wrong with CURRENT, made out of
# the case $from.
finds() {
	cp -r "$from" "broken-$1"
	jq -c "$3" "$from/current.jsonl" >"broken-$1/current.jsonl"
	external-dns-judge plan "broken-$1" >answers
	grep -q "^change broken-$1: .*$2" answers || { cat answers; false; }
}
from=ingress/004-target-two-v4
check roundtrip/finds-missing finds missing 'create www' 'empty'
check roundtrip/finds-changed finds changed 'update www' \
	'if .type == "A" then .targets[0] = "192.0.2.9" else . end'
check roundtrip/finds-surplus finds surplus 'delete old' \
	'., (.name |= sub("www"; "old") | .targets[0] |= sub("www"; "old"))'
check roundtrip/finds-disowned finds disowned 'not own www' \
	'select(.type != "TXT")'
check roundtrip/finds-stranger finds stranger 'not own www' \
	'.targets[0] |= sub("owner=default"; "owner=other")'
from=ingress/088-hostname-uppercase
check roundtrip/finds-in-restless finds in-restless 'create A' 'empty'
done_testing
