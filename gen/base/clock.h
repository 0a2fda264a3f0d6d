/*
 * clock.h - how much time went by, for deadlines and progress; never for what
 * is written.
 *
 * Units:  milliseconds, from a start that means nothing.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void);

#endif
