#!/usr/bin/env python3
"""gate-property.py ZONELOOM FIXTURE COMMITS SEED: gate says what generate does.

Two branches diverge by COMMITS random commits of manifests and configuration.
After each one, gate compares them, git merges them, and generate writes the
zones of main's tip and of the merge; ldns reads those.  Then

  - where git says that there is a conflict, gate does, and elsewhere only about
    renames;
  - gate refuses exactly what generate refuses, and both brakes name one number;
  - the zones of main, changed as gate's report says, are those of the merge.

Each key that a configuration can have, as the program's own schema lists them,
is changed at least once in a commit that both accept.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile

import yaml

zoneloom, fixture, commits, seed = sys.argv[1:5]
commits = int(commits)
rng = random.Random(int(seed))
base = yaml.safe_load(open(f"{fixture}/zoneloom.yaml"))
work = tempfile.mkdtemp(dir=os.environ["work"])

# What is not changed, and why.
FIXED = {
    "expect-repos": "lines of other repositories: records.sh",
    "records": "lines of other repositories: records.sh",
    "repo": "lines of other repositories: records.sh",
    "format": "it has one value",
    "render": "programs run where the clone allows them: render-command.sh",
}
OBJECT = "{{.Name}}-{{.Namespace}}"
LAN = base["publishers"][0]


def zones(**more):
    """The zones of the fixture; MORE of example.org."""
    out = json.loads(json.dumps(base["zones"]))
    for key, zone in out.items():
        name = key.partition("@")[0]
        zone["outputs"] = [
            {
                "format": "bind",
                "file": f"dns/{key.replace('@', '-')}.zone",
                "soa": {"mname": "ns1.example.edu", "rname": f"root@{name}"},
                "ns": ["ns1.example.edu", "ns2.example.edu"],
            },
            {
                "format": "terraform",
                "zone-id": "${var.z}",
                "file": f"tf/{key.replace('@', '-')}/r.tf.json",
            },
        ]
    out["example.org"].update(more)
    return out


def without(key):
    return {k: v for k, v in zones().items() if k != key}


def added(key, like):
    out = zones()
    out[key] = json.loads(json.dumps(out[like]).replace(like, key))
    return out


# Some values of each key; a value may need others beside it.
class With:
    def __init__(self, value, **others):
        self.value = value
        self.others = {k.replace("_", "-"): v for k, v in others.items()}


VALUES = {
    "always-publish-not-ready-addresses": [True],
    "annotation-filter": ["tier notin (back)", "tier=front"],
    "annotation-prefix": ["dns.example.org/"],
    "argocd-clusters": [[{"name": "prod", "server": "https://10.9.9.9"}]],
    "assume-accepted": [True],
    "baseline": ["baseline"],
    "claims": [[], base["claims"]],
    "claims-shared": [["**"], base["claims-shared"]],
    "cloudflare-proxied": [True],
    "cloudflare-record-comment": ["by git"],
    "combine-fqdn-annotation": [
        With(True, fqdn_template=[f"{OBJECT}-f.example.org"], claims=[])
    ],
    "commit": [{"branch": "dns/review"}],
    "compatibility": ["mate", "molecule"],
    "conflict": ["error"],
    "create-ptr": [
        With(True, managed_record_types=["A", "AAAA", "CNAME", "PTR"])
    ],
    "default-targets": [["198.51.100.77"], ["lb.example.edu"]],
    "domain-filter": [["example.org"], ["a.example.org", "example.net"]],
    "enable-legacy-annotation-prefix": [True],
    "exclude-domains": [["shop.a.example.org"], ["b.example.org"]],
    "exclude-record-types": [["AAAA"], ["CNAME"]],
    "exclude-target-net": [["198.51.100.8/32"], ["198.51.100.0/28"]],
    "exclude-unschedulable": [False],
    "expose-internal-ipv6": [True],
    "flux-path": [With(["clusters"], roots=[])],
    "force-default-targets": [With(True, default_targets=["198.51.100.78"])],
    "fqdn-target-template": [
        With([f"{OBJECT}-t.example.org:198.51.100.79"], claims=[])
    ],
    "fqdn-template": [With([f"{OBJECT}-n.example.org"], claims=[])],
    "gateway-label-filter": ["tier notin (x)"],
    "gateway-listener-sets": [True],
    "gateway-name": ["public"],
    "gateway-namespace": ["network"],
    "gloo-namespace": [["gloo-two"]],
    "helm-host-keys": [["host"]],
    "helm-values": ["extract"],
    "ignore-hostname-annotation": [
        With(
            True,
            fqdn_template=[f"{OBJECT}-h.example.org"],
            claims=[],
        )
    ],
    "ignore-ingress-rules-spec": [True],
    "ignore-ingress-tls-spec": [True],
    "ignore-keys": [["HelmRelease.spec.x"]],
    "ignore-non-host-network-pods": [True],
    "ingress-class": [["nginx"]],
    "label-filter": ["tier!=x", "tier notin (back)"],
    "managed-record-types": [["A"], ["A", "AAAA", "CNAME", "TXT"]],
    "migrate-from-txt-owner": ["older"],
    "min-ttl": ["120s", "10m"],
    "namespace": ["web", "lan"],
    "nat64-networks": [["2001:db8:64::/96"]],
    "on-error": ["zone", "keep"],
    "openshift-router-name": ["default"],
    "overrides": [
        [],
        [
            {
                "name": "plain.example.org",
                "type": "A",
                "targets": ["198.51.100.80"],
                "reason": "x",
            }
        ],
    ],
    "paths": [["plain/**", "infra/**"], ["**", "!teams/b/**"]],
    "pod-source-domain": ["pods.example.org"],
    "policy": ["upsert-only", "create-only"],
    "prefer-alias": [True],
    "provider": ["cloudflare"],
    "publish-host-ip": [True],
    "publish-internal-services": [True],
    "publishers": [
        [],
        [dict(LAN, targets={"default": ["10.0.0.77"]})],
        [LAN, {"name": "more", "zones": ["*.net"], "label-filter": "tier!=x"}],
    ],
    "regex-domain-exclusion": ["^n1.*"],
    "regex-domain-filter": ["example[.]org$"],
    "registry": ["noop"],
    "resolve-service-load-balancer-hostname": [True],
    "roots": [
        [],
        [{"kustomize": "plain"}],
        [{"argocd": "argo"}, {"kustomize": "plain"}],
    ],
    "safety": [
        {"max-deletes": "60%", "max-changes": "90%"},
        {"from-records": 50, "release": "trailer"},
    ],
    "service-type-filter": [["LoadBalancer"], ["ClusterIP", "NodePort"]],
    "source": [
        ["ingress"],
        ["ingress", "service", "crd", "gateway-httproute"],
        ["ingress", "service", "gateway-httproute", "pod", "node"],
    ],
    "target-net-filter": [["198.51.100.0/24", "10.0.0.0/8"]],
    "target-template": [
        With(
            ["198.51.100.81"],
            fqdn_template=[f"{OBJECT}-g.example.org"],
            claims=[],
        )
    ],
    "targets": [
        {"default": ["198.51.100.82"]},
        {"default": ["lb.example.edu"]},
        {
            "default": ["198.51.100.7"],
            "ingress-class": {"nginx": ["198.51.100.83"]},
            "namespace": {"extra": ["2001:db8::83"]},
        },
    ],
    "traefik-disable-new": [True],
    "traefik-enable-legacy": [True],
    "txt-overflow": ["error"],
    "txt-owner-id": ["other"],
    "txt-prefix": ["own-", "%{record_type}.own."],
    "txt-suffix": [With("-own", txt_prefix="")],
    "txt-wildcard-replacement": ["any"],
    "unmatched-hosts": ["skip", "error"],
    "unresolved": ["skip", "keep"],
    "unstructured-resource": [["apps.v1.example.org"]],
    "var": [["VAR_MORE=var-more"], ["VAR_TWO=var-deux"]],
    "vars": [{"VAR_MORE": "var-plus"}, {"VAR_TARGET": "198.51.100.84"}],
    "vars-file": [[], ["vars.yaml", "vars-two.yaml"]],
    "wildcards": ["allow", "error"],
    "zones": [
        zones(**{"default-ttl": 600}),
        zones(delegated=["sub.example.org"]),
        zones(static="infra/static-two.zone"),
        without("example.net"),
        without("example.org@lan"),
        added("example.com", "example.net"),
        zones(addresses="warn"),
        json.loads(json.dumps(zones()).replace("ns2.", "ns3.")),
    ],
}


class Bad(Exception):
    pass


def run(*argv, cwd=None, fine=(0,)):
    p = subprocess.run(argv, cwd=cwd, capture_output=True, text=True)
    if fine is not None and p.returncode not in fine:
        raise Bad(f"{argv}: exit {p.returncode}\n{p.stdout}{p.stderr}")
    return p


def git(where, *argv, fine=(0,)):
    return run("git", *argv, cwd=f"{work}/{where}", fine=fine)


# --- what is committed ---
class Side:
    """A branch, its work tree, and what its configuration says."""

    def __init__(self, branch, config):
        self.branch = branch
        self.config = config

    def path(self, name):
        return f"{work}/{self.branch}/{name}"

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)

    def write_config(self):
        """A comment before each key: two of them are never neighbours."""
        lines = []
        for key in ["format", *KEYS]:
            lines += ["", f"# {key}", ""]
            if key in self.config:
                lines.append(f"{key}: {json.dumps(self.config[key])}")
        self.write(".zoneloom.yaml", "\n".join(lines) + "\n")

    def read_config(self):
        with open(self.path(".zoneloom.yaml")) as f:
            self.config = yaml.safe_load(f)

    def commit(self, subject):
        git(self.branch, "add", "-A")
        git(self.branch, "commit", "-q", "--allow-empty", "-m", subject)

    def reset(self, to):
        git(self.branch, "reset", "-q", "--hard", to)
        git(self.branch, "clean", "-qfdx")
        self.read_config()


def config_edit(side, key):
    """Another value, or the one of the fixture."""
    now = side.config.get(key)
    choices = [v for v in VALUES[key] if getattr(v, "value", v) != now]
    if key in start and start[key] != now:
        choices.append(start[key])
    pick = rng.choice(choices) if choices else None
    if now is not None and key not in start and rng.random() < 0.7:
        pick = None
    if isinstance(pick, With):
        side.config.update(pick.others)
        pick = pick.value
    if pick is None:
        side.config.pop(key, None)
    else:
        side.config[key] = pick
    side.write_config()


ZONES = ["example.org"] * 4 + ["example.net", "example.com", "sub.example.org"]
TARGETS = ["198.51.100.8", "198.51.100.9", "lb.example.edu", "2001:db8::9"]
PREFIX = "external-dns.kubernetes.io/"


def host(name):
    """Nobody else's, and sometimes a wildcard or one that others have."""
    label = rng.choice(["", "", "two-", "*.", "shared."])
    name = "" if label == "shared." else name + "."
    return label + name + rng.choice(ZONES)


