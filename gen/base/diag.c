#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/map.h"

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

int loc_cmp(struct loc a, struct loc b)
{
	int c = sv_cmp(a.file, b.file);

	if (c == 0)
		c = (a.line > b.line) - (a.line < b.line);
	return c != 0 ? c : (a.col > b.col) - (a.col < b.col);
}

void diag_object(struct diags *d, struct sv object)
{
	if (d->list.n > 0)
		d->list.v[d->list.n - 1].object = arena_sv(d->mem, object);
}

void diag_soften(struct diags *d, size_t i, const char *why)
{
	struct diag *m = &d->list.v[i];

	if (m->severity != DIAG_ERROR)
		return;
	m->severity = DIAG_WARNING;
	m->text = arena_fmt(d->mem, SV_FMT "%s", SV_ARG(m->text), why);
	d->errors--;
	d->warnings++;
}

void diag_alike(struct diags *d, struct sv words)
{
	if (d->list.n > 0)
		d->list.v[d->list.n - 1].alike = arena_sv(d->mem, words);
}

static int diag_cmp(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;
	int c = loc_cmp(x->at, y->at);

	if (c != 0)
		return c;
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
		if (m->object.n > 0)
			diag_object(to, m->object);
		if (m->alike.n > 0)
			diag_alike(to, m->alike);
	}
}

static struct sv whole_key(struct arena *mem, const struct diag *m)
{
	return arena_fmt(mem, SV_FMT ":%u:%u:%d:" SV_FMT, SV_ARG(m->at.file),
			 m->at.line, m->at.col, (int)m->code, SV_ARG(m->text));
}

void diags_merge_softly(struct diags *to, const struct diags *from)
{
	struct arena *own = arena_new();
	struct map errors = { .mem = own };
	struct diags fresh = { .mem = own };

	for (size_t i = 0; i < to->list.n; i++)
		if (to->list.v[i].severity == DIAG_ERROR)
			map_put(&errors, whole_key(own, &to->list.v[i]),
				&to->list.v[i]);
	for (size_t i = 0; i < from->list.n; i++)
		if (map_get(&errors, whole_key(own, &from->list.v[i])) == NULL)
			*VEC_ADD(own, &fresh.list) = from->list.v[i];
	for (size_t i = 0; i < fresh.list.n; i++)
		diag_soften(&fresh, i, "");
	diags_merge(to, &fresh);
	arena_free(own);
}

/* Its place, and the name that it quotes first; "" when it has neither. */
static struct sv quoted_at(struct arena *mem, const struct diag *m)
{
	struct sv name = sv_from(m->text, sv_chr(m->text, '"') + 1);

	if (name.n == 0 || m->at.line == 0)
		return SV("");
	return arena_fmt(mem, SV_FMT ":%u:%u:" SV_FMT, SV_ARG(m->at.file),
			 m->at.line, m->at.col,
			 SV_ARG(sv_head(name, sv_chr(name, '"'))));
}

/* Take out what is marked. */
static void drop(struct diags *d, const bool *marked)
{
	size_t kept = 0;

	d->errors = d->warnings = d->notes = 0;
	for (size_t i = 0; i < d->list.n; i++) {
		if (marked[i])
			continue;
		d->list.v[kept++] = d->list.v[i];
		count(d, d->list.v[i].severity);
	}
	d->list.n = kept;
}

void diags_unite(struct diags *a, enum diag_code in_a, struct diags *b,
		 enum diag_code in_b)
{
	struct arena *own = arena_new();
	struct map seen = { .mem = own };
	bool *drop_a = ARENA_ARRAY(own, bool, a->list.n + 1);
	bool *drop_b = ARENA_ARRAY(own, bool, b->list.n + 1);

	for (size_t i = 0; i < a->list.n; i++)
		if (a->list.v[i].code == in_a)
			map_put(&seen, quoted_at(own, &a->list.v[i]),
				&a->list.v[i]);
	for (size_t i = 0; i < b->list.n; i++) {
		const struct diag *m = &b->list.v[i], *other;
		struct sv key = quoted_at(own, m);

		if (m->code != in_b || key.n == 0 ||
		    (other = map_get(&seen, key)) == NULL)
			continue;
		if (other->severity > m->severity ||
		    other->severity == DIAG_ERROR)
			drop_b[i] = true;
		else
			drop_a[other - a->list.v] = true;
	}
	drop(a, drop_a);
	drop(b, drop_b);
	arena_free(own);
}

/* `host "a.example.org"`, where a message starts with a quoted name and a
 * colon; else nothing. */
static struct sv quoted_head(struct sv text)
{
	size_t open = sv_chr(text, '"'), close;

	if (open >= text.n || sv_chr(sv_head(text, open), ':') < open)
		return SV("");
	close = sv_find(sv_from(text, open + 1), SV("\": "));
	return open + 1 + close < text.n ? sv_head(text, open + close + 2)
					 : SV("");
}

static struct sv fold_key(struct arena *mem, const struct diag *m)
{
	struct sv name = quoted_head(m->text);
	struct sv text = arena_fmt(mem, "%s %d " SV_FMT " " SV_FMT,
				   codes[m->code].name, (int)m->severity,
				   SV_ARG(sv_head(name, sv_chr(name, '"'))),
				   SV_ARG(sv_from(m->text, name.n)));

	if (m->severity != DIAG_ERROR)
		return text;
	return arena_fmt(mem, SV_FMT ":%u:%u " SV_FMT, SV_ARG(m->at.file),
			 m->at.line, m->at.col, SV_ARG(text));
}

