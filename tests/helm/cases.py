#!/usr/bin/env python3
"""cases.py COUNT VERSION...: values for app-template, one case a line.

Each is {"version", "release", "namespace", "values"}; the host names say which object they
are of, so that nothing else tells the objects apart.
"""
import json
import random
import sys

NAMES = ["web", "main", "app", "web-app", "Admin", "api"]
RELEASES = ["web", "web-app", "shop", "a-rather-long-release-name-with-many-words"]


def maybe(rng, chance):
    return rng.random() < chance


def affixes(rng, version, one):
    """What names an object, in the words of the version."""
    old = version < (4,)
    if maybe(rng, 0.2):
        one["nameOverride" if old else "suffix"] = rng.choice(
            ["x", "web", "{{ .Release.Name }}", "{{ .Values.word }}"]
            if version >= (3, 0, 2) else ["x", "web"])
    if not old and maybe(rng, 0.15):
        one["prefix"] = rng.choice(["pre", "web", "{{ .Release.Namespace }}"])
    if not old and maybe(rng, 0.1):
        one["forceRename"] = rng.choice(["Forced-{{ .Release.Name }}", "forced"])


def switch(rng, one):
    if maybe(rng, 0.45):
        one["enabled"] = rng.choice([True, True, False])


def ingress(rng, version, host):
    one = {"hosts": [{"host": host, "paths": [
        {"path": "/", "service": {"identifier": "main"}}]}]}
    switch(rng, one)
    affixes(rng, version, one)
    if maybe(rng, 0.2):
        one["tls"] = [{"hosts": [f"tls-{host}"]}]
    if maybe(rng, 0.1):
        one["defaultBackend"] = {"service": {"name": "x"}}
    if maybe(rng, 0.3):
        one["className"] = "nginx"
    if maybe(rng, 0.2):
        one["hosts"][0]["host"] = "{{ .Values.word }}." + host
    return one


def route(rng, version, host):
    one = {"hostnames": [host],
           "parentRefs": [{"name": "gw", "namespace": "network"}]}
    switch(rng, one)
    affixes(rng, version, one)
    if maybe(rng, 0.15):
        one["kind"] = rng.choice(["GRPCRoute", "TLSRoute"])
    if version < (3, 7, 3) and one.get("enabled"):
        one["primary"] = True
    return one


def service(rng, version, host):
    one = {"ports": {"http": {"port": 80}}, "controller": "main",
           "annotations": {
               "external-dns.alpha.kubernetes.io/hostname": host}}
    if maybe(rng, 0.8):
        one["type"] = rng.choice(["LoadBalancer", "LoadBalancer", "ClusterIP"])
    switch(rng, one)
    affixes(rng, version, one)
    return one


def raw(rng, version, host):
    one = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
           "spec": {"spec": {"rules": [{"host": host}]}}}
    switch(rng, one)
    affixes(rng, version, one)
    if maybe(rng, 0.3):
        one["spec"]["spec"]["rules"][0]["host"] = "{{ .Values.word }}." + host
    return one


KINDS = {"ingress": ingress, "route": route, "service": service,
         "rawResources": raw}


def case(rng, nth, text):
    version = tuple(int(part) for part in text.split("."))
    values = {"word": "word", "controllers": {"main": {"containers": {
        "app": {"image": {"repository": "a", "tag": "b"}}}}},
        "service": {"main": {"controller": "main", "primary": True,
                             "ports": {"http": {"port": 80}}}}}
    if version >= (4,):
        del values["service"]["main"]["primary"]
    if maybe(rng, 0.15):
        values["fullnameOverride"] = "full"
    if maybe(rng, 0.1):
        values["nameOverride"] = "name"
    if maybe(rng, 0.25):
        values["global"] = rng.choice([
            {"nameOverride": "name"}, {"fullnameOverride": "global-full-"},
            {"annotations": {"note": "x"}},
            {"alwaysAppendIdentifierToResourceName": True}])
    for kind, make in KINDS.items():
        if kind == "rawResources" and version < (3, 7):
            continue
        for name in rng.sample(NAMES, rng.choice([0, 1, 1, 2, 3])):
            if kind == "service" and name == "main":
                continue
            host = f"{kind}-{name}-{nth}.example.org".lower()
            one = make(rng, version, host)
            if sum("primary" in other for other in
                   values.get(kind, {}).values()):
                one.pop("primary", None)
                if kind == "route" and version < (3, 7, 3):
                    one["enabled"] = False
            values.setdefault(kind, {})[name] = one
    return {"version": text, "release": rng.choice(RELEASES),
            "namespace": f"ns-{nth}", "values": values}


def main():
    count, versions = int(sys.argv[1]), sys.argv[2:]
    rng = random.Random(1)
    for nth in range(count):
        print(json.dumps(case(rng, nth, versions[nth % len(versions)])))


main()
