/* What every unit test includes: cmocka, an arena, and short helpers. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"

/* clang-format off */
/* Fails with the label of the row, so that a table names its bad row. */
#define assert_row(label, cond)						\
	do {								\
		if (!(cond))						\
			fail_msg("row \"%s\": %s", (label), #cond);	\
	} while (0)

#define assert_sv(label, got, want)					\
	do {								\
		struct sv got_ = (got), want_ = (want);			\
		if (!sv_eq(got_, want_))				\
			fail_msg("row \"%s\": got \"%.*s\", "		\
				 "want \"%.*s\"", (label),		\
				 SV_ARG(got_), SV_ARG(want_));		\
	} while (0)
/* clang-format on */

#endif
