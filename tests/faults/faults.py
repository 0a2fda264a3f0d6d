#!/usr/bin/env python3
"""faults.py TEST...: what is left when zoneloom ends where it should not.

Tests:
  kill        SIGKILL before every system call that may change a file
  kill-all    SIGKILL before every system call behind the first of those
  inject      errors and short writes at every call that may change a file
  inject-all  errors at every call of main()
  memory      each allocation in turn fails; then it and all that follow
  swap        somebody else at every call that may change a file: links in the
              place of outputs and folders, edits, staged files, commits
  race        three writers of a review branch and two of main, a user who
              commits, one who commits on the review branch, gc and pack-refs

ZONELOOM names the program, TOOLS the folder of faultat, SECONDS_EACH a bound
for each command of a test; with it the points are a random sample (SEED).
"""
import collections
import errno
import os
import random
import sys
import tempfile
import time

import race
import repo

ZONELOOM = os.path.abspath(os.environ.get("ZONELOOM", "build/zoneloom"))
TOOLS = os.path.abspath(os.environ.get("TOOLS", "build/faults"))
LIMIT = float(os.environ.get("SECONDS_EACH", "0"))
SEED = int(os.environ.get("SEED", "1"))


def sample(points, seed):
    """All of them, or in random order until the time is over."""
    points = list(points)
    if LIMIT <= 0:
        yield from points
        return
    random.Random(seed).shuffle(points)
    end = time.monotonic() + LIMIT
    for p in points:
        if time.monotonic() > end:
            return
        yield p


class Case:
    """One command on one repository: what is before, what is right after."""

    def __init__(self, work, name):
        self.name = name
        self.argv = [ZONELOOM, *repo.COMMANDS[name]]
        self.base = repo.make(ZONELOOM, os.path.join(work, "base"))
        self.work = os.path.join(work, "work")
        self.copy = os.path.join(work, "copy")
        self.old = self.state(self.fresh())
        self.status = self.run().returncode
        assert self.status == (1 if name == "hook" else 0), self.status
        self.new = self.state(self.work)
        assert not self.new.left, self.new.left

    def fresh(self):
        return repo.copy(self.base, self.work)

    @staticmethod
    def state(root):
        return repo.State(root)

    def run(self, root=None, **more):
        return repo.run(self.argv, root or self.work, **more)

    def whole(self, where, s):
        """Each file, ref and entry is the old or the new one."""
        for p, d in s.disk.items():
            if d not in (self.old.disk[p], self.new.disk[p]):
                repo.complain(where, f"{p} is torn")
        for r, tree in s.refs.items():
            if tree not in (self.old.refs.get(r), self.new.refs.get(r)):
                repo.complain(where, f"{r} is {tree}")
        for r in self.old.refs:
            if r not in s.refs:
                repo.complain(where, f"{r} is lost")
        for p in repo.OUTPUTS:
            if s.index.get(p) not in (self.old.index.get(p),
                                      self.new.index.get(p)):
                repo.complain(where, f"index: {p} is {s.index.get(p)}")
        if self.name == "branch" and (s.disk != self.old.disk or
                                      s.index != self.old.index):
            repo.complain(where, "the work tree or index was touched")

    def honest(self, where, root):
        for p in repo.lies(root):
            repo.complain(where, f"the index says {p} is as on disk: it is not")
        p = repo.run(["git", "fsck", "--strict", "--no-dangling"], root)
        if p.returncode != 0 or b"error" in p.stderr:
            repo.complain(where, f"git fsck: {p.stdout + p.stderr}")

    def users_commit(self, where):
        """The user removes the locks that git names, and commits a note."""
        repo.unlocked_copy(self.work, self.copy)
        before = repo.git(self.copy, "rev-parse", "HEAD^{tree}")
        repo.write(self.copy, "note.txt", "note\n")
        repo.git(self.copy, "add", "note.txt")
        repo.git(self.copy, "commit", "-qm", "note")
        after = repo.git(self.copy, "rev-parse", "HEAD:dns")
        trees = [repo.git(self.copy, "rev-parse", t + ":dns")
                 for t in (self.old.refs["refs/heads/main"],
                           self.new.refs["refs/heads/main"], before)]
        if "note" not in repo.git(self.copy, "log", "-1", "--format=%s"):
            repo.complain(where, "the user cannot commit")
        elif trees[2] == trees[1] != trees[0] and after != trees[1]:
            repo.complain(where, "the user's next commit takes the records away")
        self.heals(where + ", after the user's commit", self.copy, False)

    def heals(self, where, root, exact=True):
        """The same command again ends in the new state, and leaves nothing."""
        had = repo.left(root)
        p = self.run(root)
        s = self.state(root)
        if p.returncode not in (0, self.status):
            repo.complain(where, f"again: exit {p.returncode}: {p.stderr}")
        elif s.left:
            repo.complain(where, f"again: {s.left} are left")
        elif exact and not s.same(self.new):
            repo.complain(where, f"again: not healed: {s.key()}")
        elif set(had) - {"journal"} and self.name in ("commit", "generate", "branch") and \
                b"earlier run was killed" not in p.stderr:
            repo.complain(where, f"again: {had} healed without a word")
        if repo.lies(root):
            repo.complain(where, f"again: the index lies of {repo.lies(root)}")

    def heals_later(self, where):
        """The same after the manifests have changed and the locks are gone."""
        repo.unlocked_copy(self.work, self.copy)
        for path in ("blog", "late"):
            repo.write(self.copy, f"apps/{path}.yaml",
                       repo.APP % (path, path + "-2"))
        repo.git(self.copy, "add", "apps")
        repo.git(self.copy, "commit", "-qm", "later", "--", "apps")
        p = self.run(self.copy)
        if p.returncode != 0:
            repo.complain(where, f"later: exit {p.returncode}: {p.stderr}")
        p = repo.run([ZONELOOM, "-q", "check"], self.copy)
        if p.returncode != 0:
            repo.complain(where, f"later: check: {p.stdout}")

    def judge(self, where, seen):
        s = self.state(self.work)
        self.whole(where, s)
        if s.key() in seen:
            return s
        seen.add(s.key())
        self.honest(where, self.work)
        self.users_commit(where)
        if self.name in ("commit", "generate"):
            self.heals_later(where)
        self.heals(where, self.work)
        return s


