/* zoneloom generate: write the outputs into the work tree. */
#include "cli/outputs.h"
#include "cli/reports.h"

/* From the index into the work tree: an unstaged edit there is the user's. */
static int check_edits(struct run *r, const struct out_file *f)
{
	bool edited = false;

	if (r->spec.kind == SNAPSHOT_INDEX && outputs_edited(r, f, &edited) < 0)
		return -1;
	if (!edited)
		return 0;
	fault_file(&r->fault, r->mem, FAULT_ENV, SV_FMT " has unstaged edits",
		   SV_ARG(f->path));
	fault_hint(&r->fault, r->mem,
		   "git checkout -- " SV_FMT "   (or git stash), then again",
		   SV_ARG(f->path));
	return -1;
}

static int write_all(struct run *r, const struct outputs *o)
{
	if (snapshot_root(r->snapshot) == NULL)
		return fault_set(&r->fault, r->mem, FAULT_USAGE,
				 "there is no work tree to write to; "
				 "use --stdout, or zoneloom commit");
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale && check_edits(r, &o->files.v[i]) < 0)
			return -1;
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale && outputs_write(r, &o->files.v[i]) < 0)
			return -1;
	return 0;
}

static void say_dry(const struct run *r, const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].stale)
			printf("would %s " SV_FMT "\n",
			       o->files.v[i].text.p != NULL ? "write"
							    : "remove",
			       SV_ARG(text_escape(r->mem, o->files.v[i].path)));
}

static void print_all(const struct outputs *o)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (o->files.v[i].text.n > 0)
			(void)fwrite(o->files.v[i].text.p, 1,
				     o->files.v[i].text.n, stdout);
}

static void put_summary(const struct run *r, const struct outputs *o)
{
	if (r->quiet)
		return;
	if (!outputs_stale(o))
		fprintf(stderr, "nothing to write: %zu records, %zu files\n",
			o->records, o->files.n);
	else
		fprintf(stderr, "%zu records; next: git diff\n", o->records);
}

static int need_outputs(struct run *r, const struct outputs *o)
{
	if (o->files.n > 0)
		return 0;
	fault_file(&r->fault, r->mem, FAULT_USAGE,
		   "no output is configured in .zoneloom.yaml");
	fault_hint(&r->fault, r->mem,
		   "zoneloom init, or zoneloom generate --zone ZONE "
		   "--format terraform --stdout");
	return -1;
}

static int generate(struct run *r)
{
	struct derived d;
	struct outputs o;

	if (derive(r, &d) < 0 || outputs_make(r, &d, &o) < 0)
		return run_status(r, EXIT_ENV);
	if (!outputs_despite_errors(r, &d, &o))
		return EXIT_INPUT;
	if (need_outputs(r, &o) < 0)
		return run_status(r, EXIT_USAGE);
	if (run_has(r, "stdout")) {
		print_all(&o);
		return run_status(r, EXIT_SAME);
	}
	if (outputs_brake(r, &o) < 0)
		return run_status(r, EXIT_STOP);
	if (run_has(r, "dry-run"))
		say_dry(r, &o);
	else if (write_all(r, &o) < 0)
		return run_status(r, EXIT_ENV);
	put_summary(r, &o);
	return run_status(r, outputs_stale(&o) && run_has(r, "exit-code")
				     ? EXIT_DIFFERENT
				     : EXIT_SAME);
}

int cmd_generate(struct run *r)
{
	int rc;

	r->paths = r->args;
	rc = run_open(r);
	if (rc == 0)
		rc = generate(r);
	run_report(r);
	return rc;
}
