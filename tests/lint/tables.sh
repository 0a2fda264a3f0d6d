#!/bin/bash
# Tables against the code and the documents.  A row without its descriptor
# does not link, so that side needs no check.
set -eu
cd "$(dirname "$0")/../.."
export LC_ALL=C
bad=0

complain() {
	echo "tables: $1"
	bad=1
}

rows() { # FILE: the first argument of each row
	sed -nE 's/^[A-Z]+\(([A-Za-z0-9_]+).*/\1/p' "$1"
}

sort_keys() { # FILE: what its rows are sorted by
	case $1 in
	*/option.def) sed -nE 's/^OPTION\([^"]*"([^"]*)".*/\1/p' "$1" ;;
	*/kingpin.def) sed -nE 's/^KINGPIN\([^"]*"([^"]*)".*/\1/p' "$1" ;;
	*/flag.def) sed -nE 's/^FLAG\("([^"]*)".*/\1/p' "$1" ;;
	*) rows "$1" ;;
	esac
}

# Every `const struct source source_x` has its row, and so on.
for t in source output report; do
	def=gen/$t/$t.def
	[ $t != output ] || def=gen/config/format.def
	[ -f "$def" ] || continue
	defined=$(sed -nE "s/^const struct $t ${t}_([a-z0-9_]+) = .*/\1/p" \
		gen/"$t"/*.c | sort)
	[ "$(rows "$def" | sort)" = "$defined" ] ||
		complain "$def and the code differ:
$(diff <(rows "$def" | sort) <(echo "$defined"))"
done

# What a format is, its row says: nobody else asks for its name.
formats=$(rows gen/config/format.def | paste -sd'|')
[ -n "$formats" ] || complain 'no rows in gen/config/format.def'
if git ls-files 'gen/*.[ch]' | xargs grep -nE "\"($formats)\"" |
	grep -vE '#define REFERENCE_WORD |"template"'; then # a word of Kubernetes
	complain 'a format by its name, see above: its row has a column for it'
fi

# What users can type stands in the help, too.
for f in ${formats//|/ }; do
	grep -q "^FLAG(\"output\".*\b$f\b" gen/cli/flag.def ||
		complain "flag.def: -o does not say $f"
done

# Commands: a row each, a file each.
def=gen/cli/command.def
if [ -f $def ]; then
	defined=$(sed -nE 's/^int cmd_([a-z0-9_]+)\(struct cli_ctx .*/\1/p' \
		gen/cli/*.c | sort)
	[ "$(rows $def | sort)" = "$defined" ] ||
		complain "$def and cmd_*() differ:
$(diff <(rows $def | sort) <(echo "$defined"))"
fi

# Sorted, so that two people who add a row meet in one place; each row once.
while read -r def; do
	[ "$(sort_keys "$def")" = "$(sort_keys "$def" | sort -u)" ] ||
		grep -qi 'in the order' "$def" ||
		complain "$def: rows are not sorted:
$(diff <(sort_keys "$def") <(sort_keys "$def" | sort) | head -n 4)"
done < <(git ls-files 'gen/*.def')

# Every code of a message is filed somewhere and shown by a golden case.
while read -r name code; do
	grep -rqwE "DIAG_$name" gen --include='*.[ch]' ||
		grep -qE "^LINT\([a-z]+,\s*${name#LINT_}," gen/lint/lint.def ||
		complain "diag.def: nothing files DIAG_$name"
	grep -rqsF "[$code]" tests/golden/*/expected tests/cli tests/e2e ||
		complain "diag.def: no golden case shows [$code]"
done < <(sed -nE 's/^DIAG\(([A-Z0-9_]+),\s*"([a-z0-9-]+)".*/\1 \2/p' \
	gen/base/diag.def)

# What users can type stands in the manual.
if [ -f man/zoneloom.1 ]; then
	while read -r name; do
		grep -qE -- "(^|[^a-z-])${name//-/(\\\\-|-)}([^a-z-]|\$)" \
			man/zoneloom.1 || complain "man/zoneloom.1: no --$name"
	done < <(sed -nE 's/^(OPTION|FLAG)\([^"]*"([a-z0-9-]+)".*/\2/p' \
		gen/config/option.def gen/cli/flag.def 2>/dev/null)
	while read -r name; do
		grep -qF -- "$name" man/zoneloom.1 ||
			complain "man/zoneloom.1: no command $name"
	done < <(rows gen/cli/command.def | tr _ -)
fi
[ $bad = 0 ] || exit 1
echo "ok tables"
