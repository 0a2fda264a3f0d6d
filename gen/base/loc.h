/*
 * loc.h - a place in a file.
 *
 * Shape:  line and col count from 1; line 0 is the file as a whole, an empty
 *         file the command line.
 */
#ifndef BASE_LOC_H
#define BASE_LOC_H

#include <stdint.h>

#include "base/sv.h"

struct loc {
	struct sv file;
	uint32_t line, col;
};

/* The command line, or the run as a whole. */
#define NOWHERE ((struct loc){ { NULL, 0 }, 0, 0 })

#endif