def manifest(name):
    notes = {}
    if rng.random() < 0.6:
        notes[PREFIX + "target"] = rng.choice(TARGETS)
    if rng.random() < 0.3:
        notes[PREFIX + "ttl"] = rng.choice(["60", "300", "600"])
    if rng.random() < 0.2:
        notes[PREFIX + "cloudflare-proxied"] = rng.choice(["true", "false"])
    if rng.random() < 0.2:
        notes["tier"] = rng.choice(["front", "back"])
    meta = {
        "name": name,
        "namespace": rng.choice(["web", "web", "lan", "extra"]),
        "labels": {"tier": rng.choice(["front", "back"])},
        "annotations": notes,
    }
    spec = {"rules": [{"host": host(name)}]}
    if rng.random() < 0.3:
        spec["rules"].append({"host": host(name)})
    if rng.random() < 0.3:
        spec["ingressClassName"] = "nginx"
    if rng.random() < 0.2:
        spec["tls"] = [{"hosts": [host(name)]}]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": meta,
        "spec": spec,
    }


def list_apps(side):
    apps = sorted(os.listdir(side.path("plain/apps")))
    listed = ["resources:"] + [f"  - {a}" for a in apps if a[:3] == "app"]
    side.write("plain/apps/kustomization.yaml", "\n".join(listed) + "\n")


