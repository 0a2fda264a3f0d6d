#!/bin/bash
# Reports fit where they are posted, whatever changes.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
config() { # LINES
	printf 'format: 1\ntargets: {default: [8.8.8.8]}\nzones: {example.com: {}, example.net: {}}\n%s\n' \
		"${1:-}" >.zoneloom.yaml
}
names() { # FROM TO TARGET [ZONE]: one Ingress a name
	local i
	for ((i = $1; i < $2; i++)); do
		printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n'
		printf 'metadata: {name: n%s, annotations: {external-dns.kubernetes.io/target: "%s"}}\n' \
			"$i" "$3"
		printf 'spec: {rules: [{host: n%04d.%s}]}\n' "$i" "${4:-example.com}"
	done
}
commit() { git add -A && git commit -qm "$1"; }
markdown() { run "$ZONELOOM" "$@" --report markdown; }
fits() { [ "$(wc -c <"$work/.out")" -lt 60000 ] ||
	{ echo "  $(wc -c <"$work/.out") bytes"; false; }; }
rows() { grep -c "^| $1 " "$work/.out"; }
# "Not shown: 12 deletions, 3 additions." of all tables.
hidden() { grep -o "[0-9]* $1" < <(grep '^Not shown' "$work/.out") |
	awk '{ n += $1 } END { print n + 0 }'; }
add_up() { # WORD OF A ROW, WORD OF A COUNT, ALL
	local shown cut
	shown=$(rows "$1") cut=$(hidden "$2")
	[ $((shown + cut)) = "$3" ] || { echo "  $shown + $cut, not $3"; false; }
}

config
names 0 20 8.8.8.8 >apps/a.yaml
commit base
markdown diff HEAD HEAD
check 'markdown: no change' out_has 'No DNS change.'
run "$ZONELOOM" diff HEAD HEAD
check 'text: no change' [ "$out" = 'no change' ]
run "$ZONELOOM" diff -q HEAD HEAD
check 'text: -q says nothing of it' [ -z "$out" ]
run "$ZONELOOM" gate HEAD...HEAD
check 'gate: no change' [ "$out" = 'no change' ]

# A row a name, its TXT folded in.
git checkout -qb rows
{ names 1 20 8.8.8.8; names 20 21 2001:4860:4860::8888; names 30 31 8.8.4.4; } |
	sed 's/target: "8.8.4.4"/target: "8.8.4.4,2001:4860:4860::8844"/' >apps/a.yaml
commit rows
markdown diff main HEAD
check 'the deletion stands first, with its TXT' \
	[ "$(grep -m1 -A2 '^| change' "$work/.out" | tail -n 1)" = '| delete | A, TXT | `n0000.example.com` | `8.8.8.8` | `apps/a.yaml:5` |' ]
check 'one row a name' [ "$(grep -c '^| [a-z]* ' "$work/.out")" = 4 ]
check 'two types of a name: one row' out_has '| add | A, AAAA, TXT | `n0030.example.com` | `add A: 8.8.4.4; add AAAA: 2001:4860:4860::8844` |'
check 'no row of a TXT' [ "$(grep -c '| TXT |' "$work/.out")" = 0 ]
sed -i 's/8.8.8.8"/a.example.org"/' apps/a.yaml
commit 'another type'
markdown diff main HEAD
check 'another type: one row that says both' out_has '| delete, add | A, CNAME, TXT | `n0001.example.com`'
git checkout -q main
config 'txt-owner-id: other'
commit owner
markdown diff main~1 main
check 'where only the TXT changes it has a row' out_has '| update | TXT | `a-n0000.example.com`'
git checkout -q main

# Thousands of each.
config
names 0 6000 8.8.8.8 >apps/a.yaml
commit many
names 3000 9000 8.8.8.8 | sed 's/target: "8.8.8.8"/target: "8.8.4.4"/' >apps/a.yaml
commit 'other thousands'
markdown diff HEAD~1 HEAD
check 'thousands: it fits' fits
check 'thousands: the sum is at the top' out_has '+3000 ~3000 -3000'
check 'thousands: deletions add up' add_up delete deletion 3000
check 'thousands: updates add up' add_up update update 3000
check 'thousands: additions add up' add_up add addition 3000
check 'thousands: most of what is shown is deleted' [ "$(rows delete)" -gt 100 ]
check 'thousands: some of each' [ "$(rows update)" -gt 20 ]
check 'thousands: folded' out_has '<details><summary>3000 names</summary>'
markdown gate HEAD~1...HEAD
check 'gate: it fits' fits

# One kind does not hide another, and a long text no row.
long=$(seq -f '8.8.%g.8' -s , 0 255)
config 'claims: [{names: ["*.example.com", "*.example.net"], paths: ["apps/**"]}]'
names 0 3000 "$long" >apps/a.yaml
commit claims
git checkout -qb flood
mkdir -p other
names 0 500 8.8.8.8 example.net >other/b.yaml
names 0 2 "$long" >apps/a.yaml
config "claims: [{names: [$(seq -f '"*.n%g.example.com"' -s , 1 2000)], paths: [\"apps/**\"]}]"
commit flood
markdown gate main...HEAD
check 'flood: it fits' fits
check 'flood: deletions' [ "$(rows delete)" -gt 20 ]
check 'flood: they add up' add_up delete deletion 2998
check 'flood: the loosened policy' out_has '**loosens**'
check 'flood: errors' [ "$(grep -c '^- \*\*error\*\*' "$work/.out")" -gt 5 ]
check 'flood: of one kind ten, and a count' out_has 'more of error, claim'
check 'flood: a long value is cut' out_has '...'
run "$ZONELOOM" gate --report github main...HEAD
check 'github: ten of a kind' \
	[ "$(grep -c '^::error file.*title=claim::host' "$work/.out")" = 10 ]
check 'github: the others are counted' out_has 'title=claim::and '
check 'github: errors first' [ "$(head -c 8 "$work/.out")" = '::error ' ]

# More zones than a comment takes.
git checkout -q --orphan zones && git rm -qrf . && mkdir -p apps
zones=$(seq -f 'z%g.example.org: {}' -s ', ' 1 1500)
config && sed -i "s/^zones:.*/zones: {$zones}/" .zoneloom.yaml
for i in $(seq 1 1500); do names 0 1 8.8.8.8 "z$i.example.org"; done >apps/a.yaml
commit zones
: >apps/a.yaml
commit none
markdown diff HEAD~1 HEAD
check 'zones: it fits' fits
check 'zones: those without a table are counted' out_has 'Not shown of other tables: '
check 'zones: they add up' add_up delete deletion 1500
done_testing
