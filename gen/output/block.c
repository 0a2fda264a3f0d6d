#include "output/block.h"

#include "base/map.h"
#include "output/list.h"
#include "output/zone_lines.h"

#define BEGIN "; BEGIN zoneloom "

/* Offsets into the text of the whole file. */
struct block {
	bool begun, ended;
	uint32_t begin_line, end_line;
	size_t inside, after; /* behind the BEGIN line; at the END line */
	size_t rest;	      /* behind the END line */
	bool crlf;
};

/* A walk over the lines of a zone file: as much of RFC 1035 section 5.1 as
 * tells where a record begins. */
struct lexer {
	struct output_ctx *ctx;
	struct loc at;
	struct sv text, begin, end;
	size_t pos;
	unsigned depth;	   /* of parentheses */
	bool ttl_in_force; /* a $TTL was seen outside the block */
	bool follower;	   /* the first record behind the block was seen */
	struct block block;
	int rc;
};

static void fault(struct lexer *l, const char *text)
{
	l->rc = diag_error(l->ctx->diags, DIAG_BLOCK, l->at, "zone file: %s",
			   text);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of a line outside quotes, or false. */
static bool word_cut(struct sv *line, struct sv *word)
{
	size_t n = 0;

	while (line->n > 0 && is_blank(line->p[0]))
		*line = sv_from(*line, 1);
	while (n < line->n && !is_blank(line->p[n]) && line->p[n] != ';')
		n++;
	*word = sv_head(*line, n);
	*line = sv_from(*line, n);
	return n > 0;
}

static bool is_ttl(struct sv word)
{
	if (word.n == 0 || word.p[0] < '0' || word.p[0] > '9')
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '\0' ||
		    strchr("0123456789smhdwSMHDW", word.p[i]) == NULL)
			return false;
	return true;
}

/* The record behind our block must not take over our last owner or TTL. */
static void follower_check(struct lexer *l, struct sv line)
{
	struct sv word = SV("");
	bool has_ttl = l->ttl_in_force;

	l->follower = true;
	if (line.n > 0 && is_blank(line.p[0])) {
		fault(l, "the first record behind the block begins with a "
			 "blank, so it would get the block's last owner; "
			 "write its owner");
		return;
	}
	(void)word_cut(&line, &word); /* the owner */
	for (int i = 0; i < 2 && word_cut(&line, &word); i++)
		has_ttl |= is_ttl(word);
	if (!has_ttl)
		fault(l, "the first record behind the block has no TTL, so it "
			 "could get the block's last one; write its TTL, or a "
			 "$TTL above");
}

/* A line outside parentheses that is neither empty nor a comment. */
static void entry(struct lexer *l, struct sv line)
{
	bool inside = l->block.begun && !l->block.ended;

	if (sv_starts(line, SV("$"))) {
		if (inside)
			fault(l, "a directive stands in the block; move it "
				 "out, the block is rewritten");
		else if (sv_case_eq(sv_head(line, 4), SV("$TTL")))
			l->ttl_in_force = true;
		return;
	}
	if (l->block.ended && !l->follower)
		follower_check(l, line);
}

/* Parentheses and quotes of one line. */
static void line_scan(struct lexer *l, struct sv line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == ';')
			break;
		else if (c == '(')
			l->depth++;
		else if (c == ')' && l->depth > 0)
			l->depth--;
		else if (c == ')')
			fault(l, "a \")\" without its \"(\"");
	}
	if (quoted)
		fault(l, "a quoted text runs over the end of the line");
}

static void marker(struct lexer *l, bool begins, size_t start, size_t next)
{
	struct block *b = &l->block;

	if (l->depth > 0)
		fault(l, "a marker stands inside parentheses");
	else if (begins ? b->begun : b->ended)
		fault(l, "a marker stands here a second time");
	else if (!begins && !b->begun)
		fault(l, "the END marker stands before the BEGIN marker");
	if (begins) {
		b->begun = true;
		b->begin_line = l->at.line;
		b->inside = next;
		b->crlf = next >= 2 && l->text.p[next - 2] == '\r';
	} else {
		b->ended = true;
		b->end_line = l->at.line;
		b->after = start;
		b->rest = next;
	}
}

static bool is_marker(struct sv line, struct sv marker_text)
{
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return sv_eq(line, marker_text);
}

