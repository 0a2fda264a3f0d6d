#!/usr/bin/env python3
"""truth.py TREE NAMES VARS: the names that the real tools make of a tree.

Follows Flux as its controllers do: kustomize builds, Flux' own engine
substitutes, helm merges values and evaluates their templates; charts that are
not here are stood in for by chart/.  NAMES gets "host TAB kind/namespace/name"
a line, VARS a map of values for what no map in git tells.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTNAME = re.compile(r"external-dns\..*/hostname$")
TARGET = re.compile(r"external-dns\..*/target$")
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def documents(text):
    try:
        return [d for d in yaml.load_all(text, loader) if isinstance(d, dict)]
    except (yaml.YAMLError, ValueError):
        return []


def get(o, path, other=None):
    for key in path.split("."):
        o = o.get(key) if isinstance(o, dict) else None
    return other if o is None else o


def is_kind(o, group, kind):
    return o.get("kind") == kind and \
        str(o.get("apiVersion")).startswith(group + "/")


def identity(o):
    return get(o, "metadata.namespace", ""), get(o, "metadata.name", "")


class Engine:
    """Flux' substitution: one process, a line a text."""

    def __init__(self):
        self.child = subprocess.Popen(["envsubst-flux"], text=True,
                                      stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)

    def fill(self, text, values):
        self.child.stdin.write(json.dumps({"vars": values, "text": text}))
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        return answer.get("text", "") if "error" not in answer else text


class Tree:
    def __init__(self, folder, work):
        self.root = os.path.join(work, "tree")
        shutil.copytree(folder, self.root)
        self.engine = Engine()
        self.asked = {}
        self.built = {}
        for where, _, files in os.walk(self.root):
            for name in files:
                if name in NAMES:
                    self.only_git(os.path.join(where, name))

    def only_git(self, path):
        """Bases elsewhere go; files that the tree lacks are empty."""
        with open(path, encoding="utf-8") as f:
            text = f.read()
        found = documents(text)
        if len(found) != 1:
            return
        k, where = found[0], os.path.dirname(path)
        for key in ("resources", "bases", "components"):
            kept = [r for r in k.get(key) or [] if isinstance(r, str)
                    and os.path.exists(os.path.join(where, r))]
            if key in k:
                k[key] = kept
        for key in ("configMapGenerator", "secretGenerator"):
            for one in k.get(key) or []:
                one["files"] = [file for file in one.get("files") or []
                                if "://" not in file]
                for file in one["files"]:
                    file = os.path.join(where, file.split("=", 1)[-1])
                    if not os.path.exists(file):
                        os.makedirs(os.path.dirname(file), exist_ok=True)
                        open(file, "w").close()
        with open(path, "w", encoding="utf-8") as f:
            yaml.safe_dump(k, f)

    def create(self, folder):
        """The kustomization that Flux writes where there is none."""
        found = []
        for where, folders, files in os.walk(folder):
            if where != folder and any(n in files for n in NAMES):
                found.append(os.path.relpath(where, folder))
                folders[:] = []
                continue
            for name in sorted(files):
                path = os.path.join(where, name)
                with open(path, encoding="utf-8", errors="ignore") as f:
                    whole = [d for d in documents(f.read())
                             if d.get("kind") and d.get("apiVersion")]
                if name.endswith((".yaml", ".yml")) and whole:
                    found.append(os.path.relpath(path, folder))
        path = os.path.join(folder, NAMES[0])
        with open(path, "w", encoding="utf-8") as f:
            yaml.safe_dump({"apiVersion": "kustomize.config.k8s.io/v1beta1",
                            "kind": "Kustomization",
                            "resources": sorted(found)}, f)
        return path

    def build(self, folder, spec):
        key = folder + json.dumps(spec, sort_keys=True, default=str)
        if key not in self.built:
            self.built[key] = self.build_anew(folder, spec)
        return self.built[key]

    def build_anew(self, folder, spec):
        there = [os.path.join(folder, n) for n in NAMES]
        path = next((p for p in there if os.path.exists(p)), None) or \
            self.create(folder)
        with open(path, encoding="utf-8") as f:
            before = f.read()
        k = (documents(before) or [{}])[0]
        for ours, theirs in (("targetNamespace", "namespace"),
                             ("namePrefix", "namePrefix"),
                             ("nameSuffix", "nameSuffix")):
            if spec.get(ours):
                k[theirs] = spec[ours]
        for key in ("patches", "components"):
            if spec.get(key):
                k[key] = (k.get(key) or []) + spec[key]
        with open(path, "w", encoding="utf-8") as f:
            yaml.safe_dump(k, f)
        made = subprocess.run(
            ["kustomize", "build", "--load-restrictor=LoadRestrictionsNone",
             folder], capture_output=True, text=True, check=False)
        with open(path, "w", encoding="utf-8") as f:
            f.write(before)
        if made.returncode != 0:
            print(f"# kustomize: {os.path.relpath(folder, self.root)}: "
                  f"{made.stderr.strip()[-300:]}", file=sys.stderr)
        return re.split(r"^---\n", made.stdout, flags=re.M)


