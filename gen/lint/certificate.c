/* What certificates are asked for: by whom they may be signed, and whether
 * anything answers behind them. */
#include "lint/rule.h"

/* Where an ACME server stands, and what it looks for in CAA records. */
static const struct {
	const char *server; /* in the URL of the directory */
	const char *word;   /* in the name of an issuer that is not in git */
	const char *domain;
} issuers[] = {
	{ ".letsencrypt.org/", "letsencrypt", "letsencrypt.org" },
	{ ".letsencrypt.org/", "lets-encrypt", "letsencrypt.org" },
	{ ".pki.goog/", "google-trust", "pki.goog" },
	{ ".zerossl.com/", "zerossl", "sectigo.com" },
	{ ".sectigo.com/", "sectigo", "sectigo.com" },
	{ ".buypass.", "buypass", "buypass.com" },
	{ ".ssl.com/", "ssl-com", "ssl.com" },
	{ ".digicert.com/", "digicert", "digicert.com" },
	{ ".globalsign.com/", "globalsign", "globalsign.com" },
	{ ".harica.gr/", "harica", "harica.gr" },
};
enum { ISSUERS = sizeof(issuers) / sizeof(issuers[0]) };

struct issuer {
	struct sv kind, name;
	struct loc at;
};

/* The annotation of cert-manager's shim. */
static bool issuer_of(const struct object *o, struct issuer *out)
{
	static const struct {
		const char *key, *kind;
	} rows[] = {
		{ "cert-manager.io/cluster-issuer", "ClusterIssuer" },
		{ "cert-manager.io/issuer", "Issuer" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct node *n = object_annotation(o, sv_of(rows[i].key));

		if (n == NULL)
			continue;
		*out = (struct issuer){ sv_of(rows[i].kind), n->scalar, n->at };
		return true;
	}
	return false;
}

/* The domain of the first row whose server, or whose word, is in the text. */
static const char *domain_of(struct sv text, bool by_server)
{
	for (size_t i = 0; i < ISSUERS; i++)
		if (sv_has(text, sv_of(by_server ? issuers[i].server
						 : issuers[i].word)))
			return issuers[i].domain;
	return NULL;
}

/* Of an issuer in git its server says it, of another one its name; NULL: it is
 * not a public one, or nobody knows. */
static const char *domain_of_issuer(const struct lint_run *r,
				    const struct object *of,
				    const struct issuer *issuer)
{
	const struct objects *all = r->ctx->objects;

	for (size_t i = 0; i < all->list.n; i++) {
		const struct object *o = all->list.v[i];

		if (!sv_eq(o->kind, issuer->kind) ||
		    !sv_eq(o->name, issuer->name) || o->root == NULL ||
		    (sv_eq(o->kind, SV("Issuer")) &&
		     !sv_eq(o->namespace, of->namespace)))
			continue;
		return domain_of(node_str(node_path(o->root, SV("spec.acme")),
					  SV("server")),
				 true);
	}
	return domain_of(issuer->name, false);
}

/* `0 issue "letsencrypt.org; validationmethods=dns-01"`: does it name the
 * domain?  Only records of that tag speak. */
static bool caa_names(struct sv target, struct sv tag, struct sv domain,
		      bool *has_tag)
{
	struct sv word;

	(void)sv_cut(&target, ' ', &word);
	if (!sv_cut(&target, ' ', &word) || !sv_case_eq(word, tag))
		return false;
	*has_tag = true;
	target = sv_trim(target);
	if (sv_starts(target, SV("\"")))
		target = sv_from(target, 1);
	word = sv_head(target, sv_chr(target, ';'));
	word = sv_trim(sv_head(word, sv_chr(word, '"')));
	return sv_case_eq(word, domain);
}

static bool set_allows(const struct endpoint *caa, struct sv tag,
		       struct sv domain, bool *has_tag)
{
	*has_tag = false;
	for (size_t i = 0; i < caa->targets.n; i++)
		if (caa_names(caa->targets.v[i], tag, domain, has_tag))
			return true;
	return false;
}

/* RFC 8659 section 3 and 4: the nearest set on the way up; for a wildcard its
 * issuewild, where it has any. */
static bool caa_allows(const struct lint_run *r, struct sv host,
		       struct sv domain)
{
	const struct zone_plan *z = lint_zone(r, host);
	bool wild = sv_starts(host, SV("*.")), has_tag;
	const struct endpoint *caa;

	if (z == NULL)
		return true;
	caa = lint_above(r, &r->caa, z->zone, wild ? sv_from(host, 2) : host);
	if (caa == NULL)
		return true;
	if (wild && set_allows(caa, SV("issuewild"), domain, &has_tag))
		return true;
	if (wild && has_tag)
		return false;
	return set_allows(caa, SV("issue"), domain, &has_tag) || !has_tag;
}

static void test_host(struct lint_run *r, const struct lint_rule *self,
		      const struct object *o, const struct issuer *issuer,
		      const char *domain, const struct node *n)
{
	struct arena *mem = r->ctx->mem;
	struct sv host;

	if (!lint_host(r, n, &host) || caa_allows(r, host, sv_of(domain)))
		return;
	lint_file(r, self, n->at, host,
		  arena_fmt(mem, SV_FMT ": " SV_FMT " " SV_FMT " (%s)",
			    SV_ARG(object_text(mem, o)), SV_ARG(issuer->kind),
			    SV_ARG(issuer->name), domain));
}

static void test_certificates(struct lint_run *r, const struct lint_rule *self,
			      const struct object *o)
{
	const struct node *tls = node_path(o->root, SV("spec.tls"));
	const struct node *listeners = node_path(o->root, SV("spec.listeners"));
	struct issuer issuer;
	const char *domain;

	if (!issuer_of(o, &issuer))
		return;
	domain = domain_of_issuer(r, o, &issuer);
	if (domain == NULL)
		return;
	for (size_t i = 0; i < node_len(tls); i++) {
		const struct node *hosts =
			node_get(node_at(tls, i), SV("hosts"));

		for (size_t k = 0; k < node_len(hosts); k++)
			test_host(r, self, o, &issuer, domain,
				  node_at(hosts, k));
	}
	for (size_t i = 0; i < node_len(listeners); i++)
		if (node_get(node_at(listeners, i), SV("tls")) != NULL)
			test_host(r, self, o, &issuer, domain,
				  node_get(node_at(listeners, i),
					   SV("hostname")));
}

void lint_caa(struct lint_run *r, const struct lint_rule *self)
{
	const struct objects *all = r->ctx->objects;

	for (size_t i = 0; i < all->list.n; i++)
		if (lint_reads(all->list.v[i], "Ingress") ||
		    lint_reads(all->list.v[i], "Gateway"))
			test_certificates(r, self, all->list.v[i]);
}

/* RFC 6125 section 6.4.3: "*" is one label. */
static bool host_covers(struct sv rule, struct sv host)
{
	size_t dot = sv_chr(host, '.');

	return sv_eq(rule, host) ||
	       (sv_starts(rule, SV("*.")) &&
		sv_eq(sv_from(rule, 1), sv_from(host, dot)));
}

/* A wildcard certificate serves each name below it; a rule without a host, or
 * a default backend, every one; and another Ingress may have the rule. */
static bool is_answered(struct lint_run *r, const struct object *o,
			struct sv host)
{
	const struct node *rules = node_path(o->root, SV("spec.rules"));
	struct sv rule;

	if (node_len(rules) == 0 || map_get(&r->hosts, host) != NULL ||
	    node_path(o->root, SV("spec.defaultBackend")) != NULL ||
	    node_path(o->root, SV("spec.backend")) != NULL)
		return true;
	for (size_t i = 0; i < node_len(rules); i++) {
		const struct node *n = node_get(node_at(rules, i), SV("host"));

		/* What is not a name cannot be told from it. */
		if (!lint_host(r, n, &rule) || host_covers(rule, host) ||
		    host_covers(host, rule))
			return true;
	}
	return false;
}

static void test_tls(struct lint_run *r, const struct lint_rule *self,
		     const struct object *o)
{
	const struct node *tls = node_path(o->root, SV("spec.tls"));

	for (size_t i = 0; i < node_len(tls); i++) {
		const struct node *hosts =
			node_get(node_at(tls, i), SV("hosts"));

		for (size_t k = 0; k < node_len(hosts); k++) {
			struct sv host;

			if (lint_host(r, node_at(hosts, k), &host) &&
			    !is_answered(r, o, host))
				lint_file(r, self, node_at(hosts, k)->at, host,
					  object_text(r->ctx->mem, o));
		}
	}
}

void lint_tls(struct lint_run *r, const struct lint_rule *self)
{
	const struct objects *all = r->ctx->objects;

	for (size_t i = 0; i < all->list.n; i++)
		if (lint_reads(all->list.v[i], "Ingress"))
			test_tls(r, self, all->list.v[i]);
}
