/* test_exhibit.c - exhibits of a small snapshot: made, read, damaged. */
#include "keysnap/store/exhibit_make.h"
#include "store_fixture.h"

#include <string.h>

#define NAME "s0._domainkey.a.example"

struct fixture {
	struct store_fixture store;
	struct snapshot_seals seals;
	struct exhibit exhibit; /* of NAME */
	GString *text;
};

static bool
make(struct fixture *f, struct span name, uint64_t evidence,
    struct exhibit *exhibit)
{
	struct exhibit_choice choice = { name, evidence };
	GError *error = NULL;
	bool ok =
	    exhibit_make(exhibit, &f->seals, &choice, f->store.crypto, &error);

	g_assert_no_error(error);
	return ok;
}

static void
setup(struct fixture *f, gconstpointer unused)
{
	memset(f, 0, sizeof(*f));
	store_fixture_setup(&f->store, unused);
	g_assert_true(snapshot_seals_read(
	    &f->seals, f->store.signed_, f->store.crypto, NULL));
	g_assert_true(make(f, SPAN(NAME), EXHIBIT_EVIDENCE_MAX, &f->exhibit));
	f->text = g_string_new(NULL);
	exhibit_write(f->text, &f->exhibit);
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	g_string_free(f->text, TRUE);
	snapshot_seals_clear(&f->seals);
	store_fixture_teardown(&f->store, unused);
}

static void
count_bad(void *user, const struct snapshot_finding *finding)
{
	int *bad = user;

	g_assert_nonnull(finding->check);
	*bad += !finding->good && !finding->noted;
}

/* How many findings are bad; -1 when it cannot even be read. */
static int
findings_of(struct fixture *f, struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct exhibit exhibit;
	const char *why = NULL;
	int bad = 0;

	if (!exhibit_parse(&exhibit, arena, f->store.crypto, text, &why)) {
		g_assert_nonnull(why);
		return -1;
	}
	g_assert_null(why);
	exhibit_check(&exhibit, f->store.crypto, count_bad, &bad);
	return bad;
}

static struct span
text_of(const GString *text)
{
	return (struct span){ (const uint8_t *)text->str, text->len };
}

/* Entry 0, two sources, two observations under the name of each import, and
 * the evidence of both sources. */
static void
test_made(struct fixture *f, gconstpointer unused)
{
	static const uint64_t want[] = { 0, 1, 2, 6, 7, 8, 12 };
	g_autoptr(GString) again = g_string_new(NULL);
	struct exhibit parsed, none;
	const char *why;

	(void)unused;
	g_assert_cmpuint(f->exhibit.n_entries, ==, G_N_ELEMENTS(want));
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
		g_assert_cmpuint(f->exhibit.entries[i].number, ==, want[i]);
	g_assert_cmpuint(f->exhibit.n_pieces, ==, 4);
	g_assert_cmpuint(f->exhibit.n_left_out, ==, 0);
	g_assert_true(exhibit_parse(
	    &parsed, f->store.arena, f->store.crypto, text_of(f->text), &why));
	exhibit_write(again, &parsed);
	g_assert_cmpstr(again->str, ==, f->text->str);
	g_assert_cmpint(findings_of(f, text_of(f->text)), ==, 0);
	g_assert_false(make(f, SPAN("x._domainkey.a.example"), 0, &none));
}

/* Evidence up to a number of octets; the rest is named. */
static void
test_left_out(struct fixture *f, gconstpointer unused)
{
	struct exhibit some;
	g_autoptr(GString) text = g_string_new(NULL);

	(void)unused;
	g_assert_true(make(f, SPAN(NAME), 40, &some));
	g_assert_cmpuint(some.n_pieces, ==, 2);
	g_assert_cmpuint(some.n_left_out, ==, 2);
	exhibit_write(text, &some);
	g_assert_cmpint(findings_of(f, text_of(text)), ==, 0);
	g_assert_true(make(f, SPAN(NAME), 0, &some));
	g_assert_cmpuint(some.n_pieces, ==, 0);
	some.n_left_out--;
	g_string_truncate(text, 0);
	exhibit_write(text, &some);
	g_assert_cmpint(findings_of(f, text_of(text)), ==, 1);
}

/* Statements that were not in the log, or are not about the name. */
static void
test_lies(struct fixture *f, gconstpointer unused)
{
	struct exhibit *exhibit = &f->exhibit;
	g_autoptr(GString) text = g_string_new(NULL);
	struct exhibit lie = *exhibit;
	struct exhibit_entry entries[7];

	(void)unused;
	memcpy(entries, exhibit->entries, sizeof(entries));
	lie.entries = entries;
	entries[2].leaf = entries[3].leaf;
	exhibit_write(text, &lie);
	g_assert_cmpint(findings_of(f, text_of(text)), ==, 1);
	memcpy(entries, exhibit->entries, sizeof(entries));
	entries[4].number++;
	g_string_truncate(text, 0);
	exhibit_write(text, &lie);
	g_assert_cmpint(findings_of(f, text_of(text)), ==, -1);
	/* Without its source. */
	memcpy(entries, exhibit->entries, sizeof(entries));
	memmove(entries + 1, entries + 2, 5 * sizeof(*entries));
	lie.n_entries--;
	g_string_truncate(text, 0);
	exhibit_write(text, &lie);
	g_assert_cmpint(findings_of(f, text_of(text)), >, 1);
	/* Under another name. */
	lie = *exhibit;
	lie.name = SPAN("s1._domainkey.a.example");
	g_string_truncate(text, 0);
	exhibit_write(text, &lie);
	g_assert_cmpint(findings_of(f, text_of(text)), ==, 1);
	/* Other evidence. */
	lie = *exhibit;
	lie.pieces[0].octets = SPAN("made up");
	g_string_truncate(text, 0);
	exhibit_write(text, &lie);
	g_assert_cmpint(findings_of(f, text_of(text)), ==, 1);
}

/* Every octet counts. */
static void
test_flips(struct fixture *f, gconstpointer unused)
{
	size_t overlooked = 0;
	struct span text = text_of(f->text);
	size_t start = span_find(text, '\n') + 1;
	/* The checkpoint's text holds its signatures, and those are checked by
	 * the caller. */
	size_t end = start + span_find(span_from(text, start), '\n');

	(void)unused;
	for (size_t i = 0; i < text.n * 8; i += 3) {
		if (i / 8 >= start && i / 8 <= end)
			continue;
		f->text->str[i / 8] ^= (char)(1 << i % 8);
		overlooked += findings_of(f, text) == 0;
		f->text->str[i / 8] ^= (char)(1 << i % 8);
	}
	g_assert_cmpuint(overlooked, ==, 0);
	for (size_t n = 0; n < text.n; n += 7)
		g_assert_cmpint(findings_of(f, span_sub(text, 0, n)), !=, 0);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/exhibit/made", test_made);
	ADD("/exhibit/left-out", test_left_out);
	ADD("/exhibit/lies", test_lies);
	ADD("/exhibit/flips", test_flips);
	return g_test_run();
}
