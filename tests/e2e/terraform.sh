#!/bin/bash
# Terraform itself evaluates each string of our JSON to the text that stands in
# the manifest: the site of tests/data/terraform-site.
. "$(dirname "$0")/../lib.sh"
needs terraform jq
ZONELOOM=$(realpath "$ZONELOOM")
export LC_ALL=C.UTF-8 TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1
schemas=("$root"/tests/data/cloudflare-schema-v{4,5}.json)
judge=$root/tests/cli/terraform-schema.py
cd "$work" || exit 1
cp -r "$root/tests/data/terraform-site" site
mv site/zoneloom.yaml site/.zoneloom.yaml

# The records as objects of a resource that is built into Terraform, so that
# no provider is fetched: what it makes of them must be what was meant.
apply() { # OUTPUT
	local d=$work/terraform-$1
	mkdir -p "$d"
	python3 "$judge" --literal "${schemas[@]}" "site/$1" |
		jq '{locals: {ingress_ip: "192.0.2.99", domain: "example.org"},
			resource: {terraform_data:
				map_values({input: .})}}' >"$d/main.tf.json"
	(cd "$d" && terraform init -input=false -backend=false &&
		terraform apply -input=false -auto-approve -no-color) \
		>said 2>&1 || { cat said; return 1; }
	jq -S '[.resources[].instances[].attributes.input.value |
		{name, type, content, comment, tags, data}]' \
		"$d/terraform.tfstate" >"values-$1"
}

texts() { # OUTPUT
	jq -e '
		map(select(.type == "TXT") | .content) as $txt |
		map(select(.comment)) as $noted |
		($txt | index("\"v=spf1 exists:%{i}._spf.%{d} include:${y} -all\"")) != null and
		($txt | index("\"$${a} %%{b} $ % { } $$ \\\"q\\\" \\\\ \\001\\255\"")) != null and
		($txt | map(select(endswith("\" \"x${tail}\""))) | length) == 1 and
		($noted | length) > 6 and
		all($noted[]; .comment == "a ${path.module} %{ if true } \"q\" \\ ü" and
			.tags == ["a:${1}", "b:2"]) and
		any(.[]; .type == "CAA" and .data.value == "ca.example; account=${x}") and
		any(.[]; .type == "NAPTR" and .data.regex == "!^.*$!sip:${u}@b!") and
		any(.[]; .type == "HTTPS" and .data == {priority: 1, target: ".",
			value: "alpn=\"h2,h3\" key7=\"${a}\""}) and
		any(.[]; .type == "URI" and .data.target == "https://example.com/?a=${b}") and
		any(.[]; (.name | startswith("ref")) and .content == "192.0.2.99")
		' "values-$1" >said || { cat "values-$1"; false; }
}

# A reference in a name is one to Terraform; the relative names have none.
names() { # OUTPUT NAMES
	jq -e --argjson want "$2" 'map(.name) | sort == $want' "values-$1" \
		>said || { cat "values-$1"; false; }
}

run "$ZONELOOM" generate --dir site
check 'terraform: generate' status_is 0
for v in v5 v4 open5 open4; do
	check "terraform: $v is applied" apply $v
done
for v in v5 v4; do
	check "terraform: $v: the texts are those of the manifests" texts $v
done
check 'terraform: open5: names' names open5 '["*.apps.example.org",
	"a-*.apps.example.org", "a-ref.example.org", "example.org", "ref.example.org"]'
check 'terraform: open4: names' names open4 \
	'["*.apps", "a-*.apps", "a-ref", "example.org", "ref"]'
done_testing
