/*
 * The difference between two states of a zone as a script for nsupdate.
 *
 * Source: RFC 2136: prerequisites 2.4, updates 2.5, how they are done 3.4.
 * Rule:   the server does nothing unless each RRset is what the old state
 *         says; a name and its ownership TXT are one message, which is done as
 *         a whole or not at all.
 */
#include <stdlib.h>

#include "base/map.h"
#include "output/rdata.h"
#include "output/zone_lines.h"

enum {
	/* A message of DNS has 65,535 bytes; what names cost is guessed. */
	MAX_MESSAGE = 48000,
	MAX_UPDATES = 200,
};

/* An RRset of one side: lines that lie beside each other. */
struct rrset {
	const struct zone_line *v;
	size_t n;
};

/* The same RRset on both sides; n 0: not there. */
struct pair_of_sets {
	struct sv owner, group; /* the name that it, or its owned record, has */
	unsigned code;
	struct rrset have, want;
	bool is_registry;
};

struct side {
	struct zone_lines lines;
	struct map owned; /* owner of a registry TXT: what it owns */
};

struct script {
	struct arena *mem;
	const struct zone *zone;
	struct side have, want;
	VEC(struct pair_of_sets) pairs;
	struct map in_use; /* owners of `have` */
	struct buf text;
	/* The message that is being put together. */
	struct buf conditions, deletions, additions;
	size_t bytes, updates;
};

/* The name servers that only the configuration of a whole zone names. */
static void servers_add(struct arena *mem, const struct zone *z,
			struct zone_lines *out)
{
	for (size_t i = 0; i < z->outputs.n; i++) {
		const struct output_spec *o = &z->outputs.v[i];
		struct sv wire;

		if (!output_mode(o)->is_whole_zone)
			continue;
		for (size_t k = 0; k < o->ns.list.n; k++)
			if (name_wire(mem, o->ns.list.v[k], &wire))
				zone_lines_add_rr(mem, out, z->name, RRCODE_NS,
						  (uint32_t)o->soa.ttl, wire);
	}
}

static int side_read(struct arena *mem, struct diags *d,
		     const struct zone_plan *z, struct side *out)
{
	const struct format *f = format_of_syntax(COMMENT_SEMICOLON);
	struct output_spec spec = { .at = z->zone->at,
				    .format = sv_of(f->word),
				    .mode = sv_of(format_plain_mode(f)->word),
				    .comments = SV("none") };
	struct output_ctx ctx = {
		.mem = mem, .diags = d, .zone = z->zone, .spec = &spec
	};
	int rc = zone_lines_add(&ctx, &z->records, &out->lines);

	servers_add(mem, z->zone, &out->lines);
	zone_lines_sort(&out->lines);
	for (size_t i = 0; i < z->records.list.n; i++) {
		struct endpoint *e = &z->records.list.v[i];

		if (e->is_registry && e->owned_name.n > 0)
			map_put(&out->owned, e->name, &e->owned_name);
	}
	return rc;
}

static size_t rrset_length(const struct zone_lines *lines, size_t from)
{
	const struct zone_line *v = lines->list.v;
	size_t n = 1;

	while (from + n < lines->list.n && v[from + n].code == v[from].code &&
	       sv_eq(v[from + n].owner, v[from].owner))
		n++;
	return n;
}

static bool same_set(const struct rrset *a, const struct rrset *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].ttl != b->v[i].ttl ||
		    !sv_eq(a->v[i].rdata, b->v[i].rdata))
			return false;
	return true;
}

static struct sv pair_key(struct arena *mem, const struct zone_line *l)
{
	return arena_fmt(mem, "%u " SV_FMT, l->code, SV_ARG(l->owner));
}

