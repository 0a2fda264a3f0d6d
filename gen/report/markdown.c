/*
 * A pull-request comment: one table a zone, deletions first.
 *
 * GitHub refuses a comment of more than 65,536 characters, and a comment that
 * is refused shows nothing.  So it fits, whatever changes: a row a name, long
 * values cut, and where there are too many rows, how many are not shown.
 */
#include "report/report.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/words.h"
#include "endpoint/txt.h"
#include "report/fit.h"

enum {
	/* Rows of a table before it is folded. */
	FOLD_ROWS = 50,
	/* Bytes of all rows: 60,000 with what stands around them. */
	ROW_BYTES = 54000,
	/* Bytes of a value before it is escaped. */
	CELL_BYTES = 200,
	/* Findings of one code before the others are only counted. */
	KIND_FINDINGS = 10,
};

/* What must be seen first. */
enum rank {
	RANK_LOOSENS,
	RANK_DELETE,
	RANK_ERROR,
	RANK_UPDATE,
	RANK_POLICY,
	RANK_ADD,
	RANK_WARNING,
	RANK_DRIFT,
	RANKS
};

static const size_t shares[RANKS] = {
	[RANK_LOOSENS] = 8000, [RANK_DELETE] = 18000, [RANK_ERROR] = 12000,
	[RANK_UPDATE] = 6000,  [RANK_POLICY] = 2000,  [RANK_ADD] = 4000,
	[RANK_WARNING] = 3000, [RANK_DRIFT] = 2000,
};

/* One row is "one", many are "many". */
static const char *const rank_words[RANKS][2] = {
	[RANK_LOOSENS] = { "loosened key", NULL },
	[RANK_DELETE] = { "deletion", NULL },
	[RANK_ERROR] = { "error", NULL },
	[RANK_UPDATE] = { "update", NULL },
	[RANK_POLICY] = { "key", NULL },
	[RANK_ADD] = { "addition", NULL },
	[RANK_WARNING] = { "warning", NULL },
	[RANK_DRIFT] = { "change", NULL },
};

static const struct {
	const char *word;
	enum rank rank;
} kinds[] = {
	[CHANGE_ADD] = { "add", RANK_ADD },
	[CHANGE_UPDATE] = { "update", RANK_UPDATE },
	[CHANGE_DELETE] = { "delete", RANK_DELETE },
};

struct md {
	const struct report_ctx *ctx;
	struct arena *mem;
	struct fit fit;
	/* Zones and findings have places of their own. */
	size_t zones_end, policy_end, drift_end;
};

/* The head of a long text, and a mark. */
static struct sv cut(struct arena *mem, struct sv s)
{
	size_t n = CELL_BYTES;

	if (s.n <= CELL_BYTES)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return arena_fmt(mem, SV_FMT "...", SV_ARG(sv_head(s, n)));
}

static struct sv code(const struct md *m, struct sv s)
{
	return escape(m->mem, SINK_MARKDOWN, cut(m->mem, s));
}

static struct fit_block *add_block(struct md *m, struct sv head, struct sv foot)
{
	struct fit_block *b = VEC_ADD(m->mem, &m->fit.blocks);

	b->head = head;
	b->foot = foot;
	return b;
}

static void add_row(struct md *m, struct fit_block *b, unsigned rank,
		    struct sv text)
{
	*VEC_ADD(m->mem, &b->rows) = (struct fit_row){ text, rank, false };
}

/* --- a row a name --- */

struct name_row {
	struct sv name;
	VEC(const struct change *) list;
	enum change_kind worst;
	bool txt; /* its ownership TXT changes, too */
};

struct name_rows {
	VEC(struct name_row *) list;
};

/* The name that an ownership TXT belongs to; of one that was read from an
 * output, only the usual form of its name says so. */
static struct sv owned_by(const struct endpoint *txt, struct sv type)
{
	if (txt->owned_name.n > 0)
		return txt->owned_name;
	if (txt->name.n > type.n && txt->name.p[type.n] == '-' &&
	    sv_case_eq(sv_head(txt->name, type.n), type))
		return sv_from(txt->name, type.n + 1);
	return SV("");
}

