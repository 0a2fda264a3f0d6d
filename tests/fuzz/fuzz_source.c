/*
 * From manifests to endpoints by way of Ingress, Service, DNSEndpoint, Pod,
 * Node and any kind, with templates, as a copy of ExternalDNS and in our own
 * way.  Checked besides memory: the order of the objects changes nothing, an
 * object that has nothing to do with the others changes no record of theirs,
 * and every endpoint says who asked for it.
 */
#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/output.h"
#include "source/source.h"

static const struct {
	const char *name, *value;
} options[] = {
	{ "source", "ingress" },
	{ "source", "service" },
	{ "source", "crd" },
	{ "source", "pod" },
	{ "source", "unstructured" },
	{ "unstructured-resource", "widgets.v1.example.org" },
	{ "managed-record-types", "A" },
	{ "managed-record-types", "PTR" },
	{ "managed-record-types", "SRV" },
	{ "create-ptr", "true" },
	{ "publish-internal-services", "true" },
	{ "fqdn-template", "{{.Name}}.t.example.com" },
	{ "combine-fqdn-annotation", "true" },
	{ "default-targets", "192.0.2.1" },
	{ "nat64-networks", "64:ff9b::/96" },
	{ "exclude-target-net", "10.0.0.0/8" },
	{ "min-ttl", "60s" },
};

/* An Ingress of its own name and host. */
static const char other_text[] =
	"apiVersion: networking.k8s.io/v1\n"
	"kind: Ingress\n"
	"metadata:\n"
	"  name: unrelated-4711\n"
	"  namespace: unrelated-4711\n"
	"  annotations: {external-dns.kubernetes.io/target: 192.0.2.47}\n"
	"spec: {rules: [{host: unrelated-4711.example}]}\n";

static const char other_mark[] = "nrelated-4711";

static void derive(struct arena *mem, const struct objects *all, bool compat,
		   struct endpoints *set)
{
	struct diags d = { .mem = mem };
	struct fault fault = { 0 };
	struct flags f = { 0 };
	struct config c;
	struct source_ctx ctx = { .mem = mem,
				  .diags = &d,
				  .fault = &fault,
				  .config = &c,
				  .all = all,
				  .out = set };

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		*VEC_ADD(mem, &f.list) =
			(struct flag){ .name = sv_of(options[i].name),
				       .value = sv_of(options[i].value) };
	if (config_load(mem, &d, SV(""), SV(""), &f, compat, &c) < 0)
		abort();
	ctx.publisher = &c.publishers.v[0];
	(void)source_read_all(&ctx);
	for (size_t i = 0; i < set->list.n; i++)
		assert(set->list.v[i].from.n > 0);
	endpoints_sort(set);
}

static struct sv text_of(struct arena *mem, const struct endpoints *set)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert(out != NULL);
	output_jsonl(out, set, true);
	if (fclose(out) != 0)
		abort();
	arena_defer(mem, free, text);
	return (struct sv){ text, n };
}

/* Lines that the unrelated object has no part in. */
static struct sv without_other(struct arena *mem, struct sv lines)
{
	struct sv line, out = SV("");

	while (sv_cut(&lines, '\n', &line))
		if (!sv_has(line, sv_of(other_mark)) &&
		    !sv_has(line, SV("47.2.0.192.in-addr")))
			out = arena_fmt(mem, SV_FMT SV_FMT "\n", SV_ARG(out),
					SV_ARG(line));
	return out;
}

static void read_text(struct arena *mem, const char *file, struct sv text,
		      struct objects *out)
{
	struct diags d = { .mem = mem };
	struct documents docs = { 0 };

	(void)manifest_parse(mem, &d, sv_of(file), text, &docs);
	for (size_t i = 0; i < docs.list.n; i++)
		objects_add(mem, &d, out, docs.list.v[i], NULL);
}

static void check(struct arena *mem, const struct objects *all, bool compat)
{
	struct endpoints one = { 0 }, two = { 0 }, three = { 0 };
	struct objects turned = { 0 }, more = { 0 };

	for (size_t i = all->list.n; i-- > 0;) {
		*VEC_ADD(mem, &turned.list) = all->list.v[i];
		*VEC_ADD(mem, &more.list) = all->list.v[i];
	}
	read_text(mem, "other", sv_of(other_text), &more);
	derive(mem, all, compat, &one);
	derive(mem, &turned, compat, &two);
	derive(mem, &more, compat, &three);
	assert(sv_eq(text_of(mem, &one), text_of(mem, &two)));
	assert(sv_eq(without_other(mem, text_of(mem, &one)),
		     without_other(mem, text_of(mem, &three))));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct objects all = { 0 };

	read_text(mem, "fuzz", text, &all);
	check(mem, &all, false);
	check(mem, &all, true);
	arena_free(mem);
	return 0;
}
