/*
 * cmd_capture_known.c - what a store holds already of the names to capture.
 */
#include "keysnap/cmd_capture_known.h"

#include "keysnap/base/digest.h"

#include <stdlib.h>
#include <string.h>

void
capture_print_init(struct capture_print *print)
{
	print->digests = g_byte_array_new();
}

static void
append(GString *out, struct span text)
{
	g_string_append_printf(out, "%zu:", text.n);
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

void
capture_print_add(struct capture_print *print, const struct crypto *crypto,
    const struct entry_observation *observation)
{
	g_autoptr(GString) text =
	    g_string_new(observation_kind_name(observation->kind));
	uint8_t digest[32];

	append(text, observation->owner);
	g_string_append_printf(text, " %zu ", observation->n_cname);
	for (size_t i = 0; i < observation->n_cname; i++)
		append(text, observation->cname[i]);
	for (size_t i = 0; i < observation->n_strings; i++)
		append(text, observation->strings[i]);
	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, digest);
	g_byte_array_append(print->digests, digest, sizeof(digest));
}

static int
compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

void
capture_print_finish(struct capture_print *print, const struct crypto *crypto,
    uint8_t sha256_out[32])
{
	GByteArray *digests = print->digests;

	if (digests->len > 0)
		qsort(digests->data, digests->len / 32, 32, compare_digests);
	digest_sha256(
	    crypto, (struct span){ digests->data, digests->len }, sha256_out);
	g_byte_array_free(digests, TRUE);
	print->digests = NULL;
}

void
capture_known_clear(struct capture_known *known)
{
	if (known->numbers != NULL)
		g_array_free(known->numbers, TRUE);
	known->numbers = NULL;
}

/* A search under way. */
struct search {
	const struct bearing *bearing;
	bool (*is_ours)(void *user, uint64_t source);
	void *user;
	struct capture_known *known;
	const struct entry_observation *latest;
};

static bool
is_candidate(const struct search *search, const struct entry *entry)
{
	return entry->type == ENTRY_OBSERVATION &&
	    entry->observation.evidence.n > 0 &&
	    search->is_ours(search->user, entry->observation.source);
}

static bool
same_capture(
    const struct entry_observation *a, const struct entry_observation *b)
{
	return a->source == b->source && a->first == b->first &&
	    memcmp(a->evidence.items[0], b->evidence.items[0], 32) == 0;
}

static bool
is_retracted(const struct bearing *bearing)
{
	for (size_t i = 0; i < bearing->n; i++) {
		const struct entry *entry = &bearing->entries[i];

		if (entry->type == ENTRY_ANNOTATION &&
		    entry->annotation.kind == ANNOTATION_RETRACT)
			return true;
	}
	return false;
}

/* All observations of the last capture. */
static void
gather(struct search *search, const struct crypto *crypto)
{
	struct capture_known *known = search->known;
	struct capture_print print;

	capture_print_init(&print);
	known->numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	for (size_t i = 0; i < search->bearing->n; i++) {
		const struct entry *entry = &search->bearing->entries[i];

		if (!is_candidate(search, entry) ||
		    !same_capture(&entry->observation, search->latest))
			continue;
		capture_print_add(&print, crypto, &entry->observation);
		g_array_append_val(known->numbers, search->bearing->numbers[i]);
		known->present |=
		    entry->observation.kind == OBSERVATION_PRESENT;
	}
	capture_print_finish(&print, crypto, known->print);
	known->any = true;
	known->first = known->last = search->latest->first;
	known->source = search->latest->source;
}

static bool
has_number(const struct entry_numbers *numbers, uint64_t number)
{
	for (size_t i = 0; i < numbers->n; i++) {
		if (numbers->items[i] == number)
			return true;
	}
	return false;
}

static void
take_sightings(struct search *search)
{
	struct capture_known *known = search->known;
	uint64_t number = g_array_index(known->numbers, uint64_t, 0);

	for (size_t i = 0; i < search->bearing->n; i++) {
		const struct entry *entry = &search->bearing->entries[i];

		if (entry->type == ENTRY_SIGHTING &&
		    has_number(&entry->sighting.of, number) &&
		    entry->sighting.last > known->last) {
			known->last = entry->sighting.last;
			known->source = entry->sighting.source;
		}
	}
}

bool
capture_known_find(struct store *store, const struct crypto *crypto,
    struct span name, bool (*is_ours)(void *user, uint64_t source), void *user,
    struct capture_known *known_out, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct bearing bearing;
	struct search search = { &bearing, is_ours, user, known_out, NULL };

	*known_out = (struct capture_known){ .last = TIMESTAMP_NONE };
	if (!store_lookup(store, arena, name, &bearing, error))
		return false;
	if (is_retracted(&bearing))
		return true;
	for (size_t i = 0; i < bearing.n; i++) {
		if (is_candidate(&search, &bearing.entries[i]))
			search.latest = &bearing.entries[i].observation;
	}
	if (search.latest == NULL)
		return true;
	gather(&search, crypto);
	take_sightings(&search);
	return true;
}
