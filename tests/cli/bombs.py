#!/usr/bin/env python3
"""bombs.py FOLDER SCALE [NAME...]: small inputs that ask for much.

Each is written into FOLDER, in FULL size or SMALL, and read with `list`; a line
for each says what it cost: NAME input-bytes exit-status peak-KiB seconds, and
the first line of standard error.  ZONELOOM names the program, FLAGS what it is
called with besides.
"""
import os
import resource
import shutil
import subprocess
import sys
import time

CONFIG = """format: 1
source: [ingress, service, gateway-httproute, crd]
helm-values: extract
targets: {default: [8.8.8.8]}
zones:
  example.org:
%s    outputs:
      - format: bind
        file: dns/z.zone
        soa: {mname: ns1.example.net, rname: h.example.org}
        ns: [ns1.example.net, ns2.example.net]
"""
FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: flux-system}
spec:
  path: %s
  sourceRef: {kind: GitRepository, name: flux-system}
"""
APPSET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: %s}
spec:
  generators:
  - %s
  template:
    metadata: {name: "x%s"}
    spec: {source: {path: "%s"}, destination: {namespace: x}}
"""
RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: %s, namespace: x}
spec:
  chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, name: h}}}
  values:
%s"""
ADD = "- {op: add, path: /metadata/labels, value: {a: b}}"


def ingress(name, host, more=""):
    return ("apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
            f"metadata: {{name: {name}, namespace: x{more}}}\n"
            f"spec:\n  rules: [{{host: {host}}}]\n")


def ingresses(n, name="a"):
    return "---\n".join(ingress(f"{name}{i}", f"{name}{i}.example.org")
                        for i in range(n))


class Tree:
    def __init__(self, folder):
        self.folder = folder
        self.rev = None
        shutil.rmtree(folder, ignore_errors=True)
        self.write(".zoneloom.yaml", CONFIG % "")

    def write(self, path, text):
        full = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)

    def config(self, zone="", more=""):
        self.write(".zoneloom.yaml", CONFIG % zone + more)

    def bytes(self):
        return sum(os.path.getsize(os.path.join(d, f))
                   for d, _, files in os.walk(self.folder) for f in files)


BOMBS = {}


def bomb(f):
    BOMBS[f.__name__] = f
    return f


# Each takes the tree and how much smaller than in full size it is: what
# multiplies is made smaller by the root of that.
@bomb
def documents(t, less):
    t.write("a.yaml", ingresses(99000 // less))
    t.write("b.yaml", ingresses(99000 // less, "b"))


@bomb
def kustomizations(t, less):
    """Kustomizations x objects."""
    for i in range(3000 // less):
        t.write(f"l/{i}/kustomization.yaml",
                f"resources: [../../base]\nnameSuffix: -{i}\n")
    t.write("base/kustomization.yaml", "resources: [i.yaml]\n")
    t.write("base/i.yaml", ingresses(300))


@bomb
def fan(t, less):
    """Each kustomization lists the next one twice."""
    for i in range(25):
        t.write(f"k{i}/kustomization.yaml",
                f"resources: [../k{i + 1}, ../k{i}/../k{i + 1}]\nnameSuffix: -x\n")
    t.write("k25/kustomization.yaml", "resources: [i.yaml]\n")
    t.write("k25/i.yaml", ingress("a", "a.example.org"))


@bomb
def units(t, less):
    """Flux Kustomizations x maps, x objects."""
    maps = 100
    refs = ",".join(f"{{kind: ConfigMap, name: c{j}}}" for j in range(maps))
    for i in range(6000 // less):
        t.write(f"c/k{i}.yaml", FLUX % (f"k{i}", f"./apps/{i % 100}") +
                f"  postBuild: {{substituteFrom: [{refs}]}}\n")
    t.write("c/cm.yaml", "---\n".join(
        "apiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: c{i}, namespace: flux-system}}\n"
        f"data: {{A{i}: x}}\n" for i in range(3000 // less)))
    for i in range(100):
        t.write(f"apps/{i}/i.yaml", "---\n".join(
            ingress(f"a{i}-{j}", f'"${{A1}}a{i}-{j}.example.org"')
            for j in range(100)))


@bomb
def helm(t, less):
    """Names in Helm values."""
    n = 20000 // less
    v = "    ingress:\n" + "".join(
        f"      i{i}: {{enabled: true, hosts: [{{host: h{i}.example.org}}]}}\n"
        for i in range(n))
    t.write("a.yaml", "---\n".join(RELEASE % (f"h{i}", v) for i in range(10)))


@bomb
def folders(t, less):
    """ApplicationSets x folders."""
    t.config(more="roots: [{argocd: argo}]\n")
    for i in range(3000 // less):
        t.write(f"apps/d{i}/i.yaml", ingress(f"a{i}", f"a{i}.example.org"))
    git = 'git: {directories: [{path: "*/*"}, {path: "**/**/*d*d*d*"}]}'
    t.write("argo/a.yaml", "---\n".join(
        APPSET % (f"a{i}", git, f"{i}{{{{path.basename}}}}", "{{path}}")
        for i in range(50)))


@bomb
def patches(t, less):
    """Patches x objects."""
    t.write("kustomization.yaml", "resources: [i.yaml]\npatches:\n" + "".join(
        '  - target: {kind: Ingress, name: ".*.*.*.*a.*b"}\n'
        f'    patch: "{ADD}"\n' for i in range(8000 // less)))
    t.write("i.yaml", "---\n".join(
        ingress(f"a{i}" + "a" * 50, f"a{i}.example.org") for i in range(5000)))


@bomb
def replacements(t, less):
    """Replacements x objects."""
    t.write("kustomization.yaml", "resources: [i.yaml]\nreplacements:\n" +
            "".join("  - source: {kind: Ingress, name: a1, "
                    "fieldPath: metadata.name}\n"
                    "    targets: [{select: {kind: Ingress}, "
                    "options: {create: true}, "
                    f"fieldPaths: [metadata.name]}}]\n"
                    for i in range(8000 // less)))
    t.write("i.yaml", ingresses(5000))


@bomb
def routes(t, less):
    """Routes x listeners."""
    t.write("g.yaml", "---\n".join(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        f"metadata: {{name: g{i}, namespace: x}}\n"
        "spec: {gatewayClassName: c, listeners: [%s]}\n" % ",".join(
            f'{{name: l{j}, port: 80, protocol: HTTP, '
            f'hostname: "*.l{j}.example.org"}}' for j in range(64))
        for i in range(32)))
    parents = ",".join(f"{{name: g{j}}}" for j in range(32))
    t.write("r.yaml", "---\n".join(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        f"metadata: {{name: r{i}, namespace: x}}\n"
        "spec: {parentRefs: [%s], hostnames: [%s]}\n" % (parents, ",".join(
            f"h{i}-{j}.l{j}.example.org" for j in range(16)))
        for i in range(2000 // less)))


@bomb
def claims(t, less):
    """Claims x names."""
    n = 20000 // less
    t.config(more="claims:\n" + "".join(
        f'  - {{names: ["*.c{i}.example.org"], paths: ["**/*a*a*a*b{i}/**"]}}\n'
        for i in range(n)))
    t.write("a.yaml", "---\n".join(
        ingress(f"a{i}", f"a.c{i}.example.org") for i in range(20000)))


@bomb
def delegations(t, less):
    """Delegations x names."""
    n = 20000 // less
    t.config(zone="    delegated: [%s]\n" % ",".join(
        f"d{i}.example.org" for i in range(n)))
    t.write("a.yaml", ingresses(20000))


@bomb
def substitution(t, less):
    """A value of 100 kB, 2,000 times in each of 300 names."""
    t.write("c/ks.yaml", FLUX % ("a", "./apps") +
            '  postBuild:\n    substitute: {A: "%s"}\n' % ("x" * 100000))
    t.write("apps/i.yaml", "---\n".join(
        ingress(f"a{i}", '"%s.example.org"' % ("${A}" * 2000))
        for i in range(300)))


@bomb
def matrix(t, less):
    """A matrix of two lists."""
    t.config(more="roots: [{argocd: argo}]\n")
    lists = ",".join("{list: {elements: [%s]}}" % ",".join(
        f'{{{k}: "{i}"}}' for i in range(3000)) for k in "nm")
    t.write("argo/a.yaml", APPSET % (
        "a", "matrix: {generators: [%s]}" % lists, "{{n}}-{{m}}", "apps"))
    t.write("apps/i.yaml", ingress("a", "a.example.org"))


def git(folder, *argv, text=b""):
    p = subprocess.run(["git", "-C", folder, *argv], input=text, check=True,
                       stdout=subprocess.PIPE)
    return p.stdout.decode().strip()


def tree_of(folder, entries):
    return git(folder, "mktree", text="".join(
        f"{mode} {kind} {oid}\t{name}\n"
        for mode, kind, oid, name in entries).encode())


def commit(folder, tree):
    git(folder, "update-ref", "refs/heads/main",
        git(folder, "commit-tree", tree, "-m", "bomb"))


@bomb
def trees(t, less):
    """Ten folders in each folder, ten deep: 10,000,000,000 paths."""
    git(t.folder, "init", "-q", "-b", "main")
    blob = git(t.folder, "hash-object", "-w", "--stdin",
               text=ingress("a", "a.example.org").encode())
    oid = tree_of(t.folder, [("100644", "blob", blob, "a.yaml")])
    for _ in range(10):
        oid = tree_of(t.folder, [("040000", "tree", oid, f"d{k}")
                                 for k in range(10)])
    commit(t.folder, oid)
    t.rev = "main"


@bomb
def blobs(t, less):
    """100,000 paths that are all one file."""
    git(t.folder, "init", "-q", "-b", "main")
    blob = git(t.folder, "hash-object", "-w", "--stdin",
               text=ingresses(20).encode())
    n = 316 if less == 1 else 70
    files = tree_of(t.folder, [("100644", "blob", blob, f"{i}.yaml")
                               for i in range(n)])
    commit(t.folder, tree_of(t.folder, [("040000", "tree", files, f"d{i}")
                                        for i in range(n)]))
    t.rev = "main"


def run(t):
    argv = [os.environ.get("ZONELOOM", "build/zoneloom"), "list", "-q",
            *(["-C", t.folder, "--rev", t.rev] if t.rev else
              ["--dir", t.folder]), *os.environ.get("FLAGS", "").split()]
    start = time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as p:
        err = p.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    return (p.returncode, usage.ru_maxrss, time.monotonic() - start,
            err.split("\n")[0][:200])


def main():
    folder, scale, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    # The children's peaks are in theirs, not in ours.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
    for name in names or BOMBS:
        t = Tree(folder)
        BOMBS[name](t, 1 if scale == "FULL" else 16)
        status, peak, seconds, first = run(t)
        print(f"{name} {t.bytes()} {status} {peak} {seconds:.1f} {first}",
              flush=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
