#include "base/map.h"

#include <assert.h>
#include <stdint.h>
#include <sys/random.h>

uint64_t map_hash(uint64_t seed, struct sv key)
{
	uint64_t h = seed;

	for (size_t i = 0; i < key.n; i++) {
		h = (h ^ (unsigned char)key.p[i]) * 0x100000001b3U;
		h ^= h >> 29;
	}
	return h * 0xff51afd7ed558ccdU;
}

/* The slot that holds `key`, or the free one where it belongs. */
static struct map_slot *slot_of(const struct map *m, struct sv key)
{
	size_t i = (size_t)(map_hash(m->seed, key) >> 17) & (m->cap - 1);

	while (m->slots[i].value != NULL && !sv_eq(m->slots[i].key, key))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

void *map_get(const struct map *m, struct sv key)
{
	return m->cap ? slot_of(m, key)->value : NULL;
}

static void map_grow(struct map *m)
{
	struct map old = *m;

	/* Hash order reaches no output, so the seed may differ each run. */
	if (old.cap == 0 &&
	    getrandom(&m->seed, sizeof(m->seed), 0) != sizeof(m->seed))
		m->seed = 0x9e3779b97f4a7c15U;
	m->cap = old.cap ? old.cap * 2 : 16;
	m->slots = ARENA_ARRAY(m->mem, struct map_slot, m->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].value != NULL)
			*slot_of(m, old.slots[i].key) = old.slots[i];
}

void map_put(struct map *m, struct sv key, void *value)
{
	struct map_slot *s;

	assert(value != NULL);
	if (m->n * 4 >= m->cap * 3)
		map_grow(m);
	s = slot_of(m, key);
	if (s->value == NULL)
		m->n++;
	*s = (struct map_slot){ key, value };
}
