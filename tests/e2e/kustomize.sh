#!/bin/bash
# The real kustomize still makes of tests/kustomize what is recorded there, and
# of the golden case the records that we make.  UPDATE=1 records it anew.
. "$(dirname "$0")/../lib.sh"
needs kustomize jq
. "$root/tests/kustomize/lib.sh"

build() { # CASE: what is recorded of it, in $work/record
	local f
	unpack "$1"
	if [ ${#folders[@]} = 0 ]; then
		real "$work/case/$folder" && cp "$work/built" "$work/record" ||
			{ cat "$work/why"; return 1; }
		return
	fi
	for f in "${folders[@]}"; do
		! real "$work/case/$f" || { echo "$f is built"; return 1; }
		# The place of the case is in the message, somewhere.
		echo "$f: $(tail -n 1 "$work/why" |
			sed "s/0x[0-9a-f]*/0x/g" | cut -c1-60)"
	done >"$work/record"
}

as_recorded() { # CASE
	build "$1" || return 1
	[ -z "${UPDATE:-}" ] || cp "$work/record" "$cases/$1.built"
	diff "$cases/$1.built" "$work/record"
}

for c in $(every_case); do check "kustomize: $c" as_recorded "$c"; done
golden=$root/tests/golden/ok-kustomize/manifests
for f in overlay base; do
	check "kustomize: golden: $f builds" real "$golden/$f"
	check "kustomize: golden: $f agrees" agree "$golden" $f
done
check 'kustomize: records were compared' test $compared != 0
done_testing
