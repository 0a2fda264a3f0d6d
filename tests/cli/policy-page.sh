#!/bin/bash
# docs/policy.md shows what zoneloom prints: each such line stands in what a
# golden case expects.
. "$(dirname "$0")/../lib.sh"

lines=0
while IFS= read -r line; do
	lines=$((lines + 1))
	check "policy.md: $line" \
		grep -rqF -- "$line" "$root/tests/golden" --include=std*
done < <(sed -n -E 's/^    ((zoneloom: |[^ ]+\.yaml:[0-9]|retake\.fr: |[-+~] ).*)$/\1/p' \
	"$root/docs/policy.md")
check 'policy.md shows something' [ "$lines" -ge 6 ]
done_testing
