/* Functions of sprig over numbers. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "template/tree.h"

static struct value wide(int64_t n)
{
	struct value v = value_int(n);

	v.wide = true;
	return v;
}

static struct value real(double d)
{
	return (struct value){ .kind = VALUE_FLOAT, .real = d };
}

/* As spf13/cast reads a text, with Go's prefixes: "042" is octal; a fraction
 * of zeros is cut off; any other text is 0. */
static int64_t text_to_int(struct arena *mem, struct sv s)
{
	static const struct {
		struct sv prefix;
		int base;
	} prefixes[] = { { { "0x", 2 }, 16 }, { { "0X", 2 }, 16 },
			 { { "0o", 2 }, 8 },  { { "0O", 2 }, 8 },
			 { { "0b", 2 }, 2 },  { { "0B", 2 }, 2 },
			 { { "0", 1 }, 8 },   { { "", 0 }, 10 } };
	size_t dot = sv_chr(s, '.'), i = 0;
	bool minus = sv_starts(s, SV("-"));
	const char *digits;
	long long n;
	char *end;

	for (size_t k = dot + 1; k < s.n; k++)
		if (s.p[k] != '0')
			return 0;
	s = sv_head(s, dot);
	if (minus || sv_starts(s, SV("+")))
		s = sv_from(s, 1);
	while (!sv_starts(s, prefixes[i].prefix) || s.n == prefixes[i].prefix.n)
		if (prefixes[i++].prefix.n == 0)
			return 0;
	digits = arena_str(mem, sv_from(s, prefixes[i].prefix.n));
	if (sv_chr(SV("0123456789abcdefABCDEF"), digits[0]) == 22)
		return 0;
	errno = 0;
	n = strtoll(digits, &end, prefixes[i].base);
	if (*end != '\0' || errno != 0)
		return 0;
	return minus ? -n : n;
}

int64_t value_to_int(struct filler *f, const struct value *v)
{
	switch (v->kind) {
	case VALUE_BOOL:
		return v->yes;
	case VALUE_INT:
		return v->number;
	case VALUE_FLOAT:
		return v->real > -9e18 && v->real < 9e18 ? (int64_t)v->real
							 : INT64_MIN;
	case VALUE_STRING:
		return text_to_int(f->mem, v->text);
	case VALUE_MISSING:
	case VALUE_NIL:
	case VALUE_ZERO:
	case VALUE_NODE:
	case VALUE_LIST:
	case VALUE_DICT:
	case VALUE_HOST:
		break;
	}
	return 0;
}

static double to_real(struct filler *f, const struct value *v)
{
	const char *text;
	char *end;
	double d;

	if (v->kind == VALUE_FLOAT)
		return v->real;
	if (v->kind != VALUE_STRING)
		return (double)value_to_int(f, v);
	if (v->text.n == 0 || sv_chr(SV(" \t\n\r\v\f"), v->text.p[0]) < 6)
		return 0;
	text = arena_str(f->mem, v->text);
	d = strtod(text, &end);
	return *end == '\0' ? d : 0;
}

static bool fn_int(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)n;
	*out = value_int(value_to_int(f, &args[0]));
	return true;
}

static bool fn_int64(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	(void)n;
	*out = wide(value_to_int(f, &args[0]));
	return true;
}

static bool fn_float64(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	*out = real(to_real(f, &args[0]));
	return true;
}

static bool fn_atoi(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	int64_t number;

	(void)f;
	(void)n;
	*out = value_int(sv_integer(args[0].text, &number) ? number : 0);
	return true;
}

/* Go's integers wrap round. */
static bool fn_add(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (uint64_t)value_to_int(f, &args[i]);
	*out = wide((int64_t)sum);
	return true;
}

static bool fn_add1(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	(void)n;
	*out = wide((int64_t)((uint64_t)value_to_int(f, &args[0]) + 1));
	return true;
}

static bool fn_sub(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)n;
	*out = wide((int64_t)((uint64_t)value_to_int(f, &args[0]) -
			      (uint64_t)value_to_int(f, &args[1])));
	return true;
}

static bool fn_mul(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	uint64_t product = 1;

	for (size_t i = 0; i < n; i++)
		product *= (uint64_t)value_to_int(f, &args[i]);
	*out = wide((int64_t)product);
	return true;
}

static bool divisor(struct filler *f, const struct value *args, int64_t *a,
		    int64_t *b)
{
	*a = value_to_int(f, &args[0]);
	*b = value_to_int(f, &args[1]);
	if (*b == 0)
		return fill_fault(f, "integer divide by zero");
	if (*b == -1) { /* the smallest number has no opposite */
		*a = (int64_t)(0 - (uint64_t)*a);
		*b = 1;
	}
	return true;
}

static bool fn_div(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	int64_t a, b;

	(void)n;
	if (!divisor(f, args, &a, &b))
		return false;
	*out = wide(a / b);
	return true;
}