static void side_pairs(struct script *s, struct side *side, struct map *index,
		       bool is_want)
{
	for (size_t i = 0, n; i < side->lines.list.n; i += n) {
		const struct zone_line *l = &side->lines.list.v[i];
		struct sv key = pair_key(s->mem, l);
		size_t *at = map_get(index, key);
		const struct sv *owned = map_get(&side->owned, l->owner);
		struct pair_of_sets *p;

		n = rrset_length(&side->lines, i);
		if (at == NULL) {
			at = ARENA_NEW(s->mem, size_t);
			*at = s->pairs.n;
			map_put(index, key, at);
			p = VEC_ADD(s->mem, &s->pairs);
			p->owner = p->group = l->owner;
			p->code = l->code;
		}
		p = &s->pairs.v[*at];
		if (owned != NULL && l->code == rrtype_code(RR_TXT)) {
			p->group = *owned;
			p->is_registry = true;
		}
		*(is_want ? &p->want : &p->have) = (struct rrset){ l, n };
		if (!is_want)
			map_put(&s->in_use, l->owner, side);
	}
}

static int pair_cmp(const void *a, const void *b)
{
	const struct pair_of_sets *x = a, *y = b;
	int c = dname_cmp(x->group, y->group);

	if (c == 0)
		c = dname_cmp(x->owner, y->owner);
	return c != 0 ? c : (x->code > y->code) - (x->code < y->code);
}

static bool changes(const struct pair_of_sets *p)
{
	return !same_set(&p->have, &p->want);
}

static size_t rr_bytes(const struct zone_line *l)
{
	enum { FIXED = 12 }; /* type, class, TTL, length, root */

	return l->owner.n + l->rdata.n + FIXED;
}

static void record_add(struct script *s, struct buf *to, const char *what,
		       const struct zone_line *l, bool with_ttl)
{
	buf_fmt(to, "%s " SV_FMT ". ", what, SV_ARG(l->owner));
	if (with_ttl)
		buf_fmt(to, "%lu ", (unsigned long)l->ttl);
	buf_fmt(to, "IN " SV_FMT " " SV_FMT "\n",
		SV_ARG(zone_type_name(s->mem, l->code)), SV_ARG(l->text));
	s->bytes += rr_bytes(l);
}

/* "www.example.com. A", of a condition or deletion without data. */
static void set_add(struct script *s, struct buf *to, const char *what,
		    const struct pair_of_sets *p)
{
	buf_fmt(to, "%s " SV_FMT ". IN " SV_FMT "\n", what, SV_ARG(p->owner),
		SV_ARG(zone_type_name(s->mem, p->code)));
	s->bytes += p->owner.n + 12;
}

/* What must be there; data that fill a message of their own are not named a
 * second time. */
static void condition_add(struct script *s, const struct pair_of_sets *p)
{
	size_t bytes = 0;

	for (size_t i = 0; i < p->have.n; i++)
		bytes += rr_bytes(&p->have.v[i]);
	for (size_t i = 0; i < p->have.n && bytes <= MAX_MESSAGE / 2; i++)
		record_add(s, &s->conditions, "prereq yxrrset", &p->have.v[i],
			   false);
	if (bytes > MAX_MESSAGE / 2)
		set_add(s, &s->conditions, "prereq yxrrset", p);
	if (p->have.n > 0)
		return;
	if (map_get(&s->in_use, p->owner) != NULL ||
	    sv_eq(p->owner, s->zone->name))
		set_add(s, &s->conditions, "prereq nxrrset", p);
	else
		buf_fmt(&s->conditions, "prereq nxdomain " SV_FMT ".\n",
			SV_ARG(p->owner));
}

static bool holds(const struct rrset *set, const struct zone_line *l)
{
	for (size_t i = 0; i < set->n; i++)
		if (sv_eq(set->v[i].rdata, l->rdata))
			return true;
	return false;
}

/* A server refuses to be without NS at its apex (RFC 2136 section 3.4.2.4), so
 * that these go one by one, behind the new ones. */
static void apex_servers_add(struct script *s, const struct pair_of_sets *p)
{
	for (size_t i = 0; i < p->want.n; i++)
		record_add(s, &s->additions, "update add", &p->want.v[i], true);
	for (size_t i = 0; i < p->have.n && p->want.n > 0; i++)
		if (!holds(&p->want, &p->have.v[i]))
			record_add(s, &s->additions, "update delete",
				   &p->have.v[i], false);
}

