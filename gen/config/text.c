#include "config/text.h"

#include <assert.h>

#include "base/limits.h"

static bool letter(char c)
{
	c = sv_lower_char(c);
	return (c >= 'a' && c <= 'z') || c == '_';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t identifier(struct sv s)
{
	size_t n = 0;

	if (s.n == 0 || !letter(s.p[0]))
		return 0;
	while (n < s.n && (letter(s.p[n]) || digit(s.p[n]) || s.p[n] == '-'))
		n++;
	return n;
}

/* Length of `["key"]` or `[0]`; 0 if it is neither.  A key that would need an
 * escape, or could begin a template, is none. */
static size_t subscript(struct sv s)
{
	size_t end = sv_chr(s, ']');
	struct sv in;

	if (s.n < 3 || s.p[0] != '[' || end == s.n)
		return 0;
	in = (struct sv){ s.p + 1, end - 1 };
	if (in.n >= 2 && in.p[0] == '"' && in.p[in.n - 1] == '"') {
		in = (struct sv){ in.p + 1, in.n - 2 };
		for (size_t i = 0; i < in.n; i++)
			if (!letter(in.p[i]) && !digit(in.p[i]) &&
			    in.p[i] != '-' && in.p[i] != '.' && in.p[i] != '/')
				return 0;
		return in.n > 0 ? end + 1 : 0;
	}
	for (size_t i = 0; i < in.n; i++)
		if (!digit(in.p[i]))
			return 0;
	return in.n > 0 ? end + 1 : 0;
}

/* What may stand beside a reference: part of a host name. */
static bool plain_part(struct sv s)
{
	assert(s.p != NULL || s.n == 0);
	for (size_t i = 0; i < s.n; i++)
		if (!letter(s.p[i]) && !digit(s.p[i]) && s.p[i] != '-' &&
		    s.p[i] != '_' && s.p[i] != '.')
			return false;
	return true;
}

bool reference_ok(struct sv text)
{
	static const struct {
		const char *head;
		unsigned parts; /* at least */
	} heads[] = {
		{ "var", 1 }, { "local", 1 }, { "data", 3 }, { "module", 2 }
	};
	struct sv head = sv_head(text, identifier(text));
	struct sv rest = sv_from(text, head.n);
	unsigned parts = 0;

	if (text.n > MAX_REFERENCE)
		return false;
	while (rest.n > 0) {
		bool dot = rest.p[0] == '.';
		size_t n = dot ? identifier(sv_from(rest, 1)) : subscript(rest);

		if (n == 0 || (!dot && parts == 0))
			return false;
		parts += dot;
		rest = sv_from(rest, n + dot);
	}
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (sv_eq(head, sv_of(heads[i].head)))
			return parts >= heads[i].parts;
	/* A resource; what else has a meaning of its own has no "_". */
	return head.n > 0 && sv_chr(head, '_') < head.n && parts >= 2;
}

bool reference_content(struct arena *mem, struct sv text, struct sv *out)
{
	struct sv rest = text;
	size_t hit = sv_find(text, SV("${"));

	*out = text;
	if (hit == text.n) {
		*out = arena_fmt(mem, "${" SV_FMT "}", SV_ARG(text));
		return reference_ok(text);
	}
	while (hit < rest.n) {
		struct sv in = sv_from(rest, hit + 2);

		in = sv_head(in, sv_chr(in, '}'));
		if (!plain_part(sv_head(rest, hit)) || !reference_ok(in))
			return false;
		rest = sv_from(rest, hit + in.n + 3);
		hit = sv_find(rest, SV("${"));
	}
	return plain_part(rest);
}

bool zone_id_parse(struct arena *mem, struct sv text, struct sv *out)
{
	enum { DIGITS = 32 };

	*out = text;
	if (sv_starts(text, SV("${")) && sv_ends(text, SV("}")))
		return reference_ok((struct sv){ text.p + 2, text.n - 3 });
	*out = arena_lower(mem, text);
	for (size_t i = 0; i < out->n; i++) {
		char c = out->p[i];

		if (!digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return out->n == DIGITS;
}

static const char *part_fault(struct sv part)
{
	if (part.n == 0)
		return "empty part in the path";
	if (sv_eq(part, SV(".")) || sv_eq(part, SV("..")))
		return "must not contain . or ..";
	return NULL;
}

const char *path_fault(struct sv path)
{
	struct sv rest = path, part;
	const char *fault = NULL;

	if (path.n == 0 || path.n > MAX_PATH_BYTES)
		return path.n == 0 ? "expected a path" : "too long";
	if (path.p[0] == '/')
		return "expected a path relative to the root of the repository";
	for (size_t i = 0; i < path.n; i++)
		if ((unsigned char)path.p[i] < ' ' || path.p[i] == 0x7f)
			return "control character in the path";
	while (fault == NULL && sv_cut(&rest, '/', &part))
		fault = part_fault(part);
	return fault;
}

const char *output_path_fault(struct sv path, const struct format *format)
{
	struct sv rest = path, part = path;
	const char *fault = path_fault(path);

	while (fault == NULL && sv_cut(&rest, '/', &part))
		fault = part.p[0] == '.' ? "must not be in a dot-directory or "
					   "be a dot-file"
					 : file_name_fault(part);
	if (fault == NULL && format != NULL && format->file_fault != NULL)
		fault = format->file_fault(part);
	return fault;
}

bool variable_name_ok(struct sv name)
{
	return name.n > 0 && name.n <= MAX_REFERENCE &&
	       sv_chr(name, '-') == name.n && identifier(name) == name.n;
}

bool word_ok(struct sv name)
{
	if (name.n == 0 || name.n > MAX_WORD || name.p[0] == '-')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!letter(name.p[i]) && !digit(name.p[i]) && name.p[i] != '-')
			return false;
	return true;
}
