/* Outputs into the work tree, never over what the user is editing there. */
#include "pipeline/outputs.h"

int outputs_edited(struct session *s, const struct out_file *f, bool *edited)
{
	struct sv disk;

	if (snapshot_on_disk(s->snapshot, f->path, s->mem, &s->fault, &disk) <
	    0)
		return -1;
	/* What is missing is written again: nothing is lost by that. */
	*edited = disk.p != NULL &&
		  !(f->old.p != NULL && sv_eq(disk, f->old)) &&
		  !(f->text.p != NULL && sv_eq(disk, f->text));
	return 0;
}

int outputs_write(struct session *s, const struct out_file *f)
{
	return snapshot_write(s->snapshot, f->path, f->text, &s->fault);
}
