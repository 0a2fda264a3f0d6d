#include "render/flux/reread.h"

/* Written without quotes. */
static bool was_plain(struct sv s)
{
	return s.n > 0 && strchr("*&!%@`{}[]|>#,?-:'\" ", s.p[0]) == NULL &&
	       !sv_has(s, SV(": ")) && !sv_has(s, SV(" #")) &&
	       s.p[s.n - 1] != ':' && s.p[s.n - 1] != ' ';
}

static struct node *as_text(struct arena *mem, const struct node *was,
			    struct sv text)
{
	struct node *n = node_new_str(mem, was->at, text);

	n->was = was;
	return n;
}

struct node *reread(struct arena *mem, const struct node *was, struct sv text,
		    bool lists)
{
	struct diags ignored = { .mem = mem };
	struct documents docs = { 0 };
	struct node *n;

	if (sv_has(was->scalar, SV("\n")) || !was_plain(was->scalar) ||
	    manifest_parse(mem, &ignored, was->at.file, text, &docs) < 0 ||
	    docs.list.n != 1 || (docs.list.v[0]->kind == NODE_LIST && !lists))
		return as_text(mem, was, text);
	n = docs.list.v[0];
	reread_place(n, was->at);
	n->was = was;
	return n;
}

void reread_place(struct node *n, struct loc at)
{
	n->at = at;
	for (size_t i = 0; n->kind != NODE_SCALAR && i < n->items.n; i++)
		reread_place(n->items.v[i], at);
}
