/*
 * escape.h - a stranger's text, made harmless for the place it is printed to.
 *
 * Why:    names, paths and values come from whoever opens a pull request; what
 *         reads our output obeys some of them: a terminal (ANSI, bidi,
 *         zero-width), a CI runner (::x::, ##[x], ##vso[), GitHub and GitLab
 *         (@mentions, references, links, HTML, table cells, trailers, [skip
 *         ci]), a spreadsheet (formulas).
 * Rule:   one row of sink.def for each such place, and nobody else escapes.
 *         cli/ and report/ print with print_text(), which escapes every
 *         string that it is given, or with the row of their format;
 *         tests/lint/sinks.py refuses anything else. tests/fuzz/fuzz_sinks.c
 *         looks for what must not be there with readers of its own.
 * Shape:  what is hidden stays readable: \xHH for each byte (as C has it), %HH
 *         in a workflow command, \uHHHH in JSON and YAML, "?" in a comment.
 *         TEXT is a fixed point: what was escaped is not escaped again.
 *         Hidden everywhere: what text_misleads() says, bytes that are not
 *         UTF-8, and the "#" of a workflow command.
 * Owner:  results are in `mem`.
 * Source: actions/runner ActionCommand.cs (TryParse, TryParseV2) and
 *         azure-pipelines-agent Command.cs; GFM 0.29 and html-pipeline's
 *         filters; git-interpret-trailers(1); OWASP CSV injection.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

enum sink {
#define SINK(id, hidden, chars, as, rules, wrap) SINK_##id,
#include "base/sink.def"
#undef SINK
	SINK_COUNT
};

/*
 * COMMENT     behind ";" or in "//" of an output: printable ASCII only
 * COMMIT      a word of a commit message
 * CSV         a cell with its quotes, where it needs them
 * GITHUB      the message of a workflow command; GITHUB_KEY: one of its values
 * HTML        text or an attribute of HTML and SVG
 * JSON        a whole line of JSON that a library wrote
 * LINE        text at the start of a line
 * MARKDOWN    a code span: nothing in one is read as Markdown or HTML
 * MARKER      a word in an HTML comment
 * MERMAID     a label in quotes
 * TEXT        text behind something of ours
 * URI         a path as a relative reference (RFC 3986)
 * YAML        a double-quoted string, quotes included; one of JSON, too
 * ZONE        data of a record as a zone file has it, which is ASCII already
 */
struct sv escape(struct arena *mem, enum sink sink, struct sv s);

/* SINK_TEXT. */
struct sv text_escape(struct arena *mem, struct sv s);

/* Bytes at the head of `s` that SINK_TEXT leaves as they are. */
size_t text_shown(struct sv s);

/* A sentence as Markdown: plain words as they are, all others as code. */
struct sv escape_prose(struct arena *mem, struct sv s);

/* Controls, blanks other than " ", what has no width, what reorders. */
bool text_misleads(uint32_t code);

/* Is `s` what a CI runner takes for a command behind one more "#": "#[x]",
 * "#vso[", "#teamcity["? */
bool command_follows(struct sv s);

/*
 * printf() for people: the format is ours, and every string argument is
 * escaped, as SINK_LINE where it starts a line, else as SINK_TEXT.  Takes %s
 * %c %d %u %x %%, widths, precisions and lengths; widths count code points.
 */
void print_text(FILE *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A text of many lines, each as print_text() has it. */
void print_lines(FILE *out, struct sv text);

/* The bytes of an output, which its writer has escaped. */
void print_whole(FILE *out, struct sv text);

/* A colour of ours, "\033[31m", where `on`. */
void print_color(FILE *out, bool on, const char *sgr);

#endif
