#!/usr/bin/env python3
"""whole.py KIND SECONDS [SEED]: the whole program on mutated repositories.

Kinds: manifests, config, outputs (those of an earlier run), git (objects,
index, packs, refs).  The repositories are the examples and the golden cases.
ZONELOOM names the program, built with sanitizers.  What ends by a signal, with
a report of a sanitizer, after more than a minute or with an exit status that is
not in the manual is kept in build/whole/, with the command and what it said.
"""
import collections
import glob
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
ZONELOOM = os.path.abspath(os.environ.get(
    "ZONELOOM", os.path.join(TOP, "build/address-undefined/zoneloom")))
KEPT = os.path.join(TOP, "build/whole")
STATUSES = range(0, 7)
SECONDS = 60

ENV = dict(os.environ, LC_ALL="C", TZ="UTC", NO_COLOR="1",
           GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1",
           GIT_AUTHOR_NAME="Ann", GIT_AUTHOR_EMAIL="ann@example.com",
           GIT_COMMITTER_NAME="Ann", GIT_COMMITTER_EMAIL="ann@example.com",
           SOURCE_DATE_EPOCH="1700000000",
           ASAN_OPTIONS="detect_leaks=1:exitcode=99",
           UBSAN_OPTIONS="print_stacktrace=1:exitcode=99")

CONFIG = """format: 1
source: [ingress, service, gateway-httproute, crd, istio-virtualservice,
         traefik-proxy, contour-httpproxy, openshift-route]
helm-values: extract
unresolved: keep
on-error: keep
policy: upsert-only
targets: {default: [192.0.2.10]}
unmatched-hosts: warn
zones:
  example.org:
    addresses: any
    outputs:
      - {format: terraform, zone-id: "${var.z}", file: dns/r.tf.json}
      - {format: bind, file: dns/z.zone,
         soa: {mname: ns1.example.net, rname: h.example.org},
         ns: [ns1.example.net, ns2.example.net]}
      - {format: dnsendpoint, file: dns/e.yaml}
  example.com:
    addresses: any
    outputs: [{format: bind, mode: include, file: dns/c.inc}]
"""
MORE = ("roots: [{flux: .}]\n", "roots: [{argocd: .}]\n",
        "roots: [{kustomize: .}]\n", "vars: {A: x, DOMAIN: example.org}\n",
        'claims: [{names: ["*.example.org"], paths: ["**"]}]\n',
        "safety: {max-deletes: 1%}\n", "conflict: merge\n")
WORDS = ["${A}", "${A:=x}", "${A:-${B}}", "{{ .Values.a }}", "*", "&a", "*a",
         "<<: *a", "- ", "null", "~", '""', "example.org", "a.example.org",
         "../", "..", "/", "\0", "\t", "\xff", "%", "${", "}}", "[", "]", "{",
         "}", "|", ">", "---\n", "!!binary ", "!!set ", "0x1", "1e999", "-1",
         "9999999999999999999", ".inf", "metadata:", "spec:",
         "kind: Kustomization", "patches:", "resources: [.]", "path: ./",
         "host: a.example.org", "\\\"", "\\000", "$TTL 1\n", "$ORIGIN .\n",
         "; BEGIN zoneloom", "(", ")", "@", "IN SOA", "\r\n", "\u2028"]


class Mutator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def word(self):
        return self.r.choice(WORDS).encode("latin1", "replace")

    def lines(self, b):
        lines = b.split(b"\n")
        i = self.r.randrange(len(lines))
        j = self.r.randrange(len(lines))
        how = self.r.randrange(5)
        if how == 0:
            lines[i], lines[j] = lines[j], lines[i]
        elif how == 1:
            lines.insert(i, lines[j])
        elif how == 2:
            lines[i] = b"  " + lines[i]
        elif how == 3:
            lines[i] = lines[i].lstrip()
        else:
            key, colon, _ = lines[i].partition(b":")
            lines[i] = key + colon + b" " + self.word()
        return b"\n".join(lines)

    def bytes(self, b):
        i = self.r.randrange(len(b))
        how = self.r.randrange(5)
        if how == 0:
            return b[:i] + bytes([self.r.randrange(256)]) + b[i + 1:]
        if how == 1:
            return b[:i] + b[i + self.r.randint(1, 20):]
        if how == 2:
            return b[:i] + self.word() + b[i:]
        if how == 3:
            j = self.r.randrange(len(b))
            return b[:i] + b[j:j + self.r.randint(1, 200)] + b[i:]
        return b[:i]

    def __call__(self, b):
        for _ in range(1 if self.r.random() < .6 else self.r.randint(2, 6)):
            if not b:
                return self.word()
            b = self.lines(b) if self.r.random() < .5 else self.bytes(b)
        return b


