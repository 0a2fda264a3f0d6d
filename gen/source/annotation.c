#include "source/annotation.h"

#include <stdlib.h>

#include "base/limits.h"
#include "source/state.h"

static const struct sv new_prefix = { "external-dns.kubernetes.io/", 27 };
static const struct sv old_prefix = { "external-dns.alpha.kubernetes.io/", 33 };

static void prefixes_set(const struct source_ctx *ctx, struct source_state *st)
{
	const struct options *o = &ctx->publisher->opt;
	bool both = o->legacy_annotation_prefix ||
		    (!ctx->config->compat && !o->set.annotation_prefix);

	st->prefixes[0] =
		o->annotation_prefix.n > 0 ? o->annotation_prefix : new_prefix;
	st->n_prefixes = 1;
	if (both && !sv_starts(st->prefixes[0], old_prefix))
		st->prefixes[st->n_prefixes++] = old_prefix;
}

static int filter_set(struct source_ctx *ctx, const char *flag, struct sv text,
		      enum selector_form form, struct selector *out)
{
	const char *fault = selector_parse(ctx->mem, text, form, out);

	if (fault == NULL)
		return 0;
	return diag_error(ctx->diags, DIAG_CONFIG, ctx->publisher->at,
			  "--%s: %s", flag, fault);
}

static int template_set(struct source_ctx *ctx, const char *flag,
			const struct strings *texts, struct template **out)
{
	const char *fault =
		template_parse(ctx->mem, template_join(ctx->mem, texts),
			       &template_external_dns, out);

	if (fault == NULL)
		return 0;
	if (ctx->fault != NULL)
		return fault_set(ctx->fault, ctx->mem, FAULT_USAGE, "--%s: %s",
				 flag, fault);
	return diag_error(ctx->diags, DIAG_CONFIG, ctx->publisher->at,
			  "--%s: %s", flag, fault);
}

struct source_state *source_state_new(struct source_ctx *ctx)
{
	struct source_state *st = ARENA_NEW(ctx->mem, struct source_state);
	const struct options *o = &ctx->publisher->opt;
	int rc = 0;

	st->duplicates_by_key.mem = ctx->mem;
	prefixes_set(ctx, st);
	rc |= filter_set(ctx, "annotation-filter", o->annotation_filter,
			 SELECTOR_LABELS, &st->annotations);
	rc |= filter_set(ctx, "label-filter", o->label_filter, SELECTOR_ANY,
			 &st->labels);
	rc |= template_set(ctx, "fqdn-template", &o->fqdn_template, &st->fqdn);
	rc |= template_set(ctx, "target-template", &o->target_template,
			   &st->target);
	rc |= template_set(ctx, "fqdn-target-template",
			   &o->fqdn_target_template, &st->pair);
	return rc < 0 ? NULL : st;
}

struct loc state_loc(struct source_ctx *ctx, struct loc at)
{
	struct source_state *st = ctx->state;

	if (st->file_copy.p == NULL || !sv_eq(st->file_copy, at.file))
		st->file_copy = arena_sv(ctx->mem, at.file);
	at.file = st->file_copy;
	return at;
}

/* A key is given in two parts, so that none is put together to look it up. */
static const struct node *map_get2(const struct node *map, struct sv head,
				   struct sv tail)
{
	const struct node *hit = NULL;

	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i + 1 < map->items.n; i += 2) {
		const struct node *k = map->items.v[i];

		if (k->kind == NODE_SCALAR && k->scalar.n == head.n + tail.n &&
		    sv_starts(k->scalar, head) && sv_ends(k->scalar, tail))
			hit = map->items.v[i + 1]; /* the last one, as Go */
	}
	return hit;
}

bool annotation_default_prefix(struct sv head)
{
	return (head.n + 1 == new_prefix.n && sv_starts(new_prefix, head)) ||
	       (head.n + 1 == old_prefix.n && sv_starts(old_prefix, head));
}

static const struct node *annotations_of(const struct object *o)
{
	return node_path(o->root, SV("metadata.annotations"));
}

const struct node *annotation_raw(const struct object *o, struct sv key)
{
	return map_get2(annotations_of(o), key, SV(""));
}

const struct node *annotation_node(const struct source_ctx *ctx,
				   const struct object *o, struct sv key)
{
	const struct source_state *st = ctx->state;
	const struct node *map = annotations_of(o);

	for (size_t i = 0; map != NULL && i < st->n_prefixes; i++) {
		const struct node *n = map_get2(map, st->prefixes[i], key);

		if (n != NULL)
			return n;
	}
	return NULL;
}

