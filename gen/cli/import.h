/*
 * import.h - the arguments of a running ExternalDNS, out of the file that
 * deploys it.
 *
 * Shape:  what its command line would be, flag by flag, in its own words.
 * Errors: -1 with a diag: the file holds no ExternalDNS.
 * Source: ExternalDNS 0.23 and its Helm charts; kingpin's EXTERNAL_DNS_*.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "config/config.h"

struct imported {
	struct sv what; /* "Deployment dns/external-dns", "Helm values" */
	struct flags flags;
	struct strings defaults; /* said by the chart, not by its values */
};

int import_read(struct arena *mem, struct diags *d, struct sv file,
		struct sv text, struct imported *out);

/* The `i`th flag of ExternalDNS that is an option of another name here, and
 * that option; NULL at the end. */
const char *import_alias(size_t i, const char **option);

/* Turn such a flag and its value into ours; false for any other flag. */
bool import_take(struct arena *mem, struct sv *name, struct sv *value);

/* Why a flag has no effect here, or NULL. */
const char *import_not_taken(struct sv flag);

#endif
