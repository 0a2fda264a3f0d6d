#!/usr/bin/env python3
"""objects.py CASE <MANIFESTS: the case with the hosts of each object.

[["host", "kind/namespace/name"], ...]: what the ownership TXT of each host
names.  Status 1 where there is no object at all.
"""
import json
import sys

import yaml

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"


def hosts(o):
    spec = o.get("spec") or {}
    if o["kind"] == "Ingress":
        yield from (rule.get("host") for rule in spec.get("rules") or [])
        for tls in spec.get("tls") or []:
            yield from tls["hosts"]
    elif o["kind"].endswith("Route"):
        yield from spec.get("hostnames") or []
    elif o["kind"] == "Service" and spec.get("type") == "LoadBalancer":
        note = (o["metadata"].get("annotations") or {}).get(HOSTNAME)
        if note:
            yield note


def main():
    case = json.loads(sys.argv[1])
    seen, names = False, []
    for o in yaml.safe_load_all(sys.stdin):
        if not o:
            continue
        seen = True
        meta = o["metadata"]
        resource = "/".join([o["kind"].lower(),
                             meta.get("namespace") or case["namespace"], meta["name"]])
        names += [[host, resource] for host in hosts(o) if host]
    case["names"] = sorted(names)
    if seen:
        print(json.dumps(case))
    return 0 if seen else 1


sys.exit(main())
