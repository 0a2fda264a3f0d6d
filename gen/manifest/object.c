#include "base/limits.h"
#include "manifest/manifest.h"

struct collector {
	struct arena *mem;
	struct diags *diags;
	struct objects *out;
	const struct origin *origin;
	size_t passed_over;
};

/* Cluster-scoped kinds of Kubernetes itself; other kinds count as namespaced,
 * as kustomize counts them. */
static const char *const cluster_scoped[] = {
	"APIService",
	"CSIDriver",
	"CSINode",
	"CertificateSigningRequest",
	"ClusterRole",
	"ClusterRoleBinding",
	"CustomResourceDefinition",
	"FlowSchema",
	"IngressClass",
	"MutatingWebhookConfiguration",
	"Namespace",
	"Node",
	"PersistentVolume",
	"PriorityClass",
	"PriorityLevelConfiguration",
	"RuntimeClass",
	"StorageClass",
	"ValidatingAdmissionPolicy",
	"ValidatingAdmissionPolicyBinding",
	"ValidatingWebhookConfiguration",
	"VolumeAttachment",
};

/* Of the list around it: what its items may leave out. */
struct outer {
	struct sv api_version, kind;
};

static void add_node(struct collector *c, const struct node *n,
		     struct outer outer);

static void pass_over(struct collector *c, struct loc at, const char *why)
{
	if (c->passed_over < MAX_SAME_MESSAGES)
		diag_note(c->diags, DIAG_MANIFEST_SKIPPED, at, "%s", why);
	else if (c->passed_over == MAX_SAME_MESSAGES)
		diag_note(c->diags, DIAG_MANIFEST_SKIPPED, at,
			  "more notes like these are not shown");
	c->passed_over++;
}

/* True if some scalar below was encrypted by SOPS. */
static bool holds_ciphertext(const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		return sv_starts(n->scalar, SV("ENC["));
	for (size_t i = 0; i < n->items.n; i++)
		if (holds_ciphertext(n->items.v[i]))
			return true;
	return false;
}

static bool is_encrypted(const struct node *n)
{
	const struct node *sops = node_get(n, SV("sops"));

	return sops != NULL && sops->kind == NODE_MAP && holds_ciphertext(n);
}

/* True, with a note, if there is something that is not a string. */
static bool is_no_text(struct collector *c, const struct node *n,
		       const char *why)
{
	if (n == NULL || n->kind == NODE_SCALAR)
		return false;
	pass_over(c, n->at, why);
	return true;
}

bool object_check_keys(struct sv kind, const struct node *root, struct diags *d)
{
	bool bears = sv_eq(kind, SV("HelmRelease"));

	return node_check_keys(root, bears ? DIAG_WARNING : DIAG_ERROR, d) ==
		       0 ||
	       bears;
}

bool kind_is_cluster_scoped(struct sv kind)
{
	const size_t n = sizeof(cluster_scoped) / sizeof(cluster_scoped[0]);

	for (size_t i = 0; i < n; i++)
		if (sv_eq(kind, sv_of(cluster_scoped[i])))
			return true;
	return false;
}

void object_set_version(struct object *o, struct sv api_version)
{
	size_t slash = sv_chr(api_version, '/');

	o->api_version = api_version;
	o->group = SV("");
	o->version = api_version;
	if (slash == api_version.n)
		return;
	o->group = sv_head(api_version, slash);
	o->version = sv_from(api_version, slash + 1);
}

static void add_object(struct collector *c, const struct node *n,
		       struct outer outer)
{
	const struct node *meta = node_get(n, SV("metadata"));
	const struct node *name = node_get(meta, SV("name"));
	const struct node *space = node_get(meta, SV("namespace"));
	struct object *o;

	if (is_no_text(c, name,
		       "metadata.name is not a string, as in a template") ||
	    is_no_text(c, space,
		       "metadata.namespace is not a string, as in a template"))
		return;
	if (is_encrypted(n)) {
		pass_over(c, n->at, "encrypted with SOPS");
		return;
	}
	o = ARENA_NEW(c->mem, struct object);
	o->root = n;
	o->at = n->at;
	o->origin = c->origin;
	object_set_version(o, outer.api_version);
	o->kind = outer.kind;
	o->name = node_str(meta, SV("name"));
	o->namespace = node_str(meta, SV("namespace"));
	o->namespace_given = o->namespace.n > 0;
	if (kind_is_cluster_scoped(o->kind))
		o->namespace = SV("");
	else if (!o->namespace_given)
		o->namespace = SV("default");
	*VEC_ADD(c->mem, &c->out->list) = o;
}

