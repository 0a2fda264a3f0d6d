/*
 * Every golden repository through every format and back through its reader: the
 * same records, or a refusal that has a place.  Prints how many of each.
 */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/pipeline.h"
#include "output/output.h"

struct count {
	size_t zones, records, same, refused;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The folder as golden/run.sh lays it; false: it has no configuration. */
static bool lay(const char *name, const char *to)
{
	char command[1024];
	int n = snprintf(
		command, sizeof(command),
		"rm -rf %s/* %s/.zoneloom.yaml && cd tests/golden/%s && "
		"test -f config/zoneloom.yaml && cp -r manifests/. %s && "
		"for f in config/*; do case $f in */args|*/stdin) ;; "
		"*/zoneloom.yaml) cp $f %s/.zoneloom.yaml ;; "
		"*) cp -r $f %s/ ;; esac; done",
		to, to, name, to, to, to);

	assert_true(n > 0 && (size_t)n < sizeof(command));
	return system(command) == 0; /* NOLINT(cert-env33-c): names are ours */
}

static const struct endpoint *find(const struct endpoints *set,
				   const struct endpoint *e)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (set->list.v[i].type == e->type &&
		    sv_eq(set->list.v[i].name, e->name))
			return &set->list.v[i];
	return NULL;
}

static bool same_data(struct arena *mem, const struct endpoint *a,
		      const struct endpoint *b)
{
	struct sv x, y;
	size_t found = 0;

	for (size_t i = 0; i < a->targets.n; i++)
		for (size_t k = 0; k < b->targets.n; k++)
			if (rdata_wire(mem, a, a->targets.v[i], &x) &&
			    rdata_wire(mem, b, b->targets.v[k], &y) &&
			    sv_case_eq(x, y)) {
				found++;
				break;
			}
	return found == a->targets.n && a->targets.n == b->targets.n &&
	       sv_eq(a->ref, b->ref);
}

/* DNSEndpoints are without ownership, which ExternalDNS writes itself. */
static void compare(const char *label, struct output_ctx *ctx,
		    const struct endpoints *want, const struct endpoints *have,
		    struct count *c)
{
	const struct format *f = output_format(ctx->spec);
	bool owned = !f->leaves_ownership;
	size_t n = 0, servers = 0;

	for (size_t i = 0; i < want->list.n; i++) {
		const struct endpoint *e = &want->list.v[i], *got;

		if (e->is_registry && !owned)
			continue;
		n++;
		got = find(have, e);
		assert_row(label, got != NULL);
		assert_row(label, same_data(ctx->mem, e, got));
		assert_row(label, got->ttl == (e->ttl > 0 ? e->ttl
					       : f->ttl == FORMAT_TTL_OF_ZONE
						       ? ctx->zone->default_ttl
						       : 0) ||
					  record_proxied(e));
	}
	for (size_t i = 0; i < have->list.n; i++)
		servers += have->list.v[i].is_server;
	assert_row(label, have->list.n == n + servers);
	c->records += n;
	c->same++;
}

static void refused(const char *label, const struct diags *d, struct count *c)
{
	size_t places = 0;

	for (size_t i = 0; i < d->list.n; i++)
		if (d->list.v[i].severity == DIAG_ERROR) {
			assert_row(label, d->list.v[i].at.line > 0);
			places++;
		}
	assert_row(label, places > 0);
	c->refused++;
}

/* What the formats ask of an output beside its word. */
static void spec_fill(struct arena *mem, struct output_spec *spec,
		      const struct zone *z, const struct endpoints *set)
{
	bool own = false;

	spec->at = z->at;
	spec->file = SV("elsewhere/again");
	spec->comments = SV("source");
	spec->provider = SV("cloudflare@5");
	spec->registrar = SV("none");
	spec->soa.mname = SV("ns1.example.net");
	spec->soa.rname = SV("hostmaster@example.net");
	spec->soa.refresh = spec->soa.ttl = 3600;
	spec->soa.retry = 600;
	spec->soa.expire = 1209600;
	spec->soa.minimum = 300;
	for (size_t i = 0; i < set->list.n; i++)
		own |= set->list.v[i].type == RR_NS &&
		       sv_eq(set->list.v[i].name, z->name);
	if (!own)
		*VEC_ADD(mem, &spec->ns.list) = SV("ns1.example.net");
}

static void through(const char *label, const struct session *s,
		    const struct zone_plan *z, const struct format *f,
		    const struct format_mode *m, struct count *c)
{
	struct arena *mem = arena_new();
	struct diags d = { .mem = mem };
	struct output_spec spec = { .format = sv_of(f->word),
				    .mode = sv_of(m->word) };
	struct output_ctx ctx = { .mem = mem,
				  .diags = &d,
				  .config = &s->config,
				  .zone = z->zone,
				  .spec = &spec };
	struct output_file back;
	struct sv text;

	spec_fill(mem, &spec, z->zone, &z->records);
	if (!f->holds_references && z->zone->ref.n > 0)
		(void)config_check_plain(&d, z->zone, f->word, z->zone->at);
	if (d.errors > 0 ||
	    output_of(f)->write(&ctx, &z->records, &text) != 0) {
		refused(label, &d, c);
	} else {
		struct endpoints have = { 0 };

		/* A file that nobody knows says what it is, too. */
		assert_row(label,
			   output_file_read(mem, &d, &s->config,
					    SV("elsewhere"), text, &back) == 1);
		assert_row(label, back.format == f);
		assert_row(label, output_of(f)->read(&ctx, SV("again"), text,
						     &have) == 0);
		compare(label, &ctx, &z->records, &have, c);
	}
	arena_free(mem);
}

static void case_run(const char *name, const char *dir, struct count *c)
{
	struct arena *mem = arena_new();
	struct session_options opt = { .jobs = 1 };
	struct session s = session_new(mem, &opt);
	struct derived got;

	s.spec.kind = SNAPSHOT_DIR;
	s.spec.dir = dir;
	if (session_open(&s) == 0 && derive(&s, &got) == 0) {
		for (size_t i = 0; i < got.plan.zones.n; i++) {
			c->zones++;
			for (const struct format *f = format_table;
			     f->word != NULL; f++)
				for (const struct format_mode *m = f->modes;
				     m->word != NULL; m++)
					if (m->has_header && !f->is_template)
						through(name, &s,
							&got.plan.zones.v[i], f,
							m, c);
		}
	}
	arena_free(mem);
}

static void goldens_go_through(void **state)
{
	enum { CASES = 1000, LEAST = 40 };
	char dir[] = "/tmp/zoneloom-formats-XXXXXX", command[64];
	char *names[CASES];
	struct count c = { 0 };
	size_t n = 0, cases = 0;
	struct dirent *e;
	DIR *d = opendir("tests/golden");

	(void)state;
	assert_non_null(d);
	assert_non_null(mkdtemp(dir));
	while ((e = readdir(d)) != NULL && n < CASES)
		if (strncmp(e->d_name, "ok-", 3) == 0)
			names[n++] = strdup(e->d_name);
	(void)closedir(d);
	qsort(names, n, sizeof(names[0]), by_name);
	for (size_t i = 0; i < n; i++) {
		if (lay(names[i], dir)) {
			cases++;
			case_run(names[i], dir, &c);
		}
		free(names[i]);
	}
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	(void)system(command); /* NOLINT(cert-env33-c): the name is ours */
	printf("# %zu repositories, %zu zones: %zu outputs read back with the "
	       "same %zu records, %zu refused with a place\n",
	       cases, c.zones, c.same, c.records, c.refused);
	assert_true(cases >= LEAST && c.same > c.refused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens_go_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
