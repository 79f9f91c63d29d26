/* compare_join.c - see compare_join.h. */
#include "verifier/case/compare_join.h"

#include <string.h>

/* In the sorter a place is its key, its number with the highest octet first,
 * and the rest as it lies in memory. */
#define HEAD (DIGEST_SHA256_SIZE + 8)
#define SIZE (HEAD + sizeof(struct place))

G_STATIC_ASSERT(SIZE <= SORTER_RECORD_MAX);

bool
place_add(struct sorter *sorter, const struct place *place, GError **error)
{
	uint8_t record[SIZE];
	uint64_t seq = GUINT64_TO_BE(place->seq);

	memcpy(record, place->key, DIGEST_SHA256_SIZE);
	memcpy(record + DIGEST_SHA256_SIZE, &seq, sizeof(seq));
	memcpy(record + HEAD, place, sizeof(*place));
	return sorter_add(
	    sorter, (struct span){ record, sizeof(record) }, error);
}

bool
place_add_as(struct sorter *sorter, const struct place *place,
    const uint8_t key[DIGEST_SHA256_SIZE], GError **error)
{
	struct place copy = *place;

	memcpy(copy.key, key, sizeof(copy.key));
	return place_add(sorter, &copy, error);
}

bool
place_knows(const uint8_t digest[DIGEST_SHA256_SIZE])
{
	static const uint8_t zeros[DIGEST_SHA256_SIZE];

	return memcmp(digest, zeros, DIGEST_SHA256_SIZE) != 0;
}

/* 1, 0, -1, as sorter_next(). */
static int
place_next(struct sorter *sorter, struct place *place_out, GError **error)
{
	struct span record;
	int got = sorter_next(sorter, &record, error);

	if (got == 1)
		memcpy(place_out, record.p + HEAD, sizeof(*place_out));
	return got;
}

/* One of the two that are gone through. */
struct front {
	struct sorter *sorter;
	struct place place, paired;
	bool there, has_paired;
};

static bool
step(struct front *front, GError **error)
{
	int got = place_next(front->sorter, &front->place, error);

	front->there = got == 1;
	return got >= 0;
}

static bool
same_key(const struct place *a, const struct place *b)
{
	return memcmp(a->key, b->key, DIGEST_SHA256_SIZE) == 0;
}

static bool
pair(const struct join *join, struct front fronts[2], GError **error)
{
	for (int i = 0; i < 2; i++) {
		fronts[i].paired = fronts[i].place;
		fronts[i].has_paired = true;
	}
	return join->pair(
		   join->user, &fronts[0].place, &fronts[1].place, error) &&
	    step(&fronts[0], error) && step(&fronts[1], error);
}

static bool
leave(const struct join *join, struct front fronts[2], int side, GError **error)
{
	struct front *front = &fronts[side];
	const struct front *other = &fronts[!side];
	bool copy =
	    other->has_paired && same_key(&front->place, &other->paired);

	front->place.copy |= copy;
	return join->left(join->user, side, &front->place,
		   copy ? &other->paired : NULL, error) &&
	    step(front, error);
}

bool
join_run(const struct join *join, GError **error)
{
	struct front fronts[2] = { { .sorter = join->sides[0] },
		{ .sorter = join->sides[1] } };
	bool good = step(&fronts[0], error) && step(&fronts[1], error);

	while (good && (fronts[0].there || fronts[1].there)) {
		int order = !fronts[0].there ? 1
		    : !fronts[1].there
		    ? -1
		    : memcmp(fronts[0].place.key, fronts[1].place.key,
			  DIGEST_SHA256_SIZE);

		good = order == 0 ? pair(join, fronts, error)
				  : leave(join, fronts, order > 0, error);
	}
	return good;
}

bool
join_look_up(struct sorter *sorter, struct sorter *known,
    bool (*each)(void *user, struct place *place, const struct place *found,
	GError **error),
    void *user, GError **error)
{
	struct front front = { .sorter = sorter }, table = { .sorter = known };
	bool good = step(&front, error) && step(&table, error);

	while (good && front.there) {
		while (good && table.there &&
		    memcmp(table.place.key, front.place.key,
			DIGEST_SHA256_SIZE) < 0)
			good = step(&table, error);
		good = good &&
		    each(user, &front.place,
			table.there && same_key(&table.place, &front.place)
			    ? &table.place
			    : NULL,
			error) &&
		    step(&front, error);
	}
	return good;
}
