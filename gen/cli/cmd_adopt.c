/* zoneloom adopt: take over records that exist. */
#include <unistd.h>

#include "adopt/adopt.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/shell.h"
#include "cli/reports.h"

static int read_file(struct cli_ctx *c, struct adopt *a, struct sv path)
{
	struct arena *mem = c->s.mem;
	bool piped = sv_eq(path, SV("-"));
	struct sv text;

	if ((piped ? file_read_fd(mem, STDIN_FILENO, "standard input",
				  MAX_STDIN_BYTES, &c->s.fault, &text)
		   : file_read(mem, arena_str(mem, path), MAX_STDIN_BYTES,
			       &c->s.fault, &text)) < 0)
		return -1;
	return adopt_read(a, piped ? SV("stdin") : path, text);
}

static int set_options(struct cli_ctx *c, struct adopt *a)
{
	adopt_begin(a, &c->s);
	a->from = cli_flag(c, "from");
	a->domain = arena_lower(c->s.mem, cli_flag(c, "domain"));
	a->folder = path_folder(cli_flag(c, "imports"));
	if (cli_has(c, "zone-id") &&
	    !zone_id_parse(c->s.mem, cli_flag(c, "zone-id"), &a->zone_id))
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "invalid --zone-id \"" SV_FMT
				 "\": expected 32 hexadecimal digits",
				 SV_ARG(cli_flag(c, "zone-id")));
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		if (sv_eq(c->cli_flags.list.v[i].name, SV("owner")))
			*VEC_ADD(c->s.mem, &a->owners.list) =
				c->cli_flags.list.v[i].value;
	if (c->args.list.n == 0)
		return fault_set(
			&c->s.fault, c->s.mem, FAULT_USAGE,
			"adopt: missing file; expected an answer of "
			"Cloudflare's API, a state, a zone file or the "
			"output of dig axfr");
	return 0;
}

/* --- the table --- */

static void put_row(const struct adopt_row *r)
{
	print_text(stdout, "  " SV_FMT " " SV_FMT, SV_ARG(r->name),
		   SV_ARG(r->type));
	if (r->have.n > 0)
		print_text(stdout, " " SV_FMT, SV_ARG(r->have));
	if (r->want.n > 0 && !sv_eq(r->have, r->want))
		print_text(stdout, " -> " SV_FMT, SV_ARG(r->want));
	if (r->why.n > 0)
		print_text(stdout, " (" SV_FMT ")", SV_ARG(r->why));
	putc('\n', stdout);
}

static void put_kind(const struct cli_ctx *c, const struct adopt *a,
		     enum adopt_kind kind)
{
	/* Nothing is to be done about these. */
	bool quiet = kind == ADOPT_ADOPTABLE || kind == ADOPT_MANAGED;

	if (a->count[kind] == 0)
		return;
	print_text(stdout, "%zu %s: %s\n", a->count[kind],
		   adopt_kind_name(kind), adopt_kind_about(kind));
	for (size_t i = 0; i < a->rows.n && (!quiet || c->verbose > 0); i++)
		if (a->rows.v[i].kind == kind)
			put_row(&a->rows.v[i]);
}

/* An address of another state, or of another type: the block that would let go
 * of it cannot be written. */
static void put_old_addresses(const struct cli_ctx *c, const struct adopt *a)
{
	for (size_t i = 0; i < a->rows.n && !c->quiet; i++)
		if (a->rows.v[i].moved_from.n > 0)
			print_text(stderr,
				   "next: terraform state rm " SV_FMT
				   "   (unless a removed block says so)\n",
				   SV_ARG(shell_word(c->s.mem,
						     a->rows.v[i].moved_from)));
}

static void put_table(const struct cli_ctx *c, const struct adopt *a)
{
	for (size_t i = 0; i < ADOPT_KINDS; i++)
		put_kind(c, a, (enum adopt_kind)i);
	put_old_addresses(c, a);
}

static void put_json(const struct cli_ctx *c, const struct adopt *a)
{
	(void)c;
	print_whole(stdout, adopt_json(a));
}

static void put_markdown(const struct cli_ctx *c, const struct adopt *a)
{
	(void)c;
	print_whole(stdout, adopt_markdown(a));
}

