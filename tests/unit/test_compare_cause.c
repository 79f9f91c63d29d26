/* test_compare_cause.c - causes from pairs of records: only one that the runs
 * can have and the records show; everything else is unexplained. */
#include "verifier/case/compare_cause.h"

#include <string.h>

#define RECORD(top, source, signature)                              \
	"{\"message\":{\"subject\":\"s\"}," top "\"seq\":1,"        \
	"\"signatures\":[{" signature "}],\"source\":{" source "}," \
	"\"verdict\":\"v\"}"
#define KEY(sha, grade)                                     \
	"\"header_match\":true,\"key\":{\"grade\":\"" grade \
	"\",\"sha256\":\"" sha "\"},\"reason\":\"pass\""
#define NO_KEY "\"header_match\":null,\"key\":null,\"reason\":\"key-missing\""
#define MISMATCH \
	"\"header_match\":false,\"key\":null,\"reason\":\"key-mismatch\""
#define REPAIRED "\"repairs\":[\"tabs\"],"
#define PLAIN    "\"repairs\":[],"

static const struct {
	const char *name;
	struct contrast contrast;
	const char *a, *b;
	cause_set want; /* 0: no difference */
} cases[] = {
	{ "the same", { .snapshot = true }, RECORD(PLAIN, "", KEY("1", "D")),
	    RECORD(PLAIN, "", KEY("1", "D")), 0 },
	{ "elsewhere", { .snapshot = false },
	    RECORD(PLAIN, "\"offset\":1", KEY("1", "D")),
	    RECORD(PLAIN, "\"offset\":2", KEY("1", "D")), 0 },
	{ "a key missing", { .snapshot = true },
	    RECORD(PLAIN, "", KEY("1", "D")), RECORD(PLAIN, "", NO_KEY),
	    CAUSE_BIT(CAUSE_KEY_MISSING) },
	{ "a key missing in one snapshot", { .repairs = true },
	    RECORD(PLAIN, "", KEY("1", "D")), RECORD(PLAIN, "", NO_KEY),
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "another key", { .snapshot = true }, RECORD(PLAIN, "", KEY("1", "D")),
	    RECORD(PLAIN, "", KEY("2", "D")), CAUSE_BIT(CAUSE_OTHER_KEY) },
	{ "a key that one lacks", { .snapshot = true },
	    RECORD(PLAIN, "", KEY("1", "D")), RECORD(PLAIN, "", MISMATCH),
	    CAUSE_BIT(CAUSE_OTHER_KEY) },
	{ "another grade", { .snapshot = true },
	    RECORD(PLAIN, "", KEY("1", "D")), RECORD(PLAIN, "", KEY("1", "B")),
	    CAUSE_BIT(CAUSE_OTHER_PROVENANCE) },
	{ "another grade, vouched", { .vouched = true },
	    RECORD(PLAIN, "", KEY("1", "D")), RECORD(PLAIN, "", KEY("1", "B")),
	    CAUSE_BIT(CAUSE_VOUCHED) },
	{ "another grade, for no reason", { .repairs = false },
	    RECORD(PLAIN, "", KEY("1", "D")), RECORD(PLAIN, "", KEY("1", "B")),
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "a repair", { .repairs = true }, RECORD(REPAIRED, "", KEY("1", "D")),
	    RECORD(PLAIN, "", KEY("1", "D")), CAUSE_BIT(CAUSE_REPAIRS) },
	{ "a repair that none explains", { .min_grade = true },
	    RECORD(REPAIRED, "", KEY("1", "D")),
	    RECORD(PLAIN, "", KEY("1", "D")), CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "a repair, of another version", { .program = true },
	    RECORD(REPAIRED, "", KEY("1", "D")),
	    RECORD(PLAIN, "", KEY("1", "D")), CAUSE_BIT(CAUSE_PROGRAM) },
	{ "a member that nobody knows", { .snapshot = true, .repairs = true },
	    RECORD(PLAIN, "", KEY("1", "D")),
	    RECORD(PLAIN "\"rest\":1,", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "and a key beside", { .snapshot = true },
	    RECORD(PLAIN, "", KEY("1", "D")),
	    RECORD(PLAIN "\"rest\":1,", "", KEY("2", "D")),
	    CAUSE_BIT(CAUSE_OTHER_KEY) | CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "another container", { .snapshot = false },
	    RECORD(
		PLAIN "\"time\":1,", "\"dialect\":\"mboxrd\"", KEY("1", "D")),
	    RECORD(PLAIN "\"time\":2,", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_OTHER_READING) },
	{ "another list", { .suffix_list = true, .snapshot = true },
	    RECORD(PLAIN "\"senders\":{\"authors\":[1]},", "", KEY("1", "D")),
	    RECORD(PLAIN "\"senders\":{\"authors\":[2]},", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_SUFFIX_LIST) },
	{ "Sender, by another list", { .suffix_list = true },
	    RECORD(PLAIN "\"senders\":{\"sender\":[1]},", "", KEY("1", "D")),
	    RECORD(PLAIN "\"senders\":{\"sender\":[2]},", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_SUFFIX_LIST) },
	{ "other senders, for no reason", { .snapshot = true },
	    RECORD(PLAIN "\"senders\":{\"authors\":[1]},", "", KEY("1", "D")),
	    RECORD(PLAIN "\"senders\":{\"authors\":[2]},", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "senders, of another version", { .program = true },
	    RECORD(PLAIN, "", KEY("1", "D")),
	    RECORD(PLAIN "\"senders\":{\"authors\":[2]},", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_PROGRAM) },
	{ "Sender of another signer", { .snapshot = true },
	    RECORD(PLAIN "\"senders\":{\"sender\":[1]},", "", KEY("1", "D")),
	    RECORD(PLAIN "\"senders\":{\"sender\":[2]},", "", KEY("2", "D")),
	    CAUSE_BIT(CAUSE_OTHER_KEY) },
	{ "claims, as a result is another", { .snapshot = true },
	    RECORD(PLAIN "\"claims\":[1],", "", KEY("1", "D")),
	    RECORD(PLAIN "\"claims\":[2],", "", NO_KEY),
	    CAUSE_BIT(CAUSE_KEY_MISSING) },
	{ "claims, for no reason", { .snapshot = true },
	    RECORD(PLAIN "\"claims\":[1],", "", KEY("1", "D")),
	    RECORD(PLAIN "\"claims\":[2],", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "claims, of another version", { .program = true, .snapshot = true },
	    RECORD(PLAIN, "", KEY("1", "D")),
	    RECORD(PLAIN "\"claims\":[2],", "", KEY("1", "C1")),
	    CAUSE_BIT(CAUSE_OTHER_PROVENANCE) | CAUSE_BIT(CAUSE_PROGRAM) },
	{ "the grade that is asked for", { .min_grade = true },
	    RECORD(PLAIN "\"reasons\":[\"grade\"],", "", KEY("1", "D")),
	    RECORD(PLAIN "\"reasons\":[\"pass\"],", "", KEY("1", "D")),
	    CAUSE_BIT(CAUSE_MIN_GRADE) },
};

static json_t *
parse(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	g_assert_nonnull(json);
	return json;
}

static void
test_records(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		json_t *a = parse(cases[i].a), *b = parse(cases[i].b);
		cause_set there, back, want = cases[i].want;

		cause_of_records(&cases[i].contrast, a, b, &there);
		cause_of_records(&cases[i].contrast, b, a, &back);
		if (there != want || back != want)
			g_test_fail_printf("%s: %#x and %#x, not %#x",
			    cases[i].name, there, back, want);
		json_decref(a);
		json_decref(b);
	}
}

static const struct {
	const char *record;
	enum their_word word;
	cause_set want;
} words[] = {
	{ "{\"verdict\":\"verified\"}", THEIR_PASS, 0 },
	{ "{\"verdict\":\"verified\"}", THEIR_FAIL,
	    CAUSE_BIT(CAUSE_THEIR_KEY) },
	{ "{\"verdict\":\"verified-weak\",\"reasons\":[\"sha1\"]}", THEIR_FAIL,
	    CAUSE_BIT(CAUSE_THEIR_POLICY) },
	{ "{\"verdict\":\"verified-repaired\",\"repairs\":[\"tabs\"]}",
	    THEIR_FAIL, CAUSE_BIT(CAUSE_REPAIRS) },
	{ "{\"verdict\":\"unsigned\"}", THEIR_NONE, 0 },
	{ "{\"verdict\":\"unsigned\"}", THEIR_PASS,
	    CAUSE_BIT(CAUSE_THEIR_SCOPE) },
	{ "{\"verdict\":\"key-missing\"}", THEIR_PASS,
	    CAUSE_BIT(CAUSE_KEY_MISSING) },
	{ "{\"verdict\":\"altered\"}", THEIR_PASS,
	    CAUSE_BIT(CAUSE_OTHER_BYTES) },
	{ "{\"verdict\":\"altered\"}", THEIR_OTHER,
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
	{ "{\"verdict\":\"something\"}", THEIR_PASS,
	    CAUSE_BIT(CAUSE_UNEXPLAINED) },
};

static void
test_words(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		json_t *record = parse(words[i].record);
		cause_set got;

		g_assert_cmpint(cause_of_word(record, words[i].word, &got), ==,
		    words[i].want != 0);
		g_assert_cmphex(got, ==, words[i].want);
		json_decref(record);
	}
}

static void
test_table(void)
{
	for (int i = 0; i < CAUSES; i++) {
		g_assert_nonnull(cause_code((enum cause)i));
		g_assert_nonnull(cause_text((enum cause)i));
		for (int j = 0; j < i; j++)
			g_assert_cmpstr(cause_code((enum cause)i), !=,
			    cause_code((enum cause)j));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/compare-cause/records", test_records);
	g_test_add_func("/compare-cause/words", test_words);
	g_test_add_func("/compare-cause/table", test_table);
	return g_test_run();
}
