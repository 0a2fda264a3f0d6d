#include "pipeline/commit_message.h"

#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mustache.h"
#include "base/words.h"

/* The template lies in the program as it lies in templates/. */
__asm__(".pushsection .rodata\n"
	".global template_commit_message\n"
	"template_commit_message:\n"
	".incbin \"templates/commit-message\"\n"
	".byte 0\n"
	".popsection\n");
extern const char template_commit_message[];

struct making {
	struct session *s;
	const struct outputs *o;
	const struct zone *only;
	bool removed;
	struct changes sum; /* counts only */
	size_t zones;
	int name_width, value_width;
	size_t shown, more;
};

static bool counts(const struct change *c)
{
	return !change_record(c)->is_registry;
}

static bool is_part(const struct making *m, const struct out_file *f)
{
	if (!f->stale)
		return false;
	return f->zone == NULL ? m->removed
			       : m->only == NULL || f->zone == m->only;
}

static bool zone_is_part(const struct making *m, const struct zone *zone)
{
	bool has_file = false;

	for (size_t i = 0; i < m->o->files.n; i++) {
		if (m->o->files.v[i].zone != zone)
			continue;
		has_file = true;
		if (is_part(m, &m->o->files.v[i]))
			return true;
	}
	/* A zone that went away, with its files. */
	return !has_file && m->removed;
}

static int wider(int have, struct sv s, int most)
{
	return (int)s.n > have ? (int)s.n < most ? (int)s.n : most : have;
}

static void measure(struct making *m)
{
	for (size_t i = 0; i < m->o->zones.list.n; i++) {
		const struct zone_changes *z = &m->o->zones.list.v[i];

		if (!zone_is_part(m, z->zone))
			continue;
		m->zones++;
		m->sum.added += z->changes.added;
		m->sum.updated += z->changes.updated;
		m->sum.deleted += z->changes.deleted;
		for (size_t k = 0; k < z->changes.list.n; k++) {
			const struct change *c = &z->changes.list.v[k];

			if (!counts(c))
				continue;
			m->name_width = wider(m->name_width,
					      change_record(c)->name, 40);
			m->value_width = wider(m->value_width,
					       change_value(m->s->mem, c), 40);
		}
	}
}

static void add_change(struct making *m, const struct change *c,
		       struct mustache_scope *s)
{
	static const char *const signs[] = {
		[CHANGE_ADD] = "+", [CHANGE_UPDATE] = "~", [CHANGE_DELETE] = "-"
	};
	struct arena *mem = m->s->mem;
	const struct endpoint *e = change_record(c);
	/* A name of a zone has no character that could be active, and its
	 * "www." links to what it says. */
	struct sv name = text_escape(mem, e->name);
	struct sv value = escape(mem, SINK_COMMIT, change_value(mem, c));
	struct sv place = escape(mem, SINK_COMMIT, change_place(mem, c));

	mustache_text(mem, s, "sign", sv_of(signs[c->kind]));
	mustache_text(mem, s, "type", sv_of(rrtype_name(e->type)));
	mustache_text(mem, s, "name", name);
	mustache_text(mem, s, "value", value);
	mustache_text(mem, s, "place", place);
	mustache_text(mem, s, "line",
		      place.n == 0
			      ? arena_fmt(mem, "%s %-6s %-*s  " SV_FMT,
					  signs[c->kind], rrtype_name(e->type),
					  m->name_width, arena_str(mem, name),
					  SV_ARG(value))
			      : arena_fmt(mem, "%s %-6s %-*s  %-*s  " SV_FMT,
					  signs[c->kind], rrtype_name(e->type),
					  m->name_width, arena_str(mem, name),
					  m->value_width, arena_str(mem, value),
					  SV_ARG(place)));
}

static void add_zone(struct making *m, const struct zone_changes *z,
		     struct mustache_scope *s)
{
	struct arena *mem = m->s->mem;
	struct mustache_scope *list =
		ARENA_ARRAY(mem, struct mustache_scope, MESSAGE_CHANGES);
	struct sv summary = changes_summary(mem, &z->changes);
	struct sv key = escape(mem, SINK_COMMIT,
			       z->zone ? z->zone->key : SV("records"));
	size_t n = 0;

	for (size_t i = 0; i < z->changes.list.n; i++) {
		if (!counts(&z->changes.list.v[i]))
			continue;
		if (m->shown == MESSAGE_CHANGES) {
			m->more++;
			continue;
		}
		m->shown++;
		add_change(m, &z->changes.list.v[i], &list[n++]);
	}
	mustache_text(mem, s, "zone", key);
	mustache_text(mem, s, "summary", summary);
	mustache_text(mem, s, "heading",
		      m->zones < 2 ? SV("")
				   : arena_fmt(mem, SV_FMT " (" SV_FMT ")",
					       SV_ARG(key), SV_ARG(summary)));
	mustache_list(mem, s, "changes", list, n);
}

