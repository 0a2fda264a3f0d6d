#include "pipeline/previous.h"

#include "base/map.h"
#include "pipeline/ours.h"

struct prior_zone *prior_zone_of(struct session *s, struct prior_zones *all,
				 const struct zone *zone)
{
	struct prior_zone *z;

	for (size_t i = 0; i < all->list.n; i++)
		if (all->list.v[i]->zone == zone)
			return all->list.v[i];
	z = ARENA_NEW(s->mem, struct prior_zone);
	z->zone = zone;
	*VEC_ADD(s->mem, &all->list) = z;
	return z;
}

struct endpoints records_of_zone(struct arena *mem, const struct zone *zone,
				 const struct endpoints *from, bool held)
{
	struct endpoints out = { 0 };

	for (size_t i = 0; i < from->list.n; i++)
		if (dname_in(from->list.v[i].name, zone->name) == held)
			*endpoints_add(mem, &out) = from->list.v[i];
	return out;
}

/* By the first of its names: an output holds those of one zone. */
static const struct zone *zone_of_names(const struct session *s,
					const struct endpoints *set)
{
	const struct zone *best = NULL;

	for (size_t i = 0; set->list.n > 0 && i < s->config.zones.n; i++) {
		const struct zone *z = &s->config.zones.v[i];

		if (dname_in(set->list.v[0].name, z->name) &&
		    (best == NULL || z->name.n > best->name.n))
			best = z;
	}
	return best;
}

static struct prior_zone *vanished_zone(struct session *s,
					struct prior_zones *all, struct sv key)
{
	struct zone *zone;
	struct prior_zone *z;

	for (size_t i = 0; i < all->list.n; i++)
		if (all->list.v[i]->vanished &&
		    sv_eq(all->list.v[i]->zone->key, key))
			return all->list.v[i];
	zone = ARENA_NEW(s->mem, struct zone);
	zone->key = key;
	z = prior_zone_of(s, all, zone);
	z->vanished = true;
	return z;
}

static const struct endpoint *first_record(const struct endpoints *set)
{
	for (size_t i = 0; i < set->list.n; i++)
		if (set->list.v[i].type != RR_TXT && !set->list.v[i].is_server)
			return &set->list.v[i];
	return NULL;
}

/* Another file of the same zone answered the same; of two views, each has
 * answers of its own. */
static bool holds(const struct prior_zone *z, const struct endpoint *e)
{
	for (size_t i = 0; i < z->files.n; i++) {
		const struct endpoints *have = &z->files.v[i].have;

		for (size_t k = 0; k < have->list.n; k++) {
			const struct endpoint *h = &have->list.v[k];

			if (h->type == e->type && sv_eq(h->name, e->name) &&
			    h->targets.n > 0 && e->targets.n > 0 &&
			    sv_eq(h->targets.v[0], e->targets.v[0]))
				return true;
		}
	}
	return false;
}

/* A file that does not name its zone: Terraform, where its id is given. */
static struct prior_zone *zone_of_sibling(const struct prior_zones *all,
					  const struct endpoints *set)
{
	const struct endpoint *e = first_record(set);

	for (size_t i = 0; e != NULL && i < all->list.n; i++)
		if (all->list.v[i]->vanished && holds(all->list.v[i], e))
			return all->list.v[i];
	return NULL;
}

struct prior_zone *prior_zone_of_file(struct session *s,
				      struct prior_zones *all, struct sv path,
				      const struct output_file *file)
{
	const struct zone *zone = file->zone;
	struct prior_zone *sibling = NULL;

	if (zone == NULL && file->zone_key.n == 0)
		zone = zone_of_names(s, &file->records);
	if (zone != NULL)
		return prior_zone_of(s, all, zone);
	if (file->zone_key.n == 0)
		sibling = zone_of_sibling(all, &file->records);
	if (sibling != NULL)
		return sibling;
	return vanished_zone(s, all,
			     file->zone_key.n > 0 ? file->zone_key : path);
}

/* One RRset of a zone, as the file that changes it most has it. */
struct rrset {
	const struct endpoint *have, *want;
};

struct rrsets {
	struct arena *mem;
	struct map index; /* "TYPE NAME" to struct rrset * */
	VEC(struct rrset *) list;
};

static struct sv rrset_key(struct arena *mem, const struct endpoint *e)
{
	return arena_fmt(mem, "%s " SV_FMT, rrtype_name(e->type),
			 SV_ARG(e->name));
}

static struct rrset *rrset_add(struct rrsets *all, struct sv key)
{
	struct rrset *r = ARENA_NEW(all->mem, struct rrset);

	map_put(&all->index, key, r);
	*VEC_ADD(all->mem, &all->list) = r;
	return r;
}

static struct map by_key(struct arena *mem, const struct endpoints *set)
{
	struct map m = { .mem = mem };

