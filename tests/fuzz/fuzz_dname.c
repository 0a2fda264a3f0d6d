/*
 * Names, targets and addresses.  Checked besides memory: the one form of a
 * name is its own one form and holds only what a zone file may; order is an
 * order; an address printed is the address read.
 */
#include "fuzz.h"

#include <assert.h>

#include "base/limits.h"
#include "endpoint/endpoint.h"

static bool plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_' || c == '/' || c == '*' || c == '.';
}

static void check_form(struct arena *mem, enum dname_use use, struct sv name)
{
	struct sv again = SV(""), rest = name, label;

	assert(name.n > 0);
	assert(dname_fault(mem, use, name, &again) == NULL);
	assert(sv_eq(name, again));
	assert(dname_cmp(name, again) == 0);
	if (use == DNAME_ANY)
		return;
	assert(name.n <= MAX_DNAME);
	for (size_t i = 0; i < name.n; i++)
		assert(plain(name.p[i]));
	while (sv_cut(&rest, '.', &label))
		assert(label.n > 0 && label.n <= MAX_LABEL);
}

static void check_address(struct arena *mem, struct sv text)
{
	struct address a, b;

	(void)placeholder_in(text);
	if (!address_parse(text, &a)) {
		assert(a.n == 0);
		return;
	}
	assert(rrtype_of_target(text) == (a.n == 4 ? RR_A : RR_AAAA));
	assert(address_parse(address_text(mem, &a), &b));
	assert(a.n == b.n && memcmp(a.bytes, b.bytes, a.n) == 0);
	(void)address_special(&a);
}

static void check_order(struct sv a, struct sv b)
{
	int ab = dname_cmp(a, b), ba = dname_cmp(b, a);

	assert((ab < 0) == (ba > 0) && (ab == 0) == (ba == 0));
	assert((ab == 0) == sv_eq(a, b));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const enum dname_use uses[] = { DNAME_HOST, DNAME_ADDRESS,
					       DNAME_TARGET, DNAME_ZONE,
					       DNAME_ANY };
	struct arena *mem = arena_new();
	struct sv text = arena_sv(mem, (struct sv){ (const char *)data, size });
	struct sv first = SV(""), out = SV("");
	struct diags d = { .mem = mem };
	struct loc at = { SV("fuzz"), 1, 1 };
	struct prefix net;

	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		size_t errors = d.errors;
		int rc = dname_parse(mem, &d, at, "host", uses[i], text, &out);

		assert((rc == 0) == (d.errors == errors));
		if (rc != 0)
			continue;
		check_form(mem, uses[i], out);
		if (first.n > 0)
			check_order(first, out);
		first = out;
		(void)dname_is_public_suffix(out);
	}
	out = dname_lookup(mem, text);
	assert(out.n <= 8 * size + 8);
	check_address(mem, text);
	if (prefix_parse(text, &net))
		assert(prefix_holds(&net, &net.base));
	arena_free(mem);
	return 0;
}
