#include <stdarg.h>
#include <stdlib.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/limits.h"
#include "source/template_tree.h"

bool fill_fault(struct filler *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (f->fault == NULL)
		f->fault = arena_vfmt(f->mem, fmt, ap).p;
	va_end(ap);
	return false;
}

/* Fields of every object, and of its ObjectMeta, by Go's name. */
static const struct {
	struct sv name, path;
} meta_fields[] = {
	{ { "CreationTimestamp", 17 }, { "metadata.creationTimestamp", 26 } },
	{ { "DeletionTimestamp", 17 }, { "metadata.deletionTimestamp", 26 } },
	{ { "DeletionGracePeriodSeconds", 26 },
	  { "metadata.deletionGracePeriodSeconds", 35 } },
	{ { "Finalizers", 10 }, { "metadata.finalizers", 19 } },
	{ { "GenerateName", 12 }, { "metadata.generateName", 21 } },
	{ { "Generation", 10 }, { "metadata.generation", 19 } },
	{ { "ManagedFields", 13 }, { "metadata.managedFields", 22 } },
	{ { "OwnerReferences", 15 }, { "metadata.ownerReferences", 24 } },
	{ { "ResourceVersion", 15 }, { "metadata.resourceVersion", 24 } },
	{ { "SelfLink", 8 }, { "metadata.selfLink", 17 } },
	{ { "UID", 3 }, { "metadata.uid", 12 } },
};

static const struct {
	const char *of, *fields;
} types[] = {
#define GO_TYPE(of, fields) { of, fields },
#include "source/go_type.def"
#undef GO_TYPE
};

/* What a field is when the object leaves it out, if not empty text. */
static const struct {
	const char *name;
	enum value_kind kind;
} absent_fields[] = {
	{ "Generation", VALUE_INT },
	{ "HealthCheckNodePort", VALUE_INT },
	{ "NodePort", VALUE_INT },
	{ "TargetPort", VALUE_INT },
	{ "HostNetwork", VALUE_BOOL },
	{ "PublishNotReadyAddresses", VALUE_BOOL },
	{ "Unschedulable", VALUE_BOOL },
	{ "AllocateLoadBalancerNodePorts", VALUE_NIL },
	{ "AppProtocol", VALUE_NIL },
	{ "DefaultBackend", VALUE_NIL },
	{ "DeletionGracePeriodSeconds", VALUE_NIL },
	{ "DeletionTimestamp", VALUE_NIL },
	{ "HTTP", VALUE_NIL },
	{ "IPFamilyPolicy", VALUE_NIL },
	{ "IngressClassName", VALUE_NIL },
	{ "InternalTrafficPolicy", VALUE_NIL },
	{ "LoadBalancerClass", VALUE_NIL },
	{ "PathType", VALUE_NIL },
	{ "Resource", VALUE_NIL },
	{ "Service", VALUE_NIL },
	{ "SessionAffinityConfig", VALUE_NIL },
	{ "TrafficDistribution", VALUE_NIL },
};

static struct value absent_value(struct sv name)
{
	for (size_t i = 0; i < sizeof(absent_fields) / sizeof(absent_fields[0]);
	     i++)
		if (sv_eq(name, sv_of(absent_fields[i].name)))
			return (struct value){ .kind = absent_fields[i].kind,
					       .pointer = true };
	return (struct value){ .kind = VALUE_ZERO };
}

/* The same of a known type. */
static struct value zero_value(char mark, struct sv name)
{
	switch (mark) {
	case '*':
		return (struct value){ .kind = VALUE_NIL, .pointer = true };
	case '#':
		return (struct value){ .kind = VALUE_INT };
	case '?':
		return (struct value){ .kind = VALUE_BOOL };
	case '\0':
		return absent_value(name);
	}
	return (struct value){ .kind = VALUE_ZERO, .mark = mark };
}

static const char *type_name(struct sv path)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sv_eq(path, sv_of(types[i].of)))
			return types[i].of;
	return NULL;
}

