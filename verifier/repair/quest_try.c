/*
 * quest_try.c - the order in which guesses are tried; quest.h.
 *
 * Limits: the budget of the search; TAGS_IN_PAIRS.
 */
#include "verifier/repair/quest.h"

#define TAGS_IN_PAIRS 6 /* guesses of one field that pairs are made with */

/* ---- the judge ----------------------------------------------------------- */

static void
add_found(
    struct quest *quest, const struct place *place, const struct guess *guess)
{
	struct signed_fields *fields = &quest->found->fields;

	quest->found_places[fields->n] = place;
	fields->list[fields->n++] = (struct signed_field){
		.name = place->field != NULL ? place->field->name : place->name,
		.origin = guess->origin,
		.stored =
		    place->field != NULL ? place->field->value : GUESS_NONE,
		.value = guess->value,
		.record = guess->origin == SIGNED_MESSAGE
		    ? quest->search->others
			  ->records[guess->group - GUESS_MESSAGES]
		    : 0,
	};
	quest->found->same_text &= guess->same_text && place->field != NULL;
}

bool
quest_is_signed(struct quest *quest, const uint8_t hash[DIGEST_MAX_SIZE])
{
	return signed_digest_is(quest->facts, quest->candidates,
	    (struct span){ hash, quest->digest->size },
	    &quest->search->guessing, &quest->found->candidate);
}

/* Room before what stands behind the guesses of "place", in the scratch. */
static size_t
set_behind(struct quest *quest, const struct place *place)
{
	size_t behind = place->at + place->n, room = 0;

	for (size_t i = 0; i < place->guesses.n; i++)
		room = MAX(room, place->guesses.list[i].canon.n);
	g_byte_array_set_size(
	    quest->scratch, (guint)(room + quest->block->len - behind));
	memcpy(quest->scratch->data + room, quest->block->data + behind,
	    quest->block->len - behind);
	return room;
}

/* Does the guess hold, behind what was hashed?  "room" is set_behind()'s. */
static bool
holds_here(struct quest *quest, const struct guess *guess, size_t room)
{
	uint8_t *p = quest->scratch->data + room - guess->canon.n;
	size_t n = quest->scratch->len - room + guess->canon.n;
	uint8_t hash[DIGEST_MAX_SIZE];

	if (!work_spend(&quest->search->guessing, n + SIGNED_TRY))
		return false;
	if (guess->canon.n > 0)
		memcpy(p, guess->canon.p, guess->canon.n);
	digest_peek_behind(quest->digest, (struct span){ p, n }, hash);
	return quest_is_signed(quest, hash);
}

/* Hash the block from *at_inout to "to". */
static bool
hash_to(struct quest *quest, size_t *at_inout, size_t to)
{
	size_t n = to - *at_inout;

	if (!work_spend(&quest->search->guessing, n + SIGNED_TRY))
		return false;
	digest_add(
	    quest->digest, (struct span){ quest->block->data + *at_inout, n });
	*at_inout = to;
	return true;
}

/* ---- what is tried ------------------------------------------------------- */

/* Each guess that was not tried yet, alone. */
bool
quest_try_singles(struct quest *quest)
{
	size_t at = 0;

	digest_reset(quest->digest);
	for (size_t i = 0; i < quest->n; i++) {
		struct place *place = &quest->places[i];
		size_t room;

		if (place->tried == place->guesses.n)
			continue;
		if (!hash_to(quest, &at, place->at))
			return false;
		room = set_behind(quest, place);
		for (; place->tried < place->guesses.n; place->tried++) {
			const struct guess *guess =
			    &place->guesses.list[place->tried];

			if (holds_here(quest, guess, room)) {
				add_found(quest, place, guess);
				return true;
			}
			if (quest->search->guessing.cut)
				return false;
		}
	}
	return false;
}

/* The first guess of "group" for the place, or NULL. */
static const struct guess *
of_group(const struct place *place, unsigned group)
{
	for (size_t i = 0; i < place->guesses.n; i++) {
		if (place->guesses.list[i].group == group)
			return &place->guesses.list[i];
	}
	return NULL;
}

