#!/bin/bash
# What DNSControl's own helpers.js (4, 2026-05) makes of our JavaScript is
# recorded in tests/data/dnscontrol; our JSON says the same, member by member.
# tests/e2e/dnscontrol.sh runs the JavaScript.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
files=tests/golden/ok-dnscontrol/expected/files/dns
# What helpers.js leaves empty, and what only the run says.
bare() { # FILE
	jq -S '.domains[] | {name, nameservers, meta, dnsProviders,
		records: [.records[] | del(."//", .filepos) |
			if .meta == {} then del(.meta) else . end |
			with_entries(select(.value != null))]}' "$1"
}
bare tests/data/dnscontrol/retake.fr.json >"$work/answer"
bare $files/retake.fr.json >"$work/ours"
check 'dnscontrol: the JSON is what its JavaScript gives' \
	diff -u "$work/answer" "$work/ours"
check 'dnscontrol: there are records of every kind' \
	test "$(jq '[.domains[].records[].type] | unique | length' \
		tests/data/dnscontrol/retake.fr.json)" -ge 12
check 'dnscontrol: what it was recorded of' test "$(grep -cE '^  [A-Z]+\("' \
	$files/retake.fr.js)" = "$(jq '[.domains[].records[], .domains[].nameservers[]] |
	length' tests/data/dnscontrol/retake.fr.json)"

# The same for every golden zone: JavaScript and JSON hold the same records.
both=0
for config in tests/golden/ok-*/config/zoneloom.yaml; do
	dir=${config%/config/*}
	mkdir -p "$work/repo" && cp -r "$dir"/manifests/. "$work/repo/"
	cp -r "$dir"/config/. "$work/repo/"
	cp "$config" "$work/repo/.zoneloom.yaml"
	if "$ZONELOOM" list -o dnscontrol --dir "$work/repo" >"$work/js" 2>/dev/null &&
		[ -s "$work/js" ]; then
		both=$((both + 1))
		cat "$work/js" >>"$work/all.js"
	fi
	rm -rf "$work/repo"
done
check 'dnscontrol: golden zones have JavaScript' test $both -ge 20
# Every line is a call that ends in a comma, a line of D(...), or a comment.
check 'dnscontrol: each line is one call' test -z "$(grep -vE \
	'^// |^D\("[^"\\]+", "none",( DnsProvider\("[a-z0-9]+"\),)?$|^  END\);$|^  [A-Z_]+\(([^"\\]|"([^"\\]|\\.)*")*\),( // [ -~]*)?$' \
	"$work/all.js")"
done_testing
