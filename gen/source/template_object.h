/*
 * template_object.h - Go's templates over a Kubernetes object, as ExternalDNS
 * fills them; private to gen/source/.
 *
 * Source: ExternalDNS 0.23 source/template.
 */
#ifndef SOURCE_TEMPLATE_OBJECT_H
#define SOURCE_TEMPLATE_OBJECT_H

#include "config/config.h"
#include "template/template.h"

/* The text of several flags: joined by commas. */
struct sv template_join(struct arena *mem, const struct strings *texts);

/* How the fields of an object are called. */
enum template_view {
	TEMPLATE_TYPED, /* as Go's types: .Spec.ClusterIP; then as JSON */
	TEMPLATE_PLAIN, /* as JSON: .Spec.clusterIP; what is not there is
			   "<no value>" */
};

/* What the dialect is filled from: filler's `host`. */
struct template_host {
	const struct object *object;
	enum template_view view;
	const char *flag;		  /* the source's, for isSource */
	const struct node *spec, *status; /* part_aliased(), once */
};

extern const struct template_dialect template_external_dns;
extern const struct function_list external_dns_functions;

/* .Spec or .Status of a TEMPLATE_PLAIN object, which is `part`. */
const struct node *part_aliased(struct filler *f, struct sv name,
				const struct node *part);

/* Fill the template; NULL, or why it cannot be filled. */
const char *template_of_object(struct arena *mem, const struct template *t,
			       struct template_host *host, struct sv *out);

/* The names in what was filled: comma list, blanks and one final dot cut,
 * empty ones dropped, sorted, each once. */
void template_names(struct arena *mem, struct sv text, struct strings *out);

#endif
