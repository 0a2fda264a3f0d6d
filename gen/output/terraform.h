/*
 * terraform.h - what writing and reading Terraform JSON share; private to
 * gen/output/.
 *
 * Source: Cloudflare's provider 4 and 5, their schemas and acceptance tests;
 *         Terraform's JSON configuration syntax.
 */
#ifndef OUTPUT_TERRAFORM_H
#define OUTPUT_TERRAFORM_H

#include "base/buf.h"
#include "output/rdata.h"

struct tf_provider {
	const char *name;     /* "cloudflare@5" */
	const char *resource; /* "cloudflare_dns_record" */
	/* 5 answers with the whole name; 4 keeps the relative one in its state
	 * and replaces a record whose name is written differently. */
	bool whole_names;
	bool zone_filter;  /* data source takes {filter: {name}} */
	bool srv_priority; /* SRV wants it beside `data` too */
	bool takes_over;   /* state of an older provider, by `moved` */
};

/* By name; "" is the newest.  NULL: unknown. */
const struct tf_provider *tf_provider_find(struct sv name);
const struct tf_provider *tf_provider_of_resource(const char *resource);

/* How `data` is filled from wire data: attributes in byte order. */
struct tf_attribute {
	const char *name;
	unsigned field; /* of rdata_split() */
	bool text;	/* a number that is written as a string */
};

enum { TF_ATTRIBUTES = 6 };

struct tf_type {
	bool known; /* Cloudflare has it and we can write it */
	bool proxiable;
	bool has_priority; /* field 0 stands beside content or data */
	struct tf_attribute data[TF_ATTRIBUTES]; /* none: `content` */
};

extern const struct tf_type tf_types[RR_COUNT];

/* One record of a file: an address and what it means. */
struct tf_record {
	struct sv key;	   /* "www_example_com" */
	struct sv address; /* "cloudflare_dns_record.www_example_com" */
	struct sv name;
	enum rrtype type;
	struct sv content;	  /* zone file text of the data, or "${ref}" */
	const struct endpoint *e; /* of a record that is to be written */
	struct sv wire;
	int64_t ttl;
	bool proxied;
	struct sv comment;    /* the "//" */
	struct sv note, tags; /* of a file: its `comment`, and "a,b" */
	/* What it takes to get there from what was published: */
	struct sv zone_key, zone_id; /* as far as they are known */
	struct sv after;	     /* depends_on: this address, or "" */
	bool create_first;	     /* create_before_destroy */
	bool carried;	  /* the two above stood in an older file already */
	size_t unordered; /* records that are deleted at any time around it */
	struct tf_record *other; /* of old and new, the one that it is */
};

struct tf_move {
	struct sv from, to;
	bool kept; /* it stood in an older file already */
};

struct tf_file {
	struct sv zone_key;	       /* "": unknown */
	VEC(struct tf_record) records; /* in the file's order */
	VEC(struct tf_move) moves;
};

/* Parse a file of ours; -1 with a diag if there is `d`. */
int tf_file_read(struct arena *mem, struct diags *d, struct loc at,
		 struct sv text, const struct zone *zone, struct tf_file *out);

/* A Terraform name of a DNS name, and the name of one: the writer encodes it so
 * that it can be told from the address alone.  "" for any other name. */
void tf_name_encode(struct buf *b, struct sv name);
struct sv tf_name_decode(struct arena *mem, struct sv key);

bool tf_is_beside(struct sv path);
void tf_foreign_find(struct arena *mem, struct sv file, struct sv text,
		     struct foreign_blocks *out);

struct sv tf_zone_key(struct arena *mem, struct sv text);
int tf_read(struct output_ctx *ctx, struct sv file, struct sv text,
	    struct endpoints *out);

#endif
