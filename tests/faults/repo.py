"""What the fault tests work on: a repository in the middle of a change, and
the question whether a state of it is one that may be."""
import hashlib
import os
import re
import shutil
import subprocess
import sys

CONFIG = """format: 1
targets: {default: [192.0.2.10]}
zones:
  example.org:
    addresses: any
    outputs:
      - {format: terraform, zone-id: "${var.zone_id}", file: dns/records.gen.tf.json}
      - {format: bind, mode: include, file: dns/%s}
"""
APP = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: %s, namespace: web}
spec: {rules: [{host: %s.example.org}]}
"""
KEPT = "dns/records.gen.tf.json"
OLD = "dns/old.inc"
NEW = "dns/new/place.inc"
OUTPUTS = (KEPT, OLD, NEW)

ENV = dict(os.environ, LC_ALL="C", TZ="UTC", NO_COLOR="1",
           GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1",
           GIT_AUTHOR_NAME="Ann", GIT_AUTHOR_EMAIL="ann@example.com",
           GIT_COMMITTER_NAME="Ann", GIT_COMMITTER_EMAIL="ann@example.com",
           SOURCE_DATE_EPOCH="1700000000")
for name in list(ENV):
    if name.startswith("ZONELOOM_") or name in (
            "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_AUTHOR_DATE",
            "GIT_COMMITTER_DATE"):
        del ENV[name]

COMMANDS = {
    "generate": ["generate"],
    "commit": ["commit"],
    "branch": ["commit", "--branch", "dns/review"],
    "hook": ["hook", "pre-commit"],
    "stage": ["hook", "pre-commit", "--stage"],
}


def run(argv, cwd, **more):
    """What takes longer than a minute hangs: exit status 124."""
    try:
        return subprocess.run(argv, cwd=cwd, env=dict(ENV, **more),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(argv, 124, b"", b"hangs")


def git(where, *argv):
    p = run(["git", *argv], where)
    return p.stdout.decode(errors="replace").rstrip("\n")


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as f:
        f.write(text)


def read(root, path):
    try:
        with open(os.path.join(root, path), "rb") as f:
            return f.read()
    except OSError:
        return None


def make(zoneloom, root):
    """One output to change, one to be removed, one that is new."""
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    git(root, "init", "-q", "-b", "main")
    write(root, ".zoneloom.yaml", CONFIG % "old.inc")
    for i in range(3):
        write(root, f"apps/a{i}.yaml", APP % (f"a{i}", f"a{i}"))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    p = run([zoneloom, "-q", "generate"], root)
    assert p.returncode == 0, p.stderr
    git(root, "add", "-A")
    git(root, "commit", "-qm", "outputs")
    write(root, ".zoneloom.yaml", CONFIG % "new/place.inc")
    write(root, "apps/blog.yaml", APP % ("blog", "blog"))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "change")
    return root


def copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)
    # Times are kept, i-nodes are not.
    git(target, "update-index", "-q", "--refresh")
    return target


def unlocked_copy(source, target):
    """Without the locks: git names them to the user, who removes them."""
    copy(source, target)
    for path in list(files(target)):
        if path.startswith(".git/") and path.endswith(".lock"):
            os.unlink(os.path.join(target, path))
    return target


LOCK = re.compile(r"\.lock$")
TEMP = re.compile(r"(^|/)\.zoneloom\.[0-9a-f]{8,10}(\.lock)?$")
JOURNAL = re.compile(r"(^|/)zoneloom\.[0-9a-f]{10}$")


def files(root):
    for folder, _, names in os.walk(root):
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def left(root):
    """Locks, temporary files and journals."""
    out = []
    for path in files(root):
        if TEMP.search(path):
            out.append("temp")
        elif JOURNAL.search(path):
            out.append("journal")
        elif path.startswith(".git/") and LOCK.search(path):
            out.append(path)
    return sorted(out)


def refs(root):
    """Each ref and the tree it names: ids of commits hold the time."""
    out = {}
    for line in git(root, "for-each-ref", "--format=%(refname)").split("\n"):
        if line:
            out[line] = git(root, "rev-parse", line + "^{tree}")
    return out


def index(root):
    out = {}
    for line in git(root, "ls-files", "-s", "--", *OUTPUTS).split("\n"):
        if line:
            fields, path = line.split("\t")
            out[path] = fields.split()[1]
    return out


def blob(data):
    if data is None:
        return None
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class State:
    def __init__(self, root):
        self.disk = {p: read(root, p) for p in OUTPUTS}
        self.refs = refs(root)
        self.index = index(root)
        self.left = left(root)

    def key(self):
        return (tuple(sorted((p, blob(d) or "") for p, d in self.disk.items())),
                tuple(sorted(self.refs.items())),
                tuple(sorted(self.index.items())), tuple(self.left))

    def same(self, other):
        return (self.disk == other.disk and self.refs == other.refs and
                self.index == other.index)


def lies(root):
    """Paths of which the index says that the disk has them, and it has not.
    The lock would keep git from refreshing, not from believing."""
    dirty = {line[3:] for line in git(root, "status", "--porcelain", "-uno",
                                      "--", *OUTPUTS).split("\n")
             if line and line[1] != " "}
    out = []
    for path, ident in index(root).items():
        if blob(read(root, path)) != ident and path not in dirty:
            out.append(path)
    return out


bad = 0


def complain(where, what):
    global bad
    bad += 1
    print(f"not ok {where}: {what}")
    sys.stdout.flush()


def print_of(root):
    """Whether anything was changed, by what stat(2) tells."""
    out = []
    for folder, _, names in os.walk(root):
        s = os.stat(folder)
        out.append((folder, s.st_mtime_ns))
        for name in names:
            s = os.lstat(os.path.join(folder, name))
            out.append((folder, name, s.st_mtime_ns, s.st_size, s.st_ino))
    return out
