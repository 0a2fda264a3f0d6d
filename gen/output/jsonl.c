#include <assert.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/textset.h"
#include "base/utf8.h"
#include "output/list.h"
#include "output/serial.h"

static json_t *text(struct arena *mem, struct sv s)
{
	struct sv clean = utf8_clean(mem, s);
	json_t *j = json_stringn(clean.n > 0 ? clean.p : "", clean.n);

	assert(j != NULL);
	return j;
}

static void put(struct arena *mem, json_t *o, const char *key, struct sv s)
{
	json_object_set_new(o, key, text(mem, s));
}

/* What may be absent is absent, not "". */
static void put_some(struct arena *mem, json_t *o, const char *key, struct sv s)
{
	if (s.n > 0)
		put(mem, o, key, s);
}

static void put_place(struct arena *mem, json_t *o, struct loc at,
		      const struct provenance *p)
{
	put(mem, o, "path", provenance_path(p, at.file));
	json_object_set_new(o, "line", json_integer(at.line));
	json_object_set_new(o, "column", json_integer(at.col));
}

static json_t *pairs_json(struct arena *mem, const struct pairs *p)
{
	json_t *o = json_object();

	for (size_t i = 0; i < p->list.n; i++)
		put(mem, o, arena_str(mem, utf8_clean(mem, p->list.v[i].name)),
		    p->list.v[i].value);
	return o;
}

/* Of compat, the keys are what they are in the recorded answers. */
static json_t *chain_json(struct arena *mem, const struct provenance *p,
			  bool compat)
{
	const struct origin *origin = p->origin;
	json_t *list = json_array();

	for (; origin != NULL; origin = origin->outer) {
		json_t *o = json_object();

		put(mem, o, "step", sv_of(origin->step));
		put_place(mem, o, origin->at, p);
		put(mem, o, "text", origin->text);
		if (origin->decides && !compat)
			json_object_set_new(o, "decides", json_true());
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *provenance_json(struct arena *mem, const struct provenance *p,
			       bool compat)
{
	json_t *o = json_object();

	put_some(mem, o, "repo", p->repo);
	put_place(mem, o, p->at, p);
	put(mem, o, "kind", p->kind);
	put(mem, o, "namespace", p->namespace);
	put(mem, o, "name", p->name);
	put_some(mem, o, "resource", p->resource);
	put(mem, o, "rule", sv_of(p->name_rule));
	put_some(mem, o, "target_rule", p->target_rule);
	if (p->target_at.line > 0) {
		json_t *at = json_object();

		put_place(mem, at, p->target_at, p);
		json_object_set_new(o, "target_at", at);
	}
	put_some(mem, o, "cluster", p->cluster);
	if (p->origin != NULL)
		json_object_set_new(o, "chain", chain_json(mem, p, compat));
	return o;
}

/* Whose record it is: of two views, or two clusters, that ask for one name. */
static void put_whose(struct arena *mem, json_t *o, const struct endpoint *e)
{
	if (e->zone != NULL) {
		put(mem, o, "zone", e->zone->name);
		put_some(mem, o, "view", e->zone->view);
	}
	if (e->publisher != NULL)
		put_some(mem, o, "publisher", e->publisher->name);
}

static json_t *record_json(struct arena *mem, const struct endpoint *e,
			   bool compat, struct sv repo)
{
	json_t *o = json_object(), *targets = json_array();
	json_t *from = json_array();
	struct pairs labels = endpoint_labels(mem, e);

	for (size_t i = 0; i < e->targets.n; i++)
		json_array_append_new(targets, text(mem, e->targets.v[i]));
	for (size_t i = 0; i < e->from.n; i++)
		json_array_append_new(
			from, provenance_json(mem, &e->from.v[i], compat));
	put(mem, o, "name", e->name);
	put(mem, o, "type", sv_of(rrtype_name(e->type)));
	json_object_set_new(o, "ttl", json_integer(e->ttl));
	json_object_set_new(o, "targets", targets);
	put(mem, o, "set_identifier", e->set_identifier);
	json_object_set_new(o, "provider_specific",
			    pairs_json(mem, &e->properties));
	json_object_set_new(o, "labels", pairs_json(mem, &labels));
	/* ExternalDNS knows neither. */
	if (!compat && e->ref.n > 0)
		put(mem, o, "ref", e->ref);
	if (!compat && e->is_static)
		json_object_set_new(o, "static", json_true());
	if (!compat)
		put_whose(mem, o, e);
	put_some(mem, o, "repo", repo);
	json_object_set_new(o, "from", from);
	return o;
}

static int part_add(const char *p, size_t n, void *to)
{
	buf_add(to, (struct sv){ p, n });
	return 0;
}

static struct sv dump(struct arena *mem, json_t *o)
{
	struct buf b = { .mem = mem };
	int rc = json_dump_callback(o, part_add, &b, JSON_COMPACT);

	assert(rc == 0);
	(void)rc;
	json_decref(o);
	return escape(mem, SINK_JSON, buf_sv(&b));
}

/* A full disk shows in ferror(out), which the caller asks. */
static void put_line(FILE *out, struct sv line)
{
	(void)fwrite(line.p, 1, line.n, out);
	fputc('\n', out);
}

/* Two views may ask for the same: who reads the lines takes one for both. */
static size_t put_records(FILE *out, const struct endpoints *set, bool compat,
			  struct sv repo)
{
	struct arena *all = arena_new();
	struct endpoint_refs refs = { 0 };
	struct textset lines = { .mem = all };

	endpoint_refs_sorted(all, set, &refs);
	for (size_t i = 0; i < refs.list.n; i++) {
		struct arena *mem = arena_new();
		struct sv line = dump(
			mem, record_json(mem, refs.list.v[i], compat, repo));

		(void)textset_add(&lines, line);
		put_line(out, line);
		arena_free(mem);
	}
	arena_free(all);
	return lines.n;
}

void output_jsonl(FILE *out, const struct endpoints *set, bool compat)
{
	(void)put_records(out, set, compat, SV(""));
}

static void put_count(json_t *o, const char *key, size_t n)
{
	json_object_set_new(o, key, json_integer((json_int_t)n));
}

void output_jsonl_run(FILE *out, const struct endpoints *set,
		      const struct jsonl_run *run)
{
	struct arena *mem = arena_new();
	json_t *o = json_object();

	json_object_set_new(o, "zoneloom", json_integer(JSONL_FORMAT));
	put_some(mem, o, "repo", run->repo);
	put_some(mem, o, "commit", run->commit);
	put_some(mem, o, "configuration",
		 run->configuration.n > 0
			 ? digest_hex(mem, run->configuration, 40)
			 : SV(""));
	put_count(o, "records", put_records(out, set, false, run->repo));
	put_count(o, "objects", run->objects);
	put_count(o, "files", run->files);
	put_count(o, "errors", run->errors);
	put_count(o, "warnings", run->warnings);
	json_object_set_new(o, "whole", json_boolean(run->whole));
	put_count(o, "status", run->status);
	put_line(out, dump(mem, o));
	arena_free(mem);
}
