#include "base/textset.h"

#include <sys/random.h>

#include "base/map.h"

static uint64_t *slot_of(const struct textset *t, uint64_t hash)
{
	size_t i = (size_t)(hash >> 17) & (t->cap - 1);

	while (t->slots[i] != 0 && t->slots[i] != hash)
		i = (i + 1) & (t->cap - 1);
	return &t->slots[i];
}

/* The old slots stay in the arena: together they are as many as the new. */
static void grow(struct textset *t)
{
	struct textset old = *t;

	if (old.cap == 0 &&
	    getrandom(&t->seed, sizeof(t->seed), 0) != sizeof(t->seed))
		t->seed = 0x9e3779b97f4a7c15U;
	t->cap = old.cap ? old.cap * 2 : 256;
	t->slots = ARENA_ARRAY(t->mem, uint64_t, t->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i] != 0)
			*slot_of(t, old.slots[i]) = old.slots[i];
}

bool textset_add(struct textset *t, struct sv text)
{
	uint64_t hash, *slot;

	if (2 * t->n >= t->cap)
		grow(t);
	hash = map_hash(t->seed, text);
	slot = slot_of(t, hash != 0 ? hash : 1);
	if (*slot != 0)
		return false;
	*slot = hash != 0 ? hash : 1;
	t->n++;
	return true;
}
