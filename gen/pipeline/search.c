#include "pipeline/search.h"

#include "base/limits.h"
#include "base/path.h"
#include "source/source.h"

/* One hit, and what its file is. */
struct hit {
	struct session *s;
	const struct snapshot_file *file;
	struct sv text; /* of the file */
	struct sv line; /* untrimmed */
	size_t start;	/* of the line in the text */
	struct loc at;
	struct sv kind; /* of the object around it, or "" */
};

static bool is_manifest(struct sv path)
{
	return sv_ends(path, SV(".yaml")) || sv_ends(path, SV(".yml")) ||
	       sv_ends(path, SV(".json"));
}

/* "kind: X" at the margin of the document that the line is in. */
static struct sv kind_around(struct sv text, size_t start)
{
	struct sv rest = text, line, kind = SV("");
	bool passed = false;

	while (sv_cut(&rest, '\n', &line)) {
		size_t at = (size_t)(line.p - text.p);

		if (sv_starts(line, SV("---"))) {
			if (passed)
				break;
			kind = SV("");
		}
		passed |= at >= start;
		if (sv_starts(line, SV("kind:")))
			kind = sv_trim(sv_from(line, 5));
	}
	return kind;
}

static struct sv of_output(const struct hit *h)
{
	return config_writes(&h->s->config, h->file->path)
		       ? SV("an output, which is written and not read")
		       : SV("");
}

static struct sv of_config(const struct hit *h)
{
	return sv_eq(h->file->path, h->s->config.file) ? SV("the configuration")
						       : SV("");
}

static struct sv of_other_files(const struct hit *h)
{
	return is_manifest(h->file->path)
		       ? SV("")
		       : SV("neither a YAML nor a JSON file");
}

static struct sv of_comments(const struct hit *h)
{
	struct sv head = sv_head(h->line, h->at.col - 1);
	size_t sign = sv_chr(head, '#');

	return sign < head.n && (sign == 0 || head.p[sign - 1] == ' ' ||
				 head.p[sign - 1] == '\t')
		       ? SV("a comment")
		       : SV("");
}

/* What was said of this line, else of the file as a whole. */
static struct sv of_messages(const struct hit *h)
{
	struct sv whole = SV("");

	for (size_t i = 0; i < h->s->diags.list.n; i++) {
		const struct diag *m = &h->s->diags.list.v[i];

		if (!sv_eq(m->at.file, h->file->path))
			continue;
		if (m->at.line == h->at.line)
			return m->text;
		if (m->at.line == 0 || m->code == DIAG_MANIFEST_SKIPPED ||
		    m->code == DIAG_YAML_SYNTAX)
			whole = m->text;
	}
	return whole;
}

static struct sv of_paths(const struct hit *h)
{
	const struct config *c = &h->s->config;

	for (size_t i = 0; i < c->publishers.n; i++)
		if (globs_match(&c->publishers.v[i].paths, h->file->path))
			return SV("");
	return SV("outside of paths:");
}

static struct sv of_helm(const struct hit *h)
{
	static const char *const kinds[] = { "Application", "ApplicationSet",
					     "HelmChart", "HelmChartConfig",
					     "HelmRelease" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sv_eq(h->kind, sv_of(kinds[i])))
			return arena_fmt(h->s->mem,
					 "Helm values of a %s, at a key that "
					 "no rule reads; --helm-values=extract "
					 "reads values, helm-host-keys: [KEY] "
					 "names keys of your own charts",
					 kinds[i]);
	return SV("");
}

static struct sv of_sources(const struct hit *h)
{
	const struct publisher *p = &h->s->config.publishers.v[0];

	for (size_t i = 0; h->kind.n > 0 && source_table[i] != NULL; i++) {
		const struct source *src = source_table[i];

		if (!sv_eq(h->kind, sv_of(src->kind)))
			continue;
		if (!strings_has(&p->opt.source, sv_of(src->flag)))
			return arena_fmt(h->s->mem,
					 "a %s, whose source is not chosen; "
					 "source: [%s] reads it",
					 src->kind, src->flag);
		return arena_fmt(h->s->mem, "a %s, at a key that names no host",
				 src->kind);
	}
	return SV("");
}

static struct sv of_kinds(const struct hit *h)
{
	if (h->kind.n == 0)
		return SV("");
	return arena_fmt(h->s->mem, "a " SV_FMT ", which no source reads",
			 SV_ARG(h->kind));
}

static struct sv of_templates(const struct hit *h)
{
	return sv_has(h->text, SV("{{"))
		       ? SV("a template, which is filled elsewhere; a render "
			    "command can print what it makes")
		       : SV("");
}

static struct sv of_values(const struct hit *h)
{
	return arena_fmt(h->s->mem,
			 "no object, and no object names it; where it holds "
			 "Helm values, roots: [{values: " SV_FMT "}] reads it",
			 SV_ARG(h->file->path));
}

/* The first that has something to say. */
static struct sv (*const reasons[])(const struct hit *h) = {
	of_output, of_config,	 of_other_files, of_comments,
	of_paths,  of_helm,	 of_messages,	 of_sources,
	of_kinds,  of_templates, of_values,
};

static struct sv reason(const struct hit *h)
{
	struct sv why = SV("");

	for (size_t i = 0; why.n == 0 && i < sizeof(reasons) / sizeof(*reasons);
	     i++)
		why = reasons[i](h);
	return why;
}

/* The first of the texts in the line; line.n: none. */
static size_t first_of(struct sv line, const struct strings *texts)
{
	size_t best = line.n;

	for (size_t i = 0; i < texts->list.n; i++) {
		size_t at = sv_find(line, texts->list.v[i]);

		best = at < best ? at : best;
	}
	return best;
}

static void add(struct hit *h, struct found_texts *out)
{
	struct found_text *f;

	if (out->list.n == MAX_FOUND) {
		out->more++;
		return;
	}
	h->kind = is_manifest(h->file->path) ? kind_around(h->text, h->start)
					     : SV("");
	f = VEC_ADD(h->s->mem, &out->list);
	f->at = loc_copy(h->s->mem, h->at);
	f->line = arena_sv(h->s->mem, sv_trim(sv_head(h->line, 160)));
	f->why = arena_sv(h->s->mem, reason(h));
}

static void look_in(struct hit *h, const struct strings *texts,
		    struct found_texts *out)
{
	struct sv rest = h->text;
	uint32_t line = 0;

	while (sv_cut(&rest, '\n', &h->line)) {
		size_t hit = first_of(h->line, texts);

		line++;
		if (hit >= h->line.n)
			continue;
		h->start = (size_t)(h->line.p - h->text.p);
		h->at = (struct loc){ h->file->path, line,
				      (uint32_t)(hit + 1) };
		add(h, out);
	}
}

int search_text(struct session *s, const struct strings *texts,
		struct found_texts *out)
{
	for (size_t i = 0; i < snapshot_count(s->snapshot); i++) {
		struct arena *own = arena_under(s->mem);
		struct diags ignored = { .mem = own };
		struct hit h = { .s = s, .file = snapshot_at(s->snapshot, i) };

		if (snapshot_read(s->snapshot, h.file, own, &ignored, &s->fault,
				  &h.text) == 0 &&
		    first_of(h.text, texts) < h.text.n)
			look_in(&h, texts, out);
		arena_free(own);
		if (s->fault.kind != FAULT_NONE)
			return -1;
	}
	return 0;
}
