#!/usr/bin/env python3
"""What must not be in what is printed: sinks.py FORM FILE...

FORM is text, script, github, markdown, commit, json, yaml, csv or zone.  These readers
know nothing of how the program escapes; a fault is printed, with exit 1.
"""
import csv
import json
import re
import sys
import unicodedata

import yaml

UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs"}
IGNORABLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\ufe0f"


def check_seen(text):
    for c in text:
        if c not in " \n" and (unicodedata.category(c) in UNSEEN or
                               c in IGNORABLE):
            yield f"U+{ord(c):04X}"


def check_text(text):
    yield from check_seen(text)
    if re.search(r"##[A-Za-z]*\[", text):
        yield "a command in a line"
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            yield "a command: " + line
        if re.match(r"(---|\+\+\+|~~~) ", line):
            yield "a group: " + line


def check_script(text):
    yield from check_text(text.replace("\t", " "))


def check_github(text):
    yield from check_seen(text)
    if re.search(r"##[A-Za-z]*\[", text):
        yield "a command in a line"
    for line in text.splitlines():
        if not re.fullmatch(r"::(error|warning) file=[^,:]*(,line=\d+,col=\d+)?"
                            r",title=[a-z-]+::.*", line):
            yield "not an annotation: " + line


def check_markdown(text):
    yield from check_text(text)
    cells = 0
    for line in text.split("\n"):
        if re.fullmatch(r"<!-- zoneloom(:zone=[a-z0-9.@-]+)? -->|"
                        r"</?(details|summary|sub|p)>.*", line):
            line = ""
        pipes = line.count("|")
        if not line.startswith("|"):
            cells = 0
        cells = cells or pipes
        if pipes != cells:
            yield f"{pipes} for {cells} cells: {line}"
        plain = re.sub(r"(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)", "", line)
        plain = re.sub(r"^(#+|>|-) |^\|[-|]+$", "", plain)
        plain = re.sub(r"\*\*(error|warning|loosens)\*\*", "", plain)
        if re.search(r"[^A-Za-z0-9 .,;:()'+~|-]|www\.|://|~~", plain):
            yield "active: " + plain
        if re.search(r"(?<![A-Za-z0-9])@", line):
            yield "a mention: " + line


def check_commit(text):
    yield from check_text(text)
    # Our own trailers are the last paragraph.
    body = re.split(r"\n(?=Source-Commit: [0-9a-f]+\n)", text)[0]
    for line in body.split("\n")[1:]:
        line = re.sub(r"\b[a-z]+\.evil\.example\.org\b", "", line)
        for what, pattern in (
                ("a mention", r"(?<![A-Za-z0-9])@"),
                ("an issue", r"#\d|\bGH-\d|(?<!\w)[!~%$&]\d"),
                ("a link", r"://|\bwww\.|mailto:"),
                ("what stops CI", r"\[(skip|ci|no)|\*\*\*"),
                ("a trailer", r"^[A-Za-z][A-Za-z0-9-]{4,}\s*:")):
            if re.search(pattern, line, re.I):
                yield what + ": " + line


def check_json(text):
    yield from check_text(text)
    if text.startswith("{\n"):
        json.loads(text)
    else:
        for line in text.splitlines():
            json.loads(line)


def check_yaml(text):
    yield from check_text(text)
    list(yaml.safe_load_all(text))


def check_csv(text):
    yield from check_text(text)
    rows = list(csv.reader(text.splitlines()))
    for row in rows:
        if len(row) != len(rows[0]):
            yield f"{len(row)} cells: {row}"
        for cell in row:
            if re.match(r"\s*[=+@\uff1d\uff0b\uff0d\uff20-]", cell):
                yield "a formula: " + cell


def check_zone(text):
    yield from check_text(text)
    if not text.isascii():
        yield "not ASCII"


def faults(form, path):
    with open(path, "rb") as f:
        text = f.read().decode("utf-8")
    # Colours are our own.
    text = re.sub("\033\\[(0|3[1-3])m", "", text)
    return globals()["check_" + form](text)


def main():
    found = [(form, fault)
             for form, path in zip(sys.argv[1::2], sys.argv[2::2])
             for fault in faults(form, path)]
    for form, fault in found[:5]:
        print(f"  {form}: {ascii(fault)}")
    sys.exit(bool(found))


main()
