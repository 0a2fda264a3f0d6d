#include "render/kustomize/patch.h"

#include "base/buf.h"
#include "base/limits.h"

struct node *patch_get(const struct node *map, struct sv key)
{
	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	/* The last of two equal keys counts, as sigs.k8s.io/yaml has it. */
	for (size_t i = map->items.n; i >= 2; i -= 2)
		if (map->items.v[i - 2]->kind == NODE_SCALAR &&
		    sv_eq(map->items.v[i - 2]->scalar, key))
			return map->items.v[i - 1];
	return NULL;
}

struct node *patch_str(struct arena *mem, struct loc at, struct sv text,
		       const struct node *was)
{
	struct node *n = node_new_str(mem, at, text);

	n->was = was;
	return n;
}

static struct node *empty_like(struct arena *mem, const struct node *n,
			       enum node_kind kind, struct loc at)
{
	struct node *copy = ARENA_NEW(mem, struct node);

	copy->kind = kind;
	copy->weight = 1;
	copy->at = n != NULL ? n->at : at;
	return copy;
}

static void push(struct arena *mem, struct node *to, struct node *item)
{
	*VEC_ADD(mem, &to->items) = item;
	/* A patch may hang a tree below itself, and so double it each time. */
	if (__builtin_add_overflow(to->weight, item->weight, &to->weight))
		to->weight = UINT32_MAX;
}

struct node *patch_with(struct arena *mem, struct node *map, struct sv key,
			struct node *value)
{
	struct node *copy = empty_like(mem, map, NODE_MAP,
				       value != NULL ? value->at : NOWHERE);
	size_t n = map != NULL && map->kind == NODE_MAP ? map->items.n : 0;
	bool done = false;

	for (size_t i = 0; i + 1 < n; i += 2) {
		struct node *k = map->items.v[i];
		bool hit = k->kind == NODE_SCALAR && sv_eq(k->scalar, key);

		if (hit && (done || value == NULL))
			continue;
		push(mem, copy, k);
		push(mem, copy, hit ? value : map->items.v[i + 1]);
		done = done || hit;
	}
	if (!done && value != NULL) {
		push(mem, copy, node_new_str(mem, value->at, key));
		push(mem, copy, value);
	}
	return copy;
}

struct node *patch_with_in(struct arena *mem, struct node *root,
			   struct sv outer, struct sv key, struct node *value)
{
	struct node *map = patch_get(root, outer);

	return patch_with(mem, root, outer, patch_with(mem, map, key, value));
}

/* Lists that merge by a key, of the kinds that end up in records. */
static const struct {
	const char *kind, *path, *key;
} merge_keys[] = {
	{ "Node", "status.addresses", "type" },
	{ "Pod", "spec.containers", "name" },
	{ "Service", "spec.ports", "port" },
	{ "Service", "status.conditions", "type" },
};

static const char *merge_key(const struct patch *p, struct sv path)
{
	size_t n = sizeof(merge_keys) / sizeof(merge_keys[0]);

	for (size_t i = 0; i < n; i++)
		if (sv_eq(p->kind, sv_of(merge_keys[i].kind)) &&
		    sv_eq(path, sv_of(merge_keys[i].path)))
			return merge_keys[i].key;
	return NULL;
}

enum directive { PATCH_MERGE, PATCH_DELETE, PATCH_REPLACE };

static const char *directive(const struct node *change, enum directive *out)
{
	struct sv word = node_str(change, SV("$patch"));

	*out = PATCH_MERGE;
	if (sv_eq(word, SV("delete")))
		*out = PATCH_DELETE;
	else if (sv_eq(word, SV("replace")))
		*out = PATCH_REPLACE;
	else if (word.n > 0 && !sv_eq(word, SV("merge")))
		return "invalid $patch: expected delete, merge or replace";
	return NULL;
}

/* What a patch adds: without its directives and nulls. */
static struct node *plain(struct patch *p, struct node *change, unsigned depth)
{
	struct node *copy;

