#include <math.h>
#include <yaml.h>

#include "base/base64.h"
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
	enum yaml_reader dialect;
	struct sv file, text;
	uint32_t line; /* lines of the file above the text */
	yaml_parser_t yaml;
	struct map anchors;	 /* of this document, finished nodes only */
	uint32_t nodes, aliased; /* of this document */
	unsigned depth, deepest;
};

/* A merge key: what is merged, and how many items of the map stand before. */
struct merge_key {
	size_t at;
	struct node *value;
};

struct merge_keys {
	VEC(struct merge_key) list;
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

/* A pair of the map that is made, and where it came from. */
struct made_pair {
	size_t at; /* of the key among the map's items */
	bool merged;
};

/* Making one map out of what is written. */
struct making {
	struct reader *r;
	struct node *map;
	struct map seen; /* key to struct made_pair */
	size_t before;	 /* items that stand before the merge key at hand */
};

static void add_pair(struct making *m, struct node *key, struct node *value,
		     bool merged)
{
	struct made_pair *p;

	if (key->kind == NODE_SCALAR) {
		p = ARENA_NEW(m->r->mem, struct made_pair);
		*p = (struct made_pair){ m->map->items.n, merged };
		map_put(&m->seen, key->scalar, p);
	}
	*VEC_ADD(m->r->mem, &m->map->items) = key;
	*VEC_ADD(m->r->mem, &m->map->items) = value;
}

static bool same_scalar(const struct node *a, const struct node *b)
{
	return a == b || (a->kind == NODE_SCALAR && b->kind == NODE_SCALAR &&
			  a->type == b->type && sv_eq(a->scalar, b->scalar));
}

/* kubectl and kustomize read the file differently, so its author is warned. */
static void tell_overruled(struct making *m, const struct node *key,
			   const struct node *by)
{
	diag_warn(m->r->diags, DIAG_YAML_MERGE, key->at,
		  "key \"" SV_FMT "\": a merge key after it has another value, "
		  "which kubectl uses and kustomize does not; "
		  "write the key after << to keep it",
		  SV_ARG(sv_head(key->scalar, 80)));
	diag_related(m->r->diags, by->at);
}

/* Written out: over what was merged before it.  Twice written, both stay, for
 * node_check_keys() to find. */
static void take_written(struct making *m, struct node *key, struct node *value)
{
	struct made_pair *p = key->kind == NODE_SCALAR
				      ? map_get(&m->seen, key->scalar)
				      : NULL;

	if (p == NULL || !p->merged) {
		add_pair(m, key, value, false);
		return;
	}
	m->map->items.v[p->at] = key;
	m->map->items.v[p->at + 1] = value;
	p->merged = false;
}

static void take_merged(struct making *m, struct node *key, struct node *value)
{
	struct made_pair *p = key->kind == NODE_SCALAR
				      ? map_get(&m->seen, key->scalar)
				      : NULL;
	struct node **at = p != NULL ? &m->map->items.v[p->at] : NULL;

	if (p == NULL) {
		add_pair(m, key, value, true);
		return;
	}
	if (!p->merged && p->at < m->before && !same_scalar(at[1], value))
		tell_overruled(m, at[0], key);
	if (m->r->dialect != YAML_KUBECTL)
		return;
	at[0] = key;
	at[1] = value;
	p->merged = true;
}

static void merge_map(struct making *m, const struct node *from)
{
	for (size_t i = 0; i + 1 < from->items.n; i += 2)
		take_merged(m, from->items.v[i], from->items.v[i + 1]);
}

/* Of a list of maps the first that has a key counts, so kubectl, to which the
 * later one counts, takes them from the end. */
static int merge_value(struct making *m, const struct node *from)
{
	const struct node *bad = from->kind == NODE_SCALAR ? from : NULL;
	size_t n = node_len(from);

	if (from->kind == NODE_MAP) {
		merge_map(m, from);
		return 0;
	}
	for (size_t i = 0; i < n && bad == NULL; i++)
		if (node_at(from, i)->kind != NODE_MAP)
			bad = node_at(from, i);
	for (size_t i = 0; i < n && bad == NULL; i++)
		merge_map(m, node_at(from, m->r->dialect == YAML_KUBECTL
						   ? n - 1 - i
						   : i));
	if (bad == NULL)
		return 0;
	return diag_error(m->r->diags, DIAG_YAML_SYNTAX, bad->at,
			  "merge key <<: expected a map or a list of maps");
}

/* Items `from` to `to` of what is written. */
static void take_range(struct making *m, const struct node *written,
		       size_t from, size_t to)
{
	for (size_t i = from; i + 1 < to; i += 2)
		take_written(m, written->items.v[i], written->items.v[i + 1]);
}

/* In the order of the file. */
static int make_in_order(struct making *m, const struct node *written,
			 const struct merge_keys *merges)
{
	size_t at = 0;

	for (size_t i = 0; i < merges->list.n; i++) {
		take_range(m, written, at, merges->list.v[i].at);
		at = merges->list.v[i].at;
		m->before = m->map->items.n;
		if (merge_value(m, merges->list.v[i].value) < 0)
			return -1;
	}
	take_range(m, written, at, written->items.n);
	return 0;
}

/* What is written first, then what is merged, the last merge key first. */
static int make_written_first(struct making *m, const struct node *written,
			      const struct merge_keys *merges)
{
	if (m->r->dialect == YAML_KUSTOMIZE && merges->list.n > 1)
		return diag_error(m->r->diags, DIAG_YAML_SYNTAX, m->map->at,
				  "two merge keys << in one map, which "
				  "kustomize refuses; write one with a list");
	take_range(m, written, 0, written->items.n);
	for (size_t i = merges->list.n; i-- > 0;) {
		m->before = merges->list.v[i].at;
		if (merge_value(m, merges->list.v[i].value) < 0)
			return -1;
	}
	return 0;
}

static int merge_all(struct reader *r, struct node *map,
		     const struct merge_keys *merges)
{
	struct making m = { .r = r, .map = map, .seen = { .mem = r->mem } };
	struct node written = *map;

	memset(&map->items, 0, sizeof(map->items));
	return r->dialect == YAML_KUBECTL
		       ? make_in_order(&m, &written, merges)
		       : make_written_first(&m, &written, merges);
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

/* JSON has no infinities. */
static int value_ok(struct reader *r, const struct node *n)
{
	if (r->dialect == YAML_OURS || n == NULL || n->kind != NODE_SCALAR ||
	    n->type != SCALAR_FLOAT || isfinite(node_real(n)))
		return 0;
	return diag_error(r->diags, DIAG_YAML_SYNTAX, n->at,
			  "invalid number " SV_FMT ": JSON cannot hold it",
			  SV_ARG(n->scalar));
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
		if (value_ok(r, item) < 0)
			return -1;
		*VEC_ADD(r->mem, &list->items) = item;
	}
}

/* JSON has no keys but texts.  The node may hang elsewhere, by an anchor. */
static int key_text(struct reader *r, struct node **key)
{
	struct node *n = *key;
	struct sv text;

	if (r->dialect == YAML_KUBECTL && n->kind != NODE_SCALAR)
		return diag_error(r->diags, DIAG_YAML_SYNTAX, n->at,
				  "a key is a %s: expected text",
				  n->kind == NODE_MAP ? "map" : "list");
	if (r->dialect == YAML_OURS || n == NULL || n->kind != NODE_SCALAR ||
	    n->type == SCALAR_STRING)
		return 0;
	if (!scalar_key(r->mem, n->type, n->scalar, &text))
		return diag_error(r->diags, DIAG_YAML_SYNTAX, n->at,
				  "a key is null: expected text");
	*key = ARENA_NEW(r->mem, struct node);
	**key = *n;
	(*key)->type = SCALAR_STRING;
	(*key)->scalar = text;
	return 0;
}

static int read_map(struct reader *r, struct node *map)
{
	struct merge_keys merges = { 0 };

	for (;;) {
		struct node *key, *value;
		bool is_merge, ignored;

		if (read_child(r, &is_merge, &key) < 0)
			return -1;
		if (key == NULL)
			break;
		if (read_child(r, &ignored, &value) < 0 ||
		    value_ok(r, value) < 0)
			return -1;
		if (is_merge) {
			*VEC_ADD(r->mem, &merges.list) =
				(struct merge_key){ map->items.n, value };
			continue;
		}
		if (key_text(r, &key) < 0)
			return -1;
		*VEC_ADD(r->mem, &map->items) = key;
		*VEC_ADD(r->mem, &map->items) = value;
	}
	return merges.list.n > 0 ? merge_all(r, map, &merges) : 0;
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
		if (!base64_decode(r->mem, text, &n->scalar))
			return diag_error(r->diags, DIAG_YAML_SYNTAX, n->at,
					  "!!binary: expected base64");
	} else {
		n->scalar = arena_sv(r->mem, text);
	}
	if (tag.n > 0)
		n->type = scalar_tagged(r->mem, tag, n->scalar);
	else if (ev->data.scalar.plain_implicit)
		n->type = scalar_resolve(r->mem, n->scalar);
	if (r->dialect != YAML_OURS && !scalar_fits(tag, n->type))
		return diag_error(r->diags, DIAG_YAML_SYNTAX, n->at,
				  "invalid value \"" SV_FMT "\" of tag " SV_FMT,
				  SV_ARG(sv_head(n->scalar, 80)),
				  SV_ARG(sv_head(tag, 80)));
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

/* Of what stands between two `---` lines every reader takes one document: a
 * second one behind "..." or another JSON value is lost. */
static void tell_unread(struct reader *r)
{
	yaml_event_t ev = { 0 };
	bool ok = yaml_parser_parse(&r->yaml, &ev);
	yaml_mark_t at = ok ? ev.start_mark : r->yaml.problem_mark;

	if (!ok || ev.type != YAML_STREAM_END_EVENT)
		diag_warn(r->diags, DIAG_YAML_UNREAD, loc_of(r, at),
			  "nothing after this is read, as by kubectl and "
			  "kustomize; begin another document with --- on a "
			  "line of its own");
	yaml_event_delete(&ev);
}

/* True where no more is to be read. */
static bool is_last(struct reader *r, yaml_event_type_t type, bool one)
{
	if (type == YAML_DOCUMENT_END_EVENT && one)
		tell_unread(r);
	return type == YAML_STREAM_END_EVENT ||
	       (type == YAML_DOCUMENT_END_EVENT && one);
}

static int read_stream(struct reader *r, bool one, struct documents *out)
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
		if (is_last(r, type, one))
			return 0;
	}
}

