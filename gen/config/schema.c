#include "config/key.h"

/* clang-format off */
/* Columns: type, required, key, where, default, how a value is called. */
#define KEY(type, must, name, owner, member, fallback, values, policy,	\
	    tighter, about)						\
	{ KEY_##type, must, name, offsetof(struct owner, member),	\
	  fallback, values, POLICY_##policy, TIGHTER_##tighter, about,	\
	  NULL, NULL, NULL }
/* A map, list or table; its rows say where in the owner they stand. */
#define MAP(name, schema, policy, about)				\
	{ KEY_MAP, false, name, 0, "", "", POLICY_##policy,		\
	  TIGHTER_NONE, about, &(schema), NULL, NULL }
#define ROWS(type, name, schema, fn, policy, tighter, about)		\
	{ KEY_##type, false, name, 0, "", "", POLICY_##policy,		\
	  TIGHTER_##tighter, about, &(schema), fn##_add, fn##_clear }
#define END { .name = NULL }

/* The two functions of a vector: they know its type.  clear() takes a fresh
 * block, for whoever inherited the rows shares the old one. */
#define VECTOR(link, fn, owner, member, schema)				\
	link void *fn##_add(struct arena *mem, void *to)		\
	{								\
		struct owner *o = to;					\
		void *row = VEC_ADD(mem, &o->member);			\
									\
		schema_init(mem, &(schema), row);				\
		return row;						\
	}								\
	static void fn##_clear(void *to)				\
	{								\
		struct owner *o = to;					\
									\
		o->member.v = NULL;					\
		o->member.n = o->member.cap = 0;			\
	}
/* clang-format on */

static const struct key target_value =
	KEY(TARGETS, false, NULL, target_row, targets, "", "a target", NO, NONE,
	    "");
static const struct schema schema_target_row = {
	.about = "targets by name",
	.value = &target_value,
	.key = offsetof(struct target_row, key),
	.has_at = true,
	.at = offsetof(struct target_row, at),
};

static const struct schema schema_gateway_row = {
	.about = "targets by NAMESPACE/NAME",
	.value = &target_value,
	.key = offsetof(struct target_row, key),
	.has_at = true,
	.at = offsetof(struct target_row, at),
	.check = check_gateway_row,
};

VECTOR(static, gateway, publisher, targets.gateway, schema_gateway_row)
VECTOR(static, ingress_class, publisher, targets.ingress_class,
       schema_target_row)
VECTOR(static, namespace, publisher, targets.namespace, schema_target_row)

static const struct key keys_targets[] = {
	KEY(TARGETS, false, "default", publisher, targets.fallback, "",
	    "a target", NO, NONE, "targets of objects without any other"),
	ROWS(TABLE, "gateway", schema_gateway_row, gateway, NO, NONE,
	     "targets of routes by NAMESPACE/NAME of their Gateway"),
	ROWS(TABLE, "ingress-class", schema_target_row, ingress_class, NO, NONE,
	     "targets of Ingresses by class"),
	ROWS(TABLE, "namespace", schema_target_row, namespace, NO, NONE,
	     "targets of objects by namespace"),
	KEY(CHOICE, false, "unmatched", publisher, targets.unmatched, "warn",
	    "error warn skip", YES, EARLIER,
	    "objects with hosts and without a target"),
	END,
};
static const struct schema schema_targets = {
	.about = "what an offline reader cannot know: where names point",
	.keys = keys_targets,
};

static const struct key keys_common[] = {
	KEY(GLOBS, false, "paths", publisher, paths, "", "a gitignore pattern",
	    NO, NONE,
	    "what is read; the last matching pattern decides, ! negates it; "
	    "default: everything"),
	MAP("targets", schema_targets, INSIDE, "where names point"),
	END,
};
const struct schema schema_common = {
	.about = "what one ExternalDNS Deployment would have",
	.keys = keys_common,
	.options = true,
};

static void *itself(void *publisher)
{
	return publisher;
}

static const struct key keys_publisher[] = {
	KEY(TEXT, true, "name", publisher, name, "", "a name", NO, NONE,
	    "name of the publisher, for {publisher} and reports"),
	KEY(LIST, false, "zones", publisher, zones, "", "a pattern", NO, NONE,
	    "zones it publishes to, by their keys; * stands for anything; "
	    "default: all"),
	END,
};
const struct schema schema_publisher = {
	.about = "another publisher; keys that it does not set are inherited "
		 "from the top level",
	.keys = keys_publisher,
	.inherits = &schema_common,
	.inherited = itself,
	.scope = SCOPE_PUBLISHER,
	.has_at = true,
	.at = offsetof(struct publisher, at),
	.check = check_publisher,
};

static const struct key keys_soa[] = {
	KEY(NAME, true, "mname", output_spec, soa.mname, "", "a name", NO, NONE,
	    "primary name server"),
	KEY(MAILBOX, true, "rname", output_spec, soa.rname, "",
	    "an email address", NO, NONE,
	    "mailbox of the person responsible for the zone"),
	KEY(TTL, false, "refresh", output_spec, soa.refresh, "3600", "seconds",
	    NO, NONE, "seconds between refreshes of secondaries"),
	KEY(TTL, false, "retry", output_spec, soa.retry, "600", "seconds", NO,
	    NONE, "seconds between retries of a failed refresh"),
	KEY(TTL, false, "expire", output_spec, soa.expire, "1209600", "seconds",
	    NO, NONE, "seconds after which secondaries give up"),
	KEY(TTL, false, "minimum", output_spec, soa.minimum, "300", "seconds",
	    NO, NONE, "seconds that negative answers are cached (RFC 2308)"),
	KEY(TTL, false, "ttl", output_spec, soa.ttl, "3600", "seconds", NO,
	    NONE, "TTL of the SOA and NS records"),
	END,
};
static const struct schema schema_soa = {
	.about = "the SOA record of a whole zone",
	.keys = keys_soa,
};

static const struct key keys_output[] = {
	KEY(CHOICE, true, "format", output_spec, format, "", format_words + 1,
	    NO, NONE, "format of the file"),
	KEY(FILE, true, "file", output_spec, file, "", "a path", NO, NONE,
	    "its path from the root of the repository; may contain {zone}, "
	    "{view} and {publisher}"),
	KEY(CHOICE, false, "provider", output_spec, provider, "cloudflare@5",
	    "cloudflare@5 cloudflare@4", NO, NONE,
	    "terraform: provider and its major version"),
	KEY(ZONE_ID, false, "zone-id", output_spec, zone_id, "", "a zone id",
	    NO, NONE,
	    "terraform: 32 hexadecimal digits or a reference such as "
	    "${var.zone_id}; default: a data source looks it up by name"),
	KEY(CHOICE, false, "mode", output_spec, mode, "", format_mode_words + 1,
	    NO, NONE,
	    "bind: a whole zone (the default), records for $INCLUDE, or the "
	    "lines between two markers; dnscontrol: js (the default) or json"),
	KEY(TEXT, false, "registrar", output_spec, registrar, "none", "a name",
	    NO, NONE, "dnscontrol: the name that creds.json gives it"),
	KEY(TEXT, false, "dns-provider", output_spec, dns_provider, "",
	    "a name", NO, NONE,
	    "dnscontrol: the name that creds.json gives the provider of the "
	    "zone"),
	KEY(PATH, false, TEMPLATE_KEY, output_spec, template, "", "a path", NO,
	    NONE, "template: its file, in Mustache"),
	KEY(CHOICE, false, "escape", output_spec, escape, "",
	    "zone json hcl html none", NO, NONE,
	    "template: what its values are escaped for"),
	MAP("soa", schema_soa, NO,
	    "configmap, and bind in mode zone: the SOA record"),
	KEY(NAMES, false, "ns", output_spec, ns, "", "a name", NO, NONE,
	    "configmap, and bind in mode zone: name servers of the zone"),
	KEY(CHOICE, false, "names", output_spec, names, "absolute",
	    "absolute relative", NO, NONE,
	    "bind, configmap: owners in full, or relative to the zone, as @ "
	    "and www"),
	KEY(CHOICE, false, "comments", output_spec, comments, "source",
	    "source none", NO, NONE, "name the object behind each record"),
	END,
};
static const struct schema schema_output = {
	.about = "one file that is written",
	.keys = keys_output,
	.has_at = true,
	.at = offsetof(struct output_spec, at),
	.check = check_output,
};

VECTOR(extern, outputs, zone, outputs, schema_output)

static const struct key keys_zone[] = {
	ROWS(ROWS, "outputs", schema_output, outputs, NO, NONE,
	     "files that are written"),
	KEY(CHOICE, false, "addresses", zone, addresses, "public",
	    "public warn any", YES, EARLIER,
	    "targets that are not public: refuse, warn or accept"),
	KEY(NAMES_VAR, false, "delegated", zone, delegated, "", "a name", YES,
	    NAMES,
	    "names delegated to other servers; records below them are refused"),
	KEY(TTL, false, "default-ttl", zone, default_ttl, "300", "seconds", NO,
	    NONE, "TTL in zone files for records without one"),
	KEY(PATH, false, "static", zone, static_file, "", "a path", NO, NONE,
	    "hand-kept records in zone syntax without SOA: MX, SPF, CAA"),
	KEY(CHOICE, false, "serial", zone, serial, "increment",
	    "increment date unixtime keep", NO, NONE,
	    "how the SOA serial moves"),
	KEY(SERIAL, false, "serial-floor", zone, serial_floor, "", "a number",
	    NO, NONE, "lowest serial of a new zone"),
	END,
};
const struct schema schema_zone = {
	.about = "a zone, or with NAME@VIEW a view of it",
	.keys = keys_zone,
	.at = offsetof(struct zone, at),
	.key = offsetof(struct zone, key),
	.check = check_zone,
};

static const struct key keys_claim[] = {
	KEY(TEXT, false, "name", claim, name, "", "a name", NO, NONE,
	    "name of the claim, for messages"),
	KEY(NAMES_VAR, true, "names", claim, names, "", "a name", NO, NONE,
	    "names that are claimed; *.NAME for all names below"),
	KEY(GLOBS, false, "paths", claim, paths, "", "a gitignore pattern", NO,
	    NONE, "files that may ask for them; of repos, default: all"),
	KEY(LIST, false, "repos", claim, repos, "", "a pattern", NO, NONE,
	    "repositories of records that may ask for them; * stands for "
	    "anything; default: this one"),
	END,
};
static const struct schema schema_claim = {
	.about = "who may ask for which names; with any claim, a name "
		 "outside its claim is an error",
	.keys = keys_claim,
	.has_at = true,
	.at = offsetof(struct claim, at),
	.any_of = "[{\"required\": [\"paths\"]}, {\"required\": [\"repos\"]}]",
	.check = check_claim,
};

static const struct key keys_override[] = {
	KEY(NAME_VAR, true, "name", override, name, "", "a name", NO, NONE,
	    "name of the record"),
	KEY(RRTYPE, true, "type", override, type, "", "a record type", NO, NONE,
	    "type of the record"),
	KEY(TARGETS, true, "targets", override, targets, "", "a target", NO,
	    NONE, "targets to publish instead"),
	KEY(TTL, false, "ttl", override, ttl, "", "seconds", NO, NONE,
	    "its TTL; default: that of the manifests"),
	KEY(TEXT, true, "reason", override, reason, "", "a string", NO, NONE,
	    "why; shown in every report"),
	END,
};
static const struct schema schema_override = {
	.about = "a pin: what is published for a name, whatever the manifests "
		 "say",
	.keys = keys_override,
	.has_at = true,
	.at = offsetof(struct override, at),
	.check = check_override,
};

static const struct key variable_value = { .type = KEY_VALUE,
					   .offset = 0,
					   .fallback = "",
					   .values = "a value",
					   .policy = POLICY_NO,
					   .about = "" };
static const struct schema schema_variable = {
	.about = "a string, {env: NAME} or {terraform: REFERENCE}",
	.value = &variable_value,
	.key = offsetof(struct variable, name),
	.has_at = true,
	.at = offsetof(struct variable, at),
};

static const struct key keys_render[] = {
	KEY(LIST, true, "argv", render_command, argv, "", "an argument", NO,
	    NONE, "program and arguments; no shell"),
	KEY(LIST, false, "paths", render_command, paths, "",
	    "a gitignore pattern", NO, NONE,
	    "files that it reads: while they stay the same, it is not run "
	    "again"),
	KEY(LIST, false, "code", render_command, code, "",
	    "a gitignore pattern", NO, NONE,
	    "files that it runs, beside those that argv names: a change of one "
	    "must be allowed again"),
	KEY(SECONDS, false, "timeout", render_command, timeout_s, "60s",
	    "a duration", NO, NONE, "time after which it is killed"),
	KEY(COUNT, false, "max-bytes", render_command, max_bytes, "67108864",
	    "bytes", NO, NONE, "maximum size of its output"),
	END,
};
static const struct schema schema_render = {
	.about = "a program that prints manifests; run only as zoneloom "
		 "allow showed it in this clone",
	.keys = keys_render,
	.has_at = true,
	.at = offsetof(struct render_command, at),
	.check = check_render,
};

static const struct key keys_root[] = {
	KEY(FOLDER, false, "flux", root, path, "", "a folder", NO, NONE,
	    "walk the Flux Kustomizations from here"),
	KEY(FOLDER, false, "argocd", root, path, "", "a folder", NO, NONE,
	    "walk the Argo CD Applications from here"),
	KEY(FOLDER, false, "kustomize", root, path, "", "a folder", NO, NONE,
	    "build this kustomization"),
	KEY(TEXT, false, "values", root, path, "", "a pattern", NO, NONE,
	    "read hosts out of these Helm value files, which no object names, "
	    "and out of Rancher's fleet.yaml; {release} and {namespace} stand "
	    "for a part of the path: config/{namespace}/{release}.yaml"),
	KEY(TEXT, false, "release", root, release, "", "a name", NO, NONE,
	    "release of these value files"),
	KEY(TEXT, false, "namespace", root, namespace, "", "a name", NO, NONE,
	    "its namespace"),
	END,
};
static const struct schema schema_root = {
	.about = "where reading starts; exactly one of flux, argocd, kustomize "
		 "and values",
	.keys = keys_root,
	.has_at = true,
	.at = offsetof(struct root, at),
	.check = check_root,
};

static const struct key keys_cluster[] = {
	KEY(TEXT, true, "name", argocd_cluster, name, "", "a name", NO, NONE,
	    "its name in Argo CD"),
	KEY(TEXT, false, "server", argocd_cluster, server, "", "a URL", NO,
	    NONE, "address of its API server"),
	KEY(PAIRS, false, "labels", argocd_cluster, labels, "", "a string", NO,
	    NONE, "labels that cluster generators select by"),
	KEY(PAIRS, false, "annotations", argocd_cluster, annotations, "",
	    "a string", NO, NONE, "annotations that templates ask for"),
	END,
};
static const struct schema schema_cluster = {
	.about = "a cluster that Argo CD knows",
	.keys = keys_cluster,
	.has_at = true,
	.at = offsetof(struct argocd_cluster, at),
};

static const struct key keys_commit[] = {
	KEY(TEXT, false, "branch", config, commit.branch, "", "a branch", NO,
	    NONE, "review branch; may contain {zone}; default: this branch"),
	KEY(PATH, false, "message-template", config, commit.message_template,
	    "", "a path", NO, NONE, "Mustache template of the commit message"),
	KEY(TEXT, false, "author", config, commit.author, "", "NAME <MAIL>", NO,
	    NONE, "author of the commit"),
	KEY(TEXT, false, "sign", config, commit.sign, "", "a key", NO, NONE,
	    "sign the commit with this key; true: with the key that git would "
	    "use"),
	KEY(LIST, false, "trailers", config, commit.trailers, "", "KEY=VALUE",
	    NO, NONE, "trailers of the commit message"),
	END,
};
static const struct schema schema_commit = {
	.about = "what zoneloom commit writes",
	.keys = keys_commit,
};

static const struct key keys_safety[] = {
	KEY(PERCENT, false, "max-deletes", config, safety.max_deletes_percent,
	    "30%", "a percentage", YES, LOWER,
	    "share of the records that one run may delete"),
	KEY(PERCENT, false, "max-changes", config, safety.max_changes_percent,
	    "60%", "a percentage", YES, LOWER,
	    "share of the records that one run may change"),
	KEY(NUMBER, false, "from-records", config, safety.from_records, "10",
	    "a number", YES, LOWER,
	    "in smaller zones only an empty result stops a run"),
	KEY(CHOICE, false, "release", config, safety.release, "none",
	    "none trailer", YES, EARLIER,
	    "trailer: commit messages of a pull request may release gate's "
	    "brake"),
	END,
};
static const struct schema schema_safety = {
	.about = "the brake on mass deletion",
	.keys = keys_safety,
};

VECTOR(extern, zones, config, zones, schema_zone)
VECTOR(static, claims, config, claims, schema_claim)
VECTOR(static, overrides, config, overrides, schema_override)
VECTOR(static, vars, config, vars, schema_variable)
VECTOR(static, render, config, render, schema_render)
VECTOR(static, roots, config, roots, schema_root)
VECTOR(static, clusters, config, clusters, schema_cluster)

static void *top_level(void *to)
{
	struct config *c = to;

	return &c->publishers.v[0];
}

static void *publishers_add(struct arena *mem, void *to)
{
	struct config *c = to;
	struct publisher top = c->publishers.v[0];
	struct publisher *p = VEC_ADD(mem, &c->publishers);

	*p = top;
	return p;
}

static void publishers_clear(void *to)
{
	struct config *c = to;

	c->publishers.n = 1; /* the top level stays */
}

static const struct key keys_file[] = {
	{ KEY_FORMAT, false, "format", 0, "1", "1", POLICY_NO, TIGHTER_NONE,
	  "version of this file's format", NULL, NULL, NULL },
	ROWS(TABLE, "zones", schema_zone, zones, INSIDE, NONE,
	     "zones by name or NAME@VIEW"),
	ROWS(ROWS, "claims", schema_claim, claims, YES, NONE,
	     "which path may ask for "
	     "which names"),
	KEY(GLOBS, false, "claims-shared", config, claims_shared, "", "a glob",
	    YES, PATHS,
	    "paths that may supply targets, variables and patches to any "
	    "claim"),
	ROWS(ROWS, "overrides", schema_override, overrides, NO, NONE,
	     "records pinned by hand"),
	ROWS(TABLE, "vars", schema_variable, vars, NO, NONE,
	     "values of ${VARIABLES} that git does not hold"),
	ROWS(ROWS, "render", schema_render, render, YES, NONE,
	     "programs that print manifests"),
	ROWS(ROWS, "roots", schema_root, roots, NO, NONE,
	     "where reading starts instead of paths"),
	ROWS(ROWS, "argocd-clusters", schema_cluster, clusters, NO, NONE,
	     "clusters for Argo CD's generators"),
	MAP("commit", schema_commit, NO, "what zoneloom commit writes"),
	MAP("safety", schema_safety, INSIDE, "the brake on mass deletion"),
	/* What the file holds is the policy: pipeline/gate.c compares that. */
	KEY(PATH, false, "baseline", config, baseline, "", "a path", NO, NONE,
	    "findings that gate does not count; gate --write-baseline writes "
	    "it"),
	/* Last: they inherit what stands above, wherever it stands. */
	ROWS(ROWS, "publishers", schema_publisher, publishers, INSIDE, NONE,
	     "more publishers"),
	END,
};
const struct schema schema_file = {
	.about = "configuration of zoneloom",
	.keys = keys_file,
	.inherits = &schema_common,
	.inherited = top_level,
	.scope = SCOPE_GLOBAL,
};

const struct key key_vars = ROWS(TABLE, "vars", schema_variable, vars, NO, NONE,
				 "variables of a file");
