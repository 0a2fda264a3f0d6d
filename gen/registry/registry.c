#include "registry/registry.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"

/* Where a name is in the TXT: lower case, as ExternalDNS folds it once. */
static const struct sv type_mark = { "%{record_type}", 14 };

static bool holds_type(struct sv affix)
{
	return sv_has(affix, type_mark);
}

static void put_affix(struct buf *out, struct sv affix, struct sv type)
{
	while (affix.n > 0) {
		size_t hit = sv_find(affix, type_mark);

		buf_add(out, sv_head(affix, hit));
		if (hit == affix.n)
			return;
		buf_add(out, type);
		affix = sv_from(affix, hit + type_mark.n);
	}
}

struct sv registry_name(struct arena *mem, const struct options *o,
			enum rrtype type, struct sv name)
{
	struct sv prefix = arena_lower(mem, o->txt_prefix);
	struct sv suffix = arena_lower(mem, o->txt_suffix);
	struct sv t = arena_lower(mem, sv_of(rrtype_name(type)));
	struct sv label = sv_head(name, sv_chr(name, '.'));
	struct sv rest = sv_from(name, label.n); /* with its dot */
	struct buf out = { .mem = mem };

	if (o->txt_wildcard_replacement.n > 0 && sv_eq(label, SV("*")))
		label = arena_lower(mem, o->txt_wildcard_replacement);
	put_affix(&out, prefix, t);
	if (!holds_type(prefix) && !holds_type(suffix)) {
		buf_add(&out, t);
		buf_char(&out, '-');
	}
	buf_add(&out, label);
	put_affix(&out, suffix, t);
	buf_add(&out, rest);
	/* NewEndpoint() takes one final dot off. */
	return dname_strip_dot(buf_sv(&out));
}

struct sv registry_value(struct arena *mem, const struct pairs *labels)
{
	struct buf out = { .mem = mem };

	buf_add(&out, SV("\"heritage=external-dns"));
	for (size_t i = 0; i < labels->list.n; i++) {
		const struct pair *l = &labels->list.v[i];

		/* How ExternalDNS remembers what it encrypted with. */
		if (sv_eq(l->name, SV("txt-encryption-nonce")))
			continue;
		buf_fmt(&out, ",external-dns/" SV_FMT "=" SV_FMT,
			SV_ARG(l->name), SV_ARG(l->value));
	}
	buf_char(&out, '"');
	return buf_sv(&out);
}

struct registry_ctx {
	struct arena *mem;
	struct diags *diags;
	bool compat;
	struct sv zone;
	struct map names; /* TXT name and set identifier -> what it owns */
	int rc;
};

static bool label_too_long(struct sv name)
{
	struct sv label;

	while (sv_cut(&name, '.', &label))
		if (label.n > MAX_LABEL)
			return true;
	return false;
}

/* Why `name` cannot hold the TXT, or NULL. */
static const char *name_fault(const struct registry_ctx *ctx, struct sv name)
{
	if (label_too_long(name))
		return "has a label longer than 63 bytes; use a shorter host "
		       "or txt-prefix";
	if (ctx->compat)
		return NULL;
	if (name.n > MAX_DNAME)
		return "is longer than 253 bytes; use a shorter host or "
		       "txt-prefix";
	if (!dname_in(name, ctx->zone))
		return "is outside the zone; txt-prefix: "
		       "\"%{record_type}-owner.\" would keep it inside";
	return NULL;
}

static bool is_plain(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == 0x7f ||
		    (unsigned char)s.p[i] < 0x20)
			return false;
	return true;
}

/* A comma or a quote in a label would forge another one: the name of an
 * object is a stranger's text.  NULL: none does. */
static const struct pair *forged_label(const struct pairs *labels)
{
	for (size_t i = 0; i < labels->list.n; i++) {
		const struct pair *l = &labels->list.v[i];

		if (!is_plain(l->name) || !is_plain(l->value) ||
		    sv_chr(l->name, '=') < l->name.n)
			return l;
	}
	return NULL;
}

