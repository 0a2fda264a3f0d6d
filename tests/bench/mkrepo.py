#!/usr/bin/env python3
"""mkrepo.py FOLDER FILES: a bare git repository like those of platform teams.

The same arguments give the same commit.  Of its files 5 % hold an Ingress or
an HTTPRoute; the others are what such repositories are full of, CRDs of some
hundred kilobytes among them: 0.4 % of the files, half of the bytes.  Forty
commits edit what is there, and `git gc` packs all, so that most blobs are
deltas.
"""
import os
import random
import subprocess
import sys

TEAMS = "billing checkout data edge growth identity ledger media platform " \
        "search shipping support".split()
PARTS = "api web worker cron gateway admin cache sync mail report".split()
CLUSTERS = "prod-eu prod-us staging dev".split()
ZONES = "example.com example.net shop.example.org".split()
WORDS = "the of an is route listener value object field that must when set " \
        "default name Ingress Gateway Service status list optional host " \
        "string update backend".split()


def ingress(r, app, ns):
    hosts = [f"{app}.{ns}.{r.choice(ZONES)}" for _ in range(r.choice((1, 1, 2)))]
    text = ("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n"
            f"  name: {app}\n  namespace: {ns}\n  annotations:\n"
            "    external-dns.alpha.kubernetes.io/target: "
            f"203.0.113.{r.randrange(1, 250)}\nspec:\n"
            "  ingressClassName: nginx\n  rules:\n")
    for n, host in enumerate(hosts):
        text += (f"  - host: {'' if n == 0 else f'v{n}.'}{host}\n    http:\n"
                 "      paths:\n      - path: /\n        pathType: Prefix\n"
                 "        backend:\n          service:\n"
                 f"            name: {app}\n            port:\n"
                 "              number: 80\n")
    return text


def httproute(r, app, ns):
    return ("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
            f"metadata: {{name: {app}, namespace: {ns}}}\nspec:\n"
            "  parentRefs:\n  - name: public\n    namespace: network\n"
            f"  hostnames: [\"{app}.{ns}.{r.choice(ZONES)}\"]\n  rules:\n"
            f"  - backendRefs:\n    - {{name: {app}, port: 80}}\n")


def deployment(r, app, ns):
    env = "".join(f"        - name: SETTING_{i}\n          value: "
                  f"\"{r.randrange(10 ** 9)}\"\n" for i in range(r.randrange(12)))
    return ("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n"
            f"  name: {app}\n  namespace: {ns}\n  labels:\n    app: {app}\n"
            f"spec:\n  replicas: {r.randrange(1, 6)}\n  selector:\n"
            f"    matchLabels:\n      app: {app}\n  template:\n    metadata:\n"
            f"      labels:\n        app: {app}\n    spec:\n      containers:\n"
            f"      - name: {app}\n        image: registry.example.com/{ns}/"
            f"{app}:1.{r.randrange(99)}.{r.randrange(99)}\n        env:\n{env}"
            "        ports:\n        - containerPort: 8080\n")


def configmap(r, app, ns):
    lines = min(int(r.lognormvariate(2.5, 1.2)), 3000)
    body = "".join(f"    {r.choice(WORDS)}_{i} = \"{r.random():.12f}\" \\\n"
                   for i in range(lines))
    return ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
            f"  name: {app}-settings\n  namespace: {ns}\ndata:\n"
            f"  settings.ini: |\n{body}    end = 1\n")


def kustomization(r, app, ns):
    return ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            f"namespace: {ns}\nresources:\n- deployment.yaml\n- service.yaml\n"
            f"images:\n- name: {app}\n  newTag: \"{r.randrange(10 ** 6)}\"\n")


def service(r, app, ns):
    return ("apiVersion: v1\nkind: Service\nmetadata:\n"
            f"  name: {app}\n  namespace: {ns}\nspec:\n  selector:\n"
            f"    app: {app}\n  ports:\n  - port: 80\n    targetPort: 8080\n")


def policy(r, app, ns):
    return ("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n"
            f"  name: {app}\n  namespace: {ns}\nspec:\n  podSelector:\n"
            f"    matchLabels: {{app: {app}}}\n  policyTypes:\n  - Ingress\n"
            "  - Egress\n")


