/* test_journal.c - lines of a journal written, read back, and refused. */
#include "keysnap/base/timestamp.h"
#include "verifier/run/journal.h"

#include <string.h>

#define AB8  "abababababababab"
#define AB64 AB8 AB8 AB8 AB8
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"

static struct span
line_of(const GString *out)
{
	g_assert_cmpuint(out->len, >, 0);
	return (struct span){ (const uint8_t *)out->str, out->len - 1 };
}

static bool
read_line(struct journal_line *line, struct arena *arena, const GString *out)
{
	const char *why = NULL;
	bool good = journal_read_line(line, arena, line_of(out), &why);

	if (!good)
		g_test_message("%s: %s", out->str, why);
	return good;
}

/* ---- points -------------------------------------------------------------- */

static void
fill_point(struct journal_point *point)
{
	*point = (struct journal_point){
		.records = 7,
		.octets = 4096,
		.path = SPAN("a\xff/\"b"),
		.prefix = { .file = 2, .octets = 99 },
		.prefix_path = SPAN("in.mbox"),
		.counts = { .first_date = -5, .last_date = TIMESTAMP_NONE },
	};
	memset(point->results_sha256, 0xab, DIGEST_SHA256_SIZE);
	memset(point->prefix.sha256, 0xab, DIGEST_SHA256_SIZE);
	point->counts.verdicts[0] = 3;
	point->counts.verdicts[VERDICTS - 1] = 4;
	point->counts.wanted_signatures = 1;
}

static const char want_point[] =
    "{\"point\":{\"first_date\":-5,\"items_sha256\":\"" ZERO
    "\",\"last_date\":null,\"octets\":4096,\"path\":\"a\\\\255/\\\"b\","
    "\"prefix\":{\"file\":2,\"octets\":99,\"path\":\"in.mbox\",\"sha256\":"
    "\"" AB64 "\"},\"records\":7,\"results_sha256\":\"" AB64
    "\",\"verdicts\":[3,0,0,0,0,0,0,0,0,0,0,0,0,4],"
    "\"wanted_signatures\":1}}\n";

static void
test_point(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct journal_point point;
	struct journal_line line;

	fill_point(&point);
	journal_write_point(out, &point);
	g_assert_cmpstr(out->str, ==, want_point);
	g_assert_true(read_line(&line, arena, out));
	g_assert_cmpint(line.kind, ==, JOURNAL_POINT);
	g_assert_cmpuint(line.point.records, ==, 7);
	g_assert_cmpuint(line.point.octets, ==, 4096);
	g_assert_cmpuint(line.point.prefix.file, ==, 2);
	g_assert_cmpuint(line.point.prefix.octets, ==, 99);
	g_assert_cmpuint(line.point.prefix.sha256[31], ==, 0xab);
	g_assert_true(span_equal(line.point.path, point.path));
	g_assert_true(span_equal(line.point.prefix_path, point.prefix_path));
	g_assert_cmpint(line.point.counts.first_date, ==, -5);
	g_assert_true(line.point.counts.last_date == TIMESTAMP_NONE);
	g_assert_cmpuint(line.point.counts.messages, ==, 7);
	g_assert_cmpuint(line.point.counts.wanted_signatures, ==, 1);
}

/* The line of the point with "from" replaced by "to": is it taken? */
static const struct {
	const char *name, *from, *to;
	bool want;
} changes[] = {
	{ "as it is", "\"file\":2", "\"file\":2", true },
	{ "no prefix",
	    "{\"file\":2,\"octets\":99,\"path\":\"in.mbox\",\"sha256\":"
	    "\"" AB64 "\"}",
	    "null", true },
	{ "file 0", "\"file\":2", "\"file\":0", false },
	{ "prefix of nothing", "\"octets\":99", "\"octets\":0", false },
	{ "negative", "\"records\":7", "\"records\":-7", false },
	{ "real number", "\"records\":7", "\"records\":7.0", false },
	{ "text", "\"records\":7", "\"records\":\"7\"", false },
	{ "member away", "\"records\":7,", "", false },
	{ "member twice", "\"records\":7", "\"records\":7,\"records\":7",
	    false },
	{ "white space", "\"records\":7", "\"records\": 7", false },
	{ "date out of range", "-5", "-62167219201", false },
	{ "date no number", "-5", "\"x\"", false },
	{ "upper case hash", "results_sha256\":\"ab", "results_sha256\":\"AB",
	    false },
	{ "escape", "a\\\\255", "a\\\\256", false },
	{ "escape not needed", "in.mbox", "in\\\\046mbox", false },
	{ "one verdict less", "[3,", "[", false },
	{ "negative verdict", "[3,", "[-3,", false },
	{ "second member", "}}\n", "},\"z\":1}\n", false },
	{ "other kind", "{\"point\"", "{\"pint\"", false },
	{ "kind of another", "{\"point\"", "{\"want\"", false },
};

