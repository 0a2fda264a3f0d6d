/* Outputs into the work tree, never over what the user is editing there. */
#include "pipeline/outputs.h"

#include "base/cleanup.h"

int outputs_edited(struct session *s, const struct out_file *f,
		   struct file_change *out, bool *edited)
{
	struct sv disk;

	*out = (struct file_change){ .path = f->path,
				     .text = f->text,
				     .is_seen = true };
	if (snapshot_on_disk(s->snapshot, f->path, s->mem, &s->fault, &disk,
			     &out->seen) < 0)
		return -1;
	/* What is missing is written again: nothing is lost by that. */
	*edited = disk.p != NULL &&
		  !(f->old.p != NULL && sv_eq(disk, f->old)) &&
		  !(f->text.p != NULL && sv_eq(disk, f->text));
	return 0;
}

int outputs_write(struct session *s, struct file_changes *list, bool stage)
{
	int rc;

	cleanup_state("nothing was written");
	rc = snapshot_write(s->snapshot, list->list.v, list->list.n, stage,
			    &s->fault);
	cleanup_state(NULL);
	return rc;
}

void outputs_sweep(struct session *s, const struct outputs *o)
{
	struct paths paths = { 0 };

	for (size_t i = 0; i < o->files.n; i++)
		*VEC_ADD(s->mem, &paths.list) = o->files.v[i].path;
	snapshot_sweep(s->snapshot, &paths, &s->healed);
}
