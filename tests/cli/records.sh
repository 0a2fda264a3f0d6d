#!/bin/bash
# Lines of records: list -o jsonl as a map step, --records and records: as a
# reduce step.  The same bytes as one run over everything, or an error.
# shellcheck source=tests/lib.sh disable=SC2034,SC2317
. "$(dirname "$0")/../lib.sh"
ZONELOOM=$(realpath "$ZONELOOM")
cd "$work" || exit 1

ingress() { # NAMESPACE NAME TARGET HOST...
	cat <<-END
		apiVersion: networking.k8s.io/v1
		kind: Ingress
		metadata:
		  name: $2
		  namespace: $1
		  annotations: {external-dns.kubernetes.io/target: $3}
		spec:
		  rules:
	END
	shift 3
	printf '  - host: %s\n' "$@"
}

# One repository a team, and all of them in one.
for n in 1 2 3 4 5 6; do
	repo=team-$n/web
	mkdir -p "repos/$repo/apps" "all/$repo/apps"
	ingress "shop-$n" web "8.8.8.$n" "www$n.example.com" "www$n.example.org" \
		"shared.example.com" | sed "s/8.8.8.$n/8.8.8.8/" \
		>"repos/$repo/apps/web.yaml"
	cp "repos/$repo/apps/web.yaml" "all/$repo/apps/"
done
zones() { # CLAIM-OF-A-TEAM, with N for its number
	echo 'txt-owner-id: fleet'
	echo 'claims:'
	for n in 1 2 3 4 5 6; do
		echo "- {names: [www$n.example.com, www$n.example.org, shared.example.com], ${1//N/$n}}"
	done
	cat <<-'END'
		zones:
		  example.com:
		    outputs:
		    - {format: bind, mode: include, file: "dns/{zone}.inc"}
		    - {format: terraform, file: "dns/{zone}/records.tf.json"}
		  example.org:
		    outputs: [{format: bind, mode: include, file: "dns/{zone}.inc"}]
	END
}
zones 'paths: ["team-N/web/**"]' >all/.zoneloom.yaml
zones 'repos: ["team-N/*"]' >zones.yaml
new_zones() { # DIR: a zone repository
	rm -rf "$1" && mkdir "$1" && cp zones.yaml "$1/.zoneloom.yaml"
}
map() { (cd "repos/$1" && "$ZONELOOM" -q list -o jsonl --dir . --repo "$1"); }
for n in 1 2 3 4 5 6; do
	map "team-$n/web" >"$n.jsonl"
	echo "team-$n/web" >>repos.txt
done
cat ./?.jsonl >all.jsonl
(cd all && "$ZONELOOM" -q generate --dir .)
same() { diff -r all/dns "$1/dns"; }
reduce() { # NAME ARGUMENT...: the records from standard input
	local to=$1
	shift
	new_zones "$to"
	(cd "$to" && run "$ZONELOOM" generate --dir . "$@"
	echo "$status" >"$work/.status")
	status=$(cat "$work/.status") err=$(cat "$work/.err")
}

# --- map ---
check map/schema python3 - "$root/integrations/fleet/records.v1.schema.json" \
	all.jsonl <<'END'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
judge = jsonschema.Draft202012Validator(schema)
lines = [json.loads(l) for l in open(sys.argv[2])]
assert len(lines) > 40, len(lines)
for line in lines:
    judge.validate(line)
for key in ("name", "from", "targets", "labels"):
    assert not judge.is_valid({k: v for k, v in lines[0].items() if k != key})
assert not judge.is_valid({**lines[-1], "zoneloom": 2})
END
trailer_says() { tail -n 1 "$1" | jq -e "$2" >/dev/null; }
check map/trailer trailer_says 1.jsonl '.zoneloom == 1 and .repo == "team-1/web"
	and .records == 6 and .objects == 1 and .files == 1 and .status == 0
	and .whole and (has("name") or has("type") | not) and (has("commit") | not)'
map team-1/web >again.jsonl
check map/deterministic cmp 1.jsonl again.jsonl
run "$ZONELOOM" list -o jsonl --dir repos/team-1/web --compat=external-dns
check map/no-trailer-of-compat json_says '.name and .type'
git init -q -b main repos/team-1/web
git -C repos/team-1/web add -A
git -C repos/team-1/web commit -qm start
(cd repos/team-1/web && "$ZONELOOM" -q list -o jsonl --rev HEAD) >rev.jsonl
check map/commit trailer_says rev.jsonl \
	".commit == \"$(git -C repos/team-1/web rev-parse HEAD)\""
(cd repos/team-1/web && "$ZONELOOM" -q list -o jsonl --rev HEAD --txt-owner-id=x) \
	>owner.jsonl
digest() { tail -n 1 "$1" | jq -r .configuration; }
check map/configuration test "$(digest rev.jsonl)" != "$(digest owner.jsonl)"
(cd repos/team-1/web && "$ZONELOOM" -q list -o jsonl --rev HEAD apps) >part.jsonl
check map/part trailer_says part.jsonl '.whole == false'
mkdir broken
ingress x web 8.8.8.8 'a..b' >broken/x.yaml
"$ZONELOOM" -q list -o jsonl --dir broken --repo broken >broken.jsonl 2>/dev/null
check map/status trailer_says broken.jsonl '.status == 3 and .errors == 1'

# --- reduce: the same bytes ---
reduce once --records - <all.jsonl
check reduce/same same once
shuf --random-source=zones.yaml all.jsonl >shuffled.jsonl
reduce shuffled --records - <shuffled.jsonl
check reduce/shuffled same shuffled
reduce twice --records ../all.jsonl --records ../3.jsonl --records ../all.jsonl
check reduce/twice same twice
reduce sharded --records ../all.jsonl --zone example.com
(cd sharded && "$ZONELOOM" -q generate --dir . --records ../all.jsonl \
	--zone example.org)
