/* Names, protocols, ports, kinds and namespaces of listeners and routes. */
#include "source/gateway_match.h"

#include "base/selector.h"

#define WILDCARD SV("*.")

static bool letter_or_digit(char c)
{
	c = sv_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 1123 2.1: letters, digits and inner hyphens. */
static bool host_label_ok(struct sv s)
{
	if (s.n == 0 || s.n > MAX_LABEL || !letter_or_digit(s.p[0]) ||
	    !letter_or_digit(s.p[s.n - 1]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '-' && !letter_or_digit(s.p[i]))
			return false;
	return true;
}

bool gateway_host_ok(struct sv host, bool open)
{
	struct sv rest, label;

	if (rrtype_of_target(host) != RR_CNAME)
		return false;
	rest = sv_starts(host, WILDCARD) ? sv_from(host, WILDCARD.n) : host;
	/* 255 and not 253, because ExternalDNS counts so. */
	if (rest.n == 0 || rest.n > 255)
		return false;
	if (rest.p[rest.n - 1] == '.')
		rest.n--;
	if (rest.n == 0)
		return false;
	while (sv_cut(&rest, '.', &label))
		if (!host_label_ok(label) &&
		    !(open && rest.p == NULL && dname_variable(label).n > 0))
			return false;
	return true;
}

bool gateway_host_match(struct arena *mem, bool open, struct sv listener,
			struct sv route, struct sv *out)
{
	struct sv a = dname_lower(mem, listener), b = dname_lower(mem, route);
	struct sv swap = a;

	if ((a.n > 0 && !gateway_host_ok(a, open)) ||
	    (b.n > 0 && !gateway_host_ok(b, open)))
		return false;
	if (a.n == 0 || b.n == 0 || sv_eq(a, b)) {
		*out = a.n == 0 ? b : a;
		return true;
	}
	/* `a` becomes the one that may be the wildcard of the other. */
	if (b.n < a.n || (a.n == b.n && sv_starts(b, WILDCARD))) {
		a = b;
		b = swap;
	}
	*out = b;
	return sv_starts(a, WILDCARD) && sv_ends(b, sv_from(a, 1));
}

bool gateway_protocol_match(struct sv route, struct sv listener)
{
	static const struct {
		const char *route, *listener;
	} allowed[] = {
		{ "HTTP", "HTTPS" },
		{ "TCP", "TLS" },
	};

	if (sv_eq(route, listener))
		return true;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (sv_eq(route, sv_of(allowed[i].route)) &&
		    sv_eq(listener, sv_of(allowed[i].listener)))
			return true;
	return false;
}

bool gateway_port_match(const struct node *ref, const struct node *listener)
{
	int64_t want = 0, have = 0;

	if (node_is_null(ref))
		return true;
	return node_integer(ref, &want) && node_integer(listener, &have) &&
	       want == have && want >= 0 && want <= 65535;
}

bool gateway_kind_match(const struct node *kinds, struct sv group,
			struct sv kind)
{
	if (node_len(kinds) == 0)
		return true;
	for (size_t i = 0; i < node_len(kinds); i++) {
		struct sv g = node_str(node_at(kinds, i), SV("group"));

		if (g.n == 0)
			g = SV(GATEWAY_GROUP);
		if (sv_eq(g, group) &&
		    sv_eq(node_str(node_at(kinds, i), SV("kind")), kind))
			return true;
	}
	return false;
}

bool gateway_namespace_match(const struct node *rule, struct sv fallback,
			     struct sv owner, struct sv namespace,
			     const struct pairs *labels)
{
	const struct node *from = node_get(rule, SV("from"));
	struct sv how = fallback;

	if (!node_is_null(from))
		how = from->kind == NODE_SCALAR ? from->scalar : SV("");
	if (sv_eq(how, SV("All")))
		return true;
	if (sv_eq(how, SV("Same")))
		return sv_eq(owner, namespace);
	if (sv_eq(how, SV("Selector")))
		return label_selector_match(node_get(rule, SV("selector")),
					    labels);
	return false;
}

static bool values_hold(const struct node *values, struct sv value)
{
	for (size_t i = 0; i < node_len(values); i++) {
		const struct node *v = node_at(values, i);

		if (v->kind == NODE_SCALAR && sv_eq(v->scalar, value))
			return true;
	}
	return false;
}

static bool values_ok(const struct node *values)
{
	for (size_t i = 0; i < node_len(values); i++) {
		const struct node *v = node_at(values, i);

		if (v->kind != NODE_SCALAR ||
		    label_value_fault(v->scalar) != NULL)
			return false;
	}
	return true;
}

static bool expression_match(const struct node *e, const struct pairs *labels)
{
	struct sv key = node_str(e, SV("key"));
	struct sv how = node_str(e, SV("operator"));
	const struct node *values = node_get(e, SV("values"));
	const struct sv *have = pairs_get(labels, key);
	bool some = node_len(values) > 0;

	if (label_key_fault(key) != NULL || !values_ok(values))
		return false;
	if (sv_eq(how, SV("In")))
		return have != NULL && values_hold(values, *have);
	if (sv_eq(how, SV("NotIn")))
		return some && (have == NULL || !values_hold(values, *have));
	if (sv_eq(how, SV("Exists")))
		return !some && have != NULL;
	if (sv_eq(how, SV("DoesNotExist")))
		return !some && have == NULL;
	return false;
}

bool label_selector_match(const struct node *selector,
			  const struct pairs *labels)
{
	const struct node *want = node_get(selector, SV("matchLabels"));
	const struct node *rules = node_get(selector, SV("matchExpressions"));

	if (selector == NULL || selector->kind != NODE_MAP)
		return false;
	for (size_t i = 0;
	     want && want->kind == NODE_MAP && i + 1 < want->items.n; i += 2) {
		struct sv key = want->items.v[i]->scalar;
		struct sv value = node_str(want, key);
		const struct sv *have = pairs_get(labels, key);

		if (label_key_fault(key) != NULL ||
		    label_value_fault(value) != NULL || have == NULL ||
		    !sv_eq(*have, value))
			return false;
	}
	for (size_t i = 0; i < node_len(rules); i++)
		if (!expression_match(node_at(rules, i), labels))
			return false;
	return true;
}

struct pairs namespace_labels(struct arena *mem, struct sv name,
			      const struct object *ns)
{
	const struct node *labels =
		ns ? node_path(ns->root, SV("metadata.labels")) : NULL;
	struct pairs out = { 0 };

	for (size_t i = 0;
	     labels && labels->kind == NODE_MAP && i + 1 < labels->items.n;
	     i += 2) {
		const struct node *value = labels->items.v[i + 1];

		if (value->kind == NODE_SCALAR)
			pairs_put(mem, &out, labels->items.v[i]->scalar,
				  value->scalar);
	}
	pairs_put(mem, &out, SV("kubernetes.io/metadata.name"), name);
	return out;
}
