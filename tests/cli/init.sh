#!/bin/bash
# init: what it writes from a repository and from an ExternalDNS, that it never
# writes over a file, and that what it wrote is read without a complaint.
# tests/cli/init/NAME.yaml gives NAME.expected; UPDATE=1 rewrites that.
set -u
cd "$(dirname "$0")/../.." || exit 1
zl=$(readlink -f "${ZONELOOM:-build/zoneloom}")
here=$PWD/tests/cli/init
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
fails=0
check() { # NAME CONDITION...: run as a command
	local name=$1
	shift
	if "$@"; then echo "ok init/$name"
	else echo "not ok init/$name: $*"; fails=1; fi
}
loads() { "$zl" list --dir "$1" >/dev/null 2>&1; }
repository() { rm -rf "$work/r" && git init -q "$work/r" && cd "$work/r" || exit 1; }

mkdir "$work/empty" && cd "$work/empty" || exit 1
for f in "$here"/*.yaml; do
	n=$(basename "$f" .yaml)
	cp "$f" "$n.yaml"
	{
		"$zl" init --stdout --from-external-dns "$n.yaml" 2>err
		echo "# status $?"
		sed 's/^/# stderr: /' err
	} >"$n.got"
	[ -z "${UPDATE:-}" ] || cp "$n.got" "$here/$n.expected"
	check "from $n" diff -u "$here/$n.expected" "$n.got"
	grep -q '^# status 0' "$n.got" || continue
	mkdir -p "$n" && cp "$n.got" "$n/.zoneloom.yaml"
	check "what came of $n is read" loads "$n"
done
check 'a secret is never repeated' sh -c '! grep -rn hunter2 ./*.got'
"$zl" init --stdout --from-external-dns - <values.yaml >piped
grep -v '^# st' values.got >plain
check 'standard input is a file too' cmp piped plain
"$zl" init --stdout --from-external-dns absent.yaml >out 2>err
check 'no such file is status 4' test $? = 4
check 'no such file prints nothing' test ! -s out

repository
mkdir apps
cat >apps/web.yaml <<'END'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules: [{host: www.shop.example.co.uk}, {host: localhost}, {host: a.b.example.org}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  annotations: {external-dns.kubernetes.io/target: 203.0.113.9}
spec:
  rules: [{host: "*.x.example.org"}, {host: "${NAME}.example.com"}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: gw
  annotations: {external-dns.kubernetes.io/target: 203.0.113.9}
spec: {listeners: [{name: http, protocol: HTTP, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route}
spec:
  parentRefs: [{name: gw}]
  hostnames: [r.example.net]
END
cd apps || exit 1
"$zl" init >../out 2>../err
check 'of a repository' test $? = 0
cd .. || exit 1
check 'at its root' test -f .zoneloom.yaml
check 'zones by registrable domain' test \
	"$(grep -E '^  [a-z]' .zoneloom.yaml | tr -d ' \n')" = 'example.co.uk:example.net:example.org:'
check 'the sources that make records' grep -qx 'source: \[gateway-httproute, ingress\]' .zoneloom.yaml
check 'the objects without a target' grep -q 'no target: 1\.' .zoneloom.yaml
check 'a starter beside each output' test -f dns/example.org/versions.tf
check 'says what it wrote' grep -qx 'wrote .zoneloom.yaml' out
cp .zoneloom.yaml before
"$zl" init >out 2>err
check 'a second time is status 2' test $? = 2
check 'a second time says why' grep -q 'already exists' err
check 'a second time leaves the file' cmp .zoneloom.yaml before
"$zl" init --from-external-dns "$here/silent.yaml" >out 2>err
check 'nor writes from an ExternalDNS' test $? = 2
check 'nor so leaves the file' cmp .zoneloom.yaml before
ln -sf /nowhere link && mv .zoneloom.yaml kept && ln -s /nowhere .zoneloom.yaml
"$zl" init >out 2>err
check 'a dangling link is a file too' test $? = 2
rm .zoneloom.yaml && mv kept .zoneloom.yaml

echo 'mine' >dns/example.org/versions.tf
rm .zoneloom.yaml
"$zl" init >out 2>err
check 'leaves a versions.tf that is there' test "$(cat dns/example.org/versions.tf)" = mine
"$zl" generate --dry-run --unresolved=skip >out 2>err
check 'the next command can be generate' test $? = 0

repository
"$zl" init >out 2>err
check 'of an empty repository' test $? = 0
check 'of an empty repository is read' loads .
cd "$work" && git init -q --bare bare.git && cd bare.git || exit 1
"$zl" init >out 2>err
check 'a bare repository is refused' test $? = 4
exit $fails