check reduce/zone-by-zone same sharded
reduce expected --records ../all.jsonl --expect-repos ../repos.txt
check reduce/expected same expected
run "$ZONELOOM" list --dir sharded --records all.jsonl
check reduce/places out_has 'team-2/web:apps/web.yaml:9'
(cd once && run "$ZONELOOM" check --dir . --records ../all.jsonl; exit "$status")
check reduce/check test $? = 0

# --- reduce: what is lost is no deletion ---
# lost NAME TEXT ARGUMENT...: exit 3, said, and the outputs stand as they were.
lost() {
	local text=$1
	shift
	rm -rf stand && cp -r once stand
	(cd stand && run "$ZONELOOM" generate --dir . "$@"
	echo "$status" >"$work/.status")
	status=$(cat "$work/.status") err=$(cat "$work/.err")
	status_is 3 && err_has "$text" && same stand
}
refuses() { # NAME TEXT: all but the file `faulty` of team-6
	local name=$1 text=$2
	check "lost/$name" lost "$text" --records ../1.jsonl --records ../2.jsonl \
		--records ../3.jsonl --records ../4.jsonl --records ../5.jsonl \
		--records ../faulty
}
sed '$d' 6.jsonl >faulty
refuses no-trailer 'repository team-6/web: the lines are cut'
sed 2d 6.jsonl >faulty
refuses a-line 'team-6/web: 5 different lines, and its trailer says 6'
head -c 700 6.jsonl >faulty
refuses in-a-line 'faulty:2:1: error: line of records: it is cut'
: >faulty
refuses empty 'faulty: error: no lines of records'
sed '3s/"type":/"typo":/' 6.jsonl >faulty
refuses bad-line 'faulty:3:1: error: line of records: unknown key "typo"'
sed 's/"zoneloom":1/"zoneloom":2/' 6.jsonl >faulty
refuses version 'faulty:7:1: error: line of records: format 2'
sed 's/"status":0/"status":3/' 6.jsonl >faulty
refuses status 'team-6/web: its list ended with another exit status'
sed 's/"whole":true/"whole":false/' 6.jsonl >faulty
refuses part 'team-6/web: its list read a part'
sed '/zoneloom/s/"configuration":"./&f/; /zoneloom/s/\(f.\{39\}\)./\1/' 6.jsonl |
	cat 6.jsonl - >faulty
refuses two-runs 'team-6/web: two runs of it are in the lines'
jq -c 'del(.repo)' 6.jsonl | sed 's/^/ /' >'bad name'
mv 'bad name' faulty
sed -i 's/"path"/"repo":"a\\nb","path"/' faulty
sed -i 's/^ {/{"repo":"a b",/' faulty
refuses repo-name 'faulty:1:1: error: line of records: invalid repo'
cp broken.jsonl faulty
refuses failed-list 'repository broken: its list ended'
check lost/a-repository lost 'repos.txt:6:1: error: repository team-6/web' \
	--records ../1.jsonl --records ../2.jsonl --records ../3.jsonl \
	--records ../4.jsonl --records ../5.jsonl --expect-repos ../repos.txt

# --- claims and conflicts ---
ingress shop evil 8.8.4.4 www1.example.com >repos/team-2/web/apps/evil.yaml
map team-2/web >faulty
reduce claimed --records ../1.jsonl --records ../faulty
check claims/repos err_has 'team-2/web:apps/evil.yaml:9:11: error: host "www1.example.com" is claimed by "team-1/*"'
sed -i '/^claims:/,/^zones:/{/^zones:/!d}' zones.yaml
reduce conflict --records ../1.jsonl --records ../faulty
conflict_named() { err_has team-1/web:apps/web.yaml && err_has team-2/web:apps/evil.yaml; }
check conflicts/both-repositories conflict_named
check conflicts/status status_is 3

# --- records: in the configuration, judged at revisions ---
zones 'repos: ["team-N/*"]' >zones.yaml
new_zones git
cp repos.txt git/
(cd git && git init -q -b main && mkdir -p records && for n in 1 2 3 4 5 6; do
	mkdir "records/team-$n" && jq -c 'del(.repo)' "../$n.jsonl" >"records/team-$n/web.jsonl"
done
printf 'records: ["records/**/*.jsonl"]\nexpect-repos: repos.txt\n' >>.zoneloom.yaml
"$ZONELOOM" -q generate && git add -A && git commit -qm start) || exit 1
check key/same same git
cd git || exit 1
git checkout -qb change
sed 's/www6/www6b/' ../6.jsonl | jq -c 'del(.repo)' >records/team-6/web.jsonl
sed -i 's/www6.example.com, /www6.example.com, www6b.example.com, /' .zoneloom.yaml
git commit -qam change
run "$ZONELOOM" gate main...change
check key/gate out_has www6b.example.com
run "$ZONELOOM" diff main change
check key/diff out_has www6b.example.com
git checkout -q main
cp records/team-1/web.jsonl records/team-2/web.jsonl
cp ../1.jsonl records/team-3/web.jsonl
run "$ZONELOOM" generate
foreign() { status_is 3 && err_has 'repository "team-1/web" in the file of "team-3/web"'; }
check key/a-file-speaks-for-its-repository foreign
git checkout -q .
git rm -q records/team-6/web.jsonl
run "$ZONELOOM" generate
check key/a-file-is-gone err_has 'repos.txt:6:1: error: repository team-6/web'
run "$ZONELOOM" diff --records ../all.jsonl main change
check key/two-sides err_has 'set records in the configuration'
done_testing
