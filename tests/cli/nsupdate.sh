#!/bin/bash
# Scripts for nsupdate between two revisions, applied to a real named: what it
# transfers is the zone of the second revision, and a second time the server
# refuses.  Of 200 random pairs of repositories a twentieth, FULL=1 all.
. "$(dirname "$0")/../lib.sh"
. "$root/tests/named.sh"
count=$(sample 200)
py=$root/tests/cli/nsupdate.py

pairs() {
	local port
	mkdir "$work/pairs"
	python3 "$py" "$ZONELOOM" "$work/pairs" "$count" "$seed" || return 1
	port=$(named_port 127.0.0.1)
	named_start "$work/pairs" 127.0.0.1 "$port" p0.example.com || return 1
	python3 "$py" --apply "$ZONELOOM" "$work/pairs" "$count" 127.0.0.1 \
		"$port"
}
check nsupdate/pairs pairs

# Nothing is printed where the new state is not known, or is held back.
repository() {
	git init -q "$work/repo" && cd "$work/repo" || return 1
	cat >.zoneloom.yaml <<-'CONFIG'
	format: 1
	zones:
	  example.com:
	    static: s.zone
	    outputs:
	      - {format: bind, mode: include, file: dns/example.com.inc}
	CONFIG
	for i in $(seq 20); do echo "h$i 60 A 192.0.2.$i"; done >s.zone
	git add -A && git commit -qm one
	head -n 5 s.zone >s.new && mv s.new s.zone
	git commit -qam two
	echo 'x 60 A 192.0.2.256' >>s.zone
	git commit -qam three
	git checkout -q HEAD~1
}
check nsupdate/repository repository
run "$ZONELOOM" diff -q -o nsupdate HEAD~1 HEAD
check nsupdate/brake status_is 6
check nsupdate/brake-prints-nothing test -z "$out"
check nsupdate/brake-says err_has --allow-deletes=15
run "$ZONELOOM" diff -q -o nsupdate --allow-deletes=15 HEAD~1 HEAD
check nsupdate/released status_is 0
check nsupdate/prerequisite out_has \
	'prereq yxrrset h6.example.com. IN A 192.0.2.6'
check nsupdate/deletes out_has 'update delete h6.example.com. IN A'
check nsupdate/leaves-the-rest out_lacks h5.example.com
run "$ZONELOOM" diff -q -o nsupdate --exit-code HEAD HEAD
check nsupdate/no-change status_is 0
check nsupdate/no-change-prints-nothing test -z "$out"
three=$(git rev-parse 'HEAD@{1}')
run "$ZONELOOM" diff -q -o nsupdate HEAD "$three"
check nsupdate/error status_is 3
check nsupdate/error-prints-nothing test -z "$out"
run "$ZONELOOM" diff -q -o nsupdate "$three" HEAD
check nsupdate/error-before status_is 3
check nsupdate/error-before-prints-nothing test -z "$out"
run "$ZONELOOM" diff -o nsupdate
check nsupdate/wants-two status_is 2
run "$ZONELOOM" diff -o yaml HEAD~1 HEAD
check nsupdate/format status_is 2
cat >.zoneloom.yaml <<'CONFIG'
format: 1
zones:
  example.com: {static: s.zone}
  example.com@internal: {addresses: any}
publishers:
  - {name: in, zones: ["*@internal"]}
  - {name: out, zones: ["example.com"]}
CONFIG
run "$ZONELOOM" diff -q -o nsupdate --allow-deletes=15 HEAD~1
check nsupdate/views status_is 2
run "$ZONELOOM" diff -q -o nsupdate --allow-deletes=15 --zone example.com HEAD~1
check nsupdate/one-view status_is 0

# A name that only Terraform knows is no name to a server.
cat >.zoneloom.yaml <<'CONFIG'
format: 1
vars: {DOMAIN: {terraform: var.domain}}
targets: {default: [203.0.113.10]}
zones: {"${DOMAIN}": {}}
CONFIG
git add -A && git commit -qm expression
cat >expression.yaml <<'MANIFEST'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, namespace: web}
spec: {rules: [{host: "a.${DOMAIN}"}]}
MANIFEST
git add -A && git commit -qm record
run "$ZONELOOM" diff -q -o nsupdate HEAD~1 HEAD
check nsupdate/expression status_is 3
check nsupdate/expression-says-so err_has 'diff -o nsupdate cannot write a name that is a Terraform expression'
check nsupdate/expression-prints-nothing test -z "$out"
done_testing
