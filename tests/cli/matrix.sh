#!/bin/bash
# No DNS change goes unseen: whatever can change what is published, in each way
# it can change it, seen by each command that must see it.
#
# tests/cli/matrix/     the repository that every cell starts from
# tests/cli/matrix.tsv  what is expected of each cell; a cell without a row
#                       fails, and so does a row without a cell:
#   SUBJECT OPERATION COMMAND STATUS CODE PLACE CHANGE
# CODE is that of an error, or text of a message where it begins with --, or -:
# no error.  PLACE is that of the error, without one that of the change.  CHANGE
# is the first of the record changes, - for none.
. "$(dirname "$0")/../lib.sh"
here=$root/tests/cli
table=$here/matrix.tsv
subjects='manifest key policy vars-file static override publisher zone output
	generator patch gateway configmap stranger second-gateway'
operations='add redirect delete'
commands='diff range gate check hook'

# --- what is edited, and how ---
ingress() { # FILE NAME HOST [TARGET]
	cat >"$1" <<E
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: $2
  namespace: web
  annotations: {${4:+external-dns.kubernetes.io/target: $4}}
spec: {rules: [{host: $3}]}
E
}
manifest_add() { echo '    - host: new.example.org' >>plain/i.yaml; }
target='annotations: {external-dns.kubernetes.io/target: 198.51.100.66}'
manifest_redirect() { sed -i "/^spec/i\  $target" teams/a/shop.yaml; }
manifest_delete() { sed -i /plain-two/d plain/i.yaml; }

key_add() { sed -i 's/^source: \[/&service, /' .zoneloom.yaml; }
key_redirect() { sed -i '/^  default:/s/100.7/100.66/' .zoneloom.yaml; }
key_delete() { sed -i s/excluded.example/plain-two.example/ .zoneloom.yaml; }

policy_add() {
	sed -i 's/^    static:/    addresses: any\n&/' .zoneloom.yaml
	ingress plain/extra.yaml extra extra.example.org 10.0.0.1
}
policy_redirect() { sed -i '1a txt-owner-id: other' .zoneloom.yaml; }
policy_delete() { sed -i '/^claims:/,/^claims-shared/d' .zoneloom.yaml; }

vars_file_add() { echo 'VAR_MORE: var-more' >>vars.yaml; }
vars_file_redirect() { echo 'VAR_TARGET: 198.51.100.66' >>vars.yaml; }
vars_file_delete() { echo '{}' >vars.yaml; }

static_add() {
	echo 'static-new.example.org. 300 IN A 198.51.100.8' >>infra/static.zone
}
static_redirect() { sed -i '2s/100.8/100.66/' infra/static.zone; }
static_delete() { sed -i 2d infra/static.zone; }

override_add() {
	sed -i '/pin.example/{p; s/pin/plain/; s/100.9/100.66/}' .zoneloom.yaml
}
override_redirect() { sed -i '/pin.example/s/100.9/100.66/' .zoneloom.yaml; }
override_delete() { sed -i '/^overrides/d; /pin.example/d' .zoneloom.yaml; }

publisher_add() {
	sed -i '/^zones/i\  - {name: more, namespace: extra, zones: ["*@lan"],\
      targets: {default: [10.0.0.8]}}' .zoneloom.yaml
}
publisher_redirect() { sed -i s/10.0.0.7/10.0.0.66/ .zoneloom.yaml; }
publisher_delete() { sed -i '/^publishers/,/10.0.0.7/d' .zoneloom.yaml; }

zone_add() {
	cat >>.zoneloom.yaml <<'E'
  example.com:
    outputs:
      - {format: bind, mode: include, file: dns/example.com.inc}
E
}
zone_redirect() { sed -i 's/^  example.net:/  example.com:/' .zoneloom.yaml; }
zone_delete() { sed -i '/^  example.net:/,/example.net.inc/d' .zoneloom.yaml; }

output_add() {
	echo 'new.example.net. 300 IN A 198.51.100.66' >>dns/example.net.inc
}
output_redirect() { sed -i 's/100\.7/100.66/' dns/example.net.inc; }
output_delete() { sed -i /www/d dns/example.net.inc; }

generator_add() { echo 'dir: new' >argo/sites/new.yaml; }
generator_redirect() { echo 'dir: spare' >argo/sites/one.yaml; }
generator_delete() { rm argo/sites/two.yaml; }

patch_add() {
	cat >>plain/kustomization.yaml <<'E'
      - op: add
        path: /spec/rules/-
        value: {host: patched-too.example.org}
E
}
patch_redirect() {
	cat >>plain/kustomization.yaml <<'E'
      - op: add
        path: /metadata/annotations
        value: {external-dns.kubernetes.io/target: 198.51.100.66}
E
}
patch_delete() { sed -i '/^patches/,$d' plain/kustomization.yaml; }

gateway_add() {
	sed -i '/gw-two/{p; s/gw-two/gw-new/g}' infra/gateway.yaml
}
gateway_redirect() { sed -i s/100.10/100.66/ infra/gateway.yaml; }
gateway_delete() { sed -i /gw-two/d infra/gateway.yaml; }