/* What go_type.def says of a field. */
struct go_field {
	char mark;	/* ' ' for a string, or NUL: the type has no such one */
	struct sv type; /* "[]v1.IngressRule", "~" for a blank */
};

/* The field of a word of go_type.def, if it is this one. */
static struct go_field field_in(struct sv word, struct sv field)
{
	static const char marks[] = "*#?!=[{";
	struct go_field is = { 0 };
	size_t n = 0;

	while (n < word.n &&
	       sv_chr(sv_of(marks), word.p[n]) == sizeof(marks) - 1)
		n++;
	if (!sv_eq(sv_head(word, n), field))
		return is;
	if (n == word.n)
		return (struct go_field){ ' ', SV("string") };
	/* "*v1.Port" and "[]string" begin with the mark. */
	is.mark = word.p[n];
	is.type = sv_from(word, n);
	if (is.mark != '*' && is.mark != '[')
		is.type = sv_from(is.type, 1);
	return is;
}

static struct go_field field_of(const char *type, struct sv field)
{
	struct go_field is = { 0 };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct sv fields = sv_of(types[i].fields), word;

		if (strcmp(types[i].of, type) != 0)
			continue;
		while (is.mark == '\0' && sv_cut(&fields, ' ', &word))
			is = field_in(word, field);
	}
	return is;
}

static char type_mark(const char *type, struct sv field)
{
	return field_of(type, field).mark;
}

static bool type_has(const char *type, struct sv field)
{
	return type_mark(type, field) != '\0';
}

struct value value_text(struct sv s)
{
	return (struct value){ .kind = VALUE_STRING, .text = s };
}

struct value value_bool(bool b)
{
	return (struct value){ .kind = VALUE_BOOL, .yes = b };
}

struct value value_int(int64_t n)
{
	return (struct value){ .kind = VALUE_INT, .number = n };
}

static struct value value_scalar(const struct node *n)
{
	struct value v = value_text(n->scalar);
	int64_t whole;

	if (n->type == SCALAR_BOOL)
		return value_bool(node_is_true(n));
	if (n->type == SCALAR_INT && node_integer(n, &whole))
		return value_int(whole);
	if (n->type == SCALAR_INT || n->type == SCALAR_FLOAT) {
		v.kind = VALUE_FLOAT;
		v.real = node_real(n);
	}
	return v;
}

struct value value_of_node(const struct node *n, bool strings)
{
	if (n == NULL)
		return (struct value){ .kind = VALUE_MISSING };
	if (n->kind != NODE_SCALAR)
		return (struct value){ .kind = VALUE_NODE,
				       .node = n,
				       .strings = strings };
	if (strings)
		return value_text(node_is_null(n) ? SV("") : n->scalar);
	if (node_is_null(n))
		return (struct value){ .kind = VALUE_NIL };
	return value_scalar(n);
}

size_t value_len(const struct value *v)
{
	if (v->kind == VALUE_STRING)
		return v->text.n;
	if (v->kind != VALUE_NODE)
		return 0;
	return v->node->kind == NODE_MAP ? v->node->items.n / 2
					 : v->node->items.n;
}

bool value_true(const struct value *v)
{
	switch (v->kind) {
	case VALUE_MISSING:
	case VALUE_NIL:
	case VALUE_ZERO:
		return false;
	case VALUE_BOOL:
		return v->yes;
	case VALUE_INT:
		return v->number != 0;
	case VALUE_FLOAT:
		return v->real != 0;
	case VALUE_STRING:
	case VALUE_NODE:
		return value_len(v) > 0;
	case VALUE_OBJECT:
	case VALUE_META:
		return true;
	}
	return false;
}

/* Names of lists and maps whose values are strings in Go's types too. */
static bool is_string_map(struct sv key)
{
	static const char *const maps[] = { "labels", "annotations", "selector",
					    "matchlabels", "nodeselector" };

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		if (sv_case_eq(key, sv_of(maps[i])))
			return true;
	return false;
}

static struct value string_map(const struct node *n)
{
	struct value v = value_of_node(n, true);

