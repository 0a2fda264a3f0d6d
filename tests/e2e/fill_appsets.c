/*
 * The Applications of argo/set.yaml, for tests/e2e/appset: each argument is a
 * folder with it, with .zoneloom.yaml and with the files of a repository; the
 * output is that of the judge there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/path.h"
#include "git/git.h"
#include "render/argocd/generate.h"

static void copy(struct arena *mem, struct node *to, const struct node *from,
		 const char *key)
{
	const struct node *n = node_get(from, sv_of(key));

	if (n != NULL)
		node_set(mem, to, sv_of(key), node_copy(mem, n));
}

/* What names can depend on. */
static struct node *row(struct arena *mem, const struct object *app)
{
	const struct node *spec = node_get(app->root, SV("spec"));
	const struct node *from = node_get(spec, SV("source"));
	struct node *out = node_new_map(mem, NOWHERE);
	struct node *source = node_new_map(mem, NOWHERE);

	copy(mem, out, node_get(app->root, SV("metadata")), "name");
	copy(mem, out, node_get(app->root, SV("metadata")), "namespace");
	copy(mem, source, from, "path");
	copy(mem, source, from, "targetRevision");
	copy(mem, source, from, "helm");
	copy(mem, source, from, "kustomize");
	node_set(mem, out, SV("source"), source);
	params_set_text(
		mem, out, SV("to"),
		node_str(node_get(spec, SV("destination")), SV("namespace")),
		NOWHERE);
	return out;
}

static void print_row(struct arena *mem, const struct node *n)
{
	struct filler f = { .mem = mem, .dialect = &argocd_dialect };
	struct buf b = { .mem = mem };
	struct value v = value_data(n);

	value_json(&f, &b, &v, false);
	printf(SV_FMT "\n", SV_ARG(buf_sv(&b)));
}

static struct sv read_file(struct render_ctx *ctx, struct diags *d,
			   const char *path)
{
	const struct snapshot_file *f =
		snapshot_find(ctx->snapshot, sv_of(path));
	struct sv text;

	if (f == NULL ||
	    snapshot_read(ctx->snapshot, f, ctx->mem, d, ctx->fault, &text) < 0)
		exit(2);
	return text;
}

static void list_apps(struct render_ctx *ctx, struct config *config)
{
	struct diags d = { .mem = ctx->mem };
	struct flags flags = { 0 };
	struct argocd a = { .ctx = ctx, .diags = &d, .values_only = true };
	struct documents docs = { 0 };
	struct objects sets = { 0 }, apps = { 0 };

	if (config_load(ctx->mem, &d, SV(".zoneloom.yaml"),
			read_file(ctx, &d, ".zoneloom.yaml"), &flags, false,
			config) < 0 ||
	    manifest_parse(ctx->mem, &d, SV("argo/set.yaml"),
			   read_file(ctx, &d, "argo/set.yaml"), &docs) < 0)
		exit(2);
	objects_add(ctx->mem, &d, &sets, docs.list.v[0], NULL);
	argocd_make(&a, sets.list.v[0], &apps);
	for (size_t i = 0; i < d.list.n; i++)
		if (d.list.v[i].severity != DIAG_NOTE) {
			printf("refused: " SV_FMT "\n",
			       SV_ARG(d.list.v[i].text));
			return;
		}
	for (size_t i = 0; i < apps.list.n; i++)
		print_row(ctx->mem, row(ctx->mem, apps.list.v[i]));
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct snapshot_spec spec = { .kind = SNAPSHOT_DIR,
					      .dir = argv[i] };
		struct arena *mem = arena_new();
		struct fault fault = { 0 };
		struct diags d = { .mem = mem };
		struct config config = { 0 };
		struct render_ctx ctx = { .mem = mem,
					  .fault = &fault,
					  .config = &config };

		if (snapshot_open(mem, &spec, &d, &fault, &ctx.snapshot) < 0)
			return 2;
		printf("= " SV_FMT "\n", SV_ARG(path_name(sv_of(argv[i]))));
		list_apps(&ctx, &config);
		arena_free(mem);
	}
	return 0;
}
