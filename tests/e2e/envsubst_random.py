#!/usr/bin/env python3
"""usage: envsubst_random.py SEED COUNT PROGRAM

COUNT texts at random through `envsubst-flux` and PROGRAM (fill_envsubst.c).
"""
import json
import random
import subprocess
import sys

VALUES = {"a": "AbC", "b": "", "host": "www.example.org", "n": "42", "nl": "x"}
NAMES = [*VALUES, "none", "Upper_1", "_x"]
PLAIN = ["x", ".example.org", " ", "$", "$$", "{", "}", "\\", "/", ":", "#", "é",
         "\n", "-", "$ ", "${}", "${", "$a", "$${a}", "\"", "'"]
PATTERNS = ["w", "*", "?", "[a-w]", "www.", ".org", "b*", "", "A", "/", "\\.", "%"]


def word(rng, depth):
    if depth < 2 and rng.random() < 0.25:
        return expression(rng, depth + 1)
    return rng.choice(["", "d", "7", "x.y", "A b", "*", "/", ":", "-1", "\\}"])


def expression(rng, depth=0):
    name = rng.choice(NAMES)
    kind = rng.randrange(12)
    if kind < 3:
        return "${%s}" % name
    if kind < 6:
        operator = rng.choice([":-", "-", ":=", "=", ":+", "+", ":?", "?"])
        return "${%s%s%s}" % (name, operator, word(rng, depth))
    if kind == 6:
        return "${#%s}" % name
    if kind == 7:
        return "${%s%s}" % (name, rng.choice([",", ",,", "^", "^^", ",,,", "^a"]))
    if kind == 8:
        start = rng.choice(["0", "1", "3", "20", " 2", "x"])
        end = rng.choice(["", ":0", ":1", ":2", ":30", ":x"])
        return "${%s:%s%s}" % (name, start, end)
    if kind == 9:
        operator = rng.choice(["#", "##", "%", "%%"])
        return "${%s%s%s}" % (name, operator, rng.choice(PATTERNS))
    if kind == 10:
        operator = rng.choice(["/", "//", "/#", "/%"])
        return "${%s%s%s/%s}" % (name, operator, rng.choice(PATTERNS), word(rng, depth))
    return "${%s%s" % (name, rng.choice(["", ":-", "/", "}}", "-}", "@Q}", "[0]}"]))


def text(rng):
    parts = [rng.choice(PLAIN) if rng.random() < 0.4 else expression(rng)
             for _ in range(rng.randint(1, 4))]
    return "".join(parts)


def real(child, given):
    child.stdin.write(json.dumps({"vars": VALUES, "text": given}).encode() + b"\n")
    child.stdin.flush()
    line = child.stdout.readline()
    answer = json.loads(line) if line else {"error": "it crashed"}
    return None if "error" in answer else answer.get("text", "")


def ours(child, given):
    given = given.encode()
    child.stdin.write(b"%d\n" % len(given) + given)
    child.stdin.flush()
    ok, size = child.stdout.readline().split()
    out = child.stdout.read(int(size)).decode()
    return out if ok == b"1" else None


def start(program):
    return subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def main():
    rng = random.Random(int(sys.argv[1]))
    count = int(sys.argv[2])
    engine, mine = start("envsubst-flux"), start(sys.argv[3])
    same = refused = differ = 0
    for _ in range(count):
        given = text(rng)
        want, got = real(engine, given), ours(mine, given)
        if want is None and engine.poll() is not None:
            engine = start("envsubst-flux")
        if want != got:
            differ += 1
            print(f"  {given!r}: the real one {want!r}, ours {got!r}")
        elif want is None:
            refused += 1
        else:
            same += 1
    print(f"# envsubst: {same} the same, {refused} refused by both, {differ} differ,"
          f" seed {sys.argv[1]}")
    sys.exit(differ != 0 or same == 0)


if __name__ == "__main__":
    main()
