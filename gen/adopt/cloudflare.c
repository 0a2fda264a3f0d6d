/*
 * Answers of Cloudflare's API to "list DNS records", one after another or in an
 * array, or the records alone.
 *
 * Rule: a zone that was read in part would look as if the rest did not exist,
 *       so each answer must say how much there is, and all of it must be here.
 */
#include "adopt/internal.h"
#include "base/limits.h"
#include "base/words.h"

struct reading {
	struct adopt *a;
	struct loc at;
	int rc;
};

static void fault(struct reading *r, const char *what)
{
	r->rc = diag_error(&r->a->s->diags, DIAG_ADOPT, r->at, "%s", what);
}

static void record_read(struct reading *r, json_t *o, struct strings *ids)
{
	struct arena *mem = r->a->s->mem;
	struct sv id = json_field(mem, o, "id");
	struct existing *e;

	if (!json_is_object(o) || !id_ok(id) ||
	    json_field(mem, o, "name").n == 0) {
		fault(r, "a record without id, name or type: expected the "
			 "answer of Cloudflare's API, or an array of its "
			 "records");
		return;
	}
	*VEC_ADD(mem, &ids->list) = id;
	e = existing_add(r->a, r->at, id);
	e->name = json_field(mem, o, "name");
	e->zone_id = json_field(mem, o, "zone_id");
	e->read_only = json_is_true(
		json_object_get(json_object_get(o, "meta"), "read_only"));
	record_of_json(r->a, e, o);
	existing_finish(r->a, e);
	r->a->has_ids = true;
}

static void answer_records(struct reading *r, json_t *list, struct strings *ids)
{
	json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		if (r->a->existing->list.n >= MAX_ADOPT_RECORDS) {
			fault(r, "more than 1,000,000 records");
			return;
		}
		record_read(r, o, ids);
		if (r->rc != 0)
			return;
	}
}

static long long number_of(const json_t *info, const char *key)
{
	const json_t *v = json_object_get(info, key);

	return json_is_integer(v) ? json_integer_value(v) : -1;
}

static void answer_read(struct reading *r, json_t *root)
{
	json_t *info = json_object_get(root, "result_info");
	json_t *list = json_object_get(root, "result");
	struct sv warned = json_scalar(
		r->a->s->mem,
		json_object_get(
			json_array_get(json_object_get(root, "errors"), 0),
			"message"));
	struct adopt_page *page;

	if (json_is_false(json_object_get(root, "success"))) {
		r->rc = diag_error(&r->a->s->diags, DIAG_ADOPT, r->at,
				   "Cloudflare's API refused: " SV_FMT,
				   SV_ARG(warned));
		return;
	}
	if (!json_is_array(list)) {
		fault(r, "no \"result\" with records: expected the answer to "
			 "GET /zones/ID/dns_records");
		return;
	}
	page = VEC_ADD(r->a->s->mem, &r->a->answers->pages);
	page->at = r->at;
	page->page = number_of(info, "page");
	page->pages = number_of(info, "total_pages");
	page->total = number_of(info, "total_count");
	answer_records(r, list, &page->ids);
}

static void root_read(struct reading *r, json_t *root)
{
	json_t *first = json_array_get(root, 0), *o;
	struct adopt_page *page;
	size_t i;

	if (json_is_object(root)) {
		answer_read(r, root);
		return;
	}
	if (json_is_object(first) && json_object_get(first, "result") != NULL) {
		json_array_foreach(root, i, o)
		{
			answer_read(r, o);
		}
		return;
	}
	page = VEC_ADD(r->a->s->mem, &r->a->answers->pages);
	*page = (struct adopt_page){ .at = r->at, -1, -1, -1 };
	answer_records(r, root, &page->ids);
}

/* One text of JSON behind another, as curl leaves them. */
int cloudflare_read(struct adopt *a, struct sv file, struct sv text)
{
	struct reading r = { .a = a, .at = { file, 0, 0 } };
	struct sv rest = sv_trim(text);
	json_error_t e;
	json_t *root;

	while (rest.n > 0 && r.rc == 0) {
		root = json_loadb(
			rest.p, rest.n,
			JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &e);
		if (root == NULL)
			return diag_error(&a->s->diags, DIAG_ADOPT, r.at,
					  "invalid JSON: %s", e.text);
		root_read(&r, root);
		json_decref(root);
		rest = sv_trim(sv_from(rest, (size_t)e.position));
	}
	return r.rc;
}

/* Where no zone is configured for them, by the last two labels of a name. */
static struct sv zone_of_page(const struct adopt *a, const struct adopt_page *p)
{
	const struct existing *e =
		p->ids.list.n > 0
			? map_get(&a->existing->by_id, p->ids.list.v[0])
			: NULL;
	struct sv head;

	if (e == NULL)
		return SV("");
	if (e->zone != NULL)
		return e->zone->domain;
	head = sv_head(e->name, sv_rchr(e->name, '.'));
	return head.n < e->name.n && sv_rchr(head, '.') < head.n
		       ? sv_from(e->name, sv_rchr(head, '.') + 1)
		       : e->name;
}

/* Pages that were made of one list: those of its zone and its length. */
static bool is_of(const struct adopt_page *p, const struct adopt_page *q)
{
	return sv_eq(p->zone, q->zone);
}

static int page_lacks(struct adopt *a, const struct adopt_page *p)
{
	return diag_error(
		&a->s->diags, DIAG_ADOPT, p->at,
		"result_info: %lld pages and no total_count: expected "
		"how many records there are",
		p->pages);
}

/* Records of the zone of `p`, each id once; -1 where two pages do not agree. */
static int zone_complete(struct adopt *a, const struct adopt_page *p)
{
	struct map seen = { .mem = a->s->mem };
	size_t n = 0;

	for (size_t i = 0; i < a->answers->pages.n; i++) {
		const struct adopt_page *q = &a->answers->pages.v[i];

		if (!is_of(p, q) || q->total < 0)
			continue;
		if (q->total != p->total)
			return diag_error(&a->s->diags, DIAG_ADOPT, q->at,
					  "pages of %lld and of %lld records: "
					  "the zone changed meanwhile; get all "
					  "pages again",
					  p->total, q->total);
		for (size_t k = 0; k < q->ids.list.n; k++) {
			n += map_get(&seen, q->ids.list.v[k]) == NULL;
			map_put(&seen, q->ids.list.v[k], a);
		}
	}
	if ((long long)n < p->total)
		return diag_error(
			&a->s->diags, DIAG_ADOPT, p->at,
			"a part of the zone: " SV_FMT
			" of %lld; get all pages, with per_page=5000 or "
			"page=1, page=2, ...",
			SV_ARG(words_count(a->s->mem, n, "record", NULL)),
			p->total);
	return 0;
}

int answers_complete(struct adopt *a)
{
	int rc = 0;

	for (size_t i = 0; i < a->answers->pages.n; i++)
		a->answers->pages.v[i].zone =
			zone_of_page(a, &a->answers->pages.v[i]);
	for (size_t i = 0; i < a->answers->pages.n; i++) {
		const struct adopt_page *p = &a->answers->pages.v[i];
		bool first = true;

		if (p->total < 0 && p->pages > 1)
			return page_lacks(a, p);
		if (p->total < 0) {
			diag_warn(&a->s->diags, DIAG_ADOPT, p->at,
				  "no result_info: whether these are all "
				  "records of the zone is unknown");
			continue;
		}
		for (size_t k = 0; k < i; k++)
			first = first && !is_of(&a->answers->pages.v[k], p);
		if (first && zone_complete(a, p) != 0)
			rc = -1;
	}
	return rc;
}
