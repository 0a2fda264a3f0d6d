/*
 * terraform_moves.h - from the records that were published to those that are
 * written, with as few creates and deletes as there can be; private to
 * gen/output/.
 *
 * Shape:  all files of a folder at once: they are one module, and have one
 *         state.
 * Owner:  `mem`.
 * Source: Terraform's documentation of `moved` and `lifecycle`.
 */
#ifndef OUTPUT_TERRAFORM_MOVES_H
#define OUTPUT_TERRAFORM_MOVES_H

#include "output/terraform.h"

struct tf_change {
	const struct tf_provider *provider; /* of the new files */
	/* What was published, HEAD's first, and what is written. */
	VEC(struct tf_file *) olds, news;
};

/* Fill `moves` of the new files, and create_first, after and unordered of their
 * records. */
void tf_moves_set(struct arena *mem, struct tf_change *c);

#endif
