#include "base/buf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "endpoint/txt.h"
#include "output/list.h"
#include "output/typed.h"
#include "output/yaml_lines.h"

static void pairs_add(struct buf *b, const char *key, const struct pairs *p,
		      bool as_list)
{
	if (p->list.n == 0)
		return;
	buf_fmt(b, "    %s:\n", key);
	for (size_t i = 0; i < p->list.n; i++) {
		struct sv name = escape(b->mem, SINK_YAML, p->list.v[i].name);
		struct sv value = escape(b->mem, SINK_YAML, p->list.v[i].value);

		if (as_list)
			buf_fmt(b, "    - name: " SV_FMT "\n      value: ",
				SV_ARG(name));
		else
			buf_fmt(b, "      " SV_FMT ": ", SV_ARG(name));
		buf_add(b, value);
		buf_char(b, '\n');
	}
}

/* ExternalDNS passes over an SRV or NAPTR whose name has no final dot.  A TXT
 * stands in quotes: Route 53 refuses it without, and rfc2136 would cut it at
 * blanks and ";". */
static struct sv target_text(struct arena *mem, const struct endpoint *e,
			     struct sv target, struct sv wire)
{
	if (e->type == RR_TXT || e->type == RR_SPF)
		return txt_quoted(mem, wire);
	if (e->type == RR_SRV || e->type == RR_NAPTR)
		return rdata_text(mem, e->type, wire);
	return target;
}

static int target_add(struct output_ctx *ctx, struct buf *b,
		      const struct endpoint *e, struct sv target)
{
	struct sv wire;

	if (!rdata_wire(ctx->mem, e, target, &wire))
		return output_target_fault(ctx, e, target);
	target = target_text(ctx->mem, e, target, wire);
	buf_fmt(b, "    - " SV_FMT "\n",
		SV_ARG(escape(b->mem, SINK_YAML, target)));
	return 0;
}

static void comment_add(struct output_ctx *ctx, struct buf *b,
			const struct endpoint *e)
{
	struct sv comment = SV("");

	if (!sv_eq(ctx->spec->comments, SV("none")))
		comment = output_comment(ctx->mem, e);
	if (comment.n > 0)
		buf_fmt(b, "  # " SV_FMT "\n", SV_ARG(comment));
}

