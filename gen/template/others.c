/* Functions of sprig that choose, encode, and look at types. */
#include <openssl/evp.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/path.h"
#include "template/tree.h"

/* default D V: D where V is empty, or not given. */
static bool fn_default(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)f;
	*out = n > 1 && value_true(&args[1]) ? args[1] : args[0];
	return true;
}

static bool fn_empty(struct filler *f, const struct value *args, size_t n,
		     struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(!value_true(&args[0]));
	return true;
}

static bool fn_coalesce(struct filler *f, const struct value *args, size_t n,
			struct value *out)
{
	(void)f;
	*out = value_nil();
	for (size_t i = 0; i < n; i++)
		if (value_true(&args[i])) {
			*out = args[i];
			break;
		}
	return true;
}

static bool fn_all(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)f;
	*out = value_bool(true);
	for (size_t i = 0; i < n; i++)
		out->yes = out->yes && value_true(&args[i]);
	return true;
}

static bool fn_any(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	(void)f;
	*out = value_bool(false);
	for (size_t i = 0; i < n; i++)
		out->yes = out->yes || value_true(&args[i]);
	return true;
}

static bool fn_ternary(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)f;
	(void)n;
	*out = args[2].yes ? args[0] : args[1];
	return true;
}

static bool fn_fail(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	(void)n;
	(void)out;
	return fill_fault(f, "fail: " SV_FMT, SV_ARG(args[0].text));
}

/* sprig's fromJson swallows a fault, mustFromJson does not. */
static bool fn_from_json(struct filler *f, const struct value *args, size_t n,
			 struct value *out)
{
	(void)n;
	if (!value_from_json(f, args[0].text, out))
		*out = value_nil();
	return true;
}

static bool fn_must_from_json(struct filler *f, const struct value *args,
			      size_t n, struct value *out)
{
	(void)n;
	return value_from_json(f, args[0].text, out) ||
	       fill_fault(f, "mustFromJson: invalid JSON");
}

static bool to_json(struct filler *f, const struct value *v, bool html,
		    struct value *out)
{
	struct buf b = { .mem = f->mem };

	value_json(f, &b, v, html);
	*out = value_text(buf_sv(&b));
	return f->fault == NULL;
}

static bool fn_to_json(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)n;
	return to_json(f, &args[0], true, out);
}

static bool fn_to_raw_json(struct filler *f, const struct value *args, size_t n,
			   struct value *out)
{
	(void)n;
	return to_json(f, &args[0], false, out);
}

static bool fn_b64enc(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)n;
	*out = value_text(base64_encode(f->mem, args[0].text));
	return true;
}

static bool fn_b64dec(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	struct sv s;

	(void)n;
	if (!base64_decode(f->mem, args[0].text, &s))
		return fill_fault(f, "b64dec: illegal base64 data");
	*out = value_text(s);
	return true;
}

static bool hashed(struct filler *f, const EVP_MD *kind, struct sv s,
		   struct value *out)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct buf b = { .mem = f->mem };
	unsigned n = 0;

	if (EVP_Digest(s.n > 0 ? s.p : "", s.n, sum, &n, kind, NULL) != 1)
		return fill_fault(f, "libcrypto cannot hash");
	for (unsigned i = 0; i < n; i++)
		buf_fmt(&b, "%02x", (unsigned)sum[i]);
	*out = value_text(buf_sv(&b));
	return true;
}

static bool fn_sha1(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	(void)n;
	return hashed(f, EVP_sha1(), args[0].text, out);
}

static bool fn_sha256(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)n;
	return hashed(f, EVP_sha256(), args[0].text, out);
}

static bool fn_sha512(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)n;
	return hashed(f, EVP_sha512(), args[0].text, out);
}

/* The kind is the type without what it is made of. */
static struct sv kind_of(const struct value *v)
{
	struct sv type = sv_of(value_type(v));

	if (value_absent(v))
		return SV("invalid");
	if (sv_starts(type, SV("map[")))
		return SV("map");
	return sv_starts(type, SV("[]")) ? SV("slice") : type;
}

static bool fn_kind_of(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)f;
	(void)n;
	*out = value_text(kind_of(&args[0]));
	return true;
}

static bool fn_kind_is(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(sv_eq(args[0].text, kind_of(&args[1])));
	return true;
}

static bool fn_type_of(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)f;
	(void)n;
	*out = value_text(sv_of(value_type(&args[0])));
	return true;
}

static bool fn_type_is(struct filler *f, const struct value *args, size_t n,
		       struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(sv_eq(args[0].text, sv_of(value_type(&args[1]))));
	return true;
}

static bool fn_deep_equal(struct filler *f, const struct value *args, size_t n,
			  struct value *out)
{
	(void)n;
	*out = value_bool(value_same(f, &args[0], &args[1]));
	return true;
}

/* As Go's path.Base(). */
static bool fn_base(struct filler *f, const struct value *args, size_t n,
		    struct value *out)
{
	struct sv s = args[0].text;
	bool root = sv_starts(s, SV("/"));

	(void)f;
	(void)n;
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	s = path_name(s);
	*out = value_text(s.n > 0 ? s : root ? SV("/") : SV("."));
	return true;
}

static bool fn_ext(struct filler *f, const struct value *args, size_t n,
		   struct value *out)
{
	struct sv name = path_name(args[0].text);

	(void)f;
	(void)n;
	*out = value_text(sv_from(name, sv_rchr(name, '.')));
	return true;
}

static bool fn_is_abs(struct filler *f, const struct value *args, size_t n,
		      struct value *out)
{
	(void)f;
	(void)n;
	*out = value_bool(sv_starts(args[0].text, SV("/")));
	return true;
}

static const struct function rows[] = {
	{ "all", "a*", fn_all, 0, 0 },
	{ "any", "a*", fn_any, 0, 0 },
	{ "b64dec", "s", fn_b64dec, 0, 0 },
	{ "b64enc", "s", fn_b64enc, 0, 0 },
	{ "base", "s", fn_base, 0, 0 },
	{ "coalesce", "a*", fn_coalesce, 0, 0 },
	{ "deepEqual", "aa", fn_deep_equal, 0, 0 },
	{ "default", "aa*", fn_default, 0, 0 },
	{ "empty", "a", fn_empty, 0, 0 },
	{ "ext", "s", fn_ext, 0, 0 },
	{ "fail", "s", fn_fail, 0, 0 },
	{ "fromJson", "s", fn_from_json, 0, 0 },
	{ "isAbs", "s", fn_is_abs, 0, 0 },
	{ "kindIs", "sa", fn_kind_is, 0, 0 },
	{ "kindOf", "a", fn_kind_of, 0, 0 },
	{ "mustFromJson", "s", fn_must_from_json, 0, 0 },
	{ "mustToJson", "a", fn_to_json, 0, 0 },
	{ "mustToRawJson", "a", fn_to_raw_json, 0, 0 },
	{ "sha1sum", "s", fn_sha1, 0, 0 },
	{ "sha256sum", "s", fn_sha256, 0, 0 },
	{ "sha512sum", "s", fn_sha512, 0, 0 },
	{ "ternary", "aab", fn_ternary, 0, 0 },
	{ "toJson", "a", fn_to_json, 0, 0 },
	{ "toRawJson", "a", fn_to_raw_json, 0, 0 },
	{ "typeIs", "sa", fn_type_is, 0, 0 },
	{ "typeOf", "a", fn_type_of, 0, 0 },
};

const struct function_list sprig_others = { rows,
					    sizeof(rows) / sizeof(rows[0]) };
