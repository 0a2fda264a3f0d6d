#!/usr/bin/env python3
"""The digests of the page's style and script, which its own policy names.

page.py writes them into templates/report.html; --check says whether they are
those of what stands there.
"""
import base64
import hashlib
import os
import re
import sys

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../templates/report.html")


def digest(text, tag):
    inner = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.S).group(1)
    return base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()


def main():
    with open(PATH, encoding="utf-8") as f:
        text = f.read()
    new = text
    for tag in "style", "script":
        new = re.sub(rf"({tag}-src 'sha256-)[^']*'",
                     lambda m, t=tag: m.group(1) + digest(text, t) + "'", new)
    if sys.argv[1:] == ["--check"]:
        sys.exit(new != text and "page: run scripts/page.py")
    with open(PATH, "w", encoding="utf-8") as f:
        f.write(new)
    return 0


main()
