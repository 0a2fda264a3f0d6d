#!/usr/bin/env python3
"""ApplicationSets by chance, each in a small repository of its own.

appset_random.py write SEED COUNT FOLDER   lay them out
appset_random.py compare JUDGE OURS        hold two lists against each other
"""
import json
import os
import random
import subprocess
import sys

CLUSTERS = [
    {"name": "EU West", "server": "https://eu.example.net",
     "labels": {"env": "prod", "zone": "eu"},
     "annotations": {"domain": "eu.example.org"}},
    {"name": "us", "server": "https://us.example.net",
     "labels": {"env": "test", "zone": "us"}},
    {"name": "here", "server": "https://kubernetes.default.svc",
     "labels": {"env": "prod"}},
]
FILES = {
    "apps/web/conf.yaml": "app: web\ntier: gold\nsite: {zone: eu, ports: [80, 443]}\n",
    "apps/Blog_A/conf.yaml": "app: blog\ntier: lead\nsite: {zone: us, big: 1000000}\n",
    "apps/deep/er/conf.yaml": "app: deep\ntier: gold\nvalues: {own: x}\n",
    "apps/.hidden/x.yaml": "app: hidden\n",
    "conf/list.yaml": "- {app: one, tier: gold, n1: 1.5}\n- {app: two, tier: lead, yes1: true}\n",
    "conf/one.json": '{"app": "json", "tier": "gold", "site": {"zone": "eu"}}\n',
    "conf/two.json": '[{"app": "jay"}, {"app": "kay", "nothing": null}]\n',
    "conf/empty.yaml": "",
    "bad/text.yaml": "just text\n",
    "bad/mixed.yaml": "- {app: a}\n- text\n",
}


class Dice(random.Random):
    def hit(self, share):
        return self.random() < share


def words(d, go, keys):
    """An expression of a key that may be there."""
    key = d.choice(keys)
    if not go:
        return d.choice(["{{%s}}", "{{ %s }}"]) % key
    if "[" in key:
        head, n = key[:-1].split("[")
        return "{{ index .%s.segments %s }}" % (head, n)
    if key == "path":
        key = "path.path"
    form = d.choice(["{{ .%s }}", "{{.%s}}", "{{ .%s | toString | upper }}",
                     "{{ .%s | toString | slugify }}", "{{ .%s | default \"none\" }}",
                     "{{ if .%s }}set{{ end }}", "{{ .%s | toString | normalize }}",
                     "{{ slugify 6 true (toString .%s) }}", "{{ toJson .%s }}",
                     "{{ tpl \"<{{ . }}>\" .%s }}"])
    return form % key


def element(d, go):
    e = {"app": d.choice(["web", "shop", "Blog A", "x" * 12]),
         "tier": d.choice(["gold", "lead", ""])}
    if d.hit(0.3):
        e["values"] = {"host": d.choice(["a", "b"])}
    if go and d.hit(0.4):
        e["site"] = {"zone": d.choice(["eu", "us"]), "ports": [80, 8080]}
    if go and d.hit(0.2):
        e["port"] = d.choice([80, 1.5, True])
    if not go and d.hit(0.03):
        e["port"] = 80
    return e


def selector(d, keys):
    one = d.choice([
        {"matchLabels": {d.choice(keys): d.choice(["gold", "web", "eu", "prod"])}},
        {"matchExpressions": [{"key": d.choice(keys),
                               "operator": d.choice(["In", "NotIn"]),
                               "values": ["gold", "web", "EU West", "apps"]}]},
        {"matchExpressions": [{"key": d.choice(keys),
                               "operator": d.choice(["Exists", "DoesNotExist"])}]},
        {},
    ])
    if d.hit(0.03):
        one = {"matchExpressions": [{"key": "app", "operator": "Near", "values": ["x"]}]}
    return one


def listed(d, go, outer):
    g = {"elements": [element(d, go) for _ in range(d.randint(0, 3))]}
    if outer and d.hit(0.5):
        g["elements"].append({"app": "from-" + words(d, go, outer), "tier": "gold"})
    if d.hit(0.3):
        g["elementsYaml"] = json.dumps([element(d, True) for _ in range(2)])
    return {"list": g}, ["app", "tier", "values.host", "site.zone"]


def values(d, go, keys, outer):
    return {"host": "h-" + words(d, go, keys),
            "two": words(d, go, keys + outer) + "-" + words(d, go, keys)}


