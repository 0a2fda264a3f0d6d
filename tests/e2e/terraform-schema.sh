#!/bin/bash
# Terraform JSON before its judges: the providers' schemas for every golden
# output and for a site of odd text, and Terraform itself, which must evaluate
# each string to the text that stands in the manifest.
#
# Prints "ok NAME", "not ok NAME: why" or "skip NAME: why" for each check.
set -eu
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
cd "$(dirname "$0")/../.."
program=$(readlink -f "${ZONELOOM:-build/zoneloom}")
schemas="tests/data/cloudflare-schema-v4.json tests/data/cloudflare-schema-v5.json"
judge=tests/e2e/terraform-schema.py
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
	mkdir -p "$work/site/apps" "$work/site/dns"
	cat >"$work/site/.zoneloom.yaml" <<-'CONFIG'
	format: 1
	source: [ingress]
	wildcards: allow
	vars:
	  DOMAIN: {terraform: local.domain}
	targets:
	  default: [203.0.113.10]
	  ingress-class:
	    ref: [{terraform: local.ingress_ip}]
	zones:
	  example.com:
	    static: dns/static.zone
	    outputs:
	      - {format: terraform, provider: cloudflare@5, file: v5/records.tf.json}
	      - {format: terraform, provider: cloudflare@4, file: v4/records.tf.json}
	      - format: terraform
	        zone-id: 0123456789abcdef0123456789abcdef
	        file: id/records.tf.json
	      - format: terraform
	        zone-id: ${var.zone_ids["example.com"]}
	        file: var/records.tf.json
	  "${DOMAIN}":
	    outputs:
	      - {format: terraform, provider: cloudflare@5, file: open5/records.tf.json}
	      - {format: terraform, provider: cloudflare@4, file: open4/records.tf.json}
	CONFIG
	cat >"$work/site/dns/static.zone" <<-'ZONE'
	@ 3600 MX 10 mail
	@ 3600 MX 20 mail2.example.net.
	null 3600 MX 0 .
	@ 3600 TXT "v=spf1 exists:%{i}._spf.%{d} include:${y} -all"
	@ 3600 TXT "$${a} %%{b} $ % { } $$ \"q\" \\ \001\255"
	long 60 TXT "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" "x${tail}"
	@ 3600 CAA 0 issue "ca.example; account=${x}"
	mail 3600 A 192.0.2.25
	mail 3600 AAAA 2001:DB8:0:0::25
	_sip._tcp 3600 SRV 1 2 5060 mail
	_443._tcp.mail 60 TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
	sub 60 NS ns.example.net.
	sub 60 DS 1 8 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
	p 60 NAPTR 1 2 "u" "E2U+sip" "!^.*$!sip:${u}@b!" .
	h 60 SSHFP 1 1 00112233445566778899aabbccddeeff00112233
	u 60 URI 1 2 "https://example.com/?a=${b}"
	x 60 PTR target.example.net.
	@ 3600 HTTPS 1 . alpn=h2,h3 key7="${a}"
	_x 60 SVCB 0 svc.example.net.
	ZONE
	cat >"$work/site/apps/web.yaml" <<-'YAML'
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: web
	  namespace: shop
	  annotations:
	    external-dns.alpha.kubernetes.io/target: 203.0.113.10,203.0.113.11
	    external-dns.alpha.kubernetes.io/cloudflare-record-comment: 'a ${path.module} %{ if true } "q" \ ü'
	    external-dns.alpha.kubernetes.io/cloudflare-tags: 'b:2,a:${1},b:2'
	spec:
	  rules:
	    - host: www.example.com
	    - host: 1.a-b.example.com
	    - host: "*.apps.example.com"
	---
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: proxied
	  namespace: shop
	  annotations:
	    external-dns.alpha.kubernetes.io/target: lb.example.net
	    external-dns.alpha.kubernetes.io/cloudflare-proxied: "true"
	    external-dns.alpha.kubernetes.io/ttl: "300"
	spec:
	  rules:
	    - host: proxied.example.com
	---
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata: {name: ref, namespace: shop}
	spec:
	  ingressClassName: ref
	  rules:
	    - host: ref.example.com
	    - host: ref.${DOMAIN}
	    - host: ${DOMAIN}
	    - host: "*.apps.${DOMAIN}"
	YAML
	if "$program" -C "$work/site" generate --dir "$work/site" \
		>"$work/said" 2>&1; then
		ok generate
	else
		bad generate "exit $?"
	fi
}

# The records as objects of a resource that is built into Terraform, so that
# no provider is fetched: what it makes of them must be what was meant.
apply() { # site
	local d=$work/terraform-$1
	mkdir -p "$d"
	# shellcheck disable=SC2086
	python3 $judge --literal $schemas "$work/site/$1" |
		jq '{locals: {ingress_ip: "192.0.2.99", domain: "example.org"},
			resource: {terraform_data:
				map_values({input: .})}}' >"$d/main.tf.json"
	if ! (cd "$d" && TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 \
		terraform init -input=false -backend=false >"$work/said" 2>&1 &&
		TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 \
			terraform apply -input=false -auto-approve -no-color \
			>"$work/said" 2>&1); then
		bad "evaluate/$1" 'terraform refuses the file'
		return 1
	fi
	jq -S '[.resources[].instances[].attributes.input.value |
		{name, type, content, comment, tags, data}]' \
		"$d/terraform.tfstate" >"$work/values"
}

evaluate() { # v4|v5
	apply "$1" || return 0
	if jq -e '
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
		' "$work/values" >"$work/said" 2>&1; then
		ok "evaluate/$1"
	else
		cp "$work/values" "$work/said"
		bad "evaluate/$1" 'a text came out changed'
	fi
}

# A reference in a name is one to Terraform; the relative names have none.
evaluate_names() { # site names
	apply "$1" || return 0
	if jq -e --argjson want "$2" 'map(.name) | sort == $want' "$work/values" \
		>"$work/said" 2>&1; then
		ok "evaluate/$1"
	else
		cp "$work/values" "$work/said"
		bad "evaluate/$1" 'other names come out'
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
refused template-inside "($first).content = \"x\${local.a}\""
refused template-in-name "($first).name = \"a.\${local.a}.b\""
refused same-record ".resource.cloudflare_dns_record.other = ($first)"
refused bad-key ".resource.cloudflare_dns_record.\"1x\" = ($first | .name = \"y.z\")"
refused bare-txt ".resource.cloudflare_dns_record.long_example_com__txt.content = \"x\""
refused moved-away '.moved = [{from: "cloudflare_dns_record.a", to: "cloudflare_dns_record.b"}]'
refused other-key '.variable = {}'

if command -v terraform >/dev/null; then
	for v in v5 v4; do evaluate $v; done
	evaluate_names open5 '["*.apps.example.org", "a-*.apps.example.org",
		"a-ref.example.org", "example.org", "ref.example.org"]'
	evaluate_names open4 '["*.apps", "a-*.apps", "a-ref", "example.org", "ref"]'
else
	echo 'skip terraform/evaluate: terraform is not installed'
fi
[ $fails = 0 ]
