/* The template subset that people write into Helm values. */
#include "base/buf.h"
#include "base/limits.h"
#include "render/helm/helm.h"

struct expr_ctx {
	struct arena *mem;
	const struct helm_release *release;
	unsigned depth;
};

static int expand(struct expr_ctx *ctx, struct sv text, struct sv *out);

/* `.Values.a.b`; its text may hold templates in turn (tpl). */
static int value_of(struct expr_ctx *ctx, struct sv path, struct sv *out)
{
	const struct node *n = node_path(ctx->release->values, path);

	if (n == NULL || n->kind != NODE_SCALAR || n->type == SCALAR_NULL)
		return -1;
	return expand(ctx, n->scalar, out);
}

static bool is_quoted(struct sv s)
{
	return s.n >= 2 && (s.p[0] == '"' || s.p[0] == '`') &&
	       s.p[s.n - 1] == s.p[0] &&
	       sv_chr(sv_head(sv_from(s, 1), s.n - 2), s.p[0]) == s.n - 2;
}

static int operand(struct expr_ctx *ctx, struct sv s, struct sv *out)
{
	if (s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')')
		s = sv_trim(sv_head(sv_from(s, 1), s.n - 2));
	if (sv_starts(s, SV("$.")))
		s = sv_from(s, 1);
	if (sv_starts(s, SV("tpl ")))
		s = sv_trim(sv_from(s, 4));
	if (sv_ends(s, SV(" $")) || sv_ends(s, SV(" .")))
		s = sv_trim(sv_head(s, s.n - 2));
	if (sv_eq(s, SV(".Release.Name")))
		*out = ctx->release->name;
	else if (sv_eq(s, SV(".Release.Namespace")))
		*out = ctx->release->namespace;
	else if (is_quoted(s))
		*out = sv_head(sv_from(s, 1), s.n - 2);
	else if (sv_starts(s, SV(".Values.")))
		return value_of(ctx, sv_from(s, 8), out);
	else
		return -1;
	return 0;
}

static int pipe_step(struct expr_ctx *ctx, struct sv f, struct sv *value)
{
	if (sv_eq(f, SV("lower")))
		*value = arena_lower(ctx->mem, *value);
	else if (sv_eq(f, SV("trim")))
		*value = sv_trim(*value);
	else if (!sv_eq(f, SV("quote")) && !sv_eq(f, SV("squote")) &&
		 !sv_eq(f, SV("toString")) && !sv_starts(f, SV("default ")))
		return -1;
	/* quote: the YAML reader would take the quotes off again. */
	return 0;
}

static int evaluate(struct expr_ctx *ctx, struct sv expr, struct sv *out)
{
	struct sv rest = expr, part;

	if (!sv_cut(&rest, '|', &part) || operand(ctx, sv_trim(part), out) < 0)
		return -1;
	while (sv_cut(&rest, '|', &part))
		if (pipe_step(ctx, sv_trim(part), out) < 0)
			return -1;
	return 0;
}

static int expand(struct expr_ctx *ctx, struct sv text, struct sv *out)
{
	struct buf b = { .mem = ctx->mem };

	if (++ctx->depth > MAX_TEMPLATE_STEPS)
		return -1;
	while (text.n > 0) {
		size_t open = sv_find(text, SV("{{")), close;
		struct sv expr, value;

		buf_add(&b, sv_head(text, open));
		if (open == text.n)
			break;
		text = sv_from(text, open + 2);
		close = sv_find(text, SV("}}"));
		if (close == text.n)
			return -1;
		expr = sv_head(text, close);
		if (sv_starts(expr, SV("- ")))
			expr = sv_from(expr, 2);
		if (sv_ends(expr, SV(" -")))
			expr.n -= 2;
		if (evaluate(ctx, sv_trim(expr), &value) < 0 ||
		    b.n + value.n > MAX_TEMPLATE_BYTES)
			return -1;
		buf_add(&b, value);
		text = sv_from(text, close + 2);
	}
	*out = buf_sv(&b);
	return 0;
}

int helm_template(struct arena *mem, const struct helm_release *release,
		  struct sv text, struct sv *out)
{
	struct expr_ctx ctx = { mem, release, 0 };

	*out = text;
	return sv_has(text, SV("{{")) ? expand(&ctx, text, out) : 0;
}
