/* test_record.c - records written, read back, and refused. */
#include "keysnap/base/timestamp.h"
#include "verifier/report/record.h"

#include <string.h>

/* One message with one signature, everything filled by hand. */
struct fixture {
	struct item item;
	struct reading reading;
	struct message_verdict verdict;
	struct signature_verdict signature_verdict;
	struct signature_facts facts;
	struct signature signature;
	struct candidate_facts candidate;
	struct known_key key;
	struct span names[2], sources[1], owners[1], uncovered[1], asked[1];
	uint8_t sha256[DIGEST_SHA256_SIZE];
	struct record record;
};

static void
fill_signature(struct fixture *f)
{
	f->names[0] = SPAN("From");
	f->names[1] = SPAN("X-\xc3\x84\x01");
	f->signature = (struct signature){
		.a = SPAN("rsa-sha256"),
		.d = SPAN("Example.com"),
		.s = SPAN("s\xff"),
		.t = SPAN("1478160764"),
		.domain = SPAN("example.com"),
		.names = f->names,
		.n_names = 2,
		.time = 1478160764,
		.expiry = INT64_C(999999999999),
	};
	f->candidate = (struct candidate_facts){
		.checked = true,
		.check.result = KEY_CHECK_VALID,
	};
	f->facts = (struct signature_facts){
		.signature = &f->signature,
		.body = { .state = BODY_MATCH, .covered = 10, .total = 12 },
		.candidates = &f->candidate,
		.n_candidates = 1,
	};
}

static void
fill_key(struct fixture *f)
{
	f->owners[0] = SPAN("k.esp.example");
	f->sources[0] = SPAN("an \"observer\"");
	f->key = (struct known_key){
		.key = { .type = KEY_TYPE_RSA, .bits = 1024 },
		.grade = GRADE_D,
		.first_seen = 0,
		.last_seen = TIMESTAMP_NONE,
		.observations = 2,
		.entry = 7,
		.sources = f->sources,
		.n_sources = 1,
		.independent = 1,
		.owners = f->owners,
		.n_owners = 1,
	};
}

static void
fill_verdict(struct fixture *f)
{
	f->uncovered[0] = SPAN("reply-to");
	f->signature_verdict = (struct signature_verdict){
		.facts = &f->facts,
		.result = RESULT_PASS,
		.verdict = VERDICT_VERIFIED_PARTIAL,
		.reasons = { { REASON_BODY_PARTLY, REASON_AGING_KEY }, 2 },
		.coverage = { .uncovered = f->uncovered, .n_uncovered = 1 },
		.alignment = ALIGNED_BY_EQUIVALENCE,
		.organisation = SPAN("example.com"),
		.interval = { .from = 0,
		    .to = 60,
		    .from_source = TIME_SOURCE_DATE,
		    .to_source = TIME_SOURCE_SIGNATURE,
		    .to_signed = true },
		.key = &f->key,
		.standing = { TIME_STATE_AFTER_LAST, 3,
		    PROVENANCE_AGING | PROVENANCE_CONFLICT, 3, -1 },
	};
	f->verdict = (struct message_verdict){
		.verdict = VERDICT_VERIFIED_PARTIAL,
		.reasons = { { REASON_BODY_PARTLY, REASON_AGING_KEY }, 2 },
		.best = 0,
		.signatures = &f->signature_verdict,
		.n_signatures = 1,
	};
}

static void
fill(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	memset(f->sha256, 0xab, sizeof(f->sha256));
	fill_signature(f);
	fill_key(f);
	fill_verdict(f);
	f->item = (struct item){
		.container = CONTAINER_MBOX,
		.split = SPLIT_HEURISTIC,
		.path = SPAN("a\xff/b"),
		.offset = 5,
		.length = 6,
	};
	f->asked[0] = SPAN("a._domainkey.b.example");
	f->record = (struct record){
		.seq = 1,
		.item = &f->item,
		.reading = &f->reading,
		.kept_line_ends = true,
		.sha256 = f->sha256,
		.size = 8,
		.subject = SPAN("T\xc3\xa4glich\t\"\\"),
		.from_domain = SPAN("example.com"),
		.author = SPAN("\xff@example.com"),
		.time = 1478160764,
		.other_names = f->asked,
		.n_other_names = G_N_ELEMENTS(f->asked),
		.verdict = &f->verdict,
	};
}