/* "3 changes in example.org (+1 ~1 -1)" */
static struct sv subject(struct making *m, struct sv zone, size_t removed)
{
	struct arena *mem = m->s->mem;
	size_t n = m->sum.added + m->sum.updated + m->sum.deleted;
	struct sv where =
		m->zones == 1
			? arena_fmt(mem, " in " SV_FMT,
				    SV_ARG(escape(mem, SINK_COMMIT, zone)))
		: m->zones > 1 ? arena_fmt(mem, " in %zu zones", m->zones)
			       : SV("");

	if (n == 0 && m->zones == 0)
		return arena_fmt(mem, "remove " SV_FMT,
				 SV_ARG(words_count(mem, removed,
						    "obsolete file", NULL)));
	if (n == 0)
		return arena_fmt(mem, "same records, files rewritten" SV_FMT,
				 SV_ARG(where));
	return arena_fmt(mem, SV_FMT SV_FMT " (" SV_FMT ")",
			 SV_ARG(words_count(mem, n, "change", NULL)),
			 SV_ARG(where), SV_ARG(changes_summary(mem, &m->sum)));
}

/* Of the flag: on disk; of the configuration: in the snapshot it is from. */
static int template_of(struct session *s,
		       const struct commit_message_options *opt,
		       struct sv *name, struct sv *text)
{
	*name = SV("templates/commit-message");
	*text = sv_of(template_commit_message);
	if (opt->template_file.p != NULL) {
		*name = opt->template_file;
		return file_read(s->mem, arena_str(s->mem, *name),
				 MAX_FILE_BYTES, &s->fault, text);
	}
	if (s->config.commit.message_template.n == 0)
		return 0;
	*name = s->config.commit.message_template;
	if (session_read(s, *name, text) < 0)
		return -1;
	return text->p != NULL
		       ? 0
		       : fault_set(&s->fault, s->mem, FAULT_USAGE,
				   SV_FMT ": no such file", SV_ARG(*name));
}

static void add_removed(struct making *m, struct mustache_scope *top, size_t *n)
{
	struct arena *mem = m->s->mem;
	struct mustache_scope *list =
		ARENA_ARRAY(mem, struct mustache_scope, m->o->files.n);

	for (size_t i = 0; i < m->o->files.n; i++) {
		const struct out_file *f = &m->o->files.v[i];

		if (is_part(m, f) && f->text.p == NULL)
			mustache_text(mem, &list[(*n)++], "path",
				      escape(mem, SINK_COMMIT, f->path));
	}
	mustache_list(mem, top, "removed", list, *n);
}

int commit_message_make(struct session *s,
			const struct commit_message_options *opt,
			const struct outputs *o, const struct zone *only,
			bool removed, struct sv *out)
{
	struct making m = { .s = s, .o = o, .only = only, .removed = removed };
	struct mustache_scope top = { 0 };
	struct mustache_scope *zones =
		ARENA_ARRAY(s->mem, struct mustache_scope, o->zones.list.n);
	struct sv name, template, first = { NULL, 0 };
	size_t n = 0, gone = 0;

	measure(&m);
	for (size_t i = 0; i < o->zones.list.n; i++) {
		if (!zone_is_part(&m, o->zones.list.v[i].zone))
			continue;
		if (n == 0 && o->zones.list.v[i].zone != NULL)
			first = o->zones.list.v[i].zone->key;
		add_zone(&m, &o->zones.list.v[i], &zones[n++]);
	}
	mustache_list(s->mem, &top, "zones", zones, n);
	add_removed(&m, &top, &gone);
	mustache_text(s->mem, &top, "subject", subject(&m, first, gone));
	mustache_text(s->mem, &top, "summary", changes_summary(s->mem, &m.sum));
	mustache_text(s->mem, &top, "count",
		      arena_fmt(s->mem, "%zu",
				m.sum.added + m.sum.updated + m.sum.deleted));
	mustache_text(s->mem, &top, "skip-ci",
		      opt->skip_ci ? SV("yes") : SV(""));
	mustache_text(s->mem, &top, "more",
		      m.more ? arena_fmt(s->mem, "%zu", m.more) : SV(""));
	if (template_of(s, opt, &name, &template) < 0)
		return -1;
	/* The values are escaped already, for what a commit message is. */
	return mustache_render(
		s->mem,
		&(struct mustache_options){ .name = arena_str(s->mem, name),
					    .template = template,
					    .top = &top,
					    .strict = true },
		&s->fault, out);
}
