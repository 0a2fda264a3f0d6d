/* The small grammars of flags and annotations: selectors, TTLs, numbers,
 * domain and net filters, RE2's syntax over pcre2. */
#include "fuzz.h"

#include <assert.h>

#include "base/limits.h"
#include "endpoint/filter.h"
#include "base/selector.h"
#include "endpoint/ttl.h"

static bool lookup(const void *object, struct sv key, struct sv *value)
{
	*value = *(const struct sv *)object;
	return key.n % 2 == 0;
}

static void filters(struct arena *mem, struct sv text)
{
	struct domain_filter f = { 0 };
	struct net_filter nets = { 0 };
	struct pattern *p = NULL;

	domain_filter_add(mem, &f, text, false);
	domain_filter_add(mem, &f, text, true);
	(void)domain_filter_pass(mem, &f, text);
	(void)net_filter_add(mem, &nets, text, false);
	(void)net_filter_pass(&nets, text);
	if (pattern_compile(mem, text, &p) == NULL) {
		(void)pattern_match(p, text);
		(void)pattern_match(p, SV("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct selector s;
	int64_t n;

	if (selector_parse(mem, text, SELECTOR_ANY, &s) == NULL)
		(void)selector_match(&s, lookup, &text);
	if (ttl_parse(text, &n) == NULL)
		assert(n > 0 && n <= MAX_TTL);
	if (sv_integer(text, &n) && n > 0 && n <= MAX_TTL)
		assert(ttl_parse(text, &n) == NULL);
	filters(mem, text);
	arena_free(mem);
	return 0;
}
