#include "config/check.h"

#include "config/option.h"
#include "endpoint/filter.h"
#include "base/selector.h"
#include "endpoint/ttl.h"

struct check {
	struct arena *mem;
	const struct options *o;
	bool compat;
	struct sv value; /* the one that is wrong, for the message */
};

static const struct sv class_key = { "kubernetes.io/ingress.class", 27 };
static const struct sv old_prefix = { "external-dns.alpha.kubernetes.io/", 33 };

static const char *check_source(struct check *c)
{
	return c->o->source.list.n > 0 ? NULL : "expected at least one source";
}

/* "expected X", with the nearest of the words that are close. */
static const char *expected(struct check *c, const char *what,
			    const char *words)
{
	return arena_fmt(c->mem, "expected %s%s", what,
			 did_you_mean(c->mem, c->value, sv_of(words)))
		.p;
}

/* RFC 1123, as Kubernetes has it. */
static bool is_object_name(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
		      (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' ||
		      s.p[i] == '.'))
			return false;
	return s.n <= 253;
}

static const char *object_name(struct check *c, struct sv name)
{
	c->value = name;
	return c->compat || is_object_name(name)
		       ? NULL
		       : "expected a name of Kubernetes: lower-case letters, "
			 "digits, \"-\" and \".\"";
}

static const char *check_namespace(struct check *c)
{
	return object_name(c, c->o->namespace);
}

static const char *check_gateway_namespace(struct check *c)
{
	return object_name(c, c->o->gateway_namespace);
}

static const char *check_gateway_name(struct check *c)
{
	return object_name(c, c->o->gateway_name);
}

static const char *check_router_name(struct check *c)
{
	return object_name(c, c->o->openshift_router_name);
}

static const char *check_gloo_namespace(struct check *c)
{
	const struct strings *list = &c->o->gloo_namespace;
	const char *fault = NULL;

	for (size_t i = 0; fault == NULL && i < list->list.n; i++)
		fault = object_name(c, list->list.v[i]);
	return fault;
}

#define RECORD_TYPES "A AAAA CNAME MX NAPTR NS PTR SRV TXT"

static const char *record_types(struct check *c, const struct strings *list)
{
	enum rrtype type;

	for (size_t i = 0; !c->compat && i < list->list.n; i++) {
		c->value = list->list.v[i];
		if (c->value.n > 0 && !rrtype_parse(c->value, &type))
			return expected(c, "a record type such as A",
					RECORD_TYPES);
	}
	return NULL;
}

static const char *check_managed_types(struct check *c)
{
	return record_types(c, &c->o->managed_record_types);
}

static const char *check_excluded_types(struct check *c)
{
	return record_types(c, &c->o->exclude_record_types);
}

/* Those of ExternalDNS: whose properties stay on a record. */
static const char *check_provider(struct check *c)
{
	static const char known[] =
		"akamai alibabacloud aws aws-sd azure azure-dns "
		"azure-private-dns civo cloudflare coredns dnsimple exoscale "
		"gandi godaddy google inmemory linode ns1 oci ovh pdns pihole "
		"plural rfc2136 scaleway skydns transip webhook";

	c->value = sv_trim(c->o->provider);
	return c->compat || c->value.n == 0 || choice_ok(sv_of(known), c->value)
		       ? NULL
		       : expected(c, "a provider of ExternalDNS", known);
}

static const char *check_ignored_keys(struct check *c)
{
	for (size_t i = 0; i < c->o->ignore_keys.list.n; i++) {
		size_t dot;

		c->value = c->o->ignore_keys.list.v[i];
		dot = sv_chr(c->value, '.');
		if (dot == 0 || dot + 1 >= c->value.n)
			return "expected KIND.KEY, such as "
			       "HelmRelease.spec.driftDetection";
	}
	return NULL;
}

static const char *check_unstructured(struct check *c)
{
	const struct strings *list = &c->o->unstructured_resource;

	for (size_t i = 0; !c->compat && i < list->list.n; i++) {
		size_t dot;

		c->value = list->list.v[i];
		dot = sv_chr(c->value, '.');
		if (dot == 0 || dot + 1 >= c->value.n)
			return "expected RESOURCE.VERSION.GROUP, such as "
			       "widgets.v1.example.org";
	}
	return NULL;
}

static const char *check_label_filter(struct check *c)
{
	struct selector s;

	c->value = c->o->label_filter;
	return selector_parse(c->mem, c->value, SELECTOR_ANY, &s);
}