	if (change->kind != NODE_MAP || depth > MAX_YAML_DEPTH)
		return change;
	copy = empty_like(p->mem, change, NODE_MAP, change->at);
	for (size_t i = 0; i + 1 < change->items.n; i += 2) {
		struct node *k = change->items.v[i];
		struct node *v = change->items.v[i + 1];

		if (node_is_null(v) || sv_eq(k->scalar, SV("$patch")))
			continue;
		push(p->mem, copy, k);
		push(p->mem, copy, plain(p, v, depth + 1));
	}
	return copy;
}

static const char *merge(struct patch *p, struct node *have,
			 struct node *change, struct sv path, unsigned depth,
			 struct node **out);

static struct node *find_keyed(const struct node *list, struct sv key,
			       struct sv value)
{
	for (size_t i = 0; i < list->items.n; i++)
		if (sv_eq(node_str(list->items.v[i], key), value))
			return list->items.v[i];
	return NULL;
}

/* Items that the patch brings come first, as kustomize has it. */
static const char *merge_list(struct patch *p, struct node *have,
			      struct node *change, struct sv key,
			      struct sv path, unsigned depth, struct node **out)
{
	struct node *list = empty_like(p->mem, have, NODE_LIST, change->at);
	const char *why;

	p->work += have->items.n * change->items.n;
	if (p->work > MAX_PATCH_WORK)
		return "the patch takes too much work";

	for (size_t i = 0; i < change->items.n; i++) {
		struct node *item = change->items.v[i];
		enum directive d;

		why = directive(item, &d);
		if (why != NULL)
			return why;
		if (d != PATCH_DELETE &&
		    find_keyed(have, key, node_str(item, key)) == NULL)
			push(p->mem, list, plain(p, item, depth));
	}
	for (size_t i = 0; i < have->items.n; i++) {
		struct node *item = have->items.v[i], *merged = item;
		struct node *mine =
			find_keyed(change, key, node_str(item, key));

		if (mine != NULL) {
			why = merge(p, item, mine, path, depth + 1, &merged);
			if (why != NULL)
				return why;
		}
		if (merged != NULL)
			push(p->mem, list, merged);
	}
	*out = list;
	return NULL;
}

static struct sv join(struct patch *p, struct sv path, struct sv key)
{
	if (path.n == 0)
		return key;
	return arena_fmt(p->mem, SV_FMT "." SV_FMT, SV_ARG(path), SV_ARG(key));
}

static const char *merge_map(struct patch *p, struct node *have,
			     struct node *change, struct sv path,
			     unsigned depth, struct node **out)
{
	for (size_t i = 0; i + 1 < change->items.n; i += 2) {
		struct sv key = change->items.v[i]->scalar;
		struct node *merged = NULL, *v = change->items.v[i + 1];
		const char *why;

		if (sv_eq(key, SV("$patch")))
			continue;
		why = merge(p, patch_get(have, key), v, join(p, path, key),
			    depth + 1, &merged);
		if (why != NULL)
			return why;
		p->work += have->items.n;
		have = patch_with(p->mem, have, key, merged);
	}
	*out = have;
	return NULL;
}

static struct node *replaced(struct patch *p, struct node *have,
			     struct node *change)
{
	struct node *copy;

	if (change->kind != NODE_SCALAR || have == NULL)
		return change;
	copy = empty_like(p->mem, change, NODE_SCALAR, change->at);
	copy->type = change->type;
	copy->quoted = change->quoted;
	copy->scalar = change->scalar;
	copy->was = have->kind == NODE_SCALAR ? have : NULL;
	return copy;
}

static const char *merge(struct patch *p, struct node *have,
			 struct node *change, struct sv path, unsigned depth,
			 struct node **out)
{
	const char *key, *why;
	enum directive d;