/* From how many messages on one line stands for those that one key mends. */
enum { ALIKE_LEAST = 4 };

static struct sv alike_key(struct arena *mem, const struct diag *m)
{
	return arena_fmt(mem, "%s %d " SV_FMT, codes[m->code].name,
			 (int)m->severity, SV_ARG(m->alike));
}

/* How many messages share each one's words. */
struct alikes {
	struct map counts; /* alike_key() to size_t */
	struct map groups; /* alike_key() of those that have a group */
};

static void alikes_count(struct arena *mem, const struct diags *d,
			 struct alikes *out)
{
	*out = (struct alikes){ { .mem = mem }, { .mem = mem } };
	for (size_t i = 0; i < d->list.n; i++) {
		struct sv key;
		size_t *n;

		if (d->list.v[i].alike.n == 0)
			continue;
		key = alike_key(mem, &d->list.v[i]);
		n = map_get(&out->counts, key);
		if (n == NULL) {
			n = ARENA_NEW(mem, size_t);
			map_put(&out->counts, key, n);
		}
		++*n;
	}
}

/* One line for all that share its words; false: it is one of few. */
static bool fold_alike(struct arena *mem, struct alikes *a,
		       const struct diag *m, struct diag_groups *out)
{
	struct sv key;
	const size_t *n;

	if (m->alike.n == 0)
		return false;
	key = alike_key(mem, m);
	n = map_get(&a->counts, key);
	if (*n < ALIKE_LEAST)
		return false;
	if (map_get(&a->groups, key) == NULL) {
		map_put(&a->groups, key, a);
		*VEC_ADD(mem, &out->list) =
			(struct diag_group){ .first = m, .same = *n };
	}
	return true;
}

void diags_fold(struct arena *mem, const struct diags *d,
		struct diag_groups *out)
{
	struct map seen = { .mem = mem }; /* to index, as a pointer */
	struct alikes alikes;

	alikes_count(mem, d, &alikes);
	for (size_t i = 0; i < d->list.n; i++) {
		const struct diag *m = &d->list.v[i];
		struct sv key = fold_key(mem, m);
		const size_t *at = map_get(&seen, key);
		size_t *fresh;

		if (fold_alike(mem, &alikes, m, out))
			continue;
		if (at != NULL && out->list.n > 0 &&
		    quoted_head(m->text).n > 0) {
			out->list.v[*at].more++;
			continue;
		}
		fresh = ARENA_NEW(mem, size_t);
		*fresh = out->list.n;
		map_put(&seen, key, fresh);
		*VEC_ADD(mem, &out->list) = (struct diag_group){ .first = m };
	}
}

static void keep_kinds(struct arena *mem, const struct diag_groups *all,
		       size_t most, struct diag_groups *out)
{
	struct kind {
		size_t n, last; /* groups; the last of them */
	} kinds[DIAG_COUNT][DIAG_ERROR + 1] = { 0 };

	for (size_t i = 0; i < all->list.n; i++) {
		const struct diag_group *g = &all->list.v[i];
		struct kind *k = &kinds[g->first->code][g->first->severity];

		if (k->n == most) {
			out->list.v[k->last].alike +=
				g->same > 0 ? g->same : 1 + g->more;
			continue;
		}
		k->n++;
		k->last = out->list.n;
		*VEC_ADD(mem, &out->list) = *g;
	}
}

void diags_fold_kinds(struct arena *mem, const struct diags *d, size_t most,
		      struct diag_groups *out)
{
	struct diag_groups all = { 0 };

	diags_fold(mem, d, &all);
	keep_kinds(mem, &all, most, out);
}

void diags_fold_lines(struct arena *mem, const struct diags *d,
		      enum diag_severity least, size_t lines,
		      struct diag_groups *out)
{
	struct diags shown = { .mem = mem };
	struct diag_groups all = { 0 };

	for (size_t i = 0; i < d->list.n; i++)
		if (d->list.v[i].severity >= least)
			*VEC_ADD(mem, &shown.list) = d->list.v[i];
	diags_fold(mem, &shown, &all);
	*out = all;
	for (size_t most = lines; out->list.n > lines && most > 0; most--) {
		*out = (struct diag_groups){ 0 };
		keep_kinds(mem, &all, most, out);
	}
}

struct sv diag_group_text(struct arena *mem, const struct diag_group *g)
{
	struct sv name = quoted_head(g->first->text);

	if (g->same > 0)
		return arena_fmt(mem, "%zu " SV_FMT, g->same,
				 SV_ARG(g->first->alike));
	if (g->more == 0)
		return g->first->text;
	return arena_fmt(mem, SV_FMT " and %zu more" SV_FMT, SV_ARG(name),
			 g->more, SV_ARG(sv_from(g->first->text, name.n)));
}

void diag_group_write(const struct diag_group *g, FILE *out)
{
	struct arena *mem = arena_new();
	struct diag m = *g->first;

	m.text = diag_group_text(mem, g);
	diag_write(&m, out);
	arena_free(mem);
}

void diag_write(const struct diag *m, FILE *out)
{
	struct sv file = m->at.file.n > 0 ? m->at.file : SV("zoneloom");

	if (m->at.line > 0)
		print_text(out, SV_FMT ":%u:%u: %s: " SV_FMT " [%s]\n",
			   SV_ARG(file), m->at.line, m->at.col,
			   severity_names[m->severity], SV_ARG(m->text),
			   codes[m->code].name);
	else
		print_text(out, SV_FMT ": %s: " SV_FMT " [%s]\n", SV_ARG(file),
			   severity_names[m->severity], SV_ARG(m->text),
			   codes[m->code].name);
}