static struct name_row *owner_of(const struct map *names,
				 const struct endpoint *txt)
{
	static const enum rrtype types[] = { RR_A, RR_AAAA, RR_CNAME };
	struct name_row *row = NULL;

	for (size_t i = 0; row == NULL && i < 3; i++)
		row = map_get(names,
			      owned_by(txt, sv_of(rrtype_name(types[i]))));
	return row;
}

static struct name_row *row_of(struct md *m, struct map *names,
			       struct name_rows *rows, struct sv name)
{
	struct name_row *row = map_get(names, name);

	if (row != NULL)
		return row;
	row = ARENA_NEW(m->mem, struct name_row);
	row->name = name;
	map_put(names, name, row);
	*VEC_ADD(m->mem, &rows->list) = row;
	return row;
}

static void put_change(struct md *m, struct name_row *row,
		       const struct change *c)
{
	*VEC_ADD(m->mem, &row->list) = c;
	if (c->kind > row->worst)
		row->worst = c->kind;
}

/* An ownership TXT is folded into the row of its name; where only the TXT
 * changes, it has a row of its own. */
static void group(struct md *m, const struct changes *c, struct name_rows *out)
{
	struct map names = { .mem = m->mem };

	for (size_t i = 0; i < c->list.n; i++) {
		const struct endpoint *e = change_record(&c->list.v[i]);

		if (!is_ownership(e))
			put_change(m, row_of(m, &names, out, e->name),
				   &c->list.v[i]);
	}
	for (size_t i = 0; i < c->list.n; i++) {
		const struct endpoint *e = change_record(&c->list.v[i]);
		struct name_row *owner;

		if (!is_ownership(e))
			continue;
		owner = owner_of(&names, e);
		if (owner != NULL)
			owner->txt = true;
		else
			put_change(m, row_of(m, &names, out, e->name),
				   &c->list.v[i]);
	}
}

/* Words once each, in their order: "delete, add". */
static void add_word(struct arena *mem, struct strings *list, const char *word)
{
	strings_add_once(mem, list, sv_of(word));
}

static struct sv join(struct arena *mem, const struct strings *list)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < list->list.n; i++)
		buf_fmt(&b, "%s" SV_FMT, i > 0 ? ", " : "",
			SV_ARG(list->list.v[i]));
	return buf_sv(&b);
}

static struct sv values_of(struct md *m, const struct name_row *row)
{
	struct buf b = { .mem = m->mem };

	if (row->list.n == 1)
		return change_value(m->mem, row->list.v[0]);
	for (size_t i = 0; i < row->list.n; i++)
		buf_fmt(&b, "%s%s %s: " SV_FMT, i > 0 ? "; " : "",
			kinds[row->list.v[i]->kind].word,
			rrtype_name(change_record(row->list.v[i])->type),
			SV_ARG(change_value(m->mem, row->list.v[i])));
	return buf_sv(&b);
}

static struct sv row_text(struct md *m, const struct name_row *row)
{
	struct strings words = { 0 }, types = { 0 };

	for (size_t i = 0; i < row->list.n; i++) {
		const struct change *c = row->list.v[i];

		add_word(m->mem, &words, kinds[c->kind].word);
		add_word(m->mem, &types, rrtype_name(change_record(c)->type));
	}
	if (row->txt)
		add_word(m->mem, &types, rrtype_name(RR_TXT));
	return arena_fmt(
		m->mem,
		"| " SV_FMT " | " SV_FMT " | " SV_FMT " | " SV_FMT " | " SV_FMT
		" |\n",
		SV_ARG(join(m->mem, &words)), SV_ARG(join(m->mem, &types)),
		SV_ARG(code(m, row->name)), SV_ARG(code(m, values_of(m, row))),
		SV_ARG(code(m, change_place(m->mem, row->list.v[0]))));
}

/* --- a table a zone --- */

#define TABLE_HEAD                                                             \
 "| change | type | name | value | source |\n|---|---|---|---|---|\n"

static struct sv zone_heading(struct md *m, const struct zone_changes *z)
{
	struct sv key = cut(m->mem, z->zone ? z->zone->key : SV("records"));

	return arena_fmt(m->mem,
			 "<!-- zoneloom:zone=" SV_FMT " -->\n### DNS: " SV_FMT
			 " " SV_FMT "\n\n",
			 SV_ARG(escape(m->mem, SINK_MARKER, key)),
			 SV_ARG(code(m, key)),
			 SV_ARG(changes_summary(m->mem, &z->changes)));
}

