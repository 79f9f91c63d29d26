/* signed_search.c - the guesses of a search, and its order; signed_search.h. */
#include "verifier/repair/quest.h"

/* ---- the guesses --------------------------------------------------------- */

/* How often the name stands in h= before place "at": its instance, from the
 * bottom of the header. */
static size_t
instance_of(const struct quest *quest, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < at; i++)
		n += span_equal_nocase(
		    quest->places[i].name, quest->places[at].name);
	return n;
}

/* What was kept elsewhere, and what was put on. */
static void
guess_kept(struct quest *quest, size_t at)
{
	struct place *place = &quest->places[at];
	struct guess_list *guesses = &place->guesses;
	struct span value =
	    place->field != NULL ? place->field->value : GUESS_NONE;

	guess_list_init(
	    guesses, quest->arena, &quest->search->guesses_left, value);
	guess_copied(
	    guesses, place->name, instance_of(quest, at), &quest->copied);
	if (quest->search->others != NULL)
		guess_messages(guesses, place->name, instance_of(quest, at),
		    quest->search->others);
	guess_fields(guesses, place->name, &quest->search->message->header,
	    place->field);
	if (place->field == NULL)
		return;
	guess_add(guesses, GUESS_NONE, SIGNED_ABSENT, GUESS_ALONE, false);
	if (span_equal_nocase(place->name, SPAN("Subject")))
		guess_subject(guesses, value);
}

/* How it was written. */
static void
guess_written(struct quest *quest, size_t at)
{
	struct place *place = &quest->places[at];
	struct span name = place->name, value;

	if (place->field == NULL)
		return;
	value = place->field->value;
	if (span_equal_nocase(name, SPAN("Date")))
		guess_date(
		    &place->guesses, value, quest->facts->signature->time);
	if (guess_is_address(name))
		guess_address(&place->guesses, value);
	if (guess_is_address(name) || span_equal_nocase(name, SPAN("Subject")))
		guess_encodings(
		    &place->guesses, name, value, quest->canon == CANON_SIMPLE);
}

static void
guess_all(struct quest *quest, void (*guess)(struct quest *quest, size_t at))
{
	for (size_t i = 0; i < quest->n; i++) {
		size_t from = quest->places[i].guesses.n;

		if (!work_spend(&quest->search->guessing,
			MIN(quest->search->message->header.n,
			    GUESS_FIELDS_MAX) *
			    32))
			return;
		guess(quest, i);
		quest_make_canons(quest, &quest->places[i], from);
		quest->search->guesses_cut |= quest->places[i].guesses.cut;
	}
}

/* Each of the other messages, all its fields at once. */
static bool
try_messages(struct quest *quest)
{
	const struct other_messages *others = quest->search->others;

	for (size_t i = 0; others != NULL && i < others->n; i++) {
		if (quest_try_group(quest, GUESS_MESSAGES + (unsigned)i))
			return true;
	}
	return false;
}

static bool
search_all(struct quest *quest)
{
	quest_lay_out(quest);
	guess_all(quest, guess_kept);
	if (quest_try_group(quest, GUESS_COPIES) || try_messages(quest) ||
	    quest_try_singles(quest))
		return true;
	guess_all(quest, guess_written);
	return quest_try_singles(quest) || quest_try_groups(quest) ||
	    quest_try_pairs(quest);
}

static void
quest_init(struct quest *quest, struct repair_search *search,
    const struct signature_facts *facts, const struct candidate *candidates)
{
	struct arena *arena = search->tools->arena;
	size_t n = MIN(facts->selection.n, SIGNED_PLACES_MAX);

	*quest = (struct quest){
		.search = search,
		.facts = facts,
		.candidates = candidates,
		.arena = arena,
		.digest = &search->tools->digests[facts->signature->digest],
		.canon = facts->signature->header_canon,
		.n = n,
		.places = arena_alloc_array(arena, n, sizeof(struct place)),
		.block = g_byte_array_new(),
		.scratch = g_byte_array_new(),
		.found_places =
		    arena_alloc_array(arena, n, sizeof(const struct place *)),
	};
	copied_fields_parse(&quest->copied, arena, facts->signature->z);
	search->guesses_cut |= quest->copied.cut || n < facts->selection.n;
}

/* What was found, hashed once more as any header is. */
static bool
is_proved(struct quest *quest, const struct signed_found *found)
{
	struct signature_facts facts = *quest->facts;
	size_t n = facts.selection.n;
	const struct header_field **fields =
	    arena_alloc_array(quest->arena, n, sizeof(*fields));
	struct header_field *changed =
	    arena_alloc_array(quest->arena, found->fields.n, sizeof(*changed));

	memcpy(fields, facts.selection.fields, n * sizeof(*fields));
	for (size_t i = 0; i < found->fields.n; i++) {
		const struct place *place = quest->found_places[i];
		struct span value = found->fields.list[i].value;

		changed[i] = quest_field(quest->arena, place, value);
		fields[place - quest->places] =
		    value.p == NULL ? NULL : &changed[i];
	}
	facts.selection.fields = fields;
	facts_hash_selected(&facts, quest->digest);
	return quest_is_signed(quest, facts.header_hash);
}

static bool
search_and_keep(struct quest *quest, struct signed_found *found)
{
	const struct header_field **places;

	if (!search_all(quest) || !is_proved(quest, found)) {
		found->fields.n = 0;
		return false;
	}
	places =
	    arena_alloc_array(quest->arena, found->fields.n, sizeof(*places));
	for (size_t i = 0; i < found->fields.n; i++)
		places[i] = quest->found_places[i]->field;
	found->places = places;
	return true;
}

bool
signed_search_run(struct repair_search *search,
    const struct signature_facts *facts, const struct candidate *candidates,
    struct signed_found *found_out)
{
	struct quest quest;
	bool found;

	*found_out = (struct signed_found){ .same_text = true };
	if (!facts->header_hashed || search->guessing.cut)
		return false;
	quest_init(&quest, search, facts, candidates);
	found_out->fields.list = arena_alloc_array(
	    quest.arena, quest.n, sizeof(*found_out->fields.list));
	quest.found = found_out;
	found = search_and_keep(&quest, found_out);
	g_byte_array_unref(quest.block);
	g_byte_array_unref(quest.scratch);
	return found;
}
