"""Everybody at once: nobody's commit may be lost, whatever wins."""
import collections
import os
import random
import threading
import time

import repo


class Race:
    def __init__(self, zoneloom, root, seconds, seed):
        self.zoneloom, self.root = zoneloom, root
        self.end = time.monotonic() + seconds
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.commits = {"main": [], "review": [], "user": []}

    def on(self):
        return time.monotonic() < self.end

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def keep(self, whose, ident):
        with self.lock:
            self.commits[whose].append(ident)

    def git(self, *argv):
        return repo.run(["git", *argv], self.root)

    def text(self, *argv):
        return self.git(*argv).stdout.decode().strip()

    def writer(self, argv, whose):
        while self.on():
            p = repo.run([self.zoneloom, *argv], self.root)
            self.count(f"{whose}: exit {p.returncode}")
            if p.returncode == 0:
                for ident in p.stdout.decode().split():
                    self.keep(whose, ident)
            elif p.returncode != 5:
                # Locks of git that were taken in the meantime are 4 or 5.
                said = p.stderr.decode(errors="replace")
                if "lock" not in said and "edits" not in said:
                    repo.complain("race", f"{whose}: {p.returncode}: {said}")

    def user(self):
        n = 0
        while self.on():
            n += 1
            path = f"apps/u{n}.yaml"
            repo.write(self.root, path, repo.APP % (f"u{n}", f"u{n}"))
            for _ in range(50):
                if self.git("add", path).returncode == 0 and \
                        self.git("commit", "-qm", f"user {n}", "--",
                                 path).returncode == 0:
                    self.keep("user", self.text(
                        "log", "-1", "--format=%H", f"--grep=^user {n}$",
                        "main"))
                    self.count("user: commit")
                    break
                time.sleep(0.02)
            time.sleep(0.15)

    def reviewer(self):
        """A commit of somebody else on the review branch stays."""
        while self.on():
            time.sleep(0.8)
            tip = self.text("rev-parse", "-q", "--verify",
                            "refs/heads/dns/review")
            if not tip:
                continue
            mine = self.text("commit-tree", tip + "^{tree}", "-p", tip, "-m",
                             "reviewer")
            if self.git("update-ref", "refs/heads/dns/review", mine,
                        tip).returncode != 0:
                continue
            time.sleep(0.5)
            now = self.text("rev-parse", "refs/heads/dns/review")
            if self.git("merge-base", "--is-ancestor", mine,
                        now).returncode != 0:
                repo.complain("race", f"the reviewer's {mine} is lost: {now}")
            self.count("reviewer: kept")
            self.git("update-ref", "-d", "refs/heads/dns/review", now)

    def keeper(self):
        jobs = [("pack-refs", "--all", "--prune"), ("repack", "-qad"),
                ("repack", "-qd"), ("gc", "-q"), ("prune-packed", "-q")]
        while self.on():
            job = self.random.choice(jobs)
            self.git(*job)
            self.count(job[0])
            time.sleep(0.1)

    def run(self):
        threads = [threading.Thread(target=self.writer, args=(
            ["commit", "--branch", "dns/review"], "review"))
            for _ in range(3)]
        threads += [threading.Thread(target=self.writer,
                                     args=(["commit"], "main"))
                    for _ in range(2)]
        threads += [threading.Thread(target=f)
                    for f in (self.user, self.reviewer, self.keeper)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()

    def judge(self):
        for whose in ("user", "main"):
            for ident in self.commits[whose]:
                if not ident or self.git("merge-base", "--is-ancestor", ident,
                                         "main").returncode != 0:
                    repo.complain("race", f"{whose}'s {ident} is lost")
        p = self.git("fsck", "--full", "--strict", "--no-dangling")
        if p.returncode != 0 or b"error" in p.stderr:
            repo.complain("race", f"git fsck: {p.stdout + p.stderr}")
        if repo.lies(self.root):
            repo.complain("race", f"the index lies of {repo.lies(self.root)}")
        p = repo.run([self.zoneloom, "commit"], self.root)
        if p.returncode != 0:
            repo.complain("race", f"afterwards: {p.returncode}: {p.stderr}")
        p = repo.run([self.zoneloom, "-q", "check"], self.root)
        if p.returncode != 0:
            repo.complain("race", f"check afterwards: {p.stdout}")
        if repo.left(self.root):
            repo.complain("race", f"{repo.left(self.root)} are left")


def race(work, zoneloom, seconds, seed):
    root = repo.make(zoneloom, os.path.join(work, "race"))
    r = Race(zoneloom, root, seconds, seed)
    r.run()
    r.judge()
    kept = {k: len(v) for k, v in r.commits.items()}
    print(f"ok race: {seconds:.0f} s, commits {kept}, {dict(r.counts)}")
