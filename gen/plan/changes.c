#include <assert.h>

#include "base/buf.h"
#include "plan/admit.h"

/* An ownership TXT, also one that was read from a file. */
static bool is_ownership(const struct endpoint *e)
{
	static const struct sv heritage = { "heritage=external-dns", 21 };
	struct sv value;

	if (e->is_registry)
		return true;
	if (e->type != RR_TXT || e->targets.n != 1)
		return false;
	value = e->targets.v[0];
	if (sv_starts(value, SV("\"")))
		value = sv_from(value, 1);
	return sv_starts(value, heritage);
}

static int key_cmp(const struct endpoint *a, const struct endpoint *b)
{
	int c = sv_cmp(a->name, b->name);

	return c != 0 ? c : strcmp(rrtype_name(a->type), rrtype_name(b->type));
}

/* Whatever order they were written in. */
static bool same_targets(struct arena *mem, const struct endpoint *a,
			 const struct endpoint *b)
{
	struct endpoint x = { 0 }, y = { 0 };

	if (a->targets.n != b->targets.n)
		return false;
	for (size_t i = 0; i < a->targets.n; i++) {
		if (sv_eq(a->targets.v[i], b->targets.v[i]))
			continue;
		for (size_t k = 0; k < a->targets.n; k++) {
			*VEC_ADD(mem, &x.targets) = a->targets.v[k];
			*VEC_ADD(mem, &y.targets) = b->targets.v[k];
		}
		targets_sort(&x);
		targets_sort(&y);
		if (x.targets.n != y.targets.n)
			return false;
		for (size_t k = 0; k < x.targets.n; k++)
			if (!sv_eq(x.targets.v[k], y.targets.v[k]))
				return false;
		return true;
	}
	return true;
}

struct sv property_of(const struct endpoint *e, struct sv name)
{
	const struct sv *value = pairs_get(&e->properties, name);

	if (value != NULL)
		return *value;
	if (sv_eq(name, SV("cloudflare/proxied")))
		return e->publisher != NULL &&
				       e->publisher->opt.cloudflare_proxied
			       ? SV("true")
			       : SV("false");
	if (sv_eq(name, SV("cloudflare/record-comment")) &&
	    e->publisher != NULL)
		return e->publisher->opt.cloudflare_record_comment;
	return SV("");
}

static bool agrees(const struct endpoint *a, const struct endpoint *b)
{
	for (size_t i = 0; i < a->properties.list.n; i++) {
		const struct pair *p = &a->properties.list.v[i];

		/* A file has them sorted, an annotation as they were typed. */
		if (sv_eq(p->name, SV("cloudflare/tags")))
			continue;
		if (!sv_eq(property_of(b, p->name), p->value))
			return false;
	}
	return true;
}

/* No file holds every property, so a record that was read (no publisher) is
 * asked about its own only. */
static bool same_properties(const struct endpoint *have,
			    const struct endpoint *want)
{
	return agrees(have, want) &&
	       (have->publisher == NULL || agrees(want, have));
}

static bool same_record(struct arena *mem, const struct endpoint *a,
			const struct endpoint *b)
{
	return (a->ttl == 0 || b->ttl == 0 || a->ttl == b->ttl) &&
	       sv_eq(a->ref, b->ref) && same_targets(mem, a, b) &&
	       same_properties(a, b);
}

static void add_change(struct arena *mem, struct changes *out,
		       enum change_kind kind, const struct endpoint *have,
		       const struct endpoint *want)
{
	const struct endpoint *e = want != NULL ? want : have;

	assert(e != NULL);
	*VEC_ADD(mem, &out->list) = (struct change){ kind, have, want };
	if (is_ownership(e))
		return;
	switch (kind) {
	case CHANGE_ADD:
		out->added++;
		break;
	case CHANGE_UPDATE:
		out->updated++;
		break;
	case CHANGE_DELETE:
		out->deleted++;
		break;
	}
}

void changes_find(struct arena *mem, const struct endpoints *have,
		  const struct endpoints *want, struct changes *out)
{
	size_t i = 0, k = 0;

	*out = (struct changes){ 0 };
	for (size_t n = 0; n < have->list.n; n++)
		out->before += !is_ownership(&have->list.v[n]);
	while (i < have->list.n || k < want->list.n) {
		const struct endpoint *h =
			i < have->list.n ? &have->list.v[i] : NULL;
		const struct endpoint *w =
			k < want->list.n ? &want->list.v[k] : NULL;
		int c = h == NULL ? 1 : w == NULL ? -1 : key_cmp(h, w);

		if (c < 0)
			add_change(mem, out, CHANGE_DELETE, h, NULL);
		else if (c > 0)
			add_change(mem, out, CHANGE_ADD, NULL, w);
		else if (!same_record(mem, h, w))
			add_change(mem, out, CHANGE_UPDATE, h, w);
		i += c <= 0;
		k += c >= 0;
	}
}

/* Is `part` of `whole` more than `percent`? */
static bool over(size_t part, size_t whole, unsigned percent)
{
	return part * 100 > whole * percent;
}

static bool released(long long given, size_t wanted)
{
	return given >= 0 && (unsigned long long)given == wanted;
}

struct brake {
	struct buf what, type;
};

static void brake_on(struct brake *b, const char *flag, size_t n,
		     long long given)
{
	if (b->type.n > 0)
		buf_char(&b->type, ' ');
	buf_fmt(&b->type, "%s=%zu", flag, n);
	if (given >= 0)
		buf_fmt(&b->what, " (%s=%lld is not that number)", flag, given);
}

int brake_check(struct arena *mem, const struct config *c,
		const struct changes *ch, size_t want_records,
		long long allow_deletes, long long allow_changes,
		struct sv *reason)
{
	size_t changed = ch->deleted + ch->updated;
	bool empty = want_records == 0 && ch->deleted > 0;
	bool counts = ch->before >= c->safety.from_records;
	bool deletes = counts && over(ch->deleted, ch->before,
				      c->safety.max_deletes_percent);
	bool changes = counts &&
		       over(changed, ch->before, c->safety.max_changes_percent);
	struct brake b = { { .mem = mem }, { .mem = mem } };

	*reason = SV("");
	if ((empty || deletes) && !released(allow_deletes, ch->deleted)) {
		if (empty && ch->deleted == 1)
			buf_add(&b.what,
				SV("the only record would be deleted"));
		else if (empty)
			buf_fmt(&b.what, "all %zu records would be deleted",
				ch->deleted);
		else
			buf_fmt(&b.what,
				"%zu of %zu records would be deleted, over "
				"max-deletes of %u%%",
				ch->deleted, ch->before,
				c->safety.max_deletes_percent);
		brake_on(&b, "--allow-deletes", ch->deleted, allow_deletes);
	}
	/* Deletes that were allowed by number are no news a second time. */
	if (changes && !released(allow_changes, changed) &&
	    !(ch->updated == 0 && (deletes || empty))) {
		if (b.what.n > 0)
			buf_add(&b.what, SV("; "));
		buf_fmt(&b.what,
			"%zu of %zu records would change, over max-changes of "
			"%u%%",
			changed, ch->before, c->safety.max_changes_percent);
		brake_on(&b, "--allow-changes", changed, allow_changes);
	}
	if (b.type.n == 0)
		return 0;
	*reason = arena_fmt(mem, SV_FMT "; if that is meant: " SV_FMT,
			    SV_ARG(buf_sv(&b.what)), SV_ARG(buf_sv(&b.type)));
	return -1;
}
