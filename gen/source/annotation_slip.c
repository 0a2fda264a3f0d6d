/*
 * Annotations that are nearly ours, and ours where nobody reads them:
 * Kubernetes takes any key, ExternalDNS passes it over, and the record is
 * missing or has the default target.
 */
#include "base/limits.h"
#include "base/path.h"
#include "source/annotation.h"
#include "source/state.h"

static const struct {
	struct sv path;
	bool is_place; /* they are read here */
} places[] = {
	{ { "metadata.annotations", 20 }, true },
	{ { "spec.infrastructure.annotations", 31 }, true },
	{ { "metadata.labels", 15 }, false },
	{ { "metadata", 8 }, false },
	{ { "annotations", 11 }, false },
	{ { "labels", 6 }, false },
	{ { "spec", 4 }, false },
	{ { "spec.annotations", 16 }, false },
	{ { "spec.labels", 11 }, false },
	{ { "spec.infrastructure.labels", 26 }, false },
};

/* A key cut into what should be our prefix and what should be our word. */
struct cut_key {
	struct sv whole, head, word;
};

static bool alnum(char c)
{
	c = sv_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* At the last slash; without one, before the longest of our words. */
static struct cut_key cut(struct sv whole)
{
	struct cut_key k = { .whole = whole };

	if (sv_chr(whole, '/') < whole.n) {
		k.head = path_folder(whole);
		k.word = path_name(whole);
		return k;
	}
	for (size_t i = 0; annotation_keys[i] != NULL; i++) {
		struct sv word = sv_of(annotation_keys[i]);

		if (word.n > k.word.n && whole.n > word.n + 1 &&
		    sv_ends(whole, word) &&
		    !alnum(whole.p[whole.n - word.n - 1])) {
			k.head = sv_head(whole, whole.n - word.n - 1);
			k.word = word;
		}
	}
	return k;
}

struct squeezed {
	char text[MAX_WORD];
	size_t n;
};

/* Letters and digits, or letters alone, in lower case. */
static struct sv squeeze(struct squeezed *to, struct sv s, bool digits)
{
	to->n = 0;
	for (size_t i = 0; i < s.n && to->n < sizeof(to->text); i++)
		if (alnum(s.p[i]) && (digits || s.p[i] < '0' || s.p[i] > '9'))
			to->text[to->n++] = sv_lower_char(s.p[i]);
	return (struct sv){ to->text, to->n };
}

/* "externaldns.k8s.io" and its like; others who begin so, such as
 * external-dns.home.arpa, are somebody's own. */
static bool of_the_family(struct sv squeezed)
{
	size_t at = sv_find(squeezed, SV("externaldns"));
	struct sv rest;

	if (at == squeezed.n)
		return false;
	rest = sv_from(squeezed, at + sizeof("externaldns") - 1);
	return rest.n == 0 || sv_eq(rest, SV("io")) ||
	       sv_has(rest, SV("kubernetes")) || sv_has(rest, SV("k8s"));
}

/* Digits tell two prefixes apart on purpose: dns1, dns2.  Every annotation of
 * every object is asked, so that what is cheap comes first. */
static bool nearly(struct sv head, struct sv prefix)
{
	struct squeezed one, two;
	struct sv a = squeeze(&one, head, true);
	struct sv b = squeeze(&two, prefix, true);

	if (of_the_family(a) && of_the_family(b))
		return true;
	if (head.n > MAX_WORD || a.n + 1 < b.n || b.n + 1 < a.n)
		return false;
	if (sv_eq(a, b))
		return true;
	return word_distance(a, b) <= 1 &&
	       !sv_eq(squeeze(&one, head, false), squeeze(&two, prefix, false));
}

static bool asked_by_filter(const struct source_ctx *ctx, struct sv key)
{
	const struct config *c = ctx->config;

	for (size_t i = 0; i < c->publishers.n; i++)
		if (sv_has(c->publishers.v[i].opt.annotation_filter, key) ||
		    sv_has(c->publishers.v[i].opt.label_filter, key))
			return true;
	return false;
}

/* Does this or another publisher read keys with this prefix? */
static bool is_prefix(const struct source_ctx *ctx, struct sv head)
{
	const struct config *c = ctx->config;

	if (annotation_default_prefix(head))
		return true;
	for (size_t i = 0; i < c->publishers.n; i++) {
		struct sv own = c->publishers.v[i].opt.annotation_prefix;

		if (own.n == head.n + 1 && sv_starts(own, head))
			return true;
	}
	return false;
}

/* The prefix that this publisher reads and `head` is meant to be; or "". */
static struct sv meant_prefix(const struct source_ctx *ctx, struct sv head)
{
	const struct source_state *st = ctx->state;
	struct sv best = { NULL, 0 };
	size_t best_far = 0;

	for (size_t i = 0; i < st->n_prefixes; i++) {
		struct sv prefix = st->prefixes[i];
		struct sv bare = sv_ends(prefix, SV("/"))
					 ? sv_head(prefix, prefix.n - 1)
					 : prefix;
		size_t far;

		if (bare.n == 0 || !nearly(head, bare))
			continue;
		far = word_distance(head, bare);
		if (best.n > 0 && far >= best_far)
			continue;
		best = prefix;
		best_far = far;
	}
	return best;
}

static const char *meant_word(struct sv word, bool exact)
{
	for (size_t i = 0; annotation_keys[i] != NULL; i++)
		if (sv_eq(word, sv_of(annotation_keys[i])))
			return annotation_keys[i];
	return exact ? NULL : nearest_word(word, annotation_keys);
}

/* The annotation that was meant says the same: nothing is lost. */
static bool right_one_agrees(const struct source_ctx *ctx,
			     const struct object *o, const char *word,
			     const struct node *value)
{
	struct sv text;

	return value->kind == NODE_SCALAR &&
	       annotation_text(ctx, o, sv_of(word), &text) &&
	       sv_eq(text, value->scalar);
}

static void report(const struct source_ctx *ctx, const struct object *o,
		   size_t place, const struct node *key,
		   const struct node *value)
{
	struct cut_key k = cut(key->scalar);
	bool is_place = places[place].is_place, exact;
	struct sv prefix, meant;
	const char *word;

	exact = k.head.n > 0 && is_prefix(ctx, k.head) &&
		sv_chr(k.whole, '/') < k.whole.n;
	if (k.head.n == 0 || (exact && is_place))
		return;
	prefix = meant_prefix(ctx, k.head);
	word = prefix.n > 0 ? meant_word(k.word, exact || !is_place) : NULL;
	if (word == NULL || asked_by_filter(ctx, k.whole) ||
	    right_one_agrees(ctx, o, word, value))
		return;
	meant = arena_fmt(ctx->mem, SV_FMT "%s", SV_ARG(prefix), word);
	if (is_place)
		diag_warn(ctx->diags, DIAG_ANNOTATION, key->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": annotation \"" SV_FMT
				 "\" is not read; did you mean \"" SV_FMT "\"?",
			  SV_ARG(o->kind), SV_ARG(o->namespace),
			  SV_ARG(o->name), SV_ARG(k.whole), SV_ARG(meant));
	else
		diag_warn(ctx->diags, DIAG_ANNOTATION, key->at,
			  SV_FMT " " SV_FMT "/" SV_FMT ": \"" SV_FMT
				 "\" is not read under " SV_FMT
				 "; expected annotation \"" SV_FMT "\"",
			  SV_ARG(o->kind), SV_ARG(o->namespace),
			  SV_ARG(o->name), SV_ARG(k.whole),
			  SV_ARG(places[place].path), SV_ARG(meant));
}

void annotation_slips(const struct source_ctx *ctx,
		      const struct object_refs *refs)
{
	for (size_t i = 0; !ctx->config->compat && i < refs->list.n; i++) {
		const struct object *o = refs->list.v[i];

		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]);
		     p++) {
			const struct node *map =
				node_path(o->root, places[p].path);

			if (map == NULL || map->kind != NODE_MAP)
				continue;
			for (size_t k = 0; k + 1 < map->items.n; k += 2)
				if (map->items.v[k]->kind == NODE_SCALAR)
					report(ctx, o, p, map->items.v[k],
					       map->items.v[k + 1]);
		}
	}
}