/* `cat a.yaml b.yaml` leaves a mark in front of what b says; the line of the
 * separator belongs to no document. */
static struct sv without_mark(struct arena *mem, struct sv text)
{
	struct sv line = sv_head(text, sv_chr(text, '\n')), body;
	char *p;

	if (!sv_starts(line, SV("---")) || sv_trim(sv_from(line, 3)).n > 0)
		return text;
	body = sv_from(text, line.n + 1);
	if (!sv_starts(body, SV("\xef\xbb\xbf")))
		return text;
	p = arena_alloc(mem, text.n, 1);
	memcpy(p, text.p, line.n + 1);
	memcpy(p + line.n + 1, body.p + 3, body.n - 3);
	return (struct sv){ p, text.n - 3 };
}

/* What stands in front of a document: kubectl has no more for it than a
 * comment behind the dashes. */
static int check_head(struct reader *r)
{
	struct sv line = sv_head(r->text, sv_chr(r->text, '\n'));
	struct sv behind = sv_trim(sv_from(line, 3));
	struct loc at = { r->file, r->line + 1, 1 };

	if (r->dialect == YAML_OURS)
		return 0;
	if (sv_starts(line, SV("%")))
		return diag_error(r->diags, DIAG_YAML_SYNTAX, at,
				  "a directive, which neither kubectl nor "
				  "kustomize accepts; delete the line");
	if (r->dialect == YAML_KUBECTL && sv_starts(line, SV("---")) &&
	    behind.n > 0 && behind.p[0] != '#')
		return diag_error(r->diags, DIAG_YAML_SYNTAX, at,
				  "kubectl reads only a comment after ---; put "
				  "the rest on the next line");
	return 0;
}

