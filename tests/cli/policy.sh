#!/bin/bash
# policy: sync, upsert-only and create-only, from one output to the next.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh" || exit 1
mkdir -p "${work:?}/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main

ingress() { # NAME HOST TARGET
	cat >"apps/$1.yaml" <<-END
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata:
	  name: $1
	  annotations: {external-dns.kubernetes.io/target: $3}
	spec:
	  rules: [{host: $2}]
	END
}
config() { # FORMAT-AND-FILE POLICY [MORE]
	cat >.zoneloom.yaml <<-END
	format: 1
	policy: $2
	${3:-}
	zones: {retake.fr: {outputs: [{$1}]}}
	END
}
records() { # name, type and value of every record of the output
	case $format in
	terraform) jq -r '.resource.cloudflare_dns_record[] | "\(.name) \(.type) \(.content)"' "$file" ;;
	bind) sed -nE 's/^([^; ]+)\. +[0-9]+ IN ([A-Z]+) +([^;]*[^; ]) *(;.*)?$/\1 \2 \3/p' "$file" ;;
	esac | grep -v ' SOA\| NS ' | sort
}
has() { records | grep -qxF -- "$1" || { records; false; }; }
lacks() { ! records | grep -qF -- "$1" || { records; false; }; }
start() { # POLICY [MORE]: an output with three names of the publisher's
	rm -rf apps dns && mkdir apps
	ingress web www.retake.fr 198.51.100.1
	ingress old old.retake.fr 198.51.100.2
	ingress turn turn.retake.fr 198.51.100.3
	config "$output" "$@"
	run "$ZONELOOM" generate
	[ "$status" = 0 ] || echo "$err"
	ingress web www.retake.fr 198.51.100.9
	ingress new new.retake.fr 198.51.100.4
	ingress turn turn.retake.fr elsewhere.example.net
	rm apps/old.yaml
}

for format in terraform bind; do
	case $format in
	terraform) file=dns/retake.fr.tf.json output="format: terraform, file: $file" ;;
	bind) file=dns/retake.fr.inc output="format: bind, mode: include, file: $file" ;;
	esac

	start sync
	run "$ZONELOOM" generate
	check "policy $format: sync" status_is 0
	check "policy $format: sync deletes" lacks old.retake.fr
	check "policy $format: sync updates" has 'www.retake.fr A 198.51.100.9'

	start upsert-only
	run "$ZONELOOM" generate
	check "policy $format: upsert-only" status_is 0
	check "policy $format: upsert-only keeps" has 'old.retake.fr A 198.51.100.2'
	check "policy $format: with its TXT" test "$(records | grep -c '^a-old.retake.fr TXT')" = 1
	check "policy $format: upsert-only says so" err_has 'keeps 1 record that no manifest asks for'
	check "policy $format: upsert-only updates" has 'www.retake.fr A 198.51.100.9'
	check "policy $format: upsert-only creates" has 'new.retake.fr A 198.51.100.4'
	check "policy $format: no CNAME beside what was there" lacks 'turn.retake.fr A'
	cp "$file" before
	run "$ZONELOOM" generate
	check "policy $format: a second run changes nothing" cmp "$file" before
	run "$ZONELOOM" check
	check "policy $format: check agrees" status_is 0
	run "$ZONELOOM" generate -v
	check "policy $format: -v names it" err_has 'A "old.retake.fr": no manifest asks for it'

	start create-only
	run "$ZONELOOM" generate
	check "policy $format: create-only" status_is 0
	check "policy $format: create-only keeps" has 'old.retake.fr A 198.51.100.2'
	check "policy $format: create-only leaves what is there" has 'www.retake.fr A 198.51.100.1'
	check "policy $format: create-only creates" has 'new.retake.fr A 198.51.100.4'

	start upsert-only 'txt-owner-id: one'
	config "$output" upsert-only 'txt-owner-id: two'
	run "$ZONELOOM" generate
	check "policy $format: of another owner is not kept" lacks old.retake.fr

	start upsert-only 'txt-owner-id: one'
	printf 'txt-owner-id: two\nmigrate-from-txt-owner: one\n' >extra
	config "$output" upsert-only "$(cat extra)"
	run "$ZONELOOM" generate
	check "policy $format: of the owner before is kept" has 'old.retake.fr A 198.51.100.2'
	check "policy $format: and taken over" sh -c \
		"! grep -q 'external-dns/owner=one' '$file' && grep -q 'owner=two.*' '$file'"

	start upsert-only 'registry: noop'
	run "$ZONELOOM" generate
	check "policy $format: noop owns everything" has 'old.retake.fr A 198.51.100.2'
	check "policy $format: noop writes no TXT" lacks TXT
done
done_testing
