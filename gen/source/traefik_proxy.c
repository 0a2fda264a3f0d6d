/*
 * Traefik's IngressRoute, IngressRouteTCP and IngressRouteUDP: hosts are
 * written in the matchers of a rule, in back quotes.
 *
 * Source: ExternalDNS source/traefik_proxy.go, whose two regular expressions
 *         rule_hosts() follows by hand.
 */
#include "source/traefik_proxy.h"

/* \s of RE2: no vertical tab, no line separators of Unicode. */
static size_t skip_blanks(struct sv s, size_t i)
{
	while (i < s.n && (s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r' &&
					     s.p[i] != '\v')))
		i++;
	return i;
}

/* A rule, and the end of a line on which no list can end any more: without
 * it, "Host(`Host(`..." would cost its length squared. */
struct scan {
	struct sv rule;
	size_t dead;
};

/* The end of a back-quoted list that begins at `i`, behind the ")"; 0 where
 * there is none on the line. */
static size_t list_end(struct scan *c, size_t i)
{
	struct sv s = c->rule;

	if (i < c->dead || i >= s.n || s.p[i] != '`')
		return 0;
	for (i++; i < s.n && s.p[i] != '\n'; i++)
		if (s.p[i] == '`') {
			size_t k = skip_blanks(s, i + 1);

			if (k < s.n && s.p[k] == ')')
				return k + 1;
		}
	c->dead = i;
	return 0;
}

/* The end of "Host(`a`, `b`)" that begins at `i`, or 0; `*list` is where its
 * first back quote stands. */
static size_t matcher_end(struct scan *c, size_t i, size_t *list)
{
	static const struct sv names[] = { { "HostSNI", 7 },
					   { "HostHeader", 10 },
					   { "Host", 4 } };
	struct sv s = c->rule;

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		size_t at;

		if (!sv_starts(sv_from(s, i), names[k]))
			continue;
		at = skip_blanks(s, i + names[k].n);
		if (at >= s.n || s.p[at] != '(')
			continue;
		*list = skip_blanks(s, at + 1);
		return list_end(c, *list);
	}
	return 0;
}

static void list_hosts(struct arena *mem, struct sv list, bool negated,
		       struct rule_hosts *out)
{
	for (size_t i = 0; i < list.n; i++) {
		size_t end = i + 1;

		if (list.p[i] != '`')
			continue;
		while (end < list.n && list.p[end] != '`' && list.p[end] != ',')
			end++;
		if (end == i + 1 || end >= list.n || list.p[end] != '`')
			continue;
		*VEC_ADD(mem, &out->list) =
			(struct rule_host){ { list.p + i + 1, end - i - 1 },
					    negated };
		i = end;
	}
}

/* Does "!" stand in front of what begins at `i`? */
static bool is_negated(struct sv s, size_t i)
{
	while (i > 0 && (s.p[i - 1] == ' ' || s.p[i - 1] == '\t'))
		i--;
	return i > 0 && s.p[i - 1] == '!';
}

void rule_hosts(struct arena *mem, struct sv rule, struct rule_hosts *out)
{
	struct scan c = { .rule = rule };
	size_t i = sv_chr(rule, 'H');

	while (i < rule.n) {
		size_t list = 0, end = matcher_end(&c, i, &list);

		if (end > 0) {
			struct sv text = { rule.p + list, end - list };

			list_hosts(mem, text, is_negated(rule, i), out);
			i = end;
		} else {
			i++;
		}
		i += sv_chr(sv_from(rule, i), 'H');
	}
}

static void names_of_rule(struct object_ctx *s, const struct node *match)
{
	struct rule_hosts hosts = { 0 };
	bool compat = s->ctx->config->compat;

	if (match == NULL || match->kind != NODE_SCALAR)
		return;
	rule_hosts(s->ctx->mem, match->scalar, &hosts);
	for (size_t i = 0; i < hosts.list.n; i++) {
		const struct rule_host *h = &hosts.list.v[i];

		if (sv_eq(h->name, SV("*")))
			continue;
		if (h->negated && !compat)
			diag_warn(
				s->ctx->diags, DIAG_ROUTE, match->at,
				SV_FMT
				": the rule excludes \"" SV_FMT
				"\"; no record is made (ExternalDNS makes one)",
				SV_ARG(s->label), SV_ARG(h->name));
		else
			object_ctx_name_text(s, h->name, match->at,
					     "spec.routes[].match");
	}
	if (hosts.list.n == 0 && !compat)
		diag_note(s->ctx->diags, DIAG_ROUTE, match->at,
			  SV_FMT ": the rule names no host in back quotes",
			  SV_ARG(s->label));
}

static void route_one(struct object_ctx *s)
{
	const struct node *routes =
		node_path(s->object->root, SV("spec.routes"));
	const struct node *class;

	if (!s->ctx->publisher->opt.ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
	if (!sv_eq(s->object->kind, SV("IngressRouteUDP")))
		for (size_t i = 0; i < node_len(routes); i++)
			names_of_rule(
				s, node_get(node_at(routes, i), SV("match")));
	class = annotation_raw(s->object, SV("kubernetes.io/ingress.class"));
	targets_annotation(s, s->object);
	targets_rules(s, SV(""),
		      class != NULL && class->kind == NODE_SCALAR
			      ? class->scalar
			      : SV(""));
	(void)object_ctx_whole_templates(s, object_ctx_publish(s));
}

static const struct {
	const char *kind;
	struct sv prefix;
} kinds[] = {
	{ "IngressRoute", { "ingressroute", 12 } },
	{ "IngressRouteTCP", { "ingressroutetcp", 15 } },
	{ "IngressRouteUDP", { "ingressrouteudp", 15 } },
};

static int read_kind(struct source_ctx *ctx, const struct source *self,
		     const char *group, size_t kind)
{
	struct source one = *self;

	one.group = group;
	one.kind = kinds[kind].kind;
	return source_each(ctx, &one, kinds[kind].prefix, route_one);
}

/* ExternalDNS looks at the kinds in this order, at the older group of a kind
 * after the other: of two records the first gives the label. */
static int traefik_read(struct source_ctx *ctx, const struct source *self)
{
	const struct options *o = &ctx->publisher->opt;
	size_t first = ctx->out->list.n;
	int rc = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!o->traefik_disable_new &&
		    read_kind(ctx, self, self->group, i) < 0)
			rc = -1;
		if (o->traefik_enable_legacy &&
		    read_kind(ctx, self, "traefik.containo.us", i) < 0)
			rc = -1;
	}
	endpoints_merge_in_order(ctx, first);
	return rc;
}

static const char *const lookup_kinds[] = { "IngressRouteTCP",
					    "IngressRouteUDP", NULL };

const struct source source_traefik_proxy = {
	.flag = "traefik-proxy",
	.group = "traefik.io",
	.kind = "IngressRoute",
	.lookup_kinds = lookup_kinds,
	.read = traefik_read,
};
