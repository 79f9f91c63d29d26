/* compare_words.c - a case compared with the list of another tool. */
#include "verifier/case/compare_private.h"

struct list_step {
	struct comparison *comparison;
	struct sorter *records, *by_file, *by_name;
	struct sorter *lines, *names; /* of the list */
	struct sorter *rest;          /* lines by SHA-256 that are left */
};

static bool
add_listed(void *user, struct place *place, const struct record_view *view,
    GError **error)
{
	struct list_step *step = user;
	const json_t *source = json_object_get(view->json, "source");

	digest_from_hex(record_get_string(source, "sha256"), place->file);
	if (!digest_from_hex(view->sha256, place->key))
		memcpy(place->key, place->location, sizeof(place->key));
	return place_add(step->records, place, error);
}

static bool
compare_word(struct comparison *comparison, const struct place *a,
    const struct place *b, GError **error)
{
	enum their_word word = (enum their_word)b->word;
	cause_set causes;
	json_t *record;
	enum verdict verdict;
	bool good = true;

	if (!compare_get_record(&comparison->a, a, &record, error))
		return false;
	verdict = compare_verdict_of(record);
	comparison->words[verdict][word]++;
	if (cause_of_word(record, word, &causes)) {
		comparison->differ_verdict++;
		good = compare_keep(comparison, a, b, causes, true, error);
	} else {
		comparison->alike++;
	}
	json_decref(record);
	return good;
}

static bool
only_listed(
    struct comparison *comparison, const struct place *place, GError **error)
{
	comparison->only[1]++;
	comparison->words[COMPARE_ABSENT][place->word]++;
	return compare_keep(comparison, NULL, place,
	    CAUSE_BIT(place->copy ? CAUSE_LISTED_AGAIN : CAUSE_ONLY), true,
	    error);
}

/* A mark, behind all records with its Message-ID: another line has named this
 * one already, by a digest. */
#define NAMED G_MAXUINT64

static bool
add_named(struct list_step *step, const struct place *place, GError **error)
{
	struct place mark = { .seq = NAMED };

	return !place_knows(place->name) ||
	    place_add_as(step->by_name, &mark, place->name, error);
}

static bool
pair_word(
    void *user, const struct place *a, const struct place *b, GError **error)
{
	struct list_step *step = user;

	return compare_word(step->comparison, a, b, error) &&
	    add_named(step, a, error);
}

static bool
pair_name(
    void *user, const struct place *a, const struct place *b, GError **error)
{
	struct list_step *step = user;
	struct place again = *b;

	if (a->seq != NAMED)
		return compare_word(step->comparison, a, b, error);
	again.copy = 1;
	return only_listed(step->comparison, &again, error);
}

/* By the wire form: one line stands for all copies of a message. */
static bool
left_by_wire(void *user, int side, const struct place *place,
    const struct place *other, GError **error)
{
	struct list_step *step = user;

	if (side == 1)
		return place->copy ? only_listed(step->comparison, place, error)
				   : place_add(step->rest, place, error);
	if (other != NULL)
		return pair_word(step, place, other, error);
	return place_add_as(step->by_file, place,
	    place_knows(place->file) ? place->file : place->location, error);
}

static bool
left_by_own_file(void *user, int side, const struct place *place,
    const struct place *other, GError **error)
{
	struct list_step *step = user;

	if (side == 1)
		return only_listed(step->comparison, place, error);
	if (other != NULL)
		return pair_word(step, place, other, error);
	return place_add_as(step->by_name, place,
	    place_knows(place->name) ? place->name : place->location, error);
}

static bool
left_at_last(void *user, int side, const struct place *place,
    const struct place *other, GError **error)
{
	struct list_step *step = user;
	struct comparison *comparison = step->comparison;
	json_t *record;

	if (side == 1)
		return only_listed(comparison, place, error);
	if (place->seq == NAMED)
		return true;
	if (other != NULL)
		return compare_word(comparison, place, other, error);
	if (!compare_get_record(&comparison->a, place, &record, error))
		return false;
	comparison->only[0]++;
	comparison->words[compare_verdict_of(record)][THEIR_OTHER + 1]++;
	json_decref(record);
	return compare_keep(
	    comparison, place, NULL, CAUSE_BIT(CAUSE_ONLY), true, error);
}

bool
compare_with_list(
    struct comparison *comparison, const char *path, GError **error)
{
	struct list_step step = { .comparison = comparison };
	struct sorter **sorters[] = { &step.records, &step.by_file,
		&step.by_name, &step.lines, &step.names, &step.rest };
	struct join join = { .pair = pair_word, .user = &step };
	bool good;

	for (size_t i = 0; i < G_N_ELEMENTS(sorters); i++)
		*sorters[i] = sorter_new(COMPARE_MEMORY);
	good = compared_list_read(&comparison->list, path, comparison->crypto,
		   step.lines, step.names, error) &&
	    compared_run_read(&comparison->a, add_listed, &step, error);
	join.sides[0] = step.records;
	join.sides[1] = step.lines;
	join.left = left_by_wire;
	good = good && join_run(&join, error);
	join.sides[0] = step.by_file;
	join.sides[1] = step.rest;
	join.left = left_by_own_file;
	good = good && join_run(&join, error);
	join.sides[0] = step.by_name;
	join.sides[1] = step.names;
	join.pair = pair_name;
	join.left = left_at_last;
	good = good && join_run(&join, error);
	for (size_t i = 0; i < G_N_ELEMENTS(sorters); i++)
		sorter_free(*sorters[i]);
	return good;
}
