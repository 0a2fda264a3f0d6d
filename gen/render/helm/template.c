/* Templates that people write into Helm values: Go's, with sprig and `tpl`. */
#include "base/limits.h"
#include "render/helm/helm.h"
#include "template/template.h"

static const struct template_dialect dialect;

/* tpl TEXT DOT: a template that stands in the data. */
static bool fn_tpl(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	struct filler inner = { .mem = f->mem,
				.dialect = &dialect,
				.steps = f->steps,
				.depth = f->depth + 1 };
	struct template *t = NULL;
	struct sv text = SV("");
	const char *fault;

	(void)n;
	if (inner.depth > MAX_TEMPLATE_STEPS)
		return fill_fault(f, "tpl nested too deep");
	fault = template_parse(f->mem, args[0].text, &dialect, &t);
	if (fault == NULL && t != NULL)
		fault = template_fill(&inner, t, &args[1], NOWHERE, &text);
	f->steps = inner.steps;
	*out = value_text(t != NULL ? text : args[0].text);
	return fault == NULL || fill_fault(f, "tpl: %s", fault);
}

static const struct function rows[] = { { "tpl", "sa", fn_tpl, 0, 0 } };
static const struct function_list own = { rows, 1 };
static const struct function_list *const functions[] = { &own, NULL };
static const struct template_dialect dialect = { .functions = functions,
						 .base = &template_sprig };

/* .Values and .Release; .Chart and .Capabilities are not in git. */
static struct value dot_of(struct arena *mem, const struct helm_release *r)
{
	struct value dot = value_dict(mem), release = value_dict(mem);

	dict_put(mem, release.dict, SV("Name"), value_text(r->name));
	dict_put(mem, release.dict, SV("Namespace"), value_text(r->namespace));
	dict_put(mem, dot.dict, SV("Release"), release);
	dict_put(mem, dot.dict, SV("Values"), value_data(r->values));
	return dot;
}

/* The YAML reader behind the chart takes quotes off again. */
static struct sv unquoted(struct sv s)
{
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') &&
	    s.p[s.n - 1] == s.p[0])
		return sv_head(sv_from(s, 1), s.n - 2);
	return s;
}

int helm_template(struct arena *mem, const struct helm_release *release,
		  struct sv text, struct sv *out)
{
	struct value dot;

	*out = text;
	/* Nearly every value is without one. */
	if (!sv_has(text, SV("{{")))
		return 0;
	dot = dot_of(mem, release);
	/* Charts hand such values to `tpl`, which may bring up the next. */
	for (int i = 0; sv_has(*out, SV("{{")); i++) {
		struct filler f = { .mem = mem, .dialect = &dialect };
		struct template *t = NULL;

		if (i == MAX_TEMPLATE_STEPS ||
		    template_parse(mem, *out, &dialect, &t) != NULL ||
		    t == NULL ||
		    template_fill(&f, t, &dot, NOWHERE, out) != NULL ||
		    sv_has(*out, SV("<no value>")))
			return -1;
		*out = unquoted(*out);
	}
	return 0;
}
