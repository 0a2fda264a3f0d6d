#include <yaml.h>

#include "base/limits.h"
#include "base/map.h"
#include "manifest/manifest.h"
#include "manifest/scalar.h"

struct anchor {
	struct node *node;
	unsigned height; /* levels in it, aliases followed */
};

struct reader {
	struct arena *mem;
	struct diags *diags;
	struct sv file, text;
	uint32_t line; /* lines of the file above the text */
	yaml_parser_t yaml;
	struct map anchors;	 /* of this document, finished nodes only */
	uint32_t nodes, aliased; /* of this document */
	unsigned depth, deepest;
};

/* What lies between the start and the end event of a map. */
struct pairs_read {
	struct node *map;
	VEC(struct node *) merged; /* values of `<<` */
};

static int read_node(struct reader *r, yaml_event_t *ev, struct node **out);

/* libyaml counts lines and columns from 0, in code points. */
static struct loc loc_of(const struct reader *r, yaml_mark_t m)
{
	return (struct loc){ r->file, r->line + (uint32_t)m.line + 1,
			     (uint32_t)m.column + 1 };
}

/* For a bad byte libyaml leaves the mark at 0:0 and gives a byte offset. */
static struct loc loc_of_byte(const struct reader *r, size_t offset)
{
	struct loc at = { r->file, r->line + 1, 1 };
	bool wide = r->yaml.encoding == YAML_UTF16LE_ENCODING ||
		    r->yaml.encoding == YAML_UTF16BE_ENCODING;

	for (size_t i = 0; i < offset && i < r->text.n; i++) {
		unsigned char c = (unsigned char)r->text.p[i];

		if (c == '\n' || (c == '\r' && i + 1 < r->text.n &&
				  r->text.p[i + 1] != '\n' && !wide)) {
			at.line++;
			at.col = 1;
		} else if (wide ? i % 2 == 0 : (c & 0xc0) != 0x80) {
			at.col++; /* not inside a code point */
		}
	}
	return at;
}

static int syntax_error(struct reader *r)
{
	const yaml_parser_t *y = &r->yaml;
	const char *problem = y->problem ? y->problem : "cannot be read";

	if (y->error == YAML_READER_ERROR)
		return diag_error(r->diags, DIAG_YAML_SYNTAX,
				  loc_of_byte(r, y->problem_offset), "%s",
				  problem);
	if (y->context == NULL)
		return diag_error(r->diags, DIAG_YAML_SYNTAX,
				  loc_of(r, y->problem_mark), "%s", problem);
	/* The mark of an unclosed "{" is the end of the file; what the author
	 * needs is where it was opened. */
	return diag_error(r->diags, DIAG_YAML_SYNTAX,
			  loc_of(r, y->problem_mark),
			  "%s %s that began in line %u", problem, y->context,
			  loc_of(r, y->context_mark).line);
}

static int next_event(struct reader *r, yaml_event_t *ev)
{
	return yaml_parser_parse(&r->yaml, ev) ? 0 : syntax_error(r);
}

static int count_nodes(struct reader *r, uint32_t more, struct loc at)
{
	if (more > MAX_YAML_NODES - r->nodes)
		return diag_error(r->diags, DIAG_YAML_LIMIT, at,
				  "more than %d nodes in one document",
				  MAX_YAML_NODES);
	r->nodes += more;
	return 0;
}

static int count_aliased(struct reader *r, const struct anchor *a,
			 struct loc at)
{
	if (a->node->weight > MAX_YAML_ALIASED - r->aliased)
		return diag_error(r->diags, DIAG_YAML_LIMIT, at,
				  "aliases add more than %d nodes",
				  MAX_YAML_ALIASED);
	if (r->depth + a->height > MAX_YAML_DEPTH)
		return diag_error(r->diags, DIAG_YAML_LIMIT, at,
				  "nested deeper than %d by aliases",
				  MAX_YAML_DEPTH);
	if (r->depth + a->height > r->deepest)
		r->deepest = r->depth + a->height;
	r->aliased += a->node->weight;
	return count_nodes(r, a->node->weight, at);
}

/*
 * An alias costs no memory but counts with its whole subtree, so that nine
 * times nine times nine ends at the limit.  A node is an anchor only once it
 * is finished, so that no alias can point into itself.
 */
static int read_alias(struct reader *r, const yaml_event_t *ev,
		      struct node **out)
{
	struct sv name = sv_of((const char *)ev->data.alias.anchor);
	struct loc at = loc_of(r, ev->start_mark);
	const struct anchor *a = map_get(&r->anchors, name);

	if (a == NULL)
		return diag_error(r->diags, DIAG_YAML_SYNTAX, at,
				  "alias *" SV_FMT " has no anchor before it",
				  SV_ARG(name));
	*out = a->node;
	if (a->node->kind == NODE_SCALAR) {
		/* Blame the use, not the anchor: that is the line its author
		 * must edit. */
		*out = ARENA_NEW(r->mem, struct node);
		**out = *a->node;
		(*out)->at = at;
	}
	return count_aliased(r, a, at);
}

