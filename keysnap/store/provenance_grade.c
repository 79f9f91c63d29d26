/*
 * provenance_grade.c - grade, sources and windows of each key.
 *
 * A grade rests on what this program did itself, as the entries that it
 * wrote say: captured, verified a statement, validated a chain.  A packet
 * capture that was handed in can have been made up at any time by whoever had
 * it; only a proof from outside that it existed soon after the time that it
 * bears makes it a first-hand capture.  A bare message from the wire bears no
 * time, and what whoever imports it says of that is a claim.
 */
#include "keysnap/store/provenance_witness.h"

#include <stdlib.h>
#include <string.h>

/* Formats of sources, which the tool says and no line can. */
static const char captured[] = "capture";
static const char statements[] = "jws";
static const char packets[] = "pcap";

/* Methods that are a claim without an observer: nobody looked in the DNS. */
static const char *const asserting[] = { "asserted", "gcd", "keyfile", "pasted",
	"web" };

#define ANCHOR_REACH (PROVENANCE_ANCHOR_DAYS * TIMESTAMP_DAY)

static bool
word_is(struct span word, const char *name)
{
	return span_equal(word, span_from_string(name));
}

static bool
is_among(struct span word, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (word_is(word, names[i]))
			return true;
	}
	return false;
}

/* Messages of two collections that nobody had both of. */
static enum grade
grade_of_recovered(const struct entry_observation *observation)
{
	const struct entry_message *messages = observation->messages;

	for (size_t i = 1; i < observation->n_messages; i++) {
		if (!span_equal(messages[i].corpus, messages[0].corpus) &&
		    (messages[i].custody.n == 0 ||
			!span_equal(messages[i].custody, messages[0].custody)))
			return GRADE_E1;
	}
	return GRADE_E2;
}

static bool
anchored_soon(
    const struct derivation *derivation, const struct witness *witness)
{
	const struct anchored what = {
		.number = witness->number,
		.source = witness->source,
		.evidence = witness->evidence,
		.from = witness->first,
		.to = witness_end(witness) + ANCHOR_REACH,
	};

	return anchors_hold(derivation, &what);
}

/* The raw octets were kept, with the time at which they came. */
static bool
is_first_hand(
    const struct derivation *derivation, const struct witness *witness)
{
	struct span format = witness->source->format;

	if (witness->evidence.n == 0 || witness->time_kind != TIME_OBSERVED)
		return false;
	return word_is(format, captured) ||
	    (word_is(format, packets) && anchored_soon(derivation, witness));
}

static enum grade
grade_of(const struct derivation *derivation, const struct witness *witness)
{
	const struct entry_observation *seen = witness->observation;

	if (seen->kind == OBSERVATION_RECOVERED && !witness->is_sighting)
		return grade_of_recovered(seen);
	if (!witness_has_time(witness) ||
	    (!witness->is_sighting &&
		is_among(seen->method, asserting, G_N_ELEMENTS(asserting))))
		return GRADE_F;
	if (!derivation->input->vouched || witness->foreign ||
	    witness->source == NULL)
		return GRADE_D;
	if (is_first_hand(derivation, witness))
		return GRADE_C1;
	/* The statement, and the key that it was verified under. */
	if (!witness->is_sighting && seen->has_signer &&
	    witness->evidence.n >= 2 &&
	    word_is(witness->source->format, statements))
		return GRADE_C2;
	return GRADE_D;
}

static void
carry(struct known_key *key, enum grade grade, uint64_t entry)
{
	if (key->entry != ENTRY_NONE && grade >= key->grade)
		return;
	key->grade = grade;
	key->entry = entry;
}

/* A moment at which somebody looked: a cache may have given it that long
 * after, and have had it that long before. */
static void
add_seen(const struct derivation *derivation, struct known_key *key,
    const struct witness *witness, int64_t at)
{
	int64_t ttl = CLAMP(witness->ttl, 0, PROVENANCE_TTL_MAX);

	windows_add(&key->seen, derivation->arena, at - ttl,
	    timestamp_end(at, witness->precision) + ttl);
}