def git(d, go, outer):
    g = {"repoURL": "https://git.example.org/it.git", "revision": "HEAD"}
    head = ""
    if d.hit(0.25):
        g["pathParamPrefix"] = "repo"
        head = "repo."
    keys = [head + k for k in ["path", "path.basename", "path.basenameNormalized",
                               "path[0]"]]
    if d.hit(0.4):
        g["directories"] = [{"path": d.choice(["apps/*", "*", "apps/*/*", "a?ps/[a-w]*",
                                               "apps/web", "[^c]*/*", "apps/**"])}]
        if d.hit(0.5):
            g["directories"].append({"path": d.choice(["apps/web", "*/deep", "conf"]),
                                     "exclude": True})
    else:
        g["files"] = [{"path": d.choice(["apps/*/conf.yaml", "conf/*", "conf",
                                         "**/conf.yaml", "conf/*.json", "conf/[lo]*",
                                         "apps/deep/", "*.json", "conf/one.json"])}]
        if d.hit(0.4):
            g["files"].append({"path": d.choice(["conf/list.yaml", "apps/deep", "*e.json"]),
                               "exclude": True})
        if d.hit(0.05):
            g["files"][0]["path"] = "bad/*"
        if outer and d.hit(0.3):
            g["files"][0]["path"] = "conf/*" + words(d, go, outer) + "*"
        keys += ["app", "tier", "site.zone", head + "path.filename",
                 head + "path.filenameNormalized"]
    if d.hit(0.4):
        g["values"] = values(d, go, keys, outer)
        keys = keys + ["values.host", "values.two"]
    return {"git": g}, keys


def clusters(d, go, outer):
    g = {}
    keys = ["name", "nameNormalized", "server"]
    if not go:
        keys.append("metadata.labels.env")
    if d.hit(0.5):
        g["selector"] = d.choice([{"matchLabels": {"env": "prod"}},
                                  {"matchExpressions": [{"key": "zone", "operator": "Exists"}]},
                                  {"matchLabels": {"argocd.argoproj.io/secret-type": "cluster"}}])
    if d.hit(0.4):
        g["values"] = values(d, go, keys, outer)
        keys = keys + ["values.host", "values.two"]
    return {"clusters": g}, keys


def generator(d, go, depth=0, outer=()):
    kinds = [listed, git, clusters]
    pick = d.random()
    if depth < 2 and pick < 0.3:
        one, keys = generator(d, go, depth + 1, outer)
        two, more = generator(d, go, depth + 1, list(keys))
        g, keys = {"matrix": {"generators": [one, two]}}, keys + more
        if d.hit(0.02):
            g["matrix"]["generators"].pop()
    elif depth < 2 and pick < 0.45:
        one, keys = generator(d, go, depth + 1, outer)
        two, more = generator(d, go, depth + 1, outer)
        if d.hit(0.6):
            make = lambda a: {"list": {"elements": [
                {"app": x, "tier": a, "values": {"host": a}} if d.hit(0.8) else {"app": x}
                for x in ["web", "shop"]]}}
            one, two, keys, more = make("gold"), make("lead"), ["app", "tier"], ["values.host"]
        g = {"merge": {"mergeKeys": [d.choice(["app", "name", "path"])],
                       "generators": [one, two]}}
        if d.hit(0.7):
            g["merge"]["mergeKeys"] = ["app"]
        keys = keys + more
    else:
        g, keys = d.choice(kinds)(d, go, list(outer))
    if d.hit(0.25):
        g["selector"] = selector(d, [k for k in keys if "[" not in k and k != "path"] or ["app"])
    return g, keys


def template(d, go, keys):
    some = lambda: words(d, go, keys)
    source = {"repoURL": "https://git.example.org/it.git",
              "path": "p/" + some(), "targetRevision": d.choice(["HEAD", "v1"])}
    if d.hit(0.4):
        source["helm"] = {"valuesObject": {"host": some(), "n": 1, "list": [some(), True]}}
    elif d.hit(0.4):
        source["helm"] = {"values": "host: " + some() + "\nleft: '{{ .Values }}'\n"
                          if not go else "host: " + some() + "\n",
                          "parameters": [{"name": "a", "value": some()}]}
    elif d.hit(0.3):
        source["kustomize"] = {"namePrefix": some(), "commonLabels": {"a": some()}}
    return {"metadata": {"name": "x-" + some() + "-" + some()},
            "spec": {"project": "default", "source": source,
                     "destination": {"server": "https://kubernetes.default.svc",
                                     "namespace": d.choice(["d", some()])}}}


