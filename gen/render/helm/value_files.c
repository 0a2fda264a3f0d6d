/* Value files that no object names: roots: [{values: PATTERN}]. */
#include "render/helm/helm.h"

#include "base/limits.h"
#include "base/path.h"
#include "render/known.h"
#include "render/plain.h"

/* One file that a root names. */
struct value_file {
	const struct render_ctx *ctx;
	struct diags *diags;
	const struct root *root;
	struct sv path;
	const struct node *values; /* of the whole file */
	struct objects *out;
};

/* "config/ * / *.yaml" of "config/{namespace}/{release}.yaml". */
static struct sv as_glob(struct arena *mem, struct sv pattern)
{
	struct buf b = { .mem = mem };
	bool inside = false;

	buf_char(&b, '/');
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '{')
			buf_char(&b, '*');
		inside = pattern.p[i] == '{' || inside;
		if (!inside)
			buf_char(&b, pattern.p[i]);
		inside = inside && pattern.p[i] != '}';
	}
	return buf_sv(&b);
}

static size_t segments(struct sv path)
{
	size_t n = 1;

	for (size_t i = 0; i < path.n; i++)
		n += path.p[i] == '/';
	return n;
}

static struct sv segment(struct sv path, size_t i)
{
	struct sv part = SV("");

	for (size_t k = 0; k <= i; k++)
		if (!sv_cut(&path, '/', &part))
			return SV("");
	return part;
}

/* What stands where the pattern has `word`; "**" before it is any number of
 * folders, so that it is counted from the end then. */
static struct sv captured(struct sv pattern, struct sv word, struct sv path)
{
	size_t n = segments(pattern), have = segments(path);
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		struct sv seg = segment(pattern, i), got;
		size_t at = sv_find(seg, word), tail;

		open |= sv_eq(seg, SV("**"));
		if (at >= seg.n)
			continue;
		if (open && have + i < n)
			return SV("");
		got = segment(path, open ? have + i - n : i);
		tail = seg.n - at - word.n;
		return got.n < at + tail
			       ? SV("")
			       : sv_head(sv_from(got, at), got.n - at - tail);
	}
	return SV("");
}

/* "shop" of shop/values.yaml and of config/shop.yaml. */
static struct sv name_of(struct sv path)
{
	struct sv file = path_name(path);
	struct sv folder = path_name(path_folder(path));

	if (folder.n > 0 &&
	    (sv_starts(file, SV("values")) || sv_starts(file, SV("fleet."))))
		return folder;
	return sv_head(file, sv_rchr(file, '.'));
}

static struct sv first_said(struct sv a, struct sv b, struct sv c)
{
	return a.n > 0 ? a : b.n > 0 ? b : c;
}

static struct helm_release release_of(const struct value_file *f)
{
	struct sv pattern = f->root->path;
	struct helm_release r = { .is_named = true, .values = f->values };

	r.name = first_said(f->root->release,
			    captured(pattern, SV("{release}"), f->path),
			    name_of(f->path));
	r.namespace = first_said(f->root->namespace,
				 captured(pattern, SV("{namespace}"), f->path),
				 SV("default"));
	r.what = arena_fmt(f->ctx->mem, "values " SV_FMT, SV_ARG(f->path));
	return r;
}

/* --- Rancher's fleet.yaml --- */

static struct node *read_values(const struct value_file *f, struct sv path)
{
	const struct snapshot_file *file =
		snapshot_find(f->ctx->snapshot, path);
	struct sv text;

	if (file == NULL || snapshot_read(f->ctx->snapshot, file, f->ctx->mem,
					  f->diags, f->ctx->fault, &text) < 0)
		return NULL;
	return helm_parse_values(f->ctx->mem, f->diags, path, text);
}

/* valuesFiles in their order, then values. */
static struct node *fleet_values(const struct value_file *f,
				 struct node *so_far, const struct node *helm)
{
	struct arena *mem = f->ctx->mem;
	const struct node *files = node_get(helm, SV("valuesFiles"));
	const struct node *values = node_get(helm, SV("values"));

	for (size_t i = 0; i < node_len(files) && i < MAX_VALUES_FROM; i++) {
		const struct node *n = node_at(files, i);
		struct sv path;
		struct node *more = NULL;

		if (n->kind == NODE_SCALAR &&
		    path_join(mem, path_folder(f->path), n->scalar, &path))
			more = read_values(f, path);
		if (more != NULL)
			so_far = helm_merge(mem, so_far, more);
		else
			diag_warn(f->diags, DIAG_HELM_VALUES, n->at,
				  "valuesFiles: this file is not in this tree; "
				  "names in it are missing");
	}
	return values != NULL ? helm_merge(mem, so_far, values) : so_far;
}

