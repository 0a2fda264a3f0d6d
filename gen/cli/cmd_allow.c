/*
 * zoneloom allow: show the render commands of a configuration, and let this
 * clone run exactly these.
 *
 * What is shown is a stranger's: each line begins with a word of ours, and
 * arguments stand as a shell would take them.
 */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/shell.h"
#include "base/words.h"
#include "render/render.h"

enum {
	/* Bytes of a command line that are shown: Linux takes 128 KiB for one
	 * argument. */
	ALL_WORDS = 1024 * 1024,
};

static void put_list(struct cli_ctx *c, const char *what,
		     const struct strings *list)
{
	if (list->list.n == 0)
		return;
	print_text(stdout, "  %s", what);
	for (size_t i = 0; i < list->list.n; i++)
		print_text(stdout, " " SV_FMT,
			   SV_ARG(shell_word(c->s.mem, list->list.v[i])));
	putchar('\n');
}

static void put_command(struct cli_ctx *c, const struct render_command *r,
			struct sv digest)
{
	struct arena *mem = c->s.mem;
	struct strings code;

	command_code(mem, c->s.snapshot, r, &code);
	print_text(stdout, "render " SV_FMT ":%u:%u " SV_FMT "\n",
		   SV_ARG(r->at.file), r->at.line, r->at.col,
		   SV_ARG(command_words(mem, r, ALL_WORDS)));
	put_list(c, "runs files of the tree:", &code);
	put_list(c, "reads:", &r->paths);
	print_text(stdout, "  within: %lld s, %lld bytes\n",
		   (long long)r->timeout_s, (long long)r->max_bytes);
	print_text(stdout, "  digest: " SV_FMT "\n", SV_ARG(digest));
}

/* Exactly these; with --add, beside what is allowed already. */
static int keep(struct cli_ctx *c, const struct strings *digests)
{
	struct session *s = &c->s;
	struct strings all = { 0 };
	struct buf text = { .mem = s->mem };

	if (cli_has(c, "add"))
		command_allowed(s->mem, s->snapshot, &all);
	for (size_t i = 0; i < digests->list.n; i++)
		strings_add_once(s->mem, &all, digests->list.v[i]);
	strings_sort(&all);
	for (size_t i = 0; i < all.list.n; i++)
		buf_fmt(&text, "%s" SV_FMT, i > 0 ? " " : "",
			SV_ARG(all.list.v[i]));
	return snapshot_set(s->snapshot, ALLOWED_KEY,
			    all.list.n > 0 ? buf_sv(&text)
					   : (struct sv){ NULL, 0 },
			    &s->fault);
}

static int allow(struct cli_ctx *c)
{
	struct session *s = &c->s;
	bool dry = cli_has(c, "dry-run");
	struct strings digests;

	if (command_digests(s->mem, s->snapshot, &s->config, &s->diags,
			    &s->fault, &digests) < 0)
		return -1;
	for (size_t i = 0; i < digests.list.n; i++)
		put_command(c, &s->config.render.v[i], digests.list.v[i]);
	if (!dry && keep(c, &digests) < 0)
		return -1;
	print_text(stdout, "%s " SV_FMT " of the " SV_FMT "%s\n",
		   dry ? "would allow" : "allowed in this clone:",
		   SV_ARG(words_count(s->mem, digests.list.n, "render command",
				      NULL)),
		   SV_ARG(snapshot_name(s->snapshot)),
		   cli_has(c, "add") ? ", beside what was allowed" : "");
	return 0;
}

int cmd_allow(struct cli_ctx *c)
{
	int rc = cli_open(c);

	if (rc == 0 && allow(c) < 0)
		rc = cli_status(c, EXIT_ENV);
	held_release(c->held);
	cli_report(c);
	return rc != 0 ? rc : cli_status(c, EXIT_SAME);
}
