/*
 * Claims and render commands of two configurations.
 *
 * A list has no keys to compare by, so equal rows are paired first, whatever
 * their order; of the rest, those of one name or place are one that changed.
 */
#include <stdlib.h>

#include "base/map.h"
#include "config/policy.h"

/* One claim or command, as text. */
struct row {
	struct sv text;	 /* as the file would spell it */
	struct sv names; /* of a claim, sorted */
	struct sv key;
	struct loc at;
	const struct claim *claim; /* NULL of a command */
	const struct row *pair;	   /* the other side's; NULL: none */
};

struct rows {
	VEC(struct row) list;
};

static void put_globs(struct buf *out, const struct globs *g)
{
	buf_char(out, '[');
	for (size_t i = 0; i < g->list.n; i++) {
		const struct glob *p = &g->list.v[i];
		bool rooted =
			p->anchored && sv_chr(p->pattern, '/') == p->pattern.n;

		buf_fmt(out, "%s%s%s" SV_FMT "%s", i > 0 ? ", " : "",
			p->negated ? "!" : "", rooted ? "/" : "",
			SV_ARG(p->pattern), p->folder_only ? "/" : "");
	}
	buf_char(out, ']');
}

static struct sv sorted_text(struct arena *mem, const struct strings *s)
{
	struct strings copy = { 0 };
	struct buf out = { .mem = mem };

	for (size_t i = 0; i < s->list.n; i++)
		*VEC_ADD(mem, &copy.list) = s->list.v[i];
	if (copy.list.n > 0)
		qsort(copy.list.v, copy.list.n, sizeof(struct sv), sv_qcmp);
	policy_strings(&out, &copy);
	return buf_sv(&out);
}

static struct row claim_row(struct arena *mem, const struct config *c, size_t i)
{
	const struct claim *claim = &c->claims.v[i];
	struct sv names = sorted_text(mem, &claim->names);
	struct buf text = { .mem = mem };

	buf_add(&text, SV("names: "));
	policy_strings(&text, &claim->names);
	buf_add(&text, SV(", paths: "));
	put_globs(&text, &claim->paths);
	if (claim->repos.list.n > 0) {
		buf_add(&text, SV(", repos: "));
		policy_strings(&text, &claim->repos);
	}
	return (struct row){
		.text = buf_sv(&text),
		.names = names,
		.key = claim->name.n > 0 ? arena_fmt(mem, "claims[" SV_FMT "]",
						     SV_ARG(claim->name))
					 : arena_fmt(mem, "claims[%zu]", i),
		.at = claim->at,
		.claim = claim,
	};
}

static struct row render_row(struct arena *mem, const struct config *c,
			     size_t i)
{
	const struct render_command *r = &c->render.v[i];
	struct buf text = { .mem = mem };

	buf_add(&text, SV("argv: "));
	policy_strings(&text, &r->argv);
	buf_add(&text, SV(", paths: "));
	policy_strings(&text, &r->paths);
	buf_add(&text, SV(", code: "));
	policy_strings(&text, &r->code);
	buf_fmt(&text, ", timeout: %llds, max-bytes: %lld",
		(long long)r->timeout_s, (long long)r->max_bytes);
	return (struct row){
		.text = buf_sv(&text),
		.key = arena_fmt(mem, "render[%zu]", i),
		.at = r->at,
	};
}

static struct rows rows_of(struct arena *mem, const struct config *c, size_t n,
			   struct row (*make)(struct arena *,
					      const struct config *, size_t))
{
	struct rows rows = { 0 };

	for (size_t i = 0; i < n; i++)
		*VEC_ADD(mem, &rows.list) = make(mem, c, i);
	return rows;
}

static struct sv row_text(const struct row *r)
{
	return r->text;
}

static struct sv row_names(const struct row *r)
{
	return r->names;
}

static struct sv row_key(const struct row *r)
{
	return r->key;
}

/* Rows that agree, and how many of them are paired. */
struct bucket {
	VEC(struct row *) rows;
	size_t paired;
};

static void collect(struct arena *mem, struct map *seen, struct row *row,
		    struct sv by)
{
	struct bucket *b = map_get(seen, by);

	if (row->pair != NULL || by.n == 0)
		return;
	if (b == NULL) {
		b = ARENA_NEW(mem, struct bucket);
		map_put(seen, by, b);
	}
	*VEC_ADD(mem, &b->rows) = row;
}

/* Pair what is not paired yet and agrees in `of`, if that says anything. */
static void pair_by(struct arena *mem, struct rows *a, struct rows *b,
		    struct sv (*of)(const struct row *))
{
	struct map seen = { .mem = mem };

