/*
 * nomem.h - an allocation of a library that fails ends the run, as one of an
 * arena does.
 *
 * libyaml calls a document unreadable whose bytes it could not hold, jansson
 * says it is not JSON, and libgit2 1.5.1 follows a null pointer; each would
 * have to be asked in its own way, and some cannot be.  So malloc(3) of the
 * whole program is ours: it is glibc's, and does not return without memory.
 *
 * Errors: the bound of `b` is blamed where it is spent; else exit status 4.
 *         What must not outlive the process goes (cleanup.h).
 * Limits: glibc only; sanitizers bring their own.  A request for more than half
 *         of the address space is a library's arithmetic, and gets NULL.
 */
#ifndef BASE_NOMEM_H
#define BASE_NOMEM_H

#include "base/budget.h"

/* What to blame from here on; NULL: nothing. */
void nomem_blame(struct budget *b);

#endif
