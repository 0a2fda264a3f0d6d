#!/bin/bash
# What is made from the tables is what the tables say, and the schema, the
# loader and the documentation agree about the same files.
# UPDATE=1 rewrites it first.
set -u
cd "$(dirname "$0")/../.." || exit 1
ZONELOOM=$(readlink -f "${ZONELOOM:-build/zoneloom}")
export ZONELOOM
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fails=0
ok() { echo "ok docs/$1"; }
no() { echo "not ok docs/$1: $2"; fails=$((fails + 1)); }

[ -z "${UPDATE:-}" ] || scripts/docs.sh
if scripts/docs.sh "$work"; then
	for f in zoneloom.schema.json man/zoneloom.1 man/zoneloom.yaml.5 \
		docs/configuration.md docs/diagnostics.md \
		docs/limits.md; do
		if diff -u "$f" "$work/$f"; then ok "$f"
		else no "$f" 'is older than the tables; UPDATE=1 rewrites it'; fi
	done
else
	no scripts/docs.sh "exit $?"
fi

if command -v mandoc >/dev/null; then
	for f in man/zoneloom.1 man/zoneloom.yaml.5; do
		# The other page need not be installed here.
		mandoc -T lint "$f" | grep -v 'referenced manual not found\|outdated mandoc.db' \
			>"$work/lint"
		if [ -s "$work/lint" ]; then cat "$work/lint"; no "lint $f" 'mandoc complains'
		else ok "lint $f"; fi
	done
else
	echo 'skip docs/lint: no mandoc'
fi

# Each example of the documentation loads.
mkdir "$work/examples"
for doc in docs/*.md README.md; do
	awk -v to="$work/examples/$(basename "$doc" .md)" '
		/^ *```yaml$/ { n++; out = to "-" n ".yaml"; getline
			if ($0 !~ /^(format: 1|# yaml-language)/) out = ""; }
		/^ *```$/ { out = "" }
		out != "" { print > out }' "$doc"
done
for f in "$work"/examples/*.yaml; do
	mkdir -p "$work/run" && cp "$f" "$work/run/.zoneloom.yaml"
	# The folders and the consent that an example names are the reader's:
	# only exit 2 says that the configuration itself is wrong.
	"$ZONELOOM" list --dir "$work/run" >/dev/null 2>"$work/err"
	if [ $? != 2 ]; then
		ok "example $(basename "$f")"
	else
		cat "$work/err"
		no "example $(basename "$f")" 'is refused'
	fi
done

python3 - "$work"/examples/*.yaml tests/golden/*/config/zoneloom.yaml <<'END'
import json, sys, os
try:
    import jsonschema, yaml
except ImportError as e:
    print('skip docs/schema:', e)
    sys.exit(0)
schema = json.load(open('zoneloom.schema.json'))
jsonschema.Draft202012Validator.check_schema(schema)
print('ok docs/schema is JSON Schema 2020-12')
judge = jsonschema.Draft202012Validator(schema)
bad = ['txt-owner: x', 'source: {a: b}', 'policy: delete', 'min-ttl: 300',
       'zones: {a.example: {outputs: [{format: terraform}]}}',
       'zones: {a.example: {addresses: private}}',
       'safety: {max-deletes: 30}', 'claims: [{names: [a.example]}]',
       'publishers: [{paths: [a]}]', 'publishers: [{name: a, polixy: sync}]',
       'targets: {default: [{env: A}]}', 'format: 2', 'force-default-targets: "true"']
for text in bad:
    if judge.is_valid(yaml.safe_load(text)):
        print('not ok docs/schema takes', text)
        sys.exit(1)
print('ok docs/schema refuses', len(bad))
# What the schema refuses, the program must refuse too: an editor's red line
# under a good file is a lie.
for path in sys.argv[1:]:
    if not os.path.exists(path) or '/bad-config' in path:
        continue
    faults = list(judge.iter_errors(yaml.safe_load(open(path))))
    if faults:
        print('not ok docs/schema refuses', path, faults[0].message)
        sys.exit(1)
print('ok docs/schema takes the examples and golden cases')
END
# shellcheck disable=SC2181 # the script above is the command
[ $? = 0 ] || fails=$((fails + 1))
exit $((fails > 0))
