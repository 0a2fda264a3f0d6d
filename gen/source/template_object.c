/* Fields of Kubernetes objects, as Go's types or as JSON has them. */
#include "source/template_object.h"

#include <stdlib.h>

#include "base/limits.h"
#include "endpoint/ttl.h"

static struct template_host *host_of(const struct filler *f)
{
	return f->host;
}

/* The second try, with JSON's names. */
static bool is_strict(const struct filler *f)
{
	return f->missing == MISSING_ERROR;
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
	const struct node *root = host_of(f)->object->root;
	bool plain = host_of(f)->view == TEMPLATE_PLAIN || is_strict(f);
	const struct node *n = root;

	const char *type = plain ? NULL : type_name(host_of(f)->object->kind);

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
	else if (host_of(f)->view == TEMPLATE_PLAIN && !is_strict(f) &&
		 is_part(name))
		out->node = part_aliased(f, name, n);
	out->plain = plain;
	out->mark = plain ? '{' : '=';
	if (plain)
		return true;
	if (type != NULL)
		out->type = field_of(type, name).type;
	out->known = type_name(arena_fmt(f->mem, SV_FMT "." SV_FMT,
					 SV_ARG(host_of(f)->object->kind),
					 SV_ARG(name)));
	return true;
}

/* The embedded ObjectMeta's own fields. */
static bool meta_field(struct filler *f, struct sv name, struct value *out)
{
	for (size_t i = 0; i < sizeof(meta_fields) / sizeof(meta_fields[0]);
	     i++) {
		if (!sv_eq(name, meta_fields[i].name))
			continue;
		*out = value_of_node(node_path(host_of(f)->object->root,
					       meta_fields[i].path),
				     false);
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
	const struct object *o = host_of(f)->object;
	const struct {
		struct sv field, method, text;
	} texts[] = {
		{ SV("Name"), SV("GetName"), o->name },
		{ SV("Namespace"), SV("GetNamespace"), o->namespace },
		{ SV("Kind"), SV("GetKind"), o->kind },
		{ SV("APIVersion"), SV("GetAPIVersion"),
		  version_of(o, host_of(f)->view) },
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
	const struct node *root = host_of(f)->object->root;
	bool own = !v->yes; /* not its ObjectMeta */

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
	if (host_of(f)->view == TEMPLATE_PLAIN || is_strict(f))
		return part_field(f, name, out);
	if (meta_field(f, name, out))
		return true;
	if (own &&
	    (sv_eq(name, SV("ObjectMeta")) || sv_eq(name, SV("TypeMeta")))) {
		*out = (struct value){ .kind = VALUE_HOST, .yes = true };
		return true;
	}
	return part_field(f, name, out);
}

/* Of what is not there. */
static bool absent_field(struct filler *f, const struct value *from,
			 struct sv name, struct value *v)
{
	if (from->known != NULL && !type_has(from->known, name))
		return fill_fault(f, "can't evaluate field " SV_FMT,
				  SV_ARG(name));
	if (is_strict(f))
		return fill_fault(f, "map has no entry for key \"" SV_FMT "\"",
				  SV_ARG(name));
	if (from->kind == VALUE_NIL)
		return fill_fault(f, "nil pointer evaluating " SV_FMT,
				  SV_ARG(name));
	if (from->strings || from->plain) {
		v->kind = VALUE_MISSING;
		return true;
	}
	*v = zero_value(from->known != NULL ? type_mark(from->known, name)
					    : '\0',
			name);
	if (from->known != NULL)
		v->type = field_of(from->known, name).type;
	return true;
}

static bool typed_field(struct filler *f, struct value *v, struct sv name)
{
	struct value from = *v;

	if (from.kind == VALUE_HOST)
		return object_field(f, &from, name, v);
	if (from.kind == VALUE_ZERO || value_absent(&from))
		return absent_field(f, &from, name, v);
	if (!value_is_map(&from))
		return fill_fault(f,
				  "can't evaluate field " SV_FMT " of a value",
				  SV_ARG(name));
	return struct_field(f, &from, name, v);
}

static const struct function_list *const functions[] = {
	&external_dns_functions, NULL
};

const struct template_dialect template_external_dns = {
	.functions = functions,
	.base = &template_go,
	.field = typed_field,
};

static const char *fill_once(struct filler *f, const struct template *t,
			     struct sv *out)
{
	const struct value dot = { .kind = VALUE_HOST };

	return template_fill(f, t, &dot, host_of(f)->object->at, out);
}

const char *template_of_object(struct arena *mem, const struct template *t,
			       struct template_host *host, struct sv *out)
{
	struct filler first = { .mem = mem,
				.dialect = &template_external_dns,
				.host = host };
	struct filler again = first;
	const char *fault = fill_once(&first, t, out);

	/* ExternalDNS tries once more with JSON's names; then a key that is
	 * not there is a fault. */
	again.missing = MISSING_ERROR;
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
