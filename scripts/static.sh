#!/bin/bash
# static.sh: build/static/libgit2.a, libgit2 without its transports.
#
# Debian's libgit2.a wants mbedTLS, libssh2 and Kerberos, for fetching and
# pushing, which zoneloom never does.  So it is built here from Debian's own
# source package, patches included, with HTTPS and SSH left out.
# LIBGIT2_SOURCE=DIR: an unpacked source package, where nothing may be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
version=1.5.1+ds-1+deb12u1
out=$PWD/build/static
[ "$(cat "$out/.libgit2" 2>/dev/null)" = "$version" ] && exit 0
missing=
for p in cmake libhttp-parser-dev dpkg-dev; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null |
		grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] || {
	echo "zoneloom: a static program needs these packages:$missing" >&2
	exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sources that this machine has, asked for source packages; its own lists
# are left alone.
source_package() {
	local from=/etc/apt/sources.list lists
	[ ! -e /etc/apt/sources.list.d/debian.sources ] ||
		from=/etc/apt/sources.list.d/debian.sources
	mkdir -p "$work/parts" "$work/lists/partial"
	lists=$work/source.${from##*.}
	sed 's/^deb /deb-src /; s/^Types: deb$/Types: deb-src/' "$from" >"$lists"
	apt() {
		apt-get -q -o Dir::Etc::sourcelist="$lists" \
			-o Dir::Etc::sourceparts="$work/parts" \
			-o Dir::State::Lists="$work/lists" \
			-o APT::Sandbox::User=root "$@"
	}
	cd "$work"
	apt update && apt source --download-only "libgit2=$version" &&
		dpkg-source -x --no-check ./*.dsc "$work/source"
}

mkdir -p "$out"
if [ -n "${LIBGIT2_SOURCE:-}" ]; then
	cp -r "$LIBGIT2_SOURCE" "$work/source"
else
	(source_package) >"$out/libgit2.log" 2>&1 || {
		tail -n 5 "$out/libgit2.log" >&2
		echo "zoneloom: no source package libgit2 $version" >&2
		exit 1
	}
fi
{
	cmake -S "$work/source" -B "$work/b" -DCMAKE_BUILD_TYPE=Release \
		-DCMAKE_POSITION_INDEPENDENT_CODE=ON -DBUILD_SHARED_LIBS=OFF \
		-DCMAKE_C_FLAGS="-fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$work/source=libgit2" \
		-DUSE_HTTPS=OFF -DUSE_SSH=OFF -DUSE_GSSAPI=OFF \
		-DUSE_NTLMCLIENT=OFF -DUSE_BUNDLED_ZLIB=OFF \
		-DUSE_HTTP_PARSER=system -DREGEX_BACKEND=regcomp \
		-DBUILD_TESTS=OFF -DBUILD_CLI=OFF
	cmake --build "$work/b" --target libgit2package -j 2
} >>"$out/libgit2.log" 2>&1 || {
	tail -n 15 "$out/libgit2.log" >&2
	exit 1
}
cp "$work/b/libgit2.a" "$out/"
echo "$version" >"$out/.libgit2"
