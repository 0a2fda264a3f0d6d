/*
 * What the other files of a module do to the records of ours: Terraform merges
 * `*_override.tf` over what stands elsewhere, and obeys each moved, removed and
 * import block, whoever wrote it.
 *
 * Source: Terraform's internal/configs/parser_config_dir.go and
 *         module_merge.go; hcl/json for the spellings of blocks in JSON.
 */
#include <jansson.h>

#include "base/path.h"
#include "output/hcl.h"
#include "output/terraform.h"

/* A kind of block that is looked for. */
struct foreign_kind {
	const char *block;
	bool overrides; /* a block with labels, obeyed in override files only */
	const char *effect;
};

static const struct foreign_kind kinds[] = {
	{ "data", true, "replaces the zone that the output names" },
	{ "import", false, "turns a record that exists into this one" },
	{ "moved", false, "gives the record another address" },
	{ "removed", false, "leaves the record in place when it is deleted" },
	{ "resource", true, "replaces what the output says" },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const struct foreign_kind *kind_find(struct sv block)
{
	for (size_t i = 0; i < KINDS; i++)
		if (sv_eq(block, sv_of(kinds[i].block)))
			return &kinds[i];
	return NULL;
}

/* One search of one file. */
struct foreign {
	struct arena *mem;
	struct sv file, text;
	bool is_override;
	size_t placed;
	struct foreign_blocks *out;
};

enum {
	/* Each place in JSON is searched from the start of the file. */
	PLACES_MOST = 100,
};

/* The name without what makes it Terraform's; p NULL: it is not.  Hidden files
 * are not read, and OpenTofu reads its own as well. */
static struct sv stem_of(struct sv path)
{
	static const char *const suffixes[] = { ".tf", ".tf.json", ".tofu",
						".tofu.json" };
	struct sv name = path_name(path);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (sv_ends(name, sv_of(suffixes[i])) && name.p[0] != '.')
			return sv_head(name, name.n - strlen(suffixes[i]));
	return (struct sv){ NULL, 0 };
}

bool tf_is_beside(struct sv path)
{
	return stem_of(path).p != NULL;
}

static bool is_override(struct sv path)
{
	struct sv stem = stem_of(path);

	return sv_eq(stem, SV("override")) || sv_ends(stem, SV("_override"));
}

/* The type of records or of the zone that they are looked up by. */
static bool is_our_type(struct sv type, bool data)
{
	char word[32];

	if (type.n >= sizeof(word))
		return false;
	memcpy(word, type.p, type.n);
	word[type.n] = '\0';
	return data ? sv_eq(type, SV("cloudflare_zone"))
		    : tf_provider_of_resource(word) != NULL;
}

/* Where `word` stands first in a file of which the reader does not say. */
static struct loc place_of(struct foreign *f, struct sv word)
{
	struct loc at = { f->file, 1, 1 };
	size_t hit;

	if (f->placed++ >= PLACES_MOST)
		return at;
	hit = sv_find(f->text, word);
	for (size_t i = 0; hit < f->text.n && i < hit; i++) {
		bool end = f->text.p[i] == '\n';

		at.line += end;
		at.col = end ? 1 : at.col + 1;
	}
	return at;
}

static void found(struct foreign *f, const struct foreign_kind *kind,
		  struct sv type, struct sv key, struct loc at)
{
	struct sv name = tf_name_decode(f->mem, key);

	if (name.n == 0)
		return;
	if (at.line == 0)
		at = place_of(f, key);
	*VEC_ADD(f->mem, &f->out->list) = (struct foreign_block){
		.at = at,
		.block = kind->block,
		.effect = kind->effect,
		.address = arena_fmt(
			f->mem, "%s" SV_FMT "." SV_FMT,
			sv_eq(sv_of(kind->block), SV("data")) ? "data." : "",
			SV_ARG(type), SV_ARG(key)),
		.name = name,
	};
}

/* "cloudflare_dns_record . www" of an expression; what stands behind another
 * dot, as in "module.dns.cloudflare_dns_record.www", is of another module. */
struct address_search {
	struct foreign *f;
	const struct foreign_kind *kind;
	struct loc at;
	struct sv type; /* the word that was read last; p NULL: none */
	bool dot;	/* and a dot behind it */
	bool inner;	/* and one before it */
};

static void address_feed(struct address_search *a, const struct hcl_token *t)
{
	if (t->kind == HCL_NEWLINE)
		return;
	if (hcl_is_mark(t, '.')) {
		a->dot = true;
		return;
	}
	if (t->kind != HCL_WORD) {
		a->type = (struct sv){ NULL, 0 };
		a->dot = a->inner = false;
		return;
	}
	if (a->dot && !a->inner && a->type.p != NULL &&
	    is_our_type(a->type, false))
		found(a->f, a->kind, a->type, t->text, a->at);
	a->inner = a->dot;
	a->dot = false;
	a->type = t->text;
}

/* In quotes, as JSON has it. */
static void quoted_search(struct address_search *a, struct sv text)
{
	struct address_search inner = { a->f,	     a->kind, a->at,
					{ NULL, 0 }, false,   false };
	struct hcl h = hcl_new(a->f->mem, text);
	struct hcl_token t;

	do {
		t = hcl_next(&h);
		address_feed(&inner, &t);
	} while (t.kind != HCL_END && t.kind != HCL_FAULT);
}

/* --- native syntax --- */

/* The head of a block: a word and its labels, bare or quoted. */
struct block_head {
	struct sv word[3];
	size_t n;
	struct loc at;
};

static void head_feed(struct foreign *f, struct block_head *head,
		      const struct hcl_token *t)
{
	if (t->kind != HCL_WORD && t->kind != HCL_STRING) {
		head->n = 0;
		return;
	}
	if (head->n == 0)
		head->at = (struct loc){ f->file, t->line, t->col };
	if (head->n < 3)
		head->word[head->n] = t->text;
	head->n++;
}

/* A block opens: what it is, or NULL where it does not matter. */
static const struct foreign_kind *block_open(struct foreign *f,
					     const struct block_head *head)
{
	const struct foreign_kind *kind =
		head->n > 0 ? kind_find(head->word[0]) : NULL;
	bool data = kind != NULL && sv_eq(head->word[0], SV("data"));

	if (kind == NULL || !kind->overrides)
		return kind;
	if (f->is_override && head->n == 3 && is_our_type(head->word[1], data))
		found(f, kind, head->word[1], head->word[2], head->at);
	return NULL;
}

static void native_search(struct foreign *f)
{
	struct hcl h = hcl_new(f->mem, f->text);
	struct address_search inside = { .f = f };
	struct block_head head = { 0 };
	struct hcl_token t;
	size_t depth = 0;

	for (t = hcl_next(&h); t.kind != HCL_END && t.kind != HCL_FAULT;
	     t = hcl_next(&h)) {
		if (depth == 0 && hcl_is_mark(&t, '{')) {
			inside = (struct address_search){ .f = f,
							  .at = head.at };
			inside.kind = block_open(f, &head);
		}
		if (depth > 0 && inside.kind != NULL) {
			address_feed(&inside, &t);
			if (t.kind == HCL_STRING)
				quoted_search(&inside, t.text);
		}
		if (depth == 0)
			head_feed(f, &head, &t);
		depth += hcl_is_mark(&t, '{');
		if (!hcl_is_mark(&t, '}'))
			continue;
		if (depth == 0)
			break;
		depth--;
	}
	f->out->unreadable = t.kind != HCL_END || depth > 0;
}

/* --- JSON --- */

static struct sv string_of(const json_t *v)
{
	return (struct sv){ json_string_value(v), json_string_length(v) };
}

/* Every string of a block: addresses stand in two of its keys, and for_each
 * beside them. */
static void json_addresses(struct foreign *f, const struct foreign_kind *kind,
			   json_t *v)
{
	struct address_search a = { .f = f, .kind = kind };
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(v, i, item)
	{
		json_addresses(f, kind, item);
	}
	json_object_foreach(v, key, item)
	{
		json_addresses(f, kind, item);
	}
	if (json_is_string(v))
		quoted_search(&a, arena_sv(f->mem, string_of(v)));
}

/* Labels are keys; of either there may be a list of objects. */
static void json_labels(struct foreign *f, const struct foreign_kind *kind,
			struct sv type, json_t *v)
{
	bool data = sv_eq(sv_of(kind->block), SV("data"));
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(v, i, item)
	{
		json_labels(f, kind, type, item);
	}
	json_object_foreach(v, key, item)
	{
		struct sv word = arena_sv(f->mem, sv_of(key));

		if (type.p == NULL)
			json_labels(f, kind, word, item);
		else if (is_our_type(type, data))
			found(f, kind, type, word, NOWHERE);
	}
}

static void json_body(struct foreign *f, json_t *v)
{
	const struct sv none = { NULL, 0 };
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(v, i, item)
	{
		json_body(f, item);
	}
	json_object_foreach(v, key, item)
	{
		const struct foreign_kind *kind = kind_find(sv_of(key));

		if (kind != NULL && !kind->overrides)
			json_addresses(f, kind, item);
		else if (kind != NULL && f->is_override)
			json_labels(f, kind, none, item);
	}
}

/* Terraform unites a key that stands twice, and jansson would take one. */
static void json_search(struct foreign *f)
{
	json_t *root = json_loadb(f->text.n > 0 ? f->text.p : "", f->text.n,
				  JSON_REJECT_DUPLICATES, NULL);

	f->out->unreadable = root == NULL;
	json_body(f, root);
	json_decref(root);
}

void tf_foreign_find(struct arena *mem, struct sv file, struct sv text,
		     struct foreign_blocks *out)
{
	struct foreign f = { .mem = mem,
			     .file = file,
			     .text = text,
			     .is_override = is_override(file),
			     .out = out };

	*out = (struct foreign_blocks){ 0 };
	if (sv_ends(file, SV(".json")))
		json_search(&f);
	else
		native_search(&f);
}