/* The last of two anchors of one name counts from there on (YAML 1.2 7.1). */
static void add_anchor(struct reader *r, const unsigned char *name,
		       struct node *n, unsigned height)
{
	struct anchor *a;

	if (name == NULL)
		return;
	a = ARENA_NEW(r->mem, struct anchor);
	a->node = n;
	a->height = height;
	map_put(&r->anchors, arena_sv(r->mem, sv_of((const char *)name)), a);
}

/* Pairs of `from` whose keys are not there yet: explicit ones win. */
static void merge_map(struct reader *r, struct node *map, struct map *seen,
		      const struct node *from)
{
	for (size_t i = 0; i + 1 < from->items.n; i += 2) {
		struct node *key = from->items.v[i];

		if (key->kind == NODE_SCALAR) {
			if (map_get(seen, key->scalar) != NULL)
				continue;
			map_put(seen, key->scalar, key);
		}
		*VEC_ADD(r->mem, &map->items) = key;
		*VEC_ADD(r->mem, &map->items) = from->items.v[i + 1];
	}
}

static int merge_value(struct reader *r, struct node *map, struct map *seen,
		       const struct node *from)
{
	const struct node *bad = from;

	if (from->kind == NODE_MAP) {
		merge_map(r, map, seen, from);
		return 0;
	}
	for (size_t i = 0; i < node_len(from); i++) {
		bad = node_at(from, i);
		if (bad->kind != NODE_MAP)
			break;
		merge_map(r, map, seen, bad);
		bad = NULL;
	}
	if (bad == NULL || (from->kind == NODE_LIST && from->items.n == 0))
		return 0;
	return diag_error(r->diags, DIAG_YAML_SYNTAX, bad->at,
			  "merge key <<: a map or a list of maps is wanted");
}

static int merge_all(struct reader *r, struct pairs_read *p)
{
	struct map seen = { .mem = r->mem };

	if (p->merged.n == 0)
		return 0;
	for (size_t i = 0; i + 1 < p->map->items.n; i += 2)
		if (p->map->items.v[i]->kind == NODE_SCALAR)
			map_put(&seen, p->map->items.v[i]->scalar,
				p->map->items.v[i]);
	for (size_t i = p->merged.n; i-- > 0;)
		if (merge_value(r, p->map, &seen, p->merged.v[i]) < 0)
			return -1;
	return 0;
}

static bool is_merge_key(const yaml_event_t *ev)
{
	const char *tag = (const char *)ev->data.scalar.tag;

	return ev->type == YAML_SCALAR_EVENT && ev->data.scalar.length == 2 &&
	       memcmp(ev->data.scalar.value, "<<", 2) == 0 &&
	       (ev->data.scalar.plain_implicit ||
		(tag != NULL && strcmp(tag, "tag:yaml.org,2002:merge") == 0));
}

/* The next child of a collection; *out is NULL at its end. */
static int read_child(struct reader *r, bool *is_merge, struct node **out)
{
	yaml_event_t ev;
	int rc = 0;

	if (next_event(r, &ev) < 0)
		return -1;
	*out = NULL;
	*is_merge = is_merge_key(&ev);
	if (ev.type != YAML_SEQUENCE_END_EVENT &&
	    ev.type != YAML_MAPPING_END_EVENT)
		rc = read_node(r, &ev, out);
	yaml_event_delete(&ev);
	return rc;
}

static int read_list(struct reader *r, struct node *list)
{
	for (;;) {
		struct node *item;
		bool is_merge;

		if (read_child(r, &is_merge, &item) < 0)
			return -1;
		if (item == NULL)
			return 0;
		*VEC_ADD(r->mem, &list->items) = item;
	}
}

static int read_map(struct reader *r, struct node *map)
{
	struct pairs_read p = { .map = map };

	for (;;) {
		struct node *key, *value;
		bool is_merge, ignored;

		if (read_child(r, &is_merge, &key) < 0)
			return -1;
		if (key == NULL)
			return merge_all(r, &p);
		if (read_child(r, &ignored, &value) < 0)
			return -1;
		if (is_merge) {
			*VEC_ADD(r->mem, &p.merged) = value;
			continue;
		}
		*VEC_ADD(r->mem, &map->items) = key;
		*VEC_ADD(r->mem, &map->items) = value;
	}
}

