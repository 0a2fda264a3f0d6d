/*
 * config.h - .zoneloom.yaml and flags, frozen after loading.
 *
 * Shape:  one struct publisher per ExternalDNS Deployment it stands for; the
 *         first is the top level, the others inherit from it.
 * Source: option.def is the one table: struct members, flags, keys, defaults,
 *         --help, the manual page and zoneloom.schema.json come from it.
 * Errors: a located diag (DIAG_CONFIG) each; -1 if any: exit 2.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/glob.h"
#include "base/map.h"
#include "base/strings.h"
#include "config/format.h"
#include "endpoint/endpoint.h"
#include "manifest/manifest.h"

/* Members of struct options by option type. */
#define OPTION_C_FLAG	  bool
#define OPTION_C_STRING	  struct sv
#define OPTION_C_LIST	  struct strings /* repeatable; not comma-split */
#define OPTION_C_CSV	  struct strings /* repeatable and comma-split */
#define OPTION_C_CHOICE	  struct sv	 /* one of the words in `values` */
#define OPTION_C_DURATION struct sv	 /* Go duration; parsed where used */
#define OPTION_C_COUNT	  int64_t

/* Where a value of a list stands, by its text's address. */
struct option_item {
	const char *text;
	struct loc at;
	const struct option_item *next;
};

struct options {
#define OPTION(type, member, ...) OPTION_C_##type member;
#include "config/option.def"
#undef OPTION
	/* Which were given by flag or key: */
	struct {
#define OPTION(type, member, ...) bool member;
#include "config/option.def"
#undef OPTION
	} set;
	/* And where: the place of a value in the file; of a flag, none. */
	struct {
#define OPTION(type, member, ...) struct loc member;
#include "config/option.def"
#undef OPTION
	} at;
	/* Of the values of lists: the newest first, so that publishers who
	 * inherit share the rest. */
	const struct option_item *items;
};

/* A target in configuration: an address or name, or {terraform: EXPR}. */
struct target {
	struct sv text;
	bool is_ref;
	enum rrtype type; /* of a reference */
	struct loc at;
};

struct targets {
	VEC(struct target) list;
};

struct target_row {
	struct sv key; /* "network/envoy", "nginx-internal", "shop" */
	struct targets targets;
	struct loc at;
};

struct target_rules {
	struct targets fallback; /* targets.default */
	VEC(struct target_row) gateway, ingress_class, namespace;
	struct sv unmatched; /* "warn" (default), "error", "skip" */
};

enum severity_choice { CHOICE_ERROR, CHOICE_WARN, CHOICE_SKIP, CHOICE_ALLOW };

struct output_spec {
	struct loc at;
	struct sv format;   /* of format.def */
	struct sv provider; /* "cloudflare@5" */
	struct sv zone_id;
	struct sv file; /* {zone} {view} {claim} {publisher} expanded */
	struct sv mode; /* bind: "zone", "include", "block" */
	struct sv registrar, dns_provider; /* dnscontrol: their names */
	struct sv template, escape;	   /* template: its file, and how */
	/* The template and its partials, by their paths, as the snapshot of
	 * the configuration has them; pipeline/ fills it. */
	struct pairs template_files;
	struct {
		struct sv mname, rname;
		int64_t refresh, retry, expire, minimum, ttl;
	} soa;
	struct strings ns;
	struct sv names;    /* bind: "absolute", "relative" */
	struct sv comments; /* "source", "none" */
};

struct zone {
	struct loc at;
	struct sv name, view; /* "retake.fr", "internal" */
	struct sv key;	      /* "retake.fr@internal" */
	struct sv path;	      /* "zones.Retake.FR", as the file spells it */
	struct sv ref;	      /* "var.domain" of zone "${DOMAIN}", or "" */
	struct sv addresses;  /* "public", "warn", "any" */
	struct strings delegated;
	int64_t default_ttl; /* 300 */
	struct sv static_file;
	struct sv serial; /* "increment", "date", "unixtime", "keep" */
	int64_t serial_floor;
	VEC(struct output_spec) outputs;
};

struct claim {
	struct loc at;
	struct sv name;	      /* for {claim}; may be empty */
	struct strings names; /* "*.team-a.retake.fr", "shop.retake.fr" */
	struct globs paths;
	/* Patterns of repositories of lines of records; empty: this one. */
	struct strings repos;
};

struct override {
	struct loc at;
	struct sv name;
	enum rrtype type;
	struct targets targets;
	int64_t ttl;
	struct sv reason;
};

struct variable {
	struct loc at;
	struct sv name, value;
	struct sv ref; /* {terraform: var.domain}; then value is empty */
};

struct render_command {
	struct loc at;
	struct strings argv;
	struct strings paths; /* globs of what it reads: the cache key */
	struct strings code;  /* globs of what it runs: allowed with it */
	int64_t timeout_s, max_bytes;
};

