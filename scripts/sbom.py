#!/usr/bin/env python3
"""The list of parts of a release, as SPDX 2.3 JSON: sbom.py VERSION.

The parts are the libraries that the Makefile links, in the versions of the
Debian packages that are installed.  The static program has a libgit2 of its own
(scripts/static.sh), which is a part by itself.
"""
import json
import os
import re
import subprocess
import sys
import time
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Development package, licence of what is linked (SPDX identifiers).
PARTS = (
    ("libyaml-dev", "MIT"),
    ("libjansson-dev", "MIT"),
    ("libgit2-dev", "GPL-2.0-only WITH GCC-exception-2.0"),
    ("zlib1g-dev", "Zlib"),
    ("libidn2-dev", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    ("libunistring-dev", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    ("libpsl-dev", "MIT"),
    ("libpcre2-dev", "BSD-3-Clause"),
    ("libssl-dev", "Apache-2.0"),
    ("libknot-dev", "GPL-3.0-or-later"),
    ("libldns-dev", "BSD-3-Clause"),
    ("libc6-dev", "LGPL-2.1-or-later"),
)


def installed(package):
    return subprocess.run(["dpkg-query", "-W", "-f=${Version}", package],
                          check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def static_libgit2():
    with open(os.path.join(ROOT, "scripts/static.sh"), encoding="utf-8") as f:
        return re.search(r"^version=(\S+)$", f.read(), re.M)[1]


def part(ident, name, version, licence, purl):
    return {
        "SPDXID": f"SPDXRef-{ident}", "name": name, "versionInfo": version,
        "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION", "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER",
                          "referenceType": "purl", "referenceLocator": purl}],
    }


def main():
    version = sys.argv[1]
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    source = part("zoneloom", "zoneloom", version, "Apache-2.0",
                  f"pkg:generic/zoneloom@{version}")
    packages, links = [source], []
    parts = [(name, installed(name), licence) for name, licence in PARTS]
    parts.append(("libgit2-static", static_libgit2(), PARTS[2][1]))
    for name, number, licence in parts:
        quoted = number.replace("+", "%2B").replace(":", "%3A")
        packages.append(part(name, name, number, licence,
                             f"pkg:deb/debian/{name}@{quoted}"))
        links.append({"spdxElementId": "SPDXRef-zoneloom",
                      "relationshipType": "STATIC_LINK"
                      if name.endswith("-static") else "DYNAMIC_LINK",
                      "relatedSpdxElement": f"SPDXRef-{name}"})
    seed = json.dumps(packages, sort_keys=True)
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT", "name": f"zoneloom-{version}",
        "documentNamespace": "urn:uuid:" +
        str(uuid.uuid5(uuid.NAMESPACE_URL, seed)),
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
            "creators": ["Tool: zoneloom-scripts/sbom.py"]},
        "packages": packages,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT",
                           "relationshipType": "DESCRIBES",
                           "relatedSpdxElement": "SPDXRef-zoneloom"}] + links,
    }, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
