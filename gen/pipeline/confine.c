#include "pipeline/confine.h"

#include "render/render.h"

/* Without a repository around, `init` writes into the current folder; what is
 * piped in has its configuration there. */
static void reach_folder(struct session *s, struct confinement *k)
{
	bool init = s->snapshot == NULL;

	sandbox_add(s->mem, &k->box, init ? "." : ".zoneloom.yaml",
		    init ? k->tree : SANDBOX_READ);
}

void confine(struct session *s)
{
	struct confinement *k = s->opt->confinement;

	if (k == NULL || k->box.entered)
		return;
	if (s->snapshot != NULL)
		snapshot_reach(s->snapshot, k->tree, k->repo, &k->box);
	if (s->snapshot == NULL || s->spec.kind == SNAPSHOT_EMPTY)
		reach_folder(s, k);
	sandbox_enter(&k->box);
}

/* What this clone allows, by whatever configuration. */
static bool may_render(struct session *s)
{
	struct strings allowed = { 0 };

	if (s->snapshot != NULL)
		command_allowed(s->mem, s->snapshot, &allowed);
	return allowed.list.n > 0;
}

void confine_early(struct session *s)
{
	if (s->opt->confinement != NULL && !may_render(s))
		confine(s);
}
