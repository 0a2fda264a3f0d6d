/*
 * digest.h - SHA-256 of texts and files of a snapshot; private to gen/render/.
 *
 * Shape:  each text with its length, so that "ab", "c" is not "a", "bc".
 * Errors: -1 with a fault, or with a diag for a file that cannot be read.
 */
#ifndef RENDER_DIGEST_H
#define RENDER_DIGEST_H

#include <openssl/evp.h>

#include "git/git.h"

struct digest {
	char hex[65];
};

/* What it works with: `mem` keeps what a fault says. */
struct digester {
	struct arena *mem;
	struct snapshot *snapshot;
	struct diags *diags;
	struct fault *fault;
	EVP_MD_CTX *md;
};

/* -1 without libcrypto; digest_end() frees what it makes. */
int digest_begin(struct digester *g);
void digest_text(struct digester *g, struct sv text);

/* Path, mode and blob: what git would call the bytes, so that a work tree and
 * the commit made of it agree. */
int digest_file(struct digester *g, const struct snapshot_file *file);
void digest_end(struct digester *g, struct digest *out);

#endif