def manifest_edit(side):
    """An app comes, changes or goes; or a file that decides others does."""
    kind = rng.choice(["app"] * 6 + list(LINES))
    if kind == "app":
        name = f"app{rng.randrange(14)}"
        file = f"plain/apps/{name}.yaml"
        if os.path.exists(side.path(file)) and rng.random() < 0.4:
            os.remove(side.path(file))
        else:
            side.write(file, json.dumps(manifest(name), indent=1) + "\n")
        list_apps(side)
        return name
    file, choices = LINES[kind]
    with open(side.path(file)) as f:
        text = f.read()
    for pattern, words in choices:
        word = rng.choice(words)
        text = re.sub(pattern, lambda m: m[1] + word, text, flags=re.M)
    side.write(file, text)
    return file


LINES = {
    "vars": ("vars.yaml", [(r"^(VAR_TWO: ).*", ["var-two", "var-zwei"])]),
    "static": (
        "infra/static.zone",
        [(r"^(static-two\S+ 300 IN A ).*", ["198.51.100.8", "198.51.100.85"])],
    ),
    "configmap": (
        "clusters/settings.yaml",
        [(r"(CM_TWO: ).*", ["cm-two", "cm-zwei"]),
         (r"(CM_TARGET: ).*", ["198.51.100.7", "198.51.100.86"])],
    ),
    "gateway": (
        "infra/gateway.yaml",
        [(r"(kubernetes.io/target: ).*", ["198.51.100.10", "198.51.100.87"])],
    ),
    "generator": ("argo/sites/two.yaml", [(r"(dir: ).*", ["two", "new"])]),
    "patch": (
        "plain/kustomization.yaml",
        [(r"(value: ){host.*", ["{host: patched.example.org}",
                                "{host: patched-too.example.org}"])],
    ),
    "route": (
        "teams/a/route.yaml",
        [(r"(hostnames: ).*", ["[route.a.example.org]",
                               "[route.a.example.org, r2.a.example.org]"])],
    ),
}