static const char *check_annotation_filter(struct check *c)
{
	struct selector s;

	c->value = c->o->annotation_filter;
	return selector_parse(c->mem, c->value, SELECTOR_LABELS, &s);
}

static const char *check_gateway_label_filter(struct check *c)
{
	struct selector s;

	c->value = c->o->gateway_label_filter;
	/* In ExternalDNS only the sources that use it read it. */
	if (c->compat)
		return NULL;
	return selector_parse(c->mem, c->value, SELECTOR_LABELS, &s);
}

static const char *check_annotation_prefix(struct check *c)
{
	c->value = c->o->annotation_prefix;
	if (c->value.n == 0)
		return "expected a prefix such as example.com/";
	return sv_ends(c->value, SV("/")) ? NULL : "expected \"/\" at the end";
}

static const char *check_legacy_prefix(struct check *c)
{
	if (!c->o->legacy_annotation_prefix ||
	    !sv_starts(c->o->annotation_prefix, old_prefix))
		return NULL;
	return "no effect: annotation-prefix is the older one already";
}

static const char *check_ignore_hostname(struct check *c)
{
	return !c->o->ignore_hostname_annotation ||
			       c->o->fqdn_template.list.n > 0
		       ? NULL
		       : "requires fqdn-template";
}

static const char *check_affixes(struct check *c)
{
	if (c->o->txt_prefix.n == 0 || c->o->txt_suffix.n == 0)
		return NULL;
	c->value = c->o->txt_suffix;
	return "cannot be combined with txt-prefix";
}

static bool holds_only(struct sv s, struct sv allowed)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = sv_lower_char(s.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      sv_chr(allowed, c) < allowed.n))
			return false;
	}
	return true;
}

/* A comma or "=" would forge a label of the ownership TXT. */
static const char *check_owner(struct check *c)
{
	if (sv_eq(c->o->registry, SV("noop")))
		return NULL;
	if (c->o->txt_owner_id.n == 0)
		return "expected an owner, found nothing";
	c->value = c->o->txt_owner_id;
	return c->compat || holds_only(c->value, SV("._/-"))
		       ? NULL
		       : "expected letters, digits, \".\", \"_\", \"/\" and "
			 "\"-\"";
}

/* Any other character would be escaped in the output, and no query would ever
 * match the name. */
static const char *check_affix(struct check *c, struct sv affix)
{
	static const struct sv mark = { "%{record_type}", 14 };
	size_t hit = sv_find(arena_lower(c->mem, affix), mark);

	c->value = affix;
	if (c->compat || (holds_only(sv_head(affix, hit), SV("._-")) &&
			  holds_only(sv_from(affix, hit + mark.n), SV("._-"))))
		return NULL;
	return "expected letters, digits, \".\", \"_\", \"-\" and at most one "
	       "\"%{record_type}\"";
}

static const char *check_txt_prefix(struct check *c)
{
	return check_affix(c, c->o->txt_prefix);
}

static const char *check_txt_suffix(struct check *c)
{
	return check_affix(c, c->o->txt_suffix);
}

static const char *check_txt_wildcard(struct check *c)
{
	c->value = c->o->txt_wildcard_replacement;
	return c->compat || holds_only(c->value, SV("_-"))
		       ? NULL
		       : "expected letters, digits, \"_\" and \"-\"";
}

static const char *check_create_ptr(struct check *c)
{
	return !c->o->create_ptr || strings_has(&c->o->managed_record_types,
						SV("PTR"))
		       ? NULL
		       : "requires PTR in managed-record-types";
}

static const char *check_nat64(struct check *c)
{
	for (size_t i = 0; i < c->o->nat64_networks.list.n; i++) {
		struct prefix p;

		c->value = c->o->nat64_networks.list.v[i];
		if (!prefix_parse(c->value, &p) || p.bits != 96)
			return "expected a /96 network such as 64:ff9b::/96";
	}
	return NULL;
}