	/* A map that is not there is an empty one. */
	if (v.kind != VALUE_NODE)
		return (struct value){ .kind = VALUE_ZERO, .strings = true };
	v.plain = true;
	return v;
}

/* A key of a map: exact, and missing when it is not there. */
static bool map_field(struct filler *f, const struct value *v, struct sv name,
		      struct value *out)
{
	const struct node *n = node_get(v->node, name);

	if (n == NULL && f->strict)
		return fill_fault(f, "map has no entry for key \"" SV_FMT "\"",
				  SV_ARG(name));
	*out = value_of_node(n, v->strings);
	out->plain = true;
	return true;
}

/* A field of a Go type: the JSON key in any case. */
static bool struct_field(struct filler *f, const struct value *v,
			 struct sv name, struct value *out)
{
	const char *type = v->known;
	struct go_field is = { 0 };

	if (type != NULL)
		is = field_of(type, name);
	if (name.p[0] < 'A' || name.p[0] > 'Z' ||
	    (type != NULL && is.mark == '\0'))
		return fill_fault(f, "can't evaluate field " SV_FMT,
				  SV_ARG(name));
	*out = zero_value(is.mark, name);
	for (size_t i = 0; i + 1 < v->node->items.n; i += 2) {
		struct sv key = v->node->items.v[i]->scalar;
		const struct node *n = v->node->items.v[i + 1];

		if (!sv_case_eq(key, name) || node_is_null(n))
			continue;
		*out = is_string_map(key) ? string_map(n)
					  : value_of_node(n, false);
	}
	out->mark = is.mark;
	out->type = is.type;
	out->named = out->mark == '!';
	if (type != NULL)
		out->known = type_name(
			arena_fmt(f->mem, "%s." SV_FMT, type, SV_ARG(name)));
	return true;
}

static bool is_part(struct sv name)
{
	return sv_eq(name, SV("Spec")) || sv_eq(name, SV("Status"));
}

/* .Spec, .Status, and for JSON also .Metadata and .Object. */
static bool part_field(struct filler *f, struct sv name, struct value *out)
{
	const struct node *root = f->object->root;
	bool plain = f->view == TEMPLATE_PLAIN || f->strict;
	const struct node *n = root;

	const char *type = plain ? NULL : type_name(f->object->kind);

	if ((!is_part(name) && !(plain && (sv_eq(name, SV("Metadata")) ||
					   sv_eq(name, SV("Object"))))) ||
	    (type != NULL && !type_has(type, name)))
		return fill_fault(f, "can't evaluate field " SV_FMT,
				  SV_ARG(name));
	if (!sv_eq(name, SV("Object")))
		n = node_get(root, arena_lower(f->mem, name));
	*out = value_of_node(n, false);
	if (n == NULL || n->kind != NODE_MAP)
		*out = (struct value){ .kind = VALUE_ZERO };
	else if (f->view == TEMPLATE_PLAIN && !f->strict && is_part(name))
		out->node = part_aliased(f, name, n);
	out->plain = plain;
	out->mark = plain ? '{' : '=';
	if (plain)
		return true;
	if (type != NULL)
		out->type = field_of(type, name).type;
	out->known =
		type_name(arena_fmt(f->mem, SV_FMT "." SV_FMT,
				    SV_ARG(f->object->kind), SV_ARG(name)));
	return true;
}

/* The embedded ObjectMeta's own fields. */
static bool meta_field(struct filler *f, struct sv name, struct value *out)
{
	for (size_t i = 0; i < sizeof(meta_fields) / sizeof(meta_fields[0]);
	     i++) {
		if (!sv_eq(name, meta_fields[i].name))
			continue;
		*out = value_of_node(
			node_path(f->object->root, meta_fields[i].path), false);
		if (out->kind == VALUE_MISSING)
			*out = absent_value(name);
		/* A time prints itself, the zero one too. */
		if (out->kind == VALUE_ZERO &&
		    sv_eq(name, SV("CreationTimestamp")))
			*out = value_text(SV("0001-01-01 00:00:00 +0000 UTC"));
		return true;
	}
	return false;
}

