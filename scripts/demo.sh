#!/bin/bash
# The main job, from manifests to answers of a real name server.
set -euo pipefail
program=$(readlink -f "${1:-build/zoneloom}")
example=$(readlink -f "$(dirname "$0")/../examples/manifests/whoami")
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
named=
cleanup() {
	[ -z "$named" ] || kill "$named" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# What a user would type, then what it prints.
run() {
	printf '\033[1m$ %s\033[0m\n' "$*"
	"$@"
}
zoneloom() { "$program" "$@"; }

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.com
export GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.com
cp -r "$example" "$work/repo"
cd "$work/repo"
git init -q -b main
git add -A
git commit -qm 'manifests of two apps'

say 'The records that the manifests ask for'
run zoneloom list

say 'Written as Terraform JSON for Cloudflare and as a zone for BIND'
run zoneloom generate
run cat dns/retake.fr/records.gen.tf.json
run cat dns/retake.fr.zone

say 'A stale output is an exit status, and a diff'
run zoneloom check
sed -i 's/whoami\.retake\.fr/hello.retake.fr/' apps/whoami/ingress.yaml
zoneloom check && exit 1 || echo "(exit $?)"
run zoneloom diff
git checkout -q -- apps

say 'On a review branch, without touching what you are working on'
git clean -qfd dns/retake.fr dns/retake.fr.zone
run zoneloom commit --branch dns/review
run git show --stat dns/review
git checkout -q dns/review

say 'A real named serves the zone; dig asks it'
cat >"$work/named.conf" <<CONF
options {
	directory "$work";
	pid-file "$work/named.pid";
	session-keyfile "$work/session.key";
	listen-on port 5399 { 127.0.0.1; };
	listen-on-v6 { none; };
	recursion no;
	notify no;
};
controls { };
zone "retake.fr" { type primary; file "$work/repo/dns/retake.fr.zone"; };
CONF
named-checkzone -i local retake.fr dns/retake.fr.zone
named -g -c "$work/named.conf" >"$work/named.log" 2>&1 &
named=$!
for _ in $(seq 50); do
	dig +short +time=1 +tries=1 -p 5399 @127.0.0.1 retake.fr SOA \
		>/dev/null 2>&1 && break
	sleep 0.1
done
for q in 'whoami.retake.fr A' 'shop.retake.fr AAAA' 'retake.fr MX' \
	'a-whoami.retake.fr TXT'; do
	# shellcheck disable=SC2086 # name and type
	answer=$(dig +short -p 5399 @127.0.0.1 $q)
	printf '\033[1m$ dig %s\033[0m\n%s\n' "$q" "$answer"
	[ -n "$answer" ]
done
say 'Done. Nothing outside a temporary folder was changed.'
