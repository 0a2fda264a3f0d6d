/* Lines of records as output_jsonl_run() writes them, read again. */
#include <jansson.h>

#include "base/limits.h"
#include "output/output.h"

struct line_reader {
	struct arena *mem;
	struct diags *diags;
	struct loc at;
	struct sv repo; /* of the line */
};

/* Of a record, keys of a place and of who asked; format 1 has no others. */
static const char *const keys_record[] = {
	"name", "type",	  "ttl", "targets", "set_identifier",
	"from", "labels", "ref", "static",  "provider_specific",
	"repo", NULL
};
static const char *const keys_from[] = { "repo",      "path",	 "line",
					 "column",    "kind",	 "namespace",
					 "name",      "rule",	 "target_rule",
					 "target_at", "cluster", "chain",
					 "resource",  NULL };
static const char *const keys_step[] = { "step", "path",    "line", "column",
					 "text", "decides", NULL };
static const char *const keys_place[] = { "path", "line", "column", NULL };
static const char *const keys_run[] = { "zoneloom",	 "repo",    "commit",
					"configuration", "records", "objects",
					"files",	 "errors",  "warnings",
					"whole",	 "status",  NULL };

static int bad(const struct line_reader *r, const char *key,
	       const char *expected)
{
	return diag_error(r->diags, DIAG_RECORDS, r->at,
			  "line of records: invalid %s: expected %s", key,
			  expected);
}

static bool is_known(const char *key, const char *const *known)
{
	for (; *known != NULL; known++)
		if (strcmp(key, *known) == 0)
			return true;
	return false;
}

static int check_keys(const struct line_reader *r, json_t *o, const char *what,
		      const char *const *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(o))
		return bad(r, what, "an object");
	json_object_foreach(o, key, value) if (
		!is_known(key, known)) return diag_error(r->diags, DIAG_RECORDS,
							 r->at,
							 "line of records: "
							 "unknown key \"%s\" "
							 "in %s; is it of a "
							 "newer zoneloom?",
							 key, what);
	return 0;
}

static int get_text(const struct line_reader *r, const json_t *o,
		    const char *key, struct sv *out)
{
	const json_t *v = json_object_get(o, key);

	*out = SV("");
	if (v == NULL)
		return 0;
	if (!json_is_string(v))
		return bad(r, key, "a string");
	*out = arena_sv(r->mem, (struct sv){ json_string_value(v),
					     json_string_length(v) });
	return 0;
}

static int get_number(const struct line_reader *r, const json_t *o,
		      const char *key, int64_t most, int64_t *out)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    json_integer_value(v) > most)
		return bad(r, key, "a whole number");
	*out = json_integer_value(v);
	return 0;
}

static int get_flag(const struct line_reader *r, const json_t *o,
		    const char *key, bool *out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_is_true(v);
	return v == NULL || json_is_boolean(v) ? 0 : bad(r, key, "a boolean");
}

static int get_pairs(const struct line_reader *r, const json_t *o,
		     const char *key, struct pairs *out)
{
	json_t *map = json_object_get(o, key), *value;
	const char *name;

	if (!json_is_object(map))
		return bad(r, key, "an object of strings");
	json_object_foreach(map, name, value)
	{
		struct sv text;

		if (get_text(r, map, name, &text) < 0)
			return -1;
		pairs_put(r->mem, out, arena_sv(r->mem, sv_of(name)), text);
	}
	return 0;
}

/* --- who asked --- */

static int get_place(const struct line_reader *r, const json_t *o,
		     struct sv repo, struct loc *out)
{
	struct sv path;
	int64_t line, col;

	if (get_text(r, o, "path", &path) < 0 ||
	    get_number(r, o, "line", UINT32_MAX, &line) < 0 ||
	    get_number(r, o, "column", UINT32_MAX, &col) < 0)
		return -1;
	*out = (struct loc){ arena_fmt(r->mem, SV_FMT ":" SV_FMT, SV_ARG(repo),
				       SV_ARG(path)),
			     (uint32_t)line, (uint32_t)col };
	return 0;
}

static int get_target_at(const struct line_reader *r, const json_t *o,
			 struct provenance *p)
{
	json_t *at = json_object_get(o, "target_at");

