#include "plan/check_names.h"

/*
 * Which names of a record must be those of hosts, by type.  Words of the data
 * count from 1; 0: none.  Tried out with named-checkzone 9.18, type by type.
 */
struct host_rule {
	enum rrtype type;
	bool owner;
	unsigned target;
	bool no_address; /* a name that reads as an address is refused, too */
	bool in_reverse; /* only in zones of addresses */
};

static const struct host_rule rules[] = {
	{ RR_A, true, 0, false, false },
	{ RR_A6, true, 0, false, false },
	{ RR_AAAA, true, 0, false, false },
	{ RR_AFSDB, false, 2, false, false },
	{ RR_HTTPS, false, 2, false, false },
	{ RR_MX, true, 2, true, false },
	{ RR_NS, false, 1, true, false },
	{ RR_PTR, false, 1, false, true },
	{ RR_RT, false, 2, false, false },
	{ RR_SRV, false, 4, false, false },
	{ RR_SVCB, false, 2, false, false },
	{ RR_WKS, true, 0, false, false },
};

/* Words that are mailboxes: any printable label, then a host name. */
static const struct {
	enum rrtype type;
	unsigned word;
} mailboxes[] = {
	{ RR_MINFO, 1 },
	{ RR_MINFO, 2 },
	{ RR_RP, 1 },
};

static const struct host_rule *rule_of(enum rrtype type)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

static bool letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 952, RFC 1123 section 2.1. */
static bool is_host_label(struct sv label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!letter_or_digit(label.p[i]) &&
		    (label.p[i] != '-' || i == 0 || i + 1 == label.n))
			return false;
	return label.n > 0;
}

static bool is_host(struct sv name)
{
	struct sv label = SV("");

	while (sv_cut(&name, '.', &label))
		if (!is_host_label(label))
			return false;
	return true;
}

const char *owner_refused(const struct endpoint *e)
{
	const struct host_rule *rule = rule_of(e->type);
	struct sv name = e->name;

	if (sv_has(name, SV(".*.")) || sv_ends(name, SV(".*")))
		return "has a \"*\" after other labels, which matches nothing "
		       "(RFC 4592 2.1.1)";
	if (rule == NULL || !rule->owner)
		return NULL;
	if (sv_starts(name, SV("*.")))
		name = sv_from(name, 2);
	/* Of a domain controller; named lets it through. */
	if (sv_starts(name, SV("gc._msdcs.")) && e->type != RR_MX)
		return NULL;
	return is_host(name) ? NULL
			     : "has an owner that is not a host name: expected "
			       "letters, digits and - (RFC 1123 2.1)";
}

static struct sv word_at(struct sv text, unsigned n)
{
	struct sv word = SV("");

	for (unsigned i = 0; i < n; i++)
		if (!sv_cut(&text, ' ', &word))
			return SV("");
	return word;
}

struct sv target_host(const struct endpoint *e, struct sv target)
{
	const struct host_rule *rule = rule_of(e->type);

	if (e->type == RR_CNAME || e->type == RR_DNAME)
		return target; /* may be any name, so that no rule is theirs */
	if (rule == NULL || rule->target == 0 || sv_starts(target, SV("\\#")))
		return SV("");
	return word_at(target, rule->target);
}

/* A label in dname_parse() form: what is not printable is "\\DDD". */
static bool is_printable(struct sv label)
{
	for (size_t i = 0; i + 3 < label.n; i++) {
		unsigned c;

		if (label.p[i] != '\\')
			continue;
		c = (unsigned)(label.p[i + 1] - '0') * 100 +
		    (unsigned)(label.p[i + 2] - '0') * 10 +
		    (unsigned)(label.p[i + 3] - '0');
		if (c <= 0x20 || c >= 0x7f)
			return false;
	}
	return true;
}

static bool mailboxes_ok(const struct endpoint *e, struct sv target)
{
	for (size_t i = 0; i < sizeof(mailboxes) / sizeof(mailboxes[0]); i++) {
		struct sv name = SV(""), label = SV("");

		if (mailboxes[i].type != e->type)
			continue;
		name = word_at(target, mailboxes[i].word);
		if (sv_eq(name, SV(".")))
			continue;
		(void)sv_cut(&name, '.', &label);
		if (!is_printable(label) || !is_host(name))
			return false;
	}
	return true;
}

const char *target_refused(const struct endpoint *e, struct sv target,
			   bool reverse)
{
	const struct host_rule *rule = rule_of(e->type);
	struct address a;
	struct sv host;

	if (!sv_starts(target, SV("\\#")) && !mailboxes_ok(e, target))
		return "is not a mailbox: expected a label and a host name "
		       "(RFC 1035 8)";
	if (rule == NULL || rule->target == 0 || (rule->in_reverse && !reverse))
		return NULL;
	host = word_at(target, rule->target);
	/* What is written in hexadecimal cannot be looked at here. */
	if (sv_starts(target, SV("\\#")) || sv_eq(host, SV(".")))
		return NULL;
	if (rule->no_address && address_parse(host, &a))
		return "is an address: expected the name of a host";
	return is_host(host) ? NULL
			     : "is not a host name: expected letters, digits "
			       "and - (RFC 1123 2.1)";
}

bool is_reverse_zone(struct sv zone)
{
	return dname_in(zone, SV("in-addr.arpa")) ||
	       dname_in(zone, SV("ip6.arpa"));
}