/* The rows of some kinds, the worst one first; true if there are any. */
static bool add_table(struct md *m, const struct name_rows *rows,
		      struct sv heading, enum change_kind from,
		      enum change_kind to, bool drift)
{
	struct fit_block *b = NULL;
	size_t n = 0;

	for (size_t i = 0; i < rows->list.n; i++)
		n += rows->list.v[i]->worst <= from &&
		     rows->list.v[i]->worst >= to;
	if (n == 0)
		return false;
	b = add_block(
		m,
		n > FOLD_ROWS
			? arena_fmt(
				  m->mem,
				  SV_FMT "<details><summary>" SV_FMT
					 "</summary>\n\n" TABLE_HEAD,
				  SV_ARG(heading),
				  SV_ARG(words_count(m->mem, n, "name", NULL)))
			: arena_fmt(m->mem, SV_FMT TABLE_HEAD, SV_ARG(heading)),
		n > FOLD_ROWS ? SV("\n</details>\n\n") : SV("\n"));
	for (int kind = (int)from; kind >= (int)to; kind--)
		for (size_t i = 0; i < rows->list.n; i++)
			if ((int)rows->list.v[i]->worst == kind)
				add_row(m, b,
					drift ? RANK_DRIFT : kinds[kind].rank,
					row_text(m, rows->list.v[i]));
	return true;
}

/* Deletions are not hidden in the fold of what else changes. */
static void add_zone(struct md *m, const struct zone_changes *z, bool drift)
{
	struct name_rows rows = { 0 };
	struct sv heading = zone_heading(m, z);

	group(m, &z->changes, &rows);
	if (rows.list.n <= FOLD_ROWS)
		(void)add_table(m, &rows, heading, CHANGE_DELETE, CHANGE_ADD,
				drift);
	else
		(void)add_table(m, &rows,
				add_table(m, &rows, heading, CHANGE_DELETE,
					  CHANGE_DELETE, drift)
					? SV("")
					: heading,
				CHANGE_UPDATE, CHANGE_ADD, drift);
}

static void add_zones(struct md *m, const struct zone_changes_list *zones,
		      bool drift)
{
	for (size_t i = 0; zones != NULL && i < zones->list.n; i++)
		if (zones->list.v[i].changes.list.n > 0)
			add_zone(m, &zones->list.v[i], drift);
}

static void add_policy(struct md *m)
{
	const struct policy_changes *p = m->ctx->policy;
	struct fit_block *b;

	if (p == NULL || p->list.n == 0)
		return;
	b = add_block(m,
		      arena_fmt(m->mem,
				"### Policy: " SV_FMT "\n\n"
				"| key | before | after | |\n|---|---|---|---|"
				"\n",
				SV_ARG(words_count(m->mem, p->list.n, "change",
						   NULL))),
		      SV("\n"));
	for (size_t i = 0; i < p->list.n; i++) {
		const struct policy_change *c = &p->list.v[i];

		add_row(m, b, c->loosens ? RANK_LOOSENS : RANK_POLICY,
			arena_fmt(m->mem,
				  "| " SV_FMT " | " SV_FMT " | " SV_FMT
				  " | %s |\n",
				  SV_ARG(code(m, c->key)),
				  SV_ARG(code(m, policy_value(m->mem, c->old))),
				  SV_ARG(code(m, policy_value(m->mem, c->new))),
				  c->loosens ? "**loosens**" : ""));
	}
}

static void add_finding(struct md *m, struct fit_block *b,
			const struct diag_group *g)
{
	const struct diag *d = g->first;
	const char *severity = diag_severity_name(d->severity);
	struct sv text = cut(m->mem, diag_group_text(m->mem, g));
	struct sv more = SV("");

	if (g->alike > 0)
		more = arena_fmt(m->mem, "- and %zu more of %s, %s\n", g->alike,
				 severity, diag_code_name(d->code));
	add_row(m, b, d->severity == DIAG_ERROR ? RANK_ERROR : RANK_WARNING,
		arena_fmt(m->mem,
			  "- **%s** " SV_FMT ":%u: " SV_FMT " (%s)\n" SV_FMT,
			  severity, SV_ARG(code(m, d->at.file)), d->at.line,
			  SV_ARG(escape_prose(m->mem, text)),
			  diag_code_name(d->code), SV_ARG(more)));
}

