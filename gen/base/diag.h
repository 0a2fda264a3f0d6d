/*
 * diag.h - messages about the user's input, each with its place.
 *
 * Shape:  path:line:col: severity: text [code]
 *         line and col count from 1; col counts code points, as libyaml does.
 *         line 0 means the file as a whole; an empty file the command line.
 * Rule:   bad input never stops the run at the first fault: file a diag, skip
 *         the smallest enclosing object, go on.  A function that filed an
 *         error returns -1.  A note says what was skipped and why; it is
 *         shown by `explain --skipped` and with -v.
 * Owner:  texts and places are copied into diags.mem.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdio.h>

#include "base/loc.h"
#include "base/vec.h"

/* Order of file, line, column. */
int loc_cmp(struct loc a, struct loc b);

enum diag_severity { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

enum diag_code {
#define DIAG(name, code, about) DIAG_##name,
#include "base/diag.def"
#undef DIAG
	DIAG_COUNT
};

struct diag {
	enum diag_code code;
	enum diag_severity severity;
	struct loc at;
	struct loc related; /* the other place of a conflict; line 0: none */
	struct sv text;
	struct sv object; /* "Application argocd/web" that it is about, or "" */
	/* What many of its kind are called together: "names lack a value for
	 * DOMAIN; set it with vars: {DOMAIN: VALUE}"; or "". */
	struct sv alike;
};

struct diags {
	struct arena *mem;
	VEC(struct diag) list;
	size_t errors, warnings, notes;
};

/*
 * File one message.  diag_error() is always -1, so that `return
 * diag_error(...)` files and fails in one line; a macro, so that compilers
 * and analyzers see the -1.
 */
#define diag_error(d, code, at, ...)                                           \
 (diag_file((d), (code), DIAG_ERROR, (at), __VA_ARGS__), -1)
#define diag_warn(d, code, at, ...)                                            \
 diag_file((d), (code), DIAG_WARNING, (at), __VA_ARGS__)
#define diag_note(d, code, at, ...)                                            \
 diag_file((d), (code), DIAG_NOTE, (at), __VA_ARGS__)

void diag_file(struct diags *d, enum diag_code code,
	       enum diag_severity severity, struct loc at, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Name the other place of the message filed last. */
void diag_related(struct diags *d, struct loc related);

/* Name the object that the message filed last is about. */
void diag_object(struct diags *d, struct sv object);

/* The message filed last is one trouble with all others that `words` name: one
 * key mends them, so that they may be one line, "41 " and the words. */
void diag_alike(struct diags *d, struct sv words);

/* An error is a warning after all; `why` is put behind its text. */
void diag_soften(struct diags *d, size_t i, const char *why);

/* "dname-bad"; and one sentence about the code, for manuals and reports. */
const char *diag_code_name(enum diag_code code);
const char *diag_code_about(enum diag_code code);
const char *diag_severity_name(enum diag_severity s);

/* Order of file, line, column, text; the same message twice counts once. */
void diags_sort(struct diags *d);

/*
 * Two stages may see the same fault: of messages of one code in each list that
 * are about one name at one place, the graver stays, else that of `b`.
 */
void diags_unite(struct diags *a, enum diag_code in_a, struct diags *b,
		 enum diag_code in_b);

/* All of `from` behind those of `to`: a worker's messages to the run's. */
void diags_merge(struct diags *to, const struct diags *from);

/* The same, errors as warnings; but what `to` has as an error already is not
 * said again. */
void diags_merge_softly(struct diags *to, const struct diags *from);

/*
 * Equal messages become one with a count: messages of one code about one place
 * after another (`host "a.example.org": ...`) that differ in the quoted name
 * only.  Errors fold at one place only, because each place must be edited;
 * warnings and notes fold wherever they are.  Messages that one key mends,
 * diag_alike(), are one from the fourth on, errors too.
 */
struct diag_group {
	const struct diag *first;
	size_t more;  /* besides the first */
	size_t alike; /* of its kind, which have no group: see below */
	size_t same;  /* with the same `alike` words, itself too; 0: few */
};

struct diag_groups {
	VEC(struct diag_group) list;
};

/* `d` is sorted; groups are in the order of their first message. */
void diags_fold(struct arena *mem, const struct diags *d,
		struct diag_groups *out);

/* For a report that must stay short: of each kind - one severity and code,
 * wherever it is - at most `most` groups.  The last of them counts the
 * messages of the others. */
void diags_fold_kinds(struct arena *mem, const struct diags *d, size_t most,
		      struct diag_groups *out);

/* For a terminal: those of at least `least` severity, of each kind as many
 * groups as `lines` lines have room for, and one at least; as
 * diags_fold_kinds(). */
void diags_fold_lines(struct arena *mem, const struct diags *d,
		      enum diag_severity least, size_t lines,
		      struct diag_groups *out);

/* `host "a" and 40 more: ...`, "41 names lack a value for ...". */
struct sv diag_group_text(struct arena *mem, const struct diag_group *g);

/* One message, one line, as print_text() prints it. */
void diag_write(const struct diag *m, FILE *out);
void diag_group_write(const struct diag_group *g, FILE *out);

#endif
