/* Which of several objects of one kind, namespace and name is meant. */
#include "base/path.h"
#include "manifest/manifest.h"

bool node_same(const struct node *a, const struct node *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->kind != b->kind)
		return false;
	if (a->kind == NODE_SCALAR)
		return a->type == b->type && sv_eq(a->scalar, b->scalar);
	if (a->items.n != b->items.n)
		return false;
	for (size_t i = 0; a->kind == NODE_LIST && i < a->items.n; i++)
		if (!node_same(a->items.v[i], b->items.v[i]))
			return false;
	for (size_t i = 0; a->kind == NODE_MAP && i + 1 < a->items.n; i += 2) {
		const struct node *key = a->items.v[i];

		if (key->kind != NODE_SCALAR ||
		    !node_same(a->items.v[i + 1], node_get(b, key->scalar)))
			return false;
	}
	return true;
}

/*
 * Two folders that hold the same files, dev/ and prod/ or kubernetes/main and
 * lab/oci, are two clusters: what stands before the parts at the end that both
 * paths have in common.
 */
static struct sv own_folder(struct sv path, struct sv other)
{
	struct sv rest = path, like = other;

	while (rest.n > 0 && like.n > 0 &&
	       sv_eq(path_name(rest), path_name(like))) {
		rest = path_folder(rest);
		like = path_folder(like);
	}
	return rest.n == path.n ? path_folder(path) : rest;
}

/* Does `o`, and not `other`, stand for what lies where `near` does?  What is in
 * a folder decides for what is below it, and for nobody beside it. */
static bool stands_for(const struct object *o, const struct object *other,
		       const struct object *near)
{
	struct sv own = own_folder(o->at.file, other->at.file);

	return own.n > 0 && path_below(near->at.file, own);
}

static bool in_realm(const struct object *o, const struct object *near,
		     bool all)
{
	return all || sv_eq(o->realm, near->realm);
}

static bool some_in_realm(const struct object *const *list, size_t n,
			  const struct object *near)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq(list[i]->realm, near->realm))
			return true;
	return false;
}

static const struct object *nearest(const struct object *const *list, size_t n,
				    const struct object *near, bool all)
{
	const struct object *best = NULL;
	size_t best_score = 0;

	for (size_t i = 0; i < n; i++) {
		const struct object *o = list[i];
		size_t score = 1 + path_shared(o->at.file, near->at.file);

		if (!in_realm(o, near, all))
			continue;
		if (near->cluster.n > 0 && sv_eq(o->cluster, near->cluster))
			score += near->at.file.n;
		if (score > best_score) {
			best = o;
			best_score = score;
		}
	}
	return best;
}

const struct object *object_meant(const struct object *const *list, size_t n,
				  const struct object *near,
				  const struct object **duplicate)
{
	bool all = !some_in_realm(list, n, near);
	const struct object *best = nearest(list, n, near, all);

	*duplicate = NULL;
	/* Of other clusters: the nearest has to do. */
	for (size_t i = 0; !all && i < n && *duplicate == NULL; i++) {
		const struct object *o = list[i];

		if (o == best || !in_realm(o, near, false) ||
		    node_same(o->root, best->root))
			continue;
		if (near->realm.n > 0 || !stands_for(best, o, near) ||
		    stands_for(o, best, near))
			*duplicate = o;
	}
	return best;
}

int duplicate_error(struct diags *d, const struct object *one,
		    const struct object *duplicate)
{
	diag_file(d, DIAG_DUPLICATE_OBJECT, DIAG_ERROR, one->at,
		  SV_FMT
		  " " SV_FMT "/" SV_FMT ": another one in the same cluster, "
		  "which differs, is in " SV_FMT
		  ":%u:%u, and what names it could mean either; keep "
		  "one of them, or give each cluster a publisher with its own "
		  "paths",
		  SV_ARG(one->kind), SV_ARG(one->namespace), SV_ARG(one->name),
		  SV_ARG(duplicate->at.file), duplicate->at.line,
		  duplicate->at.col);
	diag_related(d, duplicate->at);
	return -1;
}