#define AB8 "abababababababab"

static const char want_full[] =
    "{\"best\":0,\"color\":\"amber\",\"message\":{"
    "\"author\":\"\xef\xbf\xbd@example.com\","
    "\"author_b64\":\"/0BleGFtcGxlLmNvbQ==\",\"date\":null,\"from\":null,"
    "\"from_domain\":\"example.com\",\"message_id\":null,"
    "\"subject\":\"T\xc3\xa4glich\\t\\\"\\\\\","
    "\"time\":\"2016-11-03T08:12:44Z\"},\"other_names\":"
    "[\"a._domainkey.b.example\"],"
    "\"reasons\":[\"body-partly\",\"aging-key\"],\"repairs\":[],\"seq\":1,"
    "\"sha256\":\"" AB8 AB8 AB8 AB8 "\",\"signatures\":["
    "{\"a\":\"rsa-sha256\",\"aligned\":true,"
    "\"alignment\":\"equivalent\",\"body\":{\"covered\":10,"
    "\"hash_match\":true,\"total\":12},\"c\":null,\"d\":\"Example.com\","
    "\"domain\":\"example.com\",\"expiry\":null,\"header_match\":true,"
    "\"headers\":[\"from\",\"x-\xc3\x84\\u0001\"],\"i\":null,\"index\":0,"
    "\"interval\":{\"from\":\"1970-01-01T00:00:00Z\",\"from_signed\":false,"
    "\"from_source\":\"date\",\"to\":\"1970-01-01T00:01:00Z\","
    "\"to_signed\":true,\"to_source\":\"t\"},\"key\":{\"bits\":1024,"
    "\"days\":3,\"days_after\":null,\"days_before\":3,\"entry\":7,"
    "\"first_seen\":\"1970-01-01T00:00:00Z\","
    "\"flags\":[\"aging\",\"conflict\"],\"grade\":\"D\","
    "\"independent\":1,\"last_seen\":null,"
    "\"observations\":2,\"owners\":[\"k.esp.example\"],"
    "\"sha256\":\"0000000000000000000000000000000000000000000000000000000000"
    "000000\",\"sources\":[\"an \\\"observer\\\"\"],"
    "\"time_state\":\"after-last\",\"type\":\"rsa\"},\"key_name\":null,"
    "\"kind\":\"dkim\",\"l\":null,\"notes\":[\"aging-key\"],"
    "\"organisation\":\"example.com\",\"q\":null,"
    "\"reason\":\"body-partly\",\"reasons\":[\"body-partly\"],"
    "\"result\":\"pass\",\"s\":\"s\xef\xbf\xbd\",\"s_b64\":\"c/8=\","
    "\"t\":\"1478160764\",\"time\":\"2016-11-03T08:12:44Z\","
    "\"uncovered\":[\"reply-to\"],\"verdict\":\"verified-partial\","
    "\"x\":null}],\"size\":8,\"source\":{\"dialect\":\"mbox\",\"length\":6,"
    "\"line_ends\":\"kept\",\"member\":null,\"offset\":5,"
    "\"path\":\"a\xef\xbf\xbd/b\",\"path_b64\":\"Yf8vYg==\","
    "\"split\":\"heuristic\"},\"type\":\"message\","
    "\"verdict\":\"verified-partial\"}\n";

static void
test_write_full(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct fixture f;

	fill(&f);
	record_write(out, &f.record);
	g_assert_cmpstr(out->str, ==, want_full);
}

