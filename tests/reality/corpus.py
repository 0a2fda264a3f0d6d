#!/usr/bin/env python3
"""corpus.py CORPUS LIST.jsonl MESSAGES: are the Ingress hosts all there?

A second reader (PyYAML) looks at every file whose row in MANIFEST.tsv says
Ingress, and expects each literal host in what `list` printed, with this file
as its origin.  A host that is not there needs a message that says why.
"""
import collections
import json
import os
import re
import sys

import yaml

GROUPS = ("networking.k8s.io/", "extensions/")
NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9])?"
                  r"(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+")


class Loader(yaml.SafeLoader):
    """Tags of other tools are of no matter here."""


Loader.add_multi_constructor("", lambda loader, tag, node: None)


def documents(path):
    """All documents before a fault, as zoneloom reads them too."""
    try:
        with open(path, "rb") as f:
            yield from yaml.load_all(f, Loader)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError):
        return


def objects(document):
    if not isinstance(document, dict):
        return
    if str(document.get("kind")).endswith("List"):
        for item in document.get("items") or []:
            yield from objects(item)
    else:
        yield document


def items(value):
    return value if isinstance(value, list) else []


def hosts(ingress):
    spec = ingress.get("spec")
    if not isinstance(spec, dict):
        return
    for rule in items(spec.get("rules")):
        if isinstance(rule, dict):
            yield rule.get("host")
    for tls in items(spec.get("tls")):
        if isinstance(tls, dict):
            yield from items(tls.get("hosts"))


def expected(corpus):
    """(file, host) of every literal host of an Ingress."""
    with open(f"{corpus}/MANIFEST.tsv", encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    for row in rows:
        path = row[0]
        if "|Ingress" not in row[4] or not os.path.exists(f"{corpus}/{path}"):
            continue
        for document in documents(f"{corpus}/{path}"):
            for o in objects(document):
                if o.get("kind") != "Ingress" or \
                        not str(o.get("apiVersion")).startswith(GROUPS):
                    continue
                for host in hosts(o):
                    if isinstance(host, str) and NAME.fullmatch(host.lower()):
                        yield path, host.lower()


def found(path):
    names = collections.defaultdict(set)
    with open(path, encoding="utf-8") as f:
        for line in f:
            record = json.loads(line)
            for origin in record.get("from", []):
                names[origin["path"]].add(record["name"])
    return names


def messages(path):
    said = collections.defaultdict(list)
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            said[line.split(":", 1)[0]].append(line.rstrip("\n"))
    return said


def reason(said, host):
    """The message about this host, else the first about its file."""
    about = [line for line in said if host in line.lower()]
    worse = [line for line in said if " error: " in line]
    return (about or worse or said or [None])[0]


def main():
    corpus, listed, text = sys.argv[1:]
    names, said = found(listed), messages(text)
    wanted = sorted(set(expected(corpus)))
    missed = [(path, host) for path, host in wanted if host not in names[path]]
    silent = 0
    for path, host in missed:
        why = reason(said[path], host)
        silent += why is None
        print(f"missed {path}: {host}: {why or 'NOTHING SAYS WHY'}")
    print(f"{len(wanted)} hosts, {len(missed)} missed, {silent} without reason")
    return 0 if wanted and silent == 0 else 1


sys.exit(main())
