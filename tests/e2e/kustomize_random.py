#!/usr/bin/env python3
"""Kustomizations at random, for tests/e2e/kustomize-random.sh.

usage: kustomize_random.py builds|patches SEED COUNT FOLDER

Writes FOLDER/0, FOLDER/1, ...: a tree each, whose `top` is to be built.  What
is written is what ends in records, so that a difference shows.
"""
import json
import random
import sys
from pathlib import Path

KINDS = ["Ingress", "HTTPRoute", "Service", "ConfigMap"]
TARGET = "external-dns.alpha.kubernetes.io/target"
LABELS = {"tier": ["edge", "core"], "team": ["a", "b", "c"], "example.org/x": ["1"]}
ADDRESSES = ["203.0.113.1", "203.0.113.2", "203.0.113.3"]


def quoted(value):
    return json.dumps(value)


class Tree:
    def __init__(self, rng, root):
        self.rng, self.root, self.n = rng, root, 0

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def name(self):
        self.n += 1
        return f"o{self.n}"

    def maybe(self, part):
        return self.rng.random() < part

    def metadata(self, name):
        meta = {"name": name}
        if self.maybe(0.4):
            meta["namespace"] = self.rng.choice(["web", "team", "default"])
        if self.maybe(0.5):
            meta["labels"] = {
                k: self.rng.choice(v) for k, v in LABELS.items() if self.maybe(0.6)
            }
        if self.maybe(0.5):
            meta["annotations"] = {TARGET: self.rng.choice(ADDRESSES)}
            if self.maybe(0.15):
                meta["annotations"]["config.kubernetes.io/local-config"] = (
                    self.rng.choice(["true", "false", ""]))
        return meta

    def object(self, kind):
        name = self.name()
        host = f"{name}.example.org"
        meta = self.metadata(name)
        if kind == "Ingress":
            rules = [{"host": host}]
            for i in range(self.rng.randrange(3)):
                rules.append({"host": f"{name}-{i}.example.org"})
            return {"apiVersion": "networking.k8s.io/v1", "kind": kind,
                    "metadata": meta, "spec": {"rules": rules}}
        if kind == "HTTPRoute":
            return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind,
                    "metadata": meta,
                    "spec": {"hostnames": [host],
                             "parentRefs": [{"name": "gw"}]}}
        if kind == "Service":
            meta.setdefault("annotations", {})[
                "external-dns.alpha.kubernetes.io/hostname"] = host
            return {"apiVersion": "v1", "kind": kind, "metadata": meta,
                    "spec": {"type": "LoadBalancer", "ports": [{"port": 80}],
                             "loadBalancerIP": self.rng.choice(ADDRESSES)}}
        return {"apiVersion": "v1", "kind": kind, "metadata": meta,
                "data": {"host": host}}

    def objects(self, folder, count):
        made, files = [], []
        for _ in range(count):
            kind = self.rng.choice(KINDS)
            made.append(self.object(kind))
            file = f"{made[-1]['metadata']['name']}.yaml"
            self.write(f"{folder}/{file}", quoted(made[-1]) + "\n")
            files.append(file)
        return made, files

    # --- JSON patches ---

    def pointer(self, o):
        kind = o["kind"]
        some = ["/metadata/annotations/external-dns.alpha.kubernetes.io~1target",
                "/metadata/annotations/x", "/metadata/annotations",
                "/metadata/labels/tier", "/metadata/labels", "/metadata/name",
                "/metadata/namespace", "/spec", "/metadata/annotations/a~0b",
                "/kind", "", "/", "metadata/name", "/no/such"]
        own = {
            "Ingress": ["/spec/rules/0/host", "/spec/rules/1/host",
                        "/spec/rules/-1/host", "/spec/rules/-", "/spec/rules/0",
                        "/spec/rules/1", "/spec/rules/9", "/spec/rules/-1",
                        "/spec/rules/-2", "/spec/rules/+0/host", "/spec/rules",
                        "/spec/rules/x", "/spec/rules/-/host", "/spec/tls"],
            "HTTPRoute": ["/spec/hostnames/0", "/spec/hostnames/-",
                          "/spec/hostnames/-1", "/spec/hostnames/1",
                          "/spec/hostnames", "/spec/none/0"],
            "Service": ["/spec/loadBalancerIP", "/spec/type", "/spec/none",
                        "/metadata/annotations/external-dns.alpha.kubernetes"
                        ".io~1hostname", "/spec/ports/0/port"],
            "ConfigMap": ["/data/host", "/data/x"],
        }[kind]
        return self.rng.choice(own if self.maybe(0.7) else some)

    def value(self, pointer):
        if pointer.endswith("rules/-") or pointer.rsplit("/", 1)[0].endswith("rules"):
            return {"host": f"{self.name()}.patched.example.org"}
        if pointer.endswith("/rules"):
            return [{"host": f"{self.name()}.patched.example.org"}]
        if pointer.endswith("hostnames"):
            return [f"{self.name()}.patched.example.org"]
        if "target" in pointer or "loadBalancerIP" in pointer:
            return self.rng.choice(ADDRESSES)
        if pointer.endswith(("annotations", "labels")):
            return {"tier": "edge", TARGET: self.rng.choice(ADDRESSES)}
        if "host" in pointer:
            return f"{self.name()}.patched.example.org"
        return self.rng.choice(["text", "edge", "renamed"])

    def operation(self, o):
        op = self.rng.choice(["add", "replace", "remove", "add", "replace", "copy",
                              "move", "test"])
        one = {"op": op, "path": self.pointer(o)}
        if op in ("copy", "move"):
            one["from"] = self.pointer(o)
        elif op == "test":
            one["value"] = self.rng.choice(
                [self.value(one["path"]), None, o["metadata"]["name"],
                 f"{o['metadata']['name']}.example.org"])
        elif op != "remove" and self.maybe(0.95):
            one["value"] = self.value(one["path"])
        return one

    def selector(self):
        key = self.rng.choice(list(LABELS))
        value = self.rng.choice(LABELS[key])
        return self.rng.choice([
            f"{key}={value}", f"{key} == {value}", f"{key}!={value}", key, f"!{key}",
            f"{key} in ({value},z)", f"{key} notin ({value})", f"{key},tier=edge",
            f"{key} in ({value}),team notin (c)"])

    def target(self, o):
        meta = o["metadata"]
        target = {"kind": o["kind"]}
        if self.maybe(0.5):
            target["name"] = self.rng.choice([meta["name"], "o.*", "o[0-9]", "o1|o2"])
        if self.maybe(0.2):
            target["namespace"] = meta.get("namespace", "default")
        if self.maybe(0.3):
            target["labelSelector"] = self.selector()
        return target

    def json_patch(self, o):
        operations = [self.operation(o) for _ in range(self.rng.choice([1, 1, 2, 3]))]
        return {"target": self.target(o), "patch": quoted(operations)}

    def merge_patch(self, o):
        change = {"apiVersion": o["apiVersion"], "kind": o["kind"],
                  "metadata": {"name": o["metadata"]["name"]}}
        if "namespace" in o["metadata"]:
            change["metadata"]["namespace"] = o["metadata"]["namespace"]
        what = self.rng.randrange(4)
        if what == 0:
            change["metadata"]["annotations"] = {
                TARGET: self.rng.choice(ADDRESSES + [None])}
        elif what == 1 and o["kind"] == "Ingress":
            change["spec"] = {"rules": [{"host": f"{self.name()}.merged.example.org"}]}
        elif what == 2:
            change["$patch"] = "delete"
        else:
            change["metadata"]["labels"] = {"tier": "merged"}
        return {"patch": quoted(change)}

    # --- whole kustomizations ---

    def generator(self):
        return {"name": self.name(), "literals": [f"host={self.name()}.example.org"],
                "options": {"disableNameSuffixHash": True}}

    def replacement(self, made):
        source = self.rng.choice(made)
        paths = {"Ingress": "spec.rules.0.host", "HTTPRoute": "spec.hostnames.0",
                 "Service": "spec.loadBalancerIP", "ConfigMap": "data.host"}
        to = self.rng.choice([o for o in made if o["kind"] != "Service"] or made)
        return {"source": {"kind": source["kind"], "name": source["metadata"]["name"],
                           "fieldPath": paths[source["kind"]]},
                "targets": [{"select": {"kind": to["kind"],
                                        "name": to["metadata"]["name"]},
                             "fieldPaths": [paths[to["kind"]]]}]}

    def changes(self, k, made):
        for key, make in (("namespace", lambda: self.rng.choice(["moved", "web"])),
                          ("namePrefix", lambda: "p-"), ("nameSuffix", lambda: "-s"),
                          ("commonLabels", lambda: {"team": "all"}),
                          ("commonAnnotations",
                           lambda: {TARGET: self.rng.choice(ADDRESSES)}),
                          ("labels", lambda: [{"pairs": {"tier": "set"}}])):
            if self.maybe(0.2):
                k[key] = make()
        if made and self.maybe(0.6):
            k["patches"] = [
                self.merge_patch(self.rng.choice(made)) if self.maybe(0.6)
                else self.json_patch(self.rng.choice(made))
                for _ in range(self.rng.choice([1, 1, 2]))]
        if made and self.maybe(0.15):
            k["replacements"] = [self.replacement(made)]
        if self.maybe(0.2):
            k["configMapGenerator"] = [self.generator()]

    def component(self, folder, made):
        k = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
        self.changes(k, made)
        self.write(f"{folder}/kustomization.yaml", quoted(k) + "\n")

    def folder(self, folder, depth):
        made, files = self.objects(folder, self.rng.choice([1, 2, 3, 4]))
        k = {"resources": files}
        if depth > 0:
            for i in range(self.rng.choice([0, 1, 1, 2])):
                below, _ = self.folder(f"{folder}/base{i}", depth - 1)
                made = made + below
                k["resources"].append(f"base{i}")
        if self.maybe(0.2):
            self.component(f"{folder}/component", made)
            k["components"] = ["component"]
        self.changes(k, made)
        self.write(f"{folder}/kustomization.yaml", quoted(k) + "\n")
        return made, files

    def patches(self):
        made, files = self.objects("top", 1)
        k = {"resources": files, "patches": [self.json_patch(made[0])]}
        k["patches"][0]["target"] = {"kind": made[0]["kind"]}
        self.write("top/kustomization.yaml", quoted(k) + "\n")


def main():
    what, seed, count, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    for i in range(count):
        tree = Tree(random.Random(f"{what} {seed} {i}"), Path(out) / str(i))
        if what == "patches":
            tree.patches()
        else:
            tree.folder("top", 2)


main()
