/* The build environment: variables that Argo CD fills in. */
#include "base/buf.h"
#include "render/argocd/source.h"

static struct sv app_name(const struct argocd_step *s)
{
	return s->app->name;
}

static struct sv app_namespace(const struct argocd_step *s)
{
	return s->namespace;
}

static struct sv app_project(const struct argocd_step *s)
{
	return node_str(node_get(s->app->root, SV("spec")), SV("project"));
}

static struct sv source_path(const struct argocd_step *s)
{
	return node_str(s->source, SV("path"));
}

static struct sv source_url(const struct argocd_step *s)
{
	return node_str(s->source, SV("repoURL"));
}

static struct sv source_revision(const struct argocd_step *s)
{
	return node_str(s->source, SV("targetRevision"));
}

static const struct {
	const char *name;
	struct sv (*get)(const struct argocd_step *s); /* NULL: unknown */
} variables[] = {
	{ "ARGOCD_APP_NAME", app_name },
	{ "ARGOCD_APP_NAMESPACE", app_namespace },
	{ "ARGOCD_APP_PROJECT_NAME", app_project },
	{ "ARGOCD_APP_REVISION", NULL },
	{ "ARGOCD_APP_REVISION_SHORT", NULL },
	{ "ARGOCD_APP_REVISION_SHORT_8", NULL },
	{ "ARGOCD_APP_SOURCE_PATH", source_path },
	{ "ARGOCD_APP_SOURCE_REPO_URL", source_url },
	{ "ARGOCD_APP_SOURCE_TARGET_REVISION", source_revision },
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* A name behind "$", in braces or not, and where it ends. */
static struct sv name_at(struct sv rest, size_t *end)
{
	size_t i = 0, close;

	if (sv_starts(rest, SV("{"))) {
		close = sv_chr(rest, '}');
		*end = close < rest.n ? close + 1 : rest.n;
		return sv_from(sv_head(rest, close), 1);
	}
	while (i < rest.n && is_name_char(rest.p[i]))
		i++;
	*end = i == 0 && rest.n > 0 && rest.p[0] == '$' ? 1 : i;
	return sv_head(rest, *end);
}

/* A name that Argo CD does not set is replaced by nothing. */
static void expand(const struct argocd_step *s, struct buf *b, struct sv name)
{
	if (sv_eq(name, SV("$")) || name.n == 0)
		buf_char(b, '$');
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		if (!sv_eq(name, sv_of(variables[i].name)))
			continue;
		if (variables[i].get != NULL)
			buf_add(b, variables[i].get(s));
		else
			buf_fmt(b, "${" SV_FMT "}", SV_ARG(name));
	}
}

struct sv argocd_env(const struct argocd_step *s, struct sv text)
{
	struct buf b = { .mem = s->a->ctx->mem };

	if (sv_chr(text, '$') == text.n)
		return text;
	for (size_t i = 0; i < text.n; i++) {
		size_t end;

		if (text.p[i] != '$') {
			buf_char(&b, text.p[i]);
			continue;
		}
		expand(s, &b, name_at(sv_from(text, i + 1), &end));
		i += end;
	}
	return buf_sv(&b);
}
