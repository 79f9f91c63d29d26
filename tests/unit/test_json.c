/* test_json.c - canonical JSON, written and read back. */
#include "keysnap/base/json.h"
#include "keysnap/base/json_tree.h"
#include "keysnap/base/timestamp.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

static void
test_structure(void)
{
	g_autoptr(GString) out = g_string_new("> ");
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_open_array(&writer, "a");
	json_write_integer(&writer, NULL, 0);
	json_write_integer(&writer, NULL, JSON_INTEGER_MAX);
	json_write_integer(&writer, NULL, -JSON_INTEGER_MAX);
	json_open_object(&writer, NULL);
	json_close_object(&writer);
	json_close_array(&writer);
	json_write_bool(&writer, "b", true);
	json_write_hex(&writer, "c", SPAN("\x01\xfe"));
	json_write_null(&writer, "d");
	json_write_raw(&writer, "e", SPAN("{\"x\":1}"));
	json_write_string(&writer, "f", "\xc3\xbc");
	json_write_time(&writer, "g", 0);
	json_write_time(&writer, "h", TIMESTAMP_NONE);
	json_write_bool(&writer, "i", false);
	json_close_object(&writer);
	span_assert_equal("structure", span_of(out),
	    SPAN("> {\"a\":[0,9007199254740991,-9007199254740991,{}],"
		 "\"b\":true,\"c\":\"01fe\",\"d\":null,\"e\":{\"x\":1},"
		 "\"f\":\"\xc3\xbc\",\"g\":\"1970-01-01T00:00:00Z\","
		 "\"h\":null,\"i\":false}"));
}

/* Text is looked at in words: what is odd must be found in every place. */
static void
test_places(void)
{
	static const struct {
		const char *octets, *want;
	} odd[] = { { "\"", "\\\"" }, { "\\", "\\\\" }, { "\x1f", "\\u001f" },
		{ "\n", "\\n" }, { "\xc3\xbc", "\xc3\xbc" }, { "\x7f", "\x7f" },
		{ "!", "!" }, { "", "" } };

	for (size_t n = 0; n < 50; n++) {
		for (size_t i = 0; i < G_N_ELEMENTS(odd) * (n + 1); i++) {
			size_t kind = i % G_N_ELEMENTS(odd);
			size_t at = i / G_N_ELEMENTS(odd);
			g_autofree char *front = g_strnfill(at, 'x');
			g_autofree char *rest = g_strnfill(n - at, ' ');
			g_autofree char *text =
			    g_strconcat(front, odd[kind].octets, rest, NULL);
			g_autofree char *want = g_strconcat(
			    "\"", front, odd[kind].want, rest, "\"", NULL);
			g_autoptr(GString) out = g_string_sized_new(1);
			struct json_writer writer;

			json_writer_init(&writer, out);
			json_write_text(
			    &writer, NULL, NULL, span_from_string(text));
			g_assert_cmpstr(out->str, ==, want);
			g_assert_cmpuint(out->len, ==, strlen(want));
		}
	}
}

