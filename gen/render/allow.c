#include "render/allow.h"

#include "base/buf.h"
#include "base/child.h"
#include "base/path.h"
#include "base/shell.h"
#include "render/digest.h"

enum {
	/* Bytes of a command line in a message. */
	SHOWN_WORDS = 80,
};

/* --- what a command runs --- */

/* What renderers read as values: a change there is seen in the records. */
static bool is_text_of_values(struct sv path)
{
	static const struct sv ends[] = { { ".yaml", 5 },
					  { ".yml", 4 },
					  { ".json", 5 } };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (sv_ends(path, ends[i]))
			return true;
	return false;
}

static void add_named(struct arena *mem, const struct snapshot *s,
		      struct sv word, struct strings *out)
{
	const struct snapshot_file *f;
	struct sv path;

	if (word.n == 0 || !path_join(mem, SV(""), word, &path))
		return;
	f = snapshot_find(s, path);
	if (f != NULL && !is_text_of_values(f->path))
		*VEC_ADD(mem, &out->list) = f->path;
}

static bool is_path_char(char c)
{
	static const struct sv others = { "._/+@%~-", 8 };

	c = sv_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80 || sv_chr(others, c) < others.n;
}

/* "sh -c 'cd x && ./make.sh'", "--post-renderer=./fix.sh": the word itself, and
 * whatever in it could be a path.  One too many costs an allowance more. */
static void add_word(struct arena *mem, const struct snapshot *s,
		     struct sv word, struct strings *out)
{
	size_t at = 0;

	add_named(mem, s, word, out);
	while (at < word.n) {
		size_t end = at;

		while (end < word.n && is_path_char(word.p[end]))
			end++;
		add_named(mem, s, sv_head(sv_from(word, at), end - at), out);
		at = end + 1;
	}
}

/* Each path once, however many there are. */
static void sort_once(struct strings *list)
{
	size_t kept = 0;

	strings_sort(list);
	for (size_t i = 0; i < list->list.n; i++)
		if (kept == 0 ||
		    !sv_eq(list->list.v[kept - 1], list->list.v[i]))
			list->list.v[kept++] = list->list.v[i];
	list->list.n = kept;
}

void command_code(struct arena *mem, const struct snapshot *s,
		  const struct render_command *c, struct strings *out)
{
	struct globs code = { 0 };

	*out = (struct strings){ 0 };
	for (size_t i = 0; i < c->argv.list.n; i++) {
		struct sv word = c->argv.list.v[i];

		/* A name without "/" is looked up in PATH. */
		if (i > 0 || sv_chr(word, '/') < word.n)
			add_word(mem, s, word, out);
	}
	globs_add_all(mem, &code, &c->code);
	for (size_t i = 0; code.list.n > 0 && i < snapshot_count(s); i++)
		if (globs_match(&code, snapshot_at(s, i)->path))
			*VEC_ADD(mem, &out->list) = snapshot_at(s, i)->path;
	sort_once(out);
}

/* --- its digest --- */

static void digest_list(struct digester *g, const char *what,
			const struct strings *list)
{
	struct arena *mem = arena_under(g->mem);

	digest_text(g, arena_fmt(mem, "%s %zu", what, list->list.n));
	for (size_t i = 0; i < list->list.n; i++)
		digest_text(g, list->list.v[i]);
	arena_free(mem);
}

static void digest_row(struct digester *g, const struct render_command *c)
{
	digest_text(g, SV("zoneloom allow 1"));
	for (const char *const *e = child_environment; *e != NULL; e++)
		digest_text(g, sv_of(*e));
	digest_list(g, "argv", &c->argv);
	digest_list(g, "paths", &c->paths);
	digest_list(g, "code", &c->code);
	digest_text(g, arena_fmt(g->mem, "timeout %lld, max-bytes %lld",
				 (long long)c->timeout_s,
				 (long long)c->max_bytes));
}