static void
test_write_unreadable(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct fixture f;

	fill(&f);
	f.verdict = (struct message_verdict){
		.verdict = VERDICT_UNREADABLE,
		.reasons = { { REASON_UNREADABLE_NO_ACCESS }, 1 },
		.best = -1,
	};
	f.item = (struct item){ .path = SPAN("x"), .detail = SPAN("why") };
	f.record = (struct record){
		.seq = 2,
		.item = &f.item,
		.verdict = &f.verdict,
	};
	record_write(out, &f.record);
	g_assert_cmpstr(out->str, ==,
	    "{\"best\":null,\"color\":\"grey\",\"message\":null,"
	    "\"reasons\":[\"unreadable-no-access\"],\"repairs\":[],\"seq\":2,"
	    "\"sha256\":null,\"signatures\":[],\"size\":0,"
	    "\"source\":{\"detail\":\"why\",\"length\":0,\"member\":null,"
	    "\"offset\":0,\"path\":\"x\"},\"type\":\"message\","
	    "\"verdict\":\"unreadable\"}\n");
}

static void
test_write_header(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct fixture f;

	fill(&f);
	record_write_header(out,
	    &(struct record_header){
		.tool = "verifier 1",
		.origin = SPAN("example.com/log"),
		.entries = 3,
		.root = f.sha256,
		.vouched = "nobody",
	    });
	g_assert_cmpstr(out->str, ==,
	    "{\"entries\":3,\"origin\":\"example.com/log\",\"root\":\"" AB8 AB8
		AB8 AB8 "\",\"schema\":\"verifier-results/1\","
	    "\"tool\":\"verifier 1\",\"type\":\"header\","
	    "\"vouched\":\"nobody\"}\n");
}