static void
test_text(void)
{
	static const struct {
		const char *name;
		struct span text;
		const char *want; /* behind {"t": */
	} cases[] = {
		{ "empty", { NULL, 0 }, "\"\"}" },
		{ "short escapes", BYTES("\"\\\b\t\n\f\r"),
		    "\"\\\"\\\\\\b\\t\\n\\f\\r\"}" },
		{ "other controls", BYTES("\0\x0b\x1f"),
		    "\"\\u0000\\u000b\\u001f\"}" },
		{ "as they are", BYTES("/\x7f\xc2\x80\xe2\x80\xa8<>&"),
		    "\"/\x7f\xc2\x80\xe2\x80\xa8<>&\"}" },
		{ "invalid", BYTES("a\xff\""),
		    "\"a\xef\xbf\xbd\\\"\",\"t_b64\":\"Yf8i\"}" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		struct json_writer writer;

		json_writer_init(&writer, out);
		json_open_object(&writer, NULL);
		json_write_text(&writer, "t", "t_b64", cases[i].text);
		json_close_object(&writer);
		g_assert_true(g_str_has_prefix(out->str, "{\"t\":"));
		span_assert_equal(cases[i].name, span_from(span_of(out), 5),
		    span_from_string(cases[i].want));
	}
}

/* An octet to escape at every place of a text of every length to 40: runs
 * are found eight octets at a time. */
static void
test_runs(void)
{
	static const uint8_t specials[] = { '"', '\\', '\n', 0x01, 0x1f };
	uint8_t text[40];

	for (size_t s = 0; s < sizeof(specials); s++) {
		for (size_t at = 0; at < sizeof(text); at++) {
			g_autoptr(GString) out = g_string_new(NULL);
			json_auto_t *back = NULL;
			struct json_writer writer;

			memset(text, at % 2 == 0 ? 0x20 : 0x21, sizeof(text));
			text[at] = specials[s];
			json_writer_init(&writer, out);
			json_write_text(&writer, NULL, NULL,
			    (struct span){ text, sizeof(text) });
			back = json_loadb(out->str, out->len,
			    JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
			g_assert_true(json_is_string(back));
			span_assert_equal("back",
			    (struct span){
				(const uint8_t *)json_string_value(back),
				json_string_length(back) },
			    (struct span){ text, sizeof(text) });
		}
	}
}

static void
test_octets(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer writer;
	uint8_t all[256];
	struct span back;
	json_auto_t *value = NULL;

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	json_writer_init(&writer, out);
	json_write_octets(&writer, NULL, SPAN("v=1; \"\\\x7f\xff"));
	span_assert_equal("written", span_of(out),
	    SPAN("\"v=1; \\\"\\\\092\\\\127\\\\255\""));

	g_string_truncate(out, 0);
	json_write_octets(&writer, NULL, (struct span){ all, sizeof(all) });
	value = json_loadb(out->str, out->len, JSON_DECODE_ANY, NULL);
	g_assert_true(json_is_string(value));
	g_assert_true(json_read_octets(
	    arena, span_from_string(json_string_value(value)), &back));
	span_assert_equal("all", back, (struct span){ all, sizeof(all) });
}

/* There is one spelling only. */
static void
test_read_octets(void)
{
	static const struct {
		const char *name;
		struct span text;
		bool want;
	} cases[] = {
		{ "empty", { NULL, 0 }, true },
		{ "plain", BYTES("v=DKIM1; p="), true },
		{ "backslash", BYTES("\\092"), true },
		{ "last", BYTES("\\255"), true },
		{ "past the last", BYTES("\\256"), false },
		{ "plain, escaped", BYTES("\\065"), false },
		{ "two digits", BYTES("\\01"), false },
		{ "cut", BYTES("a\\"), false },
		{ "no digit", BYTES("\\0a0"), false },
		{ "doubled", BYTES("\\\\"), false },
		{ "8-bit", BYTES("\xc3\xbc"), false },
		{ "NUL", BYTES("\0"), false },
		{ "DEL", BYTES("\x7f"), false },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span octets;

		g_test_message("%s", cases[i].name);
		g_assert_true(json_read_octets(arena, cases[i].text, &octets) ==
		    cases[i].want);
	}
}

/* Does a line parse, and is it canonical? */
static void
test_parse(void)
{
	static const struct {
		const char *name;
		struct span line;
		bool lax, canonical;
	} cases[] = {
		{ "empty object", BYTES("{}"), true, true },
		{ "members", BYTES("{\"a\":1,\"b\":[true,null,\"x\"]}"), true,
		    true },
		{ "NUL in a string", BYTES("{\"a\":\"\\u0000\"}"), true, true },
		{ "UTF-16 order",
		    BYTES("{\"\xf0\x9f\x98\x80\":1,\"\xef\xac\xb3\":2}"), true,
		    true },
		{ "code point order",
		    BYTES("{\"\xef\xac\xb3\":2,\"\xf0\x9f\x98\x80\":1}"), true,
		    false },
		{ "name to escape", BYTES("{\"\\n\":1,\"\\\"\":2}"), true,
		    true },
		{ "wrong order", BYTES("{\"b\":1,\"a\":2}"), true, false },
		{ "space", BYTES("{ }"), true, false },
		{ "needless escape", BYTES("{\"a\":\"\\u0041\"}"), true,
		    false },
		{ "upper-case escape", BYTES("{\"a\":\"\\u001F\"}"), true,
		    false },
		{ "solidus", BYTES("{\"a\":\"\\/\"}"), true, false },
		{ "minus zero", BYTES("{\"a\":-0}"), true, false },
		{ "real", BYTES("{\"a\":1.0}"), true, false },
		{ "2^53-1", BYTES("{\"a\":9007199254740991}"), true, true },
		{ "2^53", BYTES("{\"a\":9007199254740992}"), true, false },
		{ "2^64", BYTES("{\"a\":18446744073709551616}"), false, false },
		{ "16 deep", BYTES("{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"),
		    true, true },
		{ "17 deep", BYTES("{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"),
		    false, false },
		{ "twice", BYTES("{\"a\":1,\"a\":1}"), false, false },
		{ "array", BYTES("[]"), false, false },
		{ "nothing", { NULL, 0 }, false, false },
		{ "cut", BYTES("{\"a\":1"), false, false },
		{ "two values", BYTES("{}{}"), false, false },
		{ "line feed", BYTES("{\n}"), false, false },
		{ "raw NUL", BYTES("{\"a\":\"\0\"}"), false, false },
		{ "8-bit", BYTES("{\"a\":\"\xff\"}"), false, false },
		{ "surrogate", BYTES("{\"a\":\"\\ud800\"}"), false, false },
		{ "NUL in a name", BYTES("{\"\\u0000\":1}"), false, false },
		{ "space at the end", BYTES("{} "), true, false },
		{ "zero in front", BYTES("{\"a\":01}"), false, false },
		{ "null", BYTES("{\"a\":null}"), true, true },
		{ "name escaped needlessly", BYTES("{\"\\u0041\":1}"), true,
		    false },
		{ "byte order mark", BYTES("\xef\xbb\xbf{}"), false, false },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (int canonical = 0; canonical < 2; canonical++) {
			bool want =
			    canonical ? cases[i].canonical : cases[i].lax;
			const char *why = NULL;
			json_auto_t *got = json_parse_line(
			    arena, cases[i].line, canonical != 0, &why);

			g_test_message("%s: %s", cases[i].name,
			    why == NULL ? "good" : why);
			g_assert_true((got != NULL) == want);
			g_assert_true((why == NULL) == want);
		}
		const char *why = NULL;
		g_assert_true((json_tree_parse_canonical(arena, cases[i].line,
				   &why) != NULL) == cases[i].canonical);
		g_assert_true((why == NULL) == cases[i].canonical);
	}
}

/* Members in a wrong order are a mistake of the program. */
static void
test_wrong_order(void)
{
	if (g_test_subprocess()) {
		g_autoptr(GString) out = g_string_new(NULL);
		struct json_writer writer;

		json_writer_init(&writer, out);
		json_open_object(&writer, NULL);
		json_write_null(&writer, "b");
		json_write_null(&writer, "a");
		return;
	}
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_failed();
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/json/structure", test_structure);
	g_test_add_func("/json/places", test_places);
	g_test_add_func("/json/text", test_text);
	g_test_add_func("/json/runs", test_runs);
	g_test_add_func("/json/octets", test_octets);
	g_test_add_func("/json/read-octets", test_read_octets);
	g_test_add_func("/json/parse", test_parse);
	g_test_add_func("/json/wrong-order", test_wrong_order);
	return g_test_run();
}
