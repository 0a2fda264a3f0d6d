/* Names, and targets, that templates make of an object. */
#include "source/annotation.h"
#include "source/state.h"

/* One template that cannot be filled stops ExternalDNS as a whole. */
static bool fill_failed(struct object_ctx *s, const char *flag,
			const char *fault)
{
	if (!s->ctx->config->compat || s->ctx->fault == NULL) {
		object_ctx_refuse(s, DIAG_TEMPLATE, s->object->at,
				  "cannot fill --%s: %s", flag, fault);
		return false;
	}
	s->failed = true;
	fault_file(s->ctx->fault, s->ctx->mem, FAULT_USAGE,
		   "cannot fill --%s from " SV_FMT " (" SV_FMT ":%u:%u): %s",
		   flag, SV_ARG(s->label), SV_ARG(s->object->at.file),
		   s->object->at.line, s->object->at.col, fault);
	return false;
}

static bool fill(struct object_ctx *s, const char *flag,
		 const struct template *t, struct strings *out)
{
	struct template_host host = {
		.object = s->object,
		.view = s->plain ? TEMPLATE_PLAIN : TEMPLATE_TYPED,
		.flag = s->flag,
	};
	const char *fault;
	struct sv text;

	if (t == NULL)
		return true;
	fault = template_of_object(s->ctx->mem, t, &host, &text);
	if (fault != NULL)
		return fill_failed(s, flag, fault);
	template_names(s->ctx->mem, text, out);
	return true;
}

bool object_ctx_fqdn(struct object_ctx *s, struct strings *out)
{
	return fill(s, "fqdn-template", s->ctx->state->fqdn, out);
}

bool object_ctx_target_template(struct object_ctx *s, struct strings *out)
{
	return fill(s, "target-template", s->ctx->state->target, out);
}

bool object_ctx_wants_templates(const struct object_ctx *s, size_t made)
{
	const struct source_state *st = s->ctx->state;

	if (st->fqdn == NULL && st->target == NULL && st->pair == NULL)
		return false;
	return !s->failed &&
	       (made == 0 || s->ctx->publisher->opt.combine_fqdn_annotation);
}

size_t object_ctx_templates(struct object_ctx *s, size_t made)
{
	struct strings hosts = { 0 };

	if (!object_ctx_wants_templates(s, made) || !object_ctx_fqdn(s, &hosts))
		return made;
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(s, hosts.list.v[i], s->object->at,
				     "--fqdn-template");
	return made + object_ctx_publish(s);
}

/* "host:target"; what lacks either is not there yet. */
static size_t publish_pair(struct object_ctx *s, struct sv pair)
{
	static const struct sv rule = { "--fqdn-target-template", 22 };
	struct target_source from = { .rule = rule };
	struct wanted_name name = { .at = s->object->at, .rule = rule.p };
	size_t colon = sv_chr(pair, ':');
	struct sv target = sv_trim(sv_from(pair, colon + 1));

	name.text = sv_trim(sv_head(pair, colon));
	if (colon == pair.n || name.text.n == 0 || target.n == 0) {
		diag_note(s->ctx->diags, DIAG_TEMPLATE, s->object->at,
			  SV_FMT ": %s gave \"" SV_FMT
				 "\": expected host:target",
			  SV_ARG(s->label), rule.p, SV_ARG(pair));
		return 0;
	}
	*VEC_ADD(s->ctx->mem, &from.targets.list) =
		(struct target){ .text = target, .at = s->object->at };
	return object_ctx_endpoint(s, &name, rrtype_of_target(target), &from) !=
	       NULL;
}

/* What templates make alone has nothing of the object's annotations. */
static struct object_ctx bare_of(const struct object_ctx *s)
{
	struct object_ctx bare = *s;

	/* The unstructured source labels all alike. */
	if (!s->plain) {
		bare.resource = SV("");
		bare.ttl = 0;
	}
	bare.set_identifier = SV("");
	bare.properties = (struct pairs){ 0 };
	VEC_OWN(s->ctx->mem, &bare.names.list);
	VEC_OWN(s->ctx->mem, &bare.targets);
	return bare;
}

size_t object_ctx_pairs(struct object_ctx *s, size_t made)
{
	struct strings pairs = { 0 };
	struct object_ctx bare = bare_of(s);

	if (!object_ctx_wants_templates(s, made) ||
	    !fill(s, "fqdn-target-template", s->ctx->state->pair, &pairs))
		return made;
	for (size_t i = 0; i < pairs.list.n; i++)
		made += publish_pair(&bare, pairs.list.v[i]);
	return made;
}

size_t object_ctx_whole_templates(struct object_ctx *s, size_t made)
{
	static const struct sv rule = { "--target-template", 17 };
	struct strings hosts = { 0 }, targets = { 0 };
	struct object_ctx bare = bare_of(s);

	made = object_ctx_pairs(s, made);
	if (!object_ctx_wants_templates(s, made) ||
	    !object_ctx_fqdn(s, &hosts) || hosts.list.n == 0 ||
	    !object_ctx_target_template(s, &targets) || targets.list.n == 0)
		return made;
	/* Not just n = 0: the slots are those of `s`. */
	memset(&bare.targets, 0, sizeof(bare.targets));
	for (size_t i = 0; i < hosts.list.n; i++)
		object_ctx_name_text(&bare, hosts.list.v[i], s->object->at,
				     "--fqdn-template");
	*VEC_ADD(s->ctx->mem, &bare.targets) =
		(struct target_source){ .rule = rule };
	for (size_t i = 0; i < targets.list.n; i++)
		*VEC_ADD(s->ctx->mem, &bare.targets.v[0].targets.list) =
			(struct target){ .text = targets.list.v[i],
					 .at = s->object->at };
	made += object_ctx_publish(&bare);
	s->failed |= bare.failed;
	return made;
}
