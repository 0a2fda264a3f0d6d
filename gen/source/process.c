/* What ExternalDNS does behind its sources: default targets, validation,
 * NAT64, target nets, PTR, TTLs and properties. */
#include "source/process.h"

#include "source/annotation.h"

#include "base/map.h"
#include "base/path.h"
#include "endpoint/filter.h"
#include "endpoint/rules.h"
#include "endpoint/ttl.h"
#include "source/key.h"

static bool strict(const struct source_ctx *ctx)
{
	return !ctx->config->compat;
}

static const struct options *options(const struct source_ctx *ctx)
{
	return &ctx->publisher->opt;
}

/* A record made after another shares nothing that is changed later. */
static struct endpoint likeness(struct source_ctx *ctx,
				const struct endpoint *e, enum rrtype type)
{
	struct endpoint made = *e;

	made.type = type;
	made.ref = SV("");
	memset(&made.targets, 0, sizeof(made.targets));
	memset(&made.properties, 0, sizeof(made.properties));
	memset(&made.from, 0, sizeof(made.from));
	for (size_t i = 0; i < e->properties.list.n; i++)
		*VEC_ADD(ctx->mem, &made.properties.list) =
			e->properties.list.v[i];
	for (size_t i = 0; i < e->from.n; i++)
		*VEC_ADD(ctx->mem, &made.from) = e->from.v[i];
	return made;
}

/* Like `e`, for the default targets of one type. */
static void add_default(struct source_ctx *ctx, const struct endpoint *e,
			enum rrtype type, struct endpoints *out)
{
	const struct strings *targets = &options(ctx)->default_targets;
	struct endpoint made = likeness(ctx, e, type);

	for (size_t i = 0; i < targets->list.n; i++) {
		struct sv t = targets->list.v[i];

		if (rrtype_of_target(t) != type)
			continue;
		t = dname_strip_dot(t);
		*VEC_ADD(ctx->mem, &made.targets) = t;
	}
	for (size_t i = 0; i < made.from.n; i++)
		made.from.v[i].target_rule = SV("default-targets");
	if (made.targets.n > 0)
		*endpoints_add(ctx->mem, out) = made;
}

static void default_targets(struct source_ctx *ctx)
{
	static const enum rrtype types[] = { RR_A, RR_AAAA, RR_CNAME };
	struct endpoints out = { 0 };

	if (options(ctx)->default_targets.list.n == 0)
		return;
	for (size_t i = 0; i < ctx->out->list.n; i++) {
		const struct endpoint *e = &ctx->out->list.v[i];
		bool has = e->targets.n > 0 || e->ref.n > 0;

		if (has && !options(ctx)->force_default_targets) {
			*endpoints_add(ctx->mem, &out) = *e;
			continue;
		}
		for (size_t t = 0; t < 3; t++)
			add_default(ctx, e, types[t], &out);
	}
	*ctx->out = out;
}

/* Type, name, set identifier and targets: what makes two endpoints the same
 * to ExternalDNS; the first one stays. */
static struct sv identity(struct source_ctx *ctx, const struct endpoint *e)
{
	struct buf b = { .mem = ctx->mem };

	key_add(&b, sv_of(rrtype_name(e->type)));
	key_add(&b, e->name);
	key_add(&b, e->set_identifier);
	for (size_t i = 0; i < e->targets.n; i++)
		key_add(&b, e->targets.v[i]);
	return buf_sv(&b);
}

/* True if the endpoint may stay. */
static bool valid(struct source_ctx *ctx, const struct endpoint *e)
{
	const char *fault = endpoint_fault(e);

	if (fault == NULL && strict(ctx) && e->targets.n == 0 && e->ref.n == 0)
		fault = "it has no targets";
	if (fault == NULL)
		return true;
	diag_file(ctx->diags, DIAG_TARGET,
		  strict(ctx) ? DIAG_ERROR : DIAG_WARNING, endpoint_at(e),
		  "%s " SV_FMT ": %s; the record is left out",
		  rrtype_name(e->type), SV_ARG(e->name), fault);
	return false;
}

static void validate(struct source_ctx *ctx)
{
	struct map seen = { .mem = ctx->mem };
	size_t kept = 0;

	for (size_t i = 0; i < ctx->out->list.n; i++) {
		struct endpoint *e = &ctx->out->list.v[i];
		struct sv key;

		if (!valid(ctx, e))
			continue;
		targets_sort(e);
		if (!strict(ctx)) {
			key = identity(ctx, e);
			if (map_get(&seen, key) != NULL)
				continue;
			map_put(&seen, key, ctx);
		}
		ctx->out->list.v[kept++] = *e;
	}
	ctx->out->list.n = kept;
}

