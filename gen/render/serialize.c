#include "render/serialize.h"

#include <assert.h>

#include "base/map.h"

/* A node's first byte where it was sent before. */
enum { NODE_AGAIN = 0xff };

struct writer {
	struct buf *out;
	struct map sent; /* address of a list or map: its number, from 1 */
	uintptr_t count;
};

struct reader {
	struct arena *mem;
	struct sv file, rest;
	VEC(struct node *) sent;
};

static void put_number(struct buf *b, uint32_t n)
{
	buf_add(b, (struct sv){ (const char *)&n, sizeof(n) });
}

static void put_text(struct buf *b, struct sv s)
{
	assert(s.n <= UINT32_MAX);
	put_number(b, (uint32_t)s.n);
	buf_add(b, s);
}

static struct sv take(struct reader *r, size_t n)
{
	struct sv s = sv_head(r->rest, n);

	assert(s.n == n);
	r->rest = sv_from(r->rest, n);
	return s;
}

static uint32_t get_number(struct reader *r)
{
	uint32_t n;

	memcpy(&n, take(r, sizeof(n)).p, sizeof(n));
	return n;
}

static struct sv get_text(struct reader *r)
{
	return take(r, get_number(r));
}

/* True if the list or map was sent already; else it counts as sent. */
static bool put_again(struct writer *w, const struct node *n)
{
	struct sv key = { (const char *)&n, sizeof(n) };
	const void *number = map_get(&w->sent, key);

	if (number != NULL) {
		buf_char(w->out, (char)NODE_AGAIN);
		put_number(w->out, (uint32_t)(uintptr_t)number);
		return true;
	}
	/* A number as a pointer: the map has nothing else to keep. */
	map_put(&w->sent, arena_sv(w->out->mem, key),
		(void *)++w->count); // NOLINT(performance-no-int-to-ptr)
	return false;
}

static void put_node(struct writer *w, const struct node *n)
{
	if (n->kind != NODE_SCALAR && put_again(w, n))
		return;
	buf_char(w->out, (char)((unsigned)n->kind << 4 |
				(unsigned)n->quoted << 3 | (unsigned)n->type));
	put_number(w->out, n->at.line);
	put_number(w->out, n->at.col);
	if (n->kind == NODE_SCALAR) {
		put_text(w->out, n->scalar);
		return;
	}
	put_number(w->out, n->weight);
	put_number(w->out, (uint32_t)n->items.n);
	for (size_t i = 0; i < n->items.n; i++)
		put_node(w, n->items.v[i]);
}

static struct node *get_node(struct reader *r)
{
	unsigned head = (unsigned char)take(r, 1).p[0];
	struct node *n;

	if (head == NODE_AGAIN) {
		uint32_t number = get_number(r);

		assert(number >= 1 && number <= r->sent.n);
		return r->sent.v[number - 1];
	}
	n = ARENA_NEW(r->mem, struct node);
	n->kind = (enum node_kind)(head >> 4);
	n->quoted = (head >> 3 & 1) != 0;
	n->type = (enum scalar_type)(head & 7);
	n->at.file = r->file;
	n->at.line = get_number(r);
	n->at.col = get_number(r);
	n->weight = 1;
	if (n->kind == NODE_SCALAR) {
		n->scalar = get_text(r);
		return n;
	}
	*VEC_ADD(r->mem, &r->sent) = n;
	n->weight = get_number(r);
	n->items.n = n->items.cap = get_number(r);
	if (n->items.n > 0)
		n->items.v = ARENA_ARRAY(r->mem, struct node *, n->items.n);
	for (size_t i = 0; i < n->items.n; i++)
		n->items.v[i] = get_node(r);
	return n;
}

static void put_object(struct writer *w, const struct object *o)
{
	put_text(w->out, o->api_version);
	put_text(w->out, o->kind);
	put_text(w->out, o->namespace);
	put_text(w->out, o->name);
	buf_char(w->out, (char)o->namespace_given);
	put_node(w, o->root);
}

static void get_object(struct reader *r, struct objects *out)
{
	struct object *o = ARENA_NEW(r->mem, struct object);

	object_set_version(o, get_text(r));
	o->kind = get_text(r);
	o->namespace = get_text(r);
	o->name = get_text(r);
	o->namespace_given = take(r, 1).p[0] != 0;
	o->root = get_node(r);
	o->at = o->root->at;
	*VEC_ADD(r->mem, &out->list) = o;
}

static void put_loc(struct buf *b, struct loc at)
{
	put_text(b, at.file);
	put_number(b, at.line);
	put_number(b, at.col);
}

static struct loc get_loc(struct reader *r)
{
	struct loc at = { .file = get_text(r) };

	at.line = get_number(r);
	at.col = get_number(r);
	return at;
}

static void put_diag(struct buf *b, const struct diag *m)
{
	put_number(b, (uint32_t)m->code);
	put_number(b, (uint32_t)m->severity);
	put_loc(b, m->at);
	put_loc(b, m->related);
	put_text(b, m->text);
}

static void get_diag(struct reader *r, struct diags *out)
{
	enum diag_code code = (enum diag_code)get_number(r);
	enum diag_severity severity = (enum diag_severity)get_number(r);
	struct loc at = get_loc(r), related = get_loc(r);
	struct sv text = get_text(r);

	diag_file(out, code, severity, at, SV_FMT, SV_ARG(text));
	if (related.line > 0)
		diag_related(out, related);
}

bool file_read_empty(const struct file_read *r)
{
	return r->diags.list.n == 0 && r->objects.list.n == 0 &&
	       r->stats.candidates == 0;
}

void serialize_write(struct buf *out, const struct file_read *r)
{
	struct writer w = { .out = out, .sent = { .mem = out->mem } };

	buf_add(out, (struct sv){ (const char *)&r->stats, sizeof(r->stats) });
	put_number(out, (uint32_t)r->diags.list.n);
	for (size_t i = 0; i < r->diags.list.n; i++)
		put_diag(out, &r->diags.list.v[i]);
	put_number(out, (uint32_t)r->objects.list.n);
	for (size_t i = 0; i < r->objects.list.n; i++)
		put_object(&w, r->objects.list.v[i]);
}

void serialize_read(struct arena *mem, struct sv file, struct sv bytes,
		    struct file_read *out)
{
	struct reader r = { .mem = mem,
			    .file = file,
			    .rest = arena_sv(mem, bytes) };

	memcpy(&out->stats, take(&r, sizeof(out->stats)).p, sizeof(out->stats));
	for (uint32_t n = get_number(&r); n > 0; n--)
		get_diag(&r, &out->diags);
	for (uint32_t n = get_number(&r); n > 0; n--)
		get_object(&r, &out->objects);
	assert(r.rest.n == 0);
}
