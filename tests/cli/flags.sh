#!/bin/bash
# Every flag on every command: taken, or refused with the commands that do.
. "$(dirname "$0")/../lib.sh"
def=$root/gen/cli
mkdir -p "$work/repo" && cd "$work/repo" || exit 1
git init -q -b main
printf 'format: 1\nzones: {example.org: {}}\n' >.zoneloom.yaml
git add -A && git commit -qm base

mapfile -t commands < <(sed -nE 's/^COMMAND\(([a-z_]+),.*/\1/p' \
	"$def/command.def" | tr _ -)
uses() { sed -nE "s/^COMMAND\\($1,[^,]*,[^,]*,[[:space:]]*([A-Z]+),.*/\\1/p" \
	"$def/command.def"; }
takes() { # COMMAND "COMMANDS OF THE FLAG": do they include it?
	local word
	[ -n "$2" ] || return 0
	for word in $2; do
		case $word/$(uses "$1") in
		"$1"/* | reading/READS | deriving/READS | deriving/DERIVES)
			return 0 ;;
		esac
	done
	return 1
}
tried=0 wrong=0
while IFS='|' read -r flag arg of; do
	for c in "${commands[@]}"; do
		takes "$c" "$of" && continue
		tried=$((tried + 1))
		case $arg in "" | =*) run "$ZONELOOM" "$c" "--$flag" ;;
		*) run "$ZONELOOM" "$c" "--$flag" 1 ;; esac
		[ "$status" = 2 ] && [[ $err == *"$c does not take --$flag; only "* ]] &&
			continue
		wrong=$((wrong + 1))
		echo "  $c --$flag: exit $status: $err"
	done
done < <(sed -nE 's/^FLAG\("([a-z-]+)",[^"]*"([^"]*)",[[:space:]]*"([^"]*)".*/\1|\2|\3/p' \
	"$def/flag.def")
check "refused where nothing reads it ($tried pairs)" [ $wrong = 0 ]
check 'the table was walked' [ $tried -gt 200 ]

wrong=0
for c in "${commands[@]}"; do
	max=$(sed -nE "s/^COMMAND\\($c,[^,]*,[[:space:]]*([A-Z0-9]+),.*/\\1/p" \
		"$def/command.def")
	[ "$max" != MANY ] || continue
	words=()
	for ((i = 0; i <= max; i++)); do words+=("word$i"); done
	run "$ZONELOOM" "$c" "${words[@]}"
	[ "$status" = 2 ] && [[ $err == *"unexpected argument \"word$max\""* ]] &&
		continue
	wrong=$((wrong + 1))
	echo "  $c: exit $status: $err"
done
check 'a word too many is refused' [ $wrong = 0 ]

for c in completion help init version; do
	run "$ZONELOOM" $c --txt-owner-id x
	check "$c takes no option of the derivation" status_is 2
done
run "$ZONELOOM" list --color=purple
check 'a wrong word of a global flag is exit 2' status_is 2
run "$ZONELOOM" list --jobs 0
check 'a wrong number is exit 2' status_is 2
run "$ZONELOOM" list --compat=foo
check 'an unknown dialect is exit 2' status_is 2
run "$ZONELOOM" list --zone example.org --format bind
check '--format beside a configured zone' status_is 2
run "$ZONELOOM" generate --zone example.org --zone-id \
	0123456789abcdef0123456789abcdef --stdout
check '--zone-id beside a configured zone' status_is 2
run "$ZONELOOM" diff --rev HEAD HEAD HEAD
check 'a snapshot flag beside two revisions' status_is 2

# A part of the records must not be written as if it were all.
for c in generate check commit 'hook pre-commit'; do
	run "$ZONELOOM" $c --namespace web
	check "$c with a filter: refused" status_is 2
	check "$c with a filter: says why" err_has '--namespace reads a part'
done
for f in label-filter=a ingress-class=a domain-filter=a.example source=ingress \
	managed-record-types=A; do
	run "$ZONELOOM" generate --$f
	check "generate --$f: refused" status_is 2
done
run "$ZONELOOM" generate .zoneloom.yaml
check 'generate with a path: refused' status_is 2
run "$ZONELOOM" list --namespace web
check 'list shows a part' status_is 0

# Paths count from the current folder.
mkdir -p apps/web other
cat >apps/web/i.yaml <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, annotations: {external-dns.kubernetes.io/target: 203.0.113.1}}
spec: {rules: [{host: a.example.org}]}
E
run "$ZONELOOM" list apps
check 'a folder from the top' out_has a.example.org
cd apps || exit 1
run "$ZONELOOM" list web/i.yaml
check 'a file from a folder' out_has a.example.org
run "$ZONELOOM" list .
check 'the folder itself' out_has a.example.org
run "$ZONELOOM" list ../apps
check 'up and down again' out_has a.example.org
run "$ZONELOOM" list "$work/repo/apps/web"
check 'an absolute path' out_has a.example.org
run "$ZONELOOM" list apps
check 'the path from the top is not one from here' status_is 2
check 'it is named' err_has 'path "apps": no such file or folder'
run "$ZONELOOM" list ../other
check 'an empty folder matches nothing' status_is 2
run "$ZONELOOM" list ../..
check 'out of the tree' status_is 2
cd .. || exit 1
git add -A && git commit -qm more
run "$ZONELOOM" list --rev HEAD apps/web
check 'of a revision' out_has a.example.org
cd apps || exit 1
run "$ZONELOOM" list --rev HEAD web
check 'of a revision, from a folder' out_has a.example.org
run "$ZONELOOM" list --dir . web
check '--dir: from the current folder' out_has a.example.org
cd / || exit 1
run "$ZONELOOM" list --dir "$work/repo/apps" web
check '--dir from outside: its own paths' out_has a.example.org
done_testing
