/*
 * output.h - the records of a zone to the bytes of a file, and back.
 *
 * To add a format: see config/format.h.
 *
 * Owner:  `mem`.  <jansson.h> and <libzscanner/scanner.h> stay in here.
 */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "plan/plan.h"

/* A hand-kept zone file whose $INCLUDE names an output. */
struct zone_parent {
	struct sv file, text;
};

/* An output of a folder whose files share their names, as it is to be. */
struct output_mate {
	const struct zone *zone;
	const struct output_spec *spec;
	const struct endpoints *records;
};

/* One that stood before: at HEAD, MERGE_HEAD or --base. */
struct output_past {
	const struct zone *zone; /* of the configuration, or NULL */
	struct sv zone_key;	 /* "": the file does not say */
	struct sv file, text;
};

struct output_module {
	struct arena *mem;
	struct sv folder;
	VEC(struct output_mate) mates;
	VEC(struct output_past) pasts;
	void *cache; /* the format's own; NULL: made when it is needed */
};

struct output_ctx {
	struct arena *mem;
	struct diags *diags;
	const struct config *config;
	const struct zone *zone;
	const struct output_spec *spec;
	/* What stands in the snapshot now, and at HEAD, MERGE_HEAD, --base:
	 * for the serial, moved blocks and the block's surroundings. */
	struct sv previous;
	VEC(struct sv) bases;
	struct output_module *module; /* NULL: the file is alone */
	bool prune_moved;
	VEC(struct zone_parent) parents; /* those that are in the snapshot */
	int64_t now; /* SOURCE_DATE_EPOCH or the clock; date serials only */
};

/* A block of somebody else's file that changes what an output publishes. */
struct foreign_block {
	struct loc at;
	const char *block;  /* "import" */
	const char *effect; /* "turns a record that exists into this one" */
	struct sv address;  /* "cloudflare_dns_record.www_example_com" */
	struct sv name;	    /* the name that the address is for */
};

struct foreign_blocks {
	VEC(struct foreign_block) list;
	bool unreadable; /* it could not be read to its end */
};

/* What a row of format.def does. */
struct output {
	/* The whole new file.  0, or -1 with diags; our own misrendering
	 * (read-back differs) is assert()ed. */
	int (*write)(struct output_ctx *ctx, const struct endpoints *records,
		     struct sv *text);
	/* Records of a file that `write` made: 0; -1 with a diag when it is
	 * not ours or broken.  ctx->zone may have no name, and ctx->spec say
	 * nothing: names are then read as absolute. */
	int (*read)(struct output_ctx *ctx, struct sv file, struct sv text,
		    struct endpoints *out);
	/* The key of the zone, as the file itself says it; "" if it does
	 * not.  NULL where the header says it: format->is_named. */
	struct sv (*zone_key)(struct arena *mem, struct sv text);
	/* NULL: no other file changes what an output says.  Else: is a file of
	 * this path, in the folder of an output, read together with it? */
	bool (*is_beside)(struct sv path);
	/* What such a file does to addresses that are encoded as ours are. */
	void (*foreign_find)(struct arena *mem, struct sv file, struct sv text,
			     struct foreign_blocks *out);
};

const struct output *output_of(const struct format *f); /* never NULL */
const struct output *output_find(struct sv format);	/* NULL: no such word */

/*
 * A file that zoneloom wrote, whatever it is called and whether or not `c`
 * still has its zone: what wrote it, and its records.
 */
struct output_file {
	struct header header;
	const struct format *format;
	const struct zone *zone; /* of `c`, or NULL */
	struct sv zone_key;	 /* its key, or what the file says, or "" */
	struct endpoints records;
};

/* 1: read; 0: not a file of ours; -1: it is and cannot be read, with a diag.
 * A file that `c` writes to in a block is ours without a header. */
int output_file_read(struct arena *mem, struct diags *d, const struct config *c,
		     struct sv file, struct sv text, struct output_file *out);

/* May `text`, which stands there, be replaced?  A block's file is its user's
 * own: write() refuses there when our markers are missing. */
bool output_may_replace(const struct output_spec *spec, struct sv text);

/* Does the zone file `text` include `file`, as far as their names tell? */
bool include_find(struct sv text, struct sv file);

/*
 * What makes `have` of a zone into `want`, as a script for nsupdate (RFC 2136);
 * either may be NULL.  Empty when nothing changes.  The SOA is the server's
 * own.  0, or -1 with a diag for each record that a zone cannot hold.
 */
int nsupdate_write(struct arena *mem, struct diags *d, const struct zone *zone,
		   const struct zone_plan *have, const struct zone_plan *want,
		   struct sv *text);

/* Parse zone syntax without SOA (zones.*.static) with libzscanner. */
int zone_text_read(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, struct sv origin, int64_t default_ttl,
		   struct endpoints *out);

/*
 * Names and data as name servers have them, in the wire form of RFC 1035:
 * lower-case and uncompressed.
 */

