#!/bin/bash
# A repository whose every text tries something, printed by each command in each
# form: tests/cli/sinks.py looks for what must not be there.
# shellcheck source=tests/lib.sh disable=SC2016
. "$(dirname "$0")/../lib.sh"
oracle=$root/tests/cli/sinks.py
shown=0

# Texts that reached the oracles, by their mark: a test that prints nothing
# finds nothing.
reaches() { grep -aq evil "$1" && shown=$((shown + 1)); }
# try FORM NAME COMMAND...: what it prints in that form, and its messages.
try() {
	local form=$1 name=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	check "$name" python3 "$oracle" "$form" "$work/out" text "$work/err"
	[ $status -lt 70 ] || check "$name: exit $status" false
	reaches "$work/out"
	reaches "$work/err"
}

mkdir "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
esc=$'\e[31mevil\e[0m' bidi=$'evil\xe2\x80\xaetxt\xe2\x81\xa6'
zero=$'ev\xe2\x80\x8bil evil\xef\xbb\xbf'
tries=('::error::evil' '##[error]evil' '##vso[task.complete]evil' '@all evil'
	'fixes #1 evil' '[evil](https://evil.example)' '<img src=x evil'
	'evil | evil | `b`' '=1+1 evil' '[skip ci] evil' 'Signed-off-by: evil'
	"$esc" "$bidi" "$zero" $'evil\n::error::evil' '![evil](x) **b** _i_')

quoted() { jq -n --arg s "$1" '$s'; }
# manifests FOLDER: one of each kind for each text, with it in all places.
manifests() {
	local t i=0 q
	for t in "${tries[@]}"; do
		i=$((i + 1)) q=$(quoted "$t")
		mkdir -p "$1/${t//\//_}"
		cat >"$1/${t//\//_}/$i ${t//\//_}.yaml" <<-END
		apiVersion: networking.k8s.io/v1
		kind: Ingress
		metadata:
		  name: $q
		  namespace: $q
		  annotations: {external-dns.kubernetes.io/target: 198.51.100.$i}
		spec: {rules: [{host: w$2$i.evil.example.org}]}
		---
		apiVersion: externaldns.k8s.io/v1alpha1
		kind: DNSEndpoint
		metadata: {name: $q, namespace: $q}
		spec:
		  endpoints:
		  - {dnsName: t$2$i.evil.example.org, recordType: TXT, targets: [$q]}
		END
	done
}
# faults FOLDER: the same in places where it is refused.
faults() {
	local t i=0 q
	for t in "${tries[@]}" '<b>evil' '${evil}' 'evil@example.org'; do
		i=$((i + 1)) q=$(quoted "$t")
		mkdir -p "$1/${t//\//_}"
		cat >"$1/${t//\//_}/$i ${t//\//_}.yaml" <<-END
		apiVersion: networking.k8s.io/v1
		kind: Ingress
		metadata:
		  name: $q
		  namespace: $q
		  annotations:
		    external-dns.kubernetes.io/target: $q
		    external-dns.kubernetes.io/ttl: $q
		    $(quoted "external-dns.kubernetes.io/$t"): $q
		spec: {rules: [{host: $q}, {host: v$i.evil.example.org}]}
		---
		apiVersion: kustomize.toolkit.fluxcd.io/v1
		kind: Kustomization
		metadata: {name: $q, namespace: $q}
		spec: {path: $q, $q: $q, sourceRef: {kind: $q, name: $q}}
		---
		apiVersion: argoproj.io/v1alpha1
		kind: Application
		metadata: {name: $q}
		spec: {$q: $q, source: {path: $q, repoURL: $q}, destination: {name: $q}}
		---
		apiVersion: gateway.networking.k8s.io/v1
		kind: HTTPRoute
		metadata: {name: $q}
		spec: {parentRefs: [{name: $q, namespace: $q, sectionName: $q}], hostnames: [r$i.evil.example.org]}
		END
	done
	printf 'a: [\n%s' "${tries[0]}" >"$1/${tries[1]}.yaml"
}
config() { # FILE-OF-THE-OUTPUT NAMES-OF-A-CLAIM
	cat >.zoneloom.yaml <<-END
	format: 1
	registry: noop
	managed-record-types: [A, AAAA, CNAME, TXT]
	source: [ingress, crd, gateway-httproute]
	paths: ["apps/**"]
	claims:
	- {name: $(quoted "$2"), names: ["*.example.org"], paths: ["apps/**", $(quoted "$2")]}
	overrides:
	- {name: pin.evil.example.org, type: A, targets: [203.0.113.9], reason: $(quoted "$2")}
	zones:
	  example.org:
	    outputs:
	    - {format: terraform, zone-id: 0123456789abcdef0123456789abcdef, file: $(quoted "dns/$1.tf.json")}
	    - {format: bind, mode: include, file: $(quoted "dns/$1.inc")}
	    - {format: dnsendpoint, file: $(quoted "dns/$1.yaml")}
	END
}
save() { git add -A && git commit -qm "$1"; }