MORE = """
apiVersion: v1
kind: Service
metadata:
  name: headless
  namespace: web
  labels: {app: pods}
  annotations: {external-dns.kubernetes.io/hostname: headless.example.org}
spec: {clusterIP: None, selector: {app: pods}}
---
apiVersion: v1
kind: Service
metadata:
  name: inside
  namespace: web
  annotations: {external-dns.kubernetes.io/hostname: inside.example.org}
spec: {type: ClusterIP, clusterIP: 198.51.100.90}
---
apiVersion: v1
kind: Service
metadata:
  name: ports
  namespace: web
  annotations: {external-dns.kubernetes.io/hostname: ports.example.org}
spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: Node
metadata:
  name: node1
  annotations: {external-dns.kubernetes.io/hostname: node1.example.org}
spec: {unschedulable: true}
status:
  addresses:
    - {type: ExternalIP, address: 198.51.100.91}
    - {type: InternalIP, address: "2001:db8::91"}
---
apiVersion: v1
kind: Pod
metadata:
  name: pod1
  namespace: web
  labels: {app: pods}
  annotations: {external-dns.kubernetes.io/hostname: pod1.example.org}
spec: {hostname: pod1, nodeName: node1}
status: {podIP: 198.51.100.92, hostIP: 198.51.100.93}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: endpoint, namespace: web}
spec:
  endpoints:
    - {dnsName: endpoint.example.org, recordType: TXT, targets: ["a b"]}
    - dnsName: six.example.org
      recordType: AAAA
      targets: ["2001:db8:64::c633:6407"]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: classic
  namespace: web
  annotations:
    dns.example.org/target: 198.51.100.94
    external-dns.alpha.kubernetes.io/hostname: noted.example.org
    tier: front
spec:
  ingressClassName: nginx
  rules: [{host: classic.example.org}]
  tls: [{hosts: [secure.example.org]}]
"""


# --- the two judges ---
def generate(where):
    """(status, number that releases the brake); the zones are written."""
    write = (zoneloom, "-C", f"{work}/{where}", "generate", "-q")
    p = run(*write, fine=None)
    asked = " ".join(sorted(set(re.findall(r"--allow-\w+=\d+", p.stderr))))
    if p.returncode == 6:
        q = run(*write, *asked.split(), fine=None)
        # on-error: zone and keep write, and say the fault all the same.
        if q.returncode == 3:
            return 3, "", q.stderr
        if q.returncode != 0:
            raise Bad(f"generate {asked}: exit {q.returncode}\n{q.stderr}")
    elif p.returncode not in (0, 2, 3):
        raise Bad(f"generate: exit {p.returncode}\n{p.stderr}")
    return p.returncode, asked, p.stderr


