/* provenance_case.c - log entries from short tables. */
#include "tests/unit/provenance_case.h"

#include <glib.h>
#include <string.h>

#define RSA_1024                                                               \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08" \
	"a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR" \
	"+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l" \
	"/K4w3QIDAQAB"
#define RSA_512                                                                \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKh8hzPWcKNiUXqRbFmRsVYgjL9SVVvNe8uS" \
	"BPm+aTI2RNfD8nJcrDnyITmLA2+fQ8bPCmXH4Kf0b0n7yOCcYasCAwEAAQ=="

const char record_a[] = "v=DKIM1; p=" RSA_1024;
const char record_a_testing[] = "v=DKIM1; t=y; p=" RSA_1024;
const char record_b[] =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const char record_512[] = "v=DKIM1; p=" RSA_512;
const char record_revoked[] = "v=DKIM1; p=";

static const uint8_t hashes[3][32] = { { 1 }, { 2 }, { 3 } };

int64_t
case_day(int day)
{
	return day == NONE ? TIMESTAMP_NONE : AT(day);
}

/* Evidence that only this entry has. */
static struct entry_hashes
own_hashes(struct arena *arena, const struct step *step, size_t number)
{
	uint8_t(*items)[32] = arena_alloc_array(arena, 2, 32);

	items[0][0] = (step->options & SAME_OCTETS) != 0 ? 1 : (uint8_t)number;
	items[1][0] = 200;
	if ((step->options & FIRST_FILE) != 0)
		memset(items[0], 101, 32);
	return (struct entry_hashes){ (const uint8_t(*)[32])items,
		(step->options & SIGNED) != 0     ? 2
		    : (step->options & KEPT) != 0 ? 1
						  : 0 };
}

static void
fill_source(struct provenance_case *given, struct entry *entry,
    const struct step *step, size_t number)
{
	struct entry_source *source = &entry->source;
	struct span *lineage = arena_alloc(given->arena, sizeof(*lineage));

	source->observer = span_from_string(step->text);
	source->format = span_from_string(step->word);
	source->file = SPAN("file");
	memset(source->sha256,
	    (step->options & SAME_FILE) != 0 ? 100 : 100 + (int)number, 32);
	*lineage = span_from_string(step->more);
	if (lineage->n > 0)
		source->lineage = (struct entry_texts){ lineage, 1 };
}

static void
fill_messages(
    struct provenance_case *given, struct entry_observation *seen, bool corpora)
{
	struct entry_message *messages =
	    arena_alloc_array(given->arena, 2, sizeof(*messages));

	messages[0].corpus = SPAN("leak");
	messages[1].corpus = corpora ? SPAN("archive") : SPAN("leak");
	messages[1].sha256[0] = 1;
	seen->messages = messages;
	seen->n_messages = 2;
	seen->kind = OBSERVATION_RECOVERED;
	seen->public_key = SPAN(RSA_1024);
	seen->n_strings = 0;
}

static void
fill_seen(struct provenance_case *given, struct entry *entry,
    const struct step *step, size_t number)
{
	static const struct span cut[] = { { (const uint8_t *)"truncated",
	    9 } };
	struct entry_observation *seen = &entry->observation;
	struct span *string = arena_alloc(given->arena, sizeof(*string));

	*string = span_from_string(step->text);
	seen->source = (uint64_t)step->of;
	seen->kind =
	    step->text != NULL ? OBSERVATION_PRESENT : OBSERVATION_NXDOMAIN;
	seen->strings = string;
	seen->n_strings = step->text != NULL;
	seen->first = case_day(step->first);
	seen->last = case_day(step->last);
	seen->precision = (step->options & SECOND) != 0
	    ? TIMESTAMP_SECOND
	    : TIMESTAMP_DAY_PRECISION;
	seen->time_kind = step->first == NONE   ? TIME_NO_TIME
	    : (step->options & SEEN) != 0       ? TIME_OBSERVED
	    : (step->options & MAIL_TIME) != 0  ? TIME_MAIL
	    : (step->options & RRSIG_TIME) != 0 ? TIME_RRSIG
						: TIME_CLAIMED;
	seen->method = span_from_string(step->word);
	seen->complete = (step->options & COMPLETE) != 0;
	seen->evidence = own_hashes(given->arena, step, number);
	seen->has_signer = (step->options & SIGNED) != 0;
	if ((step->options & AMBIGUOUS) != 0)
		seen->joined = JOIN_AMBIGUOUS;
	if ((step->options & CUT) != 0)
		seen->warnings = (struct entry_texts){ cut, 1 };
	if ((step->options & DAY_TTL) != 0)
		seen->ttl = TIMESTAMP_DAY;
	if ((step->options & ELSEWHERE) != 0)
		seen->owner = SPAN("s.keys.esp.example");
	else
		seen->owner = span_from_string(step->more);
	if ((step->options & (RECOVERED | CORPORA)) != 0)
		fill_messages(given, seen, (step->options & CORPORA) != 0);
}

static struct entry_numbers
one_number(struct arena *arena, int number)
{
	uint64_t *items = arena_alloc(arena, sizeof(*items));

	*items = (uint64_t)number;
	return (struct entry_numbers){ items, 1 };
}

static void
fill_again(struct provenance_case *given, struct entry *entry,
    const struct step *step, size_t number)
{
	struct entry_sighting *seen = &entry->sighting;

	seen->source = (uint64_t)step->source;
	seen->of = one_number(given->arena, step->of);
	seen->first = case_day(step->first);
	seen->last = case_day(step->last);
	seen->precision = TIMESTAMP_DAY_PRECISION;
	seen->time_kind =
	    (step->options & SEEN) != 0 ? TIME_OBSERVED : TIME_CLAIMED;
	seen->evidence = own_hashes(given->arena, step, number);
}

