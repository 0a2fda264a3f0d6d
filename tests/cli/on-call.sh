#!/bin/bash
# An incident: docs/on-call.md, each of its command blocks as it stands there,
# and a stranger's fault on main, of each kind, that must not hold up the pin.
. "$(dirname "$0")/../lib.sh"
PATH=$(dirname "$ZONELOOM"):$PATH

ingress() { # FILE HOST [ANNOTATIONS]
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: "$1", namespace: web, annotations: {${3:-}}}
spec: {rules: [{host: $2}]}
E
}
commit() { git add -A && git commit -qm "$1"; }
new() { # NAME
	rm -rf "${work:?}/$1" && mkdir -p "$work/$1" && cd "$work/$1" || exit 1
	git init -q --bare -b main origin.git
	git init -q -b main clone && cd clone || exit 1
	git remote add origin "$work/$1/origin.git"
	mkdir apps dns
	cat >.zoneloom.yaml <<'E'
format: 1
source: [ingress, gateway-httproute]
targets: {default: [198.51.100.7]}
zones:
  example.org:
    static: dns/static.zone
    outputs:
      - {format: bind, mode: include, file: dns/example.org.inc}
      - {format: terraform, zone-id: "${var.zone}", file: dns/r.tf.json}
  example.net:
    outputs: [{format: bind, mode: include, file: dns/example.net.inc}]
E
	cat >dns/static.zone <<'E'
mail.example.org. 300 IN A 198.51.100.8
example.org. 300 IN MX 10 mail.example.org.
example.org. 300 IN TXT "v=spf1 -all; \"x\"" "two \\ parts"
example.org. 600 IN CAA 0 issue "letsencrypt.org;x=y"
_sip._tcp.example.org. 300 IN SRV 1 2 5060 mail.example.org.
www.example.org. 300 IN TXT "by hand"
E
	ingress shop shop.example.org
	ingress web www.example.org
	ingress net www.example.net
	"$ZONELOOM" generate -q
	commit base
	git push -q -u origin main
	git remote set-head origin main
}
# The pin of the page, as its reader types it.
pin() { sed -i '/^zones:/e cat "$work/pin"' .zoneloom.yaml; }
export work
# shellcheck disable=SC2016 # sed's
sed -n '/^```yaml/,/^```/p' "$root/docs/on-call.md" | grep -v '^```' >"$work/pin"
check 'the page shows a pin' grep -q '^overrides:' "$work/pin"

