#!/usr/bin/env python3
"""named-data.py ZONELOOM FOLDER COUNT SEED: COUNT random data of each type, as
RFC 3597 has it, in a static file; what is not refused goes to the zone file,
which named-checkzone must take.
"""
import os
import random
import re
import subprocess
import sys

CONFIG = """format: 1
zones:
  example.com:
    addresses: any
    static: static.records
    outputs:
      - format: bind
        file: example.com.zone
        soa: {mname: ns1.example.net, rname: hostmaster@example.com}
        ns: [ns1.example.net, ns2.example.net]
"""
# They say who else may have records beside them.
APART = ("CNAME", "DNAME", "NS", "DS", "CDS", "CDNSKEY")


def types():
    path = os.path.join(os.path.dirname(__file__),
                        "../../gen/endpoint/rrtype.def")
    with open(path, encoding="ascii") as file:
        rows = re.findall(r'^RRTYPE\(\w+,\s*"([\w-]+)",\s*(\d+),',
                          file.read(), re.M)
    return [int(code) for name, code in rows if name not in APART]


def some(r, most):
    return bytes(r.randint(0, 255) for _ in range(r.randint(0, most)))


def counted(data):
    return bytes([len(data)]) + data


def name(r):
    labels = r.choices([b"a", b"mail", b"x-y", b"*"], k=r.randint(0, 2))
    return b"".join(counted(x) for x in labels) + b"\0"


PIECES = [
    name,
    lambda r: bytes([r.randint(0, 3)]),
    lambda r: bytes(r.choices([0, 1, 2, 4, 255], k=2)),
    lambda r: counted(some(r, 6)),
    lambda r: counted(bytes(r.choices(b"abc019. !\"\\;", k=r.randint(0, 6)))),
    lambda r: bytes(r.randint(0, 255) for _ in range(r.choice(
        [4, 16, 20, 32, 48]))),
    lambda r: some(r, 5),
]


def data(r):
    return b"".join(r.choice(PIECES)(r) for _ in range(r.randint(0, 5)))


def generate(program, folder, lines):
    with open(f"{folder}/static.records", "w", encoding="ascii") as out:
        out.write("".join(lines))
    return subprocess.run([program, "generate", "--dir", folder], text=True,
                          capture_output=True, errors="replace")


def main():
    program, folder = sys.argv[1:3]
    r = random.Random(int(sys.argv[4]))
    with open(f"{folder}/.zoneloom.yaml", "w", encoding="ascii") as out:
        out.write(CONFIG)
    lines = []
    for code in types():
        for _ in range(int(sys.argv[3])):
            d = data(r)
            lines.append(f"r{len(lines)} 60 TYPE{code} \\# {len(d)} {d.hex()}\n")
    made = len(lines)
    # Faults of the file hide those of records, these those of the zone.
    for _ in range(9):
        done = generate(program, folder, lines)
        bad = {int(n) for n in re.findall(r"records:(\d+):\d+: error",
                                          done.stderr)}
        if not bad:
            break
        lines = [x for n, x in enumerate(lines, 1) if n not in bad]
    if done.returncode != 0:
        sys.exit(f"{done.returncode}: {done.stderr[:400]}")
    judge = subprocess.run(
        ["named-checkzone", "-i", "none", "-k", "fail", "-m", "ignore", "-n",
         "ignore", "-r", "ignore", "-M", "ignore", "-S", "ignore",
         "example.com", f"{folder}/example.com.zone"], text=True,
        capture_output=True)
    print(f"# {len(lines)} of {made} are taken")
    if judge.returncode != 0 or len(lines) * 20 < made:
        sys.exit(judge.stdout)


main()