struct root {
	struct loc at;
	struct sv kind; /* "flux", "argocd", "kustomize", "values" */
	struct sv path; /* a folder; of values a pattern */
	struct sv release, namespace; /* of values; or "" */
};

struct argocd_cluster {
	struct loc at;
	struct sv name, server;
	struct pairs labels, annotations;
};

struct commit_config {
	struct sv branch, message_template, author, sign;
	struct strings trailers;
};

struct publisher {
	struct sv name; /* "" for the top level alone */
	struct loc at;
	struct options opt;
	struct globs paths;
	struct target_rules targets;
	struct strings zones; /* patterns over zone keys; empty: all */
};

struct config {
	struct sv file;			  /* "" when there is none */
	VEC(struct publisher) publishers; /* at least one */
	VEC(struct zone) zones;		  /* sorted by key */
	VEC(struct claim) claims;
	struct globs claims_shared; /* may supply targets and variables */
	VEC(struct override) overrides;
	VEC(struct variable) vars;
	VEC(struct render_command) render;
	VEC(struct root) roots;
	VEC(struct argocd_cluster) clusters;
	struct commit_config commit;
	struct {
		unsigned max_deletes_percent, max_changes_percent;
		unsigned from_records;
		struct sv release; /* "none" or "trailer" */
	} safety;
	struct sv baseline; /* file of findings that gate does not count */
	bool compat;	    /* --compat=external-dns */
	/* Where the policy keys of zones and of the top level stand, by their
	 * path: a struct loc each. */
	struct map places;
};

/* One flag that was on the command line: "--min-ttl" "300s". */
struct flag {
	struct sv name, value; /* name without dashes */
	bool negated;	       /* --no-NAME */
};

struct flags {
	VEC(struct flag) list;
};

bool flags_have(const struct flags *flags, const char *name);

/*
 * Defaults, then the file (if any: `text` with n > 0), then flags.
 * Returns 0, or -1 with diags.
 */
int config_load(struct arena *mem, struct diags *d, struct sv file,
		struct sv text, const struct flags *flags, bool compat,
		struct config *out);

/* More variables, from a --vars-file already read: a YAML map of NAME: value,
 * {env: NAME} or {terraform: EXPR}. */
int config_add_vars(struct arena *mem, struct diags *d, struct sv file,
		    struct sv text, struct config *c);

/* A zone that only flags name (--zone, --format, --zone-id); `format` may be
 * empty: no output.  Its mode is the plain one, which needs no further keys. */
int config_add_zone(struct arena *mem, struct diags *d, struct config *c,
		    struct sv zone, struct sv format, struct sv zone_id);

/* The variable that is the last label of `name`, "app.${DOMAIN}", if it is a
 * Terraform expression; NULL if it is none, or the name ends otherwise. */
const struct variable *config_reference(const struct config *c, struct sv name);

/* What the names of zones, claims and overrides refer to, once all variables
 * are known.  0, or -1 with diags. */
int config_finalize_references(struct diags *d, struct config *c);

/* For a writer that holds no Terraform expressions: 0, or -1 with a diag where
 * the zone's name is one. */
int config_check_plain(struct diags *d, const struct zone *z,
		       const char *writer, struct loc at);

/* For getopt_long, --help and completion: one row of option.def. */
enum option_type {
	OPTION_FLAG,
	OPTION_STRING,
	OPTION_LIST,
	OPTION_CSV,
	OPTION_CHOICE,
	OPTION_DURATION,
	OPTION_COUNT,
};

/* Where a key may stand; each holds the ones before it. */
enum scope {
	SCOPE_UNSTATED,
	SCOPE_GLOBAL,	 /* the top level, for the whole run */
	SCOPE_PUBLISHER, /* and publishers[] */
	SCOPE_ZONE,	 /* and zones.NAME */
};

/* Is a key policy?  Policy decides what is let through, what stops a run and
 * whose the records are; a key that decides which records there are is none,
 * for its changes are shown record by record. */
enum policy {
	POLICY_UNSTATED,
	POLICY_NO,
	POLICY_YES,
	POLICY_INSIDE, /* each key of the map says so itself */
};

/* Which new value is provably tighter than the old one? */
enum tighter {
	TIGHTER_NONE,	 /* none is: every change loosens */
	TIGHTER_FIRST,	 /* the first word of `values`, and no other */
	TIGHTER_EARLIER, /* a word further to the front of `values` */
	TIGHTER_LATER,	 /* a word further to their end */
	TIGHTER_LOWER,	 /* a lower number */
	TIGHTER_PATHS,	 /* globs that match no more than the old ones */
	TIGHTER_NAMES,	 /* names that cover all that the old ones did */
};

