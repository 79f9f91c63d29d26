/* test_entry_check.c - entries yet to be written: what the check lets through
 * is read back, and nothing else is. */
#include "keysnap/store/entry.h"

#include <string.h>

#define INDEX 5

static const struct span plain[] = { SPAN("a"), SPAN("b") };
static const struct span reversed[] = { SPAN("b"), SPAN("a") };
static const struct span twice[] = { SPAN("a"), SPAN("a") };
static const struct span empty[] = { SPAN("") };
static const struct span spaced[] = { SPAN("a b") };
static const struct span capital[] = { SPAN("A.b") };
static const struct entry_message messages[] = { { .corpus = SPAN("c"),
						     .sha256 = { 1 } },
	{ .corpus = SPAN("c"), .sha256 = { 2 } } };

static uint8_t long_text[ENTRY_TEXT_MAX + 1];
static struct span long_list[ENTRY_LIST_MAX + 1];
static uint8_t digests[ENTRY_LIST_MAX + 1][32];

#define PRESENT             .strings = plain, .n_strings = 1
#define TEXTS(array, count) ((struct entry_texts){ array, count })
#define LONG                ((struct span){ long_text, sizeof(long_text) })
#define FIT                 ((struct span){ long_text, ENTRY_TEXT_MAX })

/* What is not set here is set by fill(). */
static const struct {
	const char *name;
	bool want;
	struct entry_observation observation;
} cases[] = {
	{ "plain", true, { PRESENT } },
	{ "source too late", false, { PRESENT, .source = INDEX } },
	{ "longest texts", true,
	    { PRESENT, .observer = FIT, .record = FIT,
		.vantage = { .place = FIT, .server = FIT } } },
	{ "observer too long", false, { PRESENT, .observer = LONG } },
	{ "record too long", false, { PRESENT, .record = LONG } },
	{ "place too long", false, { PRESENT, .vantage = { .place = LONG } } },
	{ "server too long", false,
	    { PRESENT, .vantage = { .server = LONG } } },
	{ "transport no word", false,
	    { PRESENT, .vantage = { .transport = SPAN("a b") } } },
	{ "flags", true, { PRESENT, .vantage = { .flags = { plain, 2 } } } },
	{ "flags no set", false,
	    { PRESENT, .vantage = { .flags = { reversed, 2 } } } },
	{ "flags no words", false,
	    { PRESENT, .vantage = { .flags = { spaced, 1 } } } },
	{ "warnings", true, { PRESENT, .warnings = { plain, 2 } } },
	{ "warnings twice", false, { PRESENT, .warnings = { twice, 2 } } },
	{ "lineage", true,
	    { PRESENT, .observer = SPAN("o"), .lineage = { spaced, 1 } } },
	{ "lineage of nobody", false, { PRESENT, .lineage = { plain, 2 } } },
	{ "lineage of an empty text", false,
	    { PRESENT, .observer = SPAN("o"), .lineage = { empty, 1 } } },
	{ "longest lineage", true,
	    { PRESENT, .observer = SPAN("o"),
		.lineage = { long_list, ENTRY_LIST_MAX } } },
	{ "lineage too long", false,
	    { PRESENT, .observer = SPAN("o"),
		.lineage = { long_list, ENTRY_LIST_MAX + 1 } } },
	{ "evidence too long", false,
	    { PRESENT,
		.evidence = { (const uint8_t (*)[32])digests,
		    ENTRY_LIST_MAX + 1 } } },
	{ "evidence", true,
	    { PRESENT, .evidence = { (const uint8_t (*)[32])digests, 2 } } },
	{ "method no word", false, { PRESENT, .method = SPAN("a b") } },
	{ "name not canonical", false, { PRESENT, .name = SPAN("a..b") } },
	{ "owner not canonical", false, { PRESENT, .owner = SPAN("A.b") } },
	{ "bailiwick not canonical", false,
	    { PRESENT, .bailiwick = SPAN("b.") } },
	{ "chain", true, { PRESENT, .cname = plain, .n_cname = 2 } },
	{ "chain not canonical", false,
	    { PRESENT, .cname = capital, .n_cname = 1 } },
	{ "chain of nothing", false,
	    { PRESENT, .cname = empty, .n_cname = 1 } },
	{ "numbers", true,
	    { PRESENT, .count = JSON_INTEGER_MAX, .item = JSON_INTEGER_MAX,
		.line = JSON_INTEGER_MAX, .has_offset = true,
		.offset = JSON_INTEGER_MAX, .has_serial = true,
		.serial = UINT32_MAX } },
	{ "count too large", false,
	    { PRESENT, .count = JSON_INTEGER_MAX + 1 } },
	{ "item too large", false, { PRESENT, .item = UINT64_MAX } },
	{ "line too large", false, { PRESENT, .line = UINT64_MAX } },
	{ "offset too large", false,
	    { PRESENT, .has_offset = true, .offset = UINT64_MAX } },
	{ "ttl too large", false, { PRESENT, .ttl = INT64_MAX } },
	{ "signer", true, { PRESENT, .has_signer = true } },
	{ "present without strings", false, { .kind = OBSERVATION_PRESENT } },
	{ "nodata", true, { .kind = OBSERVATION_NODATA } },
	{ "nodata with strings", false,
	    { PRESENT, .kind = OBSERVATION_NODATA } },
	{ "recovered", true,
	    { .kind = OBSERVATION_RECOVERED,
		.public_key = SPAN("AAAA"),
		.messages = messages,
		.n_messages = 2 } },
	{ "recovered, key not base64", false,
	    { .kind = OBSERVATION_RECOVERED,
		.public_key = SPAN("AAA"),
		.messages = messages,
		.n_messages = 2 } },
	{ "recovered, one message", false,
	    { .kind = OBSERVATION_RECOVERED,
		.public_key = SPAN("AAAA"),
		.messages = messages,
		.n_messages = 1 } },
	{ "recovered at no time that mail has", false,
	    { .kind = OBSERVATION_RECOVERED,
		.public_key = SPAN("AAAA"),
		.messages = messages,
		.n_messages = 2,
		.first = 5,
		.last = 5,
		.time_kind = TIME_OBSERVED } },
	{ "times", true,
	    { PRESENT, .first = TIMESTAMP_MIN, .last = TIMESTAMP_MAX,
		.time_kind = TIME_ZONE } },
	{ "first out of range", false,
	    { PRESENT, .first = TIMESTAMP_MIN - 1, .last = 7,
		.time_kind = TIME_ZONE } },
	{ "last out of range", false,
	    { PRESENT, .first = 5, .last = TIMESTAMP_MAX + 1,
		.time_kind = TIME_ZONE } },
	{ "times reversed", false,
	    { PRESENT, .first = 7, .last = 5, .time_kind = TIME_ZONE } },
	{ "times of no kind", false,
	    { PRESENT, .first = 5, .last = 5, .time_kind = TIME_NO_TIME } },
};

