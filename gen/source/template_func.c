/* The functions that ExternalDNS adds to those of Go's templates. */
#include "source/template_object.h"

#include "base/limits.h"
#include "endpoint/ttl.h"

/* Two texts for a function of them. */
static bool two_texts(struct filler *f, const struct value *args, struct sv *a,
		      struct sv *b)
{
	return value_is_text(f, &args[0], a) && value_is_text(f, &args[1], b);
}

static bool fn_contains(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	struct sv s, part;

	(void)n;
	if (!two_texts(f, args, &s, &part))
		return false;
	*out = value_bool(sv_has(s, part));
	return true;
}

static bool fn_trim_prefix(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	struct sv s, part;

	(void)n;
	if (!two_texts(f, args, &s, &part))
		return false;
	*out = value_text(sv_starts(s, part) ? sv_from(s, part.n) : s);
	return true;
}

static bool fn_trim_suffix(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	struct sv s, part;

	(void)n;
	if (!two_texts(f, args, &s, &part))
		return false;
	*out = value_text(sv_ends(s, part) ? sv_head(s, s.n - part.n) : s);
	return true;
}

static bool fn_trim(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct sv s;

	(void)n;
	if (!value_is_text(f, &args[0], &s))
		return false;
	*out = value_text(sv_trim(s));
	return true;
}

static bool fn_to_lower(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	struct sv s;

	(void)n;
	if (!value_is_text(f, &args[0], &s))
		return false;
	*out = value_text(arena_lower(f->mem, s));
	return true;
}

/* replace OLD NEW TEXT */
static bool fn_replace(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv old, new, s;

	(void)n;
	if (!two_texts(f, args, &old, &new) || !value_is_text(f, &args[2], &s))
		return false;
	while (old.n > 0 && s.n > 0 && b.n <= MAX_GO_TEMPLATE_TEXT) {
		size_t hit = sv_find(s, old);

		buf_add(&b, sv_head(s, hit));
		if (hit < s.n)
			buf_add(&b, new);
		s = sv_from(s, hit < s.n ? hit + old.n : hit);
	}
	buf_add(&b, s);
	*out = value_text(buf_sv(&b));
	return true;
}

static bool is_type(struct filler *f, const struct value *args,
		    enum rrtype type, struct value *out)
{
	struct sv s;

	if (!value_is_text(f, &args[0], &s))
		return false;
	*out = value_bool(rrtype_of_target(s) == type);
	return true;
}

static bool fn_is_ipv4(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	return is_type(f, args, RR_A, out);
}

static bool fn_is_ipv6(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	return is_type(f, args, RR_AAAA, out);
}

static bool fn_is_source(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	static const char *const known[] = {
		"ambassador-host",
		"connector",
		"contour-httpproxy",
		"crd",
		"empty",
		"f5-transportserver",
		"f5-virtualserver",
		"fake",
		"gateway-grpcroute",
		"gateway-httproute",
		"gateway-tcproute",
		"gateway-tlsroute",
		"gateway-udproute",
		"gloo-proxy",
		"ingress",
		"istio-gateway",
		"istio-virtualservice",
		"kong-tcpingress",
		"node",
		"openshift-route",
		"pod",
		"service",
		"skipper-routegroup",
		"traefik-proxy",
		"unstructured",
	};
	const struct template_host *host = f->host;
	struct sv s;

	(void)n;
	if (!value_is_text(f, &args[0], &s))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_eq(s, sv_of(known[i]))) {
			*out = value_bool(sv_case_eq(s, sv_of(host->flag)));
			return true;
		}
	return fill_fault(f, "isSource: unknown source \"" SV_FMT "\"",
			  SV_ARG(s));
}

static bool fn_has_key(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct sv key;

	(void)n;
	if (!args[0].strings)
		return fill_fault(f,
				  "expected labels or annotations for hasKey");
	if (!value_is_text(f, &args[1], &key))
		return false;
	*out = value_bool(args[0].kind == VALUE_NODE &&
			  node_get(args[0].node, key) != NULL);
	return true;
}

/* What is not JSON is nil. */
static bool fn_from_json(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	struct sv s;

	(void)n;
	if (!value_is_text(f, &args[0], &s))
		return false;
	if (!value_from_json(f, s, out))
		*out = value_nil();
	return true;
}

static const struct function rows[] = {
	{ "contains", NULL, fn_contains, 2, 2 },
	{ "fromJson", NULL, fn_from_json, 1, 1 },
	{ "hasKey", NULL, fn_has_key, 2, 2 },
	{ "isIPv4", NULL, fn_is_ipv4, 1, 1 },
	{ "isIPv6", NULL, fn_is_ipv6, 1, 1 },
	{ "isSource", NULL, fn_is_source, 1, 1 },
	{ "replace", NULL, fn_replace, 3, 3 },
	{ "toLower", NULL, fn_to_lower, 1, 1 },
	{ "trim", NULL, fn_trim, 1, 1 },
	{ "trimPrefix", NULL, fn_trim_prefix, 2, 2 },
	{ "trimSuffix", NULL, fn_trim_suffix, 2, 2 },
};

const struct function_list external_dns_functions = {
	rows, sizeof(rows) / sizeof(rows[0])
};
