#!/bin/bash
# octoDNS reads its YAML: octodns-validate takes every zone of the golden cases,
# octodns-bind makes of each the zone file that we write ourselves, its next plan
# is empty, and a changed manifest is one change of its plan.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
needs octodns-validate octodns-sync named named-compilezone dig
cd "$root" || exit 1

config() { # DIR
	cat >"$1/octodns.yaml" <<-'E2'
	providers:
	  yaml:
	    class: octodns.provider.yaml.YamlProvider
	    directory: octodns
	    escaped_semicolons: true
	  bind:
	    class: octodns_bind.ZoneFileProvider
	    directory: zones
	    file_extension: .zone
	zones:
	  '*':
	    sources: [yaml]
	    targets: [bind]
	E2
	mkdir -p "$1/zones"
}
octo() { # DIR TOOL FLAG...: in that folder
	local dir=$1 tool=octodns-$2
	shift 2
	(cd "$dir" && "$tool" --config-file octodns.yaml "$@") >"$work/said" 2>&1
}

# One record a line in one spelling, without SOA and the zone's NS.  octoDNS
# writes the flags of a NAPTR in capitals.
canon() { # ZONE FILE
	named-compilezone -q -i none -k ignore -m ignore -n ignore -r ignore \
		-M ignore -S ignore -s full -o - "$1" "$2" 2>/dev/null |
		tr -s ' \t' ' ' | grep -v " IN SOA " |
		grep -v "^$1. [0-9]* IN NS " | LC_ALL=C sort -u
}

# The zones of one repository, in octoDNS' YAML and as zone files.
lay() { # GOLDEN-CASE
	rm -rf "$work/repo" && mkdir -p "$work/repo/octodns" "$work/repo/bind"
	cp -r "$1"/manifests/. "$1"/config/. "$work/repo/"
	mv "$work/repo/zoneloom.yaml" "$work/repo/.zoneloom.yaml"
	"$ZONELOOM" list -o octodns --dir "$work/repo" 2>/dev/null |
		awk -v to="$work/repo/octodns" '/^# Code generated/ {
			split($0, w, "octodns "); sub(/\).*/, "", w[2])
			file = w[2] ~ /@/ ? "/dev/null" : to "/" w[2] ".yaml"
		} { print > file }'
	[ -n "$(ls "$work/repo/octodns")" ]
}

# What we write as a zone file, behind a SOA.
ours() { # ZONE
	printf '%s. 3600 IN SOA ns.example.net. a.example.net. 1 2 3 4 5\n%s. 3600 IN NS ns.example.net.\n' \
		"$1" "$1"
	"$ZONELOOM" list -o bind --zone "$1" --dir "$work/repo" 2>/dev/null |
		grep -v '^\$ORIGIN'
}

n=0
for config in tests/golden/ok-*/config/zoneloom.yaml; do
	dir=${config%/config/*} name=${config%/config/*} name=${name##*/}
	lay "$dir" || continue # without a zone, or refused with a place
	config "$work/repo"
	n=$((n + 1))
	if ! octo "$work/repo" validate || ! octo "$work/repo" sync --doit --force; then
		echo "not ok octodns/$name"
		fails=$((fails + 1))
		tail -n 3 "$work/said"
		continue
	fi
	for f in "$work"/repo/octodns/*.yaml; do
		zone=${f##*/} zone=${zone%.yaml}
		ours "$zone" >"$work/ours.zone"
		canon "$zone" "$work/ours.zone" >"$work/want"
		grep -v '^\$ORIGIN' "$work/repo/zones/$zone.zone" 2>/dev/null |
			{ echo "\$ORIGIN $zone."; cat; } >"$work/made.zone"
		echo "$zone. 3600 IN NS ns.example.net." >>"$work/made.zone"
		canon "$zone" "$work/made.zone" >"$work/got"
		check "octodns/$name: $zone" diff -u "$work/want" "$work/got"
	done
done
echo "# $n repositories"
check 'octodns: enough of them' test $n -ge 20

# A server that takes updates: what is applied leaves an empty plan, and what
# changes is all that the next one holds.
repo=$work/repo zone=retake.fr port=$((20000 + RANDOM % 20000))
lay tests/golden/ok-octodns
config "$repo"
mkdir -p "$work/named"
printf '@ 3600 IN SOA ns1.example.net. a.example.net. 1 3600 600 86400 300\n@ 3600 IN NS ns1.example.net.\n' \
	>"$work/named/zone.db"
cat >"$work/named.conf" <<E2
options {
	directory "$work/named"; pid-file none; session-keyfile none;
	lock-file none; managed-keys-directory "$work/named";
	listen-on port $port { 127.0.0.1; }; listen-on-v6 { none; };
	recursion no; dnssec-validation no; notify no;
	empty-zones-enable no; allow-transfer { 127.0.0.1; };
};
controls { };
zone "$zone" { type primary; file "zone.db"; allow-update { 127.0.0.1; }; };
E2
named -4 -n 1 -U 1 -g -c "$work/named.conf" >"$work/named.log" 2>&1 &
server=$!
sed -i -e 's/class: octodns_bind.*/class: octodns_bind.Rfc2136Provider/' \
	-e "s/directory: zones/host: 127.0.0.1/; s/file_extension: .zone/port: $port/" \
	"$repo/octodns.yaml"
for _ in $(seq 50); do
	dig +tcp +time=1 +tries=1 -p $port @127.0.0.1 $zone SOA 2>/dev/null |
		grep -q 'flags:.* aa' && break
	sleep 0.1
done
octo "$repo" sync
check 'octodns: a plan' grep -q 'Creates=24, Updates=1, Deletes=0' "$work/said"
check 'octodns: is applied' octo "$repo" sync --doit --force
dig +onesoa +noall +answer -p $port @127.0.0.1 $zone AXFR >"$work/served.zone"
ours $zone >"$work/ours.zone"
canon $zone "$work/ours.zone" >"$work/want"
canon $zone "$work/served.zone" >"$work/got"
check 'octodns: the server serves what we say' diff -u "$work/want" "$work/got"
octo "$repo" sync
check 'octodns: no plan is left' grep -q 'No changes were planned' "$work/said"
sed -i 's/ttl: "60"/ttl: "90"/' "$repo/apps/web.yaml"
"$ZONELOOM" list -o octodns --dir "$repo" 2>/dev/null >"$repo/octodns/$zone.yaml"
octo "$repo" sync
check 'octodns: a change is all that the next one holds' \
	grep -q 'Creates=0, Updates=6, Deletes=0' "$work/said"
kill "$server"
wait "$server" 2>/dev/null
done_testing