static void
fill(struct entry *entry, size_t i)
{
	struct entry_observation *o = &entry->observation;

	*entry = (struct entry){ .type = ENTRY_OBSERVATION,
		.observation = cases[i].observation };
	if (o->source == 0)
		o->source = 1;
	if (o->name.n == 0)
		o->name = SPAN("s._domainkey.a");
	if (o->method.n == 0)
		o->method = SPAN("dig");
	if (o->ttl == 0)
		o->ttl = -1;
	if (o->last == 0) {
		o->first = o->last = TIMESTAMP_NONE;
		o->time_kind = TIME_NO_TIME;
	}
}

static void
fill_long(void)
{
	memset(long_text, 'x', sizeof(long_text));
	for (unsigned i = 0; i <= ENTRY_LIST_MAX; i++) {
		static uint8_t names[ENTRY_LIST_MAX + 1][2];

		names[i][0] = (uint8_t)(33 + i / 93 % 93);
		names[i][1] = (uint8_t)(33 + i % 93);
		long_list[i] = (struct span){ names[i], 2 };
	}
}

static void
test_observation(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) again = g_string_new(NULL);
	const char *why = NULL;
	struct entry entry, read;

	fill(&entry, i);
	g_assert_true(entry_check(&entry, arena, INDEX, &why) == cases[i].want);
	if (!cases[i].want) {
		g_assert_nonnull(why);
		g_test_message("%s", why);
		return;
	}
	entry_write(line, &entry);
	g_assert_true(entry_parse(&read, arena,
	    (struct span){ (uint8_t *)line->str, line->len }, INDEX, &why));
	entry_write(again, &read);
	g_assert_cmpstr(again->str, ==, line->str);
}

static bool
check(const struct entry *entry)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *why = NULL;
	bool ok = entry_check(entry, arena, INDEX, &why);

	g_assert_true(ok || why != NULL);
	return ok;
}