	*out = NULL;
	p->blame = change;
	if (depth > MAX_YAML_DEPTH)
		return "the patch is nested too deeply";
	if (p->work > MAX_PATCH_WORK)
		return "the patch takes too much work";
	if (node_is_null(change))
		return NULL;
	why = directive(change, &d);
	if (why != NULL || d == PATCH_DELETE)
		return why;
	if (d == PATCH_REPLACE || node_is_null(have)) {
		*out = plain(p, change, depth);
		return NULL;
	}
	if (have->kind != change->kind)
		return "the patch and the object differ in kind: cannot merge "
		       "a map, a list and a scalar";
	if (change->kind == NODE_MAP)
		return merge_map(p, have, change, path, depth, out);
	key = change->kind == NODE_LIST ? merge_key(p, path) : NULL;
	if (key != NULL)
		return merge_list(p, have, change, sv_of(key), path, depth,
				  out);
	*out = replaced(p, have, change);
	return NULL;
}

static const char *check_size(const struct node *before,
			      const struct node *after)
{
	if (after != NULL && after->weight > before->weight &&
	    after->weight - before->weight > MAX_YAML_ALIASED)
		return "the patch makes the object too large";
	return NULL;
}

const char *patch_merge(struct patch *p, struct node *have, struct node *change,
			struct node **out)
{
	const char *why = merge(p, have, change, SV(""), 0, out);

	return why != NULL ? why : check_size(have, *out);
}

/* One step of a JSON pointer: "~1" is "/", "~0" is "~". */
static struct sv unescape(struct arena *mem, struct sv part)
{
	struct buf b = { .mem = mem };

	if (sv_chr(part, '~') == part.n)
		return part;
	for (size_t i = 0; i < part.n; i++) {
		char next = i + 1 < part.n ? part.p[i + 1] : '\0';

		if (part.p[i] == '~' && (next == '0' || next == '1')) {
			buf_char(&b, next == '0' ? '~' : '/');
			i++;
		} else {
			buf_char(&b, part.p[i]);
		}
	}
	return buf_sv(&b);
}

/* Where in `list`, `room` places behind its end included; "-" is the last of
 * those.  A number below zero counts from the end, as json-patch allows. */
static bool list_index(const struct node *list, struct sv part, size_t room,
		       size_t *out)
{
	int64_t n = (int64_t)(list->items.n + room), i;

	if (room > 0 && sv_eq(part, SV("-"))) {
		*out = list->items.n;
		return true;
	}
	if (!sv_integer(part, &i) || i < -n || i >= n)
		return false;
	*out = (size_t)(i < 0 ? i + n : i);
	return true;
}

static struct node *child(struct arena *mem, const struct node *n,
			  struct sv part)
{
	size_t i;

	if (n == NULL)
		return NULL;
	if (n->kind == NODE_MAP)
		return patch_get(n, unescape(mem, part));
	if (n->kind == NODE_LIST && list_index(n, part, 0, &i))
		return n->items.v[i];
	return NULL;
}

/* What lies before the first slash is passed over: "spec/a" means "/a".
 * False without a slash. */
static bool pointer_parts(struct sv pointer, struct sv *parts)
{
	size_t slash = sv_chr(pointer, '/');

	*parts = sv_from(pointer, slash < pointer.n ? slash + 1 : pointer.n);
	return slash < pointer.n;
}

/*
 * What stands at the end of a pointer.  NULL, or a fault: a map without the
 * key is none, and *out is NULL; a list without the item is one.
 */
static const char *lookup(struct arena *mem, struct node *root,
			  struct sv pointer, struct node **out)
{
	struct sv rest, part;

	*out = NULL;
	if (!pointer_parts(pointer, &rest))
		return "the path names nothing in the object";
	while (sv_cut(&rest, '/', &part) && rest.p != NULL) {
		root = child(mem, root, part);
		if (node_is_null(root))
			return "the path matches nothing in the object";
	}
	*out = child(mem, root, part);
	if (*out != NULL || root->kind == NODE_MAP)
		return NULL;
	return root->kind == NODE_LIST ? "the path matches no item of the list"
				       : "the path leads into a scalar";
}

enum edit { EDIT_ADD, EDIT_REPLACE, EDIT_REMOVE };