static int endpoint_add(struct output_ctx *ctx, struct buf *b,
			const struct endpoint *e)
{
	int rc = 0;

	if (output_check_plain(ctx, e) != 0)
		return -1;
	comment_add(ctx, b, e);
	buf_fmt(b, "  - dnsName: " SV_FMT "\n    recordType: %s\n",
		SV_ARG(escape(b->mem, SINK_YAML, e->name)),
		rrtype_name(e->type));
	if (output_ttl(ctx, e) > 0)
		buf_fmt(b, "    recordTTL: %lld\n",
			(long long)output_ttl(ctx, e));
	buf_add(b, SV("    targets:\n"));
	for (size_t i = 0; i < e->targets.n; i++)
		if (target_add(ctx, b, e, e->targets.v[i]) != 0)
			rc = -1;
	if (e->set_identifier.n > 0)
		buf_fmt(b, "    setIdentifier: " SV_FMT "\n",
			SV_ARG(escape(b->mem, SINK_YAML, e->set_identifier)));
	pairs_add(b, "providerSpecific", &e->properties, true);
	return rc;
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
		"# " SV_FMT "\n---\n"
		"apiVersion: externaldns.k8s.io/v1alpha1\n"
		"kind: DNSEndpoint\nmetadata:\n  name: \"" SV_FMT "\"\n"
		"spec:\n  endpoints:",
		SV_ARG(output_header(ctx)),
		SV_ARG(output_object_name(ctx->mem, ctx->zone->key)));
	for (size_t i = 0; i < refs.list.n; i++) {
		if (refs.list.v[i]->is_registry &&
		    output_format(ctx->spec)->leaves_ownership)
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

static struct sv copied(struct output_ctx *ctx, const struct node *map,
			const char *key)
{
	return arena_sv(ctx->mem, node_str(map, sv_of(key)));
}

static void properties_read(struct output_ctx *ctx, const struct node *list,
			    struct endpoint *e)
{
	for (size_t i = 0; i < node_len(list); i++)
		pairs_put(ctx->mem, &e->properties,
			  copied(ctx, node_at(list, i), "name"),
			  copied(ctx, node_at(list, i), "value"));
}

/* In the one form of everything that is read: an edited file may hold any. */
static int targets_read(const struct yaml_reading *r, const struct node *list,
			struct endpoint *e)
{
	struct arena *mem = r->ctx->mem;
	size_t n = node_len(list);
	struct sv *wires = ARENA_ARRAY(mem, struct sv, n + 1);
	struct endpoint typed = { .type = e->type };

	for (size_t i = 0; i < n; i++)
		if (!rdata_wire(mem, &typed, node_at(list, i)->scalar,
				&wires[i]))
			return yaml_read_fault(
				r, node_at(list, i),
				"invalid target for its recordType");
	if (n > 0)
		rdata_targets(mem, e, wires, n);
	return 0;
}

static int endpoint_read(const struct yaml_reading *r, const struct node *n)
{
	struct output_ctx *ctx = r->ctx;
	struct sv ttl = node_str(n, SV("recordTTL")), name;
	unsigned long long seconds = 0;
	struct endpoint *e;
	enum rrtype type;

	if (dname_fault(ctx->mem, DNAME_ANY, node_str(n, SV("dnsName")),
			&name) != NULL)
		return yaml_read_fault(r, n, "missing or invalid dnsName");
	if (!rrtype_parse(node_str(n, SV("recordType")), &type))
		return yaml_read_fault(r, n, "missing or unknown recordType");
	if (ttl.n > 0 && !sv_number(ttl, MAX_TTL, &seconds))
		return yaml_read_fault(
			r, n,
			"invalid recordTTL: expected a number of "
			"seconds up to 2147483647");
	e = typed_endpoint(ctx, (struct loc){ r->file, n->at.line, n->at.col },
			   name, type, (int64_t)seconds,
			   yaml_comment_above(&r->lines, n), r->out);
	e->set_identifier = copied(ctx, n, "setIdentifier");
	properties_read(ctx, node_get(n, SV("providerSpecific")), e);
	return targets_read(r, node_get(n, SV("targets")), e);
}

static int document_read(const struct yaml_reading *r, const struct node *root)
{
	const struct node *list = node_path(root, SV("spec.endpoints"));
	int rc = 0;

	if (!sv_eq(node_str(root, SV("kind")), SV("DNSEndpoint")))
		rc = yaml_read_fault(r, root, "another object in this output");
	for (size_t k = 0; k < node_len(list); k++)
		if (endpoint_read(r, node_at(list, k)) != 0)
			rc = -1;
	return rc;
}

static int dnsendpoint_read(struct output_ctx *ctx, struct sv file,
			    struct sv text, struct endpoints *out)
{
	struct yaml_reading r = {
		.ctx = ctx, .format = "DNSEndpoint", .file = file, .out = out
	};

	return yaml_read(&r, text, document_read);
}

/* The name of the object is that of the zone, but for a view and what a
 * Kubernetes name cannot hold: then no record lies in it. */
static struct sv dnsendpoint_zone_key(struct arena *mem, struct sv text)
{
	struct diags ignored = { .mem = arena_under(mem) };
	struct documents docs = { 0 };
	struct sv zone = SV("");

	(void)manifest_parse(ignored.mem, &ignored, SV(""), text, &docs);
	for (size_t i = 0; i < docs.list.n && zone.n == 0; i++) {
		const struct node *root = docs.list.v[i];
		const struct node *list = node_path(root, SV("spec.endpoints"));
		struct sv name =
			node_str(node_get(root, SV("metadata")), SV("name"));

		if (node_len(list) > 0 &&
		    dname_in(node_str(node_at(list, 0), SV("dnsName")), name))
			zone = arena_sv(mem, name);
	}
	arena_free(ignored.mem);
	return zone;
}

const struct output output_dnsendpoint = {
	.write = dnsendpoint_write,
	.read = dnsendpoint_read,
	.zone_key = dnsendpoint_zone_key,
};