/* All guesses of "group" at once; one alone was or will be tried so. */
bool
quest_try_group(struct quest *quest, unsigned group)
{
	const struct guess *guesses[SIGNED_PLACES_MAX];
	uint8_t hash[DIGEST_MAX_SIZE];
	size_t at = 0, n = 0;

	for (size_t i = 0; i < quest->n; i++) {
		guesses[i] = of_group(&quest->places[i], group);
		n += guesses[i] != NULL;
	}
	if (n < 2)
		return false;
	digest_reset(quest->digest);
	for (size_t i = 0; i < quest->n; i++) {
		const struct place *place = &quest->places[i];

		if (guesses[i] == NULL)
			continue;
		if (!hash_to(quest, &at, place->at) ||
		    !work_spend(&quest->search->guessing, guesses[i]->canon.n))
			return false;
		digest_add(quest->digest, guesses[i]->canon);
		at += place->n;
	}
	if (!hash_to(quest, &at, quest->block->len))
		return false;
	digest_finish(quest->digest, hash);
	if (!quest_is_signed(quest, hash))
		return false;
	for (size_t i = 0; i < quest->n; i++) {
		if (guesses[i] != NULL)
			add_found(quest, &quest->places[i], guesses[i]);
	}
	return true;
}

/* The groups of the first place that has them and of all behind it. */
bool
quest_try_groups(struct quest *quest)
{
	for (size_t i = 0; i + 1 < quest->n; i++) {
		const struct guess_list *guesses = &quest->places[i].guesses;
		unsigned last = 0;

		for (size_t j = 0; j < guesses->n; j++) {
			unsigned group = guesses->list[j].group;
			bool before = group <= last;

			for (size_t k = 0; k < i && !before; k++)
				before =
				    of_group(&quest->places[k], group) != NULL;
			if (before ||
			    !work_spend(&quest->search->guessing,
				quest->n * GUESSES_MAX / 8))
				continue;
			last = group;
			if (quest_try_group(quest, group))
				return true;
			if (quest->search->guessing.cut)
				return false;
		}
	}
	return false;
}

/* Is the guess likely enough for pairs?  "tags" counts those taken off. */
static bool
is_for_pairs(const struct guess *guess, size_t *tags)
{
	switch (guess->origin) {
	case SIGNED_COPIED:
	case SIGNED_FIELD:
	case SIGNED_ABSENT:
	case SIGNED_MESSAGE:
		return true;
	case SIGNED_TAG:
		return (*tags)++ < TAGS_IN_PAIRS;
	case SIGNED_REPLY:
	case SIGNED_ENCODING:
	case SIGNED_SPELLING:
	case SIGNED_TIME:
	case SIGNED_ORIGINS:
		break;
	}
	return false;
}

/* "guess" at place "i", with each guess at the places behind it. */
static bool
try_pairs_of(struct quest *quest, size_t i, const struct guess *guess)
{
	const struct place *first = &quest->places[i];
	size_t at = 0;

	digest_reset(quest->digest);
	if (!hash_to(quest, &at, first->at))
		return false;
	digest_add(quest->digest, guess->canon);
	at += first->n;
	for (size_t j = i + 1; j < quest->n; j++) {
		const struct place *place = &quest->places[j];
		size_t tags = 0, room;

		if (place->guesses.n == 0)
			continue;
		if (!hash_to(quest, &at, place->at))
			return false;
		room = set_behind(quest, place);
		for (size_t k = 0; k < place->guesses.n; k++) {
			const struct guess *other = &place->guesses.list[k];

			if (!is_for_pairs(other, &tags) ||
			    (guess->origin == SIGNED_ABSENT &&
				other->origin == SIGNED_ABSENT) ||
			    !holds_here(quest, other, room))
				continue;
			add_found(quest, first, guess);
			add_found(quest, place, other);
			return true;
		}
	}
	return false;
}

bool
quest_try_pairs(struct quest *quest)
{
	for (size_t i = 0; i + 1 < quest->n; i++) {
		const struct guess_list *guesses = &quest->places[i].guesses;
		size_t tags = 0;

		for (size_t j = 0; j < guesses->n; j++) {
			if (quest->search->guessing.cut)
				return false;
			if (is_for_pairs(&guesses->list[j], &tags) &&
			    try_pairs_of(quest, i, &guesses->list[j]))
				return true;
		}
	}
	return false;
}