static const char *check_class(struct check *c)
{
	struct selector s = { 0 };

	if (!strings_has(&c->o->source, SV("ingress")))
		return NULL;
	for (size_t i = 0; i < c->o->ingress_class.list.n; i++) {
		const char *fault;

		c->value = c->o->ingress_class.list.v[i];
		fault = label_value_fault(c->value);
		if (fault != NULL)
			return fault;
	}
	if (c->o->ingress_class.list.n == 0 ||
	    selector_parse(c->mem, c->o->annotation_filter, SELECTOR_LABELS,
			   &s) != NULL)
		return NULL;
	for (size_t i = 0; i < s.list.n; i++)
		if (sv_eq(s.list.v[i].key, class_key))
			return "cannot be combined with an annotation-filter "
			       "on kubernetes.io/ingress.class";
	return NULL;
}

static const char *check_service_types(struct check *c)
{
	static const char *const known[] = { "ClusterIP", "NodePort",
					     "LoadBalancer", "ExternalName" };
	const struct strings *types = &c->o->service_type_filter;
	size_t k;

	if ((c->compat && !strings_has(&c->o->source, SV("service"))) ||
	    strings_has(types, SV("")))
		return NULL;
	for (size_t i = 0; i < types->list.n; i++) {
		c->value = types->list.v[i];
		for (k = 0; k < 4 && !sv_eq(c->value, sv_of(known[k])); k++)
			;
		if (k == 4)
			return expected(c,
					"ClusterIP, NodePort, LoadBalancer or "
					"ExternalName",
					"ClusterIP NodePort LoadBalancer "
					"ExternalName");
	}
	return NULL;
}

static const char *pattern_fault(struct check *c, struct sv text)
{
	struct pattern *p;

	c->value = text;
	return text.n > 0 ? pattern_compile(c->mem, text, &p) : NULL;
}

static const char *check_regex(struct check *c)
{
	return pattern_fault(c, c->o->regex_domain_filter);
}

static const char *check_regex_exclusion(struct check *c)
{
	return pattern_fault(c, c->o->regex_domain_exclusion);
}

static const char *check_min_ttl(struct check *c)
{
	int64_t seconds;

	c->value = c->o->min_ttl;
	return duration_flag_parse(c->value, &seconds)
		       ? NULL
		       : "expected a duration such as 5m";
}

/* ExternalDNS logs a network that it cannot parse and goes on without the
 * filter.  Here it is an error: a missing filter does not show in a review. */
static const char *nets_fault(struct check *c, const struct strings *nets)
{
	for (size_t i = 0; i < nets->list.n && !c->compat; i++) {
		struct net_filter f = { 0 };

		c->value = nets->list.v[i];
		if (!net_filter_add(c->mem, &f, c->value, false))
			return "expected a network such as 10.0.0.0/8";
	}
	return NULL;
}

static const char *check_target_nets(struct check *c)
{
	return nets_fault(c, &c->o->target_net_filter);
}

static const char *check_excluded_nets(struct check *c)
{
	return nets_fault(c, &c->o->exclude_target_net);
}

/* In the cluster, Flux substitutes the variables of an ExternalDNS Deployment;
 * here the filter would match nothing, and nothing would be published. */
static const char *variable_in(struct check *c, const struct strings *list)
{
	for (size_t i = 0; i < list->list.n && !c->compat; i++) {
		c->value = list->list.v[i];
		if (sv_has(c->value, SV("${")) || sv_has(c->value, SV("$(")))
			return "expected a value, found a variable";
	}
	return NULL;
}

/* A name that can match nothing is a typing error; a leading "." is
 * ExternalDNS' way to leave out the domain itself. */
static const char *domains(struct check *c, const struct strings *list)
{
	const char *fault = variable_in(c, list);
	struct sv out, name;

	for (size_t i = 0; fault == NULL && !c->compat && i < list->list.n;
	     i++) {
		c->value = name = list->list.v[i];
		if (sv_starts(name, SV("*.")))
			return arena_fmt(c->mem,
					 "expected a domain, which stands for "
					 "all names below it: " SV_FMT,
					 SV_ARG(sv_from(name, 2)))
				.p;
		if (sv_starts(name, SV(".")))
			name = sv_from(name, 1);
		if (name.n > 0)
			fault = dname_fault(c->mem, DNAME_ZONE, name, &out);
	}
	return fault;
}

/* Of a code of dname_fault() the words. */
static const char *in_words(const char *fault)
{
	return fault != NULL && sv_starts(sv_of(fault), SV("E-"))
		       ? dname_fault_text(fault)
		       : fault;
}

static const char *check_domains(struct check *c)
{
	return in_words(domains(c, &c->o->domain_filter));
}

static const char *check_excluded_domains(struct check *c)
{
	return in_words(domains(c, &c->o->exclude_domains));
}

