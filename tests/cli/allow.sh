#!/bin/bash
# zoneloom allow: a render command runs as it was shown, or not at all.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "$(dirname "$0")/../lib.sh"
export XDG_CACHE_HOME=$work/cache HOME=$work/home
mkdir -p "$HOME" "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
mkdir chart apps bin
ingress() { # NAME HOST
	echo 'apiVersion: networking.k8s.io/v1'
	echo 'kind: Ingress'
	echo "metadata: {name: $1, namespace: web}"
	echo "spec: {rules: [{host: $2}]}"
}
ingress web host.example.com >chart/out.yaml
ingress plain plain.example.com >apps/plain.yaml
printf '#!/bin/sh\necho x >>"$HOME/ran"\ncat chart/out.yaml\n' >chart/make.sh
chmod +x chart/make.sh
config() { # RENDER ROWS
	printf 'format: 1\ntargets: {default: [203.0.113.10]}\nrender:\n'
	printf '  - %s\n' "$@"
	printf 'zones: {example.com: {}}\n'
}
config '{argv: [chart/make.sh], paths: [chart/out.yaml]}' >.zoneloom.yaml
git add -A && git commit -qm one
ran() { [ "$(sort "$HOME/ran" 2>/dev/null | wc -l)" = "$1" ]; }

# --- before anybody allowed anything ---
run "$ZONELOOM" list
check 'not allowed: exit 3' status_is 3
check 'the command has a place' err_has '.zoneloom.yaml:4:5: error: render command "chart/make.sh": not run'
check 'it says what to type' err_has 'to read and allow it: zoneloom allow ['
check 'nothing ran' ran 0
git config zoneloom.allowRender true
run "$ZONELOOM" list
check 'the old setting allows nothing' status_is 3
check 'the old setting is named' err_has 'zoneloom.allowRender is not read any more'
git config --unset zoneloom.allowRender
run "$ZONELOOM" list --allow-render
check 'the old flag: exit 2' status_is 2
check 'the old flag: the new word' err_has 'run zoneloom allow'
run "$ZONELOOM" list --rev HEAD
check 'of a revision: names it' err_has 'zoneloom allow --rev HEAD'
run "$ZONELOOM" list --index
check 'of the index: names it' err_has 'zoneloom allow --index'

# --- what is shown, and kept ---
run "$ZONELOOM" allow --dry-run
check 'dry run: exit 0' status_is 0
check 'dry run: shows the command' out_has 'render .zoneloom.yaml:4:5 chart/make.sh'
check 'dry run: what it runs' out_has 'runs files of the tree: chart/make.sh'
check 'dry run: what it reads' out_has 'reads: chart/out.yaml'
check 'dry run: allows nothing' [ -z "$(git config zoneloom.allowed)" ]
run "$ZONELOOM" allow
check 'allow: exit 0' status_is 0
check 'allow: says so' out_has 'allowed in this clone: 1 render command'
check 'one digest in the configuration of the clone' \
	[ "$(git config --local zoneloom.allowed | wc -c)" = 65 ]
run "$ZONELOOM" list
check 'then it runs' out_has host.example.com
check 'once' ran 1
run "$ZONELOOM" list --rev HEAD
check 'a commit of the same files is the same' out_has host.example.com
sed -i '1i# a comment moves every line' .zoneloom.yaml
run "$ZONELOOM" list
check 'its place does not matter' status_is 0

# --- whatever changes must be allowed again ---
again() { # LABEL: refused, allowed, runs
	run "$ZONELOOM" list
	check "$1: refused" status_is 3
	run "$ZONELOOM" allow
	run "$ZONELOOM" list
	check "$1: runs once allowed" status_is 0
}
for row in '{argv: [chart/make.sh, --prod], paths: [chart/out.yaml]}' \
	'{argv: [chart/make.sh], paths: ["chart/**"]}' \
	'{argv: [chart/make.sh], paths: [chart/out.yaml], timeout: 50m}' \
	'{argv: [chart/make.sh], paths: [chart/out.yaml], max-bytes: 99999999}' \
	'{argv: [chart/make.sh], paths: [chart/out.yaml], code: [apps/]}' \
	'{argv: [sh, chart/make.sh]}' \
	'{argv: [sh, -c, "cd . && ./chart/make.sh"]}' \
	'{argv: [env, A=chart/make.sh, sh, ./chart/make.sh]}'; do
	config "$row" >.zoneloom.yaml
	again "$row"
	# The program of the tree is a part of each of them.
	echo '#' >>chart/make.sh
	again "$row, other code"
