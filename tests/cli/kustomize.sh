#!/bin/bash
# What the real kustomize made of the cases of tests/kustomize, as recorded, and
# what is built of them here give the same records.  tests/e2e/kustomize.sh asks
# the real one again.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/kustomize/lib.sh"
# refused FOLDER: an error that says where, and exit 3, so that nothing is written.
refused() {
	ours "$work/case" "$1" "${more[@]}" >"$work/got"
	run "$ZONELOOM" list --dir "$work/case" --config "$work/root.yaml"
	status_is 3 && grep -E ': error: .* \[(kustomize|key|yaml-.*)\]$' "$work/.err"
}
for c in $(every_case); do
	unpack "$c"
	for f in "${folders[@]}"; do check "kustomize: $c: $f" refused "$f"; done
	[ ${#folders[@]} = 0 ] || continue
	cp "$cases/$c.built" "$work/built"
	check "kustomize: $c" agree "$work/case" "$folder" "${more[@]}"
done
check 'kustomize: records were compared' test $compared -gt 50
done_testing