int manifest_parse_slice(struct arena *mem, struct diags *d, struct sv file,
			 struct slice slice, struct documents *out)
{
	struct loc whole = { file, 0, 0 };
	struct reader r = { .mem = mem,
			    .diags = d,
			    .dialect = slice.reader,
			    .file = file,
			    .line = slice.line };
	int rc;

	if (slice.text.n > MAX_STDIN_BYTES)
		return diag_error(d, DIAG_YAML_LIMIT, whole,
				  "%zu bytes: at most %d are read",
				  slice.text.n, MAX_STDIN_BYTES);
	r.text = json_text(mem, without_mark(mem, slice.text));
	if (!yaml_parser_initialize(&r.yaml))
		return diag_error(d, DIAG_YAML_LIMIT, whole, "out of memory");
	yaml_parser_set_input_string(&r.yaml, (const unsigned char *)r.text.p,
				     r.text.n);
	rc = check_head(&r) < 0 ? -1 : read_stream(&r, !slice.whole, out);
	yaml_parser_delete(&r.yaml);
	return rc;
}

int manifest_parse_as(struct arena *mem, struct diags *d, struct sv file,
		      struct sv text, enum yaml_reader reader,
		      struct documents *out)
{
	struct splitter split = splitter_new(text, reader);
	struct slice slice;

	while (splitter_next(&split, &slice)) {
		if (manifest_parse_slice(mem, d, file, slice, out) < 0)
			split.broken++;
		if (split.rest.n > 0 && splitter_check(&split, d, file) < 0)
			return -1;
	}
	return split.broken > 0 ? -1 : 0;
}

int manifest_parse(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, struct documents *out)
{
	return manifest_parse_as(mem, d, file, text, YAML_KUBECTL, out);
}
