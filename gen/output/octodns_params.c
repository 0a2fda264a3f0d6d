#include "output/octodns_params.h"

#include <stdlib.h>

#include "base/escape.h"

enum { PARAMS = 64 };

struct param {
	struct sv key, value;
	bool has_value;
};

/* Those whose value is a list. */
static const struct sv lists[] = {
	{ "alpn", 4 }, { "ipv4hint", 8 }, { "ipv6hint", 8 }, { "mandatory", 9 }
};

static bool is_list(struct sv key)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (sv_eq(key, lists[i]))
			return true;
	return false;
}

static struct sv unquoted(struct sv s)
{
	return s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"'
		       ? sv_head(sv_from(s, 1), s.n - 2)
		       : s;
}

static bool holds(struct sv s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(set, s.p[i]) != NULL)
			return true;
	return false;
}

static bool param_take(struct sv *rest, struct param *out)
{
	struct sv one;
	size_t eq;

	if (rest->n == 0 || !sv_cut(rest, ' ', &one))
		return false;
	eq = sv_chr(one, '=');
	out->key = sv_head(one, eq);
	out->has_value = eq < one.n;
	out->value = unquoted(sv_from(one, eq + 1));
	return true;
}

const char *octodns_params_fault(struct sv text)
{
	struct param p;
	size_t n = 0;

	while (param_take(&text, &p)) {
		/* Its validator takes a valid one for a fault of its own. */
		if (sv_eq(p.key, SV("ech")))
			return "the parameter ech";
		/* A value with a blank in it ends here, too. */
		if (++n > PARAMS || p.key.n == 0 || holds(p.key, "\"\\") ||
		    holds(p.value, is_list(p.key) ? "\"\\" : "\"\\,"))
			return "a parameter with a quote, a blank, a comma or "
			       "a backslash in its value";
	}
	return NULL;
}

static bool number_take(struct sv *s, struct sv *digits)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	*digits = sv_head(*s, n);
	*s = sv_from(*s, n);
	while (digits->n > 1 && digits->p[0] == '0')
		*digits = sv_from(*digits, 1);
	return n > 0;
}

static struct sv text_take(struct sv *s)
{
	size_t n = 0;
	struct sv head;

	while (n < s->n && (s->p[n] < '0' || s->p[n] > '9'))
		n++;
	head = sv_head(*s, n);
	*s = sv_from(*s, n);
	return head;
}

/* Texts and numbers in turn; where one ends, the shorter is first. */
int natural_cmp(struct sv a, struct sv b)
{
	struct sv x, y;
	int c;

	for (;;) {
		c = sv_cmp(text_take(&a), text_take(&b));
		if (c != 0)
			return c;
		if (!number_take(&a, &x))
			return number_take(&b, &y) ? -1 : 0;
		if (!number_take(&b, &y))
			return 1;
		if (x.n != y.n)
			return x.n < y.n ? -1 : 1;
		c = sv_cmp(x, y);
		if (c != 0)
			return c;
		if (a.n == 0 || b.n == 0)
			return (a.n > b.n) - (a.n < b.n);
	}
}

static int param_cmp(const void *a, const void *b)
{
	const struct param *x = a, *y = b;

	return natural_cmp(x->key, y->key);
}

static void list_put(struct buf *b, struct sv value)
{
	struct sv one;

	buf_char(b, '\n');
	while (sv_cut(&value, ',', &one))
		buf_fmt(b, "        - " SV_FMT "\n",
			SV_ARG(escape(b->mem, SINK_YAML, one)));
}

void octodns_params_put(struct buf *b, struct sv text)
{
	struct param all[PARAMS];
	size_t n = 0;

	while (n < PARAMS && param_take(&text, &all[n]))
		n++;
	qsort(all, n, sizeof(all[0]), param_cmp);
	buf_add(b, n == 0 ? SV(" {}\n") : SV("\n"));
	for (size_t i = 0; i < n; i++) {
		buf_fmt(b, "        " SV_FMT ":", SV_ARG(all[i].key));
		if (!all[i].has_value)
			buf_add(b, SV(" null\n"));
		else if (is_list(all[i].key))
			list_put(b, all[i].value);
		else
			buf_fmt(b, " " SV_FMT "\n",
				SV_ARG(escape(b->mem, SINK_YAML,
					      all[i].value)));
	}
}

static void value_text(struct buf *b, const struct node *v)
{
	buf_add(b, SV("=\""));
	if (v->kind == NODE_SCALAR)
		buf_add(b, v->scalar);
	for (size_t i = 0; i < node_len(v); i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_add(b, node_at(v, i)->scalar);
	}
	buf_char(b, '"');
}

struct sv octodns_params_text(struct arena *mem, const struct node *map)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i + 1 < map->items.n; i += 2) {
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_add(&b, map->items.v[i]->scalar);
		if (!node_is_null(map->items.v[i + 1]))
			value_text(&b, map->items.v[i + 1]);
	}
	return buf_sv(&b);
}