struct sv annotation_spelling(const struct source_ctx *ctx,
			      const struct object *o, struct sv key)
{
	const struct source_state *st = ctx->state;
	size_t i = 0;

	if (st->n_prefixes > 1 &&
	    map_get2(annotations_of(o), st->prefixes[0], key) == NULL &&
	    map_get2(annotations_of(o), st->prefixes[1], key) != NULL)
		i = 1;
	return arena_fmt(ctx->mem, SV_FMT SV_FMT, SV_ARG(st->prefixes[i]),
			 SV_ARG(key));
}

/* Kubernetes reads a null as the empty string. */
static struct sv scalar_text(const struct node *n)
{
	return n->kind != NODE_SCALAR || node_is_null(n) ? SV("") : n->scalar;
}

bool annotation_text(const struct source_ctx *ctx, const struct object *o,
		     struct sv key, struct sv *out)
{
	const struct node *n = annotation_node(ctx, o, key);

	if (n == NULL || n->kind != NODE_SCALAR)
		return false;
	*out = scalar_text(n);
	return true;
}

/* White space beyond ASCII, as Go's unicode.IsSpace() knows it. */
static size_t space_at(struct sv s)
{
	static const struct sv wide[] = {
		{ "\xc2\x85", 2 },     { "\xc2\xa0", 2 },
		{ "\xe1\x9a\x80", 3 }, { "\xe2\x80\xa8", 3 },
		{ "\xe2\x80\xa9", 3 }, { "\xe2\x80\xaf", 3 },
		{ "\xe2\x81\x9f", 3 }, { "\xe3\x80\x80", 3 },
	};

	if (s.n == 0)
		return 0;
	if (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r'))
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (sv_starts(s, wide[i]))
			return wide[i].n;
	/* U+2000 to U+200A */
	if (s.n > 2 && s.p[0] == '\xe2' && s.p[1] == '\x80' &&
	    (unsigned char)s.p[2] >= 0x80 && (unsigned char)s.p[2] <= 0x8a)
		return 3;
	return 0;
}

static struct sv trim_space(struct sv s)
{
	size_t n;

	while ((n = space_at(s)) > 0)
		s = sv_from(s, n);
	for (bool more = true; more;) {
		more = false;
		for (n = 1; n <= 3 && n <= s.n && !more; n++)
			if (space_at(sv_from(s, s.n - n)) == n) {
				s.n -= n;
				more = true;
			}
	}
	return s;
}

static struct sv without_blanks(struct arena *mem, struct sv s)
{
	char *p = ARENA_ARRAY(mem, char, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ')
			p[n++] = s.p[i];
	return (struct sv){ p, n };
}

void list_split(const struct source_ctx *ctx, struct sv text,
		struct strings *out)
{
	bool compat = ctx->config->compat;
	struct sv rest, item;

	rest = compat ? trim_space(without_blanks(ctx->mem, text)) : text;
	if (rest.p == NULL)
		rest = SV("");
	while (sv_cut(&rest, ',', &item))
		*VEC_ADD(ctx->mem, &out->list) = compat ? item : sv_trim(item);
}

static bool label_lookup(const void *object, struct sv key, struct sv *value)
{
	const struct object *o = object;
	const struct node *n = map_get2(
		node_path(o->root, SV("metadata.labels")), key, SV(""));

	if (n != NULL)
		*value = scalar_text(n);
	return n != NULL;
}

/* An object and how its annotations are read. */
struct annotated {
	const struct source_ctx *ctx;
	const struct object *o;
};

/* With two prefixes the older key stands for the new one also in filters. */
static bool annotation_lookup(const void *object, struct sv key,
			      struct sv *value)
{
	const struct annotated *a = object;
	const struct source_state *st = a->ctx->state;
	const struct node *n = annotation_raw(a->o, key);

	if (n == NULL && st->n_prefixes > 1 && sv_starts(key, st->prefixes[0]))
		n = annotation_node(a->ctx, a->o,
				    sv_from(key, st->prefixes[0].n));
	if (n != NULL)
		*value = scalar_text(n);
	return n != NULL;
}

static bool is_ours(const struct source_ctx *ctx, const struct object *o)
{
	const struct node *n = annotation_node(ctx, o, SV("controller"));

	if (n == NULL || sv_eq(scalar_text(n), SV("dns-controller")))
		return true;
	diag_note(ctx->diags, DIAG_MANIFEST_SKIPPED, n->at,
		  SV_FMT " " SV_FMT "/" SV_FMT
			 ": annotation controller is \"" SV_FMT
			 "\", not \"dns-controller\"",
		  SV_ARG(o->kind), SV_ARG(o->namespace), SV_ARG(o->name),
		  SV_ARG(scalar_text(n)));
	return false;
}

bool object_selected(const struct source_ctx *ctx, const struct object *o,
		     unsigned by)
{
	const struct source_state *st = ctx->state;
	const struct sv namespace = ctx->publisher->opt.namespace;
	const struct annotated a = { ctx, o };

	if ((by & SELECT_NAMESPACE) && namespace.n > 0 &&
	    !sv_eq(namespace, o->namespace))
		return false;
	if ((by & SELECT_ANNOTATIONS) &&
	    !selector_match(&st->annotations, annotation_lookup, &a))
		return false;
	if ((by & SELECT_LABELS) &&
	    !selector_match(&st->labels, label_lookup, o))
		return false;
	return !(by & SELECT_CONTROLLER) || is_ours(ctx, o);
}

static int object_order(const void *a, const void *b)
{
	const struct object *x = *(const struct object *const *)a;
	const struct object *y = *(const struct object *const *)b;
	int c = sv_cmp(x->namespace, y->namespace);

	if (c == 0)
		c = sv_cmp(x->name, y->name);
	if (c == 0)
		c = loc_cmp(x->at, y->at);
	return c;
}

/* No API server serves the older versions of Kubernetes' own kinds, so that
 * ExternalDNS sees none; those of custom resources it converts. */
static bool is_served(const struct object *o)
{
	static const char *const groups[] = { "", "discovery.k8s.io",
					      "extensions",
					      "networking.k8s.io" };
	bool own = false;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		own = own || sv_eq(o->group, sv_of(groups[i]));
	return !own || (sv_eq(o->version, SV("v1")) &&
			!sv_eq(o->group, SV("extensions")));
}

/* Kinds that moved: the older group is the same object. */
static bool in_group(const struct object *o, struct sv group)
{
	return sv_eq(o->group, group) ||
	       (sv_eq(o->group, SV("extensions")) &&
		sv_eq(group, SV("networking.k8s.io")));
}

/* An object that is applied twice is one, and the later counts. */
static void drop_replaced(struct object_refs *refs)
{
	size_t kept = 0;

	for (size_t i = 0; i < refs->list.n; i++) {
		const struct object *o = refs->list.v[i];

		if (kept > 0 &&
		    sv_eq(refs->list.v[kept - 1]->namespace, o->namespace) &&
		    sv_eq(refs->list.v[kept - 1]->name, o->name))
			kept--;
		refs->list.v[kept++] = o;
	}
	refs->list.n = kept;
}

void object_refs_finalize(const struct source_ctx *ctx,
			  struct object_refs *refs)
{
	if (refs->list.n > 1)
		qsort(refs->list.v, refs->list.n, sizeof(refs->list.v[0]),
		      object_order);
	if (ctx->config->compat)
		drop_replaced(refs);
}

static void collect(const struct source_ctx *ctx, struct kind_objects *k)
{
	struct object_refs *out = &k->objects;

	for (size_t i = 0; i < ctx->all->list.n; i++) {
		const struct object *o = ctx->all->list.v[i];

		if (sv_eq(o->kind, k->kind) && in_group(o, k->group) &&
		    (!ctx->config->compat || is_served(o)))
			*VEC_ADD(ctx->mem, &out->list) = o;
	}
	object_refs_finalize(ctx, out);
	annotation_slips(ctx, out);
	duplicates_note(ctx, out,
			source_reads(ctx->publisher, k->group, k->kind));
	/* Capacity equals length, so that appending copies the list. */
	out->list.cap = out->list.n;
}

void objects_of(const struct source_ctx *ctx, struct sv group, struct sv kind,
		struct object_refs *out)
{
	struct source_state *st = ctx->state;
	struct kind_objects *k;

	for (size_t i = 0; i < st->kinds.n; i++) {
		k = &st->kinds.v[i];
		if (sv_eq(k->kind, kind) && sv_eq(k->group, group)) {
			*out = k->objects;
			return;
		}
	}
	k = VEC_ADD(ctx->mem, &st->kinds);
	*k = (struct kind_objects){ .group = arena_sv(ctx->mem, group),
				    .kind = arena_sv(ctx->mem, kind) };
	collect(ctx, k);
	*out = k->objects;
}
