/* test_entry.c - log entries: written, read back, and refused. */
#include "keysnap/store/entry.h"

#include <string.h>

#define H "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define STORE \
	"{\"format\":\"keysnap-log 1\",\"origin\":\"o.example\",\"type\":\"store\"}"
#define SOURCE                                                                \
	"{\"file\":\"z\\\\195\\\\188.txt\",\"format\":\"zone\",\"imported\":" \
	"\"2020-01-01T00:00:00Z\",\"observer\":\"me\",\"sha256\":\"" H        \
	"\",\"size\":0,\"tool\":\"keysnap 1\",\"type\":\"source\"}"
#define OBSERVATION(strings, more)                                             \
	"{\"kind\":\"present\",\"method\":\"dig\",\"name\":\"s._domainkey.a\"" \
	"," more "\"source\":1,\"strings\":" strings                           \
	",\"time_kind\":\"none\",\"type\":\"observation\"}"
#define TIMED(first, last, kind)                                           \
	"{\"first\":\"" first "\",\"kind\":\"nodata\",\"last\":\"" last    \
	"\",\"method\":\"dig\",\"name\":\"s._domainkey.a\",\"precision\":" \
	"\"day\",\"source\":1,\"time_kind\":\"" kind                       \
	"\",\"type\":\"observation\"}"