static bool fn_mod(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	int64_t a, b;

	(void)n;
	if (!divisor(f, args, &a, &b))
		return false;
	*out = wide(a % b);
	return true;
}

static bool fn_max(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	int64_t most = value_to_int(f, &args[0]);

	for (size_t i = 1; i < n; i++)
		if (value_to_int(f, &args[i]) > most)
			most = value_to_int(f, &args[i]);
	*out = wide(most);
	return true;
}

static bool fn_min(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	int64_t least = value_to_int(f, &args[0]);

	for (size_t i = 1; i < n; i++)
		if (value_to_int(f, &args[i]) < least)
			least = value_to_int(f, &args[i]);
	*out = wide(least);
	return true;
}

static bool fn_floor(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	(void)n;
	*out = real(floor(to_real(f, &args[0])));
	return true;
}

static bool fn_ceil(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	(void)n;
	*out = real(ceil(to_real(f, &args[0])));
	return true;
}

static bool fn_round(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	double power = pow(10, (double)args[1].number), whole;
	double digit = power * to_real(f, &args[0]);

	if (n > 2)
		return fill_fault(f, "round: the third argument is not read");
	*out = real((modf(digit, &whole) >= 0.5 ? ceil(digit) : floor(digit)) /
		    power);
	return true;
}

/* The numbers from `start` to before `stop`; false: too many of them. */
static bool steps(struct filler *f, int64_t start, int64_t stop, int64_t step,
		  struct value *out)
{
	VEC(struct value) all = { 0 };

	*out = value_list(NULL, 0, false);
	if (step == 0 || (stop > start) != (step > 0))
		return true;
	for (int64_t i = start; step > 0 ? i < stop : i > stop; i += step) {
		if (all.n >= MAX_GO_TEMPLATE_STEPS)
			return fill_fault(f, "more than %d steps",
					  MAX_GO_TEMPLATE_STEPS);
		*VEC_ADD(f->mem, &all) = value_int(i);
	}
	*out = value_list(all.v, all.n, false);
	return true;
}

/* Far enough for any list, and no sum of two overflows. */
static bool small(struct filler *f, const struct value *args, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (args[i].number > INT32_MAX || args[i].number < INT32_MIN)
			return fill_fault(f, "more than %d steps",
					  MAX_GO_TEMPLATE_STEPS);
	return true;
}

static bool fn_until(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	return small(f, args, n) &&
	       steps(f, 0, args[0].number, args[0].number < 0 ? -1 : 1, out);
}

static bool fn_until_step(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	return small(f, args, n) &&
	       steps(f, args[0].number, args[1].number, args[2].number, out);
}

/* seq END, seq START END, seq START STEP END: with its end, as text. */
static bool fn_seq(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	int64_t start = n > 1 ? args[0].number : 1;
	int64_t end = n > 0 ? args[n > 3 ? 0 : n - 1].number : 0;
	int64_t one = end < start ? -1 : 1,
		step = n == 3 ? args[1].number : one;
	struct buf b = { .mem = f->mem };
	struct value all;

	*out = value_text(SV(""));
	if (n == 0 || n > 3 || (n == 3 && one < 0 && step > 0))
		return true;
	if (!small(f, args, n) || !steps(f, start, end + one, step, &all))
		return false;
	for (size_t i = 0; i < all.n; i++)
		buf_fmt(&b, "%s%lld", i > 0 ? " " : "",
			(long long)all.items[i].number);
	*out = value_text(buf_sv(&b));
	return true;
}

static const struct function rows[] = {
	{ "add", "a*", fn_add, 0, 0 },
	{ "add1", "a", fn_add1, 0, 0 },
	{ "atoi", "s", fn_atoi, 0, 0 },
	{ "biggest", "aa*", fn_max, 0, 0 },
	{ "ceil", "a", fn_ceil, 0, 0 },
	{ "div", "aa", fn_div, 0, 0 },
	{ "float64", "a", fn_float64, 0, 0 },
	{ "floor", "a", fn_floor, 0, 0 },
	{ "int", "a", fn_int, 0, 0 },
	{ "int64", "a", fn_int64, 0, 0 },
	{ "max", "aa*", fn_max, 0, 0 },
	{ "min", "aa*", fn_min, 0, 0 },
	{ "mod", "aa", fn_mod, 0, 0 },
	{ "mul", "aa*", fn_mul, 0, 0 },
	{ "round", "aia*", fn_round, 0, 0 },
	{ "seq", "i*", fn_seq, 0, 0 },
	{ "sub", "aa", fn_sub, 0, 0 },
	{ "until", "i", fn_until, 0, 0 },
	{ "untilStep", "iii", fn_until_step, 0, 0 },
};

const struct function_list sprig_numbers = { rows,
					     sizeof(rows) / sizeof(rows[0]) };
