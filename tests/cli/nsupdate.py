#!/usr/bin/env python3
"""nsupdate.py ZONELOOM FOLDER COUNT SEED: COUNT random repositories of two
commits each in FOLDER, the zones of both as files, and zones.conf for a named
that serves the first ones and takes updates.

nsupdate.py --apply ZONELOOM FOLDER COUNT ADDRESS PORT: apply what `diff -o
nsupdate` prints to that server; its transfer must then be the second zone, and
the same script once more must change nothing.
"""
import os
import random
import re
import shutil
import subprocess
import sys

TYPES = {
    "A": lambda r: f"192.0.2.{r.randint(1, 9)}",
    "AAAA": lambda r: f"2001:db8::{r.randint(1, 9)}",
    "CAA": lambda r: f'0 issue "ca{r.randint(1, 3)}.example"',
    "HTTPS": lambda r: f"{r.randint(1, 3)} . alpn=h2",
    "LOC": lambda r: f"48 51 {r.randint(1, 59)} N 2 17 40 E 100m",
    "MX": lambda r: f"{r.randint(1, 3)}0 mx{r.randint(1, 3)}.example.net.",
    "NAPTR": lambda r: f'1 {r.randint(1, 9)} "u" "x" "!.*!a;b!" .',
    "SRV": lambda r: f"0 {r.randint(1, 3)} 5060 sip.example.net.",
    "TXT": lambda r: '"%s" "%s"' % (text(r), text(r)),
    "TYPE65280": lambda r: f"\\# 1 0{r.randint(1, 9)}",
    "X25": lambda r: f'"31106170095{r.randint(1, 9)}"',
}
NAMES = ["@", "a", "b", "c", "x.y", "*.w", "_s._tcp", "d\\.e", "\\$f", "g;h"]
HOSTS = ["shop", "api", "www", "*.apps", "one.two", "a-shop", "cname-api",
         "xn--mnchen-3ya"]


def text(r):
    return "".join(r.choice(['a', ' ', ';', '\\"', '\\\\', '\\000', '\\255'])
                   for _ in range(r.randint(0, 6)))


def static(r):
    """Records of hand, no CNAME beside others."""
    lines = []
    for name in r.sample(NAMES, r.randint(1, len(NAMES))):
        owner = name.replace(";", "\\;")
        if r.random() < 0.2 and name not in ("@", "_s._tcp"):
            lines.append(f"{owner} {r.choice([60, 300])} CNAME "
                         f"t{r.randint(1, 2)}.example.net.")
            continue
        kinds = [t for t in TYPES
                 if t not in ("A", "AAAA", "MX") or name in "@abc*.wx.y"]
        for kind in r.sample(kinds, r.randint(1, 3)):
            ttl = r.choice([60, 300])
            rows = {TYPES[kind](r) for _ in range(r.randint(1, 3))}
            lines += [f"{owner} {ttl} {kind} {row}" for row in sorted(rows)]
    # A server's own name goes where its delegation goes.
    if r.random() < 0.4:
        lines += ["sub 60 NS ns.sub", f"ns.sub 60 A 192.0.2.{r.randint(1, 9)}"]
    if r.random() < 0.1:
        lines.append('long 60 TXT "%s"' % '" "'.join(["l" * 200] * 120))
    return "\n".join(lines) + "\n"


def manifests(r):
    docs = []
    for host in r.sample(HOSTS, r.randint(0, len(HOSTS))):
        target = r.choice(["192.0.2.10", "192.0.2.11", "lb.example.net",
                           "192.0.2.10,2001:db8::10"])
        docs.append(f"""apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: i{HOSTS.index(host)}
  namespace: n{r.randint(1, 2)}
  annotations:
    external-dns.alpha.kubernetes.io/target: {target}
    external-dns.alpha.kubernetes.io/ttl: "{r.choice([60, 120])}"
spec:
  rules:
    - host: "{host}.ZONE"
""")
    return "---\n".join(docs)


def config(r):
    ns = ["ns1.example.net"] + r.sample(["ns2.example.net", "ns3.example.net",
                                         "ns4.example.net"], 2)
    return f"""format: 1
wildcards: allow
safety: {{max-deletes: 100%, max-changes: 100%, from-records: 1000}}
txt-owner-id: {r.choice(["one", "two"])}
txt-wildcard-replacement: any
zones:
  ZONE:
    static: static.records
    outputs:
      - format: bind
        file: dns/ZONE.zone
        soa: {{mname: ns1.example.net, rname: hostmaster@example.com}}
        ns: [{", ".join(ns)}]
"""


