#include "output/json_text.h"

#include <assert.h>
#include <stdint.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "output/list.h"

static void unit_add(struct buf *b, uint32_t unit)
{
	buf_fmt(b, "\\u%04lx", (unsigned long)unit);
}

static void char_add(struct buf *b, uint32_t c)
{
	static const char named[] = "\b\f\n\r\t\"\\";
	static const char letters[] = "bfnrt\"\\";
	const char *hit = c > 0 && c < 0x80 ? strchr(named, (int)c) : NULL;

	if (hit != NULL)
		buf_fmt(b, "\\%c", letters[hit - named]);
	else if (c >= 0x20 && c < 0x7f)
		buf_char(b, (char)c);
	else if (c < 0x10000)
		unit_add(b, c);
	else {
		unit_add(b, 0xd800 + ((c - 0x10000) >> 10));
		unit_add(b, 0xdc00 + ((c - 0x10000) & 0x3ff));
	}
}

void json_string_put(struct buf *b, struct sv s)
{
	struct sv clean = utf8_clean(b->mem, s);
	uint32_t code;
	size_t n;

	buf_char(b, '"');
	for (; (n = utf8_at(clean, &code)) > 0; clean = sv_from(clean, n))
		if (command_follows(clean))
			unit_add(b, code);
		else
			char_add(b, code);
	buf_char(b, '"');
}

static void indent(struct json_text *j)
{
	buf_char(&j->b, '\n');
	for (size_t i = 0; i < j->depth; i++)
		buf_add(&j->b, SV("  "));
}

static void member(struct json_text *j, struct sv key)
{
	if (j->depth > 0) {
		if (j->filled[j->depth - 1])
			buf_char(&j->b, ',');
		j->filled[j->depth - 1] = true;
		indent(j);
	}
	if (key.n > 0) {
		json_string_put(&j->b, key);
		buf_add(&j->b, SV(": "));
	}
}

void json_open(struct json_text *j, struct sv key, char bracket)
{
	assert(j->depth < JSON_DEPTH);
	member(j, key);
	buf_char(&j->b, bracket);
	j->filled[j->depth++] = false;
}

void json_close(struct json_text *j, char bracket)
{
	bool filled = j->filled[--j->depth];

	if (filled)
		indent(j);
	buf_char(&j->b, bracket);
	if (j->depth == 0)
		buf_char(&j->b, '\n');
}

void json_text_add(struct json_text *j, struct sv key, struct sv text)
{
	member(j, key);
	json_string_put(&j->b, text);
}

void json_number_add(struct json_text *j, struct sv key, int64_t n)
{
	member(j, key);
	buf_fmt(&j->b, "%lld", (long long)n);
}

void json_bool_add(struct json_text *j, struct sv key, bool on)
{
	member(j, key);
	buf_add(&j->b, on ? SV("true") : SV("false"));
}

static bool opens_template(struct sv s, size_t i)
{
	return (s.p[i] == '$' || s.p[i] == '%') && i + 1 < s.n &&
	       s.p[i + 1] == '{';
}

struct sv template_escape(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s.n; i++) {
		if (opens_template(s, i))
			buf_char(&b, s.p[i]);
		buf_char(&b, s.p[i]);
	}
	return buf_sv(&b);
}

struct sv template_unescape(struct arena *mem, struct sv s)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < s.n; i++) {
		bool doubled = i + 1 < s.n && s.p[i] == s.p[i + 1] &&
			       opens_template(s, i + 1);

		buf_char(&b, s.p[i]);
		if (doubled)
			i++;
	}
	return buf_sv(&b);
}