static bool is_entry(struct sv line)
{
	struct sv bare = sv_trim(line);

	return bare.n > 0 && bare.p[0] != ';';
}

static void next_line(struct lexer *l)
{
	struct sv rest = sv_from(l->text, l->pos);
	struct sv line = sv_head(rest, sv_chr(rest, '\n'));
	size_t next = l->pos + line.n + (line.n < rest.n ? 1 : 0);

	l->at.line++;
	l->at.col = 1;
	if (is_marker(line, l->begin)) {
		marker(l, true, l->pos, next);
	} else if (is_marker(line, l->end)) {
		marker(l, false, l->pos, next);
	} else {
		if (l->depth == 0 && is_entry(line))
			entry(l, line);
		line_scan(l, line);
	}
	l->pos = next;
}

/* Find the markers and whatever forbids to write between them. */
static int lex(struct output_ctx *ctx, struct loc at, struct sv text,
	       struct block *out)
{
	struct arena *mem = ctx->mem;
	struct sv zone = ctx->zone->name;
	struct lexer l = { .ctx = ctx,
			   .at = { at.file, 0, 0 },
			   .text = text,
			   .begin = arena_fmt(mem, BEGIN SV_FMT ".",
					      SV_ARG(zone)),
			   .end = arena_fmt(mem, "; END zoneloom " SV_FMT ".",
					    SV_ARG(zone)) };

	while (l.pos < text.n)
		next_line(&l);
	if (!l.block.begun || !l.block.ended) {
		l.at.line = 0;
		l.rc = diag_error(ctx->diags, DIAG_BLOCK, l.at,
				  "zone file: %s of our block is missing; "
				  "mode block wants the lines \"" SV_FMT
				  "\" and \"" SV_FMT "\" in it",
				  l.block.begun ? "the END" : "the BEGIN",
				  SV_ARG(l.begin), SV_ARG(l.end));
	}
	if (l.depth > 0)
		fault(&l, "a \"(\" is never closed");
	*out = l.block;
	return l.rc;
}

struct sv block_zone(struct sv text)
{
	static const struct sv begin = { BEGIN, sizeof(BEGIN) - 1 };
	struct sv line;

	while (sv_cut(&text, '\n', &line)) {
		line = sv_trim(line);
		if (sv_starts(line, begin) && sv_ends(line, SV(".")))
			return sv_from(sv_head(line, line.n - 1), begin.n);
	}
	return SV("");
}

int block_find(struct output_ctx *ctx, struct loc at, struct sv text,
	       struct sv *inside)
{
	struct block b;

	if (lex(ctx, at, text, &b) != 0)
		return -1;
	*inside = (struct sv){ text.p + b.inside, b.after - b.inside };
	return 0;
}

/* Our lines and those around them, looked up by owner. */
struct clash {
	struct output_ctx *ctx;
	const struct zone_lines *ours;
	struct map by_owner; /* first line of an owner */
	int rc;
};

static const struct zone_line *first_of(const struct clash *c, struct sv owner)
{
	return map_get(&c->by_owner, owner);
}

static bool last_line(const struct clash *c, const struct zone_line *l)
{
	return l == &c->ours->list.v[c->ours->list.n - 1];
}

static void clash_fault(struct clash *c, const struct zone_line *ours,
			const char *why)
{
	c->rc = diag_error(c->ctx->diags, DIAG_BLOCK, output_place(c->ctx),
			   "record " SV_FMT " " SV_FMT " of our block %s",
			   SV_ARG(ours->owner), SV_ARG(ours->text), why);
}

static void clash_pair(struct clash *c, const struct zone_line *ours,
		       const struct zone_line *theirs)
{
	enum { CODE_CNAME = 5 };

	if (ours->code == theirs->code && ours->ttl == theirs->ttl &&
	    sv_eq(ours->rdata, theirs->rdata))
		diag_warn(c->ctx->diags, DIAG_BLOCK, output_place(c->ctx),
			  "record " SV_FMT " " SV_FMT
			  " stands outside our block too",
			  SV_ARG(ours->owner), SV_ARG(ours->text));
	else if (ours->code == theirs->code)
		clash_fault(c, ours,
			    "has the name and type of a record "
			    "outside it");
	else if (ours->code == CODE_CNAME || theirs->code == CODE_CNAME)
		clash_fault(c, ours,
			    "and one outside it cannot stand beside "
			    "each other (RFC 1034 3.6.2)");
}

