/* zoneloom graph: names, to proxy or gateway, to services. */
#include "cli/cli.h"
#include "graph/graph.h"

/* Nodes of a column that a screen still shows. */
enum { GRAPH_NODES = 60 };

static struct sv draw_svg(const struct graph *g)
{
	return graph_svg(g, true);
}

static const struct {
	const char *name;
	struct sv (*draw)(const struct graph *g);
} forms[] = {
	{ "mermaid", graph_mermaid },
	{ "svg", draw_svg },
};

static int print_graph(struct cli_ctx *c, const struct graph *g)
{
	struct sv form =
		cli_has(c, "output") ? cli_flag(c, "output") : SV("svg");

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (sv_eq(form, sv_of(forms[i].name))) {
			print_whole(stdout, forms[i].draw(g));
			return 0;
		}
	return diag_error(
		&c->s.diags, DIAG_USAGE, NOWHERE,
		"invalid -o \"" SV_FMT "\": expected svg or mermaid%s",
		SV_ARG(form), did_you_mean(c->s.mem, form, SV("svg mermaid")));
}

static int graph(struct cli_ctx *c)
{
	struct graph g = { .mem = c->s.mem };
	struct graph_part part = { 0 };
	struct derived d;

	if (derive(&c->s, &d) < 0)
		return cli_status(c, EXIT_ENV);
	confine(&c->s);
	part.plan = &d.plan;
	part.objects = &d.objects;
	for (size_t i = 0; i < c->cli_flags.list.n; i++)
		if (sv_eq(c->cli_flags.list.v[i].name, SV("name")))
			*VEC_ADD(c->s.mem, &part.names.list) =
				dname_strip_dot(c->cli_flags.list.v[i].value);
	if (cli_has(c, "zone"))
		part.zone = cli_flag(c, "zone");
	graph_add(&g, &part);
	graph_finish(&g, GRAPH_NODES);
	if (print_graph(c, &g) < 0)
		return EXIT_USAGE;
	return cli_status(c, EXIT_SAME);
}

int cmd_graph(struct cli_ctx *c)
{
	int rc;

	c->opt.paths = c->args;
	rc = cli_open(c);
	if (rc == 0)
		rc = graph(c);
	diags_sort(&c->s.diags);
	held_release(c->held);
	cli_report(c);
	return rc;
}