static void
test_changes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autoptr(GString) text = g_string_new(want_point);
		struct journal_line line;
		const char *why = NULL;
		bool got;

		g_assert_cmpuint(
		    g_string_replace(text, changes[i].from, changes[i].to, 1),
		    ==, 1);
		got = journal_read_line(&line, arena, line_of(text), &why);
		if (got != changes[i].want)
			g_test_message(
			    "%s: %s", changes[i].name, got ? "taken" : why);
		g_assert_true(got == changes[i].want);
		g_assert_true(got || why != NULL);
	}
}

/* ---- what a block holds -------------------------------------------------- */

static void
test_lines(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct journal_line line;

	journal_write_lines(
	    out, JOURNAL_INPUT, SPAN("{\"a\":1}\n{\"path\":\"}\"}\n"));
	g_assert_cmpstr(out->str, ==,
	    "{\"input\":{\"a\":1}}\n{\"input\":{\"path\":\"}\"}}\n");
	g_string_truncate(out, 0);
	journal_write_lines(out, JOURNAL_NOTE, SPAN("{\"path\":\"}\"}\n"));
	g_assert_true(read_line(&line, arena, out));
	g_assert_cmpint(line.kind, ==, JOURNAL_NOTE);
	g_assert_true(span_equal(line.text, SPAN("{\"path\":\"}\"}")));
	g_assert_true(journal_is(line_of(out), JOURNAL_NOTE));
	g_assert_false(journal_is(line_of(out), JOURNAL_INPUT));
}

static void
test_tally(void)
{
	static const struct want want = {
		.domain = SPAN("example.com"),
		.selector = SPAN("s"),
		.first = 10,
		.last = TIMESTAMP_NONE,
	};
	g_autoptr(GString) out = g_string_new(NULL);
	struct tally more, known;

	tally_init(&more);
	tally_init(&known);
	tally_add_sender(&known, SPAN("old@example.com"));
	tally_add_sender(&more, SPAN("old@example.com"));
	tally_add_sender(&more, SPAN("new\xff@example.com"));
	tally_add_domain(&more, SPAN("example.com"));
	wants_add_many(more.wants, &want, 3);
	journal_write_tally(out, &more, &known);
	g_assert_cmpstr(out->str, ==,
	    "{\"sender\":\"new\\\\255@example.com\"}\n"
	    "{\"domain\":\"example.com\"}\n"
	    "{\"want\":{\"count\":3,\"domain\":\"example.com\",\"first\":10,"
	    "\"last\":null,\"selector\":\"s\"}}\n");
	tally_clear(&more);
	tally_clear(&known);
}

static const struct {
	const char *line;
	bool want;
} others[] = {
	{ "{\"sender\":\"x\"}", true },
	{ "{\"sender\":\"\"}", false },
	{ "{\"sender\":1}", false },
	{ "{\"domain\":\"x\\\\000\"}", true },
	{ "{\"end\":\"" AB64 "\"}", true },
	{ "{\"end\":\"" AB8 "\"}", false },
	{ "{\"end\":null}", false },
	{ "{\"input\":[]}", false },
	{ "{\"run\":{}}", true },
	{ "{\"want\":{\"count\":1,\"domain\":\"x\",\"first\":null,"
	  "\"last\":0,\"selector\":\"y\"}}",
	    true },
	{ "{\"want\":{\"count\":0,\"domain\":\"x\",\"first\":null,"
	  "\"last\":0,\"selector\":\"y\"}}",
	    false },
	{ "{\"want\":{\"count\":1,\"domain\":\"x\\\\000\",\"first\":null,"
	  "\"last\":0,\"selector\":\"y\"}}",
	    false },
	{ "{\"want\":{\"count\":1,\"domain\":\"x\",\"first\":null,"
	  "\"last\":0,\"selector\":\"\"}}",
	    false },
	{ "{\"want\":7}", false },
	{ "{}", false },
	{ "[]", false },
	{ "", false },
};

