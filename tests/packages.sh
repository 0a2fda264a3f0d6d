# Sourced by the tests of what a release is made of: each artefact is built,
# installed where nothing of ours is, and does the main job there.  V=1 shows what
# each one is and took.  The roots are folders: a test has no container daemon.
# shellcheck shell=bash
: "${work:?}" "${root:?}" # of lib.sh
cd "$root" || exit 1
needs_root() {
	[ "$(id -u)" = 0 ] && return
	echo "skip ${0##*/}: a new Debian needs root"
	# shellcheck disable=SC2034 # of lib.sh
	ended=1
	exit 0
}
out=$root/build/packages/$(basename "$0" .sh)
log=$root/build/packages/$(basename "$0" .sh).log
MAKEFLAGS=-j$(nproc)
export MAKEFLAGS
version=$(sed -n 's/^#define ZONELOOM_VERSION "\(.*\)"/\1/p' gen/cli/version.h)
rm -rf "$out"
export version
mkdir -p "$out"
: >"$log"
note() { [ -z "${V:-}" ] || echo "  $*"; }
said() { "$@" >>"$log" 2>&1 || { tail -n 15 "$log"; false; }; }
bytes() { stat -c %s "$1"; }

# The tree as git would have it, with what is not yet committed.
tree() { # FOLDER
	mkdir -p "$1"
	git ls-files -z --cached --others --exclude-standard |
		while IFS= read -r -d '' f; do
			[ ! -e "$f" ] && [ ! -L "$f" ] || printf '%s\0' "$f"
		done | xargs -0 cp -P --parents -t "$1"
}

# The main job, as the program of a package does it: the outputs are those of
# the program that was built here.
example=$root/examples/manifests/whoami
repository() { # FOLDER
	rm -rf "$1"
	cp -r "$example" "$1"
	git -C "$1" init -q -b main
	git -C "$1" add -A
	git -C "$1" commit -qm manifests
}
repository "$work/want"
"$root/build/zoneloom" -C "$work/want" generate >/dev/null 2>&1
# main_job FOLDER COMMAND...: COMMAND runs the program for the repository there.
main_job() {
	local folder=$1
	shift
	"$@" generate >"$work/job" 2>&1 || { cat "$work/job"; return 1; }
	diff -r --exclude=.git "$work/want" "$folder"
}
# An empty Debian, once: a tar of it is kept.  Nothing is mounted where the end of
# a test would look for it: debootstrap has the mounts of its own, and a root has
# the few devices that it made.
empty_root() { # FOLDER
	local kept=$root/build/tools/debian-root.tar mirror
	if [ ! -e "$kept" ]; then
		mirror=$(awk '$1 == "URIs:" { print $2; exit }
			$1 == "deb" { print $2; exit }' \
			/etc/apt/sources.list.d/debian.sources \
			/etc/apt/sources.list 2>/dev/null)
		said unshare --mount --propagation private debootstrap \
			--variant=minbase bookworm "$work/first" "$mirror" ||
			return 1
		rm -f "$work"/first/var/cache/apt/archives/*.deb
		mkdir -p "$root/build/tools"
		tar -C "$work/first" -cf "$kept.new" . && mv "$kept.new" "$kept"
		rm -rf "$work/first"
	fi
	mkdir -p "$1" && tar -C "$1" -xf "$kept" || return 1
	cp /etc/resolv.conf "$1/etc/" 2>/dev/null
	rm -f "$1/etc/apt/sources.list"
	cp -r /etc/apt/sources.list* "$1/etc/apt/" &&
		cp -r /usr/share/keyrings "$1/usr/share/" &&
		cp -r /etc/apt/apt.conf.d "$1/etc/apt/"
}
enter() { # FOLDER COMMAND...: a login of its own, with no word of this one's
	local folder=$1
	shift
	env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root \
		DEBIAN_FRONTEND=noninteractive chroot "$folder" "$@"
}
