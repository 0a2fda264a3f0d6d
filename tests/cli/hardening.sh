#!/bin/bash
# What the Makefile asks of compiler and linker, read back from the program.
. "$(dirname "$0")/../lib.sh"
cd "$root" || exit 1
make -s all || exit 1
elf=build/zoneloom

# says NAME PATTERN READELF-FLAG...: some line matches.
says() {
	local name=$1 pattern=$2
	shift 2
	run readelf -W "$@" "$elf"
	check "$name" grep -qE "$pattern" "$work/.out"
}
lacks() {
	local name=$1 pattern=$2
	shift 2
	run readelf -W "$@" "$elf"
	check "$name" test "$(grep -cE "$pattern" "$work/.out")" = 0
}

says "position independent" 'Type: +DYN .*(Position-Independent|Shared)' -h
says "relocations are read-only after the start" '^ +GNU_RELRO' -l
says "every symbol is bound at the start" 'FLAGS_1.* NOW' -d
says "the stack is not executable" 'GNU_STACK .* RW +0x' -l
lacks "no segment is writable and executable" '^ +LOAD .* RWE ' -l
lacks "no library is looked up by a path of the build" 'RPATH|RUNPATH' -d
says "the stack is guarded" '__stack_chk_fail' --dyn-syms
says "calls with known bounds are checked" '__[a-z]+_chk' --dyn-syms

# Only where the compiler has it: this asks the same compiler.
if echo 'int main(void) { return 0; }' |
	${CC:-cc} -Werror -fcf-protection -x c - -o "$work/cet" 2>/dev/null; then
	# Debian's own start files have no such note, so the program has none.
	elf=build/o/gen/cli/cli.o
	says "indirect jumps land where they may (CET)" \
		'x86 feature:.*IBT.*SHSTK' -n
	# A probe of each page is what a large frame shows.
	echo 'int f(char *); int g(void) { char b[65536]; return f(b); }' \
		>"$work/big.c"
	flags=$(make -pn all 2>/dev/null | sed -n 's/^HARD := //p')
	# shellcheck disable=SC2086 # flags are words
	${CC:-cc} -O2 $flags -S "$work/big.c" -o "$work/big.s"
	run cat "$work/big.s"
	check "large frames are probed page by page" grep -qE 'or[lq].*[$]0' "$work/.out"
fi
done_testing