/* With the list that told organisations apart. */
static void
test_write_header_list(void)
{
	static const struct {
		const char *version, *commit, *want;
	} cases[] = {
		{ NULL, NULL, "{\"sha256\":\"" AB8 AB8 AB8 AB8 "\"}" },
		{ "2024", "0a1b",
		    "{\"commit\":\"0a1b\",\"sha256\":\"" AB8 AB8 AB8 AB8
		    "\",\"version\":\"2024\"}" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *want = g_strdup_printf(
		    "\"public_suffix_list\":%s,\"root\":", cases[i].want);
		struct fixture f;

		fill(&f);
		record_write_header(out,
		    &(struct record_header){
			.tool = "verifier 1",
			.root = f.sha256,
			.suffix_list = &(struct suffix_list){ f.sha256,
			    cases[i].version, cases[i].commit },
		    });
		g_assert_nonnull(strstr(out->str, want));
	}
}

/* What the facts say, member by member. */
static void
test_matches(void)
{
	static const struct {
		enum body_state body;
		bool checked;
		enum key_check_result check;
		const char *want_body, *want_header;
	} cases[] = {
		{ BODY_MATCH, true, KEY_CHECK_VALID, "true", "true" },
		{ BODY_MISMATCH, true, KEY_CHECK_OTHER, "false", "false" },
		{ BODY_MISSING, true, KEY_CHECK_MISMATCH, "false", "false" },
		{ BODY_TOO_SHORT, true, KEY_CHECK_UNUSABLE, "null", "null" },
		{ BODY_NOT_HASHED, false, KEY_CHECK_VALID, "null", "null" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *body =
		    g_strdup_printf("\"hash_match\":%s,", cases[i].want_body);
		g_autofree char *header = g_strdup_printf(
		    "\"header_match\":%s,", cases[i].want_header);
		struct fixture f;

		fill(&f);
		f.facts.body.state = cases[i].body;
		f.candidate.checked = cases[i].checked;
		f.candidate.check.result = cases[i].check;
		record_write(out, &f.record);
		g_assert_nonnull(strstr(out->str, body));
		g_assert_nonnull(strstr(out->str, header));
	}
}

static struct span
line_of(const GString *out)
{
	return (struct span){ (const uint8_t *)out->str, out->len - 1 };
}

static void
assert_fixed_point(const struct record_view *view, struct span line)
{
	g_autoptr(GString) again = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, again);
	g_assert_true(json_write_value(&writer, NULL, view->json));
	g_assert_true(span_equal(
	    line, (struct span){ (const uint8_t *)again->str, again->len }));
}

static void
test_read_back(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	const char *why = NULL;
	struct record_view view;
	enum record_kind kind;
	struct fixture f;

	fill(&f);
	record_write(out, &f.record);
	g_assert_true(record_read(&view, &kind, arena, line_of(out), &why));
	g_assert_cmpstr(why, ==, NULL);
	g_assert_cmpint(kind, ==, RECORD_MESSAGE);
	g_assert_cmpuint(view.seq, ==, 1);
	g_assert_cmpuint(view.size, ==, 8);
	g_assert_cmpint(view.verdict, ==, VERDICT_VERIFIED_PARTIAL);
	g_assert_true(span_equal(view.path, SPAN("a\xff/b")));
	g_assert_cmpuint(view.sha256.n, ==, 64);
	assert_fixed_point(&view, line_of(out));
	record_view_clear(&view);
}

/* A tag of nine million octets, half a character at the cut. */
static void
test_cut(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new("before");
	g_autofree uint8_t *huge = g_malloc(RECORD_LINE_MAX + 1);
	const char *why = NULL;
	struct record_view view;
	enum record_kind kind;
	struct fixture f;
	struct span line;

	fill(&f);
	memset(huge, 'a', RECORD_LINE_MAX + 1);
	memcpy(huge + 255, "\xc3\xa4", 2);
	f.signature.i = (struct span){ huge, RECORD_LINE_MAX + 1 };
	record_write(out, &f.record);
	g_assert_true(strncmp(out->str, "before{", 7) == 0);
	line = span_from(line_of(out), 6);
	g_assert_cmpuint(line.n, <, 4096);
	g_assert_true(record_read(&view, &kind, arena, line, &why));
	g_assert_true(json_is_true(json_object_get(view.json, "cut")));
	g_assert_cmpuint(
	    json_string_length(json_object_get(
		json_array_get(json_object_get(view.json, "signatures"), 0),
		"i")),
	    ==, 255);
	record_view_clear(&view);
}

/* The full record with "from" replaced by "to": is it taken? */
static const struct {
	const char *name, *from, *to;
	bool want;
} changes[] = {
	{ "as it is", "\"seq\":1", "\"seq\":1", true },
	{ "unknown member", "\"seq\":1", "\"seq\":1,\"seqx\":[{}]", true },
	{ "member away", "\"seq\":1,", "", false },
	{ "negative", "\"seq\":1", "\"seq\":-1", false },
	{ "wrong type", "\"seq\":1", "\"seq\":\"1\"", false },
	{ "null where none may be", "\"seq\":1", "\"seq\":null", false },
	{ "real number", "\"seq\":1", "\"seq\":1.5", false },
	{ "past 2^53", "\"seq\":1", "\"seq\":9007199254740992", false },
	{ "member twice", "\"seq\":1", "\"seq\":1,\"seq\":1", false },
	{ "order", "\"best\":0,\"color\":\"amber\"",
	    "\"color\":\"amber\",\"best\":0", false },
	{ "white space", "\"seq\":1", "\"seq\": 1", false },
	{ "best too large", "\"best\":0", "\"best\":1", false },
	{ "verdict", "\"type\":\"message\",\"verdict\":\"verified-partial\"",
	    "\"type\":\"message\",\"verdict\":\"authentic\"", false },
	{ "verdict of a signature", "\"verdict\":\"verified-partial\",\"x\"",
	    "\"verdict\":\"\",\"x\"", false },
	{ "type", "\"type\":\"message\"", "\"type\":\"note\"", false },
	{ "text in a list", "\"sources\":[", "\"sources\":[0,", false },
	{ "inner member", "\"total\":12", "\"total\":true", false },
	{ "hash", "\"sha256\":\"ab", "\"sha256\":\"AB", false },
	{ "days", "\"days\":3", "\"days\":-1", false },
	{ "days not known", "\"days\":3", "\"days\":null", true },
	{ "an older version", "\"days_after\":null,\"days_before\":3,", "",
	    true },
	{ "owners", "[\"k.esp.example\"]", "\"k.esp.example\"", false },
	{ "observers", "\"independent\":1", "\"independent\":null", false },
	{ "time", "\"first_seen\":\"1970-01-01T00:00:00Z\"",
	    "\"first_seen\":\"1970-01-01\"", false },
	{ "base64", "\"Yf8vYg==\"", "\"Yf8vYh==\"", false },
	{ "signature no object", "\"signatures\":[", "\"signatures\":[null,",
	    false },
};

static void
test_changes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autoptr(GString) text = g_string_new(want_full);
		const char *why = NULL;
		struct record_view view;
		enum record_kind kind;
		bool got;

		g_assert_cmpuint(
		    g_string_replace(text, changes[i].from, changes[i].to, 1),
		    ==, 1);
		got = record_read(&view, &kind, arena, line_of(text), &why);
		if (got != changes[i].want)
			g_test_message("%s: %s", changes[i].name,
			    why == NULL ? "taken" : why);
		g_assert_true(got == changes[i].want);
		g_assert_true((why == NULL) == got);
		g_assert_true((view.json != NULL) == got);
		record_view_clear(&view);
	}
}

