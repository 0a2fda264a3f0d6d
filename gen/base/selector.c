#include "base/selector.h"

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_IN,
	TOKEN_NOT_IN,
	TOKEN_COMMA,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_NOT,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_GREATER,
	TOKEN_LESS,
};

/* The longer sign first. */
static const struct {
	struct sv text;
	enum token token;
} signs[] = {
	{ { "==", 2 }, TOKEN_EQUAL },  { { "!=", 2 }, TOKEN_NOT_EQUAL },
	{ { "=", 1 }, TOKEN_EQUAL },   { { "!", 1 }, TOKEN_NOT },
	{ { "(", 1 }, TOKEN_OPEN },    { { ")", 1 }, TOKEN_CLOSE },
	{ { ">", 1 }, TOKEN_GREATER }, { { "<", 1 }, TOKEN_LESS },
	{ { ",", 1 }, TOKEN_COMMA },
};

struct reader {
	struct arena *mem;
	struct sv rest;
	enum selector_form form;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool sign_char(char c)
{
	return sv_chr(SV("=!(),<>"), c) < sizeof("=!(),<>") - 1;
}

/* The next token without taking it; `*after` is what follows it. */
static enum token peek(const struct reader *r, struct sv *word,
		       struct sv *after)
{
	struct sv s = r->rest;
	size_t n = 0;

	while (s.n > 0 && blank(s.p[0]))
		s = sv_from(s, 1);
	*word = *after = s;
	if (s.n == 0)
		return TOKEN_END;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (sv_starts(s, signs[i].text)) {
			*after = sv_from(s, signs[i].text.n);
			return signs[i].token;
		}
	while (n < s.n && !blank(s.p[n]) && !sign_char(s.p[n]))
		n++;
	*word = sv_head(s, n);
	*after = sv_from(s, n);
	if (sv_eq(*word, SV("in")))
		return TOKEN_IN;
	return sv_eq(*word, SV("notin")) ? TOKEN_NOT_IN : TOKEN_WORD;
}

/* Where a value or key stands, "in" and "notin" are words like any other. */
static enum token peek_value(const struct reader *r, struct sv *word,
			     struct sv *after)
{
	enum token t = peek(r, word, after);

	return t == TOKEN_IN || t == TOKEN_NOT_IN ? TOKEN_WORD : t;
}

static bool alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9] */
static bool name_ok(struct sv s)
{
	if (s.n == 0 || s.n > 63 || !alnum(s.p[0]) || !alnum(s.p[s.n - 1]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!alnum(s.p[i]) && sv_chr(SV("-_."), s.p[i]) == 3)
			return false;
	return true;
}

static bool subdomain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* RFC 1123 subdomain, lower case. */
static bool subdomain_ok(struct sv s)
{
	struct sv rest = s, label;

	if (s.n == 0 || s.n > 253)
		return false;
	while (sv_cut(&rest, '.', &label)) {
		if (label.n == 0 || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!subdomain_char(label.p[i]))
				return false;
	}
	return true;
}

const char *label_key_fault(struct sv key)
{
	size_t slash = sv_chr(key, '/');

	if (slash < key.n) {
		if (!subdomain_ok(sv_head(key, slash)))
			return "the prefix of a key must be a DNS subdomain";
		key = sv_from(key, slash + 1);
	}
	return name_ok(key) ? NULL
			    : "a key must consist of letters, digits, \"-\", "
			      "\"_\" and \".\"";
}

const char *label_value_fault(struct sv value)
{
	if (value.n == 0 || name_ok(value))
		return NULL;
	return "a value must consist of at most 63 letters, digits, \"-\", "
	       "\"_\" and \".\"";
}

static void value_add(struct reader *r, struct requirement *q, struct sv value)
{
	*VEC_ADD(r->mem, &q->values.list) = value;
}

/* "(a,b,)": commas stand for empty values as in labels.Parse(), and so do
 * brackets around nothing. */
static const char *read_set(struct reader *r, struct requirement *q)
{
	struct sv word, after;
	bool want_value = true, any_comma = false;
	enum token t = peek(r, &word, &after);

	if (t != TOKEN_OPEN)
		return "expected a list in parentheses after \"in\" or "
		       "\"notin\"";
	for (r->rest = after;; r->rest = after) {
		t = peek_value(r, &word, &after);
		if (t == TOKEN_WORD && want_value) {
			value_add(r, q, word);
			want_value = false;
		} else if (t == TOKEN_COMMA) {
			if (want_value)
				value_add(r, q, SV(""));
			want_value = any_comma = true;
		} else {
			break;
		}
	}
	if (t != TOKEN_CLOSE)
		return "expected \",\" or \")\" in a list of values";
	if ((want_value && any_comma) || q->values.list.n == 0)
		value_add(r, q, SV(""));
	r->rest = after;
	return NULL;
}

static const char *read_exact(struct reader *r, struct requirement *q)
{
	struct sv word, after;
	enum token t = peek_value(r, &word, &after);

	if (t == TOKEN_END || t == TOKEN_COMMA) {
		value_add(r, q, SV(""));
		return NULL;
	}
	if (t != TOKEN_WORD)
		return "expected a value after the operator";
	r->rest = after;
	value_add(r, q, word);
	return NULL;
}

/* "=": of two for one key the later counts where the list becomes a map. */
static const char *read_equal(struct reader *r, struct requirement *q)
{
	q->exact = true;
	return read_exact(r, q);
}

static const struct {
	enum token token;
	enum selector_op op;
	const char *(*read)(struct reader *r, struct requirement *q);
} operators[] = {
	{ TOKEN_IN, SELECTOR_IN, read_set },
	{ TOKEN_NOT_IN, SELECTOR_NOT_IN, read_set },
	{ TOKEN_EQUAL, SELECTOR_IN, read_equal },
	{ TOKEN_NOT_EQUAL, SELECTOR_NOT_IN, read_exact },
	{ TOKEN_GREATER, SELECTOR_GREATER, read_exact },
	{ TOKEN_LESS, SELECTOR_LESS, read_exact },
};

static const char *values_fault(const struct requirement *q)
{
	bool compares = q->op == SELECTOR_GREATER || q->op == SELECTOR_LESS;
	int64_t number;

	for (size_t i = 0; i < q->values.list.n; i++) {
		const char *fault = label_value_fault(q->values.list.v[i]);

		if (fault != NULL)
			return fault;
		if (compares && !sv_integer(q->values.list.v[i], &number))
			return "expected a whole number after \"<\" or \">\"";
	}
	return NULL;
}

/* What metav1.ParseToLabelSelector() has no form for. */
static const char *form_fault(const struct reader *r, enum token t)
{
	if (r->form == SELECTOR_ANY)
		return NULL;
	if (t == TOKEN_GREATER || t == TOKEN_LESS)
		return "\"<\" and \">\" are for label-filter alone";
	return t == TOKEN_NOT_EQUAL ? "\"!=\" is only allowed in label-filter; "
				      "use \"notin (x)\""
				    : NULL;
}

static const char *read_operator(struct reader *r, struct requirement *q)
{
	struct sv word, after;
	enum token t = peek(r, &word, &after);

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		const char *fault;

		if (operators[i].token != t)
			continue;
		r->rest = after;
		q->op = operators[i].op;
		fault = form_fault(r, t);
		if (fault == NULL)
			fault = operators[i].read(r, q);
		return fault != NULL ? fault : values_fault(q);
	}
	return "expected \"=\", \"!=\", \"in\", \"notin\" or \",\" after a key";
}