	if (at == NULL)
		return 0;
	if (check_keys(r, at, "target_at", keys_place) < 0)
		return -1;
	return get_place(r, at, p->repo, &p->target_at);
}

static int get_step(const struct line_reader *r, json_t *o, struct sv repo,
		    struct origin *step)
{
	struct sv name;

	if (check_keys(r, o, "chain", keys_step) < 0 ||
	    get_text(r, o, "step", &name) < 0 ||
	    get_text(r, o, "text", &step->text) < 0 ||
	    get_flag(r, o, "decides", &step->decides) < 0 ||
	    get_place(r, o, repo, &step->at) < 0)
		return -1;
	step->step = arena_str(r->mem, name);
	return 0;
}

static int get_chain(const struct line_reader *r, const json_t *o,
		     struct provenance *p)
{
	const json_t *list = json_object_get(o, "chain");
	const struct origin *outer = NULL;

	if (list != NULL && !json_is_array(list))
		return bad(r, "chain", "a list");
	for (size_t i = json_array_size(list); i-- > 0;) {
		struct origin *step = ARENA_NEW(r->mem, struct origin);

		step->outer = outer;
		if (get_step(r, json_array_get(list, i), p->repo, step) < 0)
			return -1;
		outer = step;
	}
	p->origin = outer;
	return 0;
}

/* Each repository is a cluster of its own, unless its lines say one. */
static const struct object_id *id_of(const struct line_reader *r,
				     const struct provenance *p)
{
	struct object_id *id = ARENA_NEW(r->mem, struct object_id);

	id->realm = p->cluster.n > 0 ? p->cluster : p->repo;
	id->at = p->at;
	return id;
}

static int get_from(const struct line_reader *r, json_t *o,
		    struct provenance *p)
{
	struct sv rule;

	if (check_keys(r, o, "from", keys_from) < 0 ||
	    get_text(r, o, "repo", &p->repo) < 0)
		return -1;
	if (p->repo.n == 0)
		p->repo = r->repo;
	if (get_place(r, o, p->repo, &p->at) < 0 ||
	    get_text(r, o, "kind", &p->kind) < 0 ||
	    get_text(r, o, "namespace", &p->namespace) < 0 ||
	    get_text(r, o, "name", &p->name) < 0 ||
	    get_text(r, o, "resource", &p->resource) < 0 ||
	    get_text(r, o, "rule", &rule) < 0 ||
	    get_text(r, o, "target_rule", &p->target_rule) < 0 ||
	    get_text(r, o, "cluster", &p->cluster) < 0 ||
	    get_target_at(r, o, p) < 0 || get_chain(r, o, p) < 0)
		return -1;
	p->name_rule = arena_str(r->mem, rule);
	p->id = id_of(r, p);
	return 0;
}

static int get_froms(const struct line_reader *r, const json_t *o,
		     struct endpoint *e)
{
	const json_t *list = json_object_get(o, "from");

	/* Whoever is nobody can hold no claim. */
	if (!json_is_array(list) || json_array_size(list) == 0)
		return bad(r, "from", "a list of who asked for the record");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (get_from(r, json_array_get(list, i),
			     VEC_ADD(r->mem, &e->from)) < 0)
			return -1;
	return 0;
}

/* --- what was asked for --- */

static bool target_fits(enum rrtype type, struct sv target)
{
	struct address a;

	return (type != RR_A && type != RR_AAAA) ||
	       (address_parse(target, &a) && rrtype_of_target(target) == type);
}

static int get_targets(const struct line_reader *r, const json_t *o,
		       struct endpoint *e)
{
	const json_t *list = json_object_get(o, "targets");

	if (!json_is_array(list))
		return bad(r, "targets", "a list of strings");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *t = json_array_get(list, i);
		struct sv text = { json_string_value(t),
				   json_string_length(t) };

		if (!json_is_string(t) || !target_fits(e->type, text))
			return bad(r, "targets", "data of the record's type");
		*VEC_ADD(r->mem, &e->targets) = arena_sv(r->mem, text);
	}
	targets_sort(e);
	return 0;
}

static int get_record(const struct line_reader *r, json_t *o,
		      struct jsonl_line *out)
{
	struct endpoint *e = &out->record;
	struct sv type;

