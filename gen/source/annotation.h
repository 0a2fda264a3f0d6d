/*
 * annotation.h - what every kind does alike: select objects, read their
 * annotations, choose targets, make endpoints, merge them.
 *
 * A kind's read() walks its objects with source_each(), and for each
 *
 *	object_ctx_name(s, node, "spec.rules[].host");	once a name
 *	targets_annotation(s, s->object);		targets, best first
 *	targets_rules(s, gateway, class);
 *	targets_status(s, s->object, "status.loadBalancer.ingress");
 *	object_ctx_publish(s);
 *
 * and source_each() merges what came out.
 *
 * Source: ExternalDNS 0.23 source/annotations, endpoint/utils.go.
 */
#ifndef SOURCE_ANNOTATION_H
#define SOURCE_ANNOTATION_H

#include "source/source.h"

/* A name that an object asks for. */
struct wanted_name {
	struct sv text;
	struct loc at;
	const char *rule; /* provenance.name_rule: a literal */
};

struct wanted_names {
	VEC(struct wanted_name) list;
};

/* Targets of one origin; `rule` is provenance.target_rule. */
struct target_source {
	struct targets targets;
	struct sv rule;
	bool found; /* an address in git that was not written as a target: the
		       zone's guard may skip it */
};

/*
 * One object and what its annotations say of all of its records.
 *
 * Owner: ctx->mem, copied up: nothing points into the file's arena but
 *        `object` itself.
 */
struct object_ctx {
	struct source_ctx *ctx;
	const struct object *object;
	struct sv kind, namespace, name, cluster;
	const struct origin *origin;
	const struct object_id *id;
	struct sv label;    /* "Ingress shop/web", for messages */
	struct sv resource; /* "ingress/shop/web"; "" for no label */
	int64_t ttl;	    /* 0: unset */
	struct sv set_identifier;
	struct pairs
		properties; /* "cloudflare/proxied", "aws/weight", "alias" */
	struct wanted_names names;
	VEC(struct target_source) targets; /* the first that is usable counts */
	size_t first;			   /* of ctx->out when it began */
	size_t first_open;		   /* and of ctx->open */
	bool failed;			   /* an error was filed: no records */
	const char *flag;		   /* of the source: "ingress" */
	bool plain;	  /* templates see JSON: the unstructured source */
	bool verbatim;	  /* names and targets as they are: a DNSEndpoint */
	bool quiet;	  /* no warning without a target (an idle Service) */
	struct sv advice; /* targets_advice() of a kind that has its own */
	struct sv gateway, class; /* of targets_rules(), the last one */
	bool warned;		  /* [no-target] was filed */
	bool fallen_back;	  /* targets_fallback() was called */
};

/*
 * Value of the annotation PREFIX + `key`, or NULL; the node may be a null
 * scalar (an empty string to Kubernetes).  Both prefixes are read, the new one
 * first; with --compat one of them, or both with
 * --enable-legacy-annotation-prefix.
 */
const struct node *annotation_node(const struct source_ctx *ctx,
				   const struct object *o, struct sv key);

/* The same as text: false when it is absent. */
bool annotation_text(const struct source_ctx *ctx, const struct object *o,
		     struct sv key, struct sv *out);

/* An annotation by its whole key, the last one where it is written twice. */
const struct node *annotation_raw(const struct object *o, struct sv key);

/* "external-dns.kubernetes.io/target" as the object spells it. */
struct sv annotation_spelling(const struct source_ctx *ctx,
			      const struct object *o, struct sv key);

/* Words behind the prefix that some kind reads; ends with NULL. */
extern const char *const annotation_keys[];

/* Is it one of ExternalDNS' own prefixes, without its slash? */
bool annotation_default_prefix(struct sv head);

/* Warn of keys that are nearly ours, and of ours in a place where nobody
 * reads them; not with --compat. */
struct object_refs;
void annotation_slips(const struct source_ctx *ctx,
		      const struct object_refs *refs);

/* A comma list; with --compat split as ExternalDNS does it, empty elements
 * included, otherwise each element trimmed. */
void list_split(const struct source_ctx *ctx, struct sv text,
		struct strings *out);

enum select_by {
	SELECT_NAMESPACE = 1,
	SELECT_ANNOTATIONS = 2,
	SELECT_LABELS = 4,
	SELECT_CONTROLLER = 8,
	SELECT_ALL = 15,
};

/* Do the publisher's filters let this object pass? */
bool object_selected(const struct source_ctx *ctx, const struct object *o,
		     unsigned by);

/* Objects of one group and kind. */
struct object_refs {
	VEC(const struct object *) list;
};
/* Set `out` to all of them, sorted by namespace, name, place. */
void objects_of(const struct source_ctx *ctx, struct sv group, struct sv kind,
		struct object_refs *out);

/* Sort them so.  With --compat of two of one name only the later stays, as in
 * a cluster; otherwise that is duplicate-object's to judge. */
void object_refs_finalize(const struct source_ctx *ctx,
			  struct object_refs *refs);

/* Start on an object.  `prefix` is that of the resource label: "ingress"; an
 * empty one makes no label.  `annotated` false: no annotation is read. */
void object_ctx_init(struct object_ctx *s, struct source_ctx *ctx,
		     const struct object *o, struct sv prefix, bool annotated);

