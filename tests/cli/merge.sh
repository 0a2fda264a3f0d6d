#!/bin/bash
# Outputs and git: two branches that change one zone conflict on the serial's
# line and nowhere else unseen, one run settles it; a revert moves the serial
# on; a rerun, an amend and an undone edit do not.
#
# Prints "ok NAME" or "not ok NAME: why" for each check.
set -eu
export LC_ALL=C TZ=UTC NO_COLOR=1
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com
export GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.com
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ZONELOOM_CONFIG
cd "$(dirname "$0")/../.."
program=$(readlink -f "${ZONELOOM:-build/zoneloom}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0
zone=dns/example.com.zone tf=dns/records.tf.json

expect() { # name wanted got
	if [ "$2" = "$3" ]; then
		echo "ok merge/$1"
	else
		echo "not ok merge/$1: got \"$3\", want \"$2\""
		fails=$((fails + 1))
	fi
}

serial() { sed -n 's/^ *\([0-9]*\) *; serial.*/\1/p' $zone; }

generate() { # flags
	local status=0
	"$program" generate "$@" >"$work/said" 2>&1 || status=$?
	[ $status = 0 ] || sed 's/^/    /' "$work/said"
	return $status
}

stale() { "$program" check >/dev/null 2>&1 || echo "$?"; }

app() { # name
	mkdir -p apps
	cat >"apps/$1.yaml" <<-YAML
	apiVersion: networking.k8s.io/v1
	kind: Ingress
	metadata: {name: $1, namespace: shop}
	spec:
	  rules: [{host: $1.example.com}]
	YAML
}

save() {
	git add -A
	git commit -qm "$1"
}

cd "$work"
git init -q -b main repo
cd repo
cat >.zoneloom.yaml <<'CONFIG'
format: 1
targets: {default: [203.0.113.10]}
zones:
  example.com:
    outputs:
      - format: bind
        file: dns/example.com.zone
        soa: {mname: ns1.example.net, rname: hostmaster@example.com}
        ns: [ns1.example.net, ns2.example.net]
      - {format: terraform, file: dns/records.tf.json}
CONFIG
for a in app1 app2 app3 app4 app5 app6 app7; do app $a; done
generate
expect first-serial 1 "$(serial)"
save base
expect clean '' "$(stale)"

# Runs before one commit move the serial once, and not at all when undone.
before=$(cat $zone $tf)
app extra
generate
expect one-edit 2 "$(serial)"
app extra2
generate
generate
expect three-runs 2 "$(serial)"
rm apps/extra.yaml apps/extra2.yaml
generate
expect undone "$before" "$(cat $zone $tf)"
touch -d '2001-01-01' $zone
generate
expect not-rewritten 978307200 "$(stat -c %Y $zone)"

# Far apart in the file, so that git would merge all but the serial's line.
git checkout -qb left
app aa
generate
save left
git checkout -q main
git checkout -qb right
app zz
generate
save right
expect same-serial "$(git show left:$zone | sed -n 's/^ *\([0-9]*\) *; serial.*/\1/p')" \
	"$(serial)"
status=0
git merge -q left >/dev/null 2>&1 || status=$?
expect merge-conflicts 1 $status
expect zone-conflicts "$zone" "$(git diff --name-only --diff-filter=U | grep zone)"
generate --resolve
expect merged-serial 3 "$(serial)"
expect both-records 2 "$(grep -cE '^(aa|zz)\.example\.com\.' $zone)"
expect no-marks 0 "$(cat $zone $tf | grep -c '^<<<<<<<' || true)"
save merged
expect merged-clean '' "$(stale)"

# The old serial comes back with a revert: secondaries would not look at it.
git tag merged
git revert --no-edit -m 1 HEAD >/dev/null
expect reverted-serial 2 "$(serial)"
expect check-base-tells 1 "$("$program" check --base merged >/dev/null 2>&1 ||
	echo $?)"
generate --base merged
expect base-moves-on 4 "$(serial)"
git reset -q --hard merged
git revert --no-commit -m 1 HEAD
generate
expect revert-moves-on 4 "$(serial)"
save settled
expect settled-clean '' "$(stale)"
expect settled-base '' "$("$program" check --base merged >/dev/null 2>&1 ||
	echo $?)"
serial_now=$(serial)
generate
git commit -q --amend --no-edit --allow-empty
generate
expect amend "$serial_now" "$(serial)"
git checkout -q HEAD^ -- $zone
expect check-tells 1 "$(stale)"
[ $fails = 0 ]