configmap_add() { echo '  CM_MORE: cm-more' >>clusters/settings.yaml; }
configmap_redirect() { sed -i s/100.7/100.66/ clusters/settings.yaml; }
configmap_delete() { sed -i /CM_TWO/d clusters/settings.yaml; }

# Team b, on names of team a.
stranger_builds_a() { # LINE [METADATA]
	cat >teams/b/kustomization.yaml <<E
resources: [var.yaml, ../a]
patches:
  - patch: |
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop, namespace: web, ${2:-}}
$1
E
}
stranger_add() {
	ingress teams/b/evil.yaml evil evil.a.example.org
	echo 'resources: [var.yaml, evil.yaml]' >teams/b/kustomization.yaml
}
stranger_redirect() { stranger_builds_a '' "$target"; }
# shellcheck disable=SC2016 # kustomize's word
stranger_delete() { stranger_builds_a '      $patch: delete'; }

second_gateway() { # TARGET
	sed "s/100\.10/100.$1/; /name: gw/d" infra/gateway.yaml >teams/b/gw.yaml
	echo 'resources: [var.yaml, gw.yaml]' >teams/b/kustomization.yaml
}
second_gateway_add() { second_gateway 10; }
second_gateway_redirect() { second_gateway 66; }
second_gateway_delete() {
	second_gateway 66
	git rm -q infra/gateway.yaml
	sed -i 's/gateway.yaml, //' infra/kustomization.yaml
}

# --- cells ---
cp -r "$here/matrix" "$work/base" && cd "$work/base" || exit 1
mv zoneloom.yaml .zoneloom.yaml
git init -q -b main
git add -A
run "$ZONELOOM" generate -q
check 'the base is fine' status_is 0
git add -A && git commit -qm base && git checkout -qb change
cp "$table" "$work/rows"

expected() { # SUBJECT OPERATION COMMAND: sets want_*; the row is used up
	local row
	row=$(awk -F'\t' -v s="$1" -v o="$2" -v c="$3" \
		'$1 == s && $2 == o && $3 == c' "$table")
	[ -n "$row" ] && [ "$(wc -l <<<"$row")" = 1 ] || return 1
	IFS=$'\t' read -r _ _ _ want_status want_code want_place want_change \
		<<<"$row"
	grep -vxF "$row" "$work/rows" >"$work/rest"
	mv "$work/rest" "$work/rows"
}
perform() {
	case $1 in
	diff) run "$ZONELOOM" diff --exit-code ;;
	range) run "$ZONELOOM" diff --exit-code main...change ;;
	gate) run "$ZONELOOM" gate main...change ;;
	check) run "$ZONELOOM" check ;;
	hook) run "$ZONELOOM" hook pre-commit ;;
	esac
}
changes() { grep -E '^[+~-] ' "$work/.out" | tr -s ' '; }
errors() { grep -E ' error: ' "$work/.err"; }
said() { # SUBJECT OPERATION COMMAND: a row, as the program would have it
	local place change code
	change=$(changes | grep -v '^. TXT' | head -n 1)
	[ -n "$change" ] || change=$(changes | head -n 1)
	place=${change##* } change=${change% *}
	code=$(errors | head -n 1 | sed -E 's/.*\[([a-z-]+)\]$/\1/')
	[ -z "$code" ] || place=$(errors | head -n 1 | sed 's/: error: .*//')
	[ "$status" != 6 ] || code=$(grep -o -- '--allow-[a-z]*=[0-9]*' "$work/.err")
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$status" \
		"${code:--}" "${place:--}" "${change:--}"
}
code_right() {
	case $want_code in
	-) [ -z "$(errors)" ] || { errors; false; } ;;
	--*) err_has "$want_code" ;;
	*) errors | grep -F "$want_place: error: " | grep -qF "[$want_code]" ||
		{ echo "  not filed: $want_place [$want_code]"; errors; false; } ;;
	esac
}
change_right() {
	if [ "$want_change" = - ]; then
		[ -z "$(changes)" ] || { changes; false; }
	elif [ "$want_code" = - ] || [[ $want_code == --* ]]; then
		changes | grep -qxF -- "$want_change $want_place"
	else
		changes | grep -qF -- "$want_change "
	fi || { echo "  not shown: $want_change at $want_place"; changes; false; }
}
as_expected() {
	status_is "$want_status" && code_right && change_right && return
	echo "  the program has it:"
	said "$@"
	return 1
}
cell() { # SUBJECT OPERATION COMMAND
	perform "$3"
	[ -z "${SAID:-}" ] || said "$@" >>"$SAID"
	if expected "$@"; then check "$1, $2: $3" as_expected "$@"
	else check "$1, $2: $3 has one row in the table" false; fi
}

for subject in $subjects; do
	for operation in $operations; do
		rm -rf "$work/cell"
		cp -r "$work/base" "$work/cell" && cd "$work/cell" || exit 1
		"${subject//-/_}_$operation"
		check "$subject, $operation: something is edited" \
			[ -n "$(git status --porcelain)" ]
		git add -A && git commit -qm "$subject $operation"
		for command in $commands; do
			cell "$subject" "$operation" "$command"
		done
	done
done
check 'no row is left' [ -z "$(grep -v '^#' "$work/rows")" ]
done_testing