PATCHES = [
    "spec: {source: {helm: {releaseName: 'r-%s'}}}\n",
    "metadata: {name: 'patched-%s'}\nspec: {project: other}\n",
    "spec:\n  source:\n    kustomize: {namePrefix: '%s', patches: [{patch: x}]}\n",
    "spec: {source: {helm: null, path: '%s'}}\n",
    "spec: {source: {$patch: replace, path: '%s'}}\n",
    "spec: {destination: {namespace: '%s'}}\n",
    "not a map %s\n",
]


def application_set(d):
    go = d.hit(0.5)
    spec = {"goTemplate": go, "generators": []}
    keys = []
    for _ in range(d.choice([1, 1, 1, 2])):
        g, more = generator(d, go)
        if d.hit(0.15):
            inner = g[[k for k in g if k != "selector"][0]]
            inner["template"] = {"metadata": {"name": "own-" + words(d, go, more)},
                                 "spec": {"source": {"path": "own"}}}
        spec["generators"].append(g)
        keys = more if not keys else [k for k in keys if k in more] or keys
    if go and d.hit(0.4):
        spec["goTemplateOptions"] = ["missingkey=" + d.choice(["error", "zero", "default"])]
    spec["template"] = template(d, go, keys)
    if d.hit(0.25):
        spec["templatePatch"] = d.choice(PATCHES) % words(d, go, keys)
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet",
            "metadata": {"name": "set", "namespace": "argocd"}, "spec": spec}


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def write(seed, count, folder):
    for i in range(int(count)):
        d = Dice(int(seed) * 100003 + i)
        root = os.path.join(folder, "%04d" % i)
        for path, text in FILES.items():
            put(os.path.join(root, path), text)
        put(os.path.join(root, "argo/set.yaml"), json.dumps(application_set(d), indent=1))
        put(os.path.join(root, "clusters.json"), json.dumps(CLUSTERS))
        put(os.path.join(root, ".zoneloom.yaml"),
            json.dumps({"format": 1, "argocd-clusters": CLUSTERS}))
        subprocess.run(["git", "init", "-q", root], check=True)
        subprocess.run(["git", "-C", root, "add", "-A"], check=True)


def full(value, inside=False):
    """Without what Go leaves out because it is empty."""
    if isinstance(value, dict):
        return {k: full(v, inside or k == "valuesObject") for k, v in sorted(value.items())
                if inside or full(v) not in ("", None, [], {}, False)}
    if isinstance(value, list):
        return [full(v, inside) for v in value]
    return value


def answers(path):
    """The rows of each folder, or None: refused.  None of what Argo CD fails at."""
    found, now, why = {}, None, {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("= "):
                now = line[2:].strip()
                found[now] = []
            elif line.startswith("panicked: "):
                del found[now]
                now = None
            elif now is None:
                pass
            elif line.startswith("refused: "):
                found[now] = None
                why[now] = line.strip()
            elif found[now] is not None:
                row = full(json.loads(line))
                # What stays unfilled where it leads somewhere is refused here.
                if "{{" in json.dumps([row.get("name"), row.get("to"),
                                       row.get("source", {}).get("path")]):
                    found[now], why[now] = None, "refused: unfilled"
                else:
                    found[now].append(json.dumps(row, sort_keys=True))
    return {k: v if v is None else sorted(v) for k, v in found.items()}, why


def compare(judge, ours):
    (a, why_a), (b, why_b) = answers(judge), answers(ours)
    differ = [k for k in a if a[k] != b.get(k)]
    for k in differ[:int(os.environ.get("SHOW", "10"))]:
        print("differs:", k)
        print("  judge:", why_a.get(k) or "\n         ".join(a[k]))
        print("  ours: ", why_b.get(k) or "\n         ".join(b.get(k) or ["nothing"]))
    print("%d ApplicationSets, %d Applications, %d refused by both, %d differ" % (
        len(a), sum(len(v or []) for v in a.values()),
        sum(v is None for k, v in a.items() if k not in differ), len(differ)))
    return bool(differ) or not a


if sys.argv[1] == "write":
    write(*sys.argv[2:])
else:
    sys.exit(compare(*sys.argv[2:]))