/* What ExternalDNS knows of the version of a Go type, whatever was applied: a
 * cluster converts it, and drops it from what it lists. */
static const struct {
	struct sv kind, version;
} typed_versions[] = {
	{ { "GRPCRoute", 9 }, { "gateway.networking.k8s.io/v1", 28 } },
	{ { "Gateway", 7 }, { "", 0 } },
	{ { "HTTPProxy", 9 }, { "", 0 } },
	{ { "HTTPRoute", 9 }, { "gateway.networking.k8s.io/v1", 28 } },
	{ { "Ingress", 7 }, { "networking.k8s.io/v1", 20 } },
	{ { "Route", 5 }, { "", 0 } },
	{ { "TCPRoute", 8 }, { "gateway.networking.k8s.io/v1alpha2", 34 } },
	{ { "TLSRoute", 8 }, { "gateway.networking.k8s.io/v1", 28 } },
	{ { "UDPRoute", 8 }, { "gateway.networking.k8s.io/v1alpha2", 34 } },
	{ { "VirtualService", 14 }, { "", 0 } },
};

static struct sv version_of(const struct object *o, enum template_view view)
{
	const size_t n = sizeof(typed_versions) / sizeof(typed_versions[0]);

	for (size_t i = 0; i < n && view == TEMPLATE_TYPED; i++)
		if (sv_eq(o->kind, typed_versions[i].kind))
			return typed_versions[i].version;
	return o->api_version;
}

