#include "adopt/adopt.h"

#include "base/path.h"

static const struct {
	const char *flag, *why;
} not_taken[] = {
#define NOT_TAKEN(flag, why) { flag, why },
#include "adopt/external_dns.def"
};

/* A provider's own TTL is where records without one get theirs. */
static const struct {
	const char *flag, *option;
} taken_as[] = {
#define TAKEN_AS(flag, option) { flag, option },
#include "adopt/external_dns.def"
};

static const struct {
	const char *path, *flag;
} values[] = {
#define VALUE(path, flag) { path, flag },
#include "adopt/values.def"
#undef VALUE
};

/* What the chart passes where the values are silent.  Up to chart 1.20 the
 * policy was upsert-only; later ones require it. */
static const struct {
	const char *flag, *value;
} chart_defaults[] = {
	{ "policy", "upsert-only" },
	{ "provider", "aws" },
	{ "source", "service" },
	{ "source", "ingress" },
};

const char *import_not_taken(struct sv flag)
{
	const char *why = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < sizeof(not_taken) / sizeof(not_taken[0]); i++) {
		struct sv row = sv_of(not_taken[i].flag);
		bool hit = sv_ends(row, SV("-")) ? sv_starts(flag, row)
						 : sv_eq(flag, row);

		if (hit && row.n > longest) {
			longest = row.n;
			why = not_taken[i].why;
		}
	}
	return why;
}

const char *import_alias(size_t i, const char **option)
{
	if (i >= sizeof(taken_as) / sizeof(taken_as[0]))
		return NULL;
	*option = taken_as[i].option;
	return taken_as[i].flag;
}

bool import_take(struct arena *mem, struct sv *name, struct sv *value)
{
	unsigned long long n;

	for (size_t i = 0; i < sizeof(taken_as) / sizeof(taken_as[0]); i++) {
		if (!sv_eq(*name, sv_of(taken_as[i].flag)))
			continue;
		*name = sv_of(taken_as[i].option);
		/* Theirs may be seconds, ours is a duration. */
		if (sv_number(*value, UINT32_MAX, &n))
			*value = arena_fmt(mem, "%llus", n);
		return true;
	}
	return false;
}

/* What every reader below needs. */
struct importer {
	struct arena *mem;
	struct diags *diags;
	struct imported *out;
	const struct node *env; /* of the container, or of the values */
};

static bool is_switch(struct sv name)
{
	size_t row = option_find(name);

	return row < option_count() && option_at(row)->type == OPTION_FLAG;
}

static bool given(const struct imported *in, struct sv name)
{
	for (size_t i = 0; i < in->flags.list.n; i++)
		if (sv_eq(in->flags.list.v[i].name, name))
			return true;
	return false;
}

/* `value` with p NULL: none. */
static void add(struct importer *im, struct sv name, struct sv value)
{
	bool negated = sv_starts(name, SV("no-"));

	(void)import_take(im->mem, &name, &value);
	*VEC_ADD(im->mem, &im->out->flags.list) =
		(struct flag){ arena_sv(im->mem,
					negated ? sv_from(name, 3) : name),
			       value, negated };
}

static struct sv env_value(const struct importer *im, struct sv name)
{
	for (size_t i = 0; i < node_len(im->env); i++) {
		const struct node *e = node_at(im->env, i);

		if (sv_eq(node_str(e, SV("name")), name))
			return node_str(e, SV("value"));
	}
	return (struct sv){ NULL, 0 };
}

/* Kubernetes puts $(NAME) of the environment in; what is not there, or comes
 * from a Secret, stays as it is. */
static struct sv expand(struct importer *im, struct sv text, struct loc at)
{
	size_t open = sv_find(text, SV("$(")), close;
	struct sv value, head, name;

	if (open == text.n)
		return text;
	head = sv_head(text, open);
	close = sv_chr(sv_from(text, open), ')');
	name = sv_head(sv_from(text, open + 2), close < 2 ? 0 : close - 2);
	value = env_value(im, name);
	if (value.p == NULL) {
		diag_warn(im->diags, DIAG_UNRESOLVED, at,
			  "$(" SV_FMT ") has no literal value here",
			  SV_ARG(name));
		return text;
	}
	return arena_fmt(im->mem, SV_FMT SV_FMT SV_FMT, SV_ARG(head),
			 SV_ARG(value),
			 SV_ARG(sv_from(text, open + close + 1)));
}

/* One argument, with `next` as its value where it has none of its own.
 * Returns how many it took. */
