#!/bin/bash
# Small inputs that ask for much (bombs.py) end below the memory that the run
# may take, with a place and exit 3.  FULL=1: in full size, under the default.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
export ZONELOOM
# Sanitised, the program itself takes more: freed blocks are kept, and each has
# its shadow.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}:quarantine_size_mb=1
size=SMALL most=$((64 * 1024)) FLAGS=--memory=64M
[ -z "${FULL:-}" ] || size=FULL most=$((1024 * 1024)) FLAGS=
"$ZONELOOM" version >/dev/null || exit 1
python3 -c 'import sys, resource, subprocess
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
	"$ZONELOOM" version >"$work/base"
export FLAGS
# What a sanitiser adds to each allocation, on top.
most=$((most + $(cat "$work/base") + most / 4))

python3 tests/cli/bombs.py "$work/tree" $size >"$work/rows"
cp "$work/rows" "$work/lines"
while read -r name bytes status peak seconds place _; do
	check "$name: exit 3" [ "$status" = 3 ]
	check "$name: $((peak / 1024)) MB of $((most / 1024))" [ "$peak" -le $most ]
	# shellcheck disable=SC2016 # a pattern
	check "$name: $bytes bytes, $seconds s: $place" \
		grep -Eq "^$name .* [^ :]+:([0-9]+:[0-9]+:)? error: .* \[[a-z-]+\]\$" "$work/lines"
done <"$work/rows"
check 'each bomb has its row' [ "$(wc -l <"$work/rows")" = \
	"$(grep -c '^@bomb$' tests/cli/bombs.py)" ]

# The flag.
cp -r examples/manifests/whoami "$work/whoami" && cd "$work/whoami" || exit 1
for size in 16M 64m 1G 1.5GiB 2GB; do
	run "$ZONELOOM" list --dir . "--memory=$size"
	check "--memory=$size" status_is 0
done
for size in '' 0 1 15M 1X -1G G 50% 99999999T; do
	run "$ZONELOOM" list --dir . "--memory=$size"
	check "--memory=$size: refused" status_is 2
	check 'and why' err_has "invalid --memory \"$size\": expected a size such as 512M or 2G"
done

# The processes that read share it, and what one passes is said once.
mkdir "$work/many"
for i in $(seq 600); do
	# shellcheck disable=SC2183,SC2046 # two words for each
	printf -- '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a%s}\nspec: {rules: [{host: a%s.example.org}]}\n' \
		$(for k in $(seq 50); do echo "$i-$k" "$i-$k"; done) >"$work/many/$i.yaml"
done
for jobs in 1 4; do
	run "$ZONELOOM" list --dir "$work/many" --memory=32M --jobs=$jobs
	check "--jobs=$jobs: exit 3" status_is 3
	check 'one message' [ "$(wc -l <"$work/.err")" = 1 ]
	check 'with a place' [ -n "$(grep -E '^[0-9]+\.yaml:.* \[memory\]$' "$work/.err")" ]
	check 'and nothing printed' [ -z "$out" ]
	run "$ZONELOOM" list --dir "$work/many" --jobs=$jobs --default-targets=192.0.2.1
	check 'with the default it is read' status_is 0
done

# Whoever is over it while printing has printed nothing.
all_or_nothing() {
	case $status/$(wc -l <"$work/.out") in
	0/60001 | 3/0) ;;
	*) echo "  exit $status, $(wc -l <"$work/.out") lines: $err" && false ;;
	esac
}
seen=
for size in 200 240 270 280 290 300 310 320 400 500; do
	run "$ZONELOOM" list --dir "$work/many" --jobs=1 --default-targets=192.0.2.1 -o csv --memory=${size}M
	seen="$seen $status"
	check "list -o csv, --memory=${size}M: all or nothing" all_or_nothing
done
check 'some are over it, some are not' [ -n "$(echo "$seen" | grep '3.*0')" ]
done_testing