/* The record is written without its TXT, as ExternalDNS does. */
static void go_without(struct registry_ctx *ctx, const struct publisher *p,
		       const struct endpoint *e, struct sv name,
		       const char *why)
{
	bool refuse = !ctx->compat && sv_eq(p->opt.txt_overflow, SV("error"));

	diag_file(ctx->diags, DIAG_TXT_NAME, refuse ? DIAG_ERROR : DIAG_WARNING,
		  endpoint_at(e),
		  "%s \"" SV_FMT "\": its ownership TXT \"" SV_FMT "\" %s%s",
		  rrtype_name(e->type), SV_ARG(e->name), SV_ARG(name), why,
		  refuse ? "" : " (the record is written without it)");
	if (refuse)
		ctx->rc = -1;
}

/* Two records may share one TXT name: "*.x" and "any.x" where
 * txt-wildcard-replacement is "any".  Readers look at one value only. */
static bool name_taken(struct registry_ctx *ctx, struct sv name,
		       const struct endpoint *e)
{
	struct sv key = arena_fmt(ctx->mem, SV_FMT "\n" SV_FMT, SV_ARG(name),
				  SV_ARG(e->set_identifier));

	if (ctx->compat)
		return false;
	if (map_get(&ctx->names, key) != NULL)
		return true;
	map_put(&ctx->names, key, ctx); /* any pointer */
	return false;
}

static void add_txt(struct registry_ctx *ctx, const struct publisher *p,
		    const struct endpoint *e, struct endpoints *set)
{
	struct sv name = registry_name(ctx->mem, &p->opt, e->type, e->name);
	const char *why = name_fault(ctx, name);
	const struct pair *forged = forged_label(&e->labels);
	struct endpoint *txt;

	if (why == NULL && name_taken(ctx, name, e))
		why = "is already that of another record; change "
		      "txt-wildcard-replacement";
	if (why != NULL) {
		go_without(ctx, p, e, name, why);
		return;
	}
	if (!ctx->compat && forged != NULL) {
		ctx->rc = diag_error(
			ctx->diags, DIAG_TXT_VALUE, endpoint_at(e),
			"%s \"" SV_FMT "\": label " SV_FMT " \"" SV_FMT
			"\" contains a comma, a quote or a control byte, which "
			"would forge another label in its ownership TXT",
			rrtype_name(e->type), SV_ARG(e->name),
			SV_ARG(forged->name), SV_ARG(forged->value));
		return;
	}
	txt = endpoints_add(ctx->mem, set);
	txt->name = name;
	txt->type = RR_TXT;
	*VEC_ADD(ctx->mem, &txt->targets) =
		registry_value(ctx->mem, &e->labels);
	txt->set_identifier = e->set_identifier;
	txt->properties = e->properties;
	txt->is_registry = true;
	txt->owned_name = e->name;
	txt->publisher = e->publisher;
	txt->from.v = e->from.v;
	txt->from.n = txt->from.cap = e->from.n;
}

/* In labels of its own: the records of one object may share theirs. */
static void stamp(struct arena *mem, struct endpoint *e, struct sv owner)
{
	struct pairs labels = { 0 };

	for (size_t i = 0; i < e->labels.list.n; i++)
		*VEC_ADD(mem, &labels.list) = e->labels.list.v[i];
	pairs_put(mem, &labels, SV("owner"), owner);
	e->labels = labels;
}

/* ExternalDNS gives a name that is empty a TXT, and no provider the record. */
static void drop_nameless(struct endpoints *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->list.n; i++)
		if (set->list.v[i].name.n > 0)
			set->list.v[kept++] = set->list.v[i];
	set->list.n = kept;
}

int registry_add(struct arena *mem, struct diags *d, const struct publisher *p,
		 bool compat, struct sv zone, struct endpoints *set)
{
	struct registry_ctx ctx = { .mem = mem,
				    .diags = d,
				    .compat = compat,
				    .zone = zone,
				    .names = { .mem = mem } };
	size_t n = set->list.n;

	for (size_t i = 0; i < n; i++) {
		struct endpoint *e = &set->list.v[i], owned;
		const struct publisher *of =
			e->publisher != NULL ? e->publisher : p;

		if (e->is_registry || e->is_static ||
		    sv_eq(of->opt.registry, SV("noop")))
			continue;
		stamp(mem, e, of->opt.txt_owner_id);
		owned = *e; /* add_txt() may move the list */
		add_txt(&ctx, of, &owned, set);
	}
	if (compat)
		drop_nameless(set);
	endpoints_sort(set);
	return ctx.rc;
}
