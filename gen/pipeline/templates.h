/*
 * templates.h - the texts of the templates that outputs name; private to
 * gen/pipeline/.
 */
#ifndef PIPELINE_TEMPLATES_H
#define PIPELINE_TEMPLATES_H

#include "pipeline/session.h"

/*
 * Fill output_spec.template_files: each template, and the partials that it and
 * they name, which are files beside the template.
 *
 * Trust:  plain files of the session's own snapshot; what leaves the repository
 *         by "..", an absolute path or a link is an error, and so is a file
 *         that is not there.
 * Errors: 0; -1 with a fault, or with diags.
 */
int templates_load(struct session *s);

#endif
