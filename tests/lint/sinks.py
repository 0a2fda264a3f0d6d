#!/usr/bin/env python3
"""Everything that is printed goes through base/escape.h.

cli/ and report/ print with print_text(), which escapes what it is given.  What else
prints there prints literals, or is a report of another form, whose every text
comes from a function of SAFE.  FILE... are looked at; --test shows that a fault
is found.
"""
import re
import sys

PRINTING = r"\b(v?f?printf|dprintf|fputs|puts|putchar|fputc|putc|fwrite)\("
# They print our own tables and no text of a repository.
OURS = {"gen/cli/manual.c", "gen/cli/completion.c", "gen/cli/cmd_help.c"}
# Reports of another form than text: each text through their sink's row.
REPORTS = {"gen/report/markdown.c", "gen/report/github.c",
           "gen/report/json.c"}
SAFE = ("escape(", "escape_prose(", "code(", "words_count(",
        "changes_summary(")
# Words of our own tables.
WORDS = re.compile(r"(rrtype_name|diag_(code|severity)_name|changes_class)\(|"
                   r"words\[|word$|[^?]*\? *\"[^\"]*\" *: *\"[^\"]*\"$")


def call_at(text, start):
    """The arguments of the call whose "(" ends at `start`."""
    args, depth, word, i = [], 1, "", start
    while depth:
        c = text[i]
        if c in "\"'":
            end = re.compile(r"\\.|" + c).search(text, i + 1)
            while end.group() != c:
                end = re.compile(r"\\.|" + c).search(text, end.end())
            word += text[i:end.end()]
            i = end.end()
            continue
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 1:
            args.append(word)
            word = ""
        elif depth:
            word += c
        i += 1
    return [re.sub(r"\s+", " ", a).strip() for a in args + [word]]


def is_literal(arg):
    arg = arg.split("?", 1)[-1]
    return not re.sub(r"\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])+'|SV_FMT|[:\s]", "",
                      arg)


def is_number(arg):
    return re.match(r"\(?(m->at\.|[a-z>.-]*\.n$|[0-9])", arg) is not None


def faults(path, text):
    if path in OURS:
        return
    for m in re.finditer(PRINTING, text):
        line = text.count("\n", 0, m.start()) + 1
        name, args = m.group(1), call_at(text, m.end())
        if name == "fprintf":
            args = args[1:]
        elif not name.endswith("printf"):
            args = args[:1]
        bad = [a for a in args[1:] if not good(a)]
        if not is_literal(args[0]) or (len(args) > 1 and
                                       path not in REPORTS):
            yield line, "print it with print_text()"
        elif bad:
            yield line, "no sink: " + bad[0]


def good(arg):
    inner = re.match(r"SV_ARG\((.*)\)$", arg)
    if inner:
        return inner.group(1).startswith(SAFE)
    return is_literal(arg) or is_number(arg) or WORDS.match(arg) is not None


def test():
    rows = [
        ("gen/cli/x.c", 'puts("a");', 0),
        ("gen/cli/x.c", 'fputs(a ? "x" : "y", out);', 0),
        ("gen/cli/x.c", 'fputs(name, out);', 1),
        ("gen/cli/x.c", 'printf("%s", name);', 1),
        ("gen/cli/x.c", 'fprintf(stderr, "a" SV_FMT, SV_ARG(name));', 1),
        ("gen/cli/x.c", 'fwrite(t.p, 1, t.n, stdout);', 1),
        ("gen/cli/x.c", 'print_text(stdout, "%s", name);', 0),
        ("gen/report/markdown.c",
         'fprintf(out, "|" SV_FMT, SV_ARG(code(ctx, e->name)));', 0),
        ("gen/report/markdown.c",
         'fprintf(out, "|" SV_FMT, SV_ARG(e->name));', 1),
        ("gen/report/markdown.c", 'fprintf(out, "%s", e->name);', 1),
        ("gen/report/markdown.c",
         'fprintf(out, "%s", rrtype_name(e->type));', 0),
    ]
    for path, text, want in rows:
        got = len(list(faults(path, text)))
        if got != want:
            sys.exit(f"sinks.py: {text}: {got} faults, expected {want}")


def main():
    if sys.argv[1:] == ["--test"]:
        return test()
    bad = False
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as f:
            for line, what in faults(path, f.read()):
                print(f"sinks: {path}:{line}: {what}")
                bad = True
    return sys.exit(bad)


main()