def run(argv, where, **more):
    return subprocess.run(argv, cwd=where, env=ENV, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **more)


def files(root):
    out = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f != ".git")
        out += [os.path.join(folder, n) for n in sorted(names)]
    return [f for f in out if os.path.isfile(f) and not os.path.islink(f)]


def rewrite(path, change):
    with open(path, "rb") as f:
        text = change(f.read())
    os.chmod(path, 0o644)
    with open(path, "wb") as f:
        f.write(text)


# libgit2 1.5.1 does not free a commit that it cannot parse.
LEAKS = {"git": "detect_leaks=0:allocator_may_return_null=1:exitcode=99"}


class Whole:
    def __init__(self, kind, seconds, seed, root):
        self.kind, self.root, self.seed = kind, root, seed
        ENV["ASAN_OPTIONS"] = LEAKS.get(kind, ENV["ASAN_OPTIONS"])
        self.end = time.monotonic() + seconds
        self.m = Mutator(seed)
        self.r = self.m.r
        self.seeds = sorted(glob.glob(TOP + "/examples/manifests/*/")) + \
            sorted(glob.glob(TOP + "/tests/golden/*/manifests/"))
        self.runs, self.found = 0, 0
        self.statuses = collections.Counter()

    def lay(self):
        """One repository; its own configuration, or one that has it all."""
        shutil.rmtree(self.root, ignore_errors=True)
        source = self.r.choice(self.seeds)
        shutil.copytree(source, self.root, symlinks=True)
        own = os.path.join(os.path.dirname(source.rstrip("/")),
                           "config/zoneloom.yaml")
        path = os.path.join(self.root, ".zoneloom.yaml")
        if os.path.exists(own):
            shutil.copy(own, path)
        if not os.path.exists(path) or self.r.random() < .5:
            text = CONFIG
            if self.r.random() < .4:
                text += self.r.choice(MORE)
            with open(path, "w", encoding="ascii") as f:
                f.write(text)

    def mutate_some(self, paths, share):
        paths = [p for p in paths if os.path.isfile(p)]
        for p in paths:
            if self.r.random() < share:
                rewrite(p, self.m)
        if paths:
            rewrite(self.r.choice(paths), self.m)

    def git(self, *argv):
        return run(["git", *argv], self.root).stdout

    def commit(self):
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-qm", "one", "--allow-empty")
        run([ZONELOOM, "-q", "generate"], self.root)
        self.git("add", "-A")
        self.git("commit", "-qm", "two", "--allow-empty")

    # What each kind does to the repository, and what is asked of it then.
    def manifests(self):
        self.mutate_some([f for f in files(self.root)
                          if not f.endswith("/.zoneloom.yaml")], .4)
        return [["generate", "--dir", ".", "--stdout"],
                ["list", "--dir", ".", "-o", self.r.choice(
                    ["jsonl", "yaml", "wide", "csv", "bind", "dnsendpoint",
                     "terraform"])],
                ["explain", "--skipped", "--dir", "."],
                ["list", "--dir", ".", "--compat=external-dns", "-o",
                 "jsonl"]]

    def config(self):
        self.mutate_some([os.path.join(self.root, ".zoneloom.yaml")], 1)
        return [["generate", "--dir", ".", "--stdout"],
                ["list", "--dir", "."], ["check", "--dir", "."],
                ["diff", "--dir", ".", "--report", "markdown"]]

    def outputs(self):
        run([ZONELOOM, "-q", "generate", "--dir", "."], self.root)
        self.mutate_some(glob.glob(self.root + "/dns/**/*.*", recursive=True),
                         .5)
        return [["check", "--dir", "."], ["diff", "--dir", "."],
                ["generate", "--dir", "."],
                ["diff", "--dir", ".", "--report", "json"]]

    def loose(self):
        """An object with other bytes under its name: it is cut off, its length
        is not what its header says, or it is another one."""
        objects = glob.glob(self.root + "/.git/objects/??/*")

        def change(packed):
            try:
                head, _, body = zlib.decompress(packed).partition(b"\0")
            except zlib.error:
                return packed
            if self.r.random() < .2:
                return self.m(packed)
            length = len(body)
            if self.r.random() < .7:
                body = self.m(body)
            if self.r.random() < .5:
                length = len(body)
            elif self.r.random() < .5:
                length = self.r.choice((0, 1, 63, 64, 1 << 31, 1 << 63, -1))
            kind = head.split(b" ")[0]
            if self.r.random() < .2:
                kind = self.r.choice((b"blob", b"tree", b"commit", b"tag",
                                      self.m.word().replace(b"\0", b"")))
            packed = zlib.compress(b"%s %d\0%s" % (kind, length, body))
            return packed[:self.r.randrange(len(packed))] \
                if self.r.random() < .2 else packed
        for _ in range(self.r.randint(1, 4)):
            if objects:
                rewrite(self.r.choice(objects), change)

    def beside(self, patterns):
        return [p for pattern in patterns.split()
                for p in glob.glob(self.root + "/.git/" + pattern)
                if os.path.isfile(p)]

    def plain(self):
        """Bytes of what git keeps beside its objects."""
        found = self.beside("index HEAD packed-refs config refs/heads/* "
                            "objects/pack/* objects/info/* logs/HEAD "
                            "info/* shallow")
        for _ in range(self.r.randint(1, 2)):
            rewrite(self.r.choice(found), self.m)

    def packs(self):
        """Bytes of packs and their indexes, with checksums that are right or
        not."""
        found = self.beside("objects/pack/*")

        def change(old):
            new = self.m(old)
            if self.r.random() < .5:
                new = new[:-20] + hashlib.sha1(new[:-20]).digest()
            return new

        def header(old):
            """One object: its type and length, or what follows."""
            at = self.r.choice(offsets) + self.r.randrange(3)
            more = bytes(self.r.randrange(256)
                         for _ in range(self.r.randint(1, 8)))
            return old[:at] + more + old[at + len(more):]
        for p in found:
            if p.endswith(".pack") and self.r.random() < .7:
                lines = self.git("verify-pack", "-v", p).decode().split("\n")
                offsets = [int(line.split()[4]) for line in lines
                           if len(line.split()) in (5, 7)]
                rewrite(p, header if offsets else change)
                return
        if found:
            rewrite(self.r.choice(found), change)

    def folders(self):
        """What says where another part of the repository lies."""
        root = self.root + "/.git/"
        name, text = self.r.choice((
            ("objects/info/alternates", root + "objects\n"),
            ("objects/info/alternates", "../objects\n../../x\n"),
            ("commondir", "..\n"), ("commondir", ".\n"),
            ("gitdir", root + "\n"), ("shallow", "0" * 40 + "\n"),
            ("worktrees/w/gitdir", self.root + "/w/.git\n"),
            ("worktrees/w/HEAD", "ref: refs/heads/dns/x\n"),
            ("info/grafts", "0" * 40 + "\n"),
            ("refs/heads/dns/x", "ref: refs/heads/main\n"),
            ("refs/heads/main", "ref: refs/heads/main\n"),
            ("zoneloom.0123456789", "ref\0refs/heads/main\0"),
            ("index.lock", ""), ("refs/heads/main.lock", ""),
            ("HEAD", "ref: refs/heads/none\n"), ("HEAD", "0" * 40 + "\n"),
            ("../.git", "gitdir: x\n"), ("MERGE_HEAD", "0" * 40 + "\n"),
            ("info/sparse-checkout", "/*\n"), ("info/exclude", "*\n"),
            ("config", "[core]\n\tworktree = ..\n\tbare = maybe\n"),
            ("config", "[include]\n\tpath = config\n")))
        os.makedirs(os.path.dirname(root + name), exist_ok=True)
        if name == "../.git":
            os.rename(root, self.root + "/x")
            name = ""
            root = root[:-1]
        with open(root + name, "wb") as f:
            f.write(self.m(text.encode()) if self.r.random() < .6
                    else text.encode())

    def named(self):
        """A tree or commit that has its right name, and odd contents."""
        kind, of = self.r.choice((("tree", "HEAD^{tree}"), ("commit", "HEAD")))
        text = self.m(self.git("cat-file", kind, of))
        ident = self.hash_object(kind, text)
        if kind == "tree":
            text = (f"tree {ident}\nparent "
                    f"{self.git('rev-parse', 'HEAD').decode().strip()}\n"
                    "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n"
                    "odd\n").encode()
            ident = self.hash_object("commit", text)
        with open(self.root + "/.git/refs/heads/main", "w",
                  encoding="ascii") as f:
            f.write(ident + "\n")

    def hash_object(self, kind, text):
        p = subprocess.run(
            ["git", "hash-object", "-w", "-t", kind, "--literally", "--stdin"],
            cwd=self.root, env=ENV, input=text, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=False)
        return p.stdout.decode().strip() or "0" * 40

    def git_kind(self):
        self.commit()
        if self.r.random() < .5:
            self.git("gc", "-q")
            if self.r.random() < .3:
                self.git("multi-pack-index", "write")
        self.r.choice((self.loose, self.loose, self.packs, self.packs,
                       self.plain, self.plain, self.folders, self.named))()
        return [["list"], ["list", "--index"], ["list", "--rev", "HEAD"],
                ["diff", "HEAD~1", "HEAD"], ["gate", "HEAD~1...HEAD"],
                ["check"], ["commit"], ["commit", "--branch", "dns/x"],
                ["hook", "pre-commit", "--stage"], ["generate"]]

    def keep(self, argv, status, said):
        self.found += 1
        where = os.path.join(KEPT, f"{self.kind}-{self.seed}-{self.runs}")
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(self.root, where, symlinks=True)
        with open(where + ".txt", "wb") as f:
            f.write(" ".join(argv).encode() + b"\n" + said[:20000])
        print(f"not ok whole {self.kind}: {status}: {where}.txt")
        sys.stdout.flush()

    def ask(self, argv):
        try:
            p = run([ZONELOOM, *argv], self.root, timeout=SECONDS)
            status, said = p.returncode, p.stderr
        except subprocess.TimeoutExpired:
            status, said = "hangs", b""
        self.runs += 1
        self.statuses[status] += 1
        if status not in STATUSES or b"Sanitizer" in said or \
                b"runtime error" in said:
            self.keep(argv, status, said)

    def one(self):
        self.lay()
        commands = {"manifests": self.manifests, "config": self.config,
                    "outputs": self.outputs,
                    "git": self.git_kind}[self.kind]()
        for argv in self.r.sample(commands, 2):
            self.ask(argv)

    def all(self):
        start = time.monotonic()
        while time.monotonic() < self.end:
            self.one()
        print(f"{'ok' if self.found == 0 else 'not ok'} whole {self.kind}: "
              f"{self.runs} runs in {time.monotonic() - start:.0f} s, "
              f"{self.found} found, exits {dict(self.statuses)}")
        return self.found == 0


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=folder) as work:
        whole = Whole(sys.argv[1], float(sys.argv[2]),
                      int(sys.argv[3]) if len(sys.argv) > 3 else 1,
                      os.path.join(work, "repo"))
        sys.exit(0 if whole.all() else 1)


if __name__ == "__main__":
    main()
