/* Generator clusters: those that the configuration names. */
#include "render/argocd/generate.h"
#include "render/labels.h"

/* What Argo CD itself puts on the Secret of a cluster. */
#define SECRET_TYPE "argocd.argoproj.io/secret-type"

static bool label_of(const void *object, struct sv key, struct sv *value)
{
	const struct argocd_cluster *c = object;

	if (sv_eq(key, SV(SECRET_TYPE))) {
		*value = SV("cluster");
		return true;
	}
	for (size_t i = 0; i < c->labels.list.n; i++)
		if (sv_eq(c->labels.list.v[i].name, key)) {
			*value = c->labels.list.v[i].value;
			return true;
		}
	return false;
}

static void add_pairs(struct arena *mem, struct node *to, struct sv prefix,
		      const struct pairs *pairs, struct loc at)
{
	for (size_t i = 0; i < pairs->list.n; i++)
		params_set_text(mem, to,
				arena_fmt(mem, SV_FMT SV_FMT, SV_ARG(prefix),
					  SV_ARG(pairs->list.v[i].name)),
				pairs->list.v[i].value, at);
}

/* metadata.labels and metadata.annotations: nested for Go's templates. */
static void add_metadata(struct arena *mem, struct node *p, bool go,
			 const struct argocd_cluster *c, struct loc at)
{
	struct node *metadata = node_new_map(mem, at);
	struct node *labels = node_new_map(mem, at);
	struct node *annotations = node_new_map(mem, at);

	if (!go) {
		add_pairs(mem, p, SV("metadata.labels."), &c->labels, at);
		add_pairs(mem, p, SV("metadata.annotations."), &c->annotations,
			  at);
		params_set_text(mem, p, SV("metadata.labels." SECRET_TYPE),
				SV("cluster"), at);
		return;
	}
	add_pairs(mem, labels, SV(""), &c->labels, at);
	params_set_text(mem, labels, SV(SECRET_TYPE), SV("cluster"), at);
	add_pairs(mem, annotations, SV(""), &c->annotations, at);
	node_set(mem, metadata, SV("labels"), labels);
	if (c->annotations.list.n > 0)
		node_set(mem, metadata, SV("annotations"), annotations);
	node_set(mem, p, SV("metadata"), metadata);
}

static struct node *parameters(struct generation *g,
			       const struct argocd_cluster *c)
{
	struct arena *mem = g->a->ctx->mem;
	struct loc at = g->generator->at;
	struct node *p = node_new_map(mem, at);

	params_set_text(mem, p, SV("name"), c->name, at);
	params_set_text(mem, p, SV("nameNormalized"), params_name(mem, c->name),
			at);
	params_set_text(mem, p, SV("server"), c->server, at);
	params_set_text(mem, p, SV("project"), SV(""), at);
	add_metadata(mem, p, g->rules->go, c, at);
	return generate_values(g, p) < 0 ? NULL : p;
}

/* flatList: one set, with a list of all. */
static int add_list(struct generation *g, struct node *all)
{
	struct node *p = node_new_map(g->a->ctx->mem, g->generator->at);

	node_set(g->a->ctx->mem, p, SV("clusters"), all);
	return generate_add(g, p, g->generator->at, NULL);
}

int generate_clusters(struct generation *g)
{
	const struct config *c = g->a->ctx->config;
	const struct node *chosen = node_get(g->generator, SV("selector"));
	bool flat = node_true(g->generator, SV("flatList"));
	struct node *all = node_new_list(g->a->ctx->mem, g->generator->at);
	struct selector s = { 0 };
	const char *fault = labels_selector(g->a->ctx->mem, chosen, &s);

	if (fault != NULL)
		return generate_fault(g, chosen->at, "selector: %s", fault);
	if (c->clusters.n == 0)
		diag_warn(g->a->diags, DIAG_ARGOCD, g->generator->at,
			  "ApplicationSet " SV_FMT
			  ": clusters are not in git; name them under "
			  "argocd-clusters",
			  SV_ARG(g->set->name));
	for (size_t i = 0; i < c->clusters.n; i++) {
		struct node *p;

		if (!selector_match(&s, label_of, &c->clusters.v[i]))
			continue;
		p = parameters(g, &c->clusters.v[i]);
		if (p == NULL)
			return -1;
		if (flat)
			node_add(g->a->ctx->mem, all, p);
		else if (generate_add(g, p, g->generator->at, NULL) < 0)
			return -1;
	}
	return flat ? add_list(g, all) : 0;
}
