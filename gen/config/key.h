/*
 * key.h - the rows that describe .zoneloom.yaml; for this folder only.
 *
 * Shape:  a schema is a map with known keys.  One row drives reading, the JSON
 *         Schema, the manual page and docs/configuration.md.
 * Source: option.def gives the rows of a publisher's options.
 */
#ifndef CONFIG_KEY_H
#define CONFIG_KEY_H

#include "config/config.h"

struct schema;

/* {terraform: var.domain} in place of a text: the form of a value, and not the
 * output format, which format.def names. */
#define REFERENCE_WORD "terraform"

enum key_type {
	KEY_FLAG,      /* bool */
	KEY_TEXT,      /* struct sv: any scalar */
	KEY_PATH,      /* struct sv: a file of the repository */
	KEY_FOLDER,    /* struct sv: a folder of it; "" is the root */
	KEY_FILE,      /* struct sv: an output; {zone} and so on stay in it */
	KEY_CHOICE,    /* struct sv: one of `values` */
	KEY_COUNT,     /* int64_t, 0 ... MAX_TTL */
	KEY_TTL,       /* int64_t, 1 ... MAX_TTL */
	KEY_SERIAL,    /* int64_t, 1 ... 2^32 - 1 */
	KEY_PERCENT,   /* unsigned: "30%" */
	KEY_NUMBER,    /* unsigned */
	KEY_SECONDS,   /* int64_t: a Go duration */
	KEY_NAME,      /* struct sv: a DNS name, in dname_parse() form */
	KEY_NAMES,     /* struct strings: the same, "*." in front allowed */
	KEY_NAME_VAR,  /* KEY_NAME that may end in "${VAR}" */
	KEY_NAMES_VAR, /* KEY_NAMES that may */
	KEY_MAILBOX,   /* struct sv: a mail address or a DNS name */
	KEY_ZONE_ID,   /* struct sv: 32 hex digits or ${REFERENCE} */
	KEY_LIST,      /* struct strings */
	KEY_GLOBS,     /* struct globs */
	KEY_RRTYPE,    /* enum rrtype */
	KEY_TARGETS,   /* struct targets */
	KEY_VALUE,     /* struct variable: text, {env: X} or {terraform: X} */
	KEY_PAIRS,     /* struct pairs: a map of texts */
	KEY_MAP,       /* a struct of `schema`, in place */
	KEY_ROWS,      /* a list of `schema`; add() makes one */
	KEY_TABLE,     /* a map of `schema` by free keys; add() makes one */
	KEY_FORMAT,    /* nothing: the version of the file's format */
};

struct key {
	enum key_type type;
	bool required;
	const char *name;
	size_t offset;
	const char *fallback; /* "": none */
	const char *values;   /* CHOICE: words; others: how a value is called */
	enum policy policy;
	enum tighter tighter;
	const char *about;
	const struct schema *schema;
	void *(*add)(struct arena *mem, void *owner);
	void (*clear)(void *owner);
};

struct reader {
	struct arena *mem;
	struct diags *diags;
	struct sv file;
	struct config *config;
};

struct schema {
	const char *about;
	const struct key *keys;	 /* ends with name NULL; or NULL ... */
	const struct key *value; /* ... and the whole node is this one */
	/* Keys of the same map that stand in another struct; read first. */
	const struct schema *inherits;
	void *(*inherited)(void *thing);
	bool options;	  /* and the rows of option.def; a struct publisher */
	enum scope scope; /* of whoever inherits: which of those rows */
	bool has_at;	  /* `at` is the map's; in a TABLE it is the key's */
	size_t at, key;	  /* of struct loc; of struct sv, for TABLE */
	/* For the JSON Schema: what `check` asks of several keys; or NULL. */
	const char *any_of;
	/* After all keys, also after faulty ones; or NULL. */
	void (*check)(struct reader *r, struct sv what, const struct node *n,
		      void *thing);
};

extern const struct schema schema_file;	     /* struct config */
extern const struct schema schema_publisher; /* struct publisher */
extern const struct schema schema_common;    /* of both: struct publisher */
extern const struct schema schema_zone;	     /* struct zone */
extern const struct key key_vars;	     /* of struct config: --vars-file */

/* A struct of `schema` filled with the defaults of its rows. */
void schema_init(struct arena *mem, const struct schema *schema, void *thing);

/* Have the map `n` read into `thing`; `what` is the path of keys to it.
 * Faults are filed, all of them. */
void schema_read(struct reader *r, const struct schema *schema, struct sv what,
		 const struct node *n, void *thing);

/* What a value of the key must be, for a message: "a path", or "bind or
 * terraform" of a CHOICE. */
const char *key_expected(struct arena *mem, const struct key *k);

/* One value under its row; 0, or -1 with a diag. */
int key_read(struct reader *r, const struct key *k, struct sv what,
	     const struct node *n, void *to);

/* The checks of schemas that look at more than one key: zone.c. */
void check_zone(struct reader *r, struct sv what, const struct node *n,
		void *thing);
void check_output(struct reader *r, struct sv what, const struct node *n,
		  void *thing);
void check_claim(struct reader *r, struct sv what, const struct node *n,
		 void *thing);
void check_publisher(struct reader *r, struct sv what, const struct node *n,
		     void *thing);
void check_gateway_row(struct reader *r, struct sv what, const struct node *n,
		       void *thing);
void check_override(struct reader *r, struct sv what, const struct node *n,
		    void *thing);
void check_render(struct reader *r, struct sv what, const struct node *n,
		  void *thing);
void check_root(struct reader *r, struct sv what, const struct node *n,
		void *thing);

/* A zone, or an output of a zone, with its defaults. */
void *zones_add(struct arena *mem, void *config);
void *outputs_add(struct arena *mem, void *zone);

/* --var over `vars:`; one variable a name. */
void vars_finalize(struct reader *r);
/* Those of `more` that `c` has not yet. */
void vars_merge(struct arena *mem, struct config *c, const struct config *more);

/* After everything is read: zones, files, patterns. */
void config_check_all(struct reader *r);

#endif
