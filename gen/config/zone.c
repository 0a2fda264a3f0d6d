#include "config/key.h"

#include "base/buf.h"
#include "base/path.h"
#include "config/text.h"

/* "retake.fr@internal": a name and, behind the sign, a view. */
static int zone_name(struct reader *r, struct sv what, struct zone *z)
{
	size_t sign = sv_chr(z->key, '@');

	z->view = sign < z->key.n ? sv_from(z->key, sign + 1) : SV("");
	if (sign < z->key.n && !word_ok(z->view))
		return diag_error(r->diags, DIAG_CONFIG, z->at,
				  SV_FMT
				  ": invalid view \"" SV_FMT
				  "\": expected letters, digits and \"-\"",
				  SV_ARG(what), SV_ARG(z->view));
	if (dname_parse(r->mem, r->diags, z->at, arena_str(r->mem, what),
			DNAME_ZONE_VAR, sv_head(z->key, sign), &z->name) != 0)
		return -1;
	z->key = z->view.n > 0 ? arena_fmt(r->mem, SV_FMT "@" SV_FMT,
					   SV_ARG(z->name), SV_ARG(z->view))
			       : z->name;
	return 0;
}

/* What stood before, and so what the brake counts, is read out of outputs. */
static void check_companion(struct reader *r, struct sv what,
			    const struct zone *z)
{
	const struct output_spec *by_template = NULL;

	for (size_t i = 0; i < z->outputs.n; i++) {
		const struct output_spec *o = &z->outputs.v[i];

		if (o->format.n == 0 || !output_format(o)->is_template)
			return;
		by_template = o;
	}
	if (by_template != NULL)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, by_template->at,
			  SV_FMT ".outputs: the text of a template cannot be "
				 "read back; add an output of another format, "
				 "such as csv",
			  SV_ARG(what));
}

void check_zone(struct reader *r, struct sv what, const struct node *n,
		void *thing)
{
	struct zone *z = thing;
	const struct node *at = node_get(n, SV("delegated"));

	z->path = what;
	check_companion(r, what, z);
	if (zone_name(r, what, z) != 0)
		return;
	for (size_t i = 0; i < z->delegated.list.n; i++) {
		struct sv name = z->delegated.list.v[i];

		if (!dname_in(name, z->name) || sv_eq(name, z->name))
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, at->at,
				  SV_FMT ".delegated: " SV_FMT
					 " is not below the zone",
				  SV_ARG(what), SV_ARG(name));
	}
}

/* "format bind or configmap", whose key this is, unless `own` takes it too; or
 * "". */
static struct sv formats_of_key(struct reader *r, const struct format *own,
				struct sv key)
{
	struct buf b = { .mem = r->mem };

	if (format_takes(own->keys, key))
		return SV("");
	for (const struct format *f = format_table; f->word != NULL; f++)
		if (format_takes(f->keys, key))
			buf_fmt(&b, "%s%s", b.n > 0 ? " or " : "format ",
				f->word);
	return buf_sv(&b);
}

/* The same of modes. */
static const struct format_mode *mode_of_key(const struct output_spec *o,
					     struct sv key)
{
	for (const struct format_mode *m = output_format(o)->modes;
	     m->word != NULL && !format_takes(output_mode(o)->keys, key); m++)
		if (format_takes(m->keys, key))
			return m;
	return NULL;
}

/* A mode of another format, which the row of the key lets through. */
static void check_mode(struct reader *r, struct sv what, const struct node *n,
		       const struct output_spec *o)
{
	const struct node *mode = node_get(n, SV("mode"));
	const struct format *f = output_format(o);
	struct buf b = { .mem = r->mem };

	if (mode == NULL || o->mode.n == 0 ||
	    !format_takes(f->keys, SV("mode")) ||
	    format_mode_find(f, o->mode) != NULL)
		return;
	for (const struct format_mode *m = f->modes; m->word != NULL; m++)
		buf_fmt(&b, "%s%s",
			m == f->modes ? ""
			: m[1].word   ? ", "
				      : " or ",
			m->word);
	diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, mode->at,
		  "invalid " SV_FMT ".mode \"" SV_FMT
		  "\" of format %s: expected " SV_FMT,
		  SV_ARG(what), SV_ARG(o->mode), f->word, SV_ARG(buf_sv(&b)));
}