	for (size_t i = 0; i < set->list.n; i++)
		map_put(&m, rrset_key(mem, &set->list.v[i]), &set->list.v[i]);
	return m;
}

/* A difference in any file is a difference of the zone. */
static void add_had(struct rrsets *all, const struct prior *f)
{
	struct map want = by_key(all->mem, &f->want);

	for (size_t i = 0; i < f->have.list.n; i++) {
		const struct endpoint *h = &f->have.list.v[i];
		struct sv key = rrset_key(all->mem, h);
		const struct endpoint *w = map_get(&want, key);
		struct rrset *r = map_get(&all->index, key);

		if (r == NULL)
			r = rrset_add(all, key);
		else if (r->want == NULL ||
			 !record_same(all->mem, r->have, r->want))
			continue;
		r->have = h;
		r->want = w;
	}
}

static void add_new(struct rrsets *all, const struct prior *f)
{
	for (size_t i = 0; i < f->want.list.n; i++) {
		const struct endpoint *w = &f->want.list.v[i];
		struct sv key = rrset_key(all->mem, w);

		if (map_get(&all->index, key) == NULL)
			rrset_add(all, key)->want = w;
	}
}

void prior_changes(struct arena *mem, const struct prior_zone *z,
		   struct changes *out)
{
	struct rrsets all = { .mem = mem, .index = { .mem = mem } };
	struct endpoints *have = ARENA_NEW(mem, struct endpoints);
	struct endpoints *want = ARENA_NEW(mem, struct endpoints);

	for (size_t i = 0; i < z->files.n; i++)
		add_had(&all, &z->files.v[i]);
	for (size_t i = 0; i < z->files.n; i++)
		add_new(&all, &z->files.v[i]);
	for (size_t i = 0; i < all.list.n; i++) {
		if (all.list.v[i]->have != NULL)
			*endpoints_add(mem, have) = *all.list.v[i]->have;
		if (all.list.v[i]->want != NULL)
			*endpoints_add(mem, want) = *all.list.v[i]->want;
	}
	endpoints_sort(have);
	endpoints_sort(want);
	changes_find(mem, have, want, out);
}

/* Records that `out` has none of yet: of two files the first one counts.  The
 * zone's own name servers are what the configuration says. */
static void add_records(struct session *s, const struct endpoints *from,
			struct endpoints *out)
{
	struct map seen = by_key(s->mem, out);

	for (size_t i = 0; i < from->list.n; i++)
		if (!from->list.v[i].is_server &&
		    map_get(&seen, rrset_key(s->mem, &from->list.v[i])) == NULL)
			*endpoints_add(s->mem, out) = from->list.v[i];
}

/* A zone file writes the default TTL where a record has none, and no
 * properties: what another format says of the record wins. */
struct kept {
	struct endpoints *records, zone_files;
};

/* A record that is to stay must not go because the file that held it is broken:
 * nothing is written then. */
static void file_unreadable(struct session *s, struct sv path,
			    const struct diags *why)
{
	struct loc at = { path, 0, 0 };

	diag_file(&s->diags, DIAG_OUTPUT, DIAG_ERROR, at,
		  "records of this output are to stay, and it cannot be "
		  "read as it stood%s" SV_FMT,
		  why->list.n > 0 ? ": " : "",
		  SV_ARG(why->list.n > 0 ? why->list.v[0].text : SV("")));
}

static int add_file(struct session *s, struct snapshot *at,
		    const struct ours *ours, const struct snapshot_file *f,
		    const struct zone *zone, struct kept *out)
{
	struct diags ignored = { .mem = s->mem };
	struct prior_zones all = { 0 };
	struct output_file file;
	struct endpoints held;
	struct sv text;
	bool default_ttl;
	int rc;

	if (snapshot_read(at, f, s->mem, &ignored, &s->fault, &text) < 0) {
		if (config_writes(&s->config, f->path))
			file_unreadable(s, f->path, &ignored);
		return s->fault.kind != FAULT_NONE ? -1 : 0;
	}
	rc = output_file_read(s->mem, &ignored, &s->config, f->path, text,
			      &file);
	if (rc == 0 || (!config_writes(&s->config, f->path) &&
			!ours_holds(ours, s, f->path, text)))
		return 0;
	if (rc < 0) {
		file_unreadable(s, f->path, &ignored);
		return 0;
	}
	if (prior_zone_of_file(s, &all, f->path, &file)->zone != zone)
		return 0;
	held = records_of_zone(s->mem, zone, &file.records, true);
	default_ttl = file.format->ttl == FORMAT_TTL_OF_ZONE;
	for (size_t i = 0; default_ttl && i < held.list.n; i++)
		if (held.list.v[i].ttl == zone->default_ttl)
			held.list.v[i].ttl = 0;
	add_records(s, &held, default_ttl ? &out->zone_files : out->records);
	return 0;
}

