#!/bin/bash
# Terraform JSON before the providers' schemas, as recorded in tests/data: every
# golden output and a site of odd text.  tests/e2e/terraform.sh asks Terraform.
#
# Prints "ok NAME" or "not ok NAME: why" for each check.
set -eu
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
cd "$(dirname "$0")/../.."
program=$(readlink -f "${ZONELOOM:-build/zoneloom}")
schemas="tests/data/cloudflare-schema-v4.json tests/data/cloudflare-schema-v5.json"
judge=tests/cli/terraform-schema.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0

ok() { echo "ok terraform/$1"; }
bad() {
	echo "not ok terraform/$1: $2"
	[ ! -s "$work/said" ] || sed 's/^/    /' "$work/said"
	fails=$((fails + 1))
}

judged() { # name folder
	# shellcheck disable=SC2086 # two files
	if python3 $judge $schemas "$2" >"$work/said" 2>&1; then
		ok "schema/$1"
	else
		bad "schema/$1" refused
	fi
}

# A check that cannot fail is none: each fault put into a good file is found.
breaks() { # jq-program
	rm -rf "$work/broken"
	mkdir "$work/broken"
	jq --indent 2 -S -a "$1" "$work/site/v5/records.tf.json" \
		>"$work/broken/records.tf.json"
}

refused() { # name jq-program
	breaks "$2"
	# shellcheck disable=SC2086
	if python3 $judge $schemas "$work/broken" >"$work/said" 2>&1; then
		bad "refuses/$1" 'was taken'
	else
		ok "refuses/$1"
	fi
}

make_site() {
	cp -r tests/data/terraform-site "$work/site"
	mv "$work/site/zoneloom.yaml" "$work/site/.zoneloom.yaml"
	if "$program" -C "$work/site" generate --dir "$work/site" \
		>"$work/said" 2>&1; then
		ok generate
	else
		bad generate "exit $?"
	fi
}

make_site
for d in v5 v4 id var open5 open4; do judged "site/$d" "$work/site/$d"; done
for d in $(find tests/golden/*/expected/files examples -name '*.tf.json' \
	-exec dirname {} + | sort -u); do
	judged "${d#tests/golden/}" "$d"
done

first='.resource.cloudflare_dns_record.www_example_com__aaaa // .resource.cloudflare_dns_record.ref_example_com'
breaks .
judged unbroken "$work/broken"
refused unknown-attribute "($first).colour = \"red\""
refused computed-attribute "($first).id = \"x\""
refused missing-ttl "del(($first).ttl)"
refused wrong-type "($first).ttl = \"300\""
refused content-and-data "($first).data = {\"port\": 1}"
refused proxied-ttl "($first) |= (.proxied = true | .ttl = 300)"
refused template "($first).comment = \"\${path.module}\""
refused template-inside "($first).content = \"x\${file(1)}\""
refused template-in-name "($first).name = \"a.\${local.a}.b\""
refused same-record ".resource.cloudflare_dns_record.other = ($first)"
refused bad-key ".resource.cloudflare_dns_record.\"1x\" = ($first | .name = \"y.z\")"
refused bare-txt ".resource.cloudflare_dns_record.long_example_com__txt.content = \"x\""
refused moved-away '.moved = [{from: "cloudflare_dns_record.a", to: "cloudflare_dns_record.b"}]'
refused other-key '.variable = {}'

[ $fails = 0 ]
