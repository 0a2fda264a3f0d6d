/* Records that exist, whatever they were read from. */
#include "adopt/internal.h"
#include "base/buf.h"
#include "base/limits.h"
#include "endpoint/txt.h"

static const char *const kind_names[] = {
#define ADOPT(id, word, about, clean) word,
#include "adopt/kind.def"
#undef ADOPT
};

static const char *const kind_abouts[] = {
#define ADOPT(id, word, about, clean) about,
#include "adopt/kind.def"
#undef ADOPT
};

const char *adopt_kind_name(enum adopt_kind k)
{
	return kind_names[k];
}

const char *adopt_kind_about(enum adopt_kind k)
{
	return kind_abouts[k];
}

void adopt_begin(struct adopt *a, struct session *s)
{
	*a = (struct adopt){ .s = s };
	a->answers = ARENA_NEW(s->mem, struct adopt_answers);
	a->existing = ARENA_NEW(s->mem, struct existing_set);
	a->existing->by_id.mem = s->mem;
	a->wanted = ARENA_NEW(s->mem, struct wanted_set);
	a->wanted->moves.mem = s->mem;
}

struct existing *existing_add(struct adopt *a, struct loc at, struct sv id)
{
	struct existing_set *all = a->existing;
	struct existing *e = id.n > 0 ? map_get(&all->by_id, id) : NULL;

	if (e != NULL)
		return e;
	e = ARENA_NEW(a->s->mem, struct existing);
	e->at = at;
	e->id = id;
	*VEC_ADD(a->s->mem, &all->list) = e;
	if (id.n > 0)
		map_put(&all->by_id, id, e);
	return e;
}

/* Bytes of all strings of a TXT: to Cloudflare, quotes and borders do not
 * belong to the value. */
static struct sv txt_joined(struct arena *mem, struct sv wire)
{
	struct buf b = { .mem = mem };

	while (wire.n > 0) {
		size_t n = (unsigned char)wire.p[0];

		buf_add(&b, sv_head(sv_from(wire, 1), n));
		wire = sv_from(wire, 1 + n);
	}
	return buf_sv(&b);
}

struct sv data_key(struct arena *mem, enum rrtype type, struct sv wire)
{
	static const enum rrtype hosts[] = { RR_CNAME, RR_MX, RR_NS, RR_PTR,
					     RR_SRV };
	struct sv text;

	if (type == RR_TXT)
		return txt_joined(mem, wire);
	text = rdata_text(mem, type, wire);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (type == hosts[i])
			return arena_lower(mem, text);
	return text;
}

static void heritage_set(struct adopt *a, struct existing *e)
{
	struct arena *mem = a->s->mem;
	struct pairs labels = { 0 };
	const struct sv *v;

	if (e->code != RR_TXT ||
	    !ownership_parse(mem, txt_joined(mem, e->wire), &labels))
		return;
	e->heritage = true;
	v = pairs_get(&labels, SV("owner"));
	e->owner = v != NULL ? *v : SV("");
	v = pairs_get(&labels, SV("resource"));
	e->resource = v != NULL ? *v : SV("");
}

void existing_finish(struct adopt *a, struct existing *e)
{
	struct arena *mem = a->s->mem;

	e->name = arena_lower(mem, e->name);
	while (sv_ends(e->name, SV(".")))
		e->name.n--;
	if (!e->known) {
		e->key = e->content;
		return;
	}
	e->key = data_key(mem, e->code, e->wire);
	e->content = rdata_text(mem, e->code, e->wire);
	heritage_set(a, e);
}

struct sv json_scalar(struct arena *mem, const json_t *v)
{
	if (json_is_string(v))
		return arena_sv(mem, (struct sv){ json_string_value(v),
						  json_string_length(v) });
	if (json_is_integer(v))
		return arena_fmt(mem, "%lld", (long long)json_integer_value(v));
	if (json_is_real(v))
		return arena_fmt(mem, "%.0f", json_real_value(v));
	return SV("");
}

struct sv json_field(struct arena *mem, const json_t *o, const char *key)
{
	return json_scalar(mem, json_object_get(o, key));
}

bool id_ok(struct sv id)
{
	for (size_t i = 0; i < id.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
			   id.p[i]) == NULL ||
		    id.p[i] == '\0')
			return false;
	return id.n > 0 && id.n <= MAX_LABEL;
}

/* Sorted, "a,b". */
static struct sv tags_of(struct arena *mem, const json_t *list)
{
	struct strings tags = { 0 };
	struct buf b = { .mem = mem };
	json_t *tag;
	size_t i;

	json_array_foreach(list, i, tag)
	{
		*VEC_ADD(mem, &tags.list) = json_scalar(mem, tag);
	}
	strings_sort(&tags);
	for (i = 0; i < tags.list.n; i++)
		buf_fmt(&b, "%s" SV_FMT, i > 0 ? "," : "",
			SV_ARG(tags.list.v[i]));
	return buf_sv(&b);
}

/* Provider 4 has a list with one object where the API has the object. */
static void data_fields(struct arena *mem, json_t *data, struct pairs *out)
{
	json_t *v;
	const char *key;

	if (json_is_array(data))
		data = json_array_get(data, 0);
	json_object_foreach(data, key, v)
	{
		pairs_put(mem, out, arena_sv(mem, sv_of(key)),
			  json_scalar(mem, v));
	}
}

/* A TXT without quotes is its bytes, a quote inside it too. */
static struct sv txt_content(struct arena *mem, struct sv content)
{
	struct sv wire;

	if (sv_starts(content, SV("\"")) &&
	    txt_wire(mem, content, &wire) == NULL)
		return content;
	return string_text(mem, content);
}

void record_of_json(struct adopt *a, struct existing *e, json_t *o)
{
	struct arena *mem = a->s->mem;
	struct sv content = json_field(mem, o, "content"), ttl;
	struct pairs data = { 0 };
	unsigned long long n;

	if (content.n == 0)
		content = json_field(mem, o, "value");
	e->type = json_field(mem, o, "type");
	e->content = e->raw = content;
	e->known = rrtype_parse(e->type, &e->code);
	if (e->known && e->code == RR_TXT)
		content = txt_content(mem, content);
	data_fields(mem, json_object_get(o, "data"), &data);
	e->known = e->known && cloudflare_wire(mem, e->code, content,
					       json_field(mem, o, "priority"),
					       &data, &e->wire);
	ttl = json_field(mem, o, "ttl");
	e->ttl = sv_number(ttl, MAX_TTL, &n) ? (int64_t)n : 1;
	e->has_settings = true;
	e->proxied = json_is_true(json_object_get(o, "proxied"));
	e->note = json_field(mem, o, "comment");
	e->tags = tags_of(mem, json_object_get(o, "tags"));
}