	for (size_t i = 0; i < a->list.n; i++)
		collect(mem, &seen, &a->list.v[i], of(&a->list.v[i]));
	for (size_t i = 0; i < b->list.n; i++) {
		struct row *row = &b->list.v[i];
		struct bucket *same = map_get(&seen, of(row));

		if (row->pair != NULL || same == NULL ||
		    same->paired == same->rows.n)
			continue;
		row->pair = same->rows.v[same->paired++];
		same->rows.v[same->paired - 1]->pair = row;
	}
}

static bool is_same(const struct row *a, const struct row *b)
{
	if (a->claim == NULL)
		return sv_eq(a->text, b->text);
	return sv_eq(a->names, b->names) && claim_within(a->claim, b->claim) &&
	       claim_within(b->claim, a->claim);
}

static void pair_rows(struct arena *mem, struct rows *a, struct rows *b)
{
	pair_by(mem, a, b, row_text);
	pair_by(mem, a, b, row_key);
	pair_by(mem, a, b, row_names);
}

/* How exactly the claims of `c` hold all names of `pattern`; 0: not at all. */
static size_t best_length(const struct config *c, struct sv pattern)
{
	size_t best = 0;

	for (size_t i = 0; i < c->claims.n; i++) {
		size_t n = claim_length(&c->claims.v[i], pattern);

		best = n > best ? n : best;
	}
	return best;
}

/* Provably, every place that may take `pattern` by `claim` may do so under
 * `c`. */
static bool lets_through(const struct config *c, struct sv pattern,
			 const struct claim *claim)
{
	size_t best = best_length(c, pattern);

	for (size_t i = 0; i < c->claims.n; i++)
		if (claim_length(&c->claims.v[i], pattern) == best &&
		    claim_within(claim, &c->claims.v[i]))
			return true;
	return false;
}

/* A claim gives its names to files that could not have them before, and so
 * takes them from others. */
static bool takes(const struct config *before, const struct claim *new)
{
	if (before->claims.n == 0)
		return false; /* anybody could have any name */
	for (size_t i = 0; i < new->names.list.n; i++) {
		struct sv pattern = new->names.list.v[i];

		if (best_length(before, pattern) > 0 &&
		    !lets_through(before, pattern, new))
			return true;
	}
	return false;
}

/* A claim lets go of names: whoever claims them next takes them from nobody.
 * Unless those who hold them now could have them before. */
static bool frees(struct differ *d, const struct claim *old)
{
	for (size_t i = 0; i < old->names.list.n; i++) {
		struct sv pattern = old->names.list.v[i];
		size_t best = best_length(d->after, pattern);

		if (best == 0)
			return true;
		for (size_t k = 0; k < d->after->claims.n; k++) {
			const struct claim *c = &d->after->claims.v[k];

			if (claim_length(c, pattern) == best &&
			    !lets_through(d->before, pattern, c))
				return true;
		}
	}
	return false;
}

static bool row_loosens(struct differ *d, const struct row *old,
			const struct row *new)
{
	const struct row *any = new != NULL ? new : old;

	if (any->claim == NULL)
		return true; /* a command prints whatever it likes */
	return (new != NULL &&takes(d->before, new->claim)) ||
	       (old != NULL && frees(d, old->claim));
}

static void file_row(struct differ *d, const struct row *old,
		     const struct row *new)
{
	struct loc gone = { .file = d->after->file };

	if (old != NULL && new != NULL && is_same(old, new))
		return;
	policy_file(d, (struct policy_change){
			       .key = new != NULL ? new->key : old->key,
			       .old = old != NULL ? old->text : SV(""),
			       .new = new != NULL ? new->text : SV(""),
			       .at = new != NULL ? new->at : gone,
			       .loosens = row_loosens(d, old, new),
		       });
}

static void diff_rows(struct differ *d, struct rows *before, struct rows *after)
{
	pair_rows(d->mem, before, after);
	for (size_t i = 0; i < after->list.n; i++)
		file_row(d, after->list.v[i].pair, &after->list.v[i]);
	for (size_t i = 0; i < before->list.n; i++)
		if (before->list.v[i].pair == NULL)
			file_row(d, &before->list.v[i], NULL);
}

void policy_diff_claims(struct differ *d)
{
	struct rows before =
		rows_of(d->mem, d->before, d->before->claims.n, claim_row);
	struct rows after =
		rows_of(d->mem, d->after, d->after->claims.n, claim_row);

	diff_rows(d, &before, &after);
}

void policy_diff_render(struct differ *d)
{
	struct rows before =
		rows_of(d->mem, d->before, d->before->render.n, render_row);
	struct rows after =
		rows_of(d->mem, d->after, d->after->render.n, render_row);

	diff_rows(d, &before, &after);
}
