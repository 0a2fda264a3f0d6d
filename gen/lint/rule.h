/*
 * rule.h - what the rules share; private to gen/lint/.
 */
#ifndef LINT_RULE_H
#define LINT_RULE_H

#include "base/map.h"
#include "lint/lint.h"

struct lint_objects {
	VEC(const struct object *) list;
};

/* What several rules look up, made once. */
struct lint_run {
	const struct lint_ctx *ctx;
	struct map services; /* "shop/web", and "web" for one without a
				namespace: struct lint_objects */
	struct map hosts;    /* of all rules */
	struct map opaque;   /* namespaces where a chart makes objects */
	struct map names;    /* "ZONE NAME" of every record */
	struct map cuts;     /* "ZONE NAME" of every delegation */
	struct map caa;	     /* "ZONE NAME": struct endpoint */
};

struct lint_rule {
	enum diag_code code;
	enum diag_severity severity;
	enum diag_code warned; /* by a stage before; DIAG_COUNT: none */
	const char *text;
	void (*test)(struct lint_run *r, const struct lint_rule *self);
};

#define LINT(name, code, severity, warned, text)                               \
 void lint_##name(struct lint_run *r, const struct lint_rule *self);
#include "lint/lint.def"
#undef LINT

/* `host "NAME": THING: TEXT` */
void lint_file(struct lint_run *r, const struct lint_rule *self, struct loc at,
	       struct sv name, struct sv thing);

/* "Ingress shop/web" */
struct sv object_text(struct arena *mem, const struct object *o);

/* A host in the one form of names; false for what is not one, or holds a
 * variable. */
bool lint_host(struct lint_run *r, const struct node *n, struct sv *out);

/* The zone that holds `name`, a view only where nothing else does; or NULL. */
const struct zone_plan *lint_zone(const struct lint_run *r, struct sv name);

/* What stands at `name` of the zone, or at the nearest name above it. */
void *lint_above(const struct lint_run *r, const struct map *m,
		 const struct zone *zone, struct sv name);

struct sv zone_name_key(struct arena *mem, const struct zone *zone,
			struct sv name);

/* Objects that routes lead to: not those that Helm values only stand for. */
bool lint_reads(const struct object *o, const char *kind);

#endif