static int digest_command(struct digester *g, const struct render_command *c,
			  struct digest *out)
{
	struct strings code;
	int rc = digest_begin(g);

	if (rc == 0)
		digest_row(g, c);
	command_code(g->mem, g->snapshot, c, &code);
	for (size_t i = 0; rc == 0 && i < code.list.n; i++) {
		const struct snapshot_file *f =
			snapshot_find(g->snapshot, code.list.v[i]);

		digest_text(g, code.list.v[i]);
		/* A link out of the tree is not exported, either. */
		if (f != NULL)
			rc = digest_file(g, f);
	}
	digest_end(g, out);
	return rc;
}

int command_digests(struct arena *mem, struct snapshot *s,
		    const struct config *c, struct diags *d, struct fault *f,
		    struct strings *out)
{
	struct digester g = { mem, s, d, f, NULL };

	*out = (struct strings){ 0 };
	for (size_t i = 0; i < c->render.n; i++) {
		struct digest one = { "" };

		if (digest_command(&g, &c->render.v[i], &one) < 0)
			return -1;
		*VEC_ADD(mem, &out->list) = arena_sv(mem, sv_of(one.hex));
	}
	return 0;
}

/* --- whether it may run --- */

void command_allowed(struct arena *mem, struct snapshot *s, struct strings *out)
{
	struct sv rest = snapshot_setting(s, ALLOWED_KEY), word;

	*out = (struct strings){ 0 };
	while (sv_cut(&rest, ' ', &word))
		if (word.n > 0)
			strings_add_once(mem, out, word);
}

struct sv command_words(struct arena *mem, const struct render_command *c,
			size_t max)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < c->argv.list.n && b.n <= max; i++)
		buf_fmt(&b, "%s" SV_FMT, i > 0 ? " " : "",
			SV_ARG(shell_word(mem, c->argv.list.v[i])));
	if (b.n <= max)
		return buf_sv(&b);
	return arena_fmt(mem, SV_FMT "...", SV_ARG(sv_head(buf_sv(&b), max)));
}

/* What a reader of the message can do; an old setting is named once. */
static const char *once(const struct render_ctx *ctx)
{
	struct sv old = snapshot_setting(ctx->snapshot, "zoneloom.allowRender");

	return old.p != NULL ? " (zoneloom.allowRender is not read any more)"
			     : "";
}

bool command_in_base(struct arena *mem, struct diags *d,
		     const struct strings *base, const char *name,
		     const struct render_command *c, struct sv digest)
{
	if (base == NULL || strings_has(base, digest))
		return true;
	diag_file(d, DIAG_ALLOW, DIAG_ERROR, c->at,
		  "render command \"" SV_FMT
		  "\": not run, its records are unresolved: %s has no such "
		  "command, or it runs other code there",
		  SV_ARG(command_words(mem, c, SHOWN_WORDS)), name);
	return false;
}

bool command_may_run(const struct render_ctx *ctx, struct diags *d,
		     const struct render_command *c, struct sv digest)
{
	const struct allowance *a = &ctx->allow;
	struct sv words = command_words(ctx->mem, c, SHOWN_WORDS);

	if (!command_in_base(ctx->mem, d, a->base, a->base_name, c, digest))
		return false;
	if (strings_has(&a->clone, digest))
		return true;
	if (!snapshot_has_git(ctx->snapshot))
		diag_file(d, DIAG_ALLOW, DIAG_ERROR, c->at,
			  "render command \"" SV_FMT
			  "\": not run: without git nothing can allow it; run "
			  "it yourself, and pipe what it prints into zoneloom "
			  "with --stdin",
			  SV_ARG(words));
	else
		diag_file(d, DIAG_ALLOW, DIAG_ERROR, c->at,
			  "render command \"" SV_FMT
			  "\": not run: not allowed in this clone%s; to read "
			  "and allow it: " SV_FMT,
			  SV_ARG(words), once(ctx), SV_ARG(a->next));
	return false;
}
