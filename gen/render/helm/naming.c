/*
 * Names of the objects that a chart makes, as its templates have them.
 *
 * Source: `helm create` of Helm 3, _helpers.tpl: nearly every chart has its
 *         "fullname" from there.
 */
#include "render/helm/walk.h"

struct sv helm_name_cut(struct sv name)
{
	name = sv_head(name, 63);
	if (sv_ends(name, SV("-")))
		name.n--;
	return name;
}

struct sv helm_fullname(struct walk *w, struct sv full, struct sv name)
{
	struct sv release = w->release->name;

	if (full.n > 0)
		return helm_name_cut(full);
	if (name.n == 0 || sv_has(release, name))
		return helm_name_cut(release);
	return helm_name_cut(arena_fmt(w->ctx->mem, SV_FMT "-" SV_FMT,
				       SV_ARG(release), SV_ARG(name)));
}

struct sv helm_text(struct walk *w, const struct node *map, const char *key)
{
	struct sv text = node_str(map, sv_of(key)), out;

	return helm_template(w->ctx->mem, w->release, text, &out) < 0 ? text
								      : out;
}

struct sv helm_root_name(struct walk *w)
{
	const struct helm_release *r = w->release;
	struct sv name = helm_text(w, r->values, "nameOverride");

	return helm_fullname(w, helm_text(w, r->values, "fullnameOverride"),
			     name.n > 0 ? name : r->chart);
}

/* Keys that say what the object is, and nothing of which it is. */
static bool tells_nothing(struct sv key)
{
	return helm_contains(key, SV("ingress")) ||
	       helm_contains(key, SV("route")) || sv_eq(key, SV("main")) ||
	       sv_eq(key, SV("app"));
}

struct sv helm_inner_name(struct walk *w, struct sv outer, struct sv key,
			  const struct node *map)
{
	struct sv full = helm_text(w, map, "fullnameOverride");
	struct sv name = helm_text(w, map, "nameOverride");

	if (full.n > 0 || name.n > 0)
		return helm_fullname(w, full, name);
	if (tells_nothing(key))
		return outer;
	return arena_lower(w->ctx->mem,
			   arena_fmt(w->ctx->mem, SV_FMT "-" SV_FMT,
				     SV_ARG(outer), SV_ARG(key)));
}
