/* The graph as SVG and as Mermaid's flowchart. */
#include "base/buf.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "graph/graph.h"

enum {
	NODE_WIDTH = 252,
	NODE_HEIGHT = 44,
	ROW = 56,
	COLUMN = 356,
	HEAD = 44,
	MARGIN = 12,
	/* Code points of 13 pixels that a node is wide enough for. */
	TITLE_CHARS = 31,
	DETAIL_CHARS = 38,
};

static const char *const heads[GRAPH_COLUMNS] = {
	[GRAPH_NAME] = "Names",
	[GRAPH_PROXY] = "Proxy or gateway",
	[GRAPH_SERVICE] = "Services",
};
static const char *const classes[GRAPH_COLUMNS] = {
	[GRAPH_NAME] = "name",
	[GRAPH_PROXY] = "proxy",
	[GRAPH_SERVICE] = "service",
};

/* Colours of a file of its own; the page has its own. */
static const char style[] =
	"<style>"
	".zl{font:13px system-ui,-apple-system,\"Segoe UI\",sans-serif}"
	".zl .bg{fill:#fff}.zl text{fill:#1f2328}"
	".zl .head{font-size:12px;font-weight:600;fill:#59636e}"
	".zl .detail{font-size:11px;fill:#59636e}"
	".zl rect{fill:#f6f8fa;stroke:#d1d9e0}"
	".zl .name rect{fill:#ddf4ff;stroke:#80ccff}"
	".zl .service rect{fill:#dafbe1;stroke:#7ed591}"
	".zl path{fill:none;stroke:#8c959f;stroke-width:1.5}"
	"@media(prefers-color-scheme:dark){"
	".zl .bg{fill:#0d1117}.zl text{fill:#f0f6fc}"
	".zl .head,.zl .detail{fill:#9198a1}"
	".zl rect{fill:#151b23;stroke:#3d444d}"
	".zl .name rect{fill:#0c2d4d;stroke:#1f6feb}"
	".zl .service rect{fill:#0f2d1a;stroke:#238636}"
	".zl path{stroke:#656c76}}"
	"</style>\n";

struct drawing {
	const struct graph *g;
	struct buf b;
	size_t *rows; /* of each node, in halves */
	size_t height;
};

static struct sv html(const struct drawing *d, struct sv s)
{
	return escape(d->g->mem, SINK_HTML, s);
}

/* The head and the tail of what is too long. */
static struct sv shorten(struct arena *mem, struct sv s, size_t most)
{
	size_t n = 0, points = 0, head = 0, step;
	uint32_t code;

