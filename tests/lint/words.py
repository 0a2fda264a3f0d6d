#!/usr/bin/env python3
"""The words of style.md, "Names" and "Errors".

words.py FILE...: report, as FILE:LINE: fault: "text", what does not belong in a
message, a help text, a comment or an identifier.  Exit 1 when there is any.
With --test, check itself against the rows below.
"""
import re
import sys

TOKEN = re.compile(
    r"(?P<comment>/\*.*?\*/)"
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>'(?:\\.|[^'\\\n])*')"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<blank>\s+)"
    r"|(?P<other>.)",
    re.S,
)

# Macros of a format between two parts of one text.
FORMAT = re.compile(r"SV_FMT|PRI\w+|ZONELOOM_\w+")

# "is no longer" and "there are no others" are English.
PHRASES = [
    (re.compile(r"\bis no (?!longer\b)|"
                r"(?<!\b[Tt]here )\b(?:are|was|were) no (?!longer\b)"),
     'write "not a", "missing" or "invalid"'),
    (re.compile(r"\b(?:is|are) wanted\b"), 'write "expected X"'),
    (re.compile(r"\bfailed to\b"), 'write "cannot X"'),
]

# A sentence of three words or more that ends as a message must not.  Help, the
# manual and files that are written for people are prose.
STOP = re.compile(r"\w+ \S+ .*[\w)][.!]$", re.S)
PROSE = re.compile(r"gen/(cli/(cmd_help|cmd_init|completion|manual)|"
                   r"output/nsupdate|report/markdown)\.c$")

# Words that have a standard term, and where they are one themselves.
NAMES = [
    (r"subjects?(_\w+)?", "object_ctx", r"gen/pipeline/commit_message\.c"),
    (r"(\w+_)?wires?(_\w+)?", "serialize, unless it is DNS wire format",
     r"gen/(output/|verify/|adopt/|endpoint/(dname|txt)\.|plan/target\.c)"),
    (r"loose(_\w+)?", "unzoned, unless it is git's", r"gen/git/"),
    (r"dull(_\w+)?", "known_empty", None),
    (r"told|said", "warned", None),
    (r"take_in", "enqueue_children", None),
    (r"holders(_\w+)?", "indirect_kinds", None),
    (r"is_walked", "choose_reader", None),
    (r"is_narrowed", "has_path_filter", None),
    (r"manifest_wanted", "prefilter_match", None),
    (r"twins?(_\w+)?|doubles(_\w+)?", "duplicates", None),
    (r"(\w+_)?settled?(_\w+)?", "finalize", None),
    (r"shapes?|shape_\w+", "schema", r"gen/output/rdata"),
    (r"say_\w+", "warn_*, note_*, print_* or write_*", None),
    (r"spots?(_\w+)?", "owner_node", None),
    (r"DNAME_OPEN", "DNAME_HOST_VAR", None),
    (r"is_open", "has_placeholder", None),
]
NAMES = [(re.compile(p), term, re.compile(w or "$^")) for p, term, w in NAMES]


def texts(source):
    """(kind, offset, text): comments, names, and strings joined as C does."""
    joined, start = None, 0
    for m in TOKEN.finditer(source):
        kind, text = m.lastgroup, m.group()
        if kind == "string" or (kind == "name" and FORMAT.fullmatch(text)):
            if joined is None:
                joined, start = "", m.start()
            joined += text[1:-1] if kind == "string" else "X"
            continue
        if kind in ("blank", "comment") and joined is not None:
            if kind == "blank":
                continue
        elif joined is not None:
            yield "string", start, joined
            joined = None
        if kind in ("comment", "name"):
            yield kind, m.start(), text
    if joined is not None:
        yield "string", start, joined


def faults(path, source):
    """(offset, fault, text) of one file of C or of rows."""
    for kind, at, text in texts(source):
        if kind == "name":
            for name, term, where in NAMES:
                if name.fullmatch(text) and not where.match(path):
                    yield at, f"this name has a standard term: {term}", text
            continue
        flat = re.sub(r"\s+(?:\* )?", " ", text.replace("\\n", " "))
        for phrase, advice in PHRASES:
            for m in phrase.finditer(flat):
                yield at, advice, flat[max(0, m.start() - 30):m.end() + 30]
        if (kind == "string" and STOP.match(flat.strip()) and
                not PROSE.search(path)):
            yield at, "a message ends without a full stop", flat[-60:]


ROWS = [  # source, how many faults
    ('diag_error(d, C, at, "%s: X is no "\n "number");', 1),
    ('f("the record is no longer written; there are no others");', 0),
    ('f("these are no records");', 1),
    ('f("a " SV_FMT " is "\n\t"wanted");', 1),
    ('f("failed to open %s");', 1),
    ('f("cannot open %s.");', 1),
    ('f("cannot open it!");', 1),
    ('f("zoneloom.");', 0),
    ('f("a file.tf.json");', 0),
    ('f("lines \\"; BEGIN zoneloom example.com.\\" and so on");', 0),
    ("/* What is no\n * pattern. */", 1),
    ("/* A sentence of a comment ends. */", 0),
    ("struct subject *s;", 1),
    ('f("the subject of a commit");', 0),
    ("/* told, said, loose, twins */ int settled, refs_settle;", 2),
    ("rdata_wire(mem);", 1),
    ("int looseness, unsaid, holder;", 0),
    ("say_no(); assay_1();", 1),
]


def main(arguments):
    if arguments == ["--test"]:
        bad = [(row, list(faults("gen/base/x.c", row[0]))) for row in ROWS]
        bad = [b for b in bad if len(b[1]) != b[0][1]]
        for row, got in bad:
            print(f"words.py: {row[0]!r}: {got}, expected {row[1]}")
        return 1 if bad else 0
    found = 0
    for path in arguments:
        with open(path, encoding="utf-8") as f:
            source = f.read()
        for at, fault, text in faults(path, source):
            line = source.count("\n", 0, at) + 1
            print(f'{path}:{line}: {fault}: "{text.strip()}"')
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
