/*
 * Objects that stand in the values as they are: `extraObjects` and its like,
 * which a chart prints after `tpl`.  They have apiVersion, kind and metadata,
 * whatever the key; in a text they count below these keys alone, for a text
 * may be the content of a ConfigMap.
 */
#include "base/limits.h"
#include "render/helm/walk.h"

static const char *const text_keys[] = {
	"additionalManifests", "additionalObjects",
	"additionalResources", "extraDeploy",
	"extraManifests",      "extraObjects",
	"extraResources",      "extraTemplates",
	"manifests",	       "objects",
	"rawManifests",	       "rawResources",
	"resources",	       "templates",
};

static bool is_text_key(struct sv key)
{
	for (size_t i = 0; i < sizeof(text_keys) / sizeof(text_keys[0]); i++)
		if (sv_case_eq(key, sv_of(text_keys[i])))
			return true;
	return false;
}

static bool is_object(const struct node *n)
{
	const struct node *meta = node_get(n, SV("metadata"));

	return node_str(n, SV("apiVersion")).n > 0 &&
	       node_str(n, SV("kind")).n > 0 && meta != NULL &&
	       meta->kind == NODE_MAP;
}

/* --- templates in an object --- */

static struct node *filled(struct walk *w, const struct node *n);

static void needs_chart(struct walk *w, const struct node *text)
{
	diag_warn(w->diags, DIAG_HELM_VALUES, text->at,
		  SV_FMT ": \"" SV_FMT "\" needs the chart; it is left out",
		  SV_ARG(w->release->what),
		  SV_ARG(sv_head(text->scalar, MAX_DNAME)));
}

/* NULL where only the chart can tell: what is left out says so. */
static struct node *filled_scalar(struct walk *w, const struct node *n)
{
	struct arena *mem = w->ctx->mem;
	struct node *copy;
	struct sv text;

	if (!sv_has(n->scalar, SV("{{")))
		return node_copy(mem, n);
	if (helm_template(mem, w->release, n->scalar, &text) < 0) {
		needs_chart(w, n);
		return NULL;
	}
	copy = node_new_str(mem, n->at, text);
	copy->was = n;
	return copy;
}

static struct node *filled_list(struct walk *w, const struct node *n)
{
	struct node *list = node_new_list(w->ctx->mem, n->at);

	for (size_t i = 0; i < n->items.n; i++) {
		struct node *item = filled(w, n->items.v[i]);

		if (item != NULL)
			node_add(w->ctx->mem, list, item);
	}
	return list;
}

static struct node *filled_map(struct walk *w, const struct node *n)
{
	struct node *map = node_new_map(w->ctx->mem, n->at);

	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		struct node *value = filled(w, n->items.v[i + 1]);

		if (value != NULL)
			node_set(w->ctx->mem, map, n->items.v[i]->scalar,
				 value);
	}
	return map;
}

static struct node *filled(struct walk *w, const struct node *n)
{
	return n->kind == NODE_SCALAR ? filled_scalar(w, n)
	       : n->kind == NODE_LIST ? filled_list(w, n)
				      : filled_map(w, n);
}

/* Helm puts what names no namespace into the release's. */
static void set_namespace(struct walk *w, struct node *root)
{
	struct arena *mem = w->ctx->mem;
	struct node *meta;

	if (kind_is_cluster_scoped(node_str(root, SV("kind"))) ||
	    node_str(node_get(root, SV("metadata")), SV("namespace")).n > 0)
		return;
	meta = node_copy(mem, node_get(root, SV("metadata")));
	node_set(mem, meta, SV("namespace"),
		 node_new_str(mem, meta->at, w->release->namespace));
	node_set(mem, root, SV("metadata"), meta);
}

static bool is_wanted(struct walk *w, const struct node *root)
{
	struct object o = { .root = root, .kind = node_str(root, SV("kind")) };

	object_set_version(&o, node_str(root, SV("apiVersion")));
	return object_wanted(&o, w->ctx->kinds);
}

void helm_object(struct walk *w, const struct node *root, struct sv path)
{
	struct node *copy;

	if (!is_object(root) || !is_wanted(w, root))
		return;
	w->names++;
	if (!w->extract)
		return;
	copy = filled(w, root);
	set_namespace(w, copy);
	helm_emit(w, copy, path);
}

/* --- objects in a text --- */

static void take_text(struct walk *w, const struct node *n, struct sv path)
{
	struct diags ignored = { .mem = w->ctx->mem };
	struct documents docs = { 0 };
	struct sv text;

	if (!sv_has(n->scalar, SV("kind:")))
		return;
	if (helm_template(w->ctx->mem, w->release, n->scalar, &text) < 0) {
		w->names++;
		if (w->extract)
			needs_chart(w, n);
		return;
	}
	(void)manifest_parse(w->ctx->mem, &ignored, n->at.file,
			     helm_placed(w->ctx->mem, n, text), &docs);
	for (size_t i = 0; i < docs.list.n; i++)
		helm_object(w, docs.list.v[i], path);
}

bool helm_inner(struct walk *w, const struct node *n, struct sv key,
		struct sv path)
{
	if (n->kind == NODE_SCALAR && is_text_key(key)) {
		take_text(w, n, path);
		return true;
	}
	if (n->kind != NODE_MAP || !is_object(n))
		return false;
	helm_object(w, n, path);
	return true;
}
