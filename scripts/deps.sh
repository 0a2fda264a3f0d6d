#!/bin/sh
# Install the Debian packages of deps.txt that are missing, and say so.
# `deps.sh packages`: those that only `make packages` needs.
set -eu
cd "$(dirname "$0")/.."

wanted=$(sed '/^# To package/,$d; /^#/d' deps.txt)
[ "${1:-}" != packages ] || wanted=$(sed '1,/^# To package/d; /^#/d' deps.txt)
missing=
for p in $wanted; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null |
		grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "zoneloom: install these, by their names on your system:$missing" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null || {
		echo "zoneloom: as root, type: apt-get install$missing" >&2
		exit 1
	}
fi
echo "zoneloom: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q >/dev/null
# shellcheck disable=SC2086 # a list of words
$sudo apt-get install -q -y --no-install-recommends $missing >/dev/null
