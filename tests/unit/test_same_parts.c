/* test_same_parts.c - parts that are the same in several messages. */
#include "verifier/case/same_parts.h"

#include <glib.h>

#define MIXED        "Content-Type: multipart/mixed; boundary=b\n\n"
#define PART(x)      "--b\n\n" x "\n"
#define BASE64(x)    "--b\nContent-Transfer-Encoding: base64\n\n" x "\n"
#define END          "--b--\n"

#define MESSAGES_MAX 4

/* What is the same: "record.part=record.part", "!" when as stored. */
static const struct {
	const char *name, *texts[MESSAGES_MAX], *want;
} cases[] = {
	{ "alone", { MIXED PART("x") PART("x") END }, "" },
	{ "nothing", { MIXED PART("x") END, MIXED PART("y") END }, "" },
	{ "other order",
	    { MIXED PART("x") PART("y") END, MIXED PART("y") PART("x") END },
	    "1.0=2.1! 1.1=2.0! 2.0=1.1! 2.1=1.0! " },
	{ "other encoding", { MIXED PART("AB") END, MIXED BASE64("QUI=") END },
	    "1.0=2.0 2.0=1.0 " },
	{ "same octets, other encoding",
	    { MIXED PART("QUI=") END, MIXED BASE64("QUI=") END }, "" },
	{ "twice in one",
	    { MIXED PART("x") END, MIXED PART("x") PART("x") END },
	    "1.0=2.0! 2.0=1.0! 2.1=1.0! " },
	{ "in three",
	    { MIXED PART("x") END, MIXED PART("y") END, MIXED PART("x") END,
		MIXED PART("x") END },
	    "1.0=3.0! 1.0=4.0! 3.0=1.0! 3.0=4.0! 4.0=1.0! 4.0=3.0! " },
	{ "a whole body and a part", { "A: b\n\nx", MIXED PART("x") END },
	    "1.0=2.0! 2.0=1.0! " },
	{ "empty ones", { MIXED PART("") PART("x") END, MIXED PART("") END },
	    "" },
	{ "no body", { "A: b\n\n", "A: b\n" }, "" },
	{ "empty when decoded",
	    { MIXED BASE64("\n") END, MIXED BASE64("\n\n") END }, "" },
	{ "line ends", { "A: b\r\n\r\nx\r\ny", "A: b\n\nx\ny" },
	    "1.0=2.0 2.0=1.0 " },
};

struct fixture {
	struct crypto *crypto;
	struct digest digest;
	struct arena *keep, *scratch;
	struct same_parts *same;
	struct parts_seen *messages[MESSAGES_MAX];
	size_t n;
};

static void
set_up(struct fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->crypto = crypto_open(NULL);
	digest_init(&fixture->digest, fixture->crypto, DIGEST_SHA256);
	fixture->keep = arena_new();
	fixture->scratch = arena_new();
	fixture->same = same_parts_new();
}

static void
tear_down(struct fixture *fixture, gconstpointer data)
{
	(void)data;
	same_parts_free(fixture->same);
	arena_free(fixture->scratch);
	arena_free(fixture->keep);
	digest_clear(&fixture->digest);
	crypto_close(fixture->crypto);
}

static struct parts_seen *
add(struct fixture *fixture, const char *text, size_t max)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	struct message message;
	struct parts_seen *parts;

	arena_reset(fixture->scratch);
	message_open(
	    &message, fixture->scratch, buffer, span_from_string(text), &wire);
	parts = parts_seen_take(
	    fixture->keep, fixture->scratch, &fixture->digest, &message, max);
	parts->record = fixture->n + 1;
	parts->verdict = VERDICT_VERIFIED;
	same_parts_add(fixture->same, parts);
	return fixture->messages[fixture->n++] = parts;
}