FAULTAT = os.path.join(TOOLS, "faultat")
NOMEM = os.path.join(TOOLS, "nomem.so")


class Call:
    """One system call of a run."""

    def __init__(self, line):
        at, self.name, first, changes = line.split()
        self.at, self.fd = int(at), int(first)
        self.changes = changes == "m"


NO_CALL = Call("0 none 0 -")


def calls(case):
    """Those of main(), whose first act is to install its signal handlers."""
    case.fresh()
    p = repo.run([FAULTAT, "list", *case.argv], case.work)
    out = [Call(line) for line in p.stdout.decode().split("\n") if line]
    while out[0].name != "rt_sigaction":
        del out[0]
    return out


def kill(work, everything):
    for name in repo.COMMANDS:
        case = Case(work, name)
        seen, n, outcomes = set(), 0, collections.Counter()
        points = calls(case)
        first = next(i for i, c in enumerate(points) if c.changes)
        points = [c for i, c in enumerate(points)
                  if c.changes or (everything and i > first)] + points[-1:]
        for c in sample(points, SEED):
            case.fresh()
            p = repo.run([FAULTAT, "kill", str(c.at), *case.argv], case.work)
            n += 1
            where = f"kill {name} at call {c.at}"
            if p.returncode not in (0, case.status):
                repo.complain(where, f"faultat: exit {p.returncode}: {p.stderr}")
            s = case.judge(where, seen)
            outcomes["new" if s.same(case.new) else
                     "old" if s.same(case.old) else "between"] += 1
        print(f"ok kill {name}: {n} points, {len(seen)} states, "
              f"{dict(outcomes)}")
        sys.stdout.flush()


DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EACCES)
ERRORS = {
    "open": (errno.EACCES, errno.EIO, errno.EMFILE, errno.EINTR),
    "openat": (errno.EACCES, errno.EIO, errno.EMFILE, errno.EINTR),
    "read": (errno.EIO, errno.EINTR),
    "pread64": (errno.EIO, errno.EINTR),
    "write": (errno.EIO, errno.EINTR, errno.ENOSPC, errno.EDQUOT),
    "pwrite64": (errno.EIO, errno.EINTR, errno.ENOSPC, errno.EDQUOT),
    "close": (errno.EIO, errno.EINTR, errno.ENOSPC, errno.EDQUOT),
    "fsync": DISK + (errno.EINTR,), "fdatasync": DISK + (errno.EINTR,),
    "ftruncate": DISK + (errno.EINTR,),
    "getdents64": (errno.EIO, errno.EACCES),
    "flock": (errno.EINTR, errno.ENOLCK, errno.EOPNOTSUPP),
    "mmap": (errno.ENOMEM, errno.EIO),
    "fstat": (errno.EIO,), "newfstatat": (errno.EIO, errno.EACCES),
    "stat": (errno.EIO, errno.EACCES), "lstat": (errno.EIO, errno.EACCES),
    "access": (errno.EACCES,), "readlink": (errno.EIO,),
    "renameat2": DISK + (errno.EINVAL,),
}


def errors_of(c):
    """What is injected at a call: [mode, number, name, error]."""
    at = str(c.at)
    numbers = ERRORS.get(c.name, DISK if c.changes else ())
    # Standard output and error have a test of their own.
    if c.name in ("write", "close") and c.fd <= 2:
        return
    if c.changes and c.name == "openat":
        numbers += (errno.ENOSPC, errno.EDQUOT)
    for number in numbers:
        yield ["fail", at, c.name, str(number)]
    if c.name in ("write", "pwrite64", "read", "pread64"):
        yield ["short", at, c.name]


def judge_error(case, where, c, p, seen):
    """It ends in the new state with success, or in the old with a reason."""
    s = case.state(case.work)
    case.whole(where, s)
    done = p.returncode == case.status
    text = p.stderr.decode(errors="replace")
    if p.returncode not in (case.status, 4, 5):
        repo.complain(where, f"exit {p.returncode}: {text}")
    elif done and not s.same(case.new):
        repo.complain(where, f"exit {p.returncode} without the result: {text}")
    elif not done and not text:
        repo.complain(where, f"exit {p.returncode} without a word")
    elif not done and not s.same(case.old):
        repo.complain(where, f"exit {p.returncode}, and not the old state: {text}")
    # What could not be removed because removing failed, the next run removes.
    if s.left and c.name not in ("unlink", "unlinkat") and not (
            done and set(s.left) == {"temp"}):
        repo.complain(where, f"{s.left} are left: {text}")
    if s.key() not in seen:
        seen.add(s.key())
        case.honest(where, case.work)
        case.heals(where, case.work)
    return (p.returncode, "new" if s.same(case.new) else
            "old" if s.same(case.old) else "between")


def inject(work, everything):
    for name in repo.COMMANDS:
        case = Case(work, name)
        seen, n, outcomes = set(), 0, collections.Counter()
        points = [(c, e) for c in calls(case) for e in errors_of(c)
                  if everything or c.changes]
        for c, how in sample(points, SEED):
            case.fresh()
            p = repo.run([FAULTAT, *how, *case.argv], case.work)
            n += 1
            error = errno.errorcode[int(how[3])] if len(how) > 3 else "short"
            where = f"{error} {name} at call {c.at}, {c.name}"
            outcomes[judge_error(case, where, c, p, seen)] += 1
        print(f"ok inject {name}: {n} errors, {len(seen)} states, "
              f"{dict(outcomes)}")
        sys.stdout.flush()


def memory(work, _):
    """Out of memory is exit 4 and the old state, or the new one."""
    for name in repo.COMMANDS:
        case = Case(work, name)
        told = os.path.join(work, "told")
        case.fresh()
        case.run(LD_PRELOAD=NOMEM, NOMEM_COUNT=told)
        with open(told, encoding="ascii") as f:
            total = int(f.read())
        points = [(n, {}) for n in range(1, total + 1)]
        points += [(n, {"NOMEM_ON": "1"}) for n in range(1, total + 1, 10)]
        seen, n, outcomes = set(), 0, collections.Counter()
        case.fresh()
        before = repo.print_of(case.work)
        for at, more in sample(points, SEED):
            if repo.print_of(case.work) != before:
                case.fresh()
                before = repo.print_of(case.work)
            p = case.run(LD_PRELOAD=NOMEM, NOMEM_AT=str(at), **more)
            n += 1
            where = f"no memory{' from' if more else ''} {name} at {at}"
            if p.returncode == 4 and p.stderr and \
                    repo.print_of(case.work) == before:
                outcomes[(4, "old")] += 1
                continue
            if b"next run repairs" in p.stderr:
                case.judge(where, seen)
                outcomes[(p.returncode, "repaired by the next")] += 1
            elif p.returncode == 4 and case.state(case.work).same(case.new):
                # What came after the last change: it was said to be done.
                outcomes[(4, "new")] += 1
                case.honest(where, case.work)
            else:
                outcomes[judge_error(case, where, NO_CALL, p, seen)] += 1
        print(f"ok memory {name}: {n} of {len(points)} failures, {len(seen)} "
              f"states, {dict(outcomes)}")
        sys.stdout.flush()