static void pair_add(struct script *s, const struct pair_of_sets *p)
{
	bool servers = p->code == RRCODE_NS && sv_eq(p->owner, s->zone->name);

	if (servers && p->want.n == 0)
		return; /* the zone itself is not ours to take away */
	condition_add(s, p);
	s->updates += p->have.n + p->want.n;
	/* From now on the name exists, for the messages behind this one too. */
	if (p->want.n > 0)
		map_put(&s->in_use, p->owner, s);
	if (servers) {
		apex_servers_add(s, p);
		return;
	}
	if (p->have.n > 0)
		set_add(s, &s->deletions, "update delete", p);
	for (size_t i = 0; i < p->want.n; i++)
		record_add(s, &s->additions, "update add", &p->want.v[i], true);
}

static void message_send(struct script *s)
{
	struct buf *parts[] = { &s->conditions, &s->deletions, &s->additions };

	if (s->updates == 0)
		return;
	for (size_t i = 0; i < 3; i++) {
		buf_add(&s->text, buf_sv(parts[i]));
		parts[i]->n = 0;
	}
	buf_add(&s->text, SV("send\n"));
	s->bytes = s->updates = 0;
}

/* What one name and its ownership TXT change, as a guess of bytes. */
static size_t group_bytes(const struct pair_of_sets *p, size_t n)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < p[i].have.n; k++)
			bytes += rr_bytes(&p[i].have.v[k]);
		for (size_t k = 0; k < p[i].want.n; k++)
			bytes += rr_bytes(&p[i].want.v[k]);
	}
	return bytes;
}

/* All that hangs together: `p[0]` to `p[n - 1]` are of one group. */
static void group_add(struct script *s, const struct pair_of_sets *p, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= changes(&p[i]);
	if (!any)
		return;
	if (s->updates >= MAX_UPDATES ||
	    s->bytes + group_bytes(p, n) > MAX_MESSAGE)
		message_send(s);
	for (size_t i = 0; i < n; i++) {
		if (changes(&p[i]))
			pair_add(s, &p[i]);
		else if (p[i].is_registry)
			condition_add(s, &p[i]); /* it is still ours */
	}
}

static void head_write(struct script *s)
{
	size_t added = 0, changed = 0, deleted = 0;

	for (size_t i = 0; i < s->pairs.n; i++) {
		const struct pair_of_sets *p = &s->pairs.v[i];

		if (!changes(p) || p->is_registry)
			continue;
		added += p->have.n == 0;
		deleted += p->want.n == 0;
		changed += p->have.n > 0 && p->want.n > 0;
	}
	buf_fmt(&s->text,
		"; zone " SV_FMT ": +%zu ~%zu -%zu\nzone " SV_FMT ".\n",
		SV_ARG(s->zone->key), added, changed, deleted,
		SV_ARG(s->zone->name));
}

static bool any_change(const struct script *s)
{
	for (size_t i = 0; i < s->pairs.n; i++)
		if (changes(&s->pairs.v[i]))
			return true;
	return false;
}

int nsupdate_write(struct arena *mem, struct diags *d, const struct zone *zone,
		   const struct zone_plan *have, const struct zone_plan *want,
		   struct sv *text)
{
	struct script s = { .mem = mem,
			    .zone = zone,
			    .have.owned.mem = mem,
			    .want.owned.mem = mem,
			    .in_use.mem = mem,
			    .text.mem = mem,
			    .conditions.mem = mem,
			    .deletions.mem = mem,
			    .additions.mem = mem };
	struct map index = { .mem = mem };

	*text = SV("");
	if (config_check_plain(d, zone, "diff -o nsupdate", zone->at) < 0)
		return -1;
	if ((have != NULL && side_read(mem, d, have, &s.have) != 0) ||
	    (want != NULL && side_read(mem, d, want, &s.want) != 0))
		return -1;
	side_pairs(&s, &s.have, &index, false);
	side_pairs(&s, &s.want, &index, true);
	if (!any_change(&s))
		return 0;
	qsort(s.pairs.v, s.pairs.n, sizeof(s.pairs.v[0]), pair_cmp);
	head_write(&s);
	for (size_t i = 0, n; i < s.pairs.n; i += n) {
		for (n = 1; i + n < s.pairs.n; n++)
			if (!sv_eq(s.pairs.v[i + n].group, s.pairs.v[i].group))
				break;
		group_add(&s, &s.pairs.v[i], n);
	}
	message_send(&s);
	*text = buf_sv(&s.text);
	return 0;
}
