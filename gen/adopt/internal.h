/*
 * internal.h - what the files of adopt/ share; private to gen/adopt/.
 */
#ifndef ADOPT_INTERNAL_H
#define ADOPT_INTERNAL_H

#include <jansson.h>

#include "adopt/adopt.h"

/* A zone of the configuration and what it is called by name servers. */
struct adopt_zone {
	const struct zone *zone;
	struct sv domain;
};

struct existing {
	struct loc at;
	struct sv name; /* lower case, no final dot */
	struct sv type;
	bool known; /* `code` and `wire` are there */
	enum rrtype code;
	struct sv wire;
	struct sv content; /* as it is shown */
	struct sv raw;	   /* of a TXT: as the API has it */
	struct sv key;	   /* of the data, any two equal ones alike */
	int64_t ttl;	   /* 1: automatic */
	bool has_settings; /* the next three are known */
	bool proxied, read_only;
	struct sv note, tags;
	struct sv id, zone_id;
	struct sv address; /* in a state, or "" */
	const struct adopt_zone *zone;
	bool heritage;		   /* an ownership TXT: */
	struct sv owner, resource; /* what it says */
	bool used;		   /* it has its row */
};

struct existing_set {
	VEC(struct existing *) list;
	struct map by_id; /* struct existing */
};

struct wanted {
	const struct adopt_zone *zone;
	struct sv name, type;
	enum rrtype code;
	struct sv content, key;
	bool by_reference; /* the value is Terraform's */
	int64_t ttl;
	bool proxied;
	struct sv note, tags;
	struct sv address, zone_id, folder; /* "" without a Terraform output */
	bool used;
};

struct wanted_set {
	VEC(struct adopt_zone *) zones;
	VEC(struct wanted *) list;
	struct map moves; /* address that it had -> struct resource_move */
};

/* Pages of the API, to be complete. */
struct adopt_page {
	struct loc at;
	long long page, pages, total;
	struct sv zone; /* what its first name is of */
	struct strings ids;
};

struct adopt_answers {
	VEC(struct adopt_page) pages;
	bool unnumbered; /* records that came without result_info */
};

/* One more record; NULL where its id was there before. */
struct existing *existing_add(struct adopt *a, struct loc at, struct sv id);

/* Name and data: fills `key` and `content`, and what an ownership TXT says. */
void existing_finish(struct adopt *a, struct existing *e);

/* What makes two data of one type equal; "" where they are not known. */
struct sv data_key(struct arena *mem, enum rrtype type, struct sv wire);

/* Text of JSON, copied; numbers and booleans as text. */
struct sv json_scalar(struct arena *mem, const json_t *v);
struct sv json_field(struct arena *mem, const json_t *o, const char *key);

/* Letters, digits, "-" and "_": nothing that Terraform would evaluate. */
bool id_ok(struct sv id);

/* What a record of Cloudflare has in the API and in a state: all but its
 * name. */
void record_of_json(struct adopt *a, struct existing *e, json_t *o);

int cloudflare_read(struct adopt *a, struct sv file, struct sv text);
int state_read(struct adopt *a, struct sv file, struct sv text);
int zone_file_read(struct adopt *a, struct sv file, struct sv text);
int axfr_read(struct adopt *a, struct sv file, struct sv text);

/* Are all pages there? */
int answers_complete(struct adopt *a);

int wanted_find(struct adopt *a, const struct derived *d,
		const struct outputs *o);

/* The zone that holds the name; NULL: none. */
const struct adopt_zone *zone_holding(const struct adopt *a, struct sv name);

/* Whose record is it? */
struct owners {
	struct map by_name; /* ownership TXT: struct existing */
};

void owners_find(struct adopt *a, struct owners *out);

/* What ExternalDNS called the ownership TXT of a record before types were in
 * its name; "" where the affixes have the type. */
struct sv owner_old_name(struct arena *mem, const struct options *o,
			 struct sv name);

/* The ownership TXT of a record, or NULL. */
const struct existing *owner_of(struct adopt *a, const struct owners *all,
				const struct existing *e);

/* Is the id one of ours? */
bool owner_is_ours(const struct adopt *a, struct sv owner);

#endif