static size_t add_argument(struct importer *im, struct sv arg, struct sv next)
{
	size_t sign = sv_chr(arg, '=');
	struct sv name;

	if (!sv_starts(arg, SV("--")) || arg.n == 2)
		return 1; /* "external-dns" itself */
	name = (struct sv){ arg.p + 2, sign - 2 };
	if (sign < arg.n) {
		add(im, name, sv_from(arg, sign + 1));
		return 1;
	}
	if (next.p == NULL || sv_starts(next, SV("-")) || is_switch(name) ||
	    sv_starts(name, SV("no-"))) {
		add(im, name, (struct sv){ NULL, 0 });
		return 1;
	}
	add(im, name, next);
	return 2;
}

static void add_arguments(struct importer *im, const struct node *list)
{
	struct strings args = { 0 };

	for (size_t i = 0; i < node_len(list); i++) {
		const struct node *n = node_at(list, i);

		if (n->kind == NODE_SCALAR)
			*VEC_ADD(im->mem, &args.list) =
				expand(im, sv_trim(n->scalar), n->at);
	}
	for (size_t i = 0; i < args.list.n;)
		i += add_argument(im, args.list.v[i],
				  i + 1 < args.list.n ? args.list.v[i + 1]
						      : (struct sv){ NULL, 0 });
}

/* EXTERNAL_DNS_TXT_OWNER_ID is --txt-owner-id; lines are repetitions. */
static void add_environment(struct importer *im)
{
	for (size_t i = 0; i < node_len(im->env); i++) {
		const struct node *e = node_at(im->env, i);
		struct sv name = node_str(e, SV("name")), flag, line;
		struct sv rest = node_str(e, SV("value"));
		char *p;

		if (!sv_starts(name, SV("EXTERNAL_DNS_")))
			continue;
		flag = arena_lower(im->mem, sv_from(name, 13));
		p = arena_alloc(im->mem, flag.n + 1, 1);
		for (size_t k = 0; k < flag.n; k++)
			p[k] = flag.p[k] == '_' ? '-' : flag.p[k];
		flag.p = p;
		if (given(im->out, flag))
			continue; /* the command line wins */
		while (sv_cut(&rest, '\n', &line))
			add(im, flag, line);
	}
}

static bool is_external_dns(struct sv text)
{
	return sv_has(text, SV("external-dns")) ||
	       sv_has(text, SV("externaldns"));
}

static bool from_container(struct importer *im, const struct node *c)
{
	struct sv image = path_name(node_str(c, SV("image")));

	/* A webhook beside it is called external-dns-...-webhook. */
	if (sv_has(image, SV("webhook")) ||
	    !(is_external_dns(image) ||
	      sv_eq(node_str(c, SV("name")), SV("external-dns"))))
		return false;
	im->env = node_get(c, SV("env"));
	add_arguments(im, node_get(c, SV("command")));
	add_arguments(im, node_get(c, SV("args")));
	add_environment(im);
	return true;
}

static bool from_pod(struct importer *im, const struct object *o)
{
	const struct node *list =
		node_path(o->root, SV("spec.template.spec.containers"));

	for (size_t i = 0; i < node_len(list); i++)
		if (from_container(im, node_at(list, i)))
			return true;
	return false;
}

static void add_value(struct importer *im, struct sv flag, const struct node *n)
{
	if (node_is_null(n))
		return;
	if (n->kind == NODE_LIST) {
		for (size_t i = 0; i < n->items.n; i++)
			add_value(im, flag, n->items.v[i]);
		return;
	}
	if (n->kind != NODE_SCALAR || n->scalar.n == 0)
		return;
	if (n->type != SCALAR_BOOL)
		add(im, flag, n->scalar);
	else if (sv_starts(n->scalar, SV("t")) || sv_starts(n->scalar, SV("T")))
		add(im, flag, (struct sv){ NULL, 0 });
}

/* extraArgs as a map: `key: value`, `key: [a, b]`, `key: true`, `key:`. */
static void add_extra(struct importer *im, const struct node *extra)
{
	if (extra == NULL || extra->kind != NODE_MAP) {
		add_arguments(im, extra);
		return;
	}
	for (size_t i = 0; i + 1 < extra->items.n; i += 2) {
		struct sv flag = extra->items.v[i]->scalar;
		const struct node *n = extra->items.v[i + 1];

		if (node_is_null(n))
			add(im, flag, (struct sv){ NULL, 0 });
		else if (n->kind == NODE_SCALAR && n->type == SCALAR_BOOL &&
			 sv_starts(n->scalar, SV("f")))
			add(im, arena_fmt(im->mem, "no-" SV_FMT, SV_ARG(flag)),
			    (struct sv){ NULL, 0 });
		else
			add_value(im, flag, n);
	}
}

static void add_chart_defaults(struct importer *im)
{
	const size_t rows = sizeof(chart_defaults) / sizeof(chart_defaults[0]);
	struct imported before = *im->out;

	for (size_t i = 0; i < rows; i++) {
		struct sv flag = sv_of(chart_defaults[i].flag);

		if (given(&before, flag))
			continue;
		add(im, flag, sv_of(chart_defaults[i].value));
		*VEC_ADD(im->mem, &im->out->defaults.list) = flag;
	}
}

