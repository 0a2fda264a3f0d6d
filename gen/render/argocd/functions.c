/* Functions that Argo CD's templates have besides sprig's. */
#include "base/buf.h"
#include "base/limits.h"
#include "render/argocd/generate.h"

/* As Argo CD makes a name of a text: other characters become "-". */
static bool fn_normalize(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	(void)n;
	*out = value_text(params_name(f->mem, args[0].text));
	return true;
}

/* Words of letters and digits with single dashes between. */
static struct sv dashed(struct arena *mem, struct sv name)
{
	char *p = ARENA_ARRAY(mem, char, name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		bool word = name.p[i] != '-' && name.p[i] != '.';

		if (word)
			p[n++] = name.p[i];
		else if (n > 0 && p[n - 1] != '-')
			p[n++] = '-';
	}
	while (n > 0 && p[n - 1] == '-')
		n--;
	return (struct sv){ p, n };
}

/* At the last dash that leaves at most `most`. */
static struct sv cut_at_dash(struct sv s, size_t most)
{
	if (most == 0 || s.n <= most)
		return s;
	for (size_t i = most + 1; i > 0; i--)
		if (s.p[i - 1] == '-')
			return sv_head(s, i - 1);
	return sv_head(s, most);
}

/* slugify [bytes [whole words]] name, as gosimple/slug makes it. */
static bool fn_slugify(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	size_t most = 50;
	bool words = n < 3 || args[1].yes;
	struct sv name;

	if (args[n - 1].kind != VALUE_STRING ||
	    (n > 1 && (args[0].kind != VALUE_INT || args[0].number < 0)) ||
	    (n > 2 && args[1].kind != VALUE_BOOL))
		return fill_fault(f, "slugify: expected a number, true or "
				     "false, and a string");
	if (n > 1)
		most = (size_t)args[0].number;
	name = params_name(f->mem, args[n - 1].text);
	if (!words)
		name = sv_head(name, most);
	name = dashed(f->mem, name);
	*out = value_text(words ? cut_at_dash(name, most) : name);
	return true;
}

/* A text that YAML reads as the same text stays as it is. */
static bool is_plain(struct arena *mem, struct sv text)
{
	struct diags ignored = { .mem = mem };
	struct documents docs = { 0 };
	const struct node *n;

	if (text.n == 0 ||
	    manifest_parse(mem, &ignored, SV("toYaml"), text, &docs) < 0 ||
	    docs.list.n != 1)
		return false;
	n = docs.list.v[0];
	return n->kind == NODE_SCALAR && n->type == SCALAR_STRING &&
	       !n->quoted && sv_eq(n->scalar, text);
}

/* JSON is YAML, in a form that fits in one line wherever it is put. */
static bool fn_to_yaml(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	struct buf b = { .mem = f->mem };
	struct sv text;

	(void)n;
	if (value_is_text(f, &args[0], &text) && is_plain(f->mem, text)) {
		*out = value_text(text);
		return true;
	}
	value_json(f, &b, &args[0], false);
	*out = value_text(buf_sv(&b));
	return f->fault == NULL;
}

static bool from_yaml(struct filler *f, struct sv text, enum node_kind kind,
		      const char *wanted, struct value *out)
{
	struct diags ignored = { .mem = f->mem };
	struct documents docs = { 0 };
	struct node *n = NULL;

	if (text.n > MAX_GO_TEMPLATE_TEXT ||
	    manifest_parse(f->mem, &ignored, SV("fromYaml"), text, &docs) < 0)
		return fill_fault(f, "fromYaml: invalid YAML");
	if (docs.list.n > 0)
		n = docs.list.v[0];
	if (n == NULL || node_is_null(n))
		n = kind == NODE_MAP ? node_new_map(f->mem, NOWHERE)
				     : node_new_list(f->mem, NOWHERE);
	if (n->kind != kind)
		return fill_fault(f, "fromYaml: expected %s", wanted);
	*out = value_data(n);
	return true;
}

static bool fn_from_yaml(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	(void)n;
	return from_yaml(f, args[0].text, NODE_MAP, "a map", out);
}

static bool fn_from_yaml_array(struct filler *f, const struct value *args,
			       size_t n, struct value *out)
{
	(void)n;
	return from_yaml(f, args[0].text, NODE_LIST, "a list", out);
}

enum { TPL_DEPTH = 3 };

/* A text filled as a template of its own; what is missing is nothing. */
static bool fn_tpl(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	unsigned *depth = f->host;
	unsigned inner = (depth != NULL ? *depth : 0) + 1;
	struct filler own = { .mem = f->mem,
			      .dialect = f->dialect,
			      .missing = f->missing,
			      .host = &inner };
	struct template *t = NULL;
	struct sv text = SV(""), left;
	struct buf b = { .mem = f->mem };
	const char *fault;

	(void)n;
	if (inner > TPL_DEPTH)
		return fill_fault(f, "tpl: nested deeper than %d", TPL_DEPTH);
	fault = template_parse(f->mem, args[0].text, f->dialect, &t);
	if (fault == NULL && t != NULL)
		fault = template_fill(&own, t, &args[1], NOWHERE, &text);
	else
		text = args[0].text;
	if (fault != NULL)
		return fill_fault(f, "tpl: %s", fault);
	while (text.n > 0) {
		size_t hole = sv_find(text, SV("<no value>"));

		left = sv_head(text, hole);
		buf_add(&b, left);
		text = sv_from(text, hole < text.n ? hole + 10 : hole);
	}
	*out = value_text(buf_sv(&b));
	return true;
}

static const struct function rows[] = {
	{ "fromYaml", "s", fn_from_yaml, 0, 0 },
	{ "fromYamlArray", "s", fn_from_yaml_array, 0, 0 },
	{ "normalize", "s", fn_normalize, 0, 0 },
	{ "slugify", NULL, fn_slugify, 1, 3 },
	{ "toYaml", "a", fn_to_yaml, 0, 0 },
	{ "tpl", "sa", fn_tpl, 0, 0 },
};
static const struct function_list own = { rows,
					  sizeof(rows) / sizeof(rows[0]) };
static const struct function_list *const functions[] = { &own, NULL };
const struct template_dialect argocd_dialect = { .functions = functions,
						 .base = &template_sprig };
