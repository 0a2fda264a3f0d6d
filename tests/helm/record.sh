#!/bin/bash
# record.sh COUNT VERSION=FOLDER... >names.jsonl: what helm makes of the cases,
# with app-template as `helm pull --untar` leaves it.  A case that the chart
# refuses is left out.
set -u
cd "$(dirname "$0")" || exit 2
count=$1
shift
declare -A folder
for pair; do folder[${pair%%=*}]=${pair#*=}; done
values=$(mktemp)
trap 'rm -f "$values"' EXIT
mapfile -t versions < <(printf '%s\n' "${!folder[@]}" | sort)
python3 cases.py "$count" "${versions[@]}" | while read -r case; do
	version=$(jq -r .version <<<"$case")
	jq .values <<<"$case" >"$values"
	helm template "$(jq -r .release <<<"$case")" "${folder[$version]}" \
		--namespace "$(jq -r .namespace <<<"$case")" --kube-version 1.34 --skip-schema-validation \
		--values "$values" 2>/dev/null |
		python3 objects.py "$case" || continue
done
