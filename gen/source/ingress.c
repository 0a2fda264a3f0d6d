/* Ingress: rules, TLS hosts and annotations name the hosts; the status of the
 * load balancer, where it is in git, the target. */
#include "source/annotation.h"
#include "source/state.h"

/* Which of the names an annotation asks for; both when there is none. */
struct host_choice {
	bool defined, annotated;
};

static struct host_choice choose_hosts(struct object_ctx *s)
{
	const struct node *n = annotation_node(s->ctx, s->object,
					       SV("ingress-hostname-source"));
	struct sv text;

	if (n == NULL)
		return (struct host_choice){ true, true };
	text = n->kind == NODE_SCALAR ? n->scalar : SV("");
	if (sv_case_eq(text, SV("defined-hosts-only")))
		return (struct host_choice){ .defined = true };
	if (sv_case_eq(text, SV("annotation-only")))
		return (struct host_choice){ .annotated = true };
	diag_warn(s->ctx->diags, DIAG_ANNOTATION, n->at,
		  SV_FMT
		  ": invalid annotation ingress-hostname-source \"" SV_FMT
		  "\": expected \"defined-hosts-only\" or \"annotation-only\"; "
		  "no hosts are read",
		  SV_ARG(s->label), SV_ARG(text));
	return (struct host_choice){ false, false };
}

static void names_of_rules(struct object_ctx *s)
{
	const struct node *rules = node_path(s->object->root, SV("spec.rules"));

	for (size_t i = 0; i < node_len(rules); i++)
		object_ctx_name(s, node_get(node_at(rules, i), SV("host")),
				"spec.rules[].host");
}

static void names_of_tls(struct object_ctx *s)
{
	const struct node *tls = node_path(s->object->root, SV("spec.tls"));

	for (size_t i = 0; i < node_len(tls); i++) {
		const struct node *hosts =
			node_get(node_at(tls, i), SV("hosts"));

		for (size_t k = 0; k < node_len(hosts); k++)
			object_ctx_name(s, node_at(hosts, k),
					"spec.tls[].hosts[]");
	}
}

static struct sv class_of(const struct object *o)
{
	struct sv class =
		node_str(node_get(o->root, SV("spec")), SV("ingressClassName"));
	const struct node *n;

	if (class.n > 0)
		return class;
	n = annotation_raw(o, SV("kubernetes.io/ingress.class"));
	return n != NULL && n->kind == NODE_SCALAR ? n->scalar : SV("");
}

/* An object without any class matches no filter, not even an empty one. */
static bool class_selected(struct object_ctx *s)
{
	const struct strings *want = &s->ctx->publisher->opt.ingress_class;
	struct sv class = class_of(s->object);

	if (want->list.n == 0)
		return true;
	if (class.n == 0 &&
	    annotation_raw(s->object, SV("kubernetes.io/ingress.class")) ==
		    NULL)
		return false;
	return strings_has(want, class);
}

static bool asks_for(const struct object_ctx *s, struct sv name)
{
	for (size_t i = 0; i < s->names.list.n; i++)
		if (sv_case_eq(s->names.list.v[i].text, name))
			return true;
	return false;
}

/* A name that ingress-nginx serves and nothing publishes. */
static void hint(struct object_ctx *s, struct loc at, const char *key,
		 struct sv name)
{
	if (name.n == 0 || asks_for(s, name))
		return;
	diag_warn(
		s->ctx->diags, DIAG_ANNOTATION, at,
		SV_FMT
		": annotation %s makes ingress-nginx serve \"" SV_FMT
		"\" too, which has no record; add it to the annotation " SV_FMT
		"hostname to publish it",
		SV_ARG(s->label), key, SV_ARG(name),
		SV_ARG(s->ctx->state->prefixes[0]));
}

/* server-alias: a comma list; "~" begins a regular expression. */
static void hint_aliases(struct object_ctx *s)
{
	static const char key[] = "nginx.ingress.kubernetes.io/server-alias";
	const struct node *n = annotation_raw(s->object, sv_of(key));
	struct sv rest = n != NULL ? n->scalar : (struct sv){ 0 }, alias;

	while (sv_cut(&rest, ',', &alias)) {
		alias = sv_trim(alias);
		if (!sv_starts(alias, SV("~")))
			hint(s, n->at, key, alias);
	}
}

/* from-to-www-redirect: whoever asks for one of both names is sent to the one
 * that has a rule. */
static void hint_www(struct object_ctx *s)
{
	static const char key[] =
		"nginx.ingress.kubernetes.io/from-to-www-redirect";
	const struct node *n = annotation_raw(s->object, sv_of(key));
	const struct node *rules = node_path(s->object->root, SV("spec.rules"));

	if (n == NULL || !sv_eq(n->scalar, SV("true")))
		return;
	for (size_t i = 0; i < node_len(rules); i++) {
		struct sv host = node_str(node_at(rules, i), SV("host"));

		if (host.n == 0 || sv_starts(host, SV("*")))
			continue;
		if (sv_starts(host, SV("www.")))
			hint(s, n->at, key, sv_from(host, 4));
		else
			hint(s, n->at, key,
			     arena_fmt(s->ctx->mem, "www." SV_FMT,
				       SV_ARG(host)));
	}
}

static void ingress_one(struct object_ctx *s)
{
	const struct options *opt = &s->ctx->publisher->opt;
	struct host_choice from;

	if (!class_selected(s))
		return;
	from = choose_hosts(s);
	if (from.defined && !opt->ignore_ingress_rules_spec)
		names_of_rules(s);
	if (from.defined && !opt->ignore_ingress_tls_spec)
		names_of_tls(s);
	if (from.annotated && !opt->ignore_hostname_annotation)
		object_ctx_names_annotation(s, SV("hostname"),
					    "annotation hostname");
	if (!s->ctx->config->compat) {
		hint_aliases(s);
		hint_www(s);
	}
	targets_annotation(s, s->object);
	targets_rules(s, SV(""), class_of(s->object));
	targets_status(s, s->object, "status.loadBalancer.ingress");
	(void)object_ctx_templates(s, object_ctx_publish(s));
}

static int ingress_read(struct source_ctx *ctx, const struct source *self)
{
	return source_each(ctx, self, SV("ingress"), ingress_one);
}

const struct source source_ingress = {
	.flag = "ingress",
	.by_default = true,
	.group = "networking.k8s.io",
	.kind = "Ingress",
	.read = ingress_read,
};