def gate():
    p = run(
        zoneloom, "gate", "--allow-policy-change", "--report", "json",
        "main...change", cwd=f"{work}/main", fine=(0, 2, 3, 5, 6),
    )
    asked = " ".join(sorted(set(re.findall(r"--allow-\w+=\d+", p.stderr))))
    return p.returncode, asked, p


def ldns(text):
    """The records of a zone's text, without its SOA, one a line."""
    with open(f"{work}/zone", "w") as f:
        f.write(text)
    p = run("ldns-read-zone", "-n", f"{work}/zone")
    return sorted(l for l in p.stdout.splitlines() if l)


def zone_file(where, key):
    path = f"{work}/{where}/dns/{key.replace('@', '-')}.zone"
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return ldns(f.read())


def rdata(rrtype, value):
    """A TXT without quotes is one string, whatever it holds."""
    if rrtype == "TXT" and not value.startswith('"'):
        return f'"{value}"'
    return value


def lines(changes, what, ttl):
    text = "".join(
        f"{c['name']}. {c['ttl_' + what] or ttl} IN {c['type']} "
        f"{rdata(c['type'], value)}\n"
        for c in changes
        for value in c[what]
    )
    return ldns(text) if text else []


def ttl_of(config, key):
    return config["zones"].get(key, {}).get("default-ttl", 300)


def compare(report, before, after):
    """The zones of main, changed as gate says, are those of the merge."""
    keys = {*before["zones"], *after["zones"]}
    told = {z["zone"]: z["changes"] for z in report["zones"] if z["zone"]}
    changed = 0
    for key in sorted(keys | set(told)):
        changes = told.get(key, [])
        have, want = zone_file("main", key), zone_file("merge", key)
        gone = lines(changes, "before", ttl_of(before, key))
        come = lines(changes, "after", ttl_of(after, key))
        left = list(have)
        for l in gone:
            if l not in left:
                raise Bad(f"{key}: only gate takes away: {l}")
            left.remove(l)
        told_all = sorted(left + come)
        if told_all != want:
            more = [f"  only generate: {l}" for l in want if l not in told_all]
            less = [f"  only gate: {l}" for l in told_all if l not in want]
            raise Bad("\n".join([f"{key}:", *more, *less]))
        changed += have != want
    return changed


counts = dict.fromkeys(
    [
        "commits",
        "compared",
        "changing zones",
        "conflicts",
        "conflicts of gate alone",
        "refused",
        "stopped by the brake",
        "pull requests",
        "records changed",
    ],
    0,
)
start = dict(base, zones=zones(), conflict="merge")
schema = json.loads(run(zoneloom, "help", "--schema").stdout)
KEYS = sorted(k for k in schema["properties"] if k not in FIXED)
seen = {k: 0 for k in KEYS}


def set_up():
    main = Side("main", dict(start))
    run("cp", "-r", fixture, f"{work}/main")
    os.remove(main.path("zoneloom.yaml"))
    os.makedirs(main.path("plain/apps"))
    list_apps(main)
    main.write("plain/more.yaml", MORE.lstrip())
    main.write(
        "infra/static-two.zone", "static.example.org. 60 IN A 198.51.100.88\n"
    )
    main.write("vars-two.yaml", "VAR_MORE: var-three\n")
    with open(main.path("plain/kustomization.yaml")) as f:
        text = f.read().replace("resources: [", "resources: [apps, more.yaml, ")
    main.write("plain/kustomization.yaml", text)
    main.write_config()
    git("main", "init", "-q", "-b", "main")
    main.commit("base")
    publish(main)
    git("main", "branch", "change")
    git("main", "worktree", "add", "-q", "../change", "change")
    git("main", "worktree", "add", "-q", "--detach", "../merge", "main")
    return main, Side("change", dict(start))


def publish(main):
    """The job on main: its outputs, committed."""
    status, _, said = generate("main")
    if status in (0, 6):
        main.commit("outputs")
        return True
    main.said = said
    return False


def merge():
    git("merge", "reset", "-q", "--hard")
    git("merge", "clean", "-qfdx")
    git("merge", "checkout", "-q", "--detach", "main")
    p = git("merge", "merge", "-q", "--no-edit", "change", fine=(0, 1))
    if p.returncode:
        git("merge", "merge", "--abort")
    return p.returncode == 0


def agree(what, a, b):
    if a != b:
        raise Bad(f"{what}: gate {a!r}, generate {b!r}")