static const char *check_pod_domain(struct check *c)
{
	struct sv out;

	c->value = c->o->pod_source_domain;
	return c->compat || c->value.n == 0
		       ? NULL
		       : in_words(dname_fault(c->mem, DNAME_ZONE, c->value,
					      &out));
}

static const char *check_default_targets(struct check *c)
{
	const struct strings *list = &c->o->default_targets;
	const char *fault = variable_in(c, list);
	struct address a;
	struct sv out;

	for (size_t i = 0; fault == NULL && !c->compat && i < list->list.n;
	     i++) {
		c->value = list->list.v[i];
		if (c->value.n > 0 && !address_parse(c->value, &a))
			fault = dname_fault(c->mem, DNAME_TARGET, c->value,
					    &out);
	}
	return in_words(fault);
}

static const char *check_old_owner(struct check *c)
{
	c->value = c->o->migrate_from_txt_owner;
	return c->compat || holds_only(c->value, SV("._/-"))
		       ? NULL
		       : "expected letters, digits, \".\", \"_\", \"/\" and "
			 "\"-\"";
}

static const struct {
	const char *option;
	const char *(*fault)(struct check *c);
} checks[] = {
	{ "source", check_source },
	{ "annotation-filter", check_annotation_filter },
	{ "annotation-prefix", check_annotation_prefix },
	{ "create-ptr", check_create_ptr },
	{ "default-targets", check_default_targets },
	{ "domain-filter", check_domains },
	{ "enable-legacy-annotation-prefix", check_legacy_prefix },
	{ "exclude-domains", check_excluded_domains },
	{ "exclude-record-types", check_excluded_types },
	{ "exclude-target-net", check_excluded_nets },
	{ "gateway-label-filter", check_gateway_label_filter },
	{ "gateway-name", check_gateway_name },
	{ "gateway-namespace", check_gateway_namespace },
	{ "gloo-namespace", check_gloo_namespace },
	{ "ignore-hostname-annotation", check_ignore_hostname },
	{ "ignore-keys", check_ignored_keys },
	{ "ingress-class", check_class },
	{ "label-filter", check_label_filter },
	{ "managed-record-types", check_managed_types },
	{ "migrate-from-txt-owner", check_old_owner },
	{ "min-ttl", check_min_ttl },
	{ "namespace", check_namespace },
	{ "nat64-networks", check_nat64 },
	{ "openshift-router-name", check_router_name },
	{ "pod-source-domain", check_pod_domain },
	{ "provider", check_provider },
	{ "regex-domain-exclusion", check_regex_exclusion },
	{ "regex-domain-filter", check_regex },
	{ "service-type-filter", check_service_types },
	{ "target-net-filter", check_target_nets },
	{ "txt-owner-id", check_owner },
	{ "txt-prefix", check_txt_prefix },
	{ "txt-suffix", check_affixes },
	{ "txt-suffix", check_txt_suffix },
	{ "txt-wildcard-replacement", check_txt_wildcard },
	{ "unstructured-resource", check_unstructured },
};

/* A warning, because the copied flag promises an address record. */
static void warn_resolve(struct diags *d, const struct options *o)
{
	size_t row = option_find(SV("resolve-service-load-balancer-hostname"));

	if (o->resolve_service_hostname)
		diag_warn(d, DIAG_CONFIG, option_place(o, row),
			  "%s: no effect offline; the host name of a load "
			  "balancer stays a CNAME",
			  option_at(row)->name);
}

int options_check(struct arena *mem, struct diags *d, const struct publisher *p,
		  bool compat)
{
	int rc = 0;

	warn_resolve(d, &p->opt);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct check c = { .mem = mem, .o = &p->opt, .compat = compat };
		const char *fault = checks[i].fault(&c);
		size_t row = option_find(sv_of(checks[i].option));
		struct loc at = option_item_place(&p->opt, row, c.value);
		struct sv name = option_called(mem, &p->opt, row);

		if (fault == NULL)
			continue;
		if (c.value.n > 0)
			rc = diag_error(d, DIAG_CONFIG, at,
					"invalid " SV_FMT " \"" SV_FMT "\": %s",
					SV_ARG(name), SV_ARG(c.value), fault);
		else
			rc = diag_error(d, DIAG_CONFIG, at, SV_FMT ": %s",
					SV_ARG(name), fault);
	}
	return rc;
}
