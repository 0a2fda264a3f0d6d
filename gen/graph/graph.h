/*
 * graph.h - the way of each name: to its proxy or gateway, to the services
 * behind it.
 *
 * Shape:  nodes in three columns, edges from left to right.  A name without a
 *         proxy (a Service's own) has an edge to its service.  What is drawn
 *         is this graph, whoever draws it: the command `graph`, and the page
 *         of --report html.
 * Rule:   a name has the nodes of the objects that asked for its records
 *         (their provenance); ownership TXT records are not shown.
 * Order:  by zone and name, then by what they lead to; never by hash.
 * Owner:  `mem`; texts are borrowed from records and objects.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "manifest/manifest.h"
#include "plan/plan.h"

enum graph_column { GRAPH_NAME, GRAPH_PROXY, GRAPH_SERVICE, GRAPH_COLUMNS };

struct graph_node {
	enum graph_column column;
	struct sv title, detail;
	struct sv group;    /* zone or namespace: what folds together */
	size_t folded;	    /* nodes that this one stands for; 0: itself */
	long long position; /* in its column; the layout's own */
};

struct graph_edge {
	size_t from, to; /* indexes of nodes */
};

struct graph {
	struct arena *mem;
	VEC(struct graph_node) nodes; /* column by column */
	VEC(struct graph_edge) edges;
	struct map *index; /* of keys, while it is built */
};

struct graph_part {
	const struct plan *plan;
	const struct objects *objects; /* those that records were made of */
	struct sv zone;		       /* p NULL: every one */
	struct strings names;	       /* these and what is below; empty: all */
};

void graph_add(struct graph *g, const struct graph_part *part);

/* Order the nodes, and fold columns with more than `most`: first names and
 * services that lead the same way, then all of a zone or namespace, then the
 * rest. */
void graph_finish(struct graph *g, size_t most);

/* An SVG element; `alone`: a file of its own, with its colours. */
struct sv graph_svg(const struct graph *g, bool alone);

/* A flowchart of Mermaid's. */
struct sv graph_mermaid(const struct graph *g);

/* "3 names, 1 proxy or gateway, 2 services" */
struct sv graph_summary(const struct graph *g);

#endif
