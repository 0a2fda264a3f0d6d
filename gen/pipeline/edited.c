#include "pipeline/edited.h"

#include "pipeline/ours.h"
#include "pipeline/outputs.h"

struct edit {
	struct session *head;
	struct snapshot *parted; /* where HEAD left BASE */
	const char *commit;	 /* its name */
	struct ours ours;
	struct diags *d;
};

static bool same_file(const struct snapshot_file *a,
		      const struct snapshot_file *b)
{
	return a != NULL && b != NULL && a->mode == b->mode &&
	       memcmp(a->id, b->id, sizeof(a->id)) == 0;
}

/* Some file on one side that may be an output, and is another on the other. */
static bool touched(const struct edit *e, const struct snapshot *a,
		    const struct snapshot *b)
{
	for (size_t i = 0; i < snapshot_count(a); i++) {
		const struct snapshot_file *f = snapshot_at(a, i);

		if ((config_writes(&e->head->config, f->path) ||
		     ours_candidate(&e->ours, f)) &&
		    !same_file(f, snapshot_find(b, f->path)))
			return true;
	}
	return false;
}

static int file_edited(struct edit *e, const struct out_file *f)
{
	struct session *s = e->head;
	struct loc at = { f->path, 1, 1 };
	struct sv before;

	if (snapshot_read_at(s->snapshot, e->commit, f->path, s->mem, &s->fault,
			     &before) < 0)
		return -1;
	if ((before.p == NULL) == (f->old.p == NULL) && sv_eq(before, f->old))
		return 0;
	diag_file(e->d, DIAG_EDITED_OUTPUT, DIAG_ERROR, at,
		  "output \"" SV_FMT
		  "\": %s by hand, %s; expected what the manifests of this "
		  "branch give: run zoneloom generate",
		  SV_ARG(f->path), f->old.p == NULL ? "removed" : "edited",
		  f->text.p == NULL ? "and nothing writes it" : "or stale");
	return 0;
}

/* After an error an output may be what on-error: keep gives, whatever the
 * configuration says: an override is published that way although main has a
 * fault.  It keeps what stood where HEAD left BASE. */
static int compare(struct edit *e)
{
	struct session *s = e->head;
	struct derived d;
	struct outputs o;
	bool writes;

	s->config.publishers.v[0].opt.on_error = SV("keep");
	if (derive(s, &d) < 0 || outputs_make(s, &d, &o) < 0)
		return -1;
	writes = outputs_despite_errors(s, &d, &o);
	for (size_t i = 0; i < o.files.n; i++)
		if ((o.files.v[i].stale || !writes || o.files.v[i].left) &&
		    file_edited(e, &o.files.v[i]) < 0)
			return -1;
	return 0;
}

static int open_parted(struct edit *e, const char *base, const char *head)
{
	struct session *s = e->head;
	struct diags ignored = { .mem = s->mem };
	struct snapshot_spec spec = s->spec;
	struct sv commit;

	if (repo_merge_base(s->mem, &s->spec, base, head, &s->fault, &commit) <
	    0)
		return -1;
	e->commit = arena_str(s->mem, commit);
	spec.kind = SNAPSHOT_REV;
	spec.rev = e->commit;
	return snapshot_open(s->mem, &spec, &ignored, &s->fault, &e->parted);
}

int edited_find(const struct session *like, const char *base, const char *head,
		struct session *at_head, struct diags *d)
{
	struct edit e = { .head = at_head, .d = d };

	/* A broken configuration is found where the merge is judged. */
	if (session_open_rev(like, head, at_head) < 0)
		return at_head->fault.kind == FAULT_USAGE ? 0 : -1;
	if (at_head->config.file.n == 0)
		return 0;
	if (open_parted(&e, base, head) < 0 || ours_new(at_head, &e.ours) < 0)
		return -1;
	if (!touched(&e, at_head->snapshot, e.parted) &&
	    !touched(&e, e.parted, at_head->snapshot))
		return 0;
	session_follow(at_head, e.commit);
	return compare(&e);
}