static void fleet_name(struct helm_release *r, const struct node *n)
{
	const struct node *helm = node_get(n, SV("helm"));

	r->name =
		first_said(node_str(helm, SV("releaseName")), r->name, r->name);
	r->namespace =
		first_said(node_str(n, SV("namespace")),
			   node_str(n, SV("defaultNamespace")), r->namespace);
	r->chart = first_said(path_name(node_str(helm, SV("chart"))), r->chart,
			      r->chart);
	r->version = first_said(node_str(helm, SV("version")), r->version,
				r->version);
}

/* The bundle as it stands, for a cluster that no customization is for, and as
 * each of them has it. */
static void fleet_read(const struct value_file *f)
{
	const struct node *n = f->values;
	const struct node *targets = node_get(n, SV("targetCustomizations"));
	struct helm_release base = release_of(f);
	struct node *values;

	base.what = arena_fmt(f->ctx->mem, "Fleet " SV_FMT, SV_ARG(f->path));
	(void)known_check(f->ctx, f->diags, "Fleet", SV("Fleet"), base.what, n);
	fleet_name(&base, n);
	values = fleet_values(f, NULL, node_get(n, SV("helm")));
	base.values = values;
	helm_extract(f->ctx, f->diags, &base, f->out);
	for (size_t i = 0; i < node_len(targets) && i < MAX_VALUES_FROM; i++) {
		const struct node *t = node_at(targets, i);
		struct helm_release one = base;

		if (sv_eq(node_str(t, SV("doNotDeploy")), SV("true")))
			continue;
		fleet_name(&one, t);
		one.cluster = node_str(t, SV("name"));
		one.realm = arena_fmt(f->ctx->mem, SV_FMT "#%zu",
				      SV_ARG(f->path), i);
		one.values = fleet_values(f, values, node_get(t, SV("helm")));
		helm_extract(f->ctx, f->diags, &one, f->out);
	}
}

/* --- all --- */

static bool starts_word(struct sv file, const char *word)
{
	return sv_starts(file, sv_of(word));
}

static void read_one(const struct value_file *f)
{
	struct sv file = path_name(f->path);
	struct helm_release release = release_of(f);

	if (starts_word(file, "helmfile.")) {
		diag_warn(f->diags, DIAG_HELM_VALUES,
			  ((struct loc){ f->path, 1, 1 }),
			  "a helmfile is not read; name its value files in "
			  "roots: [{values: PATTERN}], or pipe what helmfile "
			  "template prints into zoneloom with --stdin");
	} else if (starts_word(file, "fleet.")) {
		fleet_read(f);
	} else {
		helm_extract(f->ctx, f->diags, &release, f->out);
	}
}

static int read_root(const struct render_ctx *ctx, struct diags *d,
		     const struct root *root, struct objects *out)
{
	const struct plain_request want = { .publisher = ctx->publisher,
					    .paths = ctx->paths };
	struct globs globs = { 0 };
	size_t n = 0;

	globs_add(ctx->mem, &globs, as_glob(ctx->mem, root->path));
	for (size_t i = 0; i < snapshot_count(ctx->snapshot); i++) {
		struct value_file f = {
			.ctx = ctx, .diags = d, .root = root, .out = out
		};

		f.path = snapshot_at(ctx->snapshot, i)->path;
		if (!globs_match(&globs, f.path))
			continue;
		n++;
		if (!plain_chosen(ctx, &want, f.path))
			continue;
		f.values = read_values(&f, f.path);
		if (ctx->fault->kind != FAULT_NONE)
			return -1;
		if (f.values != NULL && f.values->kind == NODE_MAP)
			read_one(&f);
	}
	if (n == 0)
		diag_file(d, DIAG_CONFIG, DIAG_ERROR, root->at,
			  "roots: values \"" SV_FMT
			  "\" matches no file of this tree",
			  SV_ARG(root->path));
	return 0;
}

int helm_value_files(const struct render_ctx *ctx, struct diags *d,
		     struct objects *out)
{
	for (size_t i = 0; i < ctx->config->roots.n; i++)
		if (sv_eq(ctx->config->roots.v[i].kind, SV("values")) &&
		    read_root(ctx, d, &ctx->config->roots.v[i], out) < 0)
			return -1;
	return 0;
}
