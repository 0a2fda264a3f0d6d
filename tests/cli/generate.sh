#!/bin/bash
# generate: what it writes, what it refuses to overwrite, merges, --index.
. "$(dirname "$0")/../lib.sh"
mkdir -p "$work/repo/apps" && cd "$work/repo" || exit 1
git init -q -b main
cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [203.0.113.10]}
zones:
  retake.fr:
    outputs:
      - {format: terraform, zone-id: "${var.z}", file: dns/records.gen.tf.json}
      - {format: bind, file: dns/retake.fr.zone, soa: {mname: ns1.example.net, rname: hostmaster@retake.fr}, ns: [ns1.example.net, ns2.example.net]}
E
app() { # file host
	cat >"apps/$1.yaml" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: $1, namespace: web}
spec: {rules: [{host: $2}]}
E
}
serial() { grep -o '[0-9]* *; serial' "${1:-dns/retake.fr.zone}" | cut -d' ' -f1; }

app shop shop.retake.fr
run "$ZONELOOM" generate --dry-run
check '--dry-run says what' out_has 'would write dns/retake.fr.zone'
check '--dry-run writes nothing' [ ! -e dns ]
run "$ZONELOOM" generate --exit-code
check '--exit-code: 1 when it wrote' status_is 1
run "$ZONELOOM" generate --exit-code
check 'a second run writes nothing' status_is 0
check 'and says so' err_has 'nothing to write'
before=$(stat -c %Y.%i dns/retake.fr.zone)
run "$ZONELOOM" generate
check 'an unchanged file is not touched' [ "$before" = "$(stat -c %Y.%i dns/retake.fr.zone)" ]
git add -A && git commit -qm base
first=$(serial)
app blog blog.retake.fr
"$ZONELOOM" generate -q
check 'the serial moves with the zone' [ "$(serial)" -gt "$first" ]
second=$(serial)
sed -i 's/name: blog/name: journal/' apps/blog.yaml
"$ZONELOOM" generate -q
check 'once for one change against HEAD' [ "$(serial)" = "$second" ]

# Two branches, each with its own name and its own outputs, merged.
git add -A && git commit -qm blog
git checkout -qb other HEAD~1
app wiki wiki.retake.fr
"$ZONELOOM" generate -q
git add -A && git commit -qm wiki
run git merge -q main
check 'git itself sees the serials conflict' [ "$status" != 0 ]
run "$ZONELOOM" generate
check 'a conflict is not taken for an output' status_is 3
check 'and says what to type' err_has '--resolve'
run "$ZONELOOM" generate --resolve
check '--resolve writes what the merged manifests say' status_is 0
check 'both names are there' [ "$(grep -cE '^(blog|wiki).retake.fr' dns/retake.fr.zone)" = 2 ]
check 'no conflict is left' [ -z "$(grep -l '^<<<<' dns/*)" ]
check 'the serial is ahead of both' [ "$(serial)" -gt "$second" ]
git add -A && git commit -qm merged
run "$ZONELOOM" check
check 'and the result is what check wants' status_is 0

# Files that are not ours.
echo 'hand-written' >dns/retake.fr.zone
run "$ZONELOOM" generate
check 'a file without our header is not overwritten' status_is 3
check 'it is whole' grep -q hand-written dns/retake.fr.zone
git checkout -q dns
ln -sf /tmp/elsewhere.$$ dns/records.gen.tf.json
run "$ZONELOOM" generate
check 'no write through a symbolic link' [ ! -e /tmp/elsewhere.$$ ]
check 'it is refused' [ "$status" != 0 ]
git checkout -q dns

# The index, not the work tree.
app staged staged.retake.fr
git add apps/staged.yaml
app unstaged unstaged.retake.fr
run "$ZONELOOM" generate --index
check '--index reads what is staged' grep -q '^staged.retake.fr' dns/retake.fr.zone
check '--index reads nothing else' [ -z "$(grep unstaged dns/retake.fr.zone)" ]
rm apps/unstaged.yaml
git checkout -q dns
echo '; my own note' >>dns/retake.fr.zone
run "$ZONELOOM" generate --index
check 'an unstaged edit is not overwritten' status_is 4
check 'it says what to type' err_has 'git checkout -- dns/retake.fr.zone'
git reset -q --hard && rm -f apps/staged.yaml

# A zone that goes away takes its files with it.
cat >>.zoneloom.yaml <<'E'
  other.fr:
    outputs: [{format: terraform, zone-id: "${var.o}", file: dns/other.gen.tf.json}]
E
app extra www.other.fr
"$ZONELOOM" generate -q
check 'a second zone' [ -e dns/other.gen.tf.json ]
rm apps/extra.yaml
sed -i '/other/d' .zoneloom.yaml
run "$ZONELOOM" generate
check 'its only record is not lost by the way' status_is 6
run "$ZONELOOM" generate --allow-deletes=1
check 'an obsolete output is removed' [ ! -e dns/other.gen.tf.json ]

run "$ZONELOOM" generate --stdout --zone retake.fr
check '--stdout prints' out_has '"cloudflare_dns_record"'
run "$ZONELOOM" generate --stdin --config /dev/null --zone retake.fr --format terraform --stdout --default-targets=203.0.113.10 <apps/shop.yaml
check 'from a pipe inside a repository' out_has 'shop.retake.fr'
cd "$work" && mkdir plain && cp repo/apps/shop.yaml plain/ && cd plain || exit 1
run "$ZONELOOM" generate --dir . --zone retake.fr --format terraform --stdout --default-targets=203.0.113.10
check 'without a configuration: from flags' out_has 'shop.retake.fr'
check 'nothing is written' [ "$(ls)" = shop.yaml ]
run "$ZONELOOM" generate --stdin --zone retake.fr --format bind --stdout --default-targets=203.0.113.10 <shop.yaml
check 'from a pipe' out_has 'shop.retake.fr.'
done_testing
