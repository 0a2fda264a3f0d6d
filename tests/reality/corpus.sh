#!/bin/bash
# Real manifests, in the folders of TREES: nothing crashes, and every file is
# read, skipped or refused.  Where a MANIFEST.tsv names the files with an
# Ingress, each host that stands in them is found or a message says why not.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

ended_well() { [ "$status" = 0 ] || status_is 3; }
no_report() {
	! grep -qE 'AddressSanitizer|runtime error|LeakSanitizer|Assertion' \
		"$work/.err"
}

# How many files were read, skipped and refused, and why.
count_files() { # NAME
	local said='^([^:]*):[0-9]+:[0-9]+: '
	grep -E '^[0-9]+ records from' "$work/.err" | sed "s|^|# $1: |"
	printf '# %s: %s files refused, %s Helm templates skipped; said:\n' "$1" \
		"$(sed -nE "s/${said}error: .*\[yaml-.*/\1/p" "$work/.err" |
			sort -u | wc -l)" \
		"$(grep -c 'a Helm template' "$work/.err")"
	sed -nE 's/.*: (error|warning|note): .*\[([a-z-]+)\]$/\1 \2/p' \
		"$work/.err" | sort | uniq -c | sort -rn | sed 's/^/#   /'
}

# --dir with a path is plain reading: every file, whatever Flux applies.
list() { # FOLDER FLAG...
	run "$ZONELOOM" list -v -o jsonl --default-targets=203.0.113.10 \
		--dir "$@"
}

# whole TREE: one run over all of it.
whole() {
	list "$1" .
	check "$1: ended well" ended_well
	check "$1: no sanitizer report" no_report
	count_files "$1"
	cp "$work/.out" "$work/first" && cp "$work/.err" "$work/first.err"
	run python3 "$root/tests/reality/corpus.py" "$1" \
		"$work/first" "$work/first.err"
	printf '%s\n' "$out" | sed 's/^/# /'
	check "$1: every Ingress host is found, or it is said why" status_is 0
	list "$1" . --no-prefilter
	check "$1: the prefilter loses nothing" cmp "$work/.out" "$work/first"
	check "$1: and says the same" cmp "$work/.err" "$work/first.err"
	list "$1" . --jobs=1
	check "$1: one process prints the same" cmp "$work/.out" "$work/first"
	check "$1: and says the same, too" cmp "$work/.err" "$work/first.err"
}

each() { # TREE: a run a repository, as files and as its cluster has it
	local repo name
	for repo in "$1"/*/; do
		name=$(basename "$repo")
		list "$repo" .
		check "$name: ended well" ended_well
		check "$name: no sanitizer report" no_report
		count_files "$name"
		list "$repo" --helm-values=extract
		check "$name, as applied: ended well" ended_well
		check "$name, as applied: no sanitizer report" no_report
		count_files "$name, as applied"
	done
}

for tree in $TREES; do
	if [ -f "$tree/MANIFEST.tsv" ]; then whole "$tree"; else each "$tree"; fi
done
done_testing
