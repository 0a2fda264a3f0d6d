#!/bin/bash
# From every set of targets to every other, with provider 4, 5 and from 4 to 5:
# the least number of changes, in an order that leaves no name without an
# address; and whatever an older state has seen.
. "$(dirname "$0")/../lib.sh"
model=$root/tests/cli/terraform-moves.py
cd "$work" || exit 1

config() { # PROVIDER [FILE]
	printf '%s\n' 'format: 1' \
		'safety: {max-deletes: 100%, max-changes: 100%}' \
		'zones:' '  example.com:' '    addresses: any' \
		"    outputs: [{format: terraform, provider: cloudflare@$1, zone-id: '\${var.z}', file: ${2:-dns/r.tf.json}}]" \
		>.zoneloom.yaml
}

generation() { # NUMBER
	python3 "$model" manifests apps "$1"
	run "$ZONELOOM" generate
	[ "$status" = 0 ] || echo "$err"
	git add -A && git commit -qm "$1"
}

start() { # NAME
	mkdir -p "$work/$1/apps" && cd "$work/$1" && git init -q .
}

for p in 4 5; do
	start "p$p"
	config $p
	generation 0 && cp dns/r.tf.json 0
	generation 1 && cp dns/r.tf.json 1
	echo "$err" >"said@$p"
	check "provider $p: from each set to each" python3 "$model" judge 0 1 "said@$p"
	for g in 2 3 4 5 6; do
		generation $g && cp dns/r.tf.json $g
	done
	check "provider $p: a state that saw some of them" python3 "$model" walk 0 1 2 3 4 5 6
	run "$ZONELOOM" generate
	check "provider $p: what is committed is written again" git diff --quiet HEAD -- dns
done

start up
config 4
generation 0 && cp dns/r.tf.json 0
config 5 dns/renamed.tf.json
generation 1 && cp dns/renamed.tf.json 1
check 'the old file is removed' test ! -e dns/r.tf.json
echo "$err" >'said@5'
check '4 to 5, the file renamed: nothing stays in the state' \
	python3 "$model" judge 0 1 'said@5'
for g in 2 3 4; do
	generation $g && cp dns/renamed.tf.json $g
done
check '4 to 5: later states too' python3 "$model" walk 0 1 2 3 4

run "$ZONELOOM" generate --prune-moved
check 'pruned' status_is 0
check 'no moved block is left' sh -c '! grep -q moved dns/renamed.tf.json'
run "$ZONELOOM" check
check 'pruned and not committed: it agrees' status_is 0
git commit -qam pruned
run "$ZONELOOM" generate
check 'pruned and committed: it stays so' git diff --quiet HEAD -- dns

# A zone cut within one folder: no address twice.
start cut
mkdir dns
printf 'dev 3600 NS ns1.example.net.\n' >dns/example.zone
printf '@ 3600 NS ns1.example.net.\n' >dns/dev.zone
printf '%s\n' 'format: 1' 'zones:' '  example.com:' '    addresses: any' \
	'    static: dns/example.zone' \
	'    outputs: [{format: terraform, zone-id: "${var.a}", file: tf/a.tf.json}]' \
	'  dev.example.com:' '    addresses: any' '    static: dns/dev.zone' \
	'    outputs: [{format: terraform, zone-id: "${var.b}", file: tf/b.tf.json}]' \
	>.zoneloom.yaml
run "$ZONELOOM" generate
check 'parent and child: written' status_is 0
check 'parent and child: no address twice' test "$(cat tf/*.json |
	jq -r '.resource[] | keys[]' | sort | uniq)" = "dev_example_com__ns
dev_example_com__ns__zone__dev_example_com"

# A name that goes from one zone of the folder to another: there first.
start split
zones() { # ZONES
	printf '%s\n' 'format: 1' \
		'safety: {max-deletes: 100%, max-changes: 100%}' \
		'targets: {default: [8.8.8.8]}' 'zones:'
	local z
	for z; do
		printf '  %s: {outputs: [{format: terraform, zone-id: "${var.z_%s}", file: tf/%s.tf.json}]}\n' \
			"$z" "${z%%.*}" "$z"
	done
}
zones example.com >.zoneloom.yaml
printf '%s\n' 'apiVersion: networking.k8s.io/v1' 'kind: Ingress' \
	'metadata: {name: x, namespace: apps}' \
	'spec: {rules: [{host: x.dev.example.com}]}' >apps/x.yaml
generation_of() {
	run "$ZONELOOM" generate "$@"
	[ "$status" = 0 ] || echo "$err"
	git add -A && git commit -qm split
}
generation_of
zones example.com dev.example.com >.zoneloom.yaml
generation_of --allow-deletes=1
check 'a zone is split: created before it is deleted' jq -e \
	'.resource.cloudflare_dns_record.x_dev_example_com.lifecycle.create_before_destroy' \
	tf/dev.example.com.tf.json
done_testing