/* Keys that mean nothing to the other formats and modes. */
static void check_formats(struct reader *r, struct sv what,
			  const struct node *n, const struct output_spec *o)
{
	for (size_t i = 0; i + 1 < n->items.n; i += 2) {
		const struct node *key = n->items.v[i];
		struct loc at = n->items.v[i + 1]->at;
		struct sv formats =
			formats_of_key(r, output_format(o), key->scalar);
		const struct format_mode *m = mode_of_key(o, key->scalar);

		if (formats.n > 0)
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, at,
				  SV_FMT "." SV_FMT ": only valid with " SV_FMT
					 ", not " SV_FMT,
				  SV_ARG(what), SV_ARG(key->scalar),
				  SV_ARG(formats), SV_ARG(o->format));
		else if (m != NULL)
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, at,
				  SV_FMT
				  "." SV_FMT
				  ": only valid with mode %s, not " SV_FMT,
				  SV_ARG(what), SV_ARG(key->scalar), m->word,
				  SV_ARG(o->mode));
	}
}

static void check_whole_zone(struct reader *r, struct sv what,
			     const struct node *n, const struct output_spec *o)
{
	const struct node *soa = node_get(n, SV("soa"));
	const char *mode = output_mode(o)->word;
	const char *who = mode[0] != '\0' ? "mode" : "format";

	if (mode[0] == '\0')
		mode = output_format(o)->word;

	/* Never guessed: octodns and dnscontrol wrote their placeholders into
	 * production zones. */
	if (soa == NULL)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  "missing " SV_FMT
			  ".soa: %s %s requires mname and rname",
			  SV_ARG(what), who, mode);
	if (node_get(n, SV("ns")) == NULL)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  "missing " SV_FMT
			  ".ns: %s %s requires the name servers of the zone",
			  SV_ARG(what), who, mode);
	else if (o->ns.list.n == 1)
		diag_warn(r->diags, DIAG_CONFIG, node_get(n, SV("ns"))->at,
			  SV_FMT
			  ".ns: expected at least two name servers (RFC 2182)",
			  SV_ARG(what));
	if (soa != NULL &&
	    (o->soa.retry >= o->soa.refresh || o->soa.refresh >= o->soa.expire))
		diag_warn(r->diags, DIAG_CONFIG, soa->at,
			  SV_FMT ".soa: expected retry < refresh < expire (RFC "
				 "1912 2.2)",
			  SV_ARG(what));
}

static void check_template(struct reader *r, struct sv what,
			   const struct node *n)
{
	static const char *const keys[] = { TEMPLATE_KEY, "escape" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (node_get(n, sv_of(keys[i])) == NULL)
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
				  "missing " SV_FMT ".%s", SV_ARG(what),
				  keys[i]);
}

void check_output(struct reader *r, struct sv what, const struct node *n,
		  void *thing)
{
	const struct output_spec *o = thing;

	if (o->format.n == 0)
		return; /* reported already: missing or unknown */
	check_formats(r, what, n, o);
	check_mode(r, what, n, o);
	if (output_mode(o)->is_whole_zone)
		check_whole_zone(r, what, n, o);
	if (output_format(o)->is_template)
		check_template(r, what, n);
}

/* No path is every path to a claim, which must be meant: of this repository it
 * is not. */
void check_claim(struct reader *r, struct sv what, const struct node *n,
		 void *thing)
{
	const struct claim *c = thing;
	const struct node *paths = node_get(n, SV("paths"));
	bool empty = paths != NULL && paths->kind == NODE_LIST &&
		     paths->items.n == 0;

	if (empty)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, paths->at,
			  "empty " SV_FMT ".paths: expected a gitignore "
			  "pattern",
			  SV_ARG(what));
	else if (paths == NULL && c->repos.list.n == 0)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  "missing " SV_FMT ".paths: expected a gitignore "
			  "pattern",
			  SV_ARG(what));
}

