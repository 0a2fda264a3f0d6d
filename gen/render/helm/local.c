/* A chart that lies in the repository: its name, version and default values. */
#include "base/path.h"
#include "render/helm/helm.h"

static struct node *parse(const struct render_ctx *ctx, struct diags *d,
			  struct sv folder, const char *name)
{
	struct sv path = arena_fmt(ctx->mem, SV_FMT "%s%s", SV_ARG(folder),
				   folder.n > 0 ? "/" : "", name);
	const struct snapshot_file *f = snapshot_find(ctx->snapshot, path);
	struct sv text;

	if (f == NULL ||
	    snapshot_read(ctx->snapshot, f, ctx->mem, d, ctx->fault, &text) < 0)
		return NULL;
	return helm_parse_values(ctx->mem, d, path, text);
}

bool helm_local_chart(const struct render_ctx *ctx, struct diags *d,
		      struct sv folder, struct helm_chart *out)
{
	const struct node *chart = parse(ctx, d, folder, "Chart.yaml");

	if (chart == NULL)
		return false;
	out->name = node_str(chart, SV("name"));
	if (out->name.n == 0)
		out->name = path_name(folder);
	out->version = node_str(chart, SV("version"));
	out->values = parse(ctx, d, folder, "values.yaml");
	return true;
}
