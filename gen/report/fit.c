#include "report/fit.h"

static size_t cost(const struct fit_block *b, const struct fit_row *r)
{
	return r->text.n + (b->open ? 0 : b->head.n + b->foot.n + FIT_NOTE);
}

/* Rows of one rank, until one does not fit; the bytes they take. */
static size_t take(struct fit *f, unsigned rank, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < f->blocks.n; i++) {
		struct fit_block *b = &f->blocks.v[i];

		for (size_t k = 0; k < b->rows.n; k++) {
			struct fit_row *r = &b->rows.v[k];
			size_t n = cost(b, r);

			if (r->rank != rank || r->shown)
				continue;
			if (used + n > room)
				return used;
			used += n;
			r->shown = b->open = true;
		}
	}
	return used;
}

void fit_choose(struct fit *f)
{
	size_t left = f->max;

	for (unsigned rank = 0; rank < f->ranks; rank++) {
		size_t share = f->shares[rank];

		left -= take(f, rank, share < left ? share : left);
	}
	for (unsigned rank = 0; rank < f->ranks; rank++)
		left -= take(f, rank, left);
}

size_t fit_hidden(const struct fit_block *b, unsigned rank)
{
	size_t n = 0;

	for (size_t i = 0; i < b->rows.n; i++)
		n += b->rows.v[i].rank == rank && !b->rows.v[i].shown;
	return n;
}