class Cluster:
    """What one root applies, walked again until no map is new."""

    def __init__(self, tree, root):
        self.tree, self.root = tree, root
        self.maps = {}
        for _ in range(4):
            before = len(self.maps)
            self.objects, self.units, self.asked = [], set(), {}
            self.apply(root)
            if len(self.maps) == before:
                break

    def values_of(self, ks):
        values, build = {}, get(ks, "spec.postBuild", {})
        for ref in build.get("substituteFrom") or []:
            values.update(self.maps.get(
                (ref["kind"], identity(ks)[0], ref["name"]), {}))
        values.update({k: str(v) for k, v in
                       (build.get("substitute") or {}).items()})
        return values, bool(build)

    def fill(self, text, ks):
        values, any_build = self.values_of(ks)
        if not any_build or re.search(
                r"kustomize.toolkit.fluxcd.io/substitute: .?disabled", text):
            return text
        for name in re.findall(r"\$\{([A-Za-z_][A-Za-z0-9_]*)", text):
            if str(values.get(name, "ENC[")).startswith("ENC[") and \
                    not re.search(r"\$\{%s(:?[=-])" % name, text):
                self.asked[name] = \
                    f"v{name.lower().replace('_', '-')}.example.net"
        values.update({**self.asked, **self.tree.asked})
        return self.tree.engine.fill(text, values)

    def apply(self, ks):
        spec = ks.get("spec") or {}
        where = os.path.normpath(os.path.join(
            self.tree.root, str(spec.get("path", ".")).lstrip("/")))
        key = identity(ks)
        if key in self.units or not os.path.isdir(where) or \
                not self.is_here(spec):
            return
        self.units.add(key)
        for text in self.tree.build(where, spec):
            for o in documents(self.fill(text, ks)):
                self.take(o)

    def is_here(self, spec):
        ref = spec.get("sourceRef") or {}
        return ref.get("kind") == "GitRepository" and \
            ref.get("name") in (None, get(self.root, "spec.sourceRef.name"))

    def take(self, o):
        if is_kind(o, "kustomize.toolkit.fluxcd.io", "Kustomization"):
            self.apply(o)
            return
        if o.get("kind") in ("ConfigMap", "Secret"):
            text = dict(o.get("data") or {}) if o["kind"] == "ConfigMap" \
                else dict(o.get("stringData") or {})
            self.maps[(o["kind"], *identity(o))] = text
        self.objects.append(o)


def chart_of(release, objects):
    spec = release["spec"]
    ref = spec.get("chartRef")
    if not ref:
        inner = get(spec, "chart.spec", {})
        return str(inner.get("chart", "x")), str(inner.get("version", ""))
    for o in objects:
        if o.get("kind") == ref["kind"] and identity(o) == \
                (ref.get("namespace", identity(release)[0]), ref["name"]):
            inner = o["spec"]
            return str(inner.get("url") or inner.get("chart")), \
                str(inner.get("version") or get(inner, "ref.tag", ""))
    return "", ""


def nest(path, value):
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