/* Names of the variables in `text`, "DOMAIN, SUB"; those with a default only
 * where there are no others. */
struct sv object_ctx_variables(struct arena *mem, struct sv text);

/* File an error about the object; it makes no records. */
void object_ctx_refuse(struct object_ctx *s, enum diag_code code, struct loc at,
		       const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* What ends ExternalDNS' whole run, and is a warning here: with --compat a
 * fault (exit 2), since it publishes nothing then. */
void object_ctx_stop(struct object_ctx *s, enum diag_code code, struct loc at,
		     const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * One more name, from a scalar node.  A template, and what is not a scalar, is
 * skipped with a note; a placeholder is an error.  Empty names count with
 * object_ctx_name_text() only.
 */
void object_ctx_name(struct object_ctx *s, const struct node *n,
		     const char *rule);
void object_ctx_name_text(struct object_ctx *s, struct sv text, struct loc at,
			  const char *rule);

/* The elements of the annotation `key` ("hostname") as names. */
void object_ctx_names_annotation(struct object_ctx *s, struct sv key,
				 const char *rule);

/* Targets, best first.  Each adds at most one source to s->targets. */
void targets_annotation(struct object_ctx *s, const struct object *o);
void targets_rules(struct object_ctx *s, struct sv gateway, struct sv class);
/* `path` leads to a list of {ip, hostname}, as status.loadBalancer.ingress. */
void targets_status(struct object_ctx *s, const struct object *o,
		    const char *path);
/* `n` is a scalar or a list of them; `rule` as target_source.rule. */
void targets_node(struct object_ctx *s, const struct node *n, struct sv rule,
		  bool found);
/* One target of our own making. */
void targets_text(struct object_ctx *s, struct sv text, struct loc at,
		  struct sv rule, bool found);
/* Annotations of MetalLB, Cilium and kube-vip, and infrastructure annotations
 * of a Gateway, that hold an address: a map of annotations. */
void targets_pools(struct object_ctx *s, const struct node *annotations,
		   const char *where);
/* targets.default, then default-targets; object_ctx_publish() does it too. */
void targets_fallback(struct object_ctx *s);

/* The targets for one name: false when there is none. */
bool targets_choose(struct object_ctx *s, const struct wanted_name *name,
		    struct target_source *out);

/* Add to `to` those targets of `from` that it lacks: several Gateways serve
 * one name. */
void target_source_add(struct arena *mem, struct target_source *to,
		       const struct target_source *from);

/* What its author could write so that the object gets a target. */
struct sv targets_advice(const struct object_ctx *s);

/* The key that does so for all that are like it:
 * `targets: {ingress-class: {nginx: [ADDRESS]}}`. */
struct sv targets_key(const struct object_ctx *s);

/*
 * Make the endpoints of every name; forgets the names, so that a kind can go
 * on with others.  Files [no-target] where names have no target.
 * Returns how many endpoints were made.
 */
size_t object_ctx_publish(struct object_ctx *s);

/*
 * The names that --fqdn-template makes of the object.  False where it cannot
 * be filled, which is filed.
 */
bool object_ctx_fqdn(struct object_ctx *s, struct strings *out);

/* The same for --target-template. */
bool object_ctx_target_template(struct object_ctx *s, struct strings *out);

/* Is it time for templates: nothing was made without, or they come on top? */
bool object_ctx_wants_templates(const struct object_ctx *s, size_t made);

/* Names of --fqdn-template, with the targets at hand; returns `made` and what
 * came to it. */
size_t object_ctx_templates(struct object_ctx *s, size_t made);

/* Pairs of --fqdn-target-template: no TTL, no properties, no label. */
size_t object_ctx_pairs(struct object_ctx *s, size_t made);

/* Pairs, then names of --fqdn-template with the targets of --target-template:
 * for kinds whose templates say both (Traefik, F5). */
size_t object_ctx_whole_templates(struct object_ctx *s, size_t made);

/* One endpoint of a given type and targets, past the choice of targets; NULL
 * where ExternalDNS makes none. */
struct endpoint *object_ctx_endpoint(struct object_ctx *s,
				     const struct wanted_name *name,
				     enum rrtype type,
				     const struct target_source *from);

/* Forget what the object made so far, with and without targets. */
void object_ctx_drop(struct object_ctx *s);

/*
 * Run `one` over every selected object of `self`, in order, and merge the
 * endpoints that came out.  -1 if an error was filed.
 */
int source_each(struct source_ctx *ctx, const struct source *self,
		struct sv prefix, void (*one)(struct object_ctx *s));

/* The same for a kind that some of the filters do not apply to. */
int source_each_by(struct source_ctx *ctx, const struct source *self,
		   struct sv prefix, unsigned by,
		   void (*one)(struct object_ctx *s));

/*
 * ExternalDNS' MergeEndpoints over ctx->out from `first` on: same name, type,
 * set identifier, TTL (and target, for CNAME and DNAME) become one with all
 * targets; the smallest resource gives labels and properties.  Without
 * --compat only records of the same object are merged: what several ask for is
 * plan's to judge.
 */
void endpoints_merge(struct source_ctx *ctx, size_t first);
/* The same, of two the one that was read first stays. */
void endpoints_merge_in_order(struct source_ctx *ctx, size_t first);

/* Deep copy of the chain that led to an object. */
const struct origin *origin_copy(struct arena *mem, const struct origin *o);

#endif