# --- the blocks of the page ---
block() { # TITLE: what stands in the block that begins with "# TITLE"
	awk -v t="# $1" '/^```sh/ { on = 1; n = 0; next }
		/^```/ { on = 0; hit = 0; next }
		on && n++ == 0 && $0 == t { hit = 1 }
		hit' "$root/docs/on-call.md"
}
follow() { # TITLE: run it, and remember that it was
	block "$1" >"$work/block"
	check "the page has: $1" [ -s "$work/block" ]
	echo "# $1" >>"$work/followed"
	run bash -e "$work/block"
}
cat >"$work/editor" <<'E'
#!/bin/bash
sed -i '/^zones:/e cat "$work/pin"' "$1"
E
chmod +x "$work/editor"
export EDITOR="$work/editor"

new page
follow 'Pin it'
check 'pin: exit 0' status_is 0
check 'pin: it is said' err_has 'by override: INC-42: east is down'
check 'pin: the outputs have it' \
	[ "$(grep -l 203.0.113.99 dns/*.inc dns/*.json | wc -l)" = 2 ]
follow 'Look at it'
check 'look: exit 0' status_is 0
check 'look: the change and no other' out_has 'example.org: +0 ~1 -0'
check 'look: from where to where' out_has '198.51.100.7 -> 203.0.113.99'
follow 'Hand it in'
check 'hand in: exit 0' status_is 0
check 'hand in: it is there' [ -n "$(git ls-remote origin pin-shop)" ]
git checkout -q main && git merge -q pin-shop && git push -q
follow 'Undo it'
check 'undo: exit 0' status_is 0
check 'undo: shown as a change' out_has '203.0.113.99 -> 198.51.100.7'
check 'undo: the outputs are those of before' \
	[ -z "$(git diff "$(git rev-list --max-parents=0 HEAD)" -- dns)" ]

# A pull request that holds manifests only: a job on main writes the outputs.
new on-main
pin
git checkout -q -b pin-shop && git commit -qam pin
git checkout -q main && git merge -q pin-shop
follow 'Publish it from main'
check 'on main: exit 0' status_is 0
check 'on main: the branch has it' \
	[ "$(git grep -l 203.0.113.99 dns/review -- dns | wc -l)" = 2 ]

# Somebody else's fault is on main.
new faulty
printf 'kind: Ingress\nbroken: [\n' >apps/other.yaml
commit 'not looked at' && git push -q
follow 'Pin it'
check 'fault: the usual way stops' status_is 3
git checkout -q main && git branch -qD pin-shop && git checkout -q .
follow 'Pin it although main has errors'
check 'fault: written all the same' err_has 'wrote dns/r.tf.json'
check 'fault: loudly' err_has 'all of them stay as they were but for overrides'
cat >.git/hooks/pre-commit <<'E'
#!/bin/sh
exec zoneloom hook pre-commit
E
chmod +x .git/hooks/pre-commit
follow 'Hand it in past the hook'
check 'fault: neither the hook nor gate holds it up' status_is 0
check 'fault: gate shows the pin' out_has '198.51.100.7 -> 203.0.113.99'
check 'fault: gate says what main has' out_has 'main publishes nothing today'
check 'fault: it is there' [ -n "$(git ls-remote origin pin-shop)" ]
git checkout -q main && git merge -q pin-shop
git reset -q --hard HEAD~1 && sed -i '/^zones:/e cat "$work/pin"' .zoneloom.yaml
git commit -qam 'the pin alone' --no-verify
follow 'Publish it from main although main has errors'
check 'fault: from main, too' status_is 0
check 'fault: and it is committed' \
	[ "$(git grep -l 203.0.113.99 dns/review -- dns | wc -l)" = 2 ]
check 'each block of the page was followed' diff \
	<(sed -n '/^```sh/{n;p}' "$root/docs/on-call.md" | sort) \
	<(sort -u "$work/followed")

# --- each kind of fault, in each command ---
gateway() { # FILE TARGET
	cat >"apps/$1.yaml" <<E
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: web, annotations: {external-dns.kubernetes.io/target: $2}}
spec: {listeners: [{name: http, port: 80, protocol: HTTP}]}
E
}
yaml_syntax() { printf 'kind: Ingress\nbroken: [\n' >apps/x.yaml; }
invalid_host() { ingress x '"bad..example.org"'; }
placeholder() { ingress x '"<HOST>"'; }
unresolved() { ingress x '"${NAME}.example.org"'; }
private_address() { ingress x x.example.org 'external-dns.kubernetes.io/target: 10.0.0.1'; }
conflict() { ingress x www.example.org 'external-dns.kubernetes.io/target: 198.51.100.66'; }
two_cnames() { ingress x www.example.org 'external-dns.kubernetes.io/target: lb.example.com'; }
two_ttls() {
	ingress x x.example.org 'external-dns.kubernetes.io/ttl: "60"'
	ingress y x.example.org 'external-dns.kubernetes.io/ttl: "90"'
}
cname_loop() {
	ingress x x.example.org 'external-dns.kubernetes.io/target: y.example.org'
	ingress y y.example.org 'external-dns.kubernetes.io/target: x.example.org'
}
one_object_twice() {
	ingress x x.example.org
	{ echo ---; sed s/x.example/y.example/ apps/x.yaml; } >>apps/x.yaml
}
two_gateways() {
	gateway x 198.51.100.10
	gateway y 198.51.100.11
	cat >apps/route.yaml <<'E'
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: web}
spec: {parentRefs: [{name: gw}], hostnames: [r.example.org]}
E
}
kustomization() { printf 'resources: [missing.yaml]\n' >apps/kustomization.yaml; }
unknown_key() {
	cat >apps/x.yaml <<'E'
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: x, namespace: argocd}
spec:
  destination: {server: https://kubernetes.default.svc, namespace: d}
  source: {repoURL: https://git.example.com/x.git, path: apps, targetRevision: HEAD}
  sourceHydrator: {}
E
}
static_syntax() { echo 'x IN A 1.2.3' >>dns/static.zone; }
static_private() { echo 'x.example.org. 300 IN A 10.0.0.9' >>dns/static.zone; }
static_clash() { echo 'www.example.org. 300 IN A 198.51.100.9' >>dns/static.zone; }
static_missing() { git rm -q dns/static.zone; }
lfs() {
	printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 9\n' \
		7 >apps/x.yaml
}
long_comment() {
	ingress x x.example.org \
		"external-dns.kubernetes.io/cloudflare-record-comment: $(printf %0600d 7)"
}
kinds='yaml_syntax invalid_host placeholder unresolved private_address conflict
	two_cnames two_ttls cname_loop one_object_twice two_gateways kustomization
	unknown_key static_syntax static_private static_clash static_missing lfs
	long_comment'

pinned() { # of shop and of nothing else: what stood before stands
	local old new
	old=$(git show "$1:dns/example.org.inc" | sed 's/ *;.*//; /^shop/d')
	new=$(sed 's/ *;.*//; /^shop/d' dns/example.org.inc)
	grep -q '^shop.*203.0.113.99' dns/example.org.inc || return 1
	[ -z "$(comm -23 <(sort <<<"$old") <(sort <<<"$new"))" ]
}
new kinds
git branch fine
for kind in $kinds; do
	wanted=3
	# What the object had stays, so that it is a warning.
	[ $kind != unknown_key ] || wanted=0
	git checkout -q -f -B main fine && git clean -qfd
	$kind
	commit "$kind"
	run "$ZONELOOM" check
	check "$kind is found" status_is $wanted
	git checkout -q -b pin-shop
	pin
	run "$ZONELOOM" generate --on-error=keep
	check "$kind: generate says it" status_is $wanted
	check "$kind: and pins the name, losing nothing" pinned fine
	run "$ZONELOOM" check --on-error=keep
	check "$kind: check calls nothing stale" [ -z "$(grep ^stale: "$work/.err")" ]
	commit pin
	run "$ZONELOOM" gate main...HEAD
	check "$kind: gate passes" status_is 0
	check "$kind: gate shows the pin" out_has 203.0.113.99
	git checkout -q main && git branch -qD pin-shop
	pin
	commit 'the pin alone'
	run "$ZONELOOM" commit --on-error=keep
	check "$kind: commit says it" status_is $wanted
	check "$kind: and commits the pin" pinned fine
done
done_testing
