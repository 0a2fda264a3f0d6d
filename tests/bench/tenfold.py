#!/usr/bin/env python3
"""tenfold.py ZONELOOM TREE...: what repositories of ten times the size need.

Each TREE, a folder of manifests, is copied ten times into one repository, with
folders, paths and namespaces of its own for each copy, and committed; the
second commit changes a file of each copy.  A line for each command: files and
objects read, peak memory of the largest process, seconds, and the least
--memory, a power of two, with which it ends as it does with the default.
--memory bounds memory and all work that multiplies (base/work.def) alike.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

COPIES = 10
CONFIG = """format: 1
source: [ingress, service, gateway-httproute, crd, traefik-proxy]
helm-values: extract
unresolved: skip
conflict: merge
unmatched-hosts: warn
targets: {default: [198.51.100.7]}
vars: {SECRET_DOMAIN: example.org, CLUSTER_DOMAIN: example.org,
       SECRET_PUBLIC_DOMAIN: example.org}
zones:
  example.org:
    addresses: any
    outputs:
      - {format: terraform, zone-id: "${var.z}", file: dns/r.tf.json}
      - {format: bind, mode: include, file: dns/z.inc}
"""
ENV = dict(os.environ, LC_ALL="C", GIT_CONFIG_GLOBAL="/dev/null",
           GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="A", GIT_AUTHOR_EMAIL="a@b",
           GIT_COMMITTER_NAME="A", GIT_COMMITTER_EMAIL="a@b")
COMMANDS = (["list", "--rev", "HEAD"], ["list"], ["generate", "--stdout"],
            ["gate", "HEAD~1...HEAD"])


def text_of_copy(name, text):
    """References from the top, namespaces and names."""
    text = re.sub(rb'(path:\s*"?)\./', rb"\1./" + name + b"/", text)
    text = re.sub(rb"(namespace:\s*)([a-z])", rb"\1" + name + rb"-\2", text)
    return re.sub(rb"(?m)^(\s*(?:-\s+)?(?:-\s*host(?:name)?:|host(?:name)?:|-)"
                  rb"\s*[\"']?)([\w${}-]+(?:\.[\w${}-]+)*\.(?:com|net|org|io|dev|\$\{\w+\}))"
                  rb"([\"']?)$",
                  rb"\1\2." + name + rb".example.org\3", text)


def copy(tree, root, name):
    for folder, folders, names in os.walk(tree):
        folders[:] = [f for f in folders if f != ".git"]
        for n in names:
            path = os.path.join(folder, n)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            to = os.path.join(root, name, os.path.relpath(path, tree))
            os.makedirs(os.path.dirname(to), exist_ok=True)
            with open(path, "rb") as f:
                text = f.read()
            if n.endswith((".yaml", ".yml")):
                text = text_of_copy(name.encode(), text)
            with open(to, "wb") as f:
                f.write(text)


def git(root, *argv):
    subprocess.run(["git", *argv], cwd=root, env=ENV, check=True,
                   stdout=subprocess.DEVNULL)


def make(tree, root):
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    for i in range(COPIES):
        copy(tree, root, f"c{i}")
    with open(os.path.join(root, ".zoneloom.yaml"), "w",
              encoding="ascii") as f:
        f.write(CONFIG)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    for i in range(COPIES):
        with open(os.path.join(root, f"c{i}", "more.yaml"), "w",
                  encoding="ascii") as f:
            f.write("apiVersion: v1\nkind: ConfigMap\n"
                    f"metadata: {{name: more{i}}}\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "two")
    git(root, "gc", "-q")


def run(argv, root):
    """Exit status, seconds, peak MB, the last line of standard error."""
    with tempfile.TemporaryFile() as said:
        start = time.monotonic()
        child = subprocess.Popen(argv, cwd=root, env=ENV, stderr=said,
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return (child.returncode, time.monotonic() - start,
                used.ru_maxrss / 1024, said.read().decode(errors="replace"))


def least(argv, root, status):
    for size in (16, 32, 64, 128, 256, 512, 1024):
        got, _, _, said = run([*argv, f"--memory={size}M"], root)
        if got == status and "[memory]" not in said and "[work]" not in said:
            return f"{size}M"
    return "more"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    zoneloom = os.path.abspath(sys.argv[1])
    print("repository              files  command            exit  seconds"
          "  peak MB  --memory")
    with tempfile.TemporaryDirectory() as work:
        for tree in sys.argv[2:]:
            root = os.path.join(work, "repo")
            make(tree, root)
            files = sum(len(n) for _, _, n in os.walk(root + "/c0")) * COPIES
            for command in COMMANDS:
                argv = [zoneloom, *command, "--jobs=1"]
                status, seconds, peak, said = run(argv, root)
                print(f"{os.path.basename(tree.rstrip('/')):22} {files:6}  "
                      f"{' '.join(command):18} {status:4}  {seconds:7.2f}  "
                      f"{peak:7.0f}  {least(argv, root, status):>8}")
                for line in said.split("\n"):
                    if re.match(r"\d+ records? from", line):
                        print("  " + line)
                sys.stdout.flush()


if __name__ == "__main__":
    main()
