#include "cli/plugin.h"

#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "manifest/manifest.h"

/* A variable of the Application, and one for `{env: NAME}`. */
#define OF_PLUGIN "ARGOCD_ENV_ZONELOOM_"
#define OF_CONFIG "ARGOCD_ENV_ZONELOOM_VAR_"

extern char **environ;

static const struct {
	const char *name, *variable; /* behind OF_PLUGIN */
	bool many;
} parameters[PLUGIN_PARAMETER_COUNT] = {
	[PLUGIN_CONFIG] = { "config", "CONFIG", false },
	[PLUGIN_FORMAT] = { "format", "FORMAT", false },
	[PLUGIN_MIN_RECORDS] = { "min-records", "MIN_RECORDS", false },
	[PLUGIN_ZONES] = { "zones", "ZONES", true },
};

static const char known[] = "config, format, min-records, zones";

static int unknown(struct arena *mem, struct diags *d, const char *what,
		   struct sv name)
{
	return diag_error(d, DIAG_USAGE, NOWHERE,
			  "unknown %s \"" SV_FMT
			  "\" of the Application: expected %s%s",
			  what, SV_ARG(name), known,
			  did_you_mean(mem, name, sv_of(known)));
}

/* An empty text says nothing, as an unset one. */
static void add(struct arena *mem, struct strings *to, struct sv value)
{
	if (sv_trim(value).n > 0)
		*VEC_ADD(mem, &to->list) = arena_sv(mem, sv_trim(value));
}

static void add_words(struct arena *mem, struct strings *to, struct sv text)
{
	struct sv word;

	while (sv_cut(&text, ',', &word))
		add(mem, to, word);
}

static int read_variable(struct arena *mem, struct diags *d, struct sv name,
			 struct sv value, struct plugin_values *out)
{
	for (size_t i = 0; i < PLUGIN_PARAMETER_COUNT; i++) {
		if (!sv_eq(name, sv_of(parameters[i].variable)))
			continue;
		out->value[i].list.n = 0;
		if (parameters[i].many)
			add_words(mem, &out->value[i], value);
		else
			add(mem, &out->value[i], value);
		return 0;
	}
	return unknown(mem, d, "variable",
		       arena_fmt(mem, "ZONELOOM_" SV_FMT, SV_ARG(name)));
}

static int read_environment(struct arena *mem, struct diags *d,
			    struct plugin_values *out)
{
	int rc = 0;

	for (size_t i = 0; environ[i] != NULL; i++) {
		struct sv value = sv_of(environ[i]);
		struct sv name = { NULL, 0 };

		if (!sv_starts(value, SV(OF_PLUGIN)) ||
		    sv_starts(value, SV(OF_CONFIG)))
			continue;
		(void)sv_cut(&value, '=', &name);
		if (read_variable(mem, d, sv_from(name, strlen(OF_PLUGIN)),
				  value, out) < 0)
			rc = -1;
	}
	return rc;
}

static int wrong_kind(struct diags *d, size_t i)
{
	return diag_error(d, DIAG_USAGE, NOWHERE,
			  "invalid parameter \"%s\" of the Application: "
			  "expected %s",
			  parameters[i].name,
			  parameters[i].many ? "array" : "string");
}

static int read_array(struct arena *mem, struct diags *d, size_t i,
		      const struct node *list, struct strings *to)
{
	if (list->kind != NODE_LIST)
		return wrong_kind(d, i);
	for (size_t k = 0; k < list->items.n; k++) {
		if (list->items.v[k]->kind != NODE_SCALAR)
			return wrong_kind(d, i);
		add(mem, to, list->items.v[k]->scalar);
	}
	return 0;
}

static int read_parameter(struct arena *mem, struct diags *d,
			  const struct node *n, struct plugin_values *out)
{
	struct sv name = node_str(n, SV("name"));
	const struct node *list = node_get(n, SV("array"));
	const struct node *text = node_get(n, SV("string"));

	for (size_t i = 0; i < PLUGIN_PARAMETER_COUNT; i++) {
		if (!sv_eq(name, sv_of(parameters[i].name)))
			continue;
		out->value[i].list.n = 0;
		if (parameters[i].many && list != NULL)
			return read_array(mem, d, i, list, &out->value[i]);
		if (list != NULL || node_get(n, SV("map")) != NULL ||
		    (text != NULL && text->kind != NODE_SCALAR))
			return wrong_kind(d, i);
		if (text != NULL && parameters[i].many)
			add_words(mem, &out->value[i], text->scalar);
		else if (text != NULL)
			add(mem, &out->value[i], text->scalar);
		return 0;
	}
	return unknown(mem, d, "parameter", name);
}

static int read_parameters(struct arena *mem, struct diags *d,
			   struct plugin_values *out)
{
	struct sv text = sv_of(getenv("ARGOCD_APP_PARAMETERS"));
	struct documents docs = { 0 };
	const struct node *list;
	int rc = 0;

	if (sv_trim(text).n == 0)
		return 0;
	if (manifest_parse(mem, d, SV("ARGOCD_APP_PARAMETERS"), text, &docs) <
	    0)
		return -1;
	list = docs.list.n == 1 ? docs.list.v[0] : NULL;
	/* What Argo CD sends of an Application without any. */
	if (list != NULL && list->kind == NODE_SCALAR &&
	    list->type == SCALAR_NULL)
		return 0;
	if (list == NULL || list->kind != NODE_LIST)
		return diag_error(d, DIAG_USAGE, NOWHERE,
				  "invalid ARGOCD_APP_PARAMETERS: expected a "
				  "list of parameters");
	for (size_t i = 0; i < list->items.n; i++)
		if (read_parameter(mem, d, list->items.v[i], out) < 0)
			rc = -1;
	return rc;
}

/* `{env: NAME}` of the configuration reads ZONELOOM_VAR_NAME, which an
 * Application cannot set under that name. */
static void pass_variables(struct arena *mem)
{
	struct strings found = { 0 };

	for (size_t i = 0; environ[i] != NULL; i++)
		if (sv_starts(sv_of(environ[i]), SV(OF_CONFIG)))
			*VEC_ADD(mem, &found.list) = sv_of(environ[i]);
	for (size_t i = 0; i < found.list.n; i++) {
		struct sv value = found.list.v[i];
		struct sv name = { NULL, 0 };

		(void)sv_cut(&value, '=', &name);
		(void)setenv(
			arena_str(mem, sv_from(name, strlen("ARGOCD_ENV_"))),
			arena_str(mem, value), 1);
	}
}

int plugin_read(struct arena *mem, struct diags *d, struct plugin_values *out)
{
	int rc = read_environment(mem, d, out);

	if (read_parameters(mem, d, out) < 0)
		rc = -1;
	pass_variables(mem);
	return rc;
}
