#!/bin/bash
# Each key of the schemas of what a renderer reads has a row in
# gen/render/known.def, and each row is a key of a schema.
. "$(dirname "$0")/../lib.sh"
keys=$root/build/tools/schema-keys
[ -e "$keys" ] || needs schema-keys

# Rows of keys that newer schemas dropped and repositories still hold.
cat >"$work/older" <<'E'
FluxKustomizationSpec.patchesJson6902
FluxKustomizationSpec.patchesStrategicMerge
FluxKustomizationSpec.validation
FluxPatch.options
HelmPostKustomize.patchesJson6902
HelmPostKustomize.patchesStrategicMerge
HelmReleaseChartSpec.valuesFile
PatchOptions.allowKindChange
PatchOptions.allowNameChange
E

# Walk a path of keys through the maps, as far as rows say more.
awk -F'"' '
	NR == FNR {
		if ($1 == "KNOWN(") {
			how[$2 "." $4] = $5
			below[$2 "." $4] = $6
		}
		next
	}
	{
		n = split($0, part, ".")
		map = part[1]
		for (i = 2; i <= n && map != ""; i++) {
			row = map "." part[i]
			if (!(row in how)) {
				print $0
				break
			}
			seen[row] = 1
			map = how[row] ~ /BUILT/ && how[row] !~ /UN/ ? below[row] : ""
		}
	}
	END {
		for (row in how)
			if (!(row in seen)) print row >stale
	}' stale="$work/stale" "$root/gen/render/known.def" "$keys" \
	>"$work/missing"
touch "$work/stale"
# No module of the tools has the form of fleet.yaml: its rows are from its pages.
grep -v '^Fleet\(Helm\|Target\)\?\.' "$work/stale" | sort | comm -23 - "$work/older" >"$work/wrong"

lines() { # FILE: ok when it is empty
	[ ! -s "$1" ] || { sed 's/^/  /' "$1"; false; }
}
check "schemas: a row for each of $(wc -l <"$keys") keys" lines "$work/missing"
check 'schemas: a key for each row' lines "$work/wrong"
done_testing
