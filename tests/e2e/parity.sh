#!/bin/bash
# What the real ExternalDNS answers, asked now: flags, sources, planner and TXT
# registry run as in a cluster that holds the manifests.
# shellcheck disable=SC2317 # called by check
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
needs external-dns-judge

# The recorded cases, which make test compares with, are still its answers.
recorded() { external-dns-judge recorded "$root/tests/parity"; }
check parity/recorded recorded

# A case that is recorded wrong is found.
mkdir -p "$work/wrong"
cp -r "$root/tests/parity/ingress/004-target-two-v4" "$work/wrong/"
mkdir -p "$work/other" && mv "$work/wrong" "$work/other/"
sed -i 's/"ttl":0/"ttl":9/' "$work/other/wrong/004-target-two-v4/expected.jsonl"
finds_wrong() {
	run external-dns-judge recorded "$work/other"
	status_is 1 && out_has 'DIFFERS wrong/004-target-two-v4'
}
check parity/finds-wrong finds_wrong
done_testing
