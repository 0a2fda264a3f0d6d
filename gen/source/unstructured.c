/* Any kind at all (--unstructured-resource): annotations or templates give
 * both names and targets. */
#include <stdlib.h>

#include "source/annotation.h"
#include "source/state.h"

/* "widgets.v1.apps.example.org", "configmaps.v1" */
struct resource {
	struct sv plural, version, group;
};

static struct resource resource_parse(struct sv text)
{
	struct resource r = { .group = text };

	(void)sv_cut(&r.group, '.', &r.plural);
	if (r.group.p == NULL || !sv_cut(&r.group, '.', &r.version))
		r.version = SV("");
	if (r.group.p == NULL)
		r.group = SV("");
	return r;
}

/* Kubernetes' rule for the names of resources: a class is classes, a policy
 * policies, a gateway gateways. */
static struct sv plural_of(struct arena *mem, struct sv kind)
{
	struct sv k = arena_lower(mem, kind);
	bool vowel = k.n > 1 && sv_chr(SV("aeiou"), k.p[k.n - 2]) < 5;

	if (sv_ends(k, SV("s")) || sv_ends(k, SV("x")) ||
	    sv_ends(k, SV("ch")) || sv_ends(k, SV("sh")))
		return arena_fmt(mem, SV_FMT "es", SV_ARG(k));
	if (sv_ends(k, SV("y")) && !vowel)
		return arena_fmt(mem, "%.*sies", (int)(k.n - 1), k.p);
	return arena_fmt(mem, SV_FMT "s", SV_ARG(k));
}

static bool is_resource(struct source_ctx *ctx, const struct object *o,
			const struct resource *r)
{
	return sv_eq(o->group, r->group) && sv_eq(o->version, r->version) &&
	       (sv_eq(plural_of(ctx->mem, o->kind), r->plural) ||
		sv_eq(arena_lower(ctx->mem, o->kind), r->plural));
}

/* Names and targets of templates: each name has all targets. */
static void publish_templates(struct object_ctx *s, size_t made)
{
	struct strings hosts = { 0 }, targets = { 0 };

	made = object_ctx_pairs(s, made);
	if (!object_ctx_wants_templates(s, made) ||
	    !object_ctx_fqdn(s, &hosts) || hosts.list.n == 0 ||
	    !object_ctx_target_template(s, &targets))
		return;
	s->targets.n = 0;
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(s, hosts.list.v[i], s->object->at,
				     "--fqdn-template");
	if (targets.list.n > 0)
		targets_text(s, targets.list.v[0], s->object->at,
			     SV("--target-template"), false);
	for (size_t i = 1; i < targets.list.n && s->targets.n > 0; i++)
		*VEC_ADD(s->ctx->mem, &s->targets.v[0].targets.list) =
			(struct target){ .text = targets.list.v[i],
					 .at = s->object->at };
	(void)object_ctx_publish(s);
}

static int by_text(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return sv_cmp(x->text, y->text);
}

/* ExternalDNS sorts them here: which CNAMEs are one hangs on the first. */
static void sort_targets(struct object_ctx *s)
{
	if (s->ctx->config->compat && s->targets.n > 0)
		qsort(s->targets.v[0].targets.list.v,
		      s->targets.v[0].targets.list.n, sizeof(struct target),
		      by_text);
}

static void unstructured_one(struct object_ctx *s)
{
	s->set_identifier = SV("");
	s->properties = (struct pairs){ 0 };
	s->plain = s->quiet = s->fallen_back = true;
	object_ctx_names_annotation(s, SV("hostname"), "annotation hostname");
	targets_annotation(s, s->object);
	sort_targets(s);
	publish_templates(s, object_ctx_publish(s));
}

static void read_resource(struct source_ctx *ctx, const struct resource *r)
{
	struct object_refs objects = { 0 };

	for (size_t i = 0; i < ctx->all->list.n; i++)
		if (is_resource(ctx, ctx->all->list.v[i], r))
			*VEC_ADD(ctx->mem, &objects.list) = ctx->all->list.v[i];
	object_refs_finalize(ctx, &objects);
	annotation_slips(ctx, &objects);
	duplicates_note(ctx, &objects, true);
	for (size_t i = 0; i < objects.list.n; i++) {
		const struct object *o = objects.list.v[i];
		struct object_ctx s;

		if (!object_selected(ctx, o, SELECT_ALL))
			continue;
		object_ctx_init(&s, ctx, o, arena_lower(ctx->mem, o->kind),
				true);
		unstructured_one(&s);
		if (s.failed)
			object_ctx_drop(&s);
	}
}

static int unstructured_read(struct source_ctx *ctx, const struct source *self)
{
	const struct strings *list = &ctx->publisher->opt.unstructured_resource;
	size_t errors = ctx->diags->errors;

	(void)self;
	for (size_t i = 0; i < list->list.n; i++) {
		struct resource r = resource_parse(list->list.v[i]);
		size_t first = ctx->out->list.n;

		read_resource(ctx, &r);
		endpoints_merge(ctx, first);
	}
	return ctx->diags->errors > errors ? -1 : 0;
}

const struct source source_unstructured = {
	.flag = "unstructured",
	.group = "",
	.kind = "*",
	.read = unstructured_read,
};
