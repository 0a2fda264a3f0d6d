#!/bin/bash
# Several configurations in one repository, copies of other projects' outputs,
# files of older releases: who may remove what.
. "$(dirname "$0")/../lib.sh"

ingress() { # name host
	cat <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web}
spec: {rules: [{host: $2}]}
E
}
config() { # zone format file more...
	cat <<E
format: 1
targets: {default: [203.0.113.10]}
zones:
  $1:
    outputs:
      - {format: $2, file: "$3"${4:+, $4}}
E
}
fresh() {
	rm -rf "$work/repo" && mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
	git init -q -b main
	ingress a a.example.org >apps/a.yaml
	ingress b b.example.net >apps/b.yaml
	config example.org bind dns/org.inc 'mode: include' >.zoneloom.yaml
	config example.net bind dns/net.inc 'mode: include' >other.yaml
}
commit() { git add -A && git commit -qm "$1"; }

fresh
"$ZONELOOM" generate -q
run "$ZONELOOM" --config other.yaml generate
check 'the other one writes its own' status_is 0
check 'and leaves those of the first' [ -f dns/org.inc ]
check 'each file names its configuration' grep -q '(format 1, other.yaml)' dns/net.inc
run "$ZONELOOM" check
check 'the first finds nothing stale' status_is 0
run "$ZONELOOM" --config ./apps/../other.yaml check
check 'a path is one path however it is written' status_is 0
run "$ZONELOOM" --config "$PWD/other.yaml" check
check 'also an absolute one' status_is 0
commit base

# Each removes what it wrote itself, wherever it lies, under whatever name.
mkdir -p deep/er
git mv dns/org.inc deep/er/org.zone
git mv dns/net.inc dns/renamed
run "$ZONELOOM" generate --allow-deletes=0
check 'a file that was renamed is written again' [ -f dns/org.inc ]
check 'and its copy goes' [ ! -e deep/er/org.zone ]
check 'the other configuration keeps its own' [ -f dns/renamed ]
run "$ZONELOOM" --config other.yaml generate
check 'until its own turn' [ ! -e dns/renamed ]
git reset -q --hard

# One file, two configurations.
config example.net bind dns/org.inc 'mode: include' >other.yaml
run "$ZONELOOM" --config other.yaml generate
check 'one file is not written by two' status_is 3
check 'and both are named' err_has 'dns/org.inc: error: the file is also an output of .zoneloom.yaml'
git mv .zoneloom.yaml dns.yaml
git checkout -q other.yaml
run "$ZONELOOM" --config dns.yaml generate
check 'a configuration that was renamed takes over' status_is 0
check 'its files' grep -q '(format 1, dns.yaml)' dns/org.inc
git reset -q --hard

# A project in the project, and a copy of one without its configuration.
mkdir -p vendor/whole/dns vendor/files copied/dns
cp dns/org.inc vendor/whole/dns/x.inc
cp .zoneloom.yaml vendor/whole/
sed 's/(format 1, [^)]*)/(format 1, infra\/dns.yaml)/' dns/org.inc >vendor/files/y.inc
sed 's/(format 1, [^)]*)/(format 1)/' dns/org.inc >copied/dns/z.inc
run "$ZONELOOM" generate
check 'copies of other projects are nothing of ours' status_is 0
check 'with a configuration beside them' [ -f vendor/whole/dns/x.inc ]
check 'with another path in the header' [ -f vendor/files/y.inc ]
check 'of an older release, elsewhere' [ -f copied/dns/z.inc ]
sed 's/(format 1, [^)]*)/(format 1)/' dns/org.inc >dns/old.zone
ln -s org.inc dns/link.inc
run "$ZONELOOM" generate
check 'of an older release, beside the outputs: obsolete' [ ! -e dns/old.zone ]
check 'a link is no output' [ -L dns/link.inc ]

# What the base wrote to counts too.
fresh
config example.org bind old/org.db 'mode: include' >.zoneloom.yaml
"$ZONELOOM" generate -q
sed -i 's/(format 1, [^)]*)/(format 1)/' old/org.db
commit base
config example.org bind dns/org.inc 'mode: include' >.zoneloom.yaml
run "$ZONELOOM" generate
check "of an older release, in the base's folder: obsolete" [ ! -e old/org.db ]

# A zone whose only format is dnsendpoint.
fresh
config example.org dnsendpoint clusters/prod/dns.yaml >.zoneloom.yaml
"$ZONELOOM" generate -q
commit base
config example.org dnsendpoint 'clusters/{zone}/dns.yaml' >.zoneloom.yaml
run "$ZONELOOM" generate
check 'dnsendpoint: the new file' [ -f clusters/example.org/dns.yaml ]
check 'dnsendpoint: the old one goes' [ ! -e clusters/prod/dns.yaml ]
commit moved
rm apps/a.yaml
run "$ZONELOOM" diff
check 'dnsendpoint: diff reads it' out_has 'a.example.org'
run "$ZONELOOM" generate
check 'dnsendpoint: the brake works' status_is 6

# Hostile names: the header stays one line, and is understood again.
fresh
name=$'a b), "x": {\n$ORIGIN evil.example.yaml'
git mv -f other.yaml "$name" 2>/dev/null || mv other.yaml "$name"
run "$ZONELOOM" --config "$name" generate
check 'any name of a configuration works' status_is 0
check 'its header is one line' [ "$(grep -c . dns/net.inc)" = "$(grep -cE '^(; Code|[ab]-|b\.)' dns/net.inc)" ]
run "$ZONELOOM" --config "$name" check
check 'and is read again' status_is 0
done_testing