done
echo "# a value" >>chart/out.yaml
run "$ZONELOOM" list
check 'what it reads is no part' status_is 0
chmod -x chart/make.sh
again 'the mode of a program'
chmod +x chart/make.sh
mkdir lib && echo 1 >lib/a
config '{argv: [sh, chart/make.sh], code: ["lib/**"]}' >.zoneloom.yaml
again 'a row with code'
echo 2 >lib/b
again 'a file that code matches'
ln -s make.sh chart/link
config '{argv: [chart/link]}' >.zoneloom.yaml
again 'a link'
cp chart/make.sh chart/other.sh && ln -sf other.sh chart/link
again 'a link that leads elsewhere'

# --- two, of which one is allowed ---
config '{argv: [sh, chart/make.sh]}' >.zoneloom.yaml
"$ZONELOOM" allow >/dev/null
config '{argv: [sh, chart/make.sh]}' '{argv: [sh, -c, "echo x >$HOME/PWNED"]}' \
	>.zoneloom.yaml
run "$ZONELOOM" list
check 'a stranger beside it: exit 3' status_is 3
check 'a stranger beside it: the other one runs' out_has host.example.com
check 'a stranger beside it: not run' [ ! -e "$HOME/PWNED" ]
check 'a stranger beside it: located' err_has '.zoneloom.yaml:5:5: error'
config '{argv: [sh, -c, "cat chart/out.yaml"]}' >.zoneloom.yaml
"$ZONELOOM" allow --add >/dev/null
check '--add keeps the others' [ "$(git config zoneloom.allowed | wc -w)" = 2 ]
"$ZONELOOM" allow >/dev/null
check 'without it exactly these' [ "$(git config zoneloom.allowed | wc -w)" = 1 ]

# --- text of a stranger ---
config '{argv: ["::error::x\n##[x]", "\e[31m\u202e", "a b"], paths: ["\n::warning::"]}' \
	>.zoneloom.yaml
run "$ZONELOOM" allow --dry-run
check 'hostile text: exit 0' status_is 0
check 'hostile text: no line of its own' \
	[ "$(grep -cE '^ *(::|##)' "$work/.out")" = 0 ]
check 'hostile text: printable' \
	[ "$(LC_ALL=C.UTF-8 grep -cP '[\x00-\x08\x0b-\x1f\x7f\x{202e}]' "$work/.out")" = 0 ]
check 'hostile text: as a shell would take it' out_has "'a b'"
config '{argv: [../x.sh]}' >.zoneloom.yaml
run "$ZONELOOM" allow
check 'a program beside the tree: exit 2' status_is 2
check 'a program beside the tree: located' err_has '.zoneloom.yaml:4:5: error: invalid render[0].argv "../x.sh"'
check 'and what was allowed stays' [ "$(git config zoneloom.allowed | wc -w)" = 1 ]
printf '#!/bin/sh\necho x >$HOME/PWNED\n' >./sh && chmod +x ./sh
config '{argv: [sh, chart/make.sh]}' >.zoneloom.yaml
"$ZONELOOM" allow >/dev/null
PATH=.::$PATH run "$ZONELOOM" list
check 'a program of the tree is in no PATH' [ ! -e "$HOME/PWNED" ]
check 'the one of the machine runs' out_has host.example.com
rm sh

# --- nothing to allow, nowhere to keep it ---
printf 'format: 1\nzones: {example.com: {}}\n' >.zoneloom.yaml
run "$ZONELOOM" allow
check 'no command: exit 0' status_is 0
check 'no command: nothing is allowed any more' [ -z "$(git config zoneloom.allowed)" ]
run "$ZONELOOM" allow --dir .
check '--dir has no git configuration: exit 2' status_is 2
git checkout -q .zoneloom.yaml
run "$ZONELOOM" list --dir .
check 'a folder: exit 3' status_is 3
check 'a folder: what to do' err_has 'pipe what it prints into zoneloom with --stdin'
run "$ZONELOOM" list --stdin <chart/out.yaml
check 'standard input stands for the commands' status_is 0
check 'its records' out_has host.example.com
mkdir "$work/plain" && cp -r .zoneloom.yaml chart "$work/plain" && cd "$work/plain" || exit 1
run "$ZONELOOM" allow
check 'no repository: exit 4' status_is 4
run "$ZONELOOM" list --stdin <chart/out.yaml
check 'no repository: standard input does' out_has host.example.com
cd "$work/repo" && git checkout -q . && git clean -qfd || exit 1