static const char *read_requirement(struct reader *r, struct requirement *q)
{
	struct sv word, after;
	enum token t = peek_value(r, &word, &after);
	const char *fault;

	if (t == TOKEN_NOT) {
		q->op = SELECTOR_ABSENT;
		r->rest = after;
		t = peek_value(r, &word, &after);
	}
	if (t != TOKEN_WORD)
		return "expected a key";
	q->key = word;
	r->rest = after;
	fault = label_key_fault(q->key);
	if (fault != NULL || q->op == SELECTOR_ABSENT)
		return fault;
	t = peek_value(r, &word, &after);
	if (t == TOKEN_END || t == TOKEN_COMMA) {
		q->op = SELECTOR_EXISTS;
		return NULL;
	}
	return read_operator(r, q);
}

/* matchLabels is a map: of "a=x,a=y" the later counts. */
static void requirement_add(const struct reader *r, struct requirement q,
			    struct selector *out)
{
	size_t i = 0;

	while (i < out->list.n &&
	       (r->form == SELECTOR_ANY || !q.exact || !out->list.v[i].exact ||
		!sv_eq(out->list.v[i].key, q.key)))
		i++;
	if (i == out->list.n)
		(void)VEC_ADD(r->mem, &out->list);
	out->list.v[i] = q;
}

const char *selector_parse(struct arena *mem, struct sv text,
			   enum selector_form form, struct selector *out)
{
	struct reader r = { mem, text, form };
	struct sv word, after;
	enum token t = peek_value(&r, &word, &after);

	*out = (struct selector){ 0 };
	while (t != TOKEN_END) {
		struct requirement q = { 0 };
		const char *fault = read_requirement(&r, &q);

		if (fault != NULL)
			return fault;
		requirement_add(&r, q, out);
		t = peek_value(&r, &word, &after);
		if (t == TOKEN_END)
			return NULL;
		if (t != TOKEN_COMMA)
			return "expected \",\" or the end after a requirement";
		r.rest = after;
		t = peek_value(&r, &word, &after);
		if (t == TOKEN_END)
			return "expected a key after \",\"";
	}
	return NULL;
}

static bool value_beyond(const struct requirement *q, struct sv value)
{
	int64_t have, bound;

	if (!sv_integer(value, &have) ||
	    !sv_integer(q->values.list.v[0], &bound))
		return false;
	return q->op == SELECTOR_GREATER ? have > bound : have < bound;
}

static bool requirement_met(const struct requirement *q,
			    selector_lookup *lookup, const void *object)
{
	struct sv value = { 0 };
	bool has = lookup(object, q->key, &value);

	switch (q->op) {
	case SELECTOR_EXISTS:
		return has;
	case SELECTOR_ABSENT:
		return !has;
	case SELECTOR_IN:
		return has && strings_has(&q->values, value);
	case SELECTOR_NOT_IN:
		return !has || !strings_has(&q->values, value);
	case SELECTOR_GREATER:
	case SELECTOR_LESS:
		return has && value_beyond(q, value);
	}
	return false;
}

bool selector_match(const struct selector *s, selector_lookup *lookup,
		    const void *object)
{
	for (size_t i = 0; i < s->list.n; i++)
		if (!requirement_met(&s->list.v[i], lookup, object))
			return false;
	return true;
}