/* Of the rare types: they are written and read back. */
static void
test_others(void)
{
	static const uint64_t of[] = { 2, 3 }, late[] = { INDEX };
	struct entry entry;

	entry_init(&entry, ENTRY_SIGHTING);
	entry.sighting.source = 1;
	entry.sighting.of = (struct entry_numbers){ of, 2 };
	g_assert_true(check(&entry));
	entry.sighting.of = (struct entry_numbers){ late, 1 };
	g_assert_false(check(&entry));

	entry_init(&entry, ENTRY_ANNOTATION);
	entry.annotation.kind = ANNOTATION_COMPROMISE;
	g_assert_false(check(&entry));
	entry.annotation.has_key = true;
	g_assert_true(check(&entry));

	entry_init(&entry, ENTRY_ANCHOR);
	entry.anchor.tool = SPAN("k");
	g_assert_false(check(&entry));
	entry.anchor.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])digests, 1 };
	g_assert_true(check(&entry));

	entry_init(&entry, ENTRY_CHAIN_RESULT);
	entry.chain_result.tool = SPAN("k");
	entry.chain_result.result = CHAIN_BOGUS;
	g_assert_false(check(&entry));
	entry.chain_result.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])digests, 1 };
	g_assert_true(check(&entry));

	entry_init(&entry, ENTRY_KEY_HEALTH);
	entry.key_health.check = SPAN("a");
	g_assert_true(check(&entry));
	entry.key_health.factor = SPAN("3");
	g_assert_false(check(&entry));

	entry_init(&entry, ENTRY_AUDIT);
	entry.audit.checks = TEXTS(plain, 2);
	entry.audit.below = INDEX;
	g_assert_true(check(&entry));
	entry.audit.below = INDEX + 1;
	g_assert_false(check(&entry));

	/* An absent member that is not empty would be lost. */
	entry_init(&entry, ENTRY_ANCHOR);
	entry.anchor.tool = SPAN("k");
	entry.anchor.made = TIMESTAMP_NONE;
	g_assert_false(check(&entry));
}

static void
test_sets(void)
{
	struct span texts[] = { SPAN("b"), SPAN("a"), SPAN("b"), SPAN("") };
	uint64_t numbers[] = { 7, 3, 7, 7, 1 };
	uint8_t hashes[3][32] = { { 9 }, { 8 }, { 9 } };

	g_assert_cmpuint(entry_sort_texts(texts, 4), ==, 3);
	g_assert_true(span_equal(texts[0], SPAN("")));
	g_assert_true(span_equal(texts[1], SPAN("a")));
	g_assert_true(span_equal(texts[2], SPAN("b")));
	g_assert_cmpuint(entry_sort_numbers(numbers, 5), ==, 3);
	g_assert_cmpuint(numbers[0], ==, 1);
	g_assert_cmpuint(numbers[1], ==, 3);
	g_assert_cmpuint(numbers[2], ==, 7);
	g_assert_cmpuint(entry_sort_hashes(hashes, 3), ==, 2);
	g_assert_cmpuint(hashes[0][0], ==, 8);
	g_assert_cmpuint(hashes[1][0], ==, 9);
	g_assert_cmpuint(entry_sort_texts(NULL, 0), ==, 0);
}

static void
test_topics(void)
{
	static const uint64_t of[] = { 2, 3 };
	struct entry entry;
	struct entry_topics topics;

	entry_init(&entry, ENTRY_ANNOTATION);
	entry.annotation.has_key = true;
	entry_topics(&entry, &topics);
	g_assert_true(topics.key == entry.annotation.key);
	g_assert_cmpuint(topics.about.n, ==, 0);
	/* Under a name it is a statement about the key of that name alone. */
	entry.annotation.name = SPAN("a.b");
	entry_topics(&entry, &topics);
	g_assert_null(topics.key);
	g_assert_true(span_equal(topics.name, SPAN("a.b")));
	entry_init(&entry, ENTRY_SIGHTING);
	entry.sighting.of = (struct entry_numbers){ of, 2 };
	entry_topics(&entry, &topics);
	g_assert_true(topics.about.items == of);
	entry_init(&entry, ENTRY_ANCHOR);
	entry_topics(&entry, &topics);
	g_assert_cmpuint(topics.about.n, ==, 1);
	g_assert_cmpuint(topics.about.items[0], ==, 0);
}

static void
test_recovered(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct entry_observation observation = {
		.kind = OBSERVATION_RECOVERED, .public_key = SPAN("AAAA")
	};

	g_assert_true(span_equal(
	    entry_joined(arena, &observation), SPAN("v=DKIM1; k=rsa; p=AAAA")));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	fill_long();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf(
		    "/entry-check/observation/%s", cases[i].name);

		g_test_add_data_func(
		    path, GSIZE_TO_POINTER(i), test_observation);
	}
	g_test_add_func("/entry-check/others", test_others);
	g_test_add_func("/entry-check/sets", test_sets);
	g_test_add_func("/entry-check/topics", test_topics);
	g_test_add_func("/entry-check/recovered", test_recovered);
	return g_test_run();
}