# --- gate: the base's commands, in HEAD's tree ---
rm -f "$HOME"/*
git config --unset zoneloom.allowed
git checkout -qb pr
ingress web other.example.com >chart/out.yaml
git commit -qam values
run "$ZONELOOM" gate main...HEAD
check 'gate: not allowed is no finding of both sides' status_is 3
check 'gate: what a pipeline types' err_has 'zoneloom allow --rev main'
check 'gate: it says nothing of what main publishes' out_lacks 'publishes nothing'
run "$ZONELOOM" gate --write-baseline main...HEAD
check 'gate: and goes into no baseline' status_is 2
run "$ZONELOOM" allow --rev main
check 'a pipeline allows what the base has' status_is 0
run "$ZONELOOM" gate main...HEAD
check 'gate: exit 0' status_is 0
check 'gate: shows what the command would print' out_has other.example.com
check 'gate: and what it printed' out_has '- A     host.example.com'

printf '#!/bin/sh\necho x >"$HOME/PWNED"\n' >chart/make.sh
git commit -qam 'other code'
run "$ZONELOOM" gate main...HEAD
check 'gate: other code: exit 3' status_is 3
check 'gate: other code: located' err_has '.zoneloom.yaml:4:5: error: render command "chart/make.sh": not run'
check 'gate: other code: why' err_has 'main has no such command, or it runs other code there'
check 'gate: other code: not run' [ ! -e "$HOME/PWNED" ]
run "$ZONELOOM" gate --allow-policy-change main...HEAD
check 'gate: approval alone runs nothing' status_is 3
check 'gate: nor does it here' [ ! -e "$HOME/PWNED" ]
check 'gate: what an approved pipeline types' err_has 'zoneloom allow --add --rev HEAD'

git checkout -q main -- chart/make.sh
config '{argv: [chart/make.sh], paths: [chart/out.yaml]}' \
	'{argv: [sh, -c, "echo x >$HOME/PWNED; cat apps/plain.yaml"]}' >.zoneloom.yaml
git commit -qam 'a second command'
"$ZONELOOM" allow >/dev/null
run "$ZONELOOM" gate main...HEAD
check 'gate: only HEAD has it: exit 3' status_is 3
check 'gate: only HEAD has it: policy' err_has '[policy-change]'
check 'gate: only HEAD has it: unresolved, located' err_has '.zoneloom.yaml:5:5: error: render command "sh -c'
check 'gate: only HEAD has it: not run, whatever the clone allows' [ ! -e "$HOME/PWNED" ]
check 'gate: the base'"'"'s command is' out_has other.example.com
run "$ZONELOOM" gate --allow-policy-change main...HEAD
check 'gate: approved and allowed: it runs' status_is 0
check 'gate: approved and allowed: it ran' [ -e "$HOME/PWNED" ]

# The pull request that brings the first configuration brings no command.
git checkout -q --orphan fresh && git rm -qrf . && rm -rf chart apps && mkdir apps
ingress plain plain.example.com >apps/plain.yaml
git add -A && git commit -qm start
git checkout -qb first
config '{argv: [sh, -c, "echo x >$HOME/FIRST"]}' >.zoneloom.yaml
git add -A && git commit -qm first
"$ZONELOOM" allow >/dev/null
run "$ZONELOOM" gate fresh...HEAD
check 'gate: the first configuration: exit 3' status_is 3
check 'gate: the first configuration: not run' [ ! -e "$HOME/FIRST" ]

# A server: what its administrator allowed, of the branch as it was.
rm -f "$HOME"/*
git clone -q --bare "$work/repo" "$work/bare.git"
cd "$work/bare.git" || exit 1
"$ZONELOOM" allow --rev main >/dev/null
check 'a bare repository keeps it, too' [ -n "$(git config zoneloom.allowed)" ]
old=$(git rev-parse main) new=$(git rev-parse pr~1) third=$(git rev-parse pr~2)
run "$ZONELOOM" hook pre-receive <<<"$old $third refs/heads/main"
check 'pre-receive: values change: the command runs' out_has other.example.com
run "$ZONELOOM" hook pre-receive <<<"$old $new refs/heads/main"
check 'pre-receive: other code: exit 3' status_is 3
check 'pre-receive: other code: not run' [ ! -e "$HOME/PWNED" ]
done_testing