static int nat64_prefixes(struct source_ctx *ctx, struct net_filter *nets)
{
	const struct strings *list = &options(ctx)->nat64_networks;

	for (size_t i = 0; i < list->list.n; i++)
		if (!net_filter_add(ctx->mem, nets, list->list.v[i], false) ||
		    nets->include.v[nets->include.n - 1].bits != 96)
			return diag_error(ctx->diags, DIAG_CONFIG,
					  ctx->publisher->at,
					  "invalid --nat64-networks \"" SV_FMT
					  "\": expected a /96 network",
					  SV_ARG(list->list.v[i]));
	return 0;
}

/* An A beside each AAAA whose targets carry IPv4 addresses. */
static int nat64(struct source_ctx *ctx)
{
	struct net_filter nets = { 0 };
	size_t n = ctx->out->list.n;

	if (nat64_prefixes(ctx, &nets) < 0)
		return -1;
	for (size_t i = 0; i < n && nets.include.n > 0; i++) {
		struct endpoint made;
		struct address a;

		if (ctx->out->list.v[i].type != RR_AAAA)
			continue;
		made = likeness(ctx, &ctx->out->list.v[i], RR_A);
		for (size_t k = 0; k < ctx->out->list.v[i].targets.n; k++) {
			struct sv t = ctx->out->list.v[i].targets.v[k];

			if (!address_parse(t, &a) || a.n != 16 ||
			    !net_filter_pass(&nets, t))
				continue;
			memmove(a.bytes, a.bytes + 12, 4);
			a.n = 4;
			*VEC_ADD(ctx->mem, &made.targets) =
				address_text(ctx->mem, &a);
		}
		if (made.targets.n > 0)
			*endpoints_add(ctx->mem, ctx->out) = made;
	}
	return 0;
}

static void nets_add(struct source_ctx *ctx, struct net_filter *f,
		     const char *flag, const struct strings *list, bool exclude)
{
	for (size_t i = 0; i < list->list.n; i++)
		if (!net_filter_add(ctx->mem, f, list->list.v[i], exclude))
			diag_warn(ctx->diags, DIAG_CONFIG, ctx->publisher->at,
				  "invalid --%s \"" SV_FMT
				  "\": expected a network; it is ignored",
				  flag, SV_ARG(list->list.v[i]));
}

static void target_nets(struct source_ctx *ctx)
{
	struct net_filter f = { 0 };
	size_t kept = 0;

	nets_add(ctx, &f, "target-net-filter", &options(ctx)->target_net_filter,
		 false);
	nets_add(ctx, &f, "exclude-target-net",
		 &options(ctx)->exclude_target_net, true);
	if (f.include.n == 0 && f.exclude.n == 0)
		return;
	for (size_t i = 0; i < ctx->out->list.n; i++) {
		struct endpoint *e = &ctx->out->list.v[i];
		size_t left = 0;

		for (size_t k = 0; k < e->targets.n; k++)
			if (net_filter_pass(&f, e->targets.v[k]))
				e->targets.v[left++] = e->targets.v[k];
		e->targets.n = left;
		if (left > 0 || e->ref.n > 0)
			ctx->out->list.v[kept++] = *e;
		else
			diag_note(ctx->diags, DIAG_TARGET, endpoint_at(e),
				  "%s " SV_FMT
				  ": no target passes the target filters",
				  rrtype_name(e->type), SV_ARG(e->name));
	}
	ctx->out->list.n = kept;
}

static void property_drop(struct endpoint *e, struct sv name)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->properties.list.n; i++)
		if (!sv_eq(e->properties.list.v[i].name, name))
			e->properties.list.v[kept++] = e->properties.list.v[i];
	e->properties.list.n = kept;
}

/* Does this record want PTRs?  Takes the property that says so away. */
static bool wants_ptr(struct source_ctx *ctx, struct endpoint *e)
{
	const struct sv *asked = pairs_get(&e->properties, SV("record-type"));
	bool able = (e->type == RR_A || e->type == RR_AAAA) &&
		    !sv_starts(e->name, SV("*."));
	bool wanted = options(ctx)->create_ptr;

	if (asked == NULL)
		return able && wanted;
	wanted = sv_case_eq(*asked, SV("PTR"));
	property_drop(e, SV("record-type"));
	if (!able)
		diag_warn(ctx->diags, DIAG_ANNOTATION, endpoint_at(e),
			  "%s " SV_FMT ": annotation record-type only applies "
			  "to A and AAAA records of plain names",
			  rrtype_name(e->type), SV_ARG(e->name));
	return able && wanted;
}

struct ptrs {
	VEC(struct endpoint *) list;
};

/* The PTR record of an address, made where there is none; or NULL. */
static struct endpoint *ptr_of(struct source_ctx *ctx, struct map *seen,
			       struct ptrs *made, struct sv target, int64_t ttl)
{
	struct endpoint *p = map_get(seen, target);
	struct sv name;

	if (p != NULL || !reverse_name(ctx->mem, target, &name))
		return p;
	p = ARENA_NEW(ctx->mem, struct endpoint);
	p->name = name;
	p->type = RR_PTR;
	p->ttl = ttl;
	map_put(seen, target, p);
	*VEC_ADD(ctx->mem, &made->list) = p;
	return p;
}