def render(release, cluster, work):
    """helm, with a chart that stands in."""
    spec, (namespace, name) = release["spec"], identity(release)
    target = spec.get("targetNamespace")
    chart, version = chart_of(release, cluster.objects)
    folder = os.path.join(work, "chart")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "chart"), folder)
    chart = os.path.basename(chart.rstrip("/")) or name
    version = version if re.fullmatch(r"\d+\.\d+\.\d+", version) else "9.9.9"
    with open(os.path.join(folder, "Chart.yaml"), "w", encoding="utf-8") as f:
        json.dump({"apiVersion": "v2", "name": chart, "version": version}, f)
    files = []
    for ref in spec.get("valuesFrom") or []:
        text = cluster.maps.get((ref["kind"], namespace, ref["name"]), {}) \
            .get(ref.get("valuesKey", "values.yaml"))
        if text is not None and ref.get("targetPath"):
            text = json.dumps(nest(ref["targetPath"], text))
        files += [text] if text else []
    files.append(json.dumps(spec.get("values") or {}, default=str))
    command = ["helm", "template", spec.get("releaseName") or
               (f"{target}-{name}" if target else name), folder,
               "--namespace", target or namespace]
    for nth, text in enumerate(files):
        path = os.path.join(work, f"values-{nth}.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        command += ["--values", path]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        print(f"# helm: {namespace}/{name}: {made.stderr.strip()[:200]}",
              file=sys.stderr)
    for o in documents(made.stdout):
        o["metadata"]["namespace"] = target or namespace
        yield o


def hosts(o):
    """Those of ExternalDNS' sources ingress, gateway-httproute, service."""
    notes = get(o, "metadata.annotations", {}) or {}
    said = [h.strip() for k, v in notes.items() if HOSTNAME.search(k)
            for h in str(v).split(",")]
    kind, spec = o.get("kind"), o.get("spec") or {}
    if kind == "Ingress":
        said += [get(r, "host") for r in spec.get("rules") or []]
        for tls in spec.get("tls") or []:
            said += tls.get("hosts") or []
    elif kind == "HTTPRoute":
        said += spec.get("hostnames") or []
    elif kind == "Service":
        if o.get("type", spec.get("type")) != "LoadBalancer" and not any(
                TARGET.search(k) for k in notes):
            return []
    else:
        return []
    return said + ([] if kind == "Service" else o.get("hosts") or [])


def of_gateway(o):
    """The Service that a Gateway gets has what its infrastructure says."""
    notes = get(o, "spec.infrastructure.annotations")
    if o.get("kind") == "Gateway" and notes:
        return [{"kind": "Service", "type": "LoadBalancer",
                 "metadata": {**o["metadata"], "annotations": notes}}]
    return []


def roots(tree):
    """Flux Kustomizations that no other one applies, and FluxInstances."""
    found, made = [], set()
    for where, _, files in os.walk(tree.root):
        for name in sorted(files):
            if not name.endswith((".yaml", ".yml")):
                continue
            with open(os.path.join(where, name), encoding="utf-8") as f:
                text = f.read()
            for o in documents(text) if "sync:" in text or \
                    "kustomize.toolkit" in text else []:
                sync = get(o, "instance.sync") or get(o, "spec.sync") or \
                    get(o, "spec.values.instance.sync")
                if isinstance(sync, dict) and sync.get("path"):
                    o = {"metadata": {"name": "flux-system",
                                      "namespace": "flux-system"},
                         "spec": {"path": sync["path"], "sourceRef": {
                             "kind": "GitRepository", "name": "flux-system"}}}
                elif not is_kind(o, "kustomize.toolkit.fluxcd.io",
                                 "Kustomization"):
                    continue
                if get(o, "spec.path") and os.path.isdir(os.path.join(
                        tree.root, str(get(o, "spec.path")).lstrip("./"))):
                    found.append(o)
    clusters = []
    for o in found:
        if len(found) > 1 and get(o, "spec.path") in ("./", "."):
            continue
        clusters.append((o, Cluster(tree, o)))
    for o, cluster in clusters:
        made |= {key for key in cluster.units if key != identity(o)}
    return [(o, c) for o, c in clusters if identity(o) not in made]


def main():
    folder, names, values = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        tree = Tree(folder, work)
        rows = {}  # the smallest of the objects labels a name's TXT
        for _, cluster in roots(tree):
            tree.asked.update(cluster.asked)
        for _, cluster in roots(tree):
            applied = list(cluster.objects)
            for o in cluster.objects:
                if is_kind(o, "helm.toolkit.fluxcd.io", "HelmRelease"):
                    applied += render(o, cluster, work)
                applied += of_gateway(o)
            for o in applied:
                for host in hosts(o):
                    if not host:
                        continue
                    resource = "/".join([o["kind"].lower(),
                                         identity(o)[0] or "default",
                                         identity(o)[1]])
                    host = str(host).lower()
                    rows[host] = min(rows.get(host, resource), resource)
        with open(names, "w", encoding="utf-8") as f:
            f.writelines(f"{h}\t{r}\n" for h, r in sorted(rows.items()))
        with open(values, "w", encoding="utf-8") as f:
            json.dump(tree.asked, f)


main()