static void
test_others(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		struct journal_line line;
		const char *why = NULL;
		bool got = journal_read_line(
		    &line, arena, span_from_string(others[i].line), &why);

		if (got != others[i].want)
			g_test_message("%s", others[i].line);
		g_assert_true(got == others[i].want);
	}
}

/* ---- the run ------------------------------------------------------------- */

struct run_fixture {
	uint8_t hash[DIGEST_SHA256_SIZE], other[DIGEST_SHA256_SIZE];
	struct record_header header;
	struct policy policy;
	struct container_limits limits;
	struct journal_run run;
};

static void
fill_run(struct run_fixture *f)
{
	*f = (struct run_fixture){
		.header = { .tool = "verifier 1",
		    .origin = SPAN("o"),
		    .root = f->hash,
		    .vouched = "nobody" },
		.policy = { .min_grade = GRADE_D, .max_gap_days = 5 },
		.run = { .arguments = 1 },
	};
	memset(f->other, 1, sizeof(f->other));
	f->run.header = &f->header;
	f->run.policy = &f->policy;
	f->run.public_suffix_list = f->run.arguments_sha256 = f->hash;
	f->run.limits = &f->limits;
}

static void
change_nothing(struct run_fixture *f)
{
	(void)f;
}

static void
change_tool(struct run_fixture *f)
{
	f->header.tool = "verifier 2";
}

static void
change_root(struct run_fixture *f)
{
	f->header.root = f->other;
}

static void
change_vouched(struct run_fixture *f)
{
	f->header.vouched = "root";
}

static void
change_grade(struct run_fixture *f)
{
	f->policy.min_grade = GRADE_B;
}

static void
change_gap(struct run_fixture *f)
{
	f->policy.max_gap_days = 6;
}

static void
change_equivalences(struct run_fixture *f)
{
	f->run.equivalences = f->hash;
}

static void
change_anchors(struct run_fixture *f)
{
	f->run.anchors = f->hash;
}

static void
change_list(struct run_fixture *f)
{
	f->run.public_suffix_list = f->other;
}

static void
change_limits(struct run_fixture *f)
{
	f->limits.ratio = 1;
}

static void
change_arguments(struct run_fixture *f)
{
	f->run.arguments_sha256 = f->other;
}

static const struct {
	void (*change)(struct run_fixture *f);
	const char *want;
} runs[] = {
	{ change_nothing, NULL },
	{ change_tool, "the version of verifier" },
	{ change_root, "the snapshot, or who vouches for it" },
	{ change_vouched, "the snapshot, or who vouches for it" },
	{ change_grade, "--min-grade" },
	{ change_gap, "--max-gap" },
	{ change_equivalences, "--equivalences" },
	{ change_anchors, "--anchor, or what goes with it" },
	{ change_list, "the public suffix list" },
	{ change_limits, "the bounds on containers" },
	{ change_arguments, "the archive arguments" },
};

static void
test_runs(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) first = g_string_new(NULL);
	struct journal_line one, two;
	struct run_fixture f;

	fill_run(&f);
	journal_write_run(first, &f.run);
	g_assert_true(read_line(&one, arena, first));
	for (size_t i = 0; i < G_N_ELEMENTS(runs); i++) {
		g_autoptr(GString) second = g_string_new(NULL);

		fill_run(&f);
		runs[i].change(&f);
		journal_write_run(second, &f.run);
		g_assert_true(read_line(&two, arena, second));
		g_assert_cmpstr(journal_run_difference(one.text, two.text), ==,
		    runs[i].want);
	}
	g_assert_cmpstr(journal_run_difference(one.text, SPAN("{}")), !=, NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/journal/point", test_point);
	g_test_add_func("/journal/changes", test_changes);
	g_test_add_func("/journal/lines", test_lines);
	g_test_add_func("/journal/tally", test_tally);
	g_test_add_func("/journal/others", test_others);
	g_test_add_func("/journal/runs", test_runs);
	return g_test_run();
}