static const struct {
	const char *word;
	void (*put)(const struct cli_ctx *c, const struct adopt *a);
} formats[] = {
	{ "table", put_table },
	{ "json", put_json },
	{ "markdown", put_markdown },
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static int put_report(struct cli_ctx *c, struct adopt *a)
{
	struct sv format = cli_has(c, "output") ? cli_flag(c, "output")
						: sv_of(formats[0].word);
	struct sv text;

	if (sv_eq(format, SV("imports"))) {
		if (adopt_imports(a, &text) < 0)
			return -1;
		print_whole(stdout, text);
		return 0;
	}
	for (size_t i = 0; i < FORMATS; i++)
		if (sv_eq(format, sv_of(formats[i].word))) {
			formats[i].put(c, a);
			return 0;
		}
	return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
			 "invalid --output \"" SV_FMT
			 "\": expected table, json, markdown or imports",
			 SV_ARG(format));
}

/* Over a file of ours, never over one of the user. */
static int write_imports(struct cli_ctx *c, struct adopt *a)
{
	struct arena *mem = c->s.mem;
	struct sv path = cli_flag(c, "imports"), text, old;
	const char *root = sv_starts(path, SV("/")) ? "/" : ".";
	int rc;

	if (!cli_has(c, "imports"))
		return 0;
	if (!sv_ends(path, SV(".tf.json")))
		return fault_set(&c->s.fault, mem, FAULT_USAGE,
				 "invalid --imports \"" SV_FMT
				 "\": expected a name that ends in .tf.json",
				 SV_ARG(path));
	if (access(arena_str(mem, path), F_OK) == 0) {
		if (file_read(mem, arena_str(mem, path), MAX_FILE_BYTES,
			      &c->s.fault, &old) < 0)
			return -1;
		if (old.n > 0 && !adopt_may_replace(old))
			return fault_set(&c->s.fault, mem, FAULT_USAGE,
					 SV_FMT " was not written by adopt and "
						"was not changed",
					 SV_ARG(path));
	}
	if (adopt_imports(a, &text) < 0)
		return -1;
	rc = file_replace(mem, root, sv_from(path, root[0] == '/'), text,
			  &c->s.fault);
	if (rc > 0 && !c->quiet)
		print_text(stderr, "wrote " SV_FMT "; next: terraform plan\n",
			   SV_ARG(path));
	return rc < 0 ? -1 : 0;
}

static int adopt(struct cli_ctx *c)
{
	struct adopt a;
	struct derived d;
	struct outputs o;
	int rc = 0;

	if (set_options(c, &a) < 0)
		return EXIT_USAGE;
	if (derive(&c->s, &d) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	if (cli_outputs(c, &d, &o) < 0 || cli_one_view(c, &d.plan, "adopt") < 0)
		return cli_status(c, EXIT_ENV);
	for (size_t i = 0; i < c->args.list.n && rc == 0; i++)
		rc = read_file(c, &a, c->args.list.v[i]);
	if (rc == 0)
		rc = adopt_match(&a, &d, &o);
	if (rc == 0)
		rc = put_report(c, &a);
	/* Records may be missing from what was derived: no block may be. */
	if (rc == 0 && c->s.diags.errors == 0)
		rc = write_imports(c, &a);
	if (rc < 0)
		return cli_status(c, EXIT_INPUT);
	return cli_status(c, cli_has(c, "expect-clean") && !adopt_is_clean(&a)
				     ? EXIT_DIFFERENT
				     : EXIT_SAME);
}

static const char *folder_of(struct cli_ctx *c)
{
	struct sv path = cli_flag(c, "imports"), folder = path_folder(path);

	if (folder.n > 0)
		return arena_str(c->s.mem, folder);
	return sv_starts(path, SV("/")) ? "/" : ".";
}

int cmd_adopt(struct cli_ctx *c)
{
	int rc;

	/* It is that of the import blocks, not of a zone without a
	 * configuration. */
	c->opt.zone_id = SV("");
	for (size_t i = 0; i < c->args.list.n; i++)
		sandbox_add(c->s.mem, &c->confinement.box,
			    arena_str(c->s.mem, c->args.list.v[i]),
			    SANDBOX_READ);
	/* It is written under another name first. */
	if (cli_has(c, "imports"))
		sandbox_add(c->s.mem, &c->confinement.box, folder_of(c),
			    SANDBOX_READ | SANDBOX_WRITE);
	rc = cli_open(c);
	if (rc == 0)
		rc = adopt(c);
	held_release(c->held);
	cli_report(c);
	return rc;
}