	if (check_keys(r, o, "a record", keys_record) < 0 ||
	    get_text(r, o, "name", &e->name) < 0 ||
	    get_text(r, o, "type", &type) < 0 ||
	    get_number(r, o, "ttl", MAX_TTL, &e->ttl) < 0 ||
	    get_text(r, o, "set_identifier", &e->set_identifier) < 0 ||
	    get_text(r, o, "ref", &e->ref) < 0)
		return -1;
	if (e->name.n == 0)
		return bad(r, "name", "the name of the record");
	if (!rrtype_parse(type, &e->type))
		return bad(r, "type", "a record type");
	if (e->ref.n > 0 && !reference_ok(e->ref))
		return bad(r, "ref", "a reference of Terraform's");
	if (get_targets(r, o, e) < 0 || get_froms(r, o, e) < 0 ||
	    get_pairs(r, o, "labels", &e->labels) < 0 ||
	    get_pairs(r, o, "provider_specific", &e->properties) < 0)
		return -1;
	out->is_ownership = e->type == RR_TXT &&
			    pairs_get(&e->labels, SV("ownedRecord")) != NULL;
	provenance_sort(e);
	return 0;
}

static int get_size(const struct line_reader *r, const json_t *o,
		    const char *key, size_t *out)
{
	int64_t n;

	if (get_number(r, o, key, INT64_MAX, &n) < 0)
		return -1;
	*out = (size_t)n;
	return 0;
}

static int get_run(const struct line_reader *r, json_t *o,
		   struct jsonl_run *run)
{
	int64_t format;

	if (get_number(r, o, "zoneloom", INT64_MAX, &format) < 0)
		return -1;
	if (format != JSONL_FORMAT)
		return diag_error(r->diags, DIAG_RECORDS, r->at,
				  "line of records: format %lld, and this "
				  "zoneloom reads %d; use one version for all "
				  "repositories",
				  (long long)format, JSONL_FORMAT);
	if (check_keys(r, o, "the trailer", keys_run) < 0 ||
	    get_text(r, o, "commit", &run->commit) < 0 ||
	    get_text(r, o, "configuration", &run->configuration) < 0 ||
	    get_size(r, o, "records", &run->records) < 0 ||
	    get_size(r, o, "objects", &run->objects) < 0 ||
	    get_size(r, o, "files", &run->files) < 0 ||
	    get_size(r, o, "errors", &run->errors) < 0 ||
	    get_size(r, o, "warnings", &run->warnings) < 0 ||
	    get_size(r, o, "status", &run->status) < 0 ||
	    get_flag(r, o, "whole", &run->whole) < 0)
		return -1;
	run->repo = r->repo;
	return 0;
}

/* It stands before paths, in messages and in the pattern of a claim. */
bool jsonl_repo_ok(struct sv repo)
{
	static const char other[] = "-_./";

	for (size_t i = 0; i < repo.n; i++) {
		char c = sv_lower_char(repo.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    memchr(other, c, sizeof(other) - 1) == NULL)
			return false;
	}
	return repo.n > 0 && repo.n <= MAX_REPO_NAME;
}

static int get_line(struct line_reader *r, json_t *o, struct sv repo,
		    struct jsonl_line *out)
{
	if (get_text(r, o, "repo", &out->repo) < 0)
		return -1;
	r->repo = out->repo.n > 0 ? out->repo : arena_sv(r->mem, repo);
	if (!jsonl_repo_ok(r->repo))
		return bad(r, "repo",
			   "a name such as team-a/web, by list --repo or by "
			   "the name of the file");
	out->is_run = json_object_get(o, "zoneloom") != NULL;
	return out->is_run ? get_run(r, o, &out->run) : get_record(r, o, out);
}

int jsonl_read(struct arena *mem, struct diags *d, struct loc at,
	       struct sv text, struct sv repo, struct jsonl_line *out)
{
	struct line_reader r = { .mem = mem, .diags = d, .at = at };
	json_error_t error;
	json_t *o = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
	int rc;

	*out = (struct jsonl_line){ 0 };
	if (!json_is_object(o)) {
		json_decref(o);
		return diag_error(d, DIAG_RECORDS, at,
				  "line of records: expected a JSON object, as "
				  "zoneloom list -o jsonl prints it");
	}
	rc = get_line(&r, o, repo, out);
	json_decref(o);
	return rc;
}
