#include "report/finding.h"

#include <inttypes.h>

#include "base/map.h"

json_t *finding_text(struct arena *mem, struct sv s)
{
	s = text_escape(mem, s);
	return json_stringn(s.p, s.n);
}

/* FNV-1a. */
static uint64_t hash_byte(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * 0x100000001b3ULL;
}

/* Without the line of a place inside the text: "apps/a.yaml:12:3". */
static uint64_t hash_text(uint64_t h, struct sv s)
{
	bool in_place = false;

	for (size_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';

		in_place = s.p[i] == ':' || (in_place && digit);
		if (!in_place || !digit)
			h = hash_byte(h, s.p[i]);
	}
	return hash_byte(h, '\n');
}

static uint64_t hash_diag(uint64_t seed, const struct diag *d, size_t nth)
{
	uint64_t h = hash_text(seed, sv_of(diag_code_name(d->code)));

	h = hash_text(h, d->at.file);
	h = hash_text(h, d->object);
	h = hash_text(h, d->text);
	for (; nth > 0; nth /= 128)
		h = hash_byte(h, (char)(nth % 128));
	return h;
}

/* A name and no seal: it tells findings apart, and `names` sees to it that
 * two that were made to collide do not hide each other. */
static struct sv fingerprint(struct map *names, const struct diag *d)
{
	struct sv name;
	size_t nth = 0;

	do {
		name = arena_fmt(names->mem, "%016" PRIx64 "%016" PRIx64,
				 hash_diag(0xcbf29ce484222325ULL, d, nth),
				 hash_diag(0x9e3779b97f4a7c15ULL, d, nth));
		nth++;
	} while (map_get(names, name) != NULL);
	map_put(names, name, names);
	return name;
}

void findings_of(const struct report_ctx *ctx, size_t most,
		 struct findings *out)
{
	struct map names = { .mem = ctx->mem };

	*out = (struct findings){ 0 };
	for (int s = DIAG_ERROR; s >= DIAG_WARNING; s--)
		for (size_t i = 0; i < ctx->diags->list.n; i++) {
			const struct diag *d = &ctx->diags->list.v[i];

			if ((int)d->severity != s)
				continue;
			if (out->list.n == most) {
				out->hidden++;
				continue;
			}
			*VEC_ADD(ctx->mem, &out->list) =
				(struct finding){ d, fingerprint(&names, d) };
		}
}