static void add_namespace(struct importer *im, const struct node *v,
			  struct sv release)
{
	const struct node *on = node_get(v, SV("namespaced"));
	struct sv from = node_str(v, SV("sourceNamespace"));

	if (on == NULL || !sv_eq(on->scalar, SV("true")))
		return;
	if (from.n == 0)
		from = release;
	if (from.n > 0)
		add(im, SV("namespace"), from);
	else
		diag_warn(im->diags, DIAG_CONFIG, on->at,
			  "namespaced: the namespace of the release is unknown "
			  "here; set it as namespace");
}

static void from_values(struct importer *im, const struct node *v,
			struct sv release)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		add_value(im, sv_of(values[i].flag),
			  node_path(v, sv_of(values[i].path)));
	add_namespace(im, v, release);
	add_extra(im, node_get(v, SV("extraArgs")));
	im->env = node_get(v, SV("env"));
	if (im->env == NULL)
		im->env = node_get(v, SV("extraEnvVars"));
	add_environment(im);
	add_chart_defaults(im);
}

static bool from_helm_release(struct importer *im, const struct object *o)
{
	const struct node *more = node_path(o->root, SV("spec.valuesFrom"));
	const struct node *v = node_path(o->root, SV("spec.values"));
	const struct node *chart = node_path(o->root, SV("spec.chart.spec"));
	struct sv target =
		node_str(node_get(o->root, SV("spec")), SV("targetNamespace"));

	if (!is_external_dns(o->name) &&
	    !is_external_dns(node_str(chart, SV("chart"))))
		return false;
	if (node_len(more) > 0)
		diag_warn(im->diags, DIAG_CONFIG, more->at,
			  "spec.valuesFrom is not read here; pass the output "
			  "of helm get values -a instead");
	from_values(im, v,
		    target.n > 0	 ? target
		    : o->namespace_given ? o->namespace
					 : SV(""));
	return true;
}

static const struct {
	const char *kind;
	bool (*read)(struct importer *im, const struct object *o);
} kinds[] = {
	{ "DaemonSet", from_pod },
	{ "Deployment", from_pod },
	{ "HelmRelease", from_helm_release },
	{ "StatefulSet", from_pod },
};

static bool from_object(struct importer *im, const struct object *o)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sv_eq(o->kind, sv_of(kinds[i].kind)) &&
		    kinds[i].read(im, o)) {
			im->out->what =
				arena_fmt(im->mem, SV_FMT " " SV_FMT "/" SV_FMT,
					  SV_ARG(o->kind), SV_ARG(o->namespace),
					  SV_ARG(o->name));
			return true;
		}
	return false;
}

static bool has_value(const struct node *root)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (node_path(root, sv_of(values[i].path)) != NULL)
			return true;
	return node_get(root, SV("extraArgs")) != NULL;
}

/* Helm values: a map that is not an object and has a key of the chart's. `helm
 * get values` puts "COMPUTED VALUES:" on top, which is one more key. */
static bool from_plain_values(struct importer *im, const struct node *root)
{
	if (root->kind != NODE_MAP || node_get(root, SV("kind")) != NULL ||
	    !has_value(root))
		return false;
	im->out->what = SV("Helm values");
	from_values(im, root, SV(""));
	return true;
}

static int first_of(struct importer *im, const struct objects *objects,
		    struct loc at)
{
	size_t found = 0;

	for (size_t i = 0; i < objects->list.n; i++) {
		struct imported keep = *im->out;

		if (!from_object(im, objects->list.v[i]) || found++ == 0)
			continue;
		diag_warn(im->diags, DIAG_CONFIG, objects->list.v[i]->at,
			  "another ExternalDNS, " SV_FMT
			  ", was left out; add it to publishers",
			  SV_ARG(im->out->what));
		*im->out = keep;
	}
	if (found == 0)
		return diag_error(im->diags, DIAG_CONFIG, at,
				  "no ExternalDNS in this file: expected a "
				  "Deployment with its image, a HelmRelease of "
				  "its chart or its Helm values");
	return 0;
}

int import_read(struct arena *mem, struct diags *d, struct sv file,
		struct sv text, struct imported *out)
{
	struct importer im = { .mem = mem, .diags = d, .out = out };
	struct documents docs = { 0 };
	struct objects objects = { 0 };
	struct loc at = { .file = file };

	*out = (struct imported){ 0 };
	if (manifest_parse(mem, d, file, text, &docs) != 0)
		return -1;
	if (docs.list.n == 1 && from_plain_values(&im, docs.list.v[0]))
		return 0;
	for (size_t i = 0; i < docs.list.n; i++)
		objects_add(mem, d, &objects, docs.list.v[i], NULL);
	return first_of(&im, &objects, at);
}
