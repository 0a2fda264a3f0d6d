#include "pipeline/templates.h"

#include "base/limits.h"
#include "base/mustache.h"
#include "base/path.h"

static int template_fault(struct session *s, const struct output_spec *o,
			  struct sv name, const char *fault)
{
	return diag_error(&s->diags, DIAG_CONFIG, o->at,
			  "template " SV_FMT ": " SV_FMT ": %s",
			  SV_ARG(o->template), SV_ARG(name), fault);
}

/* One file, once, and what it names. */
static int load(struct session *s, struct output_spec *o, struct sv path,
		struct strings *todo)
{
	struct strings names = { 0 };
	struct sv text;

	if (o->template_files.list.n == MAX_TEMPLATE_DEPTH)
		return template_fault(s, o, path, "too many partials");
	if (session_read(s, path, &text) < 0)
		return -1;
	if (text.p == NULL)
		return template_fault(s, o, path,
				      "no such plain file in this repository");
	pairs_put(s->mem, &o->template_files, path, text);
	mustache_partials(s->mem, text, &names);
	for (size_t i = 0; i < names.list.n; i++) {
		struct sv inside;

		if (!path_join(s->mem, path_folder(o->template),
			       names.list.v[i], &inside))
			return template_fault(s, o, names.list.v[i],
					      "expected a path below the root "
					      "of the repository");
		if (pairs_get(&o->template_files, inside) == NULL)
			strings_add_once(s->mem, todo, inside);
	}
	return 0;
}

static int load_all(struct session *s, struct output_spec *o)
{
	struct strings todo = { 0 };

	o->template_files = (struct pairs){ 0 };
	strings_add_once(s->mem, &todo, o->template);
	for (size_t i = 0; i < todo.list.n; i++)
		if (load(s, o, todo.list.v[i], &todo) < 0)
			return -1;
	return 0;
}

int templates_load(struct session *s)
{
	int rc = 0;

	for (size_t i = 0; i < s->config.zones.n; i++) {
		struct zone *z = &s->config.zones.v[i];

		for (size_t k = 0; k < z->outputs.n; k++)
			if (z->outputs.v[k].template.n > 0 &&
			    load_all(s, &z->outputs.v[k]) < 0)
				rc = -1;
	}
	return rc;
}