class Swap:
    """What somebody else does, and what must hold whenever it was done."""

    def __init__(self, case, outside):
        self.case, self.outside = case, outside

    def scripts(self):
        out = self.outside
        return {
            "link": f"rm -f {repo.KEPT}; ln -s {out}/victim {repo.KEPT}",
            "folder": f"mv dns gone && ln -s {out} dns",
            "edit": f"echo mine >{repo.KEPT}",
            "stage": "echo mine >mine.txt; git add mine.txt",
            "commit": "git commit -q --allow-empty -m mine",
            "away": f"rm -f {repo.KEPT}",
        }

    def judge(self, where, what, p):
        root = self.case.work
        text = p.stderr.decode(errors="replace")
        if p.returncode not in (self.case.status, 0, 1, 3, 4, 5):
            repo.complain(where, f"exit {p.returncode}: {text}")
        if sorted(os.listdir(self.outside)) != ["victim"] or \
                repo.read(self.outside, "victim") != b"victim\n":
            repo.complain(where, f"outside: {os.listdir(self.outside)}")
        # While zoneloom holds the lock of the index or ref, git refuses.
        lost = {
            "edit": repo.read(root, repo.KEPT) != b"mine\n",
            "stage": not repo.git(root, "ls-files", "mine.txt"),
            "commit": "mine" not in repo.git(
                root, "log", "--format=%s", "main").split("\n"),
        }
        if self.made and lost.get(what):
            repo.complain(where, f"the {what} of somebody else is lost: exit "
                                 f"{p.returncode}: {text}")
        for path in repo.lies(root) if what not in ("link", "folder") else ():
            repo.complain(where, f"the index says {path} is as on disk")
        f = repo.run(["git", "fsck", "--strict", "--no-dangling"], root)
        if f.returncode != 0:
            repo.complain(where, f"git fsck: {f.stdout + f.stderr}")

    def __call__(self, where, what, script, at):
        root = self.case.fresh()
        repo.write(self.outside, "victim", "victim\n")
        done = os.path.join(os.path.dirname(self.outside), "done")
        if os.path.exists(done):
            os.unlink(done)
        p = repo.run([FAULTAT, "meanwhile", str(at),
                      f"{script} && : >{done}", *self.case.argv], root)
        self.made = os.path.exists(done)
        self.judge(where, what, p)
        return what, p.returncode


def swap(work, _):
    for name in repo.COMMANDS:
        case = Case(work, name)
        outside = os.path.join(work, "outside")
        os.makedirs(outside, exist_ok=True)
        one = Swap(case, outside)
        points = [(c, w, s) for c in calls(case) if c.changes
                  for w, s in one.scripts().items()]
        n, outcomes = 0, collections.Counter()
        for c, what, script in sample(points, SEED):
            where = f"swap {what}, {name} at call {c.at}, {c.name}"
            outcomes[one(where, what, script, c.at)] += 1
            n += 1
        print(f"ok swap {name}: {n} swaps, {dict(outcomes)}")
        sys.stdout.flush()


TESTS = {
    "memory": lambda work: memory(work, True),
    "swap": lambda work: swap(work, True),
    "race": lambda work: race.race(work, ZONELOOM, LIMIT or 75, SEED),
    "kill": lambda work: kill(work, False),
    "kill-all": lambda work: kill(work, True),
    "inject": lambda work: inject(work, False),
    "inject-all": lambda work: inject(work, True),
}


def main():
    names = sys.argv[1:] or list(TESTS)
    for name in names:
        if name not in TESTS:
            sys.exit(f"faults.py: unknown test {name}")
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=folder) as work:
        for name in names:
            TESTS[name](work)
    sys.exit(1 if repo.bad else 0)


if __name__ == "__main__":
    main()