/* A proxied record has no TTL of its own at Cloudflare; its zone file says it.
 */
static void take_ttls(struct session *s, const struct endpoints *from,
		      struct endpoints *out)
{
	struct map by = by_key(s->mem, from);

	for (size_t i = 0; i < out->list.n; i++) {
		struct endpoint *e = &out->list.v[i];
		const struct endpoint *f = map_get(&by, rrset_key(s->mem, e));

		if (e->ttl == 0 && f != NULL)
			e->ttl = f->ttl;
	}
}

static int add_snapshot(struct session *s, struct snapshot *at,
			const struct zone *zone, struct endpoints *out)
{
	struct kept kept = { .records = out };
	const struct snapshot_file *f;
	struct ours ours;
	size_t i = 0;

	if (ours_new(s, &ours) < 0)
		return -1;
	while ((f = ours_next(&ours, at, &i)) != NULL)
		if (add_file(s, at, &ours, f, zone, &kept) < 0)
			return -1;
	take_ttls(s, &kept.zone_files, out);
	add_records(s, &kept.zone_files, out);
	return 0;
}

static int add_revision(struct session *s, const char *rev,
			const struct zone *zone, struct endpoints *out)
{
	struct diags ignored = { .mem = s->mem };
	struct snapshot_spec spec = s->spec;
	struct snapshot *at;

	spec.kind = SNAPSHOT_REV;
	spec.rev = rev;
	if (snapshot_open(s->mem, &spec, &ignored, &s->fault, &at) < 0)
		return -1;
	return add_snapshot(s, at, zone, out);
}

/* Where no outputs stand, what would stand there. */
static void add_plan(struct session *s, const struct zone *zone,
		     struct endpoints *out)
{
	const struct plan *p = s->keep_plan;

	for (size_t i = 0; p != NULL && i < p->zones.n; i++)
		if (sv_eq(p->zones.v[i].zone->key, zone->key))
			add_records(s, &p->zones.v[i].records, out);
}

int previous_records(struct session *s, const struct zone *zone,
		     struct endpoints *out)
{
	bool found = false;

	*out = (struct endpoints){ 0 };
	for (size_t i = 0; i < PREVIOUS_REVISIONS && s->keep_from[i]; i++) {
		if (!snapshot_has_rev(s->snapshot, s->keep_from[i]))
			continue;
		found = true;
		if (add_revision(s, s->keep_from[i], zone, out) < 0)
			return -1;
	}
	if (!found && add_snapshot(s, s->snapshot, zone, out) < 0)
		return -1;
	if (out->list.n == 0)
		add_plan(s, zone, out);
	endpoints_sort(out);
	return 0;
}

static int add_past(struct session *s, struct snapshot *at,
		    const struct ours *ours, const struct snapshot_file *f,
		    struct past_files *out)
{
	struct diags ignored = { .mem = s->mem };
	struct prior_zones all = { 0 };
	struct output_file file;
	struct output_past past = { .file = f->path };

	if (snapshot_read(at, f, s->mem, &ignored, &s->fault, &past.text) < 0)
		return s->fault.kind != FAULT_NONE ? -1 : 0;
	if (output_file_read(s->mem, &ignored, &s->config, f->path, past.text,
			     &file) != 1 ||
	    !file.format->folder_is_module ||
	    (!config_writes(&s->config, f->path) &&
	     !ours_holds(ours, s, f->path, past.text)))
		return 0;
	past.zone = prior_zone_of_file(s, &all, f->path, &file)->zone;
	past.zone_key = past.zone->key;
	if (all.list.v[0]->vanished) {
		past.zone = NULL;
		past.zone_key = file.zone_key;
	}
	*VEC_ADD(s->mem, &out->list) = past;
	return 0;
}

static int add_pasts(struct session *s, struct snapshot *at,
		     struct past_files *out)
{
	const struct snapshot_file *f;
	struct ours ours;
	size_t i = 0;

	if (ours_new(s, &ours) < 0)
		return -1;
	while ((f = ours_next(&ours, at, &i)) != NULL)
		if (add_past(s, at, &ours, f, out) < 0)
			return -1;
	return 0;
}

int previous_files(struct session *s, struct past_files *out)
{
	struct diags ignored = { .mem = s->mem };
	struct snapshot_spec spec = s->spec;
	struct snapshot *at;
	bool found = false;

	spec.kind = SNAPSHOT_REV;
	for (size_t i = 0; i < PREVIOUS_REVISIONS; i++) {
		spec.rev = s->serial_from[i];
		if (spec.rev == NULL ||
		    !snapshot_has_rev(s->snapshot, spec.rev))
			continue;
		found = true;
		if (snapshot_open(s->mem, &spec, &ignored, &s->fault, &at) <
			    0 ||
		    add_pasts(s, at, out) < 0)
			return -1;
	}
	return found ? 0 : add_pasts(s, s->snapshot, out);
}
