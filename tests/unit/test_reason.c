/* test_reason.c - the tables of reasons and verdicts are whole. */
#include "verifier/verdict/reason.h"

#include "verifier/dkim/signature.h"

#include <glib.h>
#include <string.h>

static const char *const banned[] = { "authentic", "written by", "genuine",
	"%" };

static void
assert_sentence(const char *text)
{
	g_assert_nonnull(text);
	g_assert_cmpuint(strlen(text), >, 10);
	g_assert_true(g_str_has_suffix(text, "."));
	g_assert_true(g_ascii_isupper(text[0]));
	for (size_t i = 0; i < G_N_ELEMENTS(banned); i++)
		g_assert_null(strstr(text, banned[i]));
}

/* Lower-case words and digits, joined by single hyphens. */
static void
assert_kebab(const char *code)
{
	g_assert_nonnull(code);
	size_t n = strlen(code);

	g_assert_cmpuint(n, >, 0);
	g_assert_true(code[0] != '-' && code[n - 1] != '-');
	g_assert_null(strstr(code, "--"));
	for (size_t i = 0; i < n; i++)
		g_assert_true(g_ascii_islower(code[i]) ||
		    g_ascii_isdigit(code[i]) || code[i] == '-');
}

static void
test_rows(void)
{
	g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);

	for (int i = 0; i < REASONS; i++) {
		const struct reason_row *row = reason_row((enum reason)i);
		g_test_message("reason %d", i);
		assert_kebab(row->code);
		g_assert_true(g_hash_table_add(codes, (gpointer)row->code));
		assert_sentence(row->text);
		g_assert_nonnull(row->source);
		g_assert_nonnull(result_name(row->result));
		g_assert_cmpint(row->verdict, <=, VERDICTS);
	}
}

/* A reason must not promise green, nor lead a failure to a pass. */
static void
test_results_fit_verdicts(void)
{
	for (int i = 0; i < REASONS; i++) {
		const struct reason_row *row = reason_row((enum reason)i);
		g_test_message("%s", row->code);
		if (row->verdict <= VERDICT_VERIFIED_UNALIGNED)
			g_assert_cmpint(row->result, ==, RESULT_PASS);
		if (row->verdict == VERDICTS)
			g_assert_cmpint(row->result, ==, RESULT_PASS);
		if (row->verdict == VERDICT_VERIFIED)
			g_assert_cmpint(i, ==, REASON_PASS);
		if (row->verdict == VERDICT_VERIFIED_REPAIRED)
			g_assert_cmpint(i, ==, REASON_REPAIRED);
		if (row->verdict == VERDICT_VERIFIED_RESTORED)
			g_assert_cmpint(i, ==, REASON_RESTORED);
	}
}

/* One reason for each bit of the signature field's defects, in order. */
static void
test_signature_defects(void)
{
	for (int bit = 0; 1u << bit <= (unsigned)SIGNATURE_ARC_HEADERS; bit++) {
		const struct reason_row *row =
		    reason_row((enum reason)(REASON_SIGNATURE_SYNTAX + bit));
		bool neutral = (1u << bit) & SIGNATURE_NEUTRAL;
		g_assert_cmpint(row->verdict, ==, VERDICT_MALFORMED);
		g_assert_cmpint(row->result, ==,
		    neutral ? RESULT_NEUTRAL : RESULT_PERMERROR);
	}
	g_assert_cmpint(
	    REASON_ARC_SET_BROKEN - REASON_SIGNATURE_SYNTAX, ==, 27);
}

static void
test_verdicts(void)
{
	g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);

	for (int i = 0; i < VERDICTS; i++) {
		const struct verdict_row *row = verdict_row((enum verdict)i);
		enum verdict back = VERDICTS;
		assert_kebab(row->code);
		g_assert_true(g_hash_table_add(codes, (gpointer)row->code));
		assert_sentence(row->meaning);
		assert_sentence(row->does_not_show);
		g_assert_nonnull(row->label);
		g_assert_true(
		    verdict_from_code(span_from_string(row->code), &back));
		g_assert_cmpint(back, ==, i);
		g_assert_cmpstr(row->color, ==,
		    i <= VERDICT_VERIFIED_REPAIRED  ? "green"
			: i <= VERDICT_HEADERS_ONLY ? "amber"
			: i == VERDICT_ALTERED      ? "red"
						    : "grey");
	}
}

static void
test_unknown_codes(void)
{
	enum verdict back;

	g_assert_false(verdict_from_code(SPAN(""), &back));
	g_assert_false(verdict_from_code(SPAN("VERIFIED"), &back));
	g_assert_false(verdict_from_code(SPAN("verified\0"), &back));
	g_assert_false(verdict_from_code(SPAN("verified-"), &back));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/reason/rows", test_rows);
	g_test_add_func("/reason/results", test_results_fit_verdicts);
	g_test_add_func("/reason/signature", test_signature_defects);
	g_test_add_func("/reason/verdicts", test_verdicts);
	g_test_add_func("/reason/unknown", test_unknown_codes);
	return g_test_run();
}
