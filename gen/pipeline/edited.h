/*
 * edited.h - outputs that a pull request changed by hand.
 *
 * An output that HEAD changed since it parted from BASE, and that is not what
 * HEAD's own tree gives, would be published although no manifest says so.
 * Outputs that were left alone are not looked at: that is how teams work whose
 * outputs are made on main.
 */
#ifndef PIPELINE_EDITED_H
#define PIPELINE_EDITED_H

#include "pipeline/session.h"

/* Each one is an error in `d`.  -1 with a fault in `head`. */
int edited_find(const struct session *like, const char *base, const char *head,
		struct session *at_head, struct diags *d);

#endif