static void
key_of(struct provenance_case *given, const char *text, uint8_t out[32])
{
	struct key_record record;
	struct public_key key;

	key_record_parse(&record, given->arena, span_from_string(text));
	public_key_parse(&key, given->arena, given->crypto, &record);
	memcpy(out, key.sha256, 32);
}

static void
fill_annotation(
    struct provenance_case *given, struct entry *entry, const struct step *step)
{
	struct entry_annotation *annotation = &entry->annotation;

	annotation->since = TIMESTAMP_NONE;
	if (step->what == TAKEN) {
		annotation->kind = ANNOTATION_COMPROMISE;
		annotation->has_key = true;
		key_of(given, step->text, annotation->key);
		annotation->since = case_day(step->first);
		annotation->name = span_from_string(step->more);
		return;
	}
	annotation->kind =
	    step->what == RETRACT ? ANNOTATION_RETRACT : ANNOTATION_NOTE;
	annotation->target = one_number(given->arena, step->of);
	if (step->what == MERGED) {
		annotation->reason = SPAN("merged");
		annotation->text = span_from_string(step->text);
	}
}

static void
fill_statement(
    struct provenance_case *given, struct entry *entry, const struct step *step)
{
	struct entry_chain_result *chain = &entry->chain_result;
	struct entry_key_health *health = &entry->key_health;

	if (step->what == HEALTH) {
		key_of(given, step->text, health->key);
		health->check = span_from_string(step->word);
		health->result =
		    (step->options & GOOD) != 0 ? HEALTH_GOOD : HEALTH_BAD;
		health->since = case_day(step->first);
		return;
	}
	chain->observation = (uint64_t)step->of;
	chain->result =
	    strcmp(step->word, "secure") == 0 ? CHAIN_SECURE : CHAIN_BOGUS;
	chain->from = case_day(step->first);
	chain->until = case_day(step->last);
	chain->evidence = (struct entry_hashes){ &hashes[2], 1 };
}

static void
fill_anchor(
    struct provenance_case *given, struct entry *entry, const struct step *step)
{
	struct entry_anchor *anchor = &entry->anchor;
	const struct entry *of = &given->entries[step->of];

	anchor->kind =
	    strcmp(step->word, "note") == 0 ? ANCHOR_NOTE : ANCHOR_RFC3161;
	anchor->time = case_day(step->first);
	anchor->of_state = step->what == STAMP;
	if (anchor->of_state)
		anchor->size = (uint64_t)step->of;
	else if (of->type == ENTRY_SOURCE)
		memcpy(anchor->digest, of->source.sha256, 32);
	else
		memcpy(anchor->digest, of->observation.evidence.items[0], 32);
}

static void
fill(struct provenance_case *given, const struct step *step, size_t number)
{
	static const enum entry_type types[] = {
		[SOURCE] = ENTRY_SOURCE,
		[SEE] = ENTRY_OBSERVATION,
		[AGAIN] = ENTRY_SIGHTING,
		[RETRACT] = ENTRY_ANNOTATION,
		[TAKEN] = ENTRY_ANNOTATION,
		[HEALTH] = ENTRY_KEY_HEALTH,
		[CHAIN] = ENTRY_CHAIN_RESULT,
		[STAMP] = ENTRY_ANCHOR,
		[STAMP_OF] = ENTRY_ANCHOR,
		[MERGED] = ENTRY_ANNOTATION,
	};
	struct entry *entry = &given->entries[number];

	entry_init(entry, types[step->what]);
	if (entry->type == ENTRY_SOURCE)
		fill_source(given, entry, step, number);
	else if (entry->type == ENTRY_OBSERVATION)
		fill_seen(given, entry, step, number);
	else if (entry->type == ENTRY_SIGHTING)
		fill_again(given, entry, step, number);
	else if (entry->type == ENTRY_ANNOTATION)
		fill_annotation(given, entry, step);
	else if (entry->type == ENTRY_ANCHOR)
		fill_anchor(given, entry, step);
	else
		fill_statement(given, entry, step);
}

static const struct entry_source *
source_of(void *user, uint64_t number)
{
	const struct provenance_case *given = user;

	return &given->entries[number].source;
}

/* Anchors are about the log, and retractions may be about either. */
static struct bearing
part(struct provenance_case *given, size_t n, bool of_log)
{
	struct bearing all = {
		arena_alloc_array(given->arena, n + 1, sizeof(*all.entries)),
		arena_alloc_array(given->arena, n + 1, sizeof(*all.numbers)), 0
	};

	for (size_t i = 1; i <= n; i++) {
		enum entry_type type = given->entries[i].type;

		if (type == ENTRY_SOURCE ||
		    (type != ENTRY_ANNOTATION &&
			(type == ENTRY_ANCHOR) != of_log))
			continue;
		all.entries[all.n] = given->entries[i];
		all.numbers[all.n++] = i;
	}
	return all;
}

void
case_derive(
    struct provenance_case *given, const struct step *steps, bool vouched)
{
	struct provenance_input input = { .name = SPAN(CASE_NAME),
		.vouched = vouched,
		.source_of = source_of,
		.user = given };
	size_t n = 0;

	given->arena = arena_new();
	given->crypto = crypto_open(NULL);
	given->entries = arena_alloc_array(
	    given->arena, CASE_STEPS + 1, sizeof(*given->entries));
	for (; n < CASE_STEPS && steps[n].what != STEP_END; n++)
		fill(given, &steps[n], n + 1);
	input.of_name = part(given, n, false);
	input.of_log = part(given, n, true);
	provenance_derive(&given->known, given->arena, given->crypto, &input);
}

void
case_clear(struct provenance_case *given)
{
	crypto_close(given->crypto);
	arena_free(given->arena);
}
