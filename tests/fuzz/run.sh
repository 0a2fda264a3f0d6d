#!/bin/bash
# run.sh SECONDS TARGET...: libFuzzer on each target, for so long each.
#
# New inputs that reach new code stay in build/f/new/NAME; a crash is written
# to build/f/crash-*: copy it to tests/fuzz/corpus/NAME, where `make test`
# replays it, and mend the code.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
for target; do
	name=${target##*/fuzz_}
	mkdir -p "build/f/new/$name"
	dict=()
	[ ! -f "tests/fuzz/$name.dict" ] ||
		dict=("-dict=tests/fuzz/$name.dict")
	echo "fuzz $name for $seconds s"
	"$target" "-max_total_time=$seconds" -timeout=10 -rss_limit_mb=1024 \
		-max_len=65536 -artifact_prefix=build/f/ \
		-print_final_stats=1 "${dict[@]}" "build/f/new/$name" \
		"tests/fuzz/corpus/$name" >"build/f/$name.log" 2>&1 || {
		tail -n 40 "build/f/$name.log"
		exit 1
	}
	grep -E 'number_of_executed_units|peak_rss' "build/f/$name.log"
done
