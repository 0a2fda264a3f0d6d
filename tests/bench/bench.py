#!/usr/bin/env python3
"""bench.py [--quick] ZONELOOM [REPOSITORY]: how long deriving takes, as a ratio.

The base is `git cat-file --batch --buffer` of the blobs that zoneloom looks
at, in the same repository and the same run: base and program take turns, and
the ratio is the median of the pairs.  Exit 1 if a target is missed; --quick
takes fewer files, prints "ok NAME" and judges no time.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

FILES = 20000
ROUNDS = 7
QUICK_FILES = 6000
QUICK_ROUNDS = 5
TARGET_RATIO = 1.5
TARGET_MB = 100


def run(argv, stdin, stdout):
    """Wall seconds, CPU seconds of the process tree, and its peak in MB."""
    start = time.monotonic()
    child = subprocess.Popen(argv, stdin=stdin, stdout=stdout)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench: {' '.join(argv)}: exit {child.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def make(folder, files):
    if not os.path.isdir(folder):
        here = os.path.dirname(os.path.abspath(__file__))
        subprocess.run([sys.executable, f"{here}/mkrepo.py", folder + ".new",
                        str(files)], check=True)
        os.rename(folder + ".new", folder)


def blobs(folder):
    rows = subprocess.run(["git", "-C", folder, "ls-tree", "-rz", "HEAD"],
                          check=True, capture_output=True).stdout
    return [row.split()[2] for row in rows.split(b"\0")
            if row.endswith((b".yaml", b".yml", b".json"))]


def measure(base, ours, ids, rounds):
    pairs = []
    for _ in range(rounds):
        with open(ids, "rb") as names, open(os.devnull, "wb") as sink, \
                open("build/bench.out", "wb") as out:
            pairs.append((run(base, names, sink),
                          run(ours, subprocess.DEVNULL, out)))
    return pairs


def row(name, pairs, parallel, quick):
    """One process is judged by CPU, which other work on the machine does not
    stretch; several by the time one waits for them."""
    wall = statistics.median(b[0] / a[0] for a, b in pairs)
    cpu = statistics.median(b[1] / a[1] for a, b in pairs)
    peak = max(b[2] for a, b in pairs)
    judged = wall if parallel else cpu
    kept = judged <= TARGET_RATIO and peak <= TARGET_MB
    print(f"{name:24} {statistics.median(a[0] for a, b in pairs):8.3f} "
          f"{statistics.median(b[0] for a, b in pairs):8.3f} {wall:9.2f} "
          f"{cpu:9.2f} {peak:9.1f}   {'-' if quick else 'kept' if kept else 'MISSED'}")
    return kept


def arguments():
    args = argparse.ArgumentParser()
    args.add_argument("--quick", action="store_true")
    args.add_argument("program")
    args.add_argument("repository", nargs="?")
    return args.parse_args()


def main():
    args = arguments()
    files, rounds = (QUICK_FILES, QUICK_ROUNDS) if args.quick \
        else (FILES, ROUNDS)
    folder = args.repository or f"build/bench-{files}.git"
    os.environ.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)
    make(folder, files)
    ids = blobs(folder)
    with open("build/bench.ids", "wb") as out:
        out.write(b"\n".join(ids) + b"\n")
    base = ["git", "-C", folder, "cat-file", "--batch", "--buffer"]
    ours = [os.path.abspath(args.program), "-C", folder, "list", "--rev",
            "HEAD", "-q", "--source=ingress", "--source=gateway-httproute",
            "--default-targets=203.0.113.10"]
    cores = len(os.sched_getaffinity(0))
    print(f"{len(ids)} blobs, {cores} processors; base: git cat-file --batch "
          "--buffer of the same blobs")
    print(f"{'':24} {'base s':>8} {'ours s':>8} {'wall ×':>9} {'CPU ×':>9} "
          f"{'peak MB':>9}   target ≤ {TARGET_RATIO}, {TARGET_MB} MB")
    kept, printed = True, set()
    for jobs in sorted({1, cores}):
        pairs = measure(base, ours + [f"--jobs={jobs}"], "build/bench.ids",
                        rounds)
        kept &= row(f"list --rev HEAD, jobs {jobs}", pairs, jobs > 1,
                    args.quick)
        with open("build/bench.out", "rb") as out:
            printed.add(sum(1 for _ in out) - 1)
    print(f"{min(printed)} records")
    if len(printed) != 1 or min(printed) < files // 20:
        sys.exit("bench: too few records, or not the same with each --jobs")
    if args.quick:
        print("ok bench: list --rev HEAD")
        return 0
    return 0 if kept else 1


sys.exit(main())
