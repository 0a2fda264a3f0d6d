#!/bin/bash
# A wrong value of any option: exit 2, where it stands, and what was meant.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo" && cd "$work/repo" || exit 1
cat >app.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {rules: [{host: a.example.org}]}
E
# NAME|VALUE|WHAT IS SUGGESTED, of the types that do not say it themselves; "-"
# takes any text.
table() { cat <<'E'
annotation-filter|a in (|
annotation-prefix|example.org|
cloudflare-record-comment|-|
default-targets|a b|
domain-filter|*.example.org|example.org
exclude-domains|a..b|
exclude-record-types|CNMAE|CNAME
exclude-target-net|10.0.0.0/99|
expect-repos|nosuch|
flux-path|nosuch|
fqdn-target-template|{{ .X|
fqdn-template|{{ fo .Name }}|
gateway-label-filter|a in (|
gateway-name|A_B|
gateway-namespace|A_B|
gloo-namespace|A_B|
helm-host-keys|-|
ignore-keys|spec|
ingress-class|a b|
label-filter|a in (|
managed-record-types|AAA|AAAA
migrate-from-txt-owner|a=b|
namespace|A_B|
nat64-networks|10.0.0.0/8|
openshift-router-name|a b|
pod-source-domain|a..b|
provider|cloudfare|cloudflare
records|nosuch|
regex-domain-exclusion|[|
regex-domain-filter|[|
repo|a b|
service-type-filter|LoadBalancr|LoadBalancer
source|ingres|ingress
target-net-filter|x|
target-template|{{ .X|
txt-owner-id|a=b|
txt-prefix|a b|
txt-suffix|a b|
txt-wildcard-replacement|a b|
unstructured-resource|widgets|
var|x|
vars-file|nosuch|
E
}
value_of() { # TYPE NAME WORDS: "VALUE|SUGGESTED"
	case $1 in
	FLAG) echo 'maybe|' ;;
	DURATION) echo '5x|' ;;
	COUNT) echo '-1|' ;;
	CHOICE) echo "${3##* }x|${3##* }" ;;
	*) table | sed -n "s/^$2|//p" ;;
	esac
}
said() { # WHERE NAME VALUE SUGGESTED
	[ "$status" = 2 ] && [[ $err =~ $1 ]] && [[ $err == *"$2"* ]] &&
		[[ $err == *"\"$3\""* ]] && [ -z "$out" ] &&
		[[ $err == *"${4:+$4?}"* || $err == *"below it: $4 "* ]]
}
seen=0 wrong=0
one() { # NAME VALUE SUGGESTED
	seen=$((seen + 1))
	printf "format: 1\nzones: {example.org: {}}\n%s: '%s'\n" "$1" "$2" >.zoneloom.yaml
	run "$ZONELOOM" list --dir .
	if ! said '^\.zoneloom\.yaml:3:[0-9]+: error: ' "$1" "$2" "$3"; then
		wrong=$((wrong + 1))
		echo "  $1: $2: exit $status: $err"
	fi
	printf 'format: 1\nzones: {example.org: {}}\n' >.zoneloom.yaml
	run "$ZONELOOM" list --dir . "--$1=$2"
	if ! said '^zoneloom: error: ' "--$1" "$2" "$3"; then
		wrong=$((wrong + 1))
		echo "  --$1=$2: exit $status: $err"
	fi
}
while IFS='|' read -r type name words; do
	IFS='|' read -r value suggested < <(value_of "$type" "$name" "$words")
	case $value in
	'') echo "  $name: no row"; wrong=$((wrong + 1)) ;;
	-) ;;
	*) one "$name" "$value" "$suggested" ;;
	esac
done < <(sed -nE 's/^OPTION\(([A-Z]+),[^"]*"([^"]*)",[[:space:]]*"[^"]*",[[:space:]]*"([^"]*)".*/\1|\2|\3/p' \
	"$root/gen/config/option.def")
check "every option: refused, with its place and what was meant ($seen tried)" \
	[ $wrong = 0 ]
check 'the table was walked' [ $seen -gt 55 ]

# One of many values stands where it stands.
config() { printf 'format: 1\nzones: {example.org: {}}\n%b\n' "$1" >.zoneloom.yaml; }
at() { # PLACE: it is the only place
	if [ "$status" != 2 ] || [ "$(grep -c ': error: ' <<<"$err")" != 1 ] ||
		[[ $err != ".zoneloom.yaml:$1: error: "* ]]; then
		echo "  exit $status: $err"
		return 1
	fi
}
refused() { # LABEL CONFIG PLACE [SUGGESTED]
	config "$2"
	run "$ZONELOOM" list --dir .
	check "$1" at "$3"
	[ -z "${4:-}" ] || check "$1: the suggestion" err_has "did you mean $4?"
}
refused 'a source of a list' 'source:\n- ingress\n- servce\n- crd' 5:3 service
refused 'a source of a publisher' \
	'publishers:\n- name: b\n  source: [ingress, gatway-httproute]' 5:21 gateway-httproute
refused 'a type of a comma list' 'managed-record-types: A,CNMAE' 3:23 CNAME
refused 'a domain of a list' 'domain-filter: [example.org,\n  exa mple.net]' 4:3
refused 'a template of two' "fqdn-template: ['{{ .Name }}.example.org', '{{ .Nme']" 3:44
refused 'a Gateway without its namespace' 'targets: {gateway: {envoy: [8.8.8.8]}}' 3:21 default/envoy
refused 'a Gateway with too much of it' 'targets: {gateway: {a/b/c: [8.8.8.8]}}' 3:21
refused 'a zone of a publisher' \
	'publishers: [{name: b, zones: [example.com]}]' 3:14 example.org
refused 'a word of a map' 'targets: {unmatched: wran}' 3:22 warn
refused 'a word of a map in a map' 'safety: {release: trailr}' 3:19 trailer
printf 'format: 1\nzones:\n  example.org:\n    outputs:\n      - {format: terraform, provider: cloudfare@5, file: a.tf.json}\n' \
	>.zoneloom.yaml
run "$ZONELOOM" list --dir .
check 'a provider of an output' at 5:39
check 'a provider of an output: the suggestion' err_has 'did you mean cloudflare@5?'
printf 'format: 1\nzones:\n  example.org: {addresses: pubic}\n' >.zoneloom.yaml
run "$ZONELOOM" list --dir .
check 'a word of a zone' at 3:28
check 'a word of a zone: the suggestion' err_has 'did you mean public?'

# Flags of commands.
config ''
usage() { # LABEL WANT ARGUMENT...
	local label=$1 want=$2
	shift 2
	run "$ZONELOOM" "$@"
	check "$label: exit 2" status_is 2
	check "$label: says what is meant" err_has "$want"
}
usage 'a report' 'did you mean markdown?' check --dir . --report markdwn
usage 'a form of list' 'did you mean jsonl?' list --dir . -o jsnl
usage 'a colour' 'did you mean never?' list --dir . --color=nevr
usage 'a dialect' 'did you mean external-dns?' list --dir . --compat=externaldns
usage 'a shell' 'did you mean bash?' completion bsh
usage 'a hook' 'did you mean pre-commit?' hook precommit
usage 'a number' 'invalid --jobs "x"' list --dir . --jobs x
rm .zoneloom.yaml
usage 'a format' 'did you mean terraform?' generate --dir . --zone example.com --format terrafrm
done_testing
