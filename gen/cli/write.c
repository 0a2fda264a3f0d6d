/* Outputs into the work tree, never over what the user is editing there. */
#include "cli/outputs.h"

int outputs_edited(struct run *r, const struct out_file *f, bool *edited)
{
	struct sv disk;

	if (snapshot_on_disk(r->snapshot, f->path, r->mem, &r->fault, &disk) <
	    0)
		return -1;
	/* What is missing is written again: nothing is lost by that. */
	*edited = disk.p != NULL &&
		  !(f->old.p != NULL && sv_eq(disk, f->old)) &&
		  !(f->text.p != NULL && sv_eq(disk, f->text));
	return 0;
}

int outputs_write(struct run *r, const struct out_file *f)
{
	int rc = snapshot_write(r->snapshot, f->path, f->text, &r->fault);

	if (rc > 0 && !r->quiet)
		fprintf(stderr, "%s " SV_FMT "\n",
			f->text.p != NULL ? "wrote" : "removed",
			SV_ARG(text_escape(r->mem, f->path)));
	return rc;
}