static void add_ptr(struct source_ctx *ctx, struct map *seen, struct ptrs *made,
		    struct sv target, const struct endpoint *e)
{
	struct endpoint *p = ptr_of(ctx, seen, made, target, e->ttl);

	if (p == NULL)
		return;
	p->ttl = e->ttl < p->ttl ? e->ttl : p->ttl;
	*VEC_ADD(ctx->mem, &p->targets) = e->name;
	for (size_t i = 0; i < e->from.n; i++)
		*VEC_ADD(ctx->mem, &p->from) = e->from.v[i];
}

static void reverse_records(struct source_ctx *ctx)
{
	struct map seen = { .mem = ctx->mem };
	struct ptrs made = { 0 };

	if (!strings_has(&options(ctx)->managed_record_types, SV("PTR")))
		return;
	for (size_t i = 0; i < ctx->out->list.n; i++) {
		struct endpoint *e = &ctx->out->list.v[i];

		if (!wants_ptr(ctx, e))
			continue;
		for (size_t k = 0; k < e->targets.n; k++)
			add_ptr(ctx, &seen, &made, e->targets.v[k], e);
	}
	for (size_t i = 0; i < made.list.n; i++) {
		targets_sort(made.list.v[i]);
		provenance_sort(made.list.v[i]);
		*endpoints_add(ctx->mem, ctx->out) = *made.list.v[i];
	}
}

/* ExternalDNS starts with no --provider only in tests; a name of its own
 * drops what belongs to any. */
static struct sv provider_of(const struct source_ctx *ctx)
{
	if (strict(ctx) || options(ctx)->set.provider)
		return sv_trim(options(ctx)->provider);
	return SV("inmemory");
}

/* "external-dns.alpha.kubernetes.io/cloudflare-proxied" in a DNSEndpoint is
 * "cloudflare/proxied", whatever its prefix. */
static bool legacy_property(struct arena *mem, struct sv name, struct sv *out)
{
	static const char *const known[] = { "proxied", "custom-hostname",
					     "region-key", "record-comment",
					     "tags" };
	struct sv key = path_name(name); /* behind the annotation's prefix */

	if (!sv_starts(key, SV("cloudflare-")))
		return false;
	key = sv_from(key, sizeof("cloudflare-") - 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(key, sv_of(known[i]))) {
			*out = arena_fmt(mem, "cloudflare/%s", known[i]);
			return true;
		}
	return false;
}

static void keep_properties(struct source_ctx *ctx, struct sv provider,
			    struct endpoint *e)
{
	struct pairs old = e->properties, kept = { 0 };
	struct sv head = arena_fmt(ctx->mem, SV_FMT "/", SV_ARG(provider));
	bool cloudflare = sv_eq(provider, SV("cloudflare"));
	struct sv name;

	for (size_t i = 0; i < old.list.n; i++) {
		const struct pair *p = &old.list.v[i];

		name = p->name;
		if (cloudflare && legacy_property(ctx->mem, p->name, &name) &&
		    (pairs_get(&old, name) != NULL ||
		     pairs_get(&kept, name) != NULL))
			continue;
		if (sv_has(name, SV("/")) && !sv_starts(name, head))
			diag_note(ctx->diags, DIAG_ANNOTATION, endpoint_at(e),
				  "%s " SV_FMT ": " SV_FMT
				  " has no meaning for provider " SV_FMT,
				  rrtype_name(e->type), SV_ARG(e->name),
				  SV_ARG(name), SV_ARG(provider));
		else
			pairs_put(ctx->mem, &kept, name, p->value);
	}
	e->properties = kept;
}

static void finish(struct source_ctx *ctx)
{
	struct sv provider = provider_of(ctx);
	int64_t min_ttl = 0;

	if (!duration_flag_parse(options(ctx)->min_ttl, &min_ttl))
		min_ttl = 0; /* options_check() refused it */
	for (size_t i = 0; i < ctx->out->list.n; i++) {
		struct endpoint *e = &ctx->out->list.v[i];

		if (e->ttl <= 0 && min_ttl > 0)
			e->ttl = min_ttl;
		if (e->properties.list.n > 0 && provider.n > 0)
			keep_properties(ctx, provider, e);
		if (options(ctx)->prefer_alias && e->type == RR_CNAME &&
		    pairs_get(&e->properties, SV("alias")) == NULL)
			pairs_put(ctx->mem, &e->properties, SV("alias"),
				  SV("true"));
	}
}

int source_process(struct source_ctx *ctx)
{
	size_t errors = ctx->diags->errors;
	int rc;

	default_targets(ctx);
	validate(ctx);
	rc = nat64(ctx);
	target_nets(ctx);
	reverse_records(ctx);
	finish(ctx);
	return ctx->diags->errors > errors ? -1 : rc;
}
