#!/bin/bash
# Real manifests of public repositories, where the folder is there: nothing
# crashes, every file is read, skipped or refused, and each Ingress host that
# stands in them is found or somebody says why not.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
shared=${SHARED:-$root/../shared}

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

if [ -d "$shared/corpus" ]; then
	list "$shared/corpus" .
	check 'corpus: ended well' ended_well
	check 'corpus: no sanitizer report' no_report
	count_files corpus
	cp "$work/.out" "$work/first" && cp "$work/.err" "$work/first.err"
	run python3 "$root/tests/cli/corpus.py" "$shared/corpus" \
		"$work/first" "$work/first.err"
	printf '%s\n' "$out" | sed 's/^/# /'
	check 'corpus: every Ingress host is found, or it is said why' \
		status_is 0
	list "$shared/corpus" . --no-prefilter
	check 'corpus: the prefilter loses nothing' \
		cmp "$work/.out" "$work/first"
	check 'corpus: and says the same' cmp "$work/.err" "$work/first.err"
	list "$shared/corpus" . --jobs=1
	check 'corpus: one process prints the same' \
		cmp "$work/.out" "$work/first"
	check 'corpus: and says the same, too' cmp "$work/.err" "$work/first.err"
else
	echo "skip corpus: no folder $shared/corpus"
fi

if [ -d "$shared/repos" ]; then
	for repo in "$shared"/repos/*/; do
		name=$(basename "$repo")
		list "$repo" .
		check "$name: ended well" ended_well
		check "$name: no sanitizer report" no_report
		count_files "$name"
		# As its cluster has it: Flux, kustomizations, Helm values.
		list "$repo" --helm-values=extract
		check "$name, as applied: ended well" ended_well
		check "$name, as applied: no sanitizer report" no_report
		count_files "$name, as applied"
	done
else
	echo "skip repos: no folder $shared/repos"
fi
done_testing
