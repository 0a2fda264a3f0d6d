#include "endpoint/endpoint.h"

/* Text between two marks, as "${" and "}". */
static const struct {
	struct sv open, close;
	const char *what;
} brackets[] = {
	{ { "${", 2 }, { "}", 1 }, "a ${...} variable" },
	{ { "{{", 2 }, { "}}", 2 }, "a {{...}} template expression" },
	{ { "$(", 2 }, { ")", 1 }, "a $(...) variable" },
	{ { "ENC[", 4 }, { "]", 1 }, "an ENC[...] ciphertext" },
	{ { "<", 1 }, { ">", 1 }, "a <...> placeholder" },
	{ { "%", 1 }, { "%", 1 }, "a %...% placeholder" },
};

/* Words in capitals: a host is lower case, so "todo.example.com" is one. */
static const struct {
	struct sv word;
	const char *what;
} words[] = {
	{ { "PLACEHOLDER", 11 }, "a PLACEHOLDER" },
	{ { "REPLACE", 7 }, "a REPLACE... placeholder" },
	{ { "CHANGEME", 8 }, "a CHANGEME placeholder" },
	{ { "CHANGE_ME", 9 }, "a CHANGE_ME placeholder" },
	{ { "CHANGE-ME", 9 }, "a CHANGE-ME placeholder" },
	{ { "TODO", 4 }, "a TODO" },
};

/* A whole label, in any case. */
static const struct sv labels[] = {
	{ "changeme", 8 },  { "change-me", 9 },	  { "change_me", 9 },
	{ "replaceme", 9 }, { "replace-me", 10 }, { "replace_me", 10 },
};

static bool has_label(struct sv text)
{
	struct sv label;

	while (sv_cut(&text, '.', &label))
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
			if (sv_case_eq(label, labels[i]))
				return true;
	return false;
}

static bool has_bracket(struct sv text, struct sv open, struct sv close)
{
	size_t hit = sv_find(text, open);

	return hit < text.n && sv_has(sv_from(text, hit + open.n), close);
}

const char *placeholder_in(struct sv text)
{
	for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++)
		if (has_bracket(text, brackets[i].open, brackets[i].close))
			return brackets[i].what;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_has(text, words[i].word))
			return words[i].what;
	return has_label(text) ? "a changeme placeholder" : NULL;
}
