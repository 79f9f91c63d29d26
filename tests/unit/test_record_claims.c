/* test_record_claims.c - claims written, read back, and shown. */
#include "keysnap/base/timestamp.h"
#include "verifier/report/person.h"

#include <string.h>

/* A message without a signature, and one field, everything filled by hand. */
struct fixture {
	struct item item;
	struct message_verdict verdict;
	struct auth_property properties[2];
	struct auth_result results[2];
	struct auth_judgement judgements[2];
	size_t places[2];
	struct auth_claim claim;
	struct auth_claims claims;
	struct record record;
};

static void
fill(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->item.path = SPAN("a");
	f->verdict = (struct message_verdict){ .verdict = VERDICT_UNSIGNED,
		.reasons = { { REASON_UNSIGNED }, 1 },
		.best = -1 };
	f->properties[0] = (struct auth_property){ SPAN("header"), SPAN("d"),
		SPAN("\xff\x1b") };
	f->properties[1] =
	    (struct auth_property){ { NULL, 0 }, SPAN("action"), SPAN("") };
	f->results[0] = (struct auth_result){ .method = SPAN("dkim"),
		.version = SPAN("1"),
		.result = SPAN("pass"),
		.reason = SPAN("\xe2\x80\xae"),
		.properties = f->properties,
		.n_properties = 2,
		.left_out = 3 };
	f->results[1] = (struct auth_result){ .method = SPAN("spf"),
		.result = SPAN("fail") };
	f->places[1] = 7;
	f->judgements[0] = (struct auth_judgement){ AUTH_DIFFERS,
		AUTH_OTHER_RESULT, f->places, 2 };
	f->claim = (struct auth_claim){ .place = 4,
		.arc = true,
		.results = { .defect = AUTH_BAD_COMMENT,
		    .bad_at = 9,
		    .liberties = AUTH_NO_SERVER | AUTH_LATE_REASON,
		    .instance = 2,
		    .results = f->results,
		    .n = 2,
		    .left_out = 1 },
		.judgements = f->judgements,
		.covered_by = f->places,
		.n_covered_by = 1,
		.seal = 0 };
	f->claims = (struct auth_claims){ &f->claim, 1, 5 };
	f->record = (struct record){ .seq = 1,
		.item = &f->item,
		.time = TIMESTAMP_NONE,
		.verdict = &f->verdict,
		.claims = &f->claims };
}

static const char want[] =
    "{\"best\":null,\"claims\":[{\"covered_by\":[0],"
    "\"defect\":\"bad-comment\",\"defect_at\":9,\"instance\":2,"
    "\"kind\":\"arc-authentication-results\","
    "\"liberties\":[\"no-server\",\"late-reason\"],\"place\":4,"
    "\"results\":[{\"agreement\":\"differs\",\"method\":\"dkim\","
    "\"properties\":[{\"name\":\"d\",\"ptype\":\"header\","
    "\"value\":\"\xef\xbf\xbd\\u001b\",\"value_b64\":\"/xs=\"},"
    "{\"name\":\"action\",\"ptype\":null,\"value\":\"\"}],"
    "\"properties_left_out\":3,\"reason\":\"\xe2\x80\xae\","
    "\"result\":\"pass\",\"signatures\":[0,7],\"version\":\"1\","
    "\"why\":\"other-result\"},{\"agreement\":null,\"method\":\"spf\","
    "\"properties\":[],\"reason\":null,\"result\":\"fail\",\"why\":null}],"
    "\"results_left_out\":1,\"seal\":0,\"server\":null}],"
    "\"claims_left_out\":5,\"color\":\"grey\",";

static void
test_write(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct fixture f;

	fill(&f);
	record_write(out, &f.record);
	g_string_truncate(out, strlen(want));
	g_assert_cmpstr(out->str, ==, want);
}

static bool
reads(struct record_view *view, struct arena *arena, const char *line)
{
	enum record_kind kind;
	const char *why;

	return record_read(
	    view, &kind, arena, span_trim_fws(span_from_string(line)), &why);
}

/* What is shown has no octet that moves a cursor, and stands places that name
 * no signature. */
static void
test_show(void)
{
	static const char *const lines[] = {
		"  claims in the message (unverified: anybody could have "
		"written them): 1 field, 1 differing, and 5 fields left out\n",
		"    field 5, ARC-Authentication-Results 2, in nobody's name\n",
		"      signed: covered by a signature that is not in the record; "
		"sealed by a signature that is not in the record",
		"      dkim=pass header.d=\xef\xbf\xbd\\u{1b} action= and 3 more "
		"reason=\"\\u{202e}\"\n",
		"        -> differs: the result is another here (",
		"      and 1 more results\n",
		"      not read from octet 9 of its value on: bad-comment\n",
	};
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	struct record_view view;
	struct fixture f;

	fill(&f);
	record_write(line, &f.record);
	g_assert_true(reads(&view, arena, line->str));
	person_write(out, &view, false, true);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_test_message("%s", lines[i]);
		g_assert_nonnull(strstr(out->str, lines[i]));
	}
	g_string_truncate(out, 0);
	person_write(out, &view, false, false);
	g_assert_nonnull(strstr(out->str, lines[0]));
	g_assert_null(strstr(out->str, lines[1]));
	record_view_clear(&view);
}

/* Known members have their type. */
static void
test_refuse(void)
{
	static const char *const changes[][2] = {
		{ "\"covered_by\":[0]", "\"covered_by\":[-1]" },
		{ "\"covered_by\":[0]", "\"covered_by\":[\"0\"]" },
		{ "\"covered_by\":[0]", "\"covered_by\":0" },
		{ "\"place\":4", "\"place\":\"4\"" },
		{ "\"agreement\":null", "\"agreement\":1" },
		{ "\"seal\":0", "\"seal\":-1" },
		{ "\"value\":\"\"", "\"value\":0" },
		{ "\"claims_left_out\":5", "\"claims_left_out\":null" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		g_autoptr(arena_auto) arena = arena_new();
		struct record_view view;
		struct fixture f;

		fill(&f);
		record_write(line, &f.record);
		g_assert_cmpuint(
		    g_string_replace(line, changes[i][0], changes[i][1], 1), ==,
		    1);
		g_test_message("%s", changes[i][1]);
		g_assert_false(reads(&view, arena, line->str));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/record_claims/write", test_write);
	g_test_add_func("/record_claims/show", test_show);
	g_test_add_func("/record_claims/refuse", test_refuse);
	return g_test_run();
}
