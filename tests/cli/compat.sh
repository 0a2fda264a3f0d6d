#!/bin/bash
# --compat=external-dns takes its command line as ExternalDNS does.
. "$(dirname "$0")/../lib.sh"
ZONELOOM=$(realpath "$ZONELOOM")
cd "$work" || exit 1
cat >in.yaml <<'END'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {external-dns.kubernetes.io/target: 192.0.2.1}
spec:
  rules:
  - host: www.example.com
END
compat() { run "$ZONELOOM" list -o jsonl --compat=external-dns --stdin "$@" <in.yaml; }
ttls() { [ "$(jq -s 'map(select(.type == "A").ttl)' -c .out)" = "[$1]" ]; }
records() { [ "$status" = 0 ] && [ "$(wc -l <.out)" = "$1" ]; }
# refuses TEXT ARGUMENT...: exit 2, nothing printed, the fault named.
refuses() {
	local text=$1
	shift
	compat "$@"
	status_is 2 && [ -z "$out" ] && err_has "$text"
}

check compat/once refuses 'cannot be repeated' --namespace=shop --namespace=x
check compat/switch-once refuses 'cannot be repeated' \
	--publish-host-ip --no-publish-host-ip
check compat/switch-value refuses 'takes no value' --publish-host-ip=false
check compat/no-abbreviation refuses 'unknown option --namesp' --namesp=shop
check compat/idle-once refuses '--once cannot be repeated' --once --no-once
check compat/dry-run-once refuses 'cannot be repeated' --dry-run --dry-run
check compat/idle-switch-value refuses 'takes no value' --events=true
check compat/idle-duration refuses 'invalid interval "x"' --interval=x
check compat/idle-duration-word refuses 'invalid interval "60"' --interval 60
check compat/idle-choice refuses 'invalid log-level "loud"' --log-level=loud
check compat/idle-empty-choice refuses 'invalid log-format ""' --log-format=
check compat/idle-number refuses 'expected a number' --aws-batch-change-size=x
check compat/idle-whole refuses 'expected a number' --godaddy-api-ttl=1.5
check compat/idle-pair refuses 'expected KEY=VALUE' --aws-sd-create-tag=a
check compat/idle-no-value refuses 'missing value' --metrics-address
check compat/idle-flag-as-value refuses 'missing value' \
	--metrics-address --once
check compat/provider refuses 'invalid provider "x"' --provider=x
check compat/qps refuses 'kube-api-qps: expected more than 0' --kube-api-qps=0.5
check compat/rfc2136-ttl refuses 'rfc2136-min-ttl' \
	--provider=rfc2136 --rfc2136-min-ttl=-1s
check compat/gss refuses 'rfc2136-kerberos-realm' \
	--provider=rfc2136 --rfc2136-gss-tsig
compat --interval 1w --aws-batch-change-size=1e3 --godaddy-api-ttl=0x1_0 \
	--aws-zone-type= --metrics-address :7979 --no-once --aws-sd-create-tag a:b \
	--rfc2136-min-ttl=-1s --kube-api-qps=1e2 --gateway-label-filter='a!=b'
check compat/idle-values-taken records 2
compat --default-targets=192.0.2.1 --default-targets=192.0.2.2
check compat/list-repeated records 2
compat --no-publish-host-ip
check compat/switch-off records 2
compat --dry-run --once --interval=1m
check compat/dry-run records 2
check compat/dry-run-said err_has '--dry-run has no effect here'
compat --server=https://example.com
check compat/server records 2
check compat/server-said err_has '--server has no effect here: no cluster'
check compat/server-once refuses 'cannot be repeated' --server=a --server=b
run "$ZONELOOM" list --stdin --server=192.0.2.1 <in.yaml
check compat/server-only-there status_is 2
compat --rfc2136-min-ttl=90s --ns1-min-ttl=90 --godaddy-api-ttl=90
check compat/provider-ttl records 2
check compat/provider-ttl-unset ttls 0

export EXTERNAL_DNS_NAMESPACE=other
compat
check compat/variable records 0
compat --namespace=shop
check compat/flag-over-variable records 2
run "$ZONELOOM" list -o jsonl --source=ingress --stdin <in.yaml
check compat/variable-only-there out_has www.example.com
unset EXTERNAL_DNS_NAMESPACE
EXTERNAL_DNS_SOURCE=$'service\ningress\n' compat
check compat/variable-lines records 2
EXTERNAL_DNS_NAMESPACE='' compat
check compat/variable-empty records 2
EXTERNAL_DNS_CREATE_PTR=perhaps compat
check compat/variable-of-a-switch status_is 2

# Without --compat a provider's TTL is min-ttl.
for flag in --rfc2136-min-ttl=90s --ns1-min-ttl=90 '--godaddy-api-ttl 90'; do
	# shellcheck disable=SC2086 # a flag and its value
	run "$ZONELOOM" list -o jsonl --stdin $flag <in.yaml
	check "compat/min-ttl ${flag%%[= ]*}" ttls 90
done
run "$ZONELOOM" list --stdin --dry-run <in.yaml
check compat/list-dry-run status_is 0
check compat/list-dry-run-said err_has '--dry-run has no effect here'
run "$ZONELOOM" gate --dry-run
check compat/gate-dry-run status_is 2
done_testing