def judge(main):
    """Is the state of both branches one that both judges accept?"""
    status, asked, p = gate()
    if not merge():
        agree("a merge conflict", status, 5)
        counts["conflicts"] += 1
        return False
    if status == 5:
        # Renames are a matter of taste; then the author merges, as gate says.
        counts["conflicts of gate alone"] += 1
        git("change", "merge", "-q", "--no-edit", "main")
        status, asked, p = gate()
    wrote, number, said = generate("merge")
    if wrote in (2, 3):
        if status not in (2, 3):
            raise Bad(f"gate exits {status}, generate {wrote}\n{said}")
        counts["refused"] += 1
        return False
    if (status, asked) != (wrote, number):
        raise Bad(
            f"gate exits {status} {asked}, generate {wrote} {number}\n"
            f"{p.stderr}{said}"
        )
    counts["stopped by the brake"] += status == 6
    merged = Side("merge", {})
    merged.read_config()
    report = json.loads(p.stdout)
    for z in report["drift"]:
        if z["changes"]:
            raise Bad(f"drift, and main was just generated: {z}")
    counts["changing zones"] += compare(report, main.config, merged.config) > 0
    counts["records changed"] += sum(len(z["changes"]) for z in report["zones"])
    counts["compared"] += 1
    return True


def take(main, change):
    """The pull request is merged; another one begins."""
    git("main", "merge", "-q", "--no-edit", "change")
    main.read_config()
    if not publish(main):
        raise Bad(f"the merge was fine, main is not: {main.said}")
    main.config = dict(start)
    main.write_config()
    main.commit("as it was")
    if not publish(main):
        # It needs what the configuration was changed to.
        for app in os.listdir(main.path("plain/apps")):
            os.remove(main.path(f"plain/apps/{app}"))
        list_apps(main)
        main.commit("without its apps")
        if not publish(main):
            raise Bad(f"main is not fine as it was: {main.said}")
    change.reset("main")
    counts["pull requests"] += 1


def edit(side, pending, each):
    """Commit something; the keys that it changed."""
    what = [manifest_edit(side) for _ in range(rng.choice([0, 1, 1, 2]))]
    keys = []
    if not what or rng.random() < 0.5 or each > 1:
        keys = [pending.pop() for _ in range(min(each, len(pending)))]
    for key in keys:
        config_edit(side, key)
    side.commit(", ".join(what + keys))
    return keys


def head(side):
    return git(side.branch, "rev-parse", "HEAD").stdout.strip()


def step(main, change, pending, each):
    side = rng.choice([main, change])
    before = {s: head(s) for s in (main, change)}
    keys = edit(side, pending, each)
    accepted = side is change or publish(main)
    if not accepted:
        counts["refused"] += 1
    if accepted:
        accepted = judge(main)
    if accepted:
        for key in keys:
            seen[key] += 1
        return
    # One key at a time where several were refused together.
    for s in (main, change):
        s.reset(before[s])
    pending.extend(keys)
    rng.shuffle(pending)


def round_of_keys():
    keys = list(KEYS)
    rng.shuffle(keys)
    return keys


def main():
    missing = sorted(set(KEYS) ^ set(VALUES))
    if missing:
        raise Bad(f"no values, or no such key: {', '.join(missing)}")
    mainline, change = set_up()
    pending = round_of_keys()
    each = max(1, -(-2 * len(KEYS) // commits))
    while counts["compared"] < commits:
        counts["commits"] += 1
        if counts["commits"] > 4 * commits:
            raise Bad("most commits are refused")
        try:
            step(mainline, change, pending, each)
        except Bad as e:
            raise Bad(f"commit {counts['commits']} of seed {seed}: {e}")
        if len(pending) < each:
            pending += round_of_keys()
        if counts["commits"] % 7 == 0:
            take(mainline, change)
    return [k for k in KEYS if seen[k] == 0]


try:
    left = main()
except Bad as e:
    print(f"not ok gate's difference is that of generate: {e}")
    sys.exit(1)
finally:
    print("# " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    print(f"# {sum(v > 0 for v in seen.values())} of {len(KEYS)} keys changed, "
          f"{sum(seen.values())} times")
print("ok gate's difference is that of generate")
if left:
    print(f"not ok each key is changed: {', '.join(left)}")
    sys.exit(1)
print("ok each key is changed")
