/*
 * Keys that a team's own charts have for hosts: helm-host-keys.  "host" is a
 * key wherever it stands, "web.host" one below `web`.
 */
#include "base/limits.h"
#include "render/helm/walk.h"

static bool is_own(const struct walk *w, struct sv path)
{
	const struct strings *keys = &w->ctx->publisher->opt.helm_host_keys;

	for (size_t i = 0; i < keys->list.n; i++) {
		struct sv key = keys->list.v[i];

		if (sv_eq(path, key) || (path.n > key.n && sv_ends(path, key) &&
					 path.p[path.n - key.n - 1] == '.'))
			return true;
	}
	return false;
}

static struct sv joined(struct walk *w, struct sv path, struct sv key)
{
	return arena_fmt(w->ctx->mem, SV_FMT "%s" SV_FMT, SV_ARG(path),
			 path.n > 0 ? "." : "", SV_ARG(key));
}

static void visit(struct walk *w, const struct node *n, struct sv path,
		  struct sv name)
{
	struct helm_place p = { .map = n, .path = path, .name = name };
	struct node *hosts = node_new_list(w->ctx->mem, n->at);

	if (w->depth >= MAX_YAML_DEPTH || helm_is_off(n))
		return;
	w->depth++;
	for (size_t i = 0; n->kind == NODE_LIST && i < n->items.n; i++)
		visit(w, n->items.v[i], path, name);
	for (size_t i = 0; n->kind == NODE_MAP && i + 1 < n->items.n; i += 2) {
		const struct node *value = n->items.v[i + 1];
		struct sv key = n->items.v[i]->scalar;
		struct sv below = joined(w, path, key);

		if (is_own(w, below))
			helm_hosts(w, value, hosts);
		else
			visit(w, value, below,
			      helm_inner_name(w, name, key, value));
	}
	w->depth--;
	if (node_len(hosts) > 0)
		helm_ingress_of(w, &p, hosts);
}

void helm_own_keys(struct walk *w)
{
	if (w->ctx->publisher->opt.helm_host_keys.list.n > 0)
		visit(w, w->release->values, SV(""), helm_root_name(w));
}
