#include "endpoint/endpoint.h"

enum rrtype_form { RRTYPE_WORD, RRTYPE_NUMBER };

static const struct {
	struct sv name;
	unsigned code;
	enum rrtype_form form;
} rrtypes[RR_COUNT] = {
#define RRTYPE(name, text, code, form)                                         \
 [RR_##name] = { { text, sizeof(text) - 1 }, code, RRTYPE_##form },
#include "endpoint/rrtype.def"
#undef RRTYPE
};

const char *rrtype_name(enum rrtype t)
{
	return rrtypes[t].name.p;
}

unsigned rrtype_code(enum rrtype t)
{
	return rrtypes[t].code;
}

bool rrtype_has_word(enum rrtype t)
{
	return rrtypes[t].form == RRTYPE_WORD;
}

bool rrtype_of_code(unsigned code, enum rrtype *out)
{
	for (int t = 0; t < RR_COUNT; t++) {
		if (rrtypes[t].code == code) {
			*out = (enum rrtype)t;
			return true;
		}
	}
	return false;
}

bool rrtype_parse(struct sv text, enum rrtype *out)
{
	for (size_t i = 0; i < RR_COUNT; i++) {
		if (!sv_eq(text, rrtypes[i].name))
			continue;
		*out = (enum rrtype)i;
		return true;
	}
	return false;
}

/* fe80::1%eth0: netip takes a zone that is not empty, behind IPv6 only. */
static struct sv without_zone(struct sv target)
{
	size_t percent = sv_chr(target, '%');

	return percent + 1 < target.n && sv_chr(target, ':') < percent
		       ? sv_head(target, percent)
		       : target;
}

enum rrtype rrtype_of_target(struct sv target)
{
	struct address a;

	if (!address_parse(without_zone(target), &a))
		return RR_CNAME;
	return a.n == 4 ? RR_A : RR_AAAA;
}