manifests apps a
config '@all fixes #1 evil' '::error::evil'
save one
for o in table wide; do try text "list -o $o" "$ZONELOOM" list -o "$o"; done
try json 'list -o jsonl' "$ZONELOOM" list -o jsonl
try yaml 'list -o yaml' "$ZONELOOM" list -o yaml
try csv 'list -o csv' "$ZONELOOM" list -o csv
try zone 'list -o bind' "$ZONELOOM" list -o bind
try json 'list -o terraform' "$ZONELOOM" list -o terraform
try yaml 'list -o dnsendpoint' "$ZONELOOM" list -o dnsendpoint
try text 'list --compat' "$ZONELOOM" list --compat=external-dns --source=ingress --source=crd
try text 'explain' "$ZONELOOM" explain
try text 'explain a text' "$ZONELOOM" explain '::error::evil'
try text 'explain --skipped' "$ZONELOOM" explain --skipped
try text 'generate --stdout' "$ZONELOOM" generate --stdout
try text 'generate --dry-run' "$ZONELOOM" generate --dry-run
try text 'check' "$ZONELOOM" check
try text 'commit --dry-run' "$ZONELOOM" commit --dry-run
try text 'commit' "$ZONELOOM" commit
git log -1 --format=%B >"$work/message"
check 'the message of a commit' python3 "$oracle" commit "$work/message"
check 'has the texts' grep -q evil "$work/message"
git reset -q --hard
for f in dns/*; do
	check "the file ${f##*.}" python3 "$oracle" text "$f"
done

# Another change, on a branch whose name git takes.
git checkout -qb 'evil@all#1<b>`x`|y'
rm -r apps/*error* && manifests apps b
config '![evil](x) | <b>' '<b>evil | @all'
save two
try text 'hook pre-commit' "$ZONELOOM" hook pre-commit
git checkout -q -f . && git clean -qfd
for form in text github markdown json; do
	for report in diff gate; do
		range='main...HEAD'
		[ $report = gate ] || range=main
		try "$form" "$report --report $form" "$ZONELOOM" "$report" \
			--report "$form" "$range"
	done
done
try text 'diff, in colour' "$ZONELOOM" diff --color=always main
try text 'diff -o nsupdate' "$ZONELOOM" diff -o nsupdate main HEAD
try text 'gate -v --all' "$ZONELOOM" gate -v --all main...HEAD
try text 'commit --branch' "$ZONELOOM" commit --branch 'evil@all#1<b>'
try text 'commit on it' "$ZONELOOM" commit
git log -1 --format=%B >"$work/message"
check 'the message, with a file removed' \
	python3 "$oracle" commit "$work/message"

# What is refused says so.
git checkout -q -f main
git checkout -qb faults
faults apps
printf '%s: 1\n' "$(quoted '::error::evil')" >>.zoneloom.yaml
try text 'a key of the configuration' "$ZONELOOM" list
git checkout -q .zoneloom.yaml
save faults
for form in text github markdown json; do
	try "$form" "faults: gate --report $form" "$ZONELOOM" gate -v \
		--report "$form" main...HEAD
done
try text 'faults: list' "$ZONELOOM" list
try text 'faults: list -v, in colour' "$ZONELOOM" list -v --color=always
try text 'faults: explain --skipped' "$ZONELOOM" explain --skipped
try text 'faults: check' "$ZONELOOM" check
try text 'faults: hook pre-commit' "$ZONELOOM" hook pre-commit
try text 'init --stdout' "$ZONELOOM" init --stdout
{
	printf -- '- args:\n'
	for t in "${tries[@]}"; do
		printf -- '  - %s\n' "$(quoted "--domain-filter=$t")" \
			"$(quoted "--evil-$t")" "$(quoted "--txt-owner-id=$t")"
	done
} >args.yaml
{
	printf 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: external-dns}\n'
	printf 'spec:\n  template:\n    spec:\n      containers:\n      - name: external-dns\n'
	sed 's/^- /        /; s/^  - /        - /' args.yaml
} >deployment.yaml
try text 'init --from-external-dns' "$ZONELOOM" init --stdout \
	--from-external-dns deployment.yaml
try text 'render commands' "$ZONELOOM" allow --dry-run

# The command line, and what git and the system say of it.
for t in "${tries[0]}" "${tries[1]}" "${tries[*]}"; do
	try text '--rev' "$ZONELOOM" list --rev "$t"
	try text '-C' "$ZONELOOM" -C "$t" list
	try text '--config' "$ZONELOOM" list --config "$t"
	try text 'a flag' "$ZONELOOM" list "--$t"
	try text 'a command' "$ZONELOOM" "$t"
	try text 'a path' "$ZONELOOM" list "$t"
	try text 'help' "$ZONELOOM" help "$t"
	try text 'completion of' "$ZONELOOM" completion "$t"
	try text '--report' "$ZONELOOM" diff --report "$t"
	try text '--zone' "$ZONELOOM" list --zone "$t"
	try text 'the environment' env ZONELOOM_CONFIG="$t" "$ZONELOOM" list
	try text "git's environment" env GIT_DIR="$t" "$ZONELOOM" list
done
for s in bash zsh fish; do try script "completion $s" "$ZONELOOM" completion $s; done
echo "# $shown outputs held a text"
check 'the texts were printed' [ "$shown" -gt 80 ]
done_testing
