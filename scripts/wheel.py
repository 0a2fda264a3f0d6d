"""A wheel that holds the program: the build backend that pyproject.toml names.

`pip install .`, which is also what a pre-commit hook of `language: python`
does in its clone, compiles with the machine's compiler and libraries.
ZONELOOM_WHEEL=static takes `make static` instead: a program that needs no
library, whose wheel may say manylinux and musllinux because it runs there.

The same program gives the same bytes: names are sorted, and times are
SOURCE_DATE_EPOCH or 1980.
"""
import base64
import hashlib
import os
import re
import subprocess
import tarfile
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def text(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as f:
        return f.read()


def version():
    return re.search(r'ZONELOOM_VERSION "([^"]+)"', text("gen/cli/version.h"))[1]


def build():
    """The program's path and the wheel's platform."""
    machine = os.uname().machine
    static = os.environ.get("ZONELOOM_WHEEL") == "static"
    done = subprocess.run(["make", "-C", ROOT, f"-j{os.cpu_count()}",
                           "static" if static else "all"], stdout=2)
    if done.returncode != 0:
        raise SystemExit("zoneloom: it does not build here; "
                         "what is missing stands above")
    if static:
        return ("build/static/zoneloom",
                f"manylinux_2_17_{machine}.musllinux_1_1_{machine}")
    return "build/zoneloom", f"linux_{machine}"


def metadata():
    return (f"Metadata-Version: 2.1\nName: zoneloom\nVersion: {version()}\n"
            "Summary: ExternalDNS for git: every DNS change is a reviewed diff\n"
            "License: GPL-3.0-or-later (the program), Apache-2.0 (its source)\n"
            "Requires-Python: >=3.8\n"
            "Description-Content-Type: text/markdown\n\n" + text("README.md"))


def stamp():
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return max(time.gmtime(epoch)[:6], (1980, 1, 1, 0, 0, 0))


def add(wheel, record, name, data, mode):
    info = zipfile.ZipInfo(name, stamp())
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(info, data)
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    record.append(f"{name},sha256={digest.decode().rstrip('=')},{len(data)}")


def build_wheel(folder, config_settings=None, metadata_directory=None):
    program, platform = build()
    with open(os.path.join(ROOT, program), "rb") as f:
        binary = f.read()
    stem = f"zoneloom-{version()}"
    tags = "".join(f"Tag: py3-none-{p}\n" for p in platform.split("."))
    about = ("Wheel-Version: 1.0\nGenerator: zoneloom\n"
             "Root-Is-Purelib: false\n" + tags)
    name = f"{stem}-py3-none-{platform}.whl"
    record = []
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        put = lambda path, data, mode=0o644: add(
            wheel, record, path, data, mode)
        put(f"{stem}.data/scripts/zoneloom", binary, 0o755)
        put(f"{stem}.dist-info/LICENSE", text("LICENSE").encode())
        put(f"{stem}.dist-info/METADATA", metadata().encode())
        put(f"{stem}.dist-info/WHEEL", about.encode())
        record.append(f"{stem}.dist-info/RECORD,,")
        add(wheel, [], f"{stem}.dist-info/RECORD",
            ("\n".join(record) + "\n").encode(), 0o644)
    return name


def build_sdist(folder, config_settings=None):
    stem = f"zoneloom-{version()}"
    files = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True,
                           stdout=subprocess.PIPE).stdout.decode().split("\0")
    name = f"{stem}.tar.gz"
    with tarfile.open(os.path.join(folder, name), "w:gz") as tar:
        for path in sorted(filter(None, files)):
            tar.add(os.path.join(ROOT, path), f"{stem}/{path}", recursive=False)
    return name
