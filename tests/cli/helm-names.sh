#!/bin/bash
# Names of the objects that app-template makes, as helm rendered them
# (tests/helm): the ownership TXT of every host names the chart's object.
. "$(dirname "$0")/../lib.sh"
cases=$root/tests/helm/names.jsonl
cd "$work" || exit 1
mkdir releases

# A folder of its own for each case, so that names and hosts do not meet.
python3 - "$cases" <<'P'
import json
import sys

for nth, line in enumerate(open(sys.argv[1], encoding="utf-8")):
    case = json.loads(line)
    namespace = case["namespace"]
    release = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
        "metadata": {"name": case["release"], "namespace": namespace},
        "spec": {"values": case["values"]},
    }
    text = [release]
    if nth % 2:
        release["spec"]["chart"] = {"spec": {"chart": "app-template",
                                             "version": case["version"]}}
    else:
        release["spec"]["chartRef"] = {"kind": "OCIRepository",
                                       "name": "template"}
        text.append({
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "OCIRepository",
            "metadata": {"name": "template", "namespace": namespace},
            "spec": {"url": "oci://ghcr.io/bjw-s-labs/helm/app-template",
                     "ref": {"tag": case["version"]}}})
    with open(f"releases/{nth}.yaml", "w", encoding="utf-8") as f:
        f.write("\n---\n".join(json.dumps(one) for one in text) + "\n")
    with open("want", "a", encoding="utf-8") as f:
        for host, resource in case["names"]:
            f.write(f"{host}\t{resource}\n")
P
sort -o want want
run "$ZONELOOM" list -o jsonl --dir . --helm-values extract --registry noop \
	--default-targets 203.0.113.1 --source ingress --source service \
	--source gateway-httproute --source gateway-grpcroute \
	--source gateway-tlsroute
# What has no address is listed, and is no record.
jq -r 'select(.type == "A" and (.targets | length) > 0) | [.name, .labels.resource] | @tsv' "$work/.out" |
	sort >got
check "helm-names: $(wc -l <want) names of $(wc -l <"$cases") releases" \
	diff want got
done_testing
