#!/bin/bash
# The Debian package, in a new root.
. "$(dirname "$0")/../lib.sh"
needs dpkg-buildpackage lintian debootstrap
. "$(dirname "$0")/../packages.sh"
: "${work:?}" "${root:?}" "${out:?}" "${version:?}" # of these two
needs_root

debian() {
	tree "$work/deb/zoneloom-$version"
	cd "$work/deb/zoneloom-$version" &&
		said dpkg-buildpackage -us -uc -b -j2 &&
		cp "$work/deb"/zoneloom_*.deb "$out/"
}
check 'Debian package: it builds' debian
deb=$(echo "$out"/zoneloom_*.deb)
lint() {
	lintian --allow-root --fail-on=error,warning "$deb" >"$work/lintian" 2>&1 ||
		{ cat "$work/lintian"; false; }
}
check 'Debian package: lintian has nothing to say' lint
hardened() {
	local d
	mkdir -p "$work/x" && dpkg-deb -x "$deb" "$work/x" &&
		d=$(readelf -W -d -l -n "$work/x/usr/bin/zoneloom") || return 1
	grep -q 'BIND_NOW' <<<"$d" && grep -q GNU_RELRO <<<"$d" &&
		grep -q 'PIE' <<<"$d" || return 1
	[ "$(uname -m)" != x86_64 ] || grep -q 'IBT, SHSTK' <<<"$d"
}
check 'Debian package: RELRO, BIND_NOW, PIE, CET' hardened
installed() {
	empty_root "$work/debroot" && cp "$deb" "$work/debroot/" &&
		said enter "$work/debroot" apt-get -q update &&
		said enter "$work/debroot" apt-get -q install -y \
			--no-install-recommends "/${deb##*/}" &&
		repository "$work/debroot/repo" &&
		main_job "$work/debroot/repo" \
			enter "$work/debroot" zoneloom -C /repo
}
check 'Debian package: installed in a new root, the main job' installed
# shellcheck disable=SC2016 # expanded by the inner shell
check 'Debian package: it leaves nothing' bash -c '
	chroot "$1" dpkg --purge zoneloom >/dev/null 2>&1 &&
	! find "$1/usr" -name "*zoneloom*" | grep .' - "$work/debroot"
note "deb: $(bytes "$deb") bytes; apt-get install in a new root: generate"
done_testing
