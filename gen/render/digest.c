#include "render/digest.h"

int digest_begin(struct digester *g)
{
	g->md = EVP_MD_CTX_new();
	if (g->md == NULL || !EVP_DigestInit_ex(g->md, EVP_sha256(), NULL))
		return fault_set(g->fault, g->mem, FAULT_ENV,
				 "libcrypto does not support SHA-256");
	return 0;
}

void digest_text(struct digester *g, struct sv text)
{
	uint64_t n = text.n;

	EVP_DigestUpdate(g->md, &n, sizeof(n));
	EVP_DigestUpdate(g->md, text.p, text.n);
}

static bool has_id(const struct snapshot_file *f)
{
	static const unsigned char none[20];

	return memcmp(f->id, none, sizeof(none)) != 0;
}

static bool blob_id(struct sv text, unsigned char id[20])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char sum[EVP_MAX_MD_SIZE];
	char head[32];
	int n = snprintf(head, sizeof(head), "blob %zu", text.n);
	bool ok = md != NULL && EVP_DigestInit_ex(md, EVP_sha1(), NULL) &&
		  EVP_DigestUpdate(md, head, (size_t)n + 1) &&
		  EVP_DigestUpdate(md, text.p, text.n) &&
		  EVP_DigestFinal_ex(md, sum, NULL);

	if (ok)
		memcpy(id, sum, 20);
	EVP_MD_CTX_free(md);
	return ok;
}

int digest_file(struct digester *g, const struct snapshot_file *file)
{
	unsigned char id[20];
	struct arena *mem;
	struct sv text;
	int rc = 0;

	memcpy(id, file->id, sizeof(id));
	if (!has_id(file)) {
		mem = arena_under(g->mem);
		rc = snapshot_read(g->snapshot, file, mem, g->diags, g->fault,
				   &text);
		if (rc == 0 && !blob_id(text, id))
			rc = fault_set(g->fault, g->mem, FAULT_ENV,
				       "libcrypto does not support SHA-1");
		arena_free(mem);
	}
	digest_text(g, file->path);
	EVP_DigestUpdate(g->md, &file->mode, sizeof(file->mode));
	EVP_DigestUpdate(g->md, id, sizeof(id));
	return rc;
}

void digest_end(struct digester *g, struct digest *out)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (g->md != NULL)
		EVP_DigestFinal_ex(g->md, sum, &n);
	for (unsigned i = 0; i < n && i < 32; i++)
		(void)snprintf(out->hex + (size_t)2 * i, 3, "%02x", sum[i]);
	EVP_MD_CTX_free(g->md);
	g->md = NULL;
}