def release(r, app, ns):
    return ("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
            f"metadata:\n  name: {app}\n  namespace: {ns}\nspec:\n"
            f"  interval: {r.randrange(5, 60)}m\n  chart:\n    spec:\n"
            f"      chart: {app}\n      version: 2.{r.randrange(40)}.0\n"
            "  values:\n    ingress:\n      enabled: false\n")


def rbac(r, app, ns):
    return ("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n"
            f"  name: {app}\n  namespace: {ns}\n---\n"
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n"
            f"  name: {app}\n  namespace: {ns}\nrules:\n- apiGroups: [\"\"]\n"
            "  resources: [configmaps, secrets]\n  verbs: [get, list]\n")


def bundle(r, app, ns):
    made = [kind(r, app, ns) for kind in r.sample(PLAIN, r.randrange(2, 5))]
    return "---\n".join(made)


def crd(n):
    r = random.Random(n)
    text = ("apiVersion: apiextensions.k8s.io/v1\n"
            "kind: CustomResourceDefinition\nmetadata:\n"
            f"  name: things{n}.example.com\nspec:\n  versions:\n  - name: v1\n"
            "    schema:\n      openAPIV3Schema:\n        properties:\n")
    size = r.randrange(60_000, 380_000)
    while len(text) < size:
        pad = " " * r.randrange(10, 24, 2)
        text += (f"{pad}field{r.randrange(10 ** 6)}:\n{pad}  description: "
                 f"{' '.join(r.choices(WORDS, k=24))}\n{pad}  type: string\n")
    return text


def dashboard(r, app, ns):
    panels = ",".join(
        f'{{"title":"{app} {i}","targets":[{{"expr":"rate({ns}_{i}[5m])",'
        f'"legendFormat":"{{{{pod}}}}"}}]}}' for i in range(r.randrange(3, 40)))
    return f'{{"title":"{app}","panels":[{panels}]}}\n'


PLAIN = [deployment, configmap, service, rbac, policy]
# Shares in thousandths.
MIX = [(25, ingress, "ingress.yaml"), (25, httproute, "route.yaml"),
       (250, deployment, "deployment.yaml"), (150, configmap, "config.yaml"),
       (150, kustomization, "kustomization.yaml"),
       (120, service, "service.yaml"), (60, policy, "policy.yaml"),
       (60, release, "release.yaml"), (60, rbac, "rbac.yaml"),
       (60, bundle, "all.yaml"), (10, dashboard, "dashboard.json"),
       (4, None, "crd.yaml"), (26, None, "README.md")]


def content(r, kind, name, i, app, ns):
    if name == "README.md":
        return f"# {app}\n\n{' '.join(r.choices(WORDS, k=60))}\n"
    if name == "crd.yaml":
        return crd(i % 24)
    text = kind(r, app, ns)
    if kind in (ingress, httproute) and r.random() < 0.2:
        text = f"{service(r, app, ns)}---\n{text}"
    return text


def files(count):
    r = random.Random(1)
    rows = [row for row in MIX for _ in range(row[0])]
    for i in range(count):
        _, kind, name = r.choice(rows)
        ns, part = r.choice(TEAMS), r.choice(PARTS)
        app = f"{part}-{i}"
        path = f"clusters/{r.choice(CLUSTERS)}/{ns}/{part}/{i}-{name}"
        yield path, (lambda k=kind, n=name, i=i, a=app, s=ns:
                     content(random.Random(i), k, n, i, a, s))


def commit(out, number, changes):
    out.write(b"commit refs/heads/main\n"
              b"committer Bench <bench@example.com> %d +0000\n"
              % (1700000000 + number))
    out.write(b"data 6\ncommit\n")
    for path, text in changes:
        raw = text.encode()
        out.write(b"M 100644 inline %s\ndata %d\n" % (path.encode(), len(raw)))
        out.write(raw + b"\n")


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    os.environ.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder],
                   check=True)
    every = [(path, make()) for path, make in files(count)]
    git = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"],
                           stdin=subprocess.PIPE)
    commit(git.stdin, 0, every)
    r = random.Random(2)
    for number in range(1, 40):
        edits = [every[r.randrange(count)] for _ in range(count // 100)]
        commit(git.stdin, number,
               [(path, text + f"# edit {number}\n") for path, text in edits
                if not path.endswith(".json")])
    git.stdin.close()
    if git.wait() != 0:
        sys.exit("mkrepo: git fast-import failed")
    subprocess.run(["git", "-C", folder, "gc", "-q", "--prune=now"], check=True)


main()
