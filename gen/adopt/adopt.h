/*
 * adopt.h - what exists already, and what to do with it.
 *
 *	import_read()	the arguments of a running ExternalDNS
 *	adopt_read()	records that exist: Cloudflare's API, a Terraform
 *			state, a zone file, what `dig axfr` printed
 *	adopt_match()	what each of them is to the records from git
 *	adopt_imports()	Terraform's import blocks
 *
 * Shape:  a row for each record that exists or that git has, sorted by kind,
 *         name and type.
 * Owner:  s->mem.
 * Errors: -1 with a diag (the file cannot be read, or is a part of a zone) or
 *         with a fault (the command line must say more).  Nothing is printed.
 * Source: Cloudflare's API v4 (dns_records), Terraform's JSON of a state,
 *         RFC 1035 section 5; ExternalDNS 0.23 and its Helm charts, kingpin's
 *         EXTERNAL_DNS_*.
 */
#ifndef ADOPT_ADOPT_H
#define ADOPT_ADOPT_H

#include "pipeline/pipeline.h"

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

/* In the order of the report. */
enum adopt_kind {
#define ADOPT(id, word, about, clean) ADOPT_##id,
#include "adopt/kind.def"
#undef ADOPT
	ADOPT_KINDS
};

const char *adopt_kind_name(enum adopt_kind k);	 /* "orphan" */
const char *adopt_kind_about(enum adopt_kind k); /* one clause */

struct adopt_row {
	enum adopt_kind kind;
	struct sv zone; /* key of the zone, or "" */
	struct sv name, type;
	struct sv have, want; /* data as zone files have it, or "" */
	struct sv address;    /* of the resource in git, or "" */
	struct sv id;	      /* of the import, "ZONE/RECORD", or "" */
	struct sv moved_from; /* its address in the state, or "" */
	struct sv why;	      /* what changes, or what stands in the way */
};

struct existing;
struct wanted;
struct ownership;

struct adopt {
	struct session *s;
	struct sv from;	   /* --from: the kind of all files; "": by content */
	struct sv domain;  /* --domain: the zone whose name is a variable */
	struct sv zone_id; /* --zone-id */
	struct sv folder;  /* that the import blocks are for, or "" */
	struct strings owners; /* --owner: ids that count as ours, too */
	struct adopt_answers *answers;
	struct existing_set *existing;
	struct wanted_set *wanted;
	bool has_state; /* one of the files was a state */
	bool has_ids;	/* and one had ids */
	VEC(struct adopt_row) rows;
	size_t count[ADOPT_KINDS];
};

void adopt_begin(struct adopt *a, struct session *s);

int adopt_read(struct adopt *a, struct sv file, struct sv text);

/* After the last file.  `o` and `d` are of the same session. */
int adopt_match(struct adopt *a, const struct derived *d,
		const struct outputs *o);

/* Is there nothing that an apply would change, and no orphan?  Where a state
 * was read, nothing to import either. */
bool adopt_is_clean(const struct adopt *a);

/* A file of import and removed blocks; -1 with a fault where they would belong
 * into several folders. */
int adopt_imports(struct adopt *a, struct sv *text);

/* May a file of this text be written over? */
bool adopt_may_replace(struct sv text);

struct sv adopt_json(const struct adopt *a);
struct sv adopt_markdown(const struct adopt *a);

#endif