/* Fields that hold text, and the methods that give it. */
static bool text_field(const struct filler *f, struct sv name,
		       struct value *out)
{
	const struct object *o = f->object;
	const struct {
		struct sv field, method, text;
	} texts[] = {
		{ SV("Name"), SV("GetName"), o->name },
		{ SV("Namespace"), SV("GetNamespace"), o->namespace },
		{ SV("Kind"), SV("GetKind"), o->kind },
		{ SV("APIVersion"), SV("GetAPIVersion"),
		  version_of(o, f->view) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (sv_eq(name, texts[i].field) ||
		    sv_eq(name, texts[i].method)) {
			*out = value_text(texts[i].text);
			return true;
		}
	return false;
}

static bool object_field(struct filler *f, const struct value *v,
			 struct sv name, struct value *out)
{
	const struct node *root = f->object->root;
	bool own = v->kind == VALUE_OBJECT;

	if (text_field(f, name, out))
		return true;
	if (sv_eq(name, SV("Labels")) || sv_eq(name, SV("GetLabels"))) {
		*out = string_map(node_path(root, SV("metadata.labels")));
		return true;
	}
	if (sv_eq(name, SV("Annotations")) ||
	    sv_eq(name, SV("GetAnnotations"))) {
		*out = string_map(node_path(root, SV("metadata.annotations")));
		return true;
	}
	if (f->view == TEMPLATE_PLAIN || f->strict)
		return part_field(f, name, out);
	if (meta_field(f, name, out))
		return true;
	if (own &&
	    (sv_eq(name, SV("ObjectMeta")) || sv_eq(name, SV("TypeMeta")))) {
		*out = (struct value){ .kind = VALUE_META };
		return true;
	}
	return part_field(f, name, out);
}

static bool field(struct filler *f, struct value *v, struct sv name)
{
	struct value from = *v;

	switch (from.kind) {
	case VALUE_OBJECT:
	case VALUE_META:
		return object_field(f, &from, name, v);
	case VALUE_NODE:
		if (from.node->kind != NODE_MAP)
			break;
		return from.plain ? map_field(f, &from, name, v)
				  : struct_field(f, &from, name, v);
	case VALUE_ZERO:
	case VALUE_MISSING:
	case VALUE_NIL:
		if (from.known != NULL && !type_has(from.known, name))
			return fill_fault(f, "can't evaluate field " SV_FMT,
					  SV_ARG(name));
		if (f->strict)
			return fill_fault(
				f, "map has no entry for key \"" SV_FMT "\"",
				SV_ARG(name));
		if (from.kind == VALUE_NIL)
			return fill_fault(f, "nil pointer evaluating " SV_FMT,
					  SV_ARG(name));
		if (from.strings || from.plain) {
			v->kind = VALUE_MISSING;
			return true;
		}
		*v = zero_value(from.known != NULL ? type_mark(from.known, name)
						   : '\0',
				name);
		if (from.known != NULL)
			v->type = field_of(from.known, name).type;
		return true;
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_FLOAT:
	case VALUE_STRING:
		break;
	}
	return fill_fault(f, "can't evaluate field " SV_FMT " of a value",
			  SV_ARG(name));
}

static bool fields(struct filler *f, const struct operand *o, struct value *v)
{
	for (size_t i = 0; i < o->fields.n; i++)
		if (!field(f, v, o->fields.v[i]))
			return false;
	return true;
}

static bool fill_pipe(struct filler *f, const struct pipe *p,
		      const struct value *dot, struct value *out);

static bool variable(struct filler *f, struct sv name, struct value *out)
{
	for (size_t i = f->variables.n; i-- > 0;)
		if (sv_eq(f->variables.v[i].name, name)) {
			*out = f->variables.v[i].value;
			return true;
		}
	return fill_fault(f, "undefined variable \"$" SV_FMT "\"",
			  SV_ARG(name));
}

static bool operand(struct filler *f, const struct operand *o,
		    const struct value *dot, struct value *out)
{
	bool ok = true;

	*out = *dot;
	switch (o->kind) {
	case OPERAND_DOT:
		break;
	case OPERAND_VARIABLE:
		ok = variable(f, o->text, out);
		break;
	case OPERAND_STRING:
		*out = value_text(o->text);
		break;
	case OPERAND_INT:
		*out = value_int(o->number);
		break;
	case OPERAND_FLOAT:
		*out = (struct value){ .kind = VALUE_FLOAT, .real = o->real };
		break;
	case OPERAND_BOOL:
		*out = value_bool(o->number != 0);
		break;
	case OPERAND_NIL:
		*out = (struct value){ .kind = VALUE_NIL };
		break;
	case OPERAND_PIPE:
		ok = fill_pipe(f, o->pipe, dot, out);
		break;
	case OPERAND_FUNCTION:
		if (function_find(o->text)->least == 0)
			return function_find(o->text)->call(f, NULL, 0, out);
		return fill_fault(f, "wrong number of values for " SV_FMT,
				  SV_ARG(o->text));
	}
	return ok && fields(f, o, out);
}

/* "and" and "or" stop at the first argument that decides. */
static bool decides(struct sv name, const struct value *v)
{
	return (sv_eq(name, SV("and")) && !value_true(v)) ||
	       (sv_eq(name, SV("or")) && value_true(v));
}

/* `last` is what came through the pipeline, or NULL. */
static bool call(struct filler *f, const struct command *c,
		 const struct value *dot, const struct value *last,
		 struct value *out)
{
	const struct operand *name = &c->args.v[0];
	const struct function *fn = function_find(name->text);
	struct value *args = ARENA_ARRAY(f->mem, struct value, c->args.n + 1);
	size_t n = 0;

	for (size_t i = 1; i < c->args.n; i++) {
		if (!operand(f, &c->args.v[i], dot, &args[n]))
			return false;
		if (decides(name->text, &args[n])) {
			*out = args[n];
			return true;
		}
		n++;
	}
	if (last != NULL)
		args[n++] = *last;
	if (n < fn->least || n > fn->most)
		return fill_fault(f, "wrong number of values for %s", fn->name);
	return fn->call(f, args, n, out);
}

static bool fill_command(struct filler *f, const struct command *c,
			 const struct value *dot, const struct value *last,
			 struct value *out)
{
	if (++f->steps > MAX_GO_TEMPLATE_STEPS)
		return fill_fault(f, "more than %d steps",
				  MAX_GO_TEMPLATE_STEPS);
	if (c->args.v[0].kind == OPERAND_FUNCTION)
		return call(f, c, dot, last, out);
	if (c->args.v[0].kind == OPERAND_NIL)
		return fill_fault(f, "nil is not a command");
	if (c->args.n > 1 || last != NULL)
		return fill_fault(f, "a value that is not a function is "
				     "followed by another one");
	return operand(f, &c->args.v[0], dot, out);
}

static bool assign_variable(struct filler *f, struct sv name, struct value v)
{
	for (size_t i = f->variables.n; i-- > 0;)
		if (sv_eq(f->variables.v[i].name, name)) {
			f->variables.v[i].value = v;
			return true;
		}
	return fill_fault(f, "undefined variable \"$" SV_FMT "\"",
			  SV_ARG(name));
}

static void set_variable(struct filler *f, struct sv name, struct value v)
{
	*VEC_ADD(f->mem, &f->variables) = (struct pair_of_value){ name, v };
}

static bool fill_pipe(struct filler *f, const struct pipe *p,
		      const struct value *dot, struct value *out)
{
	for (size_t i = 0; i < p->commands.n; i++) {
		struct value last = *out;

		if (!fill_command(f, &p->commands.v[i], dot,
				  i > 0 ? &last : NULL, out))
			return false;
	}
	if (p->assign)
		return assign_variable(f, p->variables[0], *out);
	for (size_t i = 0; i < p->n_variables; i++)
		set_variable(f, p->variables[i], *out);
	return true;
}

static bool fill_block(struct filler *f, const struct block *b,
		       const struct value *dot);

static bool fill_either(struct filler *f, const struct step *s,
			const struct value *dot)
{
	size_t known = f->variables.n;
	struct value v = { 0 };
	bool ok = fill_pipe(f, &s->pipe, dot, &v);

	if (ok && value_true(&v))
		ok = fill_block(f, s->body, s->kind == STEP_WITH ? &v : dot);
	else if (ok && s->other != NULL)
		ok = fill_block(f, s->other, dot);
	f->variables.n = known;
	return ok;
}

static bool fill_turn(struct filler *f, const struct step *s,
		      const struct value *key, const struct value *item)
{
	const struct pipe *p = &s->pipe;
	size_t known = f->variables.n;
	bool ok;

	if (++f->steps > MAX_GO_TEMPLATE_STEPS)
		return fill_fault(f, "more than %d steps",
				  MAX_GO_TEMPLATE_STEPS);
	if (p->n_variables > 0)
		set_variable(f, p->variables[p->n_variables - 1], *item);
	if (p->n_variables > 1)
		set_variable(f, p->variables[0], *key);
	ok = fill_block(f, s->body, item);
	f->variables.n = known;
	f->continued = false;
	return ok && !f->broke;
}

/* Over a map in the order of its keys. */
static bool range_map(struct filler *f, const struct step *s,
		      const struct value *v)
{
	size_t *order = node_order(f->mem, v->node);

	for (size_t i = 0; i < value_len(v); i++) {
		struct node *const *at = &v->node->items.v[2 * order[i]];
		struct value key = value_text(at[0]->scalar);
		struct value item = value_of_node(at[1], v->strings);

		item.plain = v->plain;
		if (!fill_turn(f, s, &key, &item))
			break;
	}
	return f->fault == NULL;
}

static bool range_list(struct filler *f, const struct step *s,
		       const struct value *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct value key = value_int((int64_t)i);
		struct value item = key;

		if (v->kind == VALUE_NODE) {
			item = value_of_node(node_at(v->node, i), v->strings);
			item.plain = v->plain;
			item.known = v->known;
			if (sv_starts(v->type, SV("[]")))
				item.type = sv_from(v->type, 2);
		}
		if (!fill_turn(f, s, &key, &item))
			break;
	}
	return f->fault == NULL;
}

static bool fill_range(struct filler *f, const struct step *s,
		       const struct value *dot)
{
	struct pipe bare = s->pipe;
	struct value v = { 0 };
	bool ok;

	bare.n_variables = 0;
	if (!fill_pipe(f, &bare, dot, &v))
		return false;
	if ((v.mark == '=' && !v.plain) || (v.kind == VALUE_NIL && v.pointer))
		return fill_fault(f, "range over a value that is not a list");
	if (!value_true(&v) || (v.kind == VALUE_INT && v.number <= 0))
		return s->other == NULL || fill_block(f, s->other, dot);
	if (v.kind == VALUE_NODE && v.node->kind == NODE_MAP)
		ok = range_map(f, s, &v);
	else if (v.kind == VALUE_NODE)
		ok = range_list(f, s, &v, v.node->items.n);
	else if (v.kind == VALUE_INT)
		ok = range_list(f, s, &v, (size_t)v.number);
	else
		return fill_fault(f, "range over a value that is not a list");
	f->broke = false;
	return ok;
}

static bool fill_print(struct filler *f, const struct step *s,
		       const struct value *dot)
{
	struct value v = { 0 };

	if (!fill_pipe(f, &s->pipe, dot, &v))
		return false;
	if (s->pipe.n_variables == 0)
		value_print(f, f->out, &v);
	return f->fault == NULL;
}

static bool fill_step(struct filler *f, const struct step *s,
		      const struct value *dot)
{
	switch (s->kind) {
	case STEP_TEXT:
		buf_add(f->out, s->text);
		return true;
	case STEP_PRINT:
		return fill_print(f, s, dot);
	case STEP_IF:
	case STEP_WITH:
		return fill_either(f, s, dot);
	case STEP_RANGE:
		return fill_range(f, s, dot);
	case STEP_BREAK:
		f->broke = true;
		return true;
	case STEP_CONTINUE:
		f->continued = true;
		return true;
	}
	return false;
}

static bool fill_block(struct filler *f, const struct block *b,
		       const struct value *dot)
{
	for (size_t i = 0; i < b->steps.n && !f->broke && !f->continued; i++) {
		if (!fill_step(f, &b->steps.v[i], dot))
			return false;
		if (f->out->n > MAX_GO_TEMPLATE_TEXT)
			return fill_fault(f, "more than %d bytes",
					  MAX_GO_TEMPLATE_TEXT);
	}
	return true;
}

static const char *fill_once(struct filler *f, const struct template *t,
			     struct sv *out)
{
	struct buf b = { .mem = f->mem };
	struct value dot = { .kind = VALUE_OBJECT };

