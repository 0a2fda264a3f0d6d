/* What stops a mass deletion: see plan.h. */
#include "base/buf.h"
#include "plan/plan.h"

struct count {
	size_t before, deleted, changed; /* changed: deleted or updated */
	bool emptied;			 /* had records, and would have none */
};

enum limit { OVER_DELETES, OVER_CHANGES, LIMIT_COUNT };

static struct count count_of(const struct changes *c)
{
	return (struct count){
		.before = c->before,
		.deleted = c->deleted,
		.changed = c->deleted + c->updated,
		.emptied = c->deleted > 0 &&
			   c->before - c->servers + c->added == c->deleted,
	};
}

static bool over(const struct config *c, const struct count *n, size_t part,
		 unsigned percent)
{
	return n->before >= c->safety.from_records &&
	       part * 100 > n->before * percent;
}

/* Deletions that trip the first limit do not count for the second one. */
static bool is_over(const struct config *c, const struct count *n,
		    enum limit limit)
{
	bool deletes = n->emptied ||
		       over(c, n, n->deleted, c->safety.max_deletes_percent);

	if (limit == OVER_DELETES)
		return deletes;
	return over(c, n, n->changed, c->safety.max_changes_percent) &&
	       !(deletes && n->changed == n->deleted);
}

struct brake {
	struct arena *mem;
	const struct config *config;
	const struct brake_release *release;
	struct count sum;
	size_t over[LIMIT_COUNT];      /* zones over each limit */
	struct sv reason[LIMIT_COUNT]; /* of the first one */
};

static struct sv describe(struct brake *b, enum limit limit,
			  const struct count *n)
{
	const struct config *c = b->config;

	if (n->emptied && n->deleted == 1)
		return SV("the only record would be deleted");
	if (n->emptied)
		return arena_fmt(b->mem, "all %zu records would be deleted",
				 n->deleted);
	if (limit == OVER_DELETES)
		return arena_fmt(b->mem,
				 "%zu of %zu records would be deleted, over "
				 "max-deletes of %u%%",
				 n->deleted, n->before,
				 c->safety.max_deletes_percent);
	return arena_fmt(b->mem,
			 "%zu of %zu records would change, over max-changes of "
			 "%u%%",
			 n->changed, n->before, c->safety.max_changes_percent);
}

static void look(struct brake *b, struct sv where, const struct count *n,
		 enum limit limit)
{
	if (!is_over(b->config, n, limit))
		return;
	if (b->over[limit]++ == 0)
		b->reason[limit] = arena_fmt(b->mem, SV_FMT "%s" SV_FMT,
					     SV_ARG(where), where.n ? ": " : "",
					     SV_ARG(describe(b, limit, n)));
}

static void look_at_zone(struct brake *b, const struct zone_changes *z)
{
	struct count n = count_of(&z->changes);
	struct sv where = SV("");

	if (z->zone != NULL)
		where = arena_fmt(b->mem, "zone " SV_FMT, SV_ARG(z->zone->key));
	for (enum limit limit = 0; limit < LIMIT_COUNT; limit++)
		look(b, where, &n, limit);
	b->sum.before += n.before;
	b->sum.deleted += n.deleted;
	b->sum.changed += n.changed;
}

/* Many zones that each lose a little can lose a lot together. */
static void look_at_all(struct brake *b, const struct zone_changes_list *zones)
{
	for (size_t i = 0; i < zones->list.n; i++)
		look_at_zone(b, &zones->list.v[i]);
	for (enum limit limit = 0; limit < LIMIT_COUNT; limit++)
		if (b->over[limit] == 0)
			look(b, SV("all zones together"), &b->sum, limit);
}

static bool is_released(long long given, size_t number)
{
	return given >= 0 && (unsigned long long)given == number;
}

/* One limit into the message: what is wrong, and what releases it. */
static void add(const struct brake *b, enum limit limit, struct buf *what,
		struct buf *type)
{
	bool deletes = limit == OVER_DELETES;
	const char *flag = deletes ? "--allow-deletes" : "--allow-changes";
	long long given = deletes ? b->release->deletes : b->release->changes;
	size_t number = deletes ? b->sum.deleted : b->sum.changed;

	buf_fmt(what, "%s" SV_FMT, what->n > 0 ? "; " : "",
		SV_ARG(b->reason[limit]));
	if (b->over[limit] > 1)
		buf_fmt(what, " (and %zu more)", b->over[limit] - 1);
	buf_fmt(type, "%s%s=%zu", type->n > 0 ? " " : "", flag, number);
	if (given >= 0)
		buf_fmt(what, " (%s=%lld does not match %zu)", flag, given,
			number);
}

int brake_check(struct arena *mem, const struct config *c,
		const struct zone_changes_list *zones,
		const struct brake_release *release, struct sv *reason)
{
	struct brake b = { .mem = mem, .config = c, .release = release };
	struct buf what = { .mem = mem }, type = { .mem = mem };

	*reason = SV("");
	look_at_all(&b, zones);
	if (b.over[OVER_DELETES] > 0 &&
	    !is_released(release->deletes, b.sum.deleted))
		add(&b, OVER_DELETES, &what, &type);
	if (b.over[OVER_CHANGES] > 0 &&
	    !is_released(release->changes, b.sum.changed))
		add(&b, OVER_CHANGES, &what, &type);
	if (type.n == 0)
		return 0;
	*reason = arena_fmt(mem, SV_FMT "; if that is intended: " SV_FMT,
			    SV_ARG(buf_sv(&what)), SV_ARG(buf_sv(&type)));
	return -1;
}