/* Does a run with this flag see all that is there? */
enum reads { READS_ALL, READS_PART };

struct option_row {
	enum option_type type;
	const char *name, *fallback, *values;
	enum scope scope;
	enum policy policy;
	enum tighter tighter;
	enum reads reads;
	const char *about;
};

/* One policy key that two configurations answer differently. */
struct policy_change {
	/* "wildcards", "publishers.lyon.conflict",
	 * "zones.example.org.addresses", "claims[team-a]", "render[0]"; of a
	 * configuration that is gone also the name of its file. */
	struct sv key;
	struct sv old, new; /* as the file would spell them; "": none */
	struct loc at;	    /* of the new value; line 0: nowhere any more */
	bool loosens;	    /* not provably as tight as before */
};

struct policy_changes {
	VEC(struct policy_change) list; /* in the order of the tables */
	size_t loosening;
};

/*
 * The policy keys (POLICY_YES) that `after` answers otherwise than `before`;
 * no key of both is in the list because its place, or the order of a list, is
 * another.
 *
 * A key of a new zone is compared with the zone that held its names before, or
 * with the default; one of a new publisher with the top level.  A claim that
 * takes its names from nobody does not loosen, and neither does anything where
 * there was no configuration; where it is removed, all does.
 */
void config_policy_diff(struct arena *mem, const struct config *before,
			const struct config *after, struct policy_changes *out);

/* Have `c` judge by the policy of `from`: every policy key takes the value
 * that config_policy_diff() would compare it with. */
void config_policy_take(struct arena *mem, struct config *c,
			const struct config *from);

/* The paths of all policy keys: "wildcards", "zones.NAME.addresses". */
void config_policy_keys(struct arena *mem, struct strings *out);

size_t option_count(void);
const struct option_row *option_at(size_t i); /* sorted by name */
size_t option_find(struct sv name);	      /* its row, or option_count() */
struct loc option_place(const struct options *o, size_t row);

/* The place of one value of a list; of any other value, that of the row. */
struct loc option_item_place(const struct options *o, size_t row,
			     struct sv value);

/* "txt-owner-id", or "--txt-owner-id" where a flag gave it. */
struct sv option_called(struct arena *mem, const struct options *o, size_t row);

/* Bytes of the longest pattern of the claim that holds `name`; MAX_DNAME + 1
 * for the name itself; 0: none does.  Of several claims the most exact one
 * decides. */
size_t claim_length(const struct claim *c, struct sv name);

/* May a place ask for the names of the claim?  `repo` is "" for what is read
 * from this repository itself. */
bool claim_covers(const struct claim *c, struct sv repo, struct sv path);

/* Provably, whatever `a` covers, `b` does. */
bool claim_within(const struct claim *a, const struct claim *b);

/* Does `text` fit a pattern in which * stands for anything? */
bool star_matches(struct sv pattern, struct sv text);

/* The schema of the file, as JSON text. */
struct sv config_schema(struct arena *mem);

/* `var.a`, `local.a["b"].c`, `data.x.y.z`: an address of Terraform's that is
 * not a function call and cannot end the ${ } around it. */
bool reference_ok(struct sv text);

/* One item of an endpoint's `ref` as Terraform's content: "${var.ip}" of
 * "var.ip"; "external.${var.domain}" is that.  False: it is neither. */
bool reference_content(struct arena *mem, struct sv text, struct sv *out);

/* 32 hex digits, which come out in lower case as Cloudflare writes them, or
 * "${reference}".  False for anything else. */
bool zone_id_parse(struct arena *mem, struct sv text, struct sv *out);

/* The row and the mode of an output.  Never NULL: an output is checked when it
 * is read, or made of a row. */
const struct format *output_format(const struct output_spec *o);
const struct format_mode *output_mode(const struct output_spec *o);

/* The output that writes this file, and its zone; NULL: none does. */
const struct output_spec *config_output_at(const struct config *c,
					   struct sv file,
					   const struct zone **zone);
bool config_writes(const struct config *c, struct sv file);

/* The zone that holds `name`: longest suffix among those the publisher
 * serves; NULL if none. */
const struct zone *config_zone_of(const struct config *c,
				  const struct publisher *p, struct sv name);

/* True if the publisher may publish to the zone. */
bool publisher_serves(const struct publisher *p, const struct zone *z);

/* The nearest of `words` (ends with NULL) for "did you mean", or NULL. */
const char *nearest_word(struct sv typed, const char *const *words);

/* Insertions, deletions, changes and swaps of neighbours between two words. */
size_t word_distance(struct sv a, struct sv b);

/* "; did you mean merge?", or ""; `words` as in "error merge", or as a
 * sentence has them: "bind, jsonl or terraform". */
const char *did_you_mean(struct arena *mem, struct sv typed, struct sv words);

#endif
