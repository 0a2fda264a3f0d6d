#!/bin/bash
# The pages for Route 53, Google Cloud DNS and Azure DNS, from manifest to plan:
# their files are laid as they stand there and their commands run as far as they
# run without the provider.  Its class is loaded and takes its configuration; the
# plan is made against an empty zone of octodns-bind instead.
# shellcheck source=tests/lib.sh disable=SC2317
. "$(dirname "$0")/../lib.sh"
needs octodns-validate octodns-sync node jq openssl
here=$root/tests/e2e
python=$(dirname "$(realpath "$(command -v octodns-sync)")")/python

lay() { # PAGE: the blocks behind "<!-- file: NAME -->"
	rm -rf "$work/repo" && mkdir -p "$work/repo/dns" "$work/repo/apps" "$work/repo/zones"
	cd "$work/repo" || exit 1
	awk '/^<!-- file: / { file = $3; seen = 0; next }
		file && /^    / { print substr($0, 5) > file; seen = 1; next }
		file && /^$/ { if (seen) print "" > file; next }
		seen { file = ""; seen = 0 }' "$root/docs/$1.md"
	printf '%s\n' 'apiVersion: networking.k8s.io/v1' 'kind: Ingress' \
		'metadata: {name: web, namespace: shop}' \
		'spec: {rules: [{host: www.example.com}]}' >apps/web.yaml
}

# What the pages ask for; of Google a key in its form.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
	-out "$work/key.pem" 2>/dev/null
jq -n --rawfile key "$work/key.pem" '{type: "service_account", project_id: "p",
	private_key_id: "1", private_key: $key, client_email: "a@p.example",
	client_id: "1", token_uri: "https://localhost/token"}' >"$work/google.json"
export AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b GOOGLE_CLOUD_PROJECT=p
export GOOGLE_APPLICATION_CREDENTIALS=$work/google.json AZURE_CLIENT_ID=a
export AZURE_CLIENT_SECRET=b AZURE_TENANT_ID=c AZURE_SUBSCRIPTION_ID=d
PATH=$(dirname "$(realpath "$ZONELOOM")"):$PATH

# Types of its provider, as the page says them and as the package does.
types() { # PAGE
	grep -A1 -E '^- octodns-[a-z0-9]+ [0-9.]+ writes ' "$root/docs/$1.md" |
		tr -d '\n' | sed 's/.* writes //; s/;.*//; s/ and /, /' | tr -d ' ' |
		tr ',' '\n' | sort
}
supports() { # CLASS
	"$python" -c "import importlib, sys
m, c = sys.argv[1].rsplit('.', 1)
s = getattr(importlib.import_module(m), c).SUPPORTS
print('\\n'.join(sorted(t for t in s if t != 'ALIAS' and '/' not in t)))" "$1"
}

try() { # PAGE
	lay "$1"
	check "$1: its files are there" test -s octodns.yaml -a -s dnsconfig.js \
		-a -s creds.json -a -s dns/example.com.static
	run zoneloom generate --dir .
	check "$1: zoneloom generate" status_is 0
	check "$1: octodns-validate" octodns-validate --config-file octodns.yaml
	class=$(sed -nE 's/^    class: (octodns_.*)/\1/p' octodns.yaml)
	types "$1" >"$work/says"
	supports "$class" >"$work/has"
	check "$1: types of $class" diff -u "$work/has" "$work/says"
	sed -E "/class: octodns_/,/^zones:/{/^zones:/!d}" octodns.yaml |
		sed 's/^zones:/    class: octodns_bind.ZoneFileProvider\n    directory: zones\n&/' \
			>plan.yaml
	octodns-sync --config-file plan.yaml >plan 2>&1
	check "$1: octodns-sync plans all records" grep -q 'Creates=5' plan
	octodns-sync --config-file plan.yaml --doit --force >/dev/null 2>&1
	check "$1: and applies them" test "$(cat zones/* | grep -c ' IN ')" = 6

	check "$1: creds.json" jq -e type creds.json
	run zoneloom generate --dir . --config .zoneloom.dnscontrol.yaml
	check "$1: for DNSControl" status_is 0
	node "$here/dnscontrol.mjs" dnsconfig.js >records
	check "$1: dnsconfig.js has the same records" test "$(wc -l <records)" = 5
	name=$(jq -r 'keys[0]' creds.json)
	check "$1: its provider has credentials" grep -q "DnsProvider(\"$name\")" \
		dns/example.com.js dnsconfig.js
}

for page in azure-dns google-cloud-dns route53; do
	try $page
done
done_testing