static void clash_owner(struct clash *c, const struct zone_line *theirs)
{
	const struct zone_line *l = first_of(c, theirs->owner);

	for (; l != NULL && sv_eq(l->owner, theirs->owner);
	     l = last_line(c, l) ? NULL : l + 1)
		clash_pair(c, l, theirs);
}

/* Records below a delegation are never served (RFC 1034 section 4.2.1). */
static void clash_below(struct clash *c, const struct zone_line *cut)
{
	if (cut->code != RRCODE_NS || sv_eq(cut->owner, c->ctx->zone->name))
		return;
	for (size_t i = 0; i < c->ours->list.n; i++)
		if (dname_in(c->ours->list.v[i].owner, cut->owner))
			clash_fault(c, &c->ours->list.v[i],
				    "lies at or below a delegation outside "
				    "it");
}

static int clash_check(struct output_ctx *ctx, const struct zone_lines *ours,
		       const struct zone_lines *outside)
{
	struct clash c = { ctx, ours, { .mem = ctx->mem }, 0 };

	for (size_t i = ours->list.n; i-- > 0;)
		map_put(&c.by_owner, ours->list.v[i].owner, &ours->list.v[i]);
	for (size_t i = 0; i < outside->list.n; i++) {
		clash_owner(&c, &outside->list.v[i]);
		clash_below(&c, &outside->list.v[i]);
	}
	return c.rc;
}

/* BIND and NSD read CR LF, libzscanner does not. */
static struct sv without_cr(struct arena *mem, struct sv text)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n ||
		    text.p[i + 1] != '\n')
			buf_char(&b, text.p[i]);
	return buf_sv(&b);
}

static bool scan_lines(struct output_ctx *ctx, struct sv text,
		       struct zone_lines *out)
{
	struct zone_rrs rrs = { 0 };
	bool ok = zone_scan(ctx->mem, NULL, NOWHERE, without_cr(ctx->mem, text),
			    ctx->zone->name, (uint32_t)ctx->zone->default_ttl,
			    &rrs) == 0;

	zone_lines_of(ctx->mem, &rrs, out);
	return ok;
}

/* The new file must hold what stood outside and our lines, and no more. */
static int reread(struct output_ctx *ctx, struct sv text,
		  const struct zone_lines *outside,
		  const struct zone_lines *ours)
{
	struct zone_lines want = { 0 }, got = { 0 };

	for (size_t i = 0; i < outside->list.n; i++)
		*VEC_ADD(ctx->mem, &want.list) = outside->list.v[i];
	for (size_t i = 0; i < ours->list.n; i++)
		*VEC_ADD(ctx->mem, &want.list) = ours->list.v[i];
	zone_lines_sort(&want);
	(void)scan_lines(ctx, text, &got);
	if (sv_eq(zone_lines_digest_text(ctx->mem, &want),
		  zone_lines_digest_text(ctx->mem, &got)))
		return 0;
	return diag_error(ctx->diags, DIAG_BLOCK, output_place(ctx),
			  "zone file: our lines would change what others in "
			  "it mean");
}

int block_write(struct output_ctx *ctx, const struct endpoints *records,
		struct sv *text)
{
	struct loc at = output_place(ctx);
	struct zone_lines ours = { 0 }, outside = { 0 };
	struct buf b = { .mem = ctx->mem }, around = { .mem = ctx->mem };
	struct block block;
	int rc = zone_lines_add(ctx, records, &ours);

	if (lex(ctx, at, ctx->previous, &block) != 0 || rc != 0)
		return -1;
	zone_lines_sort(&ours);
	buf_add(&around, sv_head(ctx->previous, block.inside));
	buf_add(&around, sv_from(ctx->previous, block.after));
	if (!scan_lines(ctx, buf_sv(&around), &outside))
		diag_warn(ctx->diags, DIAG_BLOCK, at,
			  "zone file: some lines outside our block are not "
			  "read ($INCLUDE, $GENERATE), so clashes with them "
			  "are not seen");
	if (clash_check(ctx, &ours, &outside) != 0)
		return -1;
	buf_add(&b, sv_head(ctx->previous, block.inside));
	zone_lines_write(&b, &ours, block.crlf ? "\r\n" : "\n", 0, SV(""));
	buf_add(&b, sv_from(ctx->previous, block.after));
	*text = buf_sv(&b);
	return reread(ctx, *text, &outside, &ours);
}