	for (; n<s.n; n += step> 0 ? step : 1, points++) {
		if (points == most - 10)
			head = n;
		step = utf8_at(sv_from(s, n), &code);
	}
	if (points <= most || s.n - head < 9)
		return s;
	n = s.n - 9;
	while (n > head && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return arena_fmt(mem, SV_FMT "…" SV_FMT, SV_ARG(sv_head(s, head)),
			 SV_ARG(sv_from(s, n)));
}

/* Columns that are shorter stand in the middle. */
static void place_rows(struct drawing *d)
{
	size_t size[GRAPH_COLUMNS] = { 0 }, next[GRAPH_COLUMNS] = { 0 };
	size_t most = 1;

	for (size_t i = 0; i < d->g->nodes.n; i++)
		size[d->g->nodes.v[i].column]++;
	for (int c = 0; c < GRAPH_COLUMNS; c++)
		most = size[c] > most ? size[c] : most;
	d->rows = ARENA_ARRAY(d->g->mem, size_t, d->g->nodes.n + 1);
	for (size_t i = 0; i < d->g->nodes.n; i++) {
		enum graph_column c = d->g->nodes.v[i].column;

		d->rows[i] = most - size[c] + 2 * next[c]++;
	}
	d->height = HEAD + most * ROW + MARGIN;
}

static size_t left(const struct drawing *d, size_t i)
{
	return MARGIN + d->g->nodes.v[i].column * (size_t)COLUMN;
}

static size_t top(const struct drawing *d, size_t i)
{
	return HEAD + d->rows[i] * ROW / 2;
}

static void put_edge(struct drawing *d, const struct graph_edge *e)
{
	size_t x1 = left(d, e->from) + NODE_WIDTH, x2 = left(d, e->to);
	size_t y1 = top(d, e->from) + NODE_HEIGHT / 2;
	size_t y2 = top(d, e->to) + NODE_HEIGHT / 2;
	size_t bend = (COLUMN - NODE_WIDTH) / 2;

	buf_fmt(&d->b,
		"<path data-from=\"%zu\" data-to=\"%zu\" "
		"d=\"M%zu %zuC%zu %zu %zu %zu %zu %zu\"/>\n",
		e->from, e->to, x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2);
}

static void put_node(struct drawing *d, size_t i)
{
	const struct graph_node *n = &d->g->nodes.v[i];
	struct arena *mem = d->g->mem;
	size_t x = left(d, i), y = top(d, i);

	buf_fmt(&d->b,
		"<g class=\"%s\" data-node=\"%zu\" data-title=\"" SV_FMT
		"\" data-detail=\"" SV_FMT "\"><title>" SV_FMT " (" SV_FMT
		")</title><rect x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\" "
		"rx=\"8\"/>",
		classes[n->column], i, SV_ARG(html(d, n->title)),
		SV_ARG(html(d, n->detail)), SV_ARG(html(d, n->title)),
		SV_ARG(html(d, n->detail)), x, y, NODE_WIDTH, NODE_HEIGHT);
	buf_fmt(&d->b,
		"<text x=\"%zu\" y=\"%zu\">" SV_FMT "</text>"
		"<text class=\"detail\" x=\"%zu\" y=\"%zu\">" SV_FMT
		"</text></g>\n",
		x + 14, y + 19,
		SV_ARG(html(d, shorten(mem, n->title, TITLE_CHARS))), x + 14,
		y + 35, SV_ARG(html(d, shorten(mem, n->detail, DETAIL_CHARS))));
}

struct sv graph_svg(const struct graph *g, bool alone)
{
	struct drawing d = { .g = g, .b = { .mem = g->mem } };
	size_t width = 2 * COLUMN + NODE_WIDTH + 2 * MARGIN;

	place_rows(&d);
	buf_fmt(&d.b,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"zl\" "
		"viewBox=\"0 0 %zu %zu\" width=\"%zu\" height=\"%zu\" "
		"role=\"img\" aria-label=\"" SV_FMT "\">\n",
		width, d.height, width, d.height,
		SV_ARG(html(&d, graph_summary(g))));
	if (alone)
		buf_fmt(&d.b,
			"%s<path class=\"bg\" stroke=\"none\" "
			"d=\"M0 0H%zuV%zuH0z\"/>\n",
			style, width, d.height);
	for (size_t c = 0; c < GRAPH_COLUMNS; c++)
		buf_fmt(&d.b,
			"<text class=\"head\" x=\"%zu\" y=\"28\">%s</text>\n",
			MARGIN + c * COLUMN, heads[c]);
	for (size_t i = 0; i < g->edges.n; i++)
		put_edge(&d, &g->edges.v[i]);
	for (size_t i = 0; i < g->nodes.n; i++)
		put_node(&d, i);
	buf_fmt(&d.b, "</svg>\n");
	return buf_sv(&d.b);
}

static const char *const outlines[GRAPH_COLUMNS][2] = {
	[GRAPH_NAME] = { "[\"", "\"]" },
	[GRAPH_PROXY] = { "([\"", "\"])" },
	[GRAPH_SERVICE] = { "[[\"", "\"]]" },
};

struct sv graph_mermaid(const struct graph *g)
{
	struct buf b = { .mem = g->mem };

	buf_fmt(&b, "flowchart LR\n");
	for (size_t i = 0; i < g->nodes.n; i++) {
		const struct graph_node *n = &g->nodes.v[i];

		buf_fmt(&b, "  n%zu%s" SV_FMT "<br/>" SV_FMT "%s\n", i,
			outlines[n->column][0],
			SV_ARG(escape(g->mem, SINK_MERMAID, n->title)),
			SV_ARG(escape(g->mem, SINK_MERMAID, n->detail)),
			outlines[n->column][1]);
	}
	for (size_t i = 0; i < g->edges.n; i++)
		buf_fmt(&b, "  n%zu --> n%zu\n", g->edges.v[i].from,
			g->edges.v[i].to);
	return buf_sv(&b);
}
