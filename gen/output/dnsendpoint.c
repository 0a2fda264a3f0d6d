#include "base/buf.h"
#include "endpoint/txt.h"
#include "output/list.h"

/* Kubernetes names are DNS names without "_" and "/". */
static struct sv object_name(struct arena *mem, struct sv zone_key)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < zone_key.n; i++) {
		char c = sv_lower_char(zone_key.p[i]);
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			     c == '.';

		buf_char(&b, plain ? c : '-');
	}
	return buf_sv(&b);
}

static void pairs_add(struct buf *b, const char *key, const struct pairs *p,
		      bool as_list)
{
	if (p->list.n == 0)
		return;
	buf_fmt(b, "    %s:\n", key);
	for (size_t i = 0; i < p->list.n; i++) {
		struct sv name = quoted_text(b->mem, p->list.v[i].name);
		struct sv value = quoted_text(b->mem, p->list.v[i].value);

		if (as_list)
			buf_fmt(b, "    - name: " SV_FMT "\n      value: ",
				SV_ARG(name));
		else
			buf_fmt(b, "      " SV_FMT ": ", SV_ARG(name));
		buf_add(b, value);
		buf_char(b, '\n');
	}
}

/* A TXT stands in quotes: Route 53 refuses it without, and rfc2136 would cut
 * it at blanks and ";". */
static struct sv target_text(struct arena *mem, enum rrtype type,
			     struct sv target)
{
	struct sv wire;

	if ((type != RR_TXT && type != RR_SPF) ||
	    txt_wire(mem, target, &wire) != NULL)
		return target;
	return txt_quoted(mem, wire);
}

static int endpoint_add(struct output_ctx *ctx, struct buf *b,
			const struct endpoint *e)
{
	if (e->ref.n > 0)
		return diag_error(ctx->diags, DIAG_TARGET, endpoint_place(e),
				  "record " SV_FMT " has the Terraform "
				  "expression " SV_FMT " as target, which a "
				  "DNSEndpoint cannot hold",
				  SV_ARG(e->name), SV_ARG(e->ref));
	buf_fmt(b, "  - dnsName: " SV_FMT "\n    recordType: %s\n",
		SV_ARG(quoted_text(b->mem, e->name)), rrtype_name(e->type));
	if (e->ttl > 0)
		buf_fmt(b, "    recordTTL: %lld\n", (long long)e->ttl);
	buf_add(b, SV("    targets:\n"));
	for (size_t i = 0; i < e->targets.n; i++)
		buf_fmt(b, "    - " SV_FMT "\n",
			SV_ARG(quoted_text(b->mem,
					   target_text(b->mem, e->type,
						       e->targets.v[i]))));
	if (e->set_identifier.n > 0)
		buf_fmt(b, "    setIdentifier: " SV_FMT "\n",
			SV_ARG(quoted_text(b->mem, e->set_identifier)));
	pairs_add(b, "providerSpecific", &e->properties, true);
	return 0;
}

/* Without ownership TXT: ExternalDNS writes its own for a DNSEndpoint. */
static int dnsendpoint_write(struct output_ctx *ctx,
			     const struct endpoints *records, struct sv *text)
{
	struct buf b = { .mem = ctx->mem };
	struct endpoint_refs refs = { 0 };
	size_t n = 0;
	int rc = 0;

	endpoint_refs_sorted(ctx->mem, records, &refs);
	buf_fmt(&b,
		"# " OUTPUT_HEADER "\n---\n"
		"apiVersion: externaldns.k8s.io/v1alpha1\n"
		"kind: DNSEndpoint\nmetadata:\n  name: \"" SV_FMT "\"\n"
		"spec:\n  endpoints:",
		SV_ARG(object_name(ctx->mem, ctx->zone->key)));
	for (size_t i = 0; i < refs.list.n; i++) {
		if (refs.list.v[i]->is_registry)
			continue;
		if (n++ == 0)
			buf_char(&b, '\n');
		if (endpoint_add(ctx, &b, refs.list.v[i]) != 0)
			rc = -1;
	}
	if (n == 0)
		buf_add(&b, SV(" []\n"));
	*text = buf_sv(&b);
	return rc;
}

const struct output output_dnsendpoint = {
	.format = "dnsendpoint",
	.about = "DNSEndpoint manifest, for ExternalDNS' crd source",
	.write = dnsendpoint_write,
};