static const struct {
	const char *name, *line;
	uint64_t index;
	bool want;
	enum entry_type want_type;
} cases[] = {
	{ "store", STORE, 0, true, ENTRY_STORE },
	{ "store elsewhere", STORE, 1, false, 0 },
	{ "first is no store", SOURCE, 0, false, 0 },
	{ "source", SOURCE, 1, true, ENTRY_SOURCE },
	{ "observation", OBSERVATION("[\"p=\"]", ""), 2, true,
	    ENTRY_OBSERVATION },
	{ "empty string", OBSERVATION("[\"\"]", ""), 2, true,
	    ENTRY_OBSERVATION },
	{ "names itself as source", OBSERVATION("[\"p=\"]", ""), 1, false, 0 },
	{ "no strings", OBSERVATION("[]", ""), 2, false, 0 },
	{ "strings no array", OBSERVATION("\"p=\"", ""), 2, false, 0 },
	{ "string of a number", OBSERVATION("[1]", ""), 2, false, 0 },
	{ "escape of a plain octet", OBSERVATION("[\"\\\\065\"]", ""), 2, false,
	    0 },
	{ "raw 8-bit", OBSERVATION("[\"\xc3\xbc\"]", ""), 2, false, 0 },
	{ "unknown member",
	    OBSERVATION("[\"p=\"]", "\"novel\":{\"a\":[null]},"), 2, true,
	    ENTRY_OBSERVATION },
	{ "empty", "", 1, false, 0 },
	{ "no object", "[]", 1, false, 0 },
	{ "no type", "{}", 1, false, 0 },
	{ "type no string", "{\"type\":1}", 1, false, 0 },
	{ "unknown type", "{\"a\":1,\"type\":\"novel\"}", 1, true,
	    ENTRY_UNKNOWN },
	{ "unknown type, bad evidence",
	    "{\"evidence\":[\"a\"],\"type\":\"novel\"}", 1, false, 0 },
	{ "not sorted", "{\"type\":\"novel\",\"a\":1}", 1, false, 0 },
	{ "space", "{\"a\": 1,\"type\":\"novel\"}", 1, false, 0 },
	{ "twice", "{\"a\":1,\"a\":1,\"type\":\"novel\"}", 1, false, 0 },
	{ "real", "{\"a\":1.5,\"type\":\"novel\"}", 1, false, 0 },
	{ "times",
	    TIMED("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "claimed"), 2,
	    true, ENTRY_OBSERVATION },
	{ "times reversed",
	    TIMED("2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z", "claimed"), 2,
	    false, 0 },
	{ "times of no kind",
	    TIMED("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "none"), 2,
	    false, 0 },
	{ "no such day",
	    TIMED("2020-02-30T00:00:00Z", "2020-03-02T00:00:00Z", "claimed"), 2,
	    false, 0 },
	{ "annotation",
	    "{\"kind\":\"note\",\"made\":\"2020-01-01T00:00:00Z\","
	    "\"name\":\"s._domainkey.a\",\"target\":[0,1],\"text\":\"a\","
	    "\"type\":\"annotation\"}",
	    2, true, ENTRY_ANNOTATION },
	{ "annotation of a later entry",
	    "{\"kind\":\"note\",\"made\":\"2020-01-01T00:00:00Z\",\"target\":"
	    "[0,2],\"type\":\"annotation\"}",
	    2, false, 0 },
	{ "annotation of unknown kind",
	    "{\"kind\":\"novel\",\"made\":\"2020-01-01T00:00:00Z\",\"type\":"
	    "\"annotation\"}",
	    2, false, 0 },
	{ "anchor without evidence",
	    "{\"kind\":\"note\",\"made\":\"2020-01-01T00:00:00Z\",\"precision"
	    "\":\"day\",\"time\":\"2020-01-01T00:00:00Z\",\"type\":\"anchor\"}",
	    2, false, 0 },
	{ "anchor",
	    "{\"digest\":\"" H "\",\"evidence\":[\"" H
	    "\"],\"kind\":\"note\",\"made\":\"2020-01-01T00:00:00Z\","
	    "\"precision\":\"day\",\"time\":\"2020-01-01T00:00:00Z\","
	    "\"tool\":\"k\",\"type\":\"anchor\"}",
	    2, true, ENTRY_ANCHOR },
	{ "name not canonical",
	    "{\"kind\":\"nodata\",\"method\":\"dig\",\"name\":\"S.a\","
	    "\"source\":1,\"time_kind\":\"none\",\"type\":\"observation\"}",
	    2, false, 0 },
	{ "nodata with strings",
	    "{\"kind\":\"nodata\",\"method\":\"dig\",\"name\":\"s.a\","
	    "\"source\":1,\"strings\":[\"a\"],\"time_kind\":\"none\",\"type\""
	    ":\"observation\"}",
	    2, false, 0 },
};

static bool
parse(
    struct entry *entry, struct arena *arena, struct span line, uint64_t index)
{
	const char *why = NULL;
	bool ok = entry_parse(entry, arena, line, index, &why);

	if (!ok)
		g_test_message("  %s", why);
	g_assert_true(ok || why != NULL);
	return ok;
}

static void
test_cases(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct entry entry;

		g_test_message("%s", cases[i].name);
		g_assert_true(
		    parse(&entry, arena, span_from_string(cases[i].line),
			cases[i].index) == cases[i].want);
		if (cases[i].want)
			g_assert_cmpint(entry.type, ==, cases[i].want_type);
	}
	arena_free(arena);
}

static void
test_source(void)
{
	struct arena *arena = arena_new();
	GString *line = g_string_new(NULL);
	uint8_t evidence[2][32] = { { 1 }, { 2 } };
	const uint8_t(*found)[32];
	struct entry_source source = { .file = SPAN("a \"b\\\xff\n"),
		.format = SPAN("zone"),
		.observer = SPAN("x"),
		.operator= SPAN("me"),
		.tool = SPAN("keysnap 1"),
		.imported = 1577836800,
		.sha256 = { 9 },
		.size = 77,
		.evidence = (const uint8_t(*)[32])evidence,
		.n_evidence = 2 };
	struct entry entry;

	entry_write_source(line, &source);
	struct span text = { (uint8_t *)line->str, line->len };
	g_assert_true(parse(&entry, arena, text, 3));
	g_assert_true(span_equal(entry.source.file, source.file));
	g_assert_true(span_equal(entry.source.operator, source.operator));
	g_assert_cmpint(entry.source.imported, ==, source.imported);
	g_assert_cmpuint(entry.source.size, ==, 77);
	g_assert_true(memcmp(entry.source.sha256, source.sha256, 32) == 0);
	g_assert_cmpuint(entry_evidence(arena, text, &found), ==, 2);
	g_assert_true(memcmp(found, evidence, sizeof(evidence)) == 0);
	g_assert_cmpuint(
	    entry_evidence(arena, SPAN("{\"type\":\"novel\"}"), &found), ==, 0);
	/* A text that looks like the member is none. */
	g_assert_cmpuint(entry_evidence(arena,
			     SPAN("{\"a\":\"\\\"evidence\\\":[\\\"" H
				  "\\\"]\",\"type\":\"novel\"}"),
			     &found),
	    ==, 0);
	g_string_free(line, TRUE);
	arena_free(arena);
}

static void
test_observation(void)
{
	struct arena *arena = arena_new();
	GString *line = g_string_new(NULL), *again = g_string_new(NULL);
	const struct span strings[] = { SPAN("v=DKIM1; p=\0"), SPAN("\xff\"") };
	const struct span cname[] = { SPAN("x.example") };
	struct entry_observation observation = { .source = 1,
		.name = SPAN("s._domainkey.a"),
		.kind = OBSERVATION_PRESENT,
		.strings = strings,
		.n_strings = 2,
		.joined = JOIN_AMBIGUOUS,
		.first = 0,
		.last = 86400,
		.precision = TIMESTAMP_DAY_PRECISION,
		.time_kind = TIME_CLAIMED,
		.method = SPAN("zonefile"),
		.observer = SPAN("them"),
		.line = 7,
		.ttl = 0,
		.complete = true,
		.cname = cname,
		.n_cname = 1,
		.owner = SPAN("x.example") };
	struct entry entry;

	entry_write_observation(line, &observation);
	g_assert_true(parse(&entry, arena,
	    (struct span){ (uint8_t *)line->str, line->len }, 2));
	g_assert_true(span_equal(entry.name, observation.name));
	g_assert_cmpint(entry.observation.joined, ==, JOIN_AMBIGUOUS);
	g_assert_cmpint(entry.observation.ttl, ==, 0);
	g_assert_true(span_equal(entry_joined(arena, &entry.observation),
	    SPAN("v=DKIM1; p=\0\xff\"")));
	entry_write_observation(again, &entry.observation);
	g_assert_cmpstr(again->str, ==, line->str);
	g_string_free(line, TRUE);
	g_string_free(again, TRUE);
	arena_free(arena);
}

/* A record of "n" strings of "length" octets, and one octet more. */
static bool
parse_strings(struct arena *arena, size_t n, size_t length, size_t more)
{
	GString *line = g_string_new(NULL);
	g_autofree struct span *strings = g_new(struct span, n + 1);
	g_autofree uint8_t *octets = g_malloc(length + 1);
	struct entry entry;
	bool ok;

	memset(octets, 'a', length + 1);
	for (size_t i = 0; i < n; i++)
		strings[i] = (struct span){ octets, length };
	strings[n] = (struct span){ octets, more };
	struct entry_observation observation = { .source = 1,
		.name = SPAN("s._domainkey.a"),
		.strings = strings,
		.n_strings = n + (more > 0),
		.first = TIMESTAMP_NONE,
		.last = TIMESTAMP_NONE,
		.time_kind = TIME_NO_TIME,
		.method = SPAN("dig"),
		.ttl = -1 };
	entry_write_observation(line, &observation);
	ok = parse(
	    &entry, arena, (struct span){ (uint8_t *)line->str, line->len }, 2);
	g_string_free(line, TRUE);
	return ok;
}

static void
test_limits(void)
{
	struct arena *arena = arena_new();
	struct entry entry;

	g_assert_true(parse_strings(arena, 1, ENTRY_TXT_MAX, 0));
	g_assert_false(parse_strings(arena, 1, ENTRY_TXT_MAX, 1));
	g_assert_true(parse_strings(arena, ENTRY_STRINGS_MAX, 1, 0));
	g_assert_false(parse_strings(arena, ENTRY_STRINGS_MAX, 1, 1));
	GString *line = g_string_new("{\"a\":\"");
	g_string_set_size(line, ENTRY_LINE_MAX);
	memset(line->str + 6, 'a', ENTRY_LINE_MAX - 6);
	const char end[] = "\",\"type\":\"novel\"}";
	memcpy(
	    line->str + ENTRY_LINE_MAX - sizeof(end) + 1, end, sizeof(end) - 1);
	g_assert_true(parse(&entry, arena,
	    (struct span){ (uint8_t *)line->str, line->len }, 1));
	g_string_insert_c(line, 6, 'a');
	g_assert_false(parse(&entry, arena,
	    (struct span){ (uint8_t *)line->str, line->len }, 1));
	g_string_free(line, TRUE);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/entry/cases", test_cases);
	g_test_add_func("/entry/source", test_source);
	g_test_add_func("/entry/observation", test_observation);
	g_test_add_func("/entry/limits", test_limits);
	return g_test_run();
}
