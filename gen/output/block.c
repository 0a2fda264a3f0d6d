#include "output/block.h"

#include "base/path.h"
#include "output/list.h"
#include "output/serial.h"
#include "output/soa_place.h"
#include "output/zone_clash.h"
#include "output/zone_serial.h"

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
	struct sv include; /* our file: its $INCLUDE is the block.  Or "" */
	struct block block;
	int rc;
};

static void fault(struct lexer *l, const char *text)
{
	/* The parent of an include file is not ours to refuse. */
	if (l->include.n > 0) {
		diag_warn(l->ctx->diags, DIAG_BLOCK, l->at, "zone file: %s",
			  text);
		return;
	}
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

/* The record behind our lines must not take over their last owner or TTL. */
static void follower_check(struct lexer *l, struct sv line)
{
	struct sv word = SV("");
	bool has_ttl = l->ttl_in_force;

	l->follower = true;
	if (line.n > 0 && is_blank(line.p[0])) {
		fault(l,
		      "the first record after our lines begins with a blank, "
		      "so it would get their last owner; write its owner");
		return;
	}
	(void)word_cut(&line, &word); /* the owner */
	for (int i = 0; i < 2 && word_cut(&line, &word); i++)
		has_ttl |= is_ttl(word);
	if (!has_ttl)
		fault(l, "the first record after our lines has no TTL, so it "
			 "could get their last one; write its TTL, or a $TTL "
			 "above");
}

/* Is this the $INCLUDE of our file?  Name servers look for it from a folder of
 * their own, so that only the last part of its path can be compared. */
static bool is_include(const struct lexer *l, struct sv line)
{
	struct sv word = SV("");

	if (l->include.n == 0 || !word_cut(&line, &word) ||
	    !sv_case_eq(word, SV("$INCLUDE")) || !word_cut(&line, &word))
		return false;
	return sv_eq(path_name(word), path_name(l->include));
}

static void directive(struct lexer *l, struct sv line)
{
	bool above = !l->block.begun;

	if (l->block.begun && !l->block.ended)
		fault(l, "a directive in the block; move it out, the block is "
			 "rewritten");
	else if (sv_case_eq(sv_head(line, 4), SV("$TTL")))
		l->ttl_in_force = true;
	else if (is_include(l, line))
		l->block.begun = l->block.ended = true;
	else if (above && l->include.n == 0 &&
		 output_is_relative(l->ctx->spec) &&
		 sv_case_eq(sv_head(line, 7), SV("$ORIGIN")))
		fault(l, "a $ORIGIN above the block changes the meaning of "
			 "relative names; remove names: relative");
}

/* A line outside parentheses that is neither empty nor a comment. */
static void entry(struct lexer *l, struct sv line)
{
	if (sv_starts(line, SV("$")))
		directive(l, line);
	else if (l->block.ended && !l->follower)
		follower_check(l, line);
}

/* Parentheses and quotes of one line. */
static void line_scan(struct lexer *l, struct sv line)
{
	bool quoted = false;

	if (l->at.line == 1 && sv_starts(line, SV("\xef\xbb\xbf")))
		fault(l, "a byte order mark, which is part of a name here");
	if (sv_chr(line, '\0') < line.n)
		fault(l, "a NUL byte");
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
			fault(l, "\")\" without \"(\"");
	}
	if (quoted)
		fault(l, "a quoted string runs over the end of the line");
}

