/*
 * manifest.h - YAML text to nodes that remember where they stood, and nodes
 * to Kubernetes objects.
 *
 * Trust:  the input is a stranger's.  See base/limits.h for the bounds.
 * Shape:  aliases make it a graph without cycles: a list or map may hang in
 *         several places.  Never change a node after manifest_parse(); what
 *         patches, copies (node_copy).
 * Source: YAML 1.1/1.2 through libyaml, which this folder alone includes;
 *         JSON is a subset.  Scalars resolve as sigs.k8s.io/yaml does.
 */
#ifndef MANIFEST_MANIFEST_H
#define MANIFEST_MANIFEST_H

#include "base/origin.h"
#include "base/diag.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

/* What a plain scalar resolves to; a quoted one or `!!str` is a string. */
enum scalar_type {
	SCALAR_STRING,
	SCALAR_NULL,
	SCALAR_BOOL,
	SCALAR_INT,
	SCALAR_FLOAT,
};

struct node {
	enum node_kind kind;
	enum scalar_type type; /* NODE_SCALAR */
	bool quoted;	       /* NODE_SCALAR: not plain */
	uint32_t weight;       /* nodes in this subtree, aliases expanded */
	struct loc at;
	struct sv scalar; /* NODE_SCALAR: the bytes, escapes resolved */
	/* NODE_LIST: items.  NODE_MAP: key, value, key, value, ... */
	VEC(struct node *) items;
	const struct node *was; /* before substitution or a patch, or NULL */
};

struct documents {
	VEC(struct node *) list;
};

/* Who reads the file: they differ in what YAML leaves open. */
enum yaml_reader {
	/* kubectl, Helm and Argo CD, through sigs.k8s.io/yaml: a merge key
	 * counts where it stands, over the keys before it; a key that is a
	 * boolean or a number becomes the text that JSON has for it. */
	YAML_KUBECTL,
	/* kustomize, and so Flux: the keys of a map count over what is merged
	 * into it.  kubectl reads what comes out, so keys are as above. */
	YAML_KUSTOMIZE,
	/* Our own configuration: the same, and keys are as written. */
	YAML_OURS,
};

enum parse_result { PARSE_OK = 0, PARSE_BROKEN = -1 };

/*
 * Parse every document of one file.  `text` must stay valid as long as `mem`.
 * Returns 0, or -1 with at least one diag; the documents without fault are
 * still in `out`.  Merge keys (`<<`) are resolved; BOM, CRLF and UTF-16 are
 * accepted; a duplicate key is kept and found by node_check_keys().
 */
int manifest_parse(struct arena *mem, struct diags *d, struct sv file,
		   struct sv text, struct documents *out);

/* The same for another reader than kubectl. */
int manifest_parse_as(struct arena *mem, struct diags *d, struct sv file,
		      struct sv text, enum yaml_reader reader,
		      struct documents *out);

/*
 * A file cut at its `---` lines, as kubectl cuts it and as libyaml ends a
 * document: even inside a quoted text; and behind each object where it is JSON
 * without such lines.  So a fault in one document does not hide the next, and a
 * document of no interest is never parsed.
 */
struct slice {
	struct sv text;
	uint32_t line; /* lines of the file above it */
	enum yaml_reader reader;
	bool whole; /* all of the file, with all of its documents */
};

struct splitter {
	struct sv rest;
	uint32_t line;
	enum yaml_reader reader;
	bool whole;	       /* one slice: UTF-16, directives of our own */
	bool json;	       /* objects follow each other without `---` */
	size_t slices, broken; /* so far; who reads them counts the latter */
};

struct splitter splitter_new(struct sv text, enum yaml_reader reader);
bool splitter_next(struct splitter *c,
		   struct slice *out); /* false at the end */

/* -1 with a diag if the file has more slices, or more broken ones, than are
 * read: then stop. */
int splitter_check(const struct splitter *c, struct diags *d, struct sv file);

/* manifest_parse() of one slice. */
int manifest_parse_slice(struct arena *mem, struct diags *d, struct sv file,
			 struct slice slice, struct documents *out);

/*
 * Could this text (a file or a slice) hold an object of a wanted kind?  False
 * is certain, true is a maybe.  `kinds` ends with NULL: "Ingress" of any
 * group, "Kustomization.kustomize.toolkit.fluxcd.io" of one, "*" for all;
 * "Service@external-dns" only where the text behind "@" stands beside it.
 */
bool prefilter_match(struct sv text, const char *const *kinds);

/* Of a text that does not parse: is it a Helm template?  It holds "{{". */
bool manifest_is_template(struct sv text);

/* File a diag for every key that appears twice below `n`; -1 if any. */
int node_check_keys(const struct node *n, enum diag_severity severity,
		    struct diags *d);

/* Value under `key`, or NULL if `map` is NULL, not a map, or lacks the key. */
const struct node *node_get(const struct node *map, struct sv key);

