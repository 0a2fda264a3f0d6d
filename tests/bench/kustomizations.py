#!/usr/bin/env python3
"""kustomizations.py [--quick] PROGRAM: how long 1,000 Flux Kustomizations take.

Makes a folder of them, each with a kustomization, a patch, variables from a
ConfigMap, an Ingress of two hosts and a Deployment of no interest, and lists
its records.  Wanted: under 2 s and 200 MB on two cores, without child programs;
exit 1 if that is missed.  --quick prints "ok NAME" and judges no time.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

HEAD = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
SOURCE = "  sourceRef: {kind: GitRepository, name: flux-system}\n"


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as f:
        f.write(text)


def unit(root, name):
    write(root, f"cluster/{name}.yaml",
          HEAD + f"metadata: {{name: {name}, namespace: flux-system}}\n"
          f"spec:\n  path: ./apps/{name}/app\n  targetNamespace: {name}\n"
          + SOURCE + "  postBuild:\n    substituteFrom:\n"
          "    - {kind: ConfigMap, name: settings}\n"
          f"    substitute: {{APP: {name}}}\n")
    write(root, f"apps/{name}/app/kustomization.yaml",
          "resources: [web.yaml, deploy.yaml]\npatches:\n"
          "- target: {kind: Ingress}\n  patch: |\n"
          "    - op: add\n      path: /metadata/labels\n"
          "      value: {team: a}\n")
    write(root, f"apps/{name}/app/web.yaml",
          "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
          "metadata: {name: web}\nspec:\n  rules:\n"
          "  - host: ${APP}.${DOMAIN}\n  - host: www.${APP}.${DOMAIN}\n")
    write(root, f"apps/{name}/app/deploy.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
          "spec:\n  template:\n    spec:\n      containers:\n" + "".join(
              f"      - name: c{i}\n        image: example/c{i}:1\n"
              "        env: [{name: A, value: b}]\n" for i in range(8)))


def make(root, n):
    write(root, "config/settings.yaml",
          "apiVersion: v1\nkind: ConfigMap\n"
          "metadata: {name: settings, namespace: flux-system}\n"
          "data: {DOMAIN: example.com}\n")
    write(root, "cluster/config.yaml",
          HEAD + "metadata: {name: config, namespace: flux-system}\n"
          "spec:\n  path: ./config\n" + SOURCE)
    for i in range(n):
        unit(root, f"app{i}")


def main():
    quick, program, n = sys.argv[1] == "--quick", sys.argv[-1], 1000
    with tempfile.TemporaryDirectory() as root:
        make(root, n)
        took = []
        for _ in range(5):
            start = time.monotonic()
            out = subprocess.run(
                [program, "list", "-o", "jsonl", "--dir", root,
                 "--registry=noop", "--default-targets=203.0.113.10"],
                check=True, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL).stdout
            took.append(time.monotonic() - start)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    records = out.count(b"\n") - 1  # the last line is the trailer
    if records != 2 * n:
        sys.exit(f"kustomizations: {records} records, expected {2 * n}")
    median = sorted(took)[2]
    print(f"{n} kustomizations: {records} records, median "
          f"{median:.2f} s, peak {peak} MB (wanted: 2 s, 200 MB)")
    if quick:
        print("ok bench: kustomizations")
    elif median > 2 or peak > 200:
        sys.exit(1)


main()
