#!/bin/bash
# What style.md asks for and clang-format cannot see.
set -eu
cd "$(dirname "$0")/../.."
bad=0
# What headers need, whoever calls; make lint hands its flags over.
set -- -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE "$@"
mapfile -t ours < <(git ls-files 'gen/*.[ch]' 'tests/*.[ch]')
mapfile -t product < <(git ls-files 'gen/*.[ch]')

complain() {
	echo "style: $1"
	bad=1
}

# Lines: a tab is eight columns, a character one; tables may be wider.
expand -t8 "${ours[@]}" >/dev/null
for f in "${ours[@]}"; do
	expand -t8 "$f" | LC_ALL=C.UTF-8 awk -v f="$f" '
		/clang-format off/ { off = 1 }
		/clang-format on/ { off = 0 }
		length($0) > 80 && !off {
			printf "style: %s:%d: %d columns\n", f, NR, length($0)
			bad = 1
		}
		/[ \t]$/ { printf "style: %s:%d: blank at the end\n", f, NR
			bad = 1 }
		END { exit bad }' || bad=1
done

# Functions: from "{" to "}" in the first column.
awk '
	FNR == 1 { start = 0 }
	/^\{/ { start = FNR }
	/^\}/ {
		if (start && FNR - start - 1 > 60) {
			printf "style: %s:%d: a function of %d lines\n",
				FILENAME, start, FNR - start - 1
			bad = 1
		}
		start = 0
	}
	END { exit bad }' "${product[@]}" || bad=1

# Banned: they need a NUL, a locale, a global, or say nothing of failure.
banned='strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atoll|atof|gets|strdup|strndup|alloca|setlocale|gmtime|localtime|ctime|asctime|tmpnam|mktemp|system|popen|rand|srand|strlwr|index|rindex|bcopy|bzero'
if grep -nwE "($banned)\(" "${product[@]}" | grep -vE '^\S+\s*(\*|/\*)'; then
	complain "banned functions, see above"
fi
if grep -nwE '(malloc|calloc|realloc|free)\(' "${product[@]}" |
	grep -vE '^gen/base/(arena|nomem)\.c:|^[^:]+:[0-9]+:\s*(\*|/\*)'; then
	complain "malloc is in base/arena.c and nomem.c only, see above"
fi
if grep -nE '\b(exit|abort|err|errx)\(' "${product[@]}" |
	grep -vE '^gen/(cli/|base/arena\.c)|_exit\(|^[^:]+:[0-9]+:\s*(\*|/\*)'; then
	complain "only cli/ ends the program, see above"
fi
# A FILE that was handed in may be written anywhere; which one it is, the face
# decides.
if grep -nE '\b(stdout|stderr)\b|\b(printf|puts|putchar|perror)\(' \
	"${product[@]}" | grep -vE '^gen/(cli|report)/|^gen/base/progress|^[^:]+:[0-9]+:\s*(\*|/\*)'; then
	complain "only cli/, report/ and base/progress print, see above"
fi
# A stranger's text goes through base/escape.h.
tests/lint/sinks.py --test || bad=1
mapfile -t printing < <(git ls-files 'gen/cli/*.c' 'gen/report/*.c' \
	gen/base/diag.c)
tests/lint/sinks.py "${printing[@]}" || bad=1
# Over another library's values a default says why.
if grep -nE '^\s*default:$' "${product[@]}"; then
	complain "a switch over our own enum has no default, see above"
fi
if grep -nE '^\s*typedef [^(]*;' "${product[@]}"; then
	complain "no typedefs, see above"
fi
# A global that is not const.
if grep -nE '^(static )?(struct [a-z_]+|[a-z_]+( [a-z]+)*) \*?[a-z_]+(\[[^]]*\])?( = .*)?;' \
	"${product[@]}" | grep -E '\.c:' |
	grep -vE ':(static )?const |\bconst\b|return |:[a-z_]+:|extern'; then
	complain "a global that is not const, see above"
fi

# A header compiles alone and guards itself.
for h in "${product[@]}"; do
	case $h in *.h) ;; *) continue ;; esac
	guard=$(echo "${h#gen/}" | tr 'a-z/.' 'A-Z__')
	grep -q "^#ifndef $guard\$" "$h" || complain "$h: expected the guard $guard"
	printf '#include "%s"\n' "${h#gen/}" |
		"${CC:-cc}" -std=c11 -Wall -Werror -fsyntax-only -Igen \
			"$@" -x c - ||
		complain "$h: does not compile alone"
done
[ $bad = 0 ] || exit 1
echo "ok style"
