/*
 * map.h - from a string to a pointer.
 *
 * Shape:  open addressing.  It cannot be walked: what is listed lies in a
 *         vector beside it, so that no output can follow hash order.
 * Owner:  the arena; keys are views and must live as long as the map.
 * Trust:  the hash is seeded per map, so that a stranger's keys cannot be
 *         chosen to collide.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "base/arena.h"

struct map_slot {
	struct sv key;
	void *value; /* NULL: free slot */
};

struct map {
	struct arena *mem;
	struct map_slot *slots;
	size_t n, cap;
	uint64_t seed;
};

/* Of a seed, so that a stranger cannot know it. */
uint64_t map_hash(uint64_t seed, struct sv key);

/* The value under `key`, or NULL. */
void *map_get(const struct map *m, struct sv key);

/* Put `value` (not NULL) under `key`, over any older one. */
void map_put(struct map *m, struct sv key, void *value);

#endif