void check_publisher(struct reader *r, struct sv what, const struct node *n,
		     void *thing)
{
	const struct publisher *p = thing;

	if (p->name.n > 0 && !word_ok(p->name))
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR,
			  node_get(n, SV("name"))->at,
			  "invalid " SV_FMT ".name \"" SV_FMT
			  "\": expected letters, digits and \"-\"",
			  SV_ARG(what), SV_ARG(p->name));
}

void check_override(struct reader *r, struct sv what, const struct node *n,
		    void *thing)
{
	const struct override *o = thing;
	const struct node *at = node_get(n, SV("targets"));

	if (o->type != RR_A && o->type != RR_AAAA && o->type != RR_CNAME) {
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  SV_FMT ".type: only A, AAAA and CNAME can be pinned; "
				 "other types belong in zones.*.static",
			  SV_ARG(what));
		return;
	}
	if (o->type == RR_CNAME && o->targets.list.n > 1)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, at->at,
			  SV_FMT
			  ".targets: a CNAME must have exactly one target",
			  SV_ARG(what));
	for (size_t i = 0; i < o->targets.list.n; i++) {
		const struct target *t = &o->targets.list.v[i];

		if (!t->is_ref && rrtype_of_target(t->text) != o->type)
			diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, t->at,
				  "invalid " SV_FMT ".targets \"" SV_FMT
				  "\": expected a target of type %s",
				  SV_ARG(what), SV_ARG(t->text),
				  rrtype_name(o->type));
	}
}

/* A Gateway is found by both; the name alone would match none. */
void check_gateway_row(struct reader *r, struct sv what, const struct node *n,
		       void *thing)
{
	const struct target_row *row = thing;
	struct sv rest = row->key, namespace;
	const char *hint = "";

	(void)what;
	if (sv_chr(row->key, '/') == row->key.n)
		hint = arena_fmt(r->mem, "; did you mean default/" SV_FMT "?",
				 SV_ARG(row->key))
			       .p;
	else if (sv_cut(&rest, '/', &namespace) && namespace.n > 0 &&
		 rest.n > 0 && sv_chr(rest, '/') == rest.n)
		return;
	diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
		  "invalid targets.gateway \"" SV_FMT
		  "\": expected NAMESPACE/NAME of a Gateway%s",
		  SV_ARG(row->key), hint);
}

void check_render(struct reader *r, struct sv what, const struct node *n,
		  void *thing)
{
	const struct render_command *c = thing;
	struct sv program = c->argv.list.n > 0 ? c->argv.list.v[0] : SV("");
	struct sv inside;

	if (c->argv.list.n > 0 && program.n == 0)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  SV_FMT ".argv: missing program", SV_ARG(what));
	/* It runs in a copy somewhere: what lies beside that is anybody's. */
	if (sv_chr(program, '/') < program.n && program.p[0] != '/' &&
	    !path_join(r->mem, SV(""), program, &inside))
		diag_file(
			r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			"invalid " SV_FMT ".argv \"" SV_FMT
			"\": expected a program in PATH, an absolute path, or "
			"a file of the repository",
			SV_ARG(what), SV_ARG(program));
}

/* The first of its keys that says where; NULL: none. */
static const char *root_kind(const struct node *n, size_t *count)
{
	static const char *const kinds[] = { "argocd", "flux", "kustomize",
					     "values" };
	const char *kind = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (node_get(n, sv_of(kinds[i])) != NULL) {
			kind = kinds[i];
			++*count;
		}
	return kind;
}

void check_root(struct reader *r, struct sv what, const struct node *n,
		void *thing)
{
	struct root *root = thing;
	size_t count = 0;
	const char *kind = root_kind(n, &count);

	if (count != 1)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  SV_FMT
			  ": expected exactly one of flux, argocd, kustomize "
			  "and values",
			  SV_ARG(what));
	else if (!sv_eq(sv_of(kind), SV("values")) &&
		 root->release.n + root->namespace.n > 0)
		diag_file(r->diags, DIAG_CONFIG, DIAG_ERROR, n->at,
			  SV_FMT
			  ": release and namespace are expected beside values "
			  "only",
			  SV_ARG(what));
	else
		root->kind = sv_of(kind);
}
