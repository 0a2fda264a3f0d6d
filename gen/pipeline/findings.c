#include "pipeline/findings.h"

#include "base/buf.h"
#include "base/escape.h"

static struct sv finding_line(struct arena *mem, const struct diag *m)
{
	return arena_fmt(mem, "%s %s " SV_FMT, diag_severity_name(m->severity),
			 diag_code_name(m->code),
			 SV_ARG(text_escape(mem, m->text)));
}

static size_t *count_of(const struct map *counts, struct sv line)
{
	return map_get(counts, line);
}

static void add(struct arena *mem, struct baseline *b, struct sv line)
{
	size_t *n = count_of(&b->counts, line);

	if (n == NULL) {
		b->counts.mem = mem;
		n = ARENA_NEW(mem, size_t);
		map_put(&b->counts, line, n);
		*VEC_ADD(mem, &b->distinct.list) = line;
	}
	++*n;
	b->lines++;
}

int baseline_read(struct session *s, struct baseline *out)
{
	struct sv text, line;

	*out = (struct baseline){ 0 };
	if (s->config.baseline.n == 0)
		return 0;
	if (session_read(s, s->config.baseline, &text) < 0)
		return -1;
	while (sv_cut(&text, '\n', &line)) {
		line = sv_trim(line);
		if (line.n > 0 && line.p[0] != '#')
			add(s->mem, out, line);
	}
	return 0;
}

bool baseline_within(const struct baseline *a, const struct baseline *b)
{
	for (size_t i = 0; i < a->distinct.list.n; i++) {
		struct sv line = a->distinct.list.v[i];
		const size_t *have = count_of(&b->counts, line);

		if (have == NULL || *have < *count_of(&a->counts, line))
			return false;
	}
	return true;
}

/* Of the clone that judges, and not of the tree: what is not run here must not
 * pass because it did not run there either. */
static bool is_of_the_tree(const struct diag *m)
{
	return m->code != DIAG_ALLOW;
}

struct sv baseline_text(struct arena *mem, const struct diags *d)
{
	struct buf b = { .mem = mem };
	struct strings lines = { 0 };

	for (size_t i = 0; i < d->list.n; i++)
		if (d->list.v[i].severity == DIAG_ERROR &&
		    is_of_the_tree(&d->list.v[i]))
			*VEC_ADD(mem, &lines.list) =
				finding_line(mem, &d->list.v[i]);
	strings_sort(&lines);
	buf_add(&b, SV("# Findings that zoneloom gate does not count.\n"
		       "# Written by zoneloom gate --write-baseline.\n"));
	for (size_t i = 0; i < lines.list.n; i++)
		buf_fmt(&b, SV_FMT "\n", SV_ARG(lines.list.v[i]));
	return buf_sv(&b);
}

size_t findings_demote(struct diags *d, struct diags *base,
		       const struct baseline *baseline)
{
	struct baseline known = { 0 };
	size_t demoted = 0;

	diags_sort(base);
	diags_sort(d);
	for (size_t i = 0; i < base->list.n; i++)
		if (base->list.v[i].severity != DIAG_NOTE)
			add(d->mem, &known,
			    finding_line(d->mem, &base->list.v[i]));
	for (size_t i = 0; i < d->list.n; i++) {
		struct diag *m = &d->list.v[i];
		struct sv line = finding_line(d->mem, m);
		size_t *n = count_of(&known.counts, line);

		if (m->severity == DIAG_NOTE || !is_of_the_tree(m))
			continue;
		if (n == NULL || *n == 0)
			n = count_of(&baseline->counts, line);
		if (n == NULL || *n == 0)
			continue;
		--*n;
		demoted += m->severity == DIAG_ERROR;
		m->severity = DIAG_NOTE;
	}
	diags_sort(d);
	return demoted;
}