static int read_collection(struct reader *r, struct node *n,
			   const unsigned char *anchor)
{
	uint32_t before = r->nodes;
	unsigned outer = r->deepest;

	if (++r->depth > MAX_YAML_DEPTH)
		return diag_error(r->diags, DIAG_YAML_LIMIT, n->at,
				  "nested deeper than %d", MAX_YAML_DEPTH);
	r->deepest = r->depth;
	if ((n->kind == NODE_LIST ? read_list(r, n) : read_map(r, n)) < 0)
		return -1;
	r->depth--;
	n->weight += r->nodes - before;
	add_anchor(r, anchor, n, r->deepest - r->depth);
	if (r->deepest < outer)
		r->deepest = outer;
	return 0;
}

static int read_scalar(struct reader *r, const yaml_event_t *ev, struct node *n)
{
	struct sv text = { (const char *)ev->data.scalar.value,
			   ev->data.scalar.length };
	struct sv tag = sv_of((const char *)ev->data.scalar.tag);

	n->kind = NODE_SCALAR;
	n->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (sv_eq(tag, SV("tag:yaml.org,2002:binary"))) {
		if (!scalar_binary(r->mem, text, &n->scalar))
			return diag_error(r->diags, DIAG_YAML_SYNTAX, n->at,
					  "!!binary: base64 is wanted");
	} else {
		n->scalar = arena_sv(r->mem, text);
	}
	if (tag.n > 0)
		n->type = scalar_tagged(r->mem, tag, n->scalar);
	else if (ev->data.scalar.plain_implicit)
		n->type = scalar_resolve(r->mem, n->scalar);
	add_anchor(r, ev->data.scalar.anchor, n, 0);
	return 0;
}

static int read_node(struct reader *r, yaml_event_t *ev, struct node **out)
{
	struct node *n;

	if (ev->type == YAML_ALIAS_EVENT)
		return read_alias(r, ev, out);
	*out = n = ARENA_NEW(r->mem, struct node);
	n->at = loc_of(r, ev->start_mark);
	n->weight = 1;
	if (count_nodes(r, 1, n->at) < 0)
		return -1;
	if (ev->type == YAML_SEQUENCE_START_EVENT) {
		n->kind = NODE_LIST;
		return read_collection(r, n, ev->data.sequence_start.anchor);
	}
	if (ev->type == YAML_MAPPING_START_EVENT) {
		n->kind = NODE_MAP;
		return read_collection(r, n, ev->data.mapping_start.anchor);
	}
	return read_scalar(r, ev, n);
}

static int read_document(struct reader *r, yaml_event_t *ev,
			 struct documents *out)
{
	struct node *root;

	r->nodes = r->aliased = 0;
	r->depth = r->deepest = 0;
	r->anchors = (struct map){ .mem = r->mem };
	if (read_node(r, ev, &root) < 0)
		return -1;
	if (out->list.n >= MAX_DOCUMENTS)
		return diag_error(r->diags, DIAG_YAML_LIMIT, root->at,
				  "more than %d documents", MAX_DOCUMENTS);
	*VEC_ADD(r->mem, &out->list) = root;
	return 0;
}

static int read_stream(struct reader *r, struct documents *out)
{
	for (;;) {
		yaml_event_t ev;
		yaml_event_type_t type;
		int rc = 0;

		if (next_event(r, &ev) < 0)
			return -1;
		type = ev.type;
		if (type != YAML_STREAM_START_EVENT &&
		    type != YAML_STREAM_END_EVENT &&
		    type != YAML_DOCUMENT_START_EVENT &&
		    type != YAML_DOCUMENT_END_EVENT)
			rc = read_document(r, &ev, out);
		yaml_event_delete(&ev);
		if (rc < 0)
			return -1;
		if (type == YAML_STREAM_END_EVENT)
			return 0;
	}
}

int manifest_parse_slice(struct arena *mem, struct diags *d, struct sv file,
			 struct slice slice, struct documents *out)
{
	struct loc whole = { file, 0, 0 };
	struct reader r = { .mem = mem,
			    .diags = d,
			    .file = file,
			    .text = json_text(mem, slice.text),
			    .line = slice.line };
	int rc;

	if (slice.text.n > MAX_STDIN_BYTES)
		return diag_error(d, DIAG_YAML_LIMIT, whole,
				  "%zu bytes, at most %d are read",
				  slice.text.n, MAX_STDIN_BYTES);
	if (!yaml_parser_initialize(&r.yaml))
		return diag_error(d, DIAG_YAML_LIMIT, whole, "out of memory");
	yaml_parser_set_input_string(&r.yaml, (const unsigned char *)r.text.p,
				     r.text.n);
	rc = read_stream(&r, out);
	yaml_parser_delete(&r.yaml);
	return rc;
}

int manifest_parse(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, struct documents *out)
{
	struct splitter split = splitter_new(text);
	struct slice slice;

	while (splitter_next(&split, &slice)) {
		if (manifest_parse_slice(mem, d, file, slice, out) < 0)
			split.broken++;
		if (split.rest.n > 0 && splitter_check(&split, d, file) < 0)
			return -1;
	}
	return split.broken > 0 ? -1 : 0;
}
