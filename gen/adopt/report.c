/* The rows for programs and for a comment of a pull request. */
#include "adopt/internal.h"
#include "base/buf.h"
#include "base/escape.h"

static json_t *text(const struct adopt *a, struct sv s)
{
	s = text_escape(a->s->mem, s);
	return json_stringn(s.p, s.n);
}

static json_t *row(const struct adopt *a, const struct adopt_row *r)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "kind", adopt_kind_name(r->kind), "zone",
			 text(a, r->zone), "name", text(a, r->name), "type",
			 text(a, r->type), "have", text(a, r->have), "want",
			 text(a, r->want), "address", text(a, r->address),
			 "import_id", text(a, r->id), "state_address",
			 text(a, r->moved_from), "why", text(a, r->why));
}

struct sv adopt_json(const struct adopt *a)
{
	json_t *counts = json_object(), *rows = json_array(), *root;
	struct sv out;
	char *dump;

	for (size_t i = 0; i < ADOPT_KINDS; i++)
		json_object_set_new(counts, adopt_kind_name((enum adopt_kind)i),
				    json_integer((json_int_t)a->count[i]));
	for (size_t i = 0; i < a->rows.n; i++)
		json_array_append_new(rows, row(a, &a->rows.v[i]));
	root = json_pack("{s:i, s:b, s:o, s:o}", "version", 1, "clean",
			 adopt_is_clean(a), "summary", counts, "records", rows);
	dump = json_dumps(root, JSON_INDENT(2));
	out = arena_fmt(a->s->mem, "%s\n", dump != NULL ? dump : "{}");
	free(dump);
	json_decref(root);
	return out;
}

static void put_code(const struct adopt *a, struct buf *b, struct sv s)
{
	if (s.n > 0)
		buf_add(b, escape(a->s->mem, SINK_MARKDOWN, s));
	buf_add(b, SV(" | "));
}

static void put_kind(const struct adopt *a, struct buf *b, enum adopt_kind kind)
{
	buf_fmt(b, "\n**%s** (%zu): %s\n\n", adopt_kind_name(kind),
		a->count[kind], adopt_kind_about(kind));
	buf_add(b, SV("| name | type | exists | in git | |\n"
		      "|---|---|---|---|---|\n"));
	for (size_t i = 0; i < a->rows.n; i++) {
		const struct adopt_row *r = &a->rows.v[i];

		if (r->kind != kind)
			continue;
		buf_add(b, SV("| "));
		put_code(a, b, r->name);
		put_code(a, b, r->type);
		put_code(a, b, r->have);
		put_code(a, b, r->want);
		buf_add(b, escape_prose(a->s->mem, r->why));
		buf_add(b, SV(" |\n"));
	}
}

/* What there is nothing to do about is only counted. */
struct sv adopt_markdown(const struct adopt *a)
{
	struct buf b = { .mem = a->s->mem };

	buf_add(&b, SV("### Records that exist\n\n| | records |\n|---|---|\n"));
	for (size_t i = 0; i < ADOPT_KINDS; i++)
		buf_fmt(&b, "| %s | %zu |\n",
			adopt_kind_name((enum adopt_kind)i), a->count[i]);
	for (size_t i = 0; i < ADOPT_MANAGED; i++)
		if (a->count[i] > 0)
			put_kind(a, &b, (enum adopt_kind)i);
	return buf_sv(&b);
}
