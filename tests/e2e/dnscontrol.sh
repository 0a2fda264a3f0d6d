#!/bin/bash
# JavaScript for DNSControl, run by a JavaScript of today: with functions that
# collect what they are called with, every zone of the golden cases gives the
# records that `list` says, and a hostile text stays a text.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
needs node jq
here=$root/tests/e2e
cd "$root" || exit 1

# Of both: name, type, ttl, and the data as one text.
ran() { # FILE
	node "$here/dnscontrol.mjs" "$1" | jq -rS '
		(.domain | sub("!.*"; "")) as $d |
		[(if .name == "@" then $d else .name + "." + $d end), .type, .ttl,
		 (.args | map(tostring) | join(" ")), .critical // false] | tojson' |
		LC_ALL=C sort
}
listed() { # DIR
	"$ZONELOOM" list -o jsonl --dir "$1" 2>/dev/null | jq -rS '
		def dot: if endswith(".") then . else . + "." end;
		def string: if startswith("\"") then fromjson else . end;
		select(.name) | . as $r | .targets[] | split(" ") as $f |
		(if $r.type == "TXT" then string
		 elif ["CNAME", "NS", "PTR"] | index($r.type) then dot
		 elif $r.type == "MX" or $r.type == "SRV" then dot
		 elif $r.type == "CAA" then ($f[1:2] + [($f[2:] | join(" ") | string)]) | join(" ")
		 else . end) as $data |
		[$r.name, $r.type, (if $r.ttl == 0 then 300 else $r.ttl end), $data,
		 ($r.type == "CAA" and $f[0] == "128")] | tojson' |
		LC_ALL=C sort
}

n=0 records=0
for config in tests/golden/ok-*/config/zoneloom.yaml; do
	dir=${config%/config/*} name=${config%/config/*}
	grep -q 'default-ttl\|publishers:' "$config" && continue
	rm -rf "$work/repo" && mkdir -p "$work/repo"
	cp -r "$dir"/manifests/. "$dir"/config/. "$work/repo/"
	mv "$work/repo/zoneloom.yaml" "$work/repo/.zoneloom.yaml"
	"$ZONELOOM" list -o dnscontrol --dir "$work/repo" >"$work/js" 2>"$work/said" &&
		[ -s "$work/js" ] || continue
	ran "$work/js" >"$work/ran"
	# HTTPS and NAPTR have strings among their fields: counted, not compared.
	listed "$work/repo" | grep -vE '"(HTTPS|SVCB|NAPTR)"' >"$work/listed"
	grep -vE '"(HTTPS|SVCB|NAPTR)"' "$work/ran" >"$work/compared"
	n=$((n + 1)) records=$((records + $(wc -l <"$work/ran")))
	check "dnscontrol/${name##*/}: the records of list" \
		diff -u "$work/listed" "$work/compared"
done
echo "# $n repositories, $records records"
check 'dnscontrol: enough of them' test $n -ge 20

mkdir -p "$work/odd" && cd "$work/odd" || exit 1
cat >.zoneloom.yaml <<'E2'
format: 1
zones:
  example.com:
    static: static.zone
    outputs: [{format: dnscontrol, file: example.com.js, registrar: 'a"); evil("'}]
E2
cat >static.zone <<'E2'
a 60 TXT "\"); evil(\"" 
b 60 TXT "</script>\\\" + evil() + \"\\"
c 60 TXT "\010\013\226\128\168 ${evil} `evil`"
E2
run "$ZONELOOM" generate --dir .
check 'dnscontrol: hostile texts are written' status_is 0
check 'dnscontrol: and run as texts' test "$(node "$here/dnscontrol.mjs" example.com.js |
	jq -r .type | sort | uniq -c | tr -s ' ')" = ' 3 TXT'
check 'dnscontrol: byte by byte' test "$(node "$here/dnscontrol.mjs" example.com.js |
	jq -r 'select(.name == "c").args[0]' | od -An -tx1 | tr -d ' \n')" = \
	"$(printf '\n\r\342\200\250 ${evil} `evil`\n' | od -An -tx1 | tr -d ' \n')"
done_testing