static void marker(struct lexer *l, bool begins, size_t start, size_t next)
{
	struct block *b = &l->block;

	if (l->depth > 0)
		fault(l, "a marker inside parentheses");
	else if (begins ? b->begun : b->ended)
		fault(l, "duplicate marker");
	else if (!begins && !b->begun)
		fault(l, "the END marker is before the BEGIN marker");
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
				  "zone file: missing %s of our block: mode "
				  "block expects the lines \"" SV_FMT
				  "\" and \"" SV_FMT "\"",
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

void include_check(struct output_ctx *ctx, struct sv file, struct sv text)
{
	struct lexer l = { .ctx = ctx,
			   .at = { file, 0, 0 },
			   .text = text,
			   .include = ctx->spec->file };

	while (l.pos < text.n)
		next_line(&l);
}

bool include_find(struct sv text, struct sv file)
{
	struct lexer l = { .include = file };
	struct sv line;

	while (sv_cut(&text, '\n', &line))
		if (is_include(&l, line))
			return true;
	return false;
}

static void lines_join(struct arena *mem, const struct zone_lines *a,
		       const struct zone_lines *b, struct zone_lines *out)
{
	for (size_t i = 0; i < a->list.n; i++)
		*VEC_ADD(mem, &out->list) = a->list.v[i];
	for (size_t i = 0; i < b->list.n; i++)
		*VEC_ADD(mem, &out->list) = b->list.v[i];
	zone_lines_sort(out);
}

/* The new file must hold what stood outside and our lines, and no more. */
static int reread(struct output_ctx *ctx, struct sv text,
		  const struct zone_lines *all)
{
	struct zone_lines got = { 0 };

	outside_read(ctx, text, &got, NULL);
	if (sv_eq(zone_lines_digest_text(ctx->mem, all),
		  zone_lines_digest_text(ctx->mem, &got)))
		return 0;
	return diag_error(
		ctx->diags, DIAG_BLOCK, output_place(ctx),
		"zone file: our lines would change the meaning of other lines");
}

/* Other digits for those of the serial, and of the digest where somebody has
 * asked for one with a comment. */
static struct sv with_serial(struct arena *mem, struct sv text,
			     const struct soa_place *soa, uint32_t serial,
			     struct sv digest)
{
	struct buf b = { .mem = mem };
	size_t at = soa->at + soa->n;

	buf_add(&b, sv_head(text, soa->at));
	buf_fmt(&b, "%lu", (unsigned long)serial);
	if (soa->digest_n > 0) {
		buf_add(&b, sv_head(sv_from(text, at), soa->digest_at - at));
		buf_add(&b, sv_head(digest, soa->digest_n));
		at = soa->digest_at + soa->digest_n;
	}
	buf_add(&b, sv_from(text, at));
	return buf_sv(&b);
}

/* The zone's serial moves as that of a whole zone does, where its SOA stands
 * in this file. */
static int serial_move(struct output_ctx *ctx, const struct zone_lines *all,
		       struct sv *text)
{
	struct soa_place soa = soa_find(*text);
	struct zone_lines got = { 0 };
	uint32_t serial, now;
	struct sv digest;
	bool readable;

	if (sv_eq(ctx->zone->serial, SV("keep")))
		return 0;
	readable = zone_lines_serial(all, &now);
	if (!readable && soa.records == 0) {
		if (!sv_eq(*text, ctx->previous))
			serial_is_elsewhere(ctx);
		return 0;
	}
	digest = digest_hex(ctx->mem, zone_lines_digest_text(ctx->mem, all),
			    DIGEST);
	if (!readable || soa.records != 1 || soa.n == 0)
		return diag_error(ctx->diags, DIAG_BLOCK, output_place(ctx),
				  "zone file: cannot find the serial of its "
				  "SOA; expected one SOA with a decimal "
				  "serial, or serial: keep");
	if (serial_choose(ctx, ZONE_TOLERANT, digest, &serial) != 0)
		return -1;
	*text = with_serial(ctx->mem, *text, &soa, serial, digest);
	outside_read(ctx, *text, &got, NULL);
	if (!zone_lines_serial(&got, &now) || now != serial)
		return diag_error(ctx->diags, DIAG_BLOCK, output_place(ctx),
				  "zone file: cannot change the serial of its "
				  "SOA; set serial: keep to leave it");
	return reread(ctx, *text, all);
}

/* Lines outside that only some name servers understand, or none. */
static void report_unread(struct output_ctx *ctx, const struct diags *unread)
{
	struct sv more = SV("is"), why;

	if (unread->list.n == 0)
		return;
	if (unread->list.n > 1)
		more = arena_fmt(ctx->mem, "and %zu more are",
				 unread->list.n - 1);
	why = unread->list.v[0].text;
	why = sv_from(why, sv_find(why, SV(": ")) + 2);
	diag_warn(ctx->diags, DIAG_BLOCK, unread->list.v[0].at,
		  "zone file: this line " SV_FMT " not read (" SV_FMT
		  "), so conflicts with our block are not detected",
		  SV_ARG(more), SV_ARG(sv_head(why, sv_chr(why, ';'))));
}

int block_write(struct output_ctx *ctx, const struct endpoints *records,
		struct sv *text)
{
	struct loc at = output_place(ctx);
	struct zone_lines ours = { 0 }, outside = { 0 }, all = { 0 };
	struct buf b = { .mem = ctx->mem }, around = { .mem = ctx->mem };
	struct zone_style style = { "\n", output_origin(ctx), 0, SV("") };
	struct diags unread = { .mem = ctx->mem };
	struct block block;
	int rc = zone_lines_add(ctx, records, &ours);

	if (lex(ctx, at, ctx->previous, &block) != 0 || rc != 0)
		return -1;
	zone_lines_sort(&ours);
	/* The block's lines as empty ones, so that places stay. */
	buf_add(&around, sv_head(ctx->previous, block.inside));
	for (size_t i = block.inside; i < block.after; i++)
		if (ctx->previous.p[i] == '\n')
			buf_char(&around, '\n');
	buf_add(&around, sv_from(ctx->previous, block.after));
	outside_read(ctx, buf_sv(&around), &outside, &unread);
	report_unread(ctx, &unread);
	if (clash_check(ctx, ctx->spec->file, &ours, &outside) != 0)
		return -1;
	lines_join(ctx->mem, &ours, &outside, &all);
	if (block.crlf)
		style.end = "\r\n";
	buf_add(&b, sv_head(ctx->previous, block.inside));
	zone_lines_write(&b, &ours, &style);
	buf_add(&b, sv_from(ctx->previous, block.after));
	*text = buf_sv(&b);
	if (reread(ctx, *text, &all) != 0)
		return -1;
	return serial_move(ctx, &all, text);
}