static void
add_times(const struct derivation *derivation, struct known_key *key,
    const struct witness *witness)
{
	struct known_key *record = &derivation->known->keys[witness->record];

	if (!witness_has_time(witness))
		return;
	windows_add(&record->windows, derivation->arena, witness->first,
	    witness_end(witness));
	windows_add(&key->cover, derivation->arena, witness->first,
	    witness_end(witness));
	windows_add(&key->at, derivation->arena, witness->first,
	    timestamp_end(witness->first, witness->precision));
	windows_add(
	    &key->at, derivation->arena, witness->last, witness_end(witness));
	if (witness->time_kind != TIME_OBSERVED)
		return;
	add_seen(derivation, key, witness, witness->first);
	if (witness->last != witness->first)
		add_seen(derivation, key, witness, witness->last);
}

static int
compare_spans(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Sort, and leave out what is there twice; the number left. */
static size_t
sort_spans(struct span *spans, size_t n)
{
	size_t last = 0;

	if (n == 0)
		return 0;
	qsort(spans, n, sizeof(*spans), compare_spans);
	for (size_t i = 1; i < n; i++) {
		if (!span_equal(spans[i], spans[last]))
			spans[++last] = spans[i];
	}
	return last + 1;
}

static void
gather_names(const struct derivation *derivation, struct known_key *key,
    const struct witness *witnesses, size_t n)
{
	struct span *sources =
	    arena_alloc_array(derivation->arena, n, sizeof(*sources));
	struct span *owners =
	    arena_alloc_array(derivation->arena, n, sizeof(*owners));

	for (size_t i = 0; i < n; i++) {
		const struct witness *witness = &witnesses[i];
		struct span observer = witness->observer;
		struct span owner = witness->observation->owner;

		if (observer.n == 0 && witness->source != NULL)
			observer = witness->source->observer;
		if (observer.n > 0)
			sources[key->n_sources++] = observer;
		if (owner.n > 0 && !span_equal(owner, derivation->known->name))
			owners[key->n_owners++] = owner;
	}
	key->sources = sources;
	key->n_sources = sort_spans(sources, key->n_sources);
	key->owners = owners;
	key->n_owners = sort_spans(owners, key->n_owners);
}

/* The key of a chain-result that counts, or NULL: a chain that this program
 * has validated, of an observation that shows the key. */
static struct known_key *
key_of_chain(
    const struct derivation *derivation, size_t at, size_t *observation_out)
{
	const struct bearing *all = &derivation->input->of_name;
	const struct entry *entry = &all->entries[at];
	size_t found;

	if (entry->type != ENTRY_CHAIN_RESULT ||
	    entry->chain_result.result != CHAIN_SECURE ||
	    derivation_is_foreign(derivation, all->numbers[at]) ||
	    derivation_retracted(derivation, all->numbers[at], entry))
		return NULL;
	found = derivation_find(derivation, entry->chain_result.observation);
	if (found == WITNESS_NONE ||
	    all->entries[found].observation.kind != OBSERVATION_PRESENT ||
	    derivation->record_of[found] >= WITNESS_ABSENT ||
	    derivation_is_foreign(
		derivation, all->entries[found].observation.source))
		return NULL;
	*observation_out = found;
	return &derivation->known->keys[derivation->record_of[found]];
}

bool
provenance_chain_covers(const struct entry_chain_result *chain,
    const struct entry_observation *seen)
{
	int64_t last;

	if (chain->from == TIMESTAMP_NONE || chain->until == TIMESTAMP_NONE)
		return false;
	if (seen->first == TIMESTAMP_NONE || seen->last == TIMESTAMP_NONE)
		return true;
	last = timestamp_end(seen->last, seen->precision);
	/* What one signature is valid for is wider than what all are. */
	if (seen->time_kind == TIME_RRSIG)
		return chain->from <= last && chain->until >= seen->first;
	return chain->from <= seen->first && chain->until >= last;
}

/* The octets existed soon after they were seen. */
static bool
chain_is_anchored(const struct derivation *derivation, size_t found,
    const struct entry_chain_result *chain)
{
	const struct provenance_input *input = derivation->input;
	const struct entry_observation *seen =
	    &input->of_name.entries[found].observation;
	const struct anchored what = {
		.number = input->of_name.numbers[found],
		.source = input->source_of(input->user, seen->source),
		.evidence = seen->evidence,
		.more = chain->evidence,
		.from = seen->first == TIMESTAMP_NONE
		    ? chain->from
		    : MAX(chain->from, seen->first),
		.to = chain->until + ANCHOR_REACH,
	};

	return anchors_hold(derivation, &what);
}

static void
add_chain(const struct derivation *derivation, size_t at)
{
	const struct bearing *all = &derivation->input->of_name;
	const struct entry_chain_result *chain = &all->entries[at].chain_result;
	size_t found;
	struct known_key *record = key_of_chain(derivation, at, &found);
	struct known_key *key;

	if (record == NULL ||
	    !provenance_chain_covers(chain, &all->entries[found].observation))
		return;
	key = &derivation->known->keys[record->first_of_key];
	carry(key,
	    chain_is_anchored(derivation, found, chain) ? GRADE_A1 : GRADE_A2,
	    all->numbers[at]);
	windows_add(&key->seen, derivation->arena, chain->from, chain->until);
}

/* What all witnesses of a key say together. */
static void
derive_key(const struct derivation *derivation, struct known_key *key,
    struct witness *witnesses, size_t n)
{
	const struct witness *pair;

	for (size_t i = 0; i < n; i++) {
		witnesses[i].grade = grade_of(derivation, &witnesses[i]);
		carry(key, witnesses[i].grade, witnesses[i].number);
		add_times(derivation, key, &witnesses[i]);
	}
	key->observations = n;
	gather_names(derivation, key, witnesses, n);
	if (!derivation->input->vouched)
		return;
	pair = observers_compare(derivation, witnesses, n, &key->independent);
	if (pair != NULL)
		carry(key, GRADE_B, pair->number);
}

static int
compare_witnesses(const void *a, const void *b)
{
	const struct witness *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

static void
sort_windows(const struct derivation *derivation, struct known_key *key)
{
	windows_join(&key->cover);
	if (key->cover.n > 0) {
		key->has_time = true;
		key->first_seen = key->cover.items[0].first;
		key->last_seen = key->cover.items[key->cover.n - 1].last;
	}
	windows_join(&key->at);
	windows_join(&key->seen);
	windows_add_all(&key->cover, derivation->arena, &key->seen);
	windows_join(&key->cover);
}

/* Records of one key share what is known of it. */
static void
share(struct known_name *known)
{
	for (size_t i = 0; i < known->n_keys; i++) {
		struct known_key *to = &known->keys[i];
		const struct known_key *from = &known->keys[to->first_of_key];
		struct known_key whole = *from;

		if (from == to)
			continue;
		whole.text = to->text;
		whole.record = to->record;
		whole.key = to->key;
		whole.flags = to->flags;
		whole.windows = to->windows;
		whole.first_of_key = to->first_of_key;
		*to = whole;
	}
}

void
grades_derive(struct derivation *derivation)
{
	struct known_name *known = derivation->known;
	struct witness *witnesses = derivation->witnesses;
	size_t n = derivation->n_witnesses;

	if (n > 0)
		qsort(witnesses, n, sizeof(*witnesses), compare_witnesses);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1;
		     end < n && witnesses[end].key == witnesses[i].key; end++)
			;
		if (witnesses[i].key != WITNESS_ABSENT)
			derive_key(derivation, &known->keys[witnesses[i].key],
			    &witnesses[i], end - i);
	}
	for (size_t i = 0;
	     derivation->input->vouched && i < derivation->input->of_name.n;
	     i++)
		add_chain(derivation, i);
	for (size_t i = 0; i < known->n_keys; i++) {
		windows_join(&known->keys[i].windows);
		sort_windows(derivation, &known->keys[i]);
	}
	share(known);
}
