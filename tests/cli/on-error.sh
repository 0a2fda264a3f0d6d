#!/bin/bash
# on-error: all, zone and keep; and what a faulty snapshot leaves alone.
. "$(dirname "$0")/../lib.sh"

lay() { # on-error
	rm -rf "$work/repo"
	mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
	cat >.zoneloom.yaml <<E
format: 1
on-error: $1
targets: {default: [203.0.113.10]}
zones:
  one.example:
    outputs: [{format: terraform, zone-id: "\${var.one}", file: dns/one.tf.json}]
  two.example:
    outputs: [{format: terraform, zone-id: "\${var.two}", file: dns/two.tf.json}]
E
	app a a.one.example
	app b b.two.example
	run "$ZONELOOM" generate --dir .
	check "$1: first outputs" status_is 0
	rm -rf "$work/before"; cp -r dns "$work/before"
}
app() { # file host [annotations]
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web, annotations: {${3:-}}}
spec: {rules: [{host: $2}]}
E
}

lacks() { # TEXT FILE
	! grep -q "$1" "$2"
}

lay all
app a new.one.example
app b b.two.example 'external-dns.kubernetes.io/target: 10.0.0.1'
run "$ZONELOOM" generate --dir .
check 'all: exit 3' status_is 3
check 'all: nothing is written' diff -r "$work/before" dns

lay zone
app a new.one.example
app b b.two.example 'external-dns.kubernetes.io/target: 10.0.0.1'
run "$ZONELOOM" generate --dir .
check 'zone: exit 3 all the same' status_is 3
check 'zone: the other zone is written' grep -q new.one.example dns/one.tf.json
check 'zone: the faulty one is left' cmp -s "$work/before"/two.tf.json dns/two.tf.json
check 'zone: and that is said' err_has 'not written: dns/two.tf.json'

lay keep
app c c.two.example
app b b.two.example 'external-dns.kubernetes.io/target: 10.0.0.1'
run "$ZONELOOM" generate --dir .
check 'keep: exit 3 all the same' status_is 3
check 'keep: the new name is written' grep -q c.two.example dns/two.tf.json
check 'keep: the refused name keeps its record' \
	grep -q '"name": "b.two.example"' dns/two.tf.json
check 'keep: and its owner' grep -q 'a-b.two.example' dns/two.tf.json
check 'keep: loudly' err_has 'its previous record stays'

lay keep
app aa b.two.example 'external-dns.kubernetes.io/target: 203.0.113.66'
run "$ZONELOOM" generate --dir .
check 'keep: exit 3 after a conflict' status_is 3
check 'keep: nobody takes a name over' \
	grep -q '"content": "203.0.113.10"' dns/two.tf.json
check 'keep: nor adds to it' lacks '203.0.113.66' dns/two.tf.json

lay keep
app c b.one.example 'external-dns.kubernetes.io/target: lb.example.net'
app d b.one.example
app e e.one.example
run "$ZONELOOM" generate --dir .
check 'keep: a CNAME beside an address is exit 3' status_is 3
check 'keep: a new name that is faulty is not written' \
	lacks 'b.one.example' dns/one.tf.json
check 'keep: one beside it is' grep -q 'e.one.example' dns/one.tf.json

lay keep
app c c.two.example
printf 'kind: Ingress\nbroken: [\n' >apps/d.yaml
run "$ZONELOOM" generate --dir .
check 'keep: a file that does not parse stops everything' status_is 3
check 'keep: nothing is written then' diff -r "$work/before" dns

# unresolved: keep finds the records of an object by their owner.
lay all
sed -i 's/^on-error.*/unresolved: keep/' .zoneloom.yaml
app b '"${NAME}.two.example"'
app c c.two.example
run "$ZONELOOM" generate --dir .
check 'unresolved keep: exit 0' status_is 0
check 'unresolved keep: the previous record stays' \
	grep -q '"name": "b.two.example"' dns/two.tf.json
check 'unresolved keep: with its owner' grep -q a-b.two.example dns/two.tf.json
check 'unresolved keep: loudly' err_has 'lacks a variable; its previous record stays'
check 'unresolved keep: the others go on' grep -q c.two.example dns/two.tf.json
run "$ZONELOOM" check --dir .
check 'unresolved keep: and check agrees' status_is 0
# Without ownership TXT the comments say whose a record was.
for two in 'format: dnsendpoint, file: dns/two.yaml' \
	'format: bind, mode: include, file: dns/two.inc'; do
	rm -rf "$work/plain" && mkdir "$work/plain" && cd "$work/plain" || exit 1
	mkdir apps && git init -q
	cat >.zoneloom.yaml <<-E
	format: 1
	registry: noop
	unresolved: keep
	targets: {default: [203.0.113.10]}
	zones: {two.example: {outputs: [{$two}]}}
	E
	app b b.two.example
	app c c.two.example
	"$ZONELOOM" generate -q
	git add -A && git commit -qm base
	app b "'\${X}.two.example'"
	run "$ZONELOOM" generate
	check "unresolved keep, $two: the record stays" grep -q b.two.example dns/two.*
	check "unresolved keep, $two: loudly" err_has 'its previous record stays'
	check "unresolved keep, $two: its comment, too" [ "$(grep -c 'ingress web/b' dns/two.*)" = 1 ]
	run "$ZONELOOM" check
	check "unresolved keep, $two: check agrees" status_is 0
done
cd "$work/repo" || exit 1

sed -i 's/^unresolved.*/unresolved: skip/' .zoneloom.yaml
"$ZONELOOM" generate -q --dir .
check 'unresolved skip: it goes' [ -z "$(grep b.two.example dns/two.tf.json)" ]

lay all
chmod 500 dns
app a new.one.example
if [ "$(id -u)" = 0 ]; then
	# Root writes anywhere: a folder in the way of the file stands in.
	chmod 700 dns
	rm dns/one.tf.json && mkdir dns/one.tf.json
	run "$ZONELOOM" generate --dir .
	check 'a failed write is exit 4' status_is 4
	check 'the other file is whole' cmp -s "$work/before"/two.tf.json dns/two.tf.json
else
	run "$ZONELOOM" generate --dir .
	check 'a failed write is exit 4' status_is 4
	check 'the old file is whole' cmp -s "$work/before"/one.tf.json dns/one.tf.json
fi
check 'no temporary file stays' [ -z "$(find . -name '.zoneloom.*' ! -name .zoneloom.yaml)" ]
done_testing
