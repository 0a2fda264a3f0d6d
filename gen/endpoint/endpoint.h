/*
 * endpoint.h - one RRset that somebody wants, with why and where.
 *
 * This folder alone includes <idn2.h>, <psl.h> and <unictype.h>.
 *
 * Shape:  owner name, type, TTL, targets; as ExternalDNS' Endpoint and RFC
 *         2181 section 5's RRset.
 * Owner:  the run's arena; nothing points into a file's arena.
 */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include "base/diag.h"

enum rrtype {
#define RRTYPE(name, text, code, form) RR_##name,
#include "endpoint/rrtype.def"
#undef RRTYPE
	RR_COUNT
};

struct pair {
	struct sv name, value;
};

struct pairs {
	VEC(struct pair) list;
};

/* Which object it was: of two that differ in their place only, one cluster
 * holds one. */
struct object_id {
	struct sv group, realm;
	struct loc at; /* of the object; of Helm values, of their release */
};

/* One object that asked for the record. */
struct provenance {
	struct loc at;	      /* where the name is written */
	struct loc target_at; /* where the target is written; line 0: flag */
	struct sv kind, namespace, name; /* "Ingress", "shop", "web" */
	struct sv resource;    /* ExternalDNS' label: "ingress/shop/web" */
	const char *name_rule; /* "spec.rules[].host", for explain */
	struct sv target_rule; /* "annotation target of Gateway infra/gw" */
	const struct origin *origin; /* manifest/manifest.h; copied up */
	struct sv cluster;
	/* The repository, of a line of records; its places are REPO:PATH. */
	struct sv repo;
	const struct object_id *id; /* NULL: read from an output */
};

/* The path in its repository of a place of `p`. */
struct sv provenance_path(const struct provenance *p, struct sv file);

struct publisher; /* config/config.h */
struct zone;

/* Why plan must refuse the record: its object is in the cluster twice. */
struct duplicate {
	struct loc at, other;
	struct sv text;
};

struct endpoint {
	struct sv name; /* owner name; no final dot; see dname_parse() */
	enum rrtype type;
	int64_t ttl; /* seconds; 0 = unset */
	VEC(struct sv) targets;
	/* Terraform expressions beside the targets, by ", ", or "": "var.ip",
	 * "external.${var.domain}"; reference_content() reads one. */
	struct sv ref;
	struct sv set_identifier;
	struct pairs properties; /* provider-specific, sorted by name */
	struct pairs labels;	 /* "resource", "owner", a DNSEndpoint's own */
	/* Whose owner id and affixes its TXT gets; NULL before plan_add(). */
	const struct publisher *publisher;
	const struct zone *zone; /* for lists; NULL: not asked, or none */
	const struct duplicate *duplicate; /* NULL: none */
	bool is_registry;		   /* an ownership TXT */
	bool is_static;			   /* from zones.*.static */
	bool is_pinned;			   /* from overrides */
	bool is_server;		     /* an NS of the zone's own: outputs[].ns */
	struct sv owned_name;	     /* of a registry TXT: what it owns */
	VEC(struct provenance) from; /* at least one, sorted by resource */
};

/* One more expression of `ref`. */
void reference_add(struct arena *mem, struct sv *ref, struct sv text);

struct endpoints {
	VEC(struct endpoint) list;
};

/* "A", "AAAA", ... for enum rrtype; never NULL. */
const char *rrtype_name(enum rrtype t);
unsigned rrtype_code(enum rrtype t);
/* Does every name server read it by its mnemonic?  Else it stands in zone
 * files as RFC 3597 says: TYPE22 \\# 1 47. */
bool rrtype_has_word(enum rrtype t);
/* The type of an IANA number; false for one that is not in rrtype.def. */
bool rrtype_of_code(unsigned code, enum rrtype *out);
/* Exact, upper case; false for a type that is not in rrtype.def. */
bool rrtype_parse(struct sv text, enum rrtype *out);

/*
 * Which type holds `target`: an IPv4 literal, another literal that Go's netip
 * takes (an IPv4-mapped one is AAAA), else CNAME.  Sets *type.
 */
enum rrtype rrtype_of_target(struct sv target);

/* A parsed address: 4 or 16 bytes in network order. */
struct address {
	unsigned char bytes[16];
	size_t n; /* 4, 16; 0: no address */
};

/* As Go's netip.ParseAddr without a zone: no leading zeros, no blanks. */
bool address_parse(struct sv text, struct address *out);
struct sv address_text(struct arena *mem, const struct address *a);

/* data/special-prefixes.tsv; the longest prefix wins. */
enum address_class {
	ADDRESS_GLOBAL,
	ADDRESS_DOCUMENTATION,
	ADDRESS_SPECIAL,
	ADDRESS_PRIVATE,
	ADDRESS_UNUSABLE,
};

struct special_prefix {
	const char *prefix;
	enum address_class class;
	const char *what, *rfc; /* "Private-Use", "RFC 1918" */
};

/* The row that `a` falls into, or NULL: global, by a row or by none.  Of a
 * NAT64 address (64:ff9b::/96) the IPv4 address inside is judged. */
const struct special_prefix *address_special(const struct address *a);

/* A domain that the public DNS does not serve; endpoint/special_name.def. */
struct special_name {
	const char *name;
	enum address_class class;
	const char *what, *source; /* "multicast DNS", "RFC 6762" */
};

