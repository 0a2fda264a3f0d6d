/* zoneloom generate: write the outputs into the work tree. */
#include "base/words.h"
#include "cli/reports.h"

/* From the index into the work tree: an unstaged edit there is the user's. */
static int add_change(struct cli_ctx *c, const struct out_file *f,
		      struct file_changes *list)
{
	struct file_change *change = VEC_ADD(c->s.mem, &list->list);
	bool edited;

	if (outputs_edited(&c->s, f, change, &edited) < 0)
		return -1;
	if (!edited)
		return 0;
	if (c->s.spec.kind != SNAPSHOT_INDEX)
		return fault_set(&c->s.fault, c->s.mem, FAULT_AGAIN,
				 SV_FMT " changed while it was read; nothing "
					"was written",
				 SV_ARG(f->path));
	fault_file(&c->s.fault, c->s.mem, FAULT_ENV,
		   SV_FMT " has unstaged edits", SV_ARG(f->path));
	fault_hint(&c->s.fault, c->s.mem,
		   "git checkout -- " SV_FMT "   (or git stash), then again",
		   SV_ARG(git_path_word(c->s.mem, snapshot_root(c->s.snapshot),
					f->path)));
	return -1;
}

static void put_changes(const struct cli_ctx *c,
			const struct file_changes *list)
{
	for (size_t i = 0; i < list->list.n; i++) {
		const struct file_change *f = &list->list.v[i];

		if (f->done && !c->quiet)
			print_text(stderr, "%s " SV_FMT "\n",
				   f->text.p != NULL ? "wrote" : "removed",
				   SV_ARG(f->path));
	}
}

static int write_all(struct cli_ctx *c, const struct outputs *o)
{
	struct file_changes list = { 0 };

	if (snapshot_root(c->s.snapshot) == NULL)
		return fault_set(&c->s.fault, c->s.mem, FAULT_USAGE,
				 "no work tree to write to; use --stdout, or "
				 "zoneloom commit");
	outputs_sweep(&c->s, o);
	put_healed(c, &c->s);
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale &&
		    add_change(c, &o->files.v[i], &list) < 0)
			return -1;
	if (list.list.n > 0 && outputs_write(&c->s, &list, false) < 0)
		return -1;
	put_changes(c, &list);
	return 0;
}

static void print_dry(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			print_text(stdout, "would %s " SV_FMT "\n",
				   o->files.v[i].text.p != NULL ? "write"
								: "remove",
				   SV_ARG(o->files.v[i].path));
}

static void print_all(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].text.n > 0)
			print_whole(stdout, o->files.v[i].text);
}

static void put_summary(const struct cli_ctx *c, const struct outputs *o)
{
	struct sv records = words_count(c->s.mem, o->records, "record", NULL);

	if (c->quiet)
		return;
	if (!outputs_stale(o))
		print_text(stderr, "nothing to write: " SV_FMT ", " SV_FMT "\n",
			   SV_ARG(records),
			   SV_ARG(words_count(c->s.mem, o->files.n, "file",
					      NULL)));
	else
		print_text(stderr, SV_FMT "; next: git diff\n",
			   SV_ARG(records));
}

static int need_outputs(struct cli_ctx *c, const struct outputs *o)
{
	if (o->files.n > 0)
		return 0;
	fault_file(&c->s.fault, c->s.mem, FAULT_USAGE,
		   "no output is configured in .zoneloom.yaml");
	fault_hint(&c->s.fault, c->s.mem,
		   "zoneloom init, or zoneloom generate --zone ZONE "
		   "--format terraform --stdout");
	return -1;
}

static int generate(struct cli_ctx *c)
{
	struct derived d;
	struct outputs o;

	if (derive(&c->s, &d) < 0 ||
	    (!cli_has(c, "stdout") && outputs_ignored(&c->s, DIAG_WARNING) < 0))
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	if (cli_outputs(c, &d, &o) < 0)
		return cli_status(c, EXIT_ENV);
	if (!outputs_despite_errors(&c->s, &d, &o))
		return EXIT_INPUT;
	put_left(&o);
	if (need_outputs(c, &o) < 0)
		return cli_status(c, EXIT_USAGE);
	if (cli_has(c, "stdout")) {
		print_all(&o);
		return cli_status(c, EXIT_SAME);
	}
	if (cli_brake(c, &c->s.config, &o.zones) < 0)
		return cli_status(c, EXIT_STOP);
	if (cli_has(c, "dry-run"))
		print_dry(&o);
	else if (write_all(c, &o) < 0)
		return cli_status(c, EXIT_ENV);
	put_summary(c, &o);
	return cli_status(c, outputs_stale(&o) && cli_has(c, "exit-code")
				     ? EXIT_DIFFERENT
				     : EXIT_SAME);
}

int cmd_generate(struct cli_ctx *c)
{
	int rc;

	c->opt.paths = c->args;
	c->opt.heal = !cli_has(c, "stdout") && !cli_has(c, "dry-run");
	rc = !cli_has(c, "stdout") && cli_reads_all(c) < 0 ? EXIT_USAGE
							   : cli_open(c);
	if (rc == 0)
		rc = generate(c);
	cli_report(c);
	return rc;
}