static const char *edit_list(struct arena *mem, struct node *list,
			     struct sv part, enum edit how, struct node *value,
			     struct node **out)
{
	struct node *copy = empty_like(mem, list, NODE_LIST, list->at);
	size_t i;

	if (!list_index(list, part, how == EDIT_ADD ? 1 : 0, &i))
		return "the path matches no item of the list";
	for (size_t k = 0; k < list->items.n; k++) {
		if (k == i && how != EDIT_REMOVE)
			push(mem, copy, value);
		if (k != i || how == EDIT_ADD)
			push(mem, copy, list->items.v[k]);
	}
	if (i == list->items.n)
		push(mem, copy, value);
	*out = copy;
	return NULL;
}

/* Set, insert or remove what stands at the end of a pointer. */
static const char *edit_leaf(struct arena *mem, struct node *at, struct sv part,
			     enum edit how, struct node *value,
			     struct node **out)
{
	struct sv key = unescape(mem, part);

	if (at->kind == NODE_LIST)
		return edit_list(mem, at, part, how, value, out);
	if (at->kind != NODE_MAP)
		return "the path leads into a scalar";
	/* kustomize's library lets a replacement add. */
	if (how == EDIT_REMOVE && patch_get(at, key) == NULL)
		return "the path matches nothing in the object";
	*out = patch_with(mem, at, key, how == EDIT_REMOVE ? NULL : value);
	return NULL;
}

static const char *edit(struct patch *p, struct node *at, struct sv rest,
			enum edit how, struct node *value, unsigned depth,
			struct node **out)
{
	struct arena *mem = p->mem;
	struct node *below, *changed;
	struct sv part;
	const char *why;

	p->work += at->items.n;

	if (depth > MAX_YAML_DEPTH)
		return "the path is too deep";
	if (!sv_cut(&rest, '/', &part))
		return "empty path";
	if (rest.p == NULL)
		return edit_leaf(mem, at, part, how, value, out);
	below = child(mem, at, part);
	if (node_is_null(below))
		return "the path matches nothing in the object";
	why = edit(p, below, rest, how, value, depth + 1, &changed);
	if (why != NULL)
		return why;
	if (at->kind == NODE_LIST)
		return edit_list(mem, at, part, EDIT_REPLACE, changed, out);
	*out = patch_with(mem, at, unescape(mem, part), changed);
	return NULL;
}

static bool node_eq(const struct node *a, const struct node *b, unsigned depth)
{
	if (depth > MAX_YAML_DEPTH)
		return false;
	if (node_is_null(a) || node_is_null(b))
		return node_is_null(a) && node_is_null(b);
	if (a->kind != b->kind || a->items.n != b->items.n)
		return false;
	if (a->kind == NODE_SCALAR)
		return a->type == b->type && sv_eq(a->scalar, b->scalar);
	for (size_t i = 0; i < a->items.n; i++) {
		const struct node *x = a->items.v[i], *y = b->items.v[i];

		if (a->kind == NODE_MAP && i % 2 == 1)
			continue;
		if (a->kind == NODE_MAP) {
			y = patch_get(b, x->scalar);
			x = a->items.v[i + 1];
		}
		if (!node_eq(x, y, depth + 1))
			return false;
	}
	return true;
}

/* `value` with the memory of what it replaces. */
static struct node *taking_over(struct patch *p, struct node *value,
				struct node *have)
{
	if (value == NULL || value->kind != NODE_SCALAR)
		return value;
	return replaced(p, have, value);
}

struct operation {
	struct sv path, from;
	struct node *value, *root;
	struct loc at;
};

static struct node *null_node(struct arena *mem, struct loc at)
{
	struct node *n = empty_like(mem, NULL, NODE_SCALAR, at);

	n->type = SCALAR_NULL;
	n->scalar = SV("null");
	return n;
}

static const char *op_edit(struct patch *p, struct node *root, struct sv path,
			   enum edit how, struct node *value, struct node **out)
{
	struct sv parts;