	f->out = &b;
	*VEC_ADD(f->mem, &f->variables) = (struct pair_of_value){ SV(""), dot };
	(void)fill_block(f, &t->body, &dot);
	work_spend(f->mem, WORK_TEMPLATES, f->steps,
		   f->object != NULL ? f->object->at : NOWHERE);
	*out = buf_sv(&b);
	f->out = NULL;
	return f->fault;
}

const char *template_fill(struct arena *mem, const struct template *t,
			  const struct object *o, enum template_view view,
			  const char *flag, struct sv *out)
{
	struct filler first = {
		.mem = mem, .object = o, .view = view, .flag = flag
	};
	struct filler again = first;
	const char *fault = fill_once(&first, t, out);

	/* ExternalDNS tries once more with JSON's names; then a key that is
	 * not there is a fault. */
	again.strict = true;
	if (fault == NULL ||
	    (!first.final && fill_once(&again, t, out) == NULL))
		return NULL;
	return fault;
}

struct sv template_join(struct arena *mem, const struct strings *texts)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < texts->list.n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		buf_add(&b, texts->list.v[i]);
	}
	return buf_sv(&b);
}

void template_names(struct arena *mem, struct sv text, struct strings *out)
{
	struct sv rest = text, name;
	size_t kept = 0;

	while (sv_cut(&rest, ',', &name)) {
		name = sv_trim(name);
		name = dname_strip_dot(name);
		if (name.n > 0)
			*VEC_ADD(mem, &out->list) = name;
	}
	if (out->list.n > 1)
		qsort(out->list.v, out->list.n, sizeof(out->list.v[0]),
		      sv_qcmp);
	for (size_t i = 0; i < out->list.n; i++)
		if (kept == 0 || !sv_eq(out->list.v[kept - 1], out->list.v[i]))
			out->list.v[kept++] = out->list.v[i];
	out->list.n = kept;
}