/* The row that `name`, in dname_parse() form, is or lies below; or NULL. */
const struct special_name *name_special(struct sv name);

struct prefix {
	struct address base;
	unsigned bits;
};

bool prefix_parse(struct sv text, struct prefix *out); /* "10.0.0.0/8" */
bool prefix_holds(const struct prefix *p, const struct address *a);

enum dname_use {
	DNAME_HOST,	/* owner from a manifest: letters, digits, "-", "_", a
			  leading "*." */
	DNAME_ADDRESS,	/* owner of A, AAAA, MX: no "_" either (named) */
	DNAME_TARGET,	/* letters, digits, "-", "_"; no wildcard */
	DNAME_ZONE,	/* the same and "/" (RFC 2317), all-digit last labels */
	DNAME_HOST_VAR, /* HOST, or one that ends in the label "${NAME}" */
	DNAME_ZONE_VAR, /* the same of ZONE */
	DNAME_ANY,	/* from a zone file: any byte, \DDD escapes */
};

/*
 * Check a name and bring it to the one form that is compared and printed:
 * lower case, A-labels, no final dot.  RFC 1035 2.3.4 (sizes), RFC 1123 2.1
 * (digits first), RFC 2782 ("_" in front), RFC 4592 ("*"), RFC 5891 (IDNA).
 * Returns 0, or -1 with one diag at `at` (code DIAG_DNAME, text names the
 * thing through `what`: "invalid WHAT \"TEXT\": ...").
 */
int dname_parse(struct arena *mem, struct diags *d, struct loc at,
		const char *what, enum dname_use use, struct sv text,
		struct sv *out);

/*
 * "NAME" of a name whose last label is "${NAME}", or "".  Such an open name
 * stands for what only Terraform knows: the label is opaque, one label of the
 * text whatever it will be, and case tells two variables apart.  DNAME_ADDRESS
 * takes it too; whoever parses with these asks the configuration whether the
 * variable is a Terraform expression.
 */
struct sv dname_variable(struct sv name);

/* What stands before that label, its dot included; all, if there is none. */
struct sv dname_head(struct sv name);

/* ASCII lower case, but for the variable. */
struct sv dname_lower(struct arena *mem, struct sv name);

/* dname_parse() without a message: NULL, or what is wrong ("E-NAME-CHAR"). */
const char *dname_fault(struct arena *mem, enum dname_use use, struct sv text,
			struct sv *out);

/* The fault of such a code in words: "empty label between two dots". */
const char *dname_fault_text(const char *code);

/* True if `name` is `zone` or lies below it; both in dname_parse() form. */
bool dname_in(struct sv name, struct sv zone);

/* RFC 4034 6.1 canonical order; for qsort over names in dname_parse() form. */
int dname_cmp(struct sv a, struct sv b);

/* ExternalDNS' comparison form: ToASCII(MapForLookup, transitional); never
 * fails, used for plan rows only. */
struct sv dname_lookup(struct arena *mem, struct sv name);

/* The same for domain filters: ToUnicode(), which keeps "straße", of the name
 * without one final dot. */
struct sv dname_unicode(struct arena *mem, struct sv name);

/* Why a label of `name` above `zone` could be taken for another one: `label
 * "p\u0430ypal" (xn--pypal-4ve) mixes Latin and Cyrillic letters`; or "".  Both
 * are in dname_parse() form. */
struct sv dname_confusable(struct arena *mem, struct sv name, struct sv zone);

/* True for a public suffix such as "co.uk" (libpsl). */
bool dname_is_public_suffix(struct sv name);

/* Text that is still to be replaced: "<...>", "${...}", "{{...}}", "ENC[...]",
 * "%...%", "REPLACE...", "CHANGEME", "..PLACEHOLDER_x..", "TODO".  What it is
 * called, or NULL. */
const char *placeholder_in(struct sv text);

/* The pair's value, or NULL. */
const struct sv *pairs_get(const struct pairs *p, struct sv name);
void pairs_put(struct arena *mem, struct pairs *p, struct sv name,
	       struct sv value); /* keeps the list sorted by name */

/* Name (byte order), type name, set identifier, TTL, targets. */
int endpoint_cmp(const void *a, const void *b);
void endpoints_sort(struct endpoints *set);
/* Sort by byte order and drop equal ones. */
void targets_sort(struct endpoint *e);
struct endpoint *endpoints_add(struct arena *mem, struct endpoints *set);

/* Where the first that asked for the record stands; NOWHERE: nobody did. */
struct loc endpoint_at(const struct endpoint *e);

/* Resource (byte order), file, line, column; the smallest labels a TXT. */
int provenance_cmp(const void *a, const void *b);
void provenance_sort(struct endpoint *e);

/* Without the one final dot that makes a name absolute. */
static inline struct sv dname_strip_dot(struct sv name)
{
	return sv_ends(name, SV(".")) ? sv_head(name, name.n - 1) : name;
}

/* A provenance copied to `mem`, deep enough to outlive its file. */
struct loc loc_copy(struct arena *mem, struct loc at);

/* Versions of libidn2, libpsl and libunistring, for `zoneloom version`. */
struct sv endpoint_library(struct arena *mem);

#endif