/* A name in dname_parse() form, "." for the root; false when it has no wire
 * form. */
bool name_wire(struct arena *mem, struct sv name, struct sv *wire);

/* "www.example.com" of the wire form at `wire`, "." of the root; `*used` is its
 * length there.  False when the bytes are not a name. */
bool name_plain(struct arena *mem, struct sv wire, struct sv *name,
		size_t *used);

/* Wire form of a target of `e`; false: it is not data of that type. */
bool rdata_wire(struct arena *mem, const struct endpoint *e, struct sv target,
		struct sv *wire);

/* The names in a target of `e`, such as the host of an MX; not the root. */
void rdata_names(struct arena *mem, const struct endpoint *e, struct sv target,
		 struct strings *out);

/* Zone file text of data in wire form, the one spelling that two sides are
 * compared by; RFC 3597's where not every server knows the type. */
struct sv rdata_text(struct arena *mem, enum rrtype type, struct sv wire);

/*
 * For adopt/: records as others have them.
 */

/* A resource of a Terraform file that the program wrote. */
struct resource {
	struct sv address; /* "cloudflare_dns_record.www_example_com" */
	struct sv name;
	enum rrtype type;
	struct sv wire;	   /* n 0: the value is a Terraform expression */
	struct sv content; /* as zone files have it, or "${...}" */
	int64_t ttl;	   /* 1: automatic */
	bool proxied;
	struct sv note, tags; /* its `comment`, and "a,b" */
	struct sv zone_id;    /* 32 digits or "${...}" */
};

struct resource_move {
	struct sv from, to;
};

struct resources {
	VEC(struct resource) list;
	VEC(struct resource_move) moves;
};

/* 0, or -1 with a diag. */
int resources_read(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, const struct zone *zone,
		   struct resources *out);

/* Wire form of a record as Cloudflare's API and Terraform's states have it;
 * `data` are the fields of its object, "" and none where there is none.  False:
 * it is not data of that type, or of a type that is not written here. */
bool cloudflare_wire(struct arena *mem, enum rrtype type, struct sv content,
		     struct sv priority, const struct pairs *data,
		     struct sv *wire);

/* Does Cloudflare answer for such a record itself where it is asked to? */
bool cloudflare_proxiable(enum rrtype type);

/* A record of a zone file, or of what `dig axfr` printed. */
struct zone_record {
	struct sv name; /* lower case, no final dot */
	struct sv type; /* "A", "TYPE99" */
	bool known;
	enum rrtype code; /* where it is known */
	struct sv wire;
	int64_t ttl;
	uint32_t line;
};

struct zone_records {
	VEC(struct zone_record) list;
	size_t soas; /* a whole transfer has one at each end */
	bool soa_last;
};

/* 0, or -1 with a diag for each line that cannot be read. */
int zone_records_read(struct arena *mem, struct diags *d, struct sv file,
		      struct sv text, struct sv origin, int64_t default_ttl,
		      struct zone_records *out);

/*
 * For `list -o`: records without a file around them, sorted by name, type,
 * set identifier.  Write errors are left in ferror(out).  jsonl: one object a
 * line in the keys of ExternalDNS' answers, then `from`, where each record
 * comes from; without `compat` also `ref` and `static` where they apply.
 */
void output_jsonl(FILE *out, const struct endpoints *set, bool compat);

/* Of the lines of records and of their last line, the trailer; the schema is
 * integrations/fleet/records.v1.schema.json. */
enum { JSONL_FORMAT = 1 };

/* What the trailer says of the run: without it a stream is cut. */
struct jsonl_run {
	struct sv repo, commit; /* as --repo says, 40 hex digits; or "" */
	struct sv
		configuration; /* of the writer: the text; as read: a digest */
	size_t records;	       /* lines before it, of equal ones one */
	size_t objects, files, errors, warnings;
	bool whole; /* no path and no filter of the command line left any out */
	size_t status; /* exit status of the run */
};

/* output_jsonl() and the trailer behind it; counts the records itself. */
void output_jsonl_run(FILE *out, const struct endpoints *set,
		      const struct jsonl_run *run);

/* Letters, digits, "-", "_", "." and "/". */
bool jsonl_repo_ok(struct sv repo);

/* One line, of either kind. */
struct jsonl_line {
	bool is_run;
	struct jsonl_run run;
	struct sv repo;		/* as the line says; or "" */
	struct endpoint record; /* places are REPO:PATH */
	bool is_ownership;	/* a TXT, which whoever publishes makes anew */
};

/* `repo`: whose line it is where it does not say so.  -1 with a diag at `at`:
 * no such line. */
int jsonl_read(struct arena *mem, struct diags *d, struct loc at,
	       struct sv text, struct sv repo, struct jsonl_line *out);
void output_yaml(FILE *out, const struct endpoints *set);
void output_list_csv(FILE *out, const struct endpoints *set);

/* Versions of jansson, libzscanner and libcrypto, for `zoneloom version`. */
struct sv output_library(struct arena *mem);

#endif