	if (!pointer_parts(path, &parts))
		return "the path names nothing in the object";
	return edit(p, root, parts, how, value, 0, out);
}

/* A scalar remembers what it takes the place of. */
static struct node *value_at(struct patch *p, const struct operation *o)
{
	struct node *have = NULL;

	(void)lookup(p->mem, o->root, o->path, &have);
	return taking_over(p, o->value, have);
}

static const char *op_add(struct patch *p, const struct operation *o,
			  struct node **out)
{
	return op_edit(p, o->root, o->path, EDIT_ADD, value_at(p, o), out);
}

static const char *op_replace(struct patch *p, const struct operation *o,
			      struct node **out)
{
	if (o->path.n > 0)
		return op_edit(p, o->root, o->path, EDIT_REPLACE,
			       value_at(p, o), out);
	*out = o->value;
	return o->value->kind == NODE_SCALAR
		       ? "the whole object can be replaced by a map only"
		       : NULL;
}

static const char *op_remove(struct patch *p, const struct operation *o,
			     struct node **out)
{
	return op_edit(p, o->root, o->path, EDIT_REMOVE, NULL, out);
}

static const char *op_copy(struct patch *p, const struct operation *o,
			   struct node **out)
{
	struct node *value;
	const char *why = lookup(p->mem, o->root, o->from, &value);

	if (why != NULL)
		return why;
	if (value == NULL)
		value = null_node(p->mem, o->at);
	return op_edit(p, o->root, o->path, EDIT_ADD, value, out);
}

static const char *op_move(struct patch *p, const struct operation *o,
			   struct node **out)
{
	struct node *value, *left;
	const char *why = lookup(p->mem, o->root, o->from, &value);

	if (why == NULL)
		why = op_edit(p, o->root, o->from, EDIT_REMOVE, NULL, &left);
	if (why != NULL)
		return why;
	return op_edit(p, left, o->path, EDIT_ADD, value, out);
}

static const char *op_test(struct patch *p, const struct operation *o,
			   struct node **out)
{
	struct node *have;
	const char *why = lookup(p->mem, o->root, o->path, &have);

	*out = o->root;
	if (why != NULL)
		return why;
	return node_eq(have, o->value, 0)
		       ? NULL
		       : "the object does not contain what \"test\" expects";
}

static const struct {
	const char *name;
	const char *(*apply)(struct patch *p, const struct operation *o,
			     struct node **out);
} operations[] = {
	{ "add", op_add },	 { "copy", op_copy },	    { "move", op_move },
	{ "remove", op_remove }, { "replace", op_replace }, { "test", op_test },
};

static const char *apply_one(struct patch *p, struct node *root,
			     const struct node *op, struct node **out)
{
	struct operation o = {
		.path = node_str(op, SV("path")),
		.from = node_str(op, SV("from")),
		.value = patch_get(op, SV("value")),
		.root = root,
		.at = op->at,
	};
	struct sv name = node_str(op, SV("op"));

	p->blame = op;
	if (p->work > MAX_PATCH_WORK)
		return "the patch takes too much work";
	if (node_get(op, SV("path")) == NULL)
		return "missing path of the operation";
	if (o.value == NULL)
		o.value = null_node(p->mem, op->at);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (sv_eq(name, sv_of(operations[i].name)))
			/* cppcheck-suppress returnDanglingLifetime; what
			 * comes back is a text without end of life */
			return operations[i].apply(p, &o, out);
	return "invalid op: expected add, copy, move, remove, replace or test";
}

const char *patch_json(struct patch *p, struct node *root,
		       const struct node *ops, struct node **out)
{
	p->blame = ops;
	if (ops == NULL || ops->kind != NODE_LIST)
		return "expected a list of operations";
	*out = root;
	for (size_t i = 0; i < ops->items.n; i++) {
		const char *why = apply_one(p, *out, ops->items.v[i], out);

		if (why == NULL)
			why = check_size(root, *out);
		if (why != NULL)
			return why;
	}
	return NULL;
}