static char *
pairs(const struct fixture *fixture)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < fixture->n; i++) {
		const struct parts_seen *parts = fixture->messages[i];

		for (size_t k = 0; k < parts->n; k++) {
			const struct part_seen *part = &parts->list[k];
			const struct part_seen *other = NULL;

			while ((other = same_parts_next(
				    fixture->same, part, other)) != NULL)
				g_string_append_printf(out,
				    "%zu.%zu=%zu.%zu%s ", i + 1, part->number,
				    (size_t)other->of->record, other->number,
				    same_as_stored(part, other) ? "!" : "");
		}
	}
	return g_string_free(out, FALSE);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct fixture fixture = { .n = 0 };
		g_autofree char *found = NULL;

		set_up(&fixture, NULL);
		g_test_message("%s", cases[i].name);
		for (size_t k = 0; k < MESSAGES_MAX && cases[i].texts[k]; k++)
			add(&fixture, cases[i].texts[k], SAME_PARTS_MAX);
		found = pairs(&fixture);
		g_assert_cmpstr(found, ==, cases[i].want);
		g_assert_true(
		    same_parts_any(fixture.same, fixture.messages[0]) ==
		    (strncmp(cases[i].want, "1.", 2) == 0));
		tear_down(&fixture, NULL);
	}
}

static void
test_bounds(struct fixture *fixture, gconstpointer data)
{
	g_autoptr(GString) text = g_string_new(MIXED);
	const struct parts_seen *parts;

	(void)data;
	for (int i = 0; i < SAME_PARTS_MAX + 3; i++)
		g_string_append_printf(text, PART("x %d"), i);
	g_string_append(text, END);
	parts = add(fixture, text->str, SIZE_MAX);
	g_assert_cmpuint(parts->n, ==, SAME_PARTS_MAX);
	g_assert_cmpuint(parts->left_out, ==, 3);
	g_assert_cmpuint(parts->total, ==, SAME_PARTS_MAX + 3);
	parts = add(fixture, text->str, 2);
	g_assert_cmpuint(parts->n, ==, 2);
	parts = add(fixture, text->str, 0);
	g_assert_cmpuint(parts->n, ==, 0);
	g_assert_cmpuint(parts->left_out, ==, SAME_PARTS_MAX + 3);
	g_assert_false(same_parts_any(fixture->same, parts));
}

/* What is said of signers, and never more: by where the signed octets end. */
static void
test_signers(struct fixture *fixture, gconstpointer data)
{
	static const struct {
		int64_t beyond; /* of what ends the part */
		const char *want;
	} ends[] = {
		{ 0,
		    "whose signature by d.\\x{ff} (verified) covers it there" },
		{ -1,
		    "whose signature by d.\\x{ff} (verified) covers a part of "
		    "it there" },
		{ -40, "where no signature that passes covers it" },
	};
	const struct parts_seen *parts =
	    add(fixture, MIXED PART("xyz") END, SAME_PARTS_MAX);
	struct parts_seen *other =
	    add(fixture, MIXED PART("xyz") END, SAME_PARTS_MAX);
	const struct part_place *place = &other->list[0].place;

	(void)data;
	other->n_signers = 1;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		other->signers[0] = (struct part_signer){
			.verdict = VERDICT_VERIFIED,
			.domain = SPAN("d.\xff"),
			.canon = CANON_SIMPLE,
			.signed_end = (size_t)MAX((int64_t)place->at,
			    (int64_t)place->behind + ends[i].beyond),
		};
		same_parts_write_person(out, fixture->same, parts);
		g_assert_nonnull(strstr(out->str, ends[i].want));
		g_assert_nonnull(strstr(out->str, "does not show what the "));
	}
	g_autoptr(GString) inexact = g_string_new(NULL);
	other->signers[0].canon = CANON_RELAXED;
	other->signers[0].signed_end = place->behind;
	same_parts_write_person(inexact, fixture->same, parts);
	g_assert_nonnull(strstr(inexact->str,
	    "covers it, but not each octet of its content, there"));
	other->n_signers = 0;
	other->repaired = true;
	g_autoptr(GString) out = g_string_new(NULL);
	same_parts_write_person(out, fixture->same, parts);
	g_assert_nonnull(strstr(out->str, "not said what it covers"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/same-parts/cases", test_cases);
	g_test_add("/same-parts/bounds", struct fixture, NULL, set_up,
	    test_bounds, tear_down);
	g_test_add("/same-parts/signers", struct fixture, NULL, set_up,
	    test_signers, tear_down);
	return g_test_run();
}