static void add_findings(struct md *m)
{
	const struct diags *d = m->ctx->diags;
	struct diag_groups groups = { 0 };
	struct fit_block *b;

	if (d->errors + d->warnings == 0)
		return;
	diags_fold_kinds(m->mem, d, KIND_FINDINGS, &groups);
	b = add_block(
		m,
		arena_fmt(m->mem, "### Findings: " SV_FMT ", " SV_FMT "\n\n",
			  SV_ARG(words_count(m->mem, d->errors, "error", NULL)),
			  SV_ARG(words_count(m->mem, d->warnings, "warning",
					     NULL))),
		SV(""));
	for (size_t i = 0; i < groups.list.n; i++)
		if (groups.list.v[i].first->severity != DIAG_NOTE)
			add_finding(m, b, &groups.list.v[i]);
}

/* --- what is printed --- */

/* "Not shown: 2 deletions, 300 additions." */
static void put_hidden(const struct md *m, const size_t hidden[RANKS],
		       bool others, FILE *out)
{
	struct strings words = { 0 };

	for (unsigned r = 0; r < RANKS; r++)
		if (hidden[r] > 0)
			*VEC_ADD(m->mem, &words.list) =
				words_count(m->mem, hidden[r], rank_words[r][0],
					    rank_words[r][1]);
	if (words.list.n > 0)
		print_whole(out,
			    arena_fmt(m->mem, "Not shown%s: " SV_FMT ".\n\n",
				      others ? " of other tables" : "",
				      SV_ARG(join(m->mem, &words))));
}

static void put_block(const struct md *m, const struct fit_block *b, FILE *out)
{
	size_t hidden[RANKS];

	print_whole(out, b->head);
	for (size_t i = 0; i < b->rows.n; i++)
		if (b->rows.v[i].shown)
			print_whole(out, b->rows.v[i].text);
	print_whole(out, b->foot);
	for (unsigned r = 0; r < RANKS; r++)
		hidden[r] = fit_hidden(b, r);
	put_hidden(m, hidden, false, out);
}

/* Those from one place to another; of those that have no row, the sum. */
static void put_blocks(const struct md *m, size_t from, size_t to, FILE *out)
{
	size_t hidden[RANKS] = { 0 }, closed = 0;

	for (size_t i = from; i < to; i++) {
		const struct fit_block *b = &m->fit.blocks.v[i];

		if (b->open) {
			put_block(m, b, out);
			continue;
		}
		closed++;
		for (unsigned r = 0; r < RANKS; r++)
			hidden[r] += fit_hidden(b, r);
	}
	if (closed > 0)
		put_hidden(m, hidden, true, out);
}

static void build(struct md *m)
{
	add_zones(m, &m->ctx->zones, false);
	m->zones_end = m->fit.blocks.n;
	add_policy(m);
	m->policy_end = m->fit.blocks.n;
	add_zones(m, m->ctx->drift, true);
	m->drift_end = m->fit.blocks.n;
	add_findings(m);
	fit_choose(&m->fit);
}

static void markdown_write(const struct report_ctx *ctx, FILE *out)
{
	struct md m = {
		.ctx = ctx,
		.mem = ctx->mem,
		.fit = { .max = ROW_BYTES, .ranks = RANKS, .shares = shares }
	};

	build(&m);
	/* Whoever posts it finds the comment of the run before by this. */
	fputs("<!-- zoneloom -->\n", out);
	if (m.zones_end == 0 && ctx->found == NULL)
		fputs("No DNS change.\n\n", out);
	put_blocks(&m, 0, m.zones_end, out);
	put_blocks(&m, m.zones_end, m.policy_end, out);
	if (m.drift_end > m.policy_end)
		fputs("## Not part of this change, and published by the next "
		      "run\n\n",
		      out);
	put_blocks(&m, m.policy_end, m.drift_end, out);
	for (size_t i = 0; i < ctx->remarks.list.n; i++)
		fprintf(out, "> " SV_FMT "\n\n",
			SV_ARG(escape_prose(
				ctx->mem,
				cut(ctx->mem, ctx->remarks.list.v[i]))));
	put_blocks(&m, m.drift_end, m.fit.blocks.n, out);
}

const struct report report_markdown = {
	.name = "markdown",
	.about = "a pull-request comment",
	.write = markdown_write,
};
