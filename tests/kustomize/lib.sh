# Sourced after lib.sh: our kustomize against the real one, by the records that
# come of it.  The real output goes through --stdin, ours is a root; names,
# types, targets and objects must be the same.
#
# A case of this folder is NAME.txt: what it shows, perhaps a line "flags: ...",
# then its files behind "-- PATH --" ("-- PATH -n --": no newline at its end).
# Built is the folder overlay, or the top.  NAME.built is what the real
# kustomize made of it.  Where a line "folders: ..." names some, each is
# refused, and NAME.built says why.
# shellcheck shell=bash
ZONELOOM=$(realpath "$ZONELOOM")
cases=$root/tests/kustomize
compared=0
# shellcheck disable=SC2054 # the commas are ours
flags=(--default-targets=203.0.113.10 --helm-values=off
	--source=ingress,service,crd,gateway-httproute,gateway-tlsroute)

records() { # ARGS: one line a record
	"$ZONELOOM" list "${flags[@]}" -o jsonl "$@" 2>"$work/stderr" |
		jq -r 'select(.name) | .name as $n | .type as $t | (.targets | join(",")) as $v |
		       .from[] | "\($n) \($t) \($v) \(.kind)/\(.namespace)/\(.name)"' |
		sort -u
	! grep -q 'Sanitizer' "$work/stderr"
}

real() { # FOLDER
	kustomize build --load-restrictor LoadRestrictionsNone "$1" \
		>"$work/built" 2>"$work/why"
}

# ours DIR FOLDER ARGS: the same of what is built here.
ours() {
	local dir=$1
	printf 'format: 1\nroots: [{kustomize: "%s"}]\n' "$2" >"$work/root.yaml"
	shift 2
	records --dir "$dir" --config "$work/root.yaml" "$@"
}

# agree DIR FOLDER ARGS: the records of $work/built are ours, and how many.
agree() {
	local dir=$1 folder=$2
	shift 2
	records --stdin "$@" <"$work/built" >"$work/want" &&
		ours "$dir" "$folder" "$@" >"$work/got" ||
		{ tail -n 1 "$work/stderr"; return 1; }
	compared=$((compared + $(wc -l <"$work/want")))
	diff "$work/want" "$work/got"
}

# unpack CASE: its files below $work/case; sets more, folder and folders.
unpack() {
	local to=$work/case
	rm -rf "$to"
	mkdir "$to"
	awk -v to="$to" '
		/^-- .* --$/ { end = $3 == "-n" ? "" : "\n"; path = to "/" $2
			dir = path; sub(/\/[^\/]*$/, "", dir)
			system("mkdir -p " dir); next }
		path != "" { printf "%s%s", $0, end >path }' "$cases/$1.txt"
	read -ra more < <(sed -n 's/^flags: //p' "$cases/$1.txt")
	read -ra folders < <(sed -n 's/^folders: //p' "$cases/$1.txt")
	folder=.
	[ ! -d "$to/overlay" ] || folder=overlay
}

every_case() { basename -a -s .txt "$cases"/*.txt; }