/* node_get() along "spec.rules"; a key with a dot in it needs node_get(). */
const struct node *node_path(const struct node *map, struct sv path);

/* Scalar under `key` (not null), or the empty view. */
struct sv node_str(const struct node *map, struct sv key);

/* A number that JSON would write without a fraction, in any of YAML's forms:
 * "0600" is 384, "1e3" is 1000.  False for all else, also for a text "60". */
bool node_integer(const struct node *n, int64_t *out);

/* As Go's strconv writes the shortest form: "0.1", "1200", "1e+06"; `narrow` is
 * for 32 bits. */
struct sv go_float(struct arena *mem, double real, bool narrow);

/* The same as Go's encoding/json, of a finite number: no exponent between 1e-6
 * and 1e21. */
struct sv go_json_float(struct arena *mem, double real);

/* The value of a SCALAR_INT or SCALAR_FLOAT. */
double node_real(const struct node *n);

/* Is a SCALAR_BOOL true, in any of YAML's words? */
bool node_is_true(const struct node *n);

/* Is there a true scalar under `key`? */
bool node_true(const struct node *map, struct sv key);

/* Items of a list, 0 for anything else. */
size_t node_len(const struct node *list);
const struct node *node_at(const struct node *list, size_t i);

bool node_is_null(const struct node *n); /* NULL, or a null scalar */

/* A deep copy in `mem`, also of shared parts: free to change. */
struct node *node_copy(struct arena *mem, const struct node *n);

/* New nodes for what is synthesised; `at` is where the reason stands. */
struct node *node_new_map(struct arena *mem, struct loc at);
struct node *node_new_list(struct arena *mem, struct loc at);
struct node *node_new_str(struct arena *mem, struct loc at, struct sv s);
void node_set(struct arena *mem, struct node *map, struct sv key,
	      struct node *value);
void node_add(struct arena *mem, struct node *list, struct node *value);

struct object {
	const struct node *root;
	struct sv api_version, group, version, kind;
	/* Namespace "default" when it has none, "" of a cluster-scoped kind. */
	struct sv namespace, name;
	bool namespace_given;
	struct loc at; /* of the map */
	const struct origin *origin;
	struct sv cluster; /* destination, where it is known */
	/* Objects of one realm are in one cluster: what one Flux root applies,
	 * one destination of Argo CD, one top kustomization, one render
	 * command.  "": files as they stand. */
	struct sv realm;
};

struct objects {
	VEC(struct object *) list;
};

/*
 * The objects of a document: itself, or the items of a `List` or `IngressList`
 * (whose items may lack apiVersion and kind).  What is not an object (no kind,
 * a name that is not a scalar) is filed as a note.
 */
void objects_add(struct arena *mem, struct diags *d, struct objects *out,
		 const struct node *document, const struct origin *origin);

/*
 * Of two equal keys the last one counts to Kubernetes, and no reader of a diff
 * sees which is meant: false, with an error for each.  Those of a HelmRelease,
 * whose values name hosts at most, are warnings.
 */
bool object_check_keys(struct sv kind, const struct node *root,
		       struct diags *d);

/* Does Kubernetes keep objects of this kind outside of namespaces? */
bool kind_is_cluster_scoped(struct sv kind);

/* apiVersion, and from it group and version. */
void object_set_version(struct object *o, struct sv api_version);

/* Of one kind, or NULL.  `namespace` "" matches none but cluster-scoped. */
const struct object *objects_find(const struct objects *set, struct sv group,
				  struct sv kind, struct sv namespace,
				  struct sv name);

/* The same values, wherever they are written. */
bool node_same(const struct node *a, const struct node *b);

/*
 * Of objects of one kind, namespace and name: the one that `near` means.  It is
 * of the same realm, if one is; of files as they stand it is the nearest.
 * `duplicate`: another one that differs and that it could mean as well; or
 * NULL.
 * Folders that hold the same files, dev/ and prod/, are clusters of their own,
 * and what stands in a folder decides for what is below it.
 */
const struct object *object_meant(const struct object *const *list, size_t n,
				  const struct object *near,
				  const struct object **duplicate);

/* File that whoever names `one` could mean its duplicate as well; always -1. */
int duplicate_error(struct diags *d, const struct object *one,
		    const struct object *duplicate);

/* True if `kinds`, as prefilter_match() takes them, names it; without a root
 * only the kind is asked. */
bool object_wanted(const struct object *o, const char *const *kinds);

/* Those of `a`, then those of `b`; all three lists end with NULL. */
const char *const *kinds_join(struct arena *mem, const char *const *a,
			      const char *const *b);

/* Annotation or label of an object: the scalar node, or NULL. */
const struct node *object_annotation(const struct object *o, struct sv key);
const struct node *object_label(const struct object *o, struct sv key);

/* Versions of libyaml, for `zoneloom version`. */
struct sv manifest_library(struct arena *mem);

#endif
