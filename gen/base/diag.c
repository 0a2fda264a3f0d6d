#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"

static const struct {
	const char *name, *about;
} codes[] = {
#define DIAG(name, code, about) [DIAG_##name] = { code, about },
#include "base/diag.def"
#undef DIAG
};

static const char *const severity_names[] = {
	[DIAG_NOTE] = "note",
	[DIAG_WARNING] = "warning",
	[DIAG_ERROR] = "error",
};

const char *diag_code_name(enum diag_code code)
{
	return codes[code].name;
}

const char *diag_code_about(enum diag_code code)
{
	return codes[code].about;
}

const char *diag_severity_name(enum diag_severity s)
{
	return severity_names[s];
}

static void count(struct diags *d, enum diag_severity s)
{
	if (s == DIAG_ERROR)
		d->errors++;
	else if (s == DIAG_WARNING)
		d->warnings++;
	else
		d->notes++;
}

void diag_file(struct diags *d, enum diag_code code,
	       enum diag_severity severity, struct loc at, const char *fmt, ...)
{
	struct diag *m = VEC_ADD(d->mem, &d->list);
	va_list ap;

	m->code = code;
	m->severity = severity;
	m->at = at;
	m->at.file = arena_sv(d->mem, at.file);
	va_start(ap, fmt);
	m->text = arena_vfmt(d->mem, fmt, ap);
	va_end(ap);
	count(d, severity);
}

void diag_related(struct diags *d, struct loc related)
{
	if (d->list.n == 0)
		return;
	d->list.v[d->list.n - 1].related = related;
	d->list.v[d->list.n - 1].related.file = arena_sv(d->mem, related.file);
}

static int diag_cmp(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;
	int c = sv_cmp(x->at.file, y->at.file);

	if (c != 0)
		return c;
	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	if (x->at.col != y->at.col)
		return x->at.col < y->at.col ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return sv_cmp(x->text, y->text);
}

void diags_sort(struct diags *d)
{
	size_t kept = 0;

	if (d->list.n == 0)
		return;
	qsort(d->list.v, d->list.n, sizeof(d->list.v[0]), diag_cmp);
	d->errors = d->warnings = d->notes = 0;
	for (size_t i = 0; i < d->list.n; i++) {
		if (kept > 0 &&
		    diag_cmp(&d->list.v[kept - 1], &d->list.v[i]) == 0)
			continue;
		d->list.v[kept++] = d->list.v[i];
		count(d, d->list.v[i].severity);
	}
	d->list.n = kept;
}

void diags_merge(struct diags *to, const struct diags *from)
{
	for (size_t i = 0; i < from->list.n; i++) {
		const struct diag *m = &from->list.v[i];

		diag_file(to, m->code, m->severity, m->at, SV_FMT,
			  SV_ARG(m->text));
		if (m->related.line > 0)
			diag_related(to, m->related);
	}
}

/* U+0080 to U+009F drive a terminal; the bidirectional overrides U+202A to
 * U+202E and U+2066 to U+2069 reorder what a reviewer reads. */
static bool misleads(struct sv s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (n == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	if (n != 3 || p[0] != 0xe2)
		return false;
	return (p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
	       (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

/* Bytes of the UTF-8 sequence at `s`, 0 if it is broken or misleads. */
static size_t utf8_len(struct sv s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80   ? 1
		   : c < 0xc2 ? 0
		   : c < 0xe0 ? 2
		   : c < 0xf0 ? 3
		   : c < 0xf5 ? 4
			      : 0;

	if (n == 0 || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
	return misleads(s, n) ? 0 : n;
}

struct sv text_escape(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };

	while (s.n > 0) {
		unsigned char c = (unsigned char)s.p[0];
		size_t n = utf8_len(s);

		if (n == 0 || c < 0x20 || c == 0x7f) {
			buf_fmt(&b, "\\x%02x", c);
			n = 1;
		} else {
			buf_add(&b, sv_head(s, n));
		}
		s = sv_from(s, n);
	}
	return buf_sv(&b);
}

void diag_write(const struct diag *m, FILE *out)
{
	struct arena *mem = arena_new();

	if (m->at.file.n > 0)
		fprintf(out, SV_FMT ":", SV_ARG(text_escape(mem, m->at.file)));
	else
		fprintf(out, "zoneloom:");
	if (m->at.line > 0)
		fprintf(out, "%u:%u:", m->at.line, m->at.col);
	fprintf(out, " %s: " SV_FMT " [%s]\n", severity_names[m->severity],
		SV_ARG(text_escape(mem, m->text)), codes[m->code].name);
	arena_free(mem);
}
