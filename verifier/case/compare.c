/* compare.c - see compare.h. */
#include "verifier/case/compare_private.h"

#include <string.h>

/* Before a difference in the sorter: which side it is on, and the numbers of
 * both, highest octet first. */
#define KEPT_HEAD 17

/* ---- differences --------------------------------------------------------- */

enum verdict
compare_verdict_of(const json_t *record)
{
	struct span code = record_get_string(record, "verdict");

	for (int i = 0; i < VERDICTS; i++) {
		if (span_equal(code,
			span_from_string(verdict_row((enum verdict)i)->code)))
			return (enum verdict)i;
	}
	return VERDICT_UNREADABLE;
}

bool
compare_get_record(const struct compared_run *run, const struct place *place,
    json_t **record_out, GError **error)
{
	*record_out = NULL;
	if (place == NULL)
		return true;
	*record_out = compared_run_record(run, place, error);
	return *record_out != NULL;
}

/* A place, packed; the keys that brought it here are of no more use. */
struct packed {
	uint64_t seq, offset, length;
	uint8_t there, word, their_n;
	char their[PLACE_WORD_MAX];
};

struct packed_difference {
	uint8_t head[KEPT_HEAD];
	uint8_t verdict;
	cause_set causes;
	struct packed sides[2];
};

static void
pack(struct packed *packed, const struct place *place)
{
	if (place == NULL)
		return;
	packed->there = 1;
	packed->seq = place->seq;
	packed->offset = place->offset;
	packed->length = place->length;
	packed->word = place->word;
	packed->their_n = place->their_n;
	memcpy(packed->their, place->their, PLACE_WORD_MAX);
}

bool
compare_keep(struct comparison *comparison, const struct place *a,
    const struct place *b, cause_set causes, bool verdict, GError **error)
{
	struct packed_difference packed;
	uint64_t first, second;

	memset(&packed, 0, sizeof(packed));
	first = GUINT64_TO_BE(a != NULL ? a->seq : 0);
	second = GUINT64_TO_BE(b != NULL ? b->seq : 0);
	packed.head[0] = a == NULL;
	memcpy(packed.head + 1, &first, sizeof(first));
	memcpy(packed.head + 9, &second, sizeof(second));
	packed.verdict = verdict;
	packed.causes = causes;
	pack(&packed.sides[0], a);
	pack(&packed.sides[1], b);
	for (int i = 0; i < CAUSES; i++) {
		if ((causes & CAUSE_BIT(i)) != 0)
			comparison->causes[i][!verdict]++;
	}
	return sorter_add(comparison->differences,
	    (struct span){ (const uint8_t *)&packed, sizeof(packed) }, error);
}

/* ---- public -------------------------------------------------------------- */

bool
comparison_make(struct comparison *comparison, const char *a, const char *b,
    const struct crypto *crypto, GError **error)
{
	*comparison = (struct comparison){ .crypto = crypto };
	comparison->a.results = comparison->b.results = -1;
	comparison->differences = sorter_new(COMPARE_MEMORY);
	comparison->has_list = !g_file_test(b, G_FILE_TEST_IS_DIR);
	if (!compared_run_open(&comparison->a, a, crypto, error))
		return false;
	if (comparison->has_list)
		return compare_with_list(comparison, b, error);
	return compared_run_open(&comparison->b, b, crypto, error) &&
	    compare_cases(comparison, error);
}

void
comparison_clear(struct comparison *comparison)
{
	compared_run_clear(&comparison->a);
	compared_run_clear(&comparison->b);
	sorter_free(comparison->differences);
	comparison->differences = NULL;
}

static void
unpack(struct place *place, const struct packed *packed)
{
	*place = (struct place){
		.seq = packed->seq,
		.offset = packed->offset,
		.length = packed->length,
		.word = packed->word,
		.their_n = packed->their_n,
	};
	memcpy(place->their, packed->their, PLACE_WORD_MAX);
}

int
comparison_next(struct comparison *comparison, struct difference *difference,
    GError **error)
{
	struct packed_difference packed;
	struct span record;
	int got = sorter_next(comparison->differences, &record, error);

	*difference = (struct difference){ .causes = 0 };
	if (got != 1)
		return got;
	memcpy(&packed, record.p, sizeof(packed));
	difference->causes = packed.causes;
	difference->verdict = packed.verdict != 0;
	for (int i = 0; i < 2; i++) {
		difference->has[i] = packed.sides[i].there != 0;
		unpack(&difference->sides[i], &packed.sides[i]);
		if (!difference->has[i] || (i == 1 && comparison->has_list))
			continue;
		if (!compare_get_record(
			i == 0 ? &comparison->a : &comparison->b,
			&difference->sides[i], &difference->records[i], error))
			return -1;
	}
	return 1;
}

void
difference_clear(struct difference *difference)
{
	json_decref(difference->records[0]);
	json_decref(difference->records[1]);
	*difference = (struct difference){ .causes = 0 };
}
