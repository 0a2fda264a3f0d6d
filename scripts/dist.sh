#!/bin/bash
# dist.sh [FOLDER]: what a release is made of, from HEAD: the source, its list of
# parts (SPDX) and checksums.  Two runs of one commit write the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-build/dist}
version=$(sed -n 's/^#define ZONELOOM_VERSION "\(.*\)"/\1/p' gen/cli/version.h)
# Only the tagged commit is the version.
if [ "$(git describe --exact-match --match 'v*' 2>/dev/null)" != "v$version" ]; then
	version=$version+g$(git rev-parse --short=12 HEAD)
fi
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct HEAD)
export SOURCE_DATE_EPOCH
mkdir -p "$out"
name=zoneloom-$version
git -c core.abbrev=12 archive --format=tar --prefix="$name/" HEAD |
	gzip -n -9 >"$out/$name.tar.gz"
python3 scripts/sbom.py "$version" >"$out/$name.spdx.json"
for f in build/zoneloom build/static/zoneloom; do
	[ ! -e $f ] || [ -z "${WITH_PROGRAMS:-}" ] ||
		cp $f "$out/$name-$(basename "$(dirname $f)" | sed 's/build/dynamic/')-linux-$(uname -m)"
done
(cd "$out" && sha256sum "$name"* >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)
echo "$out/$name.tar.gz"
