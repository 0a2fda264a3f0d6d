#!/bin/bash
# Render commands: only where this clone allows them, in a copy, bounded.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "$(dirname "$0")/../lib.sh"
export XDG_CACHE_HOME=$work/cache
mkdir "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
mkdir chart apps
cat >chart/make.sh <<'E'
#!/bin/sh
echo ran >>"$HOME/ran"
env >"$HOME/env"
pwd >"$HOME/pwd"
sed "s/NAME/$(cat chart/name)/" chart/template
E
chmod +x chart/make.sh
echo rendered >chart/name
cat >chart/template <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: web}
spec: {rules: [{host: NAME.example.com}]}
E
cat >.zoneloom.yaml <<'E'
format: 1
targets: {default: [203.0.113.10]}
render:
  - argv: [chart/make.sh]
    paths: ["chart/**"]
zones: {example.com: {}}
E
git add -A && git commit -qm one
export HOME=$work/home
mkdir -p "$HOME"

run "$ZONELOOM" list -o jsonl
check 'refused where nobody allowed it' status_is 3
check 'says what to type' err_has 'zoneloom allow'
check 'nothing ran' [ ! -e "$HOME/ran" ]

"$ZONELOOM" allow >/dev/null
run env GIT_DIR="$work/repo/.git" SECRET=x "$ZONELOOM" list -o jsonl
check 'runs where this clone allows it' status_is 0
check 'what it prints is read' out_has rendered.example.com
check 'no git variable reaches it' [ -z "$(grep ^GIT_ "$HOME/env")" ]
check 'no other variable reaches it' [ -z "$(grep ^SECRET "$HOME/env")" ]
check 'it ran in a copy' [ "$(cat "$HOME/pwd")" != "$work/repo" ]
check 'the copy is gone' [ ! -e "$(cat "$HOME/pwd")" ]
run "$ZONELOOM" list -o jsonl --rev HEAD
check 'what it reads did not change: from the cache' \
	[ "$(wc -l <"$HOME/ran")" = 1 ]
check 'the same from the cache' out_has rendered.example.com
echo other >chart/name
run "$ZONELOOM" list -o jsonl
check 'a changed input runs it again' out_has other.example.com
printf 'resources: [elsewhere.yaml]\nvars: []\nhelmCharts: [{name: x}]\n' \
	>chart/kustomization.yaml
run "$ZONELOOM" list -o jsonl
check 'what it covers is not built beside it' status_is 0
rm chart/kustomization.yaml

printf '#!/bin/sh\necho broken >&2\nexit 7\n' >chart/make.sh
"$ZONELOOM" allow >/dev/null
run "$ZONELOOM" list -o jsonl
check 'its failure is an input error' status_is 3
check 'its words are shown' err_has 'exit 7: broken [render]'
printf '#!/bin/sh\nsleep 100\n' >chart/make.sh
sed -i 's/paths:/timeout: 1s\n    paths:/' .zoneloom.yaml
"$ZONELOOM" allow >/dev/null
run "$ZONELOOM" list -o jsonl
check 'it may not run for ever' err_has 'ran longer than 1 s'
done_testing
