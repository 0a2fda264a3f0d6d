/*
 * Import blocks, in a file of their own that can be deleted after the apply.
 *
 * Source: Terraform's language, "import" (1.5) and "removed" (1.7);
 *         Cloudflare's provider 4 and 5 both take ZONE_ID/RECORD_ID.
 */
#include "adopt/internal.h"

static const char header[] = "Written by zoneloom adopt; delete it when it "
			     "is applied";

bool adopt_may_replace(struct sv text)
{
	return sv_has(sv_head(text, 200), sv_of(header));
}

static json_t *text(struct sv s)
{
	json_t *v = json_stringn(s.p, s.n);

	return v != NULL ? v : json_string("");
}

/* An address without keys of instances, of the resource type that the output
 * has: of another one, Terraform has no schema any more. */
static bool may_remove(const struct adopt_row *r)
{
	struct sv type = sv_head(r->address, sv_chr(r->address, '.') + 1);

	for (size_t i = 0; i < r->moved_from.n; i++)
		if (r->moved_from.p[i] != '.' &&
		    !id_ok((struct sv){ r->moved_from.p + i, 1 }))
			return false;
	return r->moved_from.n > 0 && sv_has(r->moved_from, type);
}

static json_t *removed(const struct adopt *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->rows.n; i++)
		if (may_remove(&a->rows.v[i]))
			json_array_append_new(
				list, json_pack("{s:{s:b}, s:o}", "lifecycle",
						"destroy", 0, "from",
						text(a->rows.v[i].moved_from)));
	return list;
}

static int one_folder(struct adopt *a)
{
	struct sv folder = { NULL, 0 };

	for (size_t i = 0; i < a->wanted->list.n; i++) {
		const struct wanted *w = a->wanted->list.v[i];

		if (w->address.n == 0)
			continue;
		if (folder.p != NULL && !sv_eq(folder, w->folder))
			return fault_set(&a->s->fault, a->s->mem, FAULT_USAGE,
					 "adopt: the outputs are in several "
					 "folders, and import blocks belong "
					 "beside them; add --zone ZONE");
		folder = w->folder;
	}
	return 0;
}

int adopt_imports(struct adopt *a, struct sv *out)
{
	json_t *root = json_object(), *list = json_array(), *gone;
	char *dump;

	if (one_folder(a) < 0) {
		json_decref(root);
		json_decref(list);
		return -1;
	}
	for (size_t i = 0; i < a->rows.n; i++) {
		const struct adopt_row *r = &a->rows.v[i];

		if (r->id.n > 0)
			json_array_append_new(
				list, json_pack("{s:o, s:o}", "id", text(r->id),
						"to", text(r->address)));
	}
	json_object_set_new(root, "//", json_string(header));
	json_object_set_new(root, "import", list);
	gone = removed(a);
	if (json_array_size(gone) > 0)
		json_object_set_new(root, "removed", gone);
	else
		json_decref(gone);
	dump = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);
	*out = arena_fmt(a->s->mem, "%s\n", dump != NULL ? dump : "{}");
	free(dump);
	json_decref(root);
	return 0;
}
