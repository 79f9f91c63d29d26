/* test_copied_fields.c - z=, RFC 6376 section 3.5. */
#include "verifier/dkim/copied_fields.h"

#include "tests/unit/span_assert.h"

/* "want" has NAME=VALUE; for each copy. */
static const struct {
	const char *name;
	struct span z;
	struct span want;
} cases[] = {
	{ "empty", SPAN(""), SPAN("") },
	{ "RFC 6376 3.5",
	    SPAN("From:foo@eng.example.net|To:joe@example.com|\r\n "
		 "Subject:demo=20run|Date:July=205,=202005=203:44:08=20PM"),
	    SPAN("From=foo@eng.example.net;To=joe@example.com;"
		 "Subject=demo run;Date=July 5, 2005 3:44:08 PM;") },
	{ "space kept", SPAN("To:=20a"), SPAN("To= a;") },
	{ "FWS dropped", SPAN(" To :\r\n\t a b "), SPAN("To=ab;") },
	{ "no colon", SPAN("To|Cc:b"), SPAN("Cc=b;") },
	{ "no name", SPAN(":a|Cc:b"), SPAN("Cc=b;") },
	{ "a bar in a value", SPAN("Subject:a=7Cb"), SPAN("Subject=a|b;") },
	{ "a fold", SPAN("Subject:a=0D=0A=20b"), SPAN("Subject=a\r\n b;") },
	{ "a second field", SPAN("Subject:a=0D=0AFrom:b|Cc:b"), SPAN("Cc=b;") },
	{ "ends with CRLF", SPAN("Subject:a=0D=0A"), SPAN("") },
	{ "bare CR", SPAN("Subject:a=0Db"), SPAN("") },
	{ "bare LF", SPAN("Subject:a=0A b"), SPAN("") },
	{ "NUL", SPAN("Subject:a=00b"), SPAN("") },
	{ "escapes stay", SPAN("Subject:=1B[2J"), SPAN("Subject=\x1b[2J;") },
	{ "not hexadecimal", SPAN("Subject:a=zz"), SPAN("Subject=a=zz;") },
	{ "nothing behind the bar", SPAN("To:a|"), SPAN("To=a;") },
};

static void
test_cases(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		struct copied_fields fields;

		copied_fields_parse(&fields, arena, cases[i].z);
		for (size_t j = 0; j < fields.n; j++) {
			struct copied_field *one = &fields.list[j];

			g_string_append_len(got, (const char *)one->name.p,
			    (gssize)one->name.n);
			g_string_append_c(got, '=');
			g_string_append_len(got, (const char *)one->value.p,
			    (gssize)one->value.n);
			g_string_append_c(got, ';');
		}
		span_assert_equal(cases[i].name,
		    ((struct span){ (const uint8_t *)got->str, got->len }),
		    cases[i].want);
		g_assert_false(fields.cut);
	}
}

/* "n" copies of four octets, and a bar between them. */
static void
check_many(size_t n, size_t want, bool cut)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) z = g_string_new("To:a");
	struct copied_fields fields;

	for (size_t i = 1; i < n; i++)
		g_string_append(z, "|To:a");
	copied_fields_parse(
	    &fields, arena, (struct span){ (const uint8_t *)z->str, z->len });
	g_assert_cmpuint(fields.n, ==, want);
	g_assert_cmpint(fields.cut, ==, cut);
}

static void
test_bounds(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) z = g_string_new("To:a|Subject:");
	struct copied_fields fields;

	check_many(COPIED_FIELDS_MAX, COPIED_FIELDS_MAX, false);
	check_many(COPIED_FIELDS_MAX + 1, COPIED_FIELDS_MAX, true);
	/* A copy that is cut off is none. */
	while (z->len <= COPIED_OCTETS_MAX)
		g_string_append_c(z, 'x');
	copied_fields_parse(
	    &fields, arena, (struct span){ (const uint8_t *)z->str, z->len });
	g_assert_cmpuint(fields.n, ==, 1);
	g_assert_true(fields.cut);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/copied_fields/cases", test_cases);
	g_test_add_func("/copied_fields/bounds", test_bounds);
	return g_test_run();
}
