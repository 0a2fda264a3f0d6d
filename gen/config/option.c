#include "config/option.h"

#include <assert.h>

#include "base/limits.h"
#include "base/words.h"

static const struct option_row rows[] = {
#define OPTION(type, member, name, fallback, values, scope, policy, tighter,   \
	       reads, about)                                                   \
 { OPTION_##type,                                                              \
   name,                                                                       \
   fallback,                                                                   \
   values,                                                                     \
   SCOPE_##scope,                                                              \
   POLICY_##policy,                                                            \
   TIGHTER_##tighter,                                                          \
   READS_##reads,                                                              \
   about },
#include "config/option.def"
#undef OPTION
};

static const struct {
	size_t value, set, at;
} places[] = {
#define OPTION(type, member, ...)                                              \
 { offsetof(struct options, member), offsetof(struct options, set.member),     \
   offsetof(struct options, at.member) },
#include "config/option.def"
#undef OPTION
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

size_t option_count(void)
{
	return ROWS;
}

const struct option_row *option_at(size_t i)
{
	assert(i < ROWS);
	return &rows[i];
}

size_t option_find(struct sv name)
{
	size_t i = 0;

	while (i < ROWS && !sv_eq(name, sv_of(rows[i].name)))
		i++;
	return i;
}

size_t option_offset(size_t row)
{
	return places[row].value;
}

static void *value_at(struct options *o, size_t row)
{
	return (char *)o + places[row].value;
}

static bool *set_at(struct options *o, size_t row)
{
	void *flag = (char *)o + places[row].set;

	return flag;
}

static const bool *set_at_const(const struct options *o, size_t row)
{
	const void *flag = (const char *)o + places[row].set;

	return flag;
}

static struct loc *at_of(struct options *o, size_t row)
{
	void *at = (char *)o + places[row].at;

	return at;
}

struct loc option_place(const struct options *o, size_t row)
{
	const void *at = (const char *)o + places[row].at;

	return *(const struct loc *)at;
}

struct loc option_item_place(const struct options *o, size_t row,
			     struct sv value)
{
	for (const struct option_item *i = o->items; i != NULL; i = i->next)
		if (value.p != NULL && i->text == value.p)
			return i->at;
	return option_place(o, row);
}

struct sv option_called(struct arena *mem, const struct options *o, size_t row)
{
	bool flag = *set_at_const(o, row) && option_place(o, row).file.n == 0;

	return arena_fmt(mem, "%s%s", flag ? "--" : "", rows[row].name);
}

bool choice_ok(struct sv values, struct sv text)
{
	struct sv word;

	while (sv_cut(&values, ' ', &word))
		if (sv_eq(word, text))
			return true;
	return false;
}

bool bool_parse(struct sv text, bool *out)
{
	static const char *const words[] = {
		"no",  "No",  "NO",  "n", "N", "off", "Off", "OFF",
		"yes", "Yes", "YES", "y", "Y", "on",  "On",  "ON",
	};
	enum { WORDS = sizeof(words) / sizeof(words[0]) };

	for (size_t i = 0; i < WORDS; i++)
		if (sv_eq(text, sv_of(words[i]))) {
			*out = i >= WORDS / 2;
			return true;
		}
	return sv_bool(text, out);
}

static int set_flag(const struct setter *s, bool *to, struct sv text)
{
	if (text.p != NULL && !bool_parse(text, to))
		return diag_error(s->diags, DIAG_CONFIG, s->at,
				  "invalid " SV_FMT " \"" SV_FMT
				  "\": expected true or false",
				  SV_ARG(s->what), SV_ARG(text));
	if (text.p == NULL)
		*to = true;
	return 0;
}

static int set_choice(const struct setter *s, struct sv *to,
		      const struct option_row *row, struct sv text)
{
	bool unset = text.n == 0 && row->fallback[0] == '\0';

	if (!unset && !choice_ok(sv_of(row->values), text))
		return diag_error(
			s->diags, DIAG_CONFIG, s->at,
			"invalid " SV_FMT " \"" SV_FMT "\": expected " SV_FMT
			"%s",
			SV_ARG(s->what), SV_ARG(text),
			SV_ARG(words_or(s->mem, sv_of(row->values))),
			did_you_mean(s->mem, text, sv_of(row->values)));
	*to = arena_sv(s->mem, text);
	return 0;
}

static int set_duration(const struct setter *s, struct sv *to, struct sv text)
{
	int64_t seconds;

	if (!duration_flag_parse(text, &seconds))
		return diag_error(s->diags, DIAG_CONFIG, s->at,
				  "invalid " SV_FMT " \"" SV_FMT
				  "\": expected a duration such as 300s or 5m",
				  SV_ARG(s->what), SV_ARG(text));
	*to = arena_sv(s->mem, text);
	return 0;
}

static int set_count(const struct setter *s, int64_t *to, struct sv text)
{
	unsigned long long n;

	if (!sv_number(text, MAX_TTL, &n))
		return diag_error(s->diags, DIAG_CONFIG, s->at,
				  "invalid " SV_FMT " \"" SV_FMT
				  "\": expected a whole number up to %d",
				  SV_ARG(s->what), SV_ARG(text), MAX_TTL);
	*to = (int64_t)n;
	return 0;
}

static void add_item(const struct setter *s, struct options *o,
		     struct strings *to, struct sv text)
{
	struct option_item *item = ARENA_NEW(s->mem, struct option_item);
	struct sv copy = arena_sv(s->mem, text);

	*VEC_ADD(s->mem, &to->list) = copy;
	*item = (struct option_item){ copy.p, s->at, o->items };
	o->items = item;
}

static void add_all(const struct setter *s, struct options *o,
		    struct strings *to, struct sv text, bool split)
{
	struct sv field;

	if (!split) {
		add_item(s, o, to, text);
		return;
	}
	while (sv_cut(&text, ',', &field))
		add_item(s, o, to, sv_trim(field));
}

static int set_list(const struct setter *s, struct options *o,
		    struct strings *to, bool csv, struct sv text, bool extend)
{
	/* A fresh vector, never a shorter old one: publishers that inherited
	 * the old one share its block. */
	if (!extend)
		*to = (struct strings){ 0 };
	add_all(s, o, to, text, csv);
	return 0;
}

static int set_value(const struct setter *s, struct options *o, size_t i,
		     struct sv text, bool extend)
{
	const struct option_row *row = &rows[i];
	void *to = value_at(o, i);

	switch (row->type) {
	case OPTION_FLAG:
		return set_flag(s, to, text);
	case OPTION_STRING:
		*(struct sv *)to = arena_sv(s->mem, text);
		return 0;
	case OPTION_LIST:
		return set_list(s, o, to, false, text, extend);
	case OPTION_CSV:
		return set_list(s, o, to, s->split, text, extend);
	case OPTION_CHOICE:
		return set_choice(s, to, row, text);
	case OPTION_DURATION:
		return set_duration(s, to, text);
	case OPTION_COUNT:
		return set_count(s, to, text);
	}
	return -1;
}

int option_set(const struct setter *s, struct options *o, size_t row,
	       struct sv text, bool extend)
{
	if (text.p == NULL && rows[row].type != OPTION_FLAG)
		return diag_error(s->diags, DIAG_CONFIG, s->at,
				  SV_FMT ": missing value", SV_ARG(s->what));
	if (set_value(s, o, row, text, extend) != 0)
		return -1;
	*set_at(o, row) = true;
	*at_of(o, row) = s->at;
	return 0;
}

void option_clear(struct options *o, size_t row, struct loc at)
{
	assert(rows[row].type == OPTION_LIST || rows[row].type == OPTION_CSV);
	*(struct strings *)value_at(o, row) = (struct strings){ 0 };
	*set_at(o, row) = true;
	*at_of(o, row) = at;
}

void options_init(struct arena *mem, struct options *o)
{
	struct diags none = { .mem = mem };
	struct setter s = { .mem = mem, .diags = &none, .split = true };

	*o = (struct options){ 0 };
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].fallback[0] == '\0')
			continue;
		option_set(&s, o, i, sv_of(rows[i].fallback), false);
		*set_at(o, i) = false;
	}
	assert(none.errors == 0);
}