static void
test_lines(void)
{
	static const struct {
		struct span line;
		bool want;
	} cases[] = {
		{ { NULL, 0 }, false },
		{ { (const uint8_t *)"\0\0", 2 }, false },
		{ { (const uint8_t *)"{}", 2 }, false },
		{ { (const uint8_t *)"[]", 2 }, false },
		{ { (const uint8_t *)"{\"type\":\"header\"}", 17 }, false },
	};
	g_autofree uint8_t *huge = g_malloc0(RECORD_LINE_MAX + 1);
	g_autoptr(arena_auto) arena = arena_new();
	const char *why = NULL;
	struct record_view view;
	enum record_kind kind;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_true(record_read(&view, &kind, arena, cases[i].line,
				  &why) == cases[i].want);
		g_assert_nonnull(why);
	}
	g_assert_false(record_read(&view, &kind, arena,
	    (struct span){ huge, RECORD_LINE_MAX + 1 }, &why));
	g_assert_cmpstr(why, ==, "line too long");
}

static void
test_read_header(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	const char *why = NULL;
	struct record_view view;
	enum record_kind kind;

	record_write_header(out, &(struct record_header){ .tool = "v" });
	g_assert_true(record_read(&view, &kind, arena, line_of(out), &why));
	g_assert_cmpint(kind, ==, RECORD_HEADER);
	assert_fixed_point(&view, line_of(out));
	record_view_clear(&view);
	g_string_replace(out, "results/1", "results/2", 1);
	g_assert_false(record_read(&view, &kind, arena, line_of(out), &why));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/record/write/full", test_write_full);
	g_test_add_func("/record/write/unreadable", test_write_unreadable);
	g_test_add_func("/record/write/header", test_write_header);
	g_test_add_func("/record/write/header-list", test_write_header_list);
	g_test_add_func("/record/write/matches", test_matches);
	g_test_add_func("/record/write/cut", test_cut);
	g_test_add_func("/record/read/back", test_read_back);
	g_test_add_func("/record/read/changes", test_changes);
	g_test_add_func("/record/read/lines", test_lines);
	g_test_add_func("/record/read/header", test_read_header);
	return g_test_run();
}