def run(argv, **more):
    return subprocess.run(argv, capture_output=True, text=True, **more)


def must(argv, **more):
    done = run(argv, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}: {done.stdout}{done.stderr}")
    return done.stdout


def write_side(folder, zone, r, old):
    """One commit; of the second, half of the files are as they were."""
    files = {"apps/all.yaml": manifests(r), "static.records": static(r),
             ".zoneloom.yaml": config(r)}
    for name, content in files.items():
        if name in old and r.random() < 0.3:
            continue
        old[name] = content
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="latin-1") as out:
            out.write(content.replace("ZONE", zone))
    must(["git", "-C", folder, "add", "-A"])
    must(["git", "-C", folder, "commit", "-qm", "x", "--allow-empty"])


def make_pair(program, folder, zone, r):
    """Two commits and their zone files; False: a side is no zone, as when a
    CNAME meets the ownership TXT of another name."""
    must(["git", "init", "-q", folder])
    old = {}
    write_side(folder, zone, r, old)
    write_side(folder, zone, r, old)
    for side, rev in (("before", "HEAD~1"), ("after", "HEAD")):
        done = run([program, "-C", folder, "generate", "-q", "--stdout",
                    "--rev", rev])
        if done.returncode == 3:
            return False
        if done.returncode != 0:
            sys.exit(f"{folder}: {done.stderr}")
        with open(f"{folder}.{side}", "w", encoding="latin-1") as out:
            out.write(done.stdout)
    return True


def make(program, top, count, seed):
    conf = []
    for i in range(count):
        r = random.Random(seed * 100000 + i)
        zone, folder = f"p{i}.example.com", f"{top}/{i}"
        while not make_pair(program, folder, zone, r):
            shutil.rmtree(folder)
        conf.append(f'zone "{zone}" {{ type primary; '
                    f'file "{folder}.before"; '
                    f'allow-update {{ 127.0.0.0/8; }}; }};')
    with open(f"{top}/zones.conf", "w", encoding="ascii") as out:
        out.write("\n".join(conf) + "\n")


def canon(zone, text_in):
    """Records in named's spelling, without the SOA."""
    out = must(["named-compilezone", "-q", "-i", "none", "-k", "ignore", "-m",
                "ignore", "-n", "ignore", "-r", "ignore", "-M", "ignore", "-S",
                "ignore", "-s", "full", "-o", "-", zone, "/dev/stdin"],
               input=text_in)
    return sorted(re.sub(r"\s+", " ", line) for line in out.splitlines()
                  if not re.search(r"\sIN\s+SOA\s", line))


def transfer(zone, address, port):
    return must(["dig", "+time=10", "+tries=1", "+noall", "+answer", "+onesoa",
                 "+nocmd", "-p", port, f"@{address}", zone, "AXFR"])


def apply(program, top, count, address, port):
    changed = bad = 0
    for i in range(count):
        zone = f"p{i}.example.com"
        script = must([program, "-C", f"{top}/{i}", "diff", "-q", "-o",
                       "nsupdate", "HEAD~1", "HEAD"])
        with open(f"{top}/{i}.after", encoding="latin-1") as file:
            want = canon(zone, file.read())
        done = run(["nsupdate"],
                   input=f"server {address} {port}\n{script}")
        got = canon(zone, transfer(zone, address, port))
        again = run(["nsupdate"],
                    input=f"server {address} {port}\n{script}")
        still = canon(zone, transfer(zone, address, port))
        changed += bool(script)
        if done.returncode != 0 or got != want:
            bad += 1
            print(f"not ok nsupdate/pair-{i}: {done.stderr.strip()}")
            print("\n".join("  < " + x for x in want if x not in got))
            print("\n".join("  > " + x for x in got if x not in want))
        elif script and (again.returncode == 0 or still != want):
            bad += 1
            print(f"not ok nsupdate/pair-{i}: applied twice, it is "
                  "not refused")
    if not bad and changed:
        print(f"ok nsupdate/{count}-pairs ({changed} with changes)")
    return bad or not changed


def main():
    os.environ.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)
    if sys.argv[1] == "--apply":
        sys.exit(1 if apply(sys.argv[2], sys.argv[3], int(sys.argv[4]),
                            *sys.argv[5:]) else 0)
    make(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))


main()