/* "IngressList" says what its items are; "List" leaves it to them. */
static void add_items(struct collector *c, const struct node *items,
		      struct outer list)
{
	struct outer item = { .kind = sv_head(list.kind, list.kind.n - 4) };

	if (item.kind.n > 0)
		item.api_version = list.api_version;
	for (size_t i = 0; i < node_len(items); i++)
		add_node(c, node_at(items, i), item);
}

static void add_node(struct collector *c, const struct node *n,
		     struct outer outer)
{
	const struct node *kind = node_get(n, SV("kind"));
	const struct node *version = node_get(n, SV("apiVersion"));
	const struct node *items = node_get(n, SV("items"));

	if (node_is_null(n))
		return;
	if (n->kind != NODE_MAP) {
		pass_over(c, n->at, "not a Kubernetes object: expected a map");
		return;
	}
	if (is_no_text(c, kind, "kind is not a string, as in a template") ||
	    is_no_text(c, version,
		       "apiVersion is not a string, as in a template"))
		return;
	if (!node_is_null(kind))
		outer.kind = kind->scalar;
	if (!node_is_null(version))
		outer.api_version = version->scalar;
	if (outer.kind.n == 0) {
		pass_over(c, n->at, "not a Kubernetes object: missing kind");
		return;
	}
	if (sv_ends(outer.kind, SV("List")) && items != NULL &&
	    items->kind == NODE_LIST)
		add_items(c, items, outer);
	else
		add_object(c, n, outer);
}

void objects_add(struct arena *mem, struct diags *d, struct objects *out,
		 const struct node *document, const struct origin *origin)
{
	struct collector c = {
		.mem = mem, .diags = d, .out = out, .origin = origin
	};

	if (document != NULL)
		add_node(&c, document, (struct outer){ 0 });
}

const struct object *objects_find(const struct objects *set, struct sv group,
				  struct sv kind, struct sv namespace,
				  struct sv name)
{
	for (size_t i = 0; i < set->list.n; i++) {
		const struct object *o = set->list.v[i];

		if (sv_eq(o->name, name) && sv_eq(o->kind, kind) &&
		    sv_eq(o->group, group) &&
		    (namespace.n == 0 ? !o->namespace_given
				      : sv_eq(o->namespace, namespace)))
			return o;
	}
	return NULL;
}

static size_t kinds_count(const char *const *kinds)
{
	size_t n = 0;

	while (kinds[n] != NULL)
		n++;
	return n;
}

const char *const *kinds_join(struct arena *mem, const char *const *a,
			      const char *const *b)
{
	size_t n = kinds_count(a), m = kinds_count(b);
	const char **all = ARENA_ARRAY(mem, const char *, n + m + 1);

	memcpy(all, a, n * sizeof(*all));
	memcpy(all + n, b, m * sizeof(*all));
	return all;
}

/* Some key or value below `n` holds `text`. */
static bool mentions(const struct node *n, struct sv text)
{
	if (n->kind == NODE_SCALAR)
		return sv_has(n->scalar, text);
	for (size_t i = 0; i < n->items.n; i++)
		if (mentions(n->items.v[i], text))
			return true;
	return false;
}

bool object_wanted(const struct object *o, const char *const *kinds)
{
	for (; *kinds != NULL; kinds++) {
		struct sv text = sv_of(*kinds), group, kind;

		sv_cut(&text, '@', &group);
		sv_cut(&group, '.', &kind);
		if ((sv_eq(kind, o->kind) || sv_eq(kind, SV("*"))) &&
		    (group.n == 0 || sv_eq(group, o->group)) &&
		    (text.n == 0 || o->root == NULL || mentions(o->root, text)))
			return true;
	}
	return false;
}

static const struct node *meta_text(const struct object *o, struct sv member,
				    struct sv key)
{
	const struct node *meta = node_get(o->root, SV("metadata"));
	const struct node *n = node_get(node_get(meta, member), key);

	return n != NULL && n->kind == NODE_SCALAR ? n : NULL;
}

const struct node *object_annotation(const struct object *o, struct sv key)
{
	return meta_text(o, SV("annotations"), key);
}

const struct node *object_label(const struct object *o, struct sv key)
{
	return meta_text(o, SV("labels"), key);
}
