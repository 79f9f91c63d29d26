/* test_base64.c - RFC 4648 section 10, and what is not base64. */
#include "keysnap/base/base64.h"
#include "tests/unit/span_assert.h"

#include <string.h>

/* "fws" is the status with FWS allowed; strict takes it only when "strict". */
static const struct {
	const char *text;
	size_t text_n;
	const char *octets;
	size_t octets_n;
	enum base64_status fws;
	bool strict;
} cases[] = {
#define CASE(text, octets, fws, strict)                                  \
	{                                                                \
		text, sizeof(text) - 1, octets, sizeof(octets) - 1, fws, \
		    strict                                               \
	}
	CASE("", "", BASE64_OK, true),
	CASE("Zg==", "f", BASE64_OK, true),
	CASE("Zm8=", "fo", BASE64_OK, true),
	CASE("Zm9v", "foo", BASE64_OK, true),
	CASE("Zm9vYg==", "foob", BASE64_OK, true),
	CASE("Zm9vYmE=", "fooba", BASE64_OK, true),
	CASE("Zm9vYmFy", "foobar", BASE64_OK, true),
	CASE("+/+/AAD/", "\xfb\xff\xbf\0\0\xff", BASE64_OK, true),
	CASE("Z\r\n\tg = = ", "f", BASE64_OK, false),
	CASE("\nZg==", "f", BASE64_OK, false),
	CASE("Zh==", "f", BASE64_UNUSED_BITS, false),
	CASE("Zm9=", "fo", BASE64_UNUSED_BITS, false),
	CASE("Zg", "", BASE64_BAD_LENGTH, false),
	CASE("Zg=", "", BASE64_BAD_LENGTH, false),
	CASE("Zg===", "", BASE64_BAD_LENGTH, false),
	CASE("Z", "", BASE64_BAD_LENGTH, false),
	CASE("Z===", "", BASE64_BAD_LENGTH, false),
	CASE("=", "", BASE64_BAD_LENGTH, false),
	CASE("Zm9v=", "", BASE64_BAD_LENGTH, false),
	CASE("Zg==Zg==", "", BASE64_BAD_LENGTH, false),
	CASE("Zm=v", "", BASE64_BAD_LENGTH, false),
	CASE("Zm9\0", "", BASE64_BAD_CHARACTER, false),
	CASE("Zm9\xc3", "", BASE64_BAD_CHARACTER, false),
	CASE("Zm-_", "", BASE64_BAD_CHARACTER, false),
	CASE("Zm9\v", "", BASE64_BAD_CHARACTER, false),
#undef CASE
};

static void
test_decode(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span text = { (const uint8_t *)cases[i].text,
			cases[i].text_n };
		struct span want = { (const uint8_t *)cases[i].octets,
			cases[i].octets_n };
		struct span got;

		g_assert_cmpint(
		    base64_decode_fws(arena, text, &got), ==, cases[i].fws);
		span_assert_equal(cases[i].text, got, want);
		g_assert_true(
		    base64_decode_strict(arena, text, &got) == cases[i].strict);
		if (!cases[i].strict)
			want.n = 0;
		span_assert_equal(cases[i].text, got, want);
	}
}

/* Groups are cut by FWS in every place, and an octet that is none is found
 * in every place. */
static void
test_places(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *whole = "Zm9vYmFyYmF6cXV4";
	struct span got;

	for (size_t at = 0; at <= strlen(whole); at++) {
		g_autofree char *folded =
		    g_strdup_printf("%.*s\r\n\t%s", (int)at, whole, whole + at);
		g_autofree char *odd =
		    g_strdup_printf("%.*s.%s", (int)at, whole, whole + at);

		g_assert_cmpint(
		    base64_decode_fws(arena, span_from_string(folded), &got),
		    ==, BASE64_OK);
		span_assert_equal(folded, got, SPAN("foobarbazqux"));
		g_assert_cmpint(
		    base64_decode_fws(arena, span_from_string(odd), &got), ==,
		    BASE64_BAD_CHARACTER);
	}
}

/* Every length to 300 comes back, appended behind what was there. */
static void
test_round_trip(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	uint8_t octets[300];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 37);
	for (size_t n = 0; n <= sizeof(octets); n++) {
		struct span want = { octets, n }, got;

		g_string_assign(out, "x");
		base64_append(out, want);
		g_assert_cmpuint(out->len, ==, 1 + (n + 2) / 3 * 4);
		g_assert_cmpint(out->str[0], ==, 'x');
		g_assert_true(base64_decode_strict(arena,
		    (struct span){
			(const uint8_t *)out->str + 1, out->len - 1 },
		    &got));
		span_assert_equal("round trip", got, want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/base64/decode", test_decode);
	g_test_add_func("/base64/round-trip", test_round_trip);
	g_test_add_func("/base64/places", test_places);
	return g_test_run();
}
