/* test_person.c - what people see of a record. */
#include "verifier/report/person.h"

#include <string.h>

#define HASH \
	"\"abababababababababababababababababababababababababababababababab\""

#define BEFORE_SIGNATURES(best, reasons)                                     \
	"{\"best\":" best ",\"color\":\"green\",\"message\":{\"date\":null," \
	"\"from\":null,\"from_domain\":\"a.example\",\"message_id\":null,"   \
	"\"subject\":null},\"reasons\":[" reasons "],\"repairs\":[],"        \
	"\"seq\":1,\"sha256\":" HASH ",\"signatures\":["
#define AFTER_SIGNATURES(verdict)                                             \
	"],\"size\":1,\"source\":{\"length\":1,\"member\":null,\"offset\":0," \
	"\"path\":\"p\"},\"type\":\"message\",\"verdict\":\"" verdict "\"}"

#define KEY(first, last, sources, days, state)                               \
	"{\"bits\":2048,\"days\":" days ",\"entry\":1,\"first_seen\":" first \
	",\"flags\":[\"aging\"],\"grade\":\"D\",\"last_seen\":" last ","     \
	"\"observations\":1,\"sha256\":null,\"sources\":[" sources "],"      \
	"\"time_state\":\"" state "\",\"type\":\"rsa\"}"

#define SIGNATURE(aligned, body, domain, match, time, from, key, verdict)     \
	"{\"a\":null,\"aligned\":" aligned ",\"body\":" body ",\"c\":null,"   \
	"\"d\":null,\"domain\":" domain ",\"expiry\":null,"                   \
	"\"header_match\":" match ",\"headers\":[\"from\",\"to\\u001b[2J\"]," \
	"\"i\":null,\"index\":0,\"interval\":{\"from\":" from ","             \
	"\"from_signed\":true,\"from_source\":\"date\",\"to\":null,"          \
	"\"to_signed\":true,\"to_source\":null},\"key\":" key ","             \
	"\"key_name\":\"s._domainkey.a.example\",\"kind\":\"dkim\","          \
	"\"l\":null,\"notes\":[\"aging-key\"],\"q\":null,\"reason\":null,"    \
	"\"reasons\":[\"pass\"],\"result\":\"pass\",\"s\":null,\"t\":null,"   \
	"\"time\":" time ",\"uncovered\":[\"cc\"],\"verdict\":\"" verdict     \
	"\",\"x\":null}"

#define ALL  "{\"covered\":7,\"hash_match\":true,\"total\":7}"
#define PART "{\"covered\":3,\"hash_match\":false,\"total\":7}"
#define NONE "{\"covered\":null,\"hash_match\":null,\"total\":null}"

#define GOOD                                                            \
	SIGNATURE("true", ALL, "\"a.example\"", "true",                 \
	    "\"2016-11-03T08:12:44Z\"", "null",                         \
	    KEY("\"2016-10-31T00:00:00Z\"", "\"2017-10-31T00:00:00Z\"", \
		"\"one\"", "0", "claimed"),                             \
	    "verified")
#define BAD                                                        \
	SIGNATURE("false", PART, "\"b.example\"", "false", "null", \
	    "\"2015-01-02T00:00:00Z\"",                            \
	    KEY("null", "null", "\"one\",\"two\"", "0", "unknown"), "altered")
#define STRANGE                                                          \
	SIGNATURE("false", NONE, "null", "null", "null", "null", "null", \
	    "malformed")

/* One whose key has all that a key can have. */
#define KNOWN(days, flags, independent, owners, sources, state, weak)         \
	SIGNATURE("true", ALL, "\"a.example\"", "true", "null", "null",       \
	    "{\"bits\":512," days ",\"entry\":7,\"first_seen\":"              \
	    "\"2016-10-31T00:00:00Z\",\"flags\":" flags ",\"grade\":\"B\","   \
	    "\"independent\":" independent ",\"last_seen\":"                  \
	    "\"2017-10-31T00:00:00Z\",\"observations\":3,\"owners\":[" owners \
	    "],\"sha256\":null,\"sources\":[" sources                         \
	    "],\"time_state\":\"" state "\",\"type\":\"rsa\"" weak "}",       \
	    "verified-weak")
#define DAYS(days, after, before) \
	"\"days\":" days ",\"days_after\":" after ",\"days_before\":" before

/* A signature that says four times; "from" is Date. */
#define TIMES(from, to, source, time, expiry)                            \
	"{\"a\":null,\"aligned\":true,\"body\":" ALL ",\"c\":null,"      \
	"\"d\":null,\"domain\":\"a.example\",\"expiry\":" expiry ","     \
	"\"header_match\":true,\"headers\":[],\"i\":null,\"index\":0,"   \
	"\"interval\":{\"from\":" from ",\"from_signed\":true,"          \
	"\"from_source\":\"date\",\"to\":" to ",\"to_signed\":false,"    \
	"\"to_source\":\"" source "\"},\"key\":null,\"key_name\":null,"  \
	"\"kind\":\"dkim\",\"l\":null,\"notes\":[],\"q\":null,"          \
	"\"reason\":null,\"reasons\":[],\"result\":\"pass\",\"s\":null," \
	"\"t\":null,\"time\":" time ",\"uncovered\":[],"                 \
	"\"verdict\":\"verified\",\"x\":null}"
#define T1                          "\"2016-11-03T08:00:01Z\""
#define T2                          "\"2016-11-03T08:00:02Z\""
#define T3                          "\"2016-11-03T08:00:03Z\""
#define T4                          "\"2016-11-10T08:00:00Z\""

/* The same record with "anchors". */
#define WITH_ANCHORS(anchors, rest) "{\"anchors\":[" anchors "]," rest
#define ANCHOR                                                                 \
	"{\"authority\":\"CN=A\\u001b\",\"kind\":\"rfc3161\",\"name\":\"a\","  \
	"\"over\":\"file\",\"sha256\":" HASH ",\"stated\":" T3 ",\"time\":" T3 \
	"}"
#define REST(best, signature)                                          \
	"\"best\":" best ",\"color\":\"green\",\"message\":null,"      \
	"\"reasons\":[],\"repairs\":[],\"seq\":1,\"sha256\":" HASH "," \
	"\"signatures\":[" signature AFTER_SIGNATURES("verified")

/* A signature of another organisation, and what is odd about senders. */
#define ELSEWHERE                                                            \
	"{\"a\":null,\"aligned\":false,\"alignment\":\"unaligned\","         \
	"\"body\":" ALL ",\"c\":null,\"d\":null,\"domain\":\"b.example\","   \
	"\"expiry\":null,\"header_match\":true,\"headers\":[],\"i\":null,"   \
	"\"index\":0,\"interval\":{\"from\":null,\"from_signed\":false,"     \
	"\"from_source\":null,\"to\":null,\"to_signed\":false,"              \
	"\"to_source\":null},\"key\":null,\"key_name\":null,"                \
	"\"kind\":\"dkim\",\"l\":null,\"notes\":[],"                         \
	"\"organisation\":\"b.example\",\"q\":null,\"reason\":null,"         \
	"\"reasons\":[],\"result\":\"pass\",\"s\":null,\"t\":null,"          \
	"\"time\":null,\"uncovered\":[],\"verdict\":\"verified-unaligned\"," \
	"\"x\":null}"
#define AUTHOR(organisation)                                                   \
	"{\"address\":\"x@y\",\"domain\":\"y\",\"organisation\":" organisation \
	"}"
#define FINDING(code, domain, field, other, text)                       \
	"{\"code\":\"" code "\",\"domain\":" domain ",\"field\":" field \
	",\"other\":" other ",\"text\":" text "}"
#define SENDERS                                                                \
	"\"senders\":{\"authors\":[" AUTHOR("\"a.example\"") "," AUTHOR(       \
	    "null") "],\"cut\":true,\"findings\":[" FINDING("name-address",    \
	    "\"c.example\"", "\"from\"", "\"a.example\"",                      \
	    "\"\\u001bx\"") "," FINDING("look-alike", "\"d.example\"", "null", \
	    "\"c.example\"",                                                   \
	    "null") "," FINDING("later-\\u001b", "null", "null", "null",       \
	    "null") "],\"from\":\"parsed\",\"idn\":["                          \
		    "{\"domain\":\"xn--a\",\"looks_like\":null,\"shown\":"     \
		    "\"\xe2\x80\xaex\"}]}"

/* Each text must be there, in this order. */
static const struct {
	const char *name, *line;
	bool all;
	const char *want[8];
} cases[] = {
	{ "verified",
	    BEFORE_SIGNATURES("0", "\"pass\"")
		GOOD AFTER_SIGNATURES("verified"),
	    false,
	    { "VERIFIED  a.example, aligned with From   "
	      "t= says 2016-11-03T08:12:44Z   body: all   "
	      "headers: from to\\u{1b}[2J\n",
		"  not signed: cc\n",
		"  key s._domainkey.a.example  RSA 2048  grade D, "
		"seen 2016-10-31 .. 2017-10-31 by 1 observer, "
		"said to cover that time, flags: aging, log entry 1\n",
		"  note: ", "[aging-key]\n", "  meaning: The holder of",
		"shows for a.example signed",
		"a.example's own staff held the key.\n" } },
	{ "altered",
	    BEFORE_SIGNATURES("0", "\"headers-altered\"")
		BAD AFTER_SIGNATURES("altered"),
	    false,
	    { "ALTERED  b.example, not aligned with From (a.example)   "
	      "Date says 2015-01-02T00:00:00Z   "
	      "body: 3 of 7 octets, not as signed   headers: from",
		" (not as signed, or not with a known key)\n",
		"given without a time by 2 observers, "
		"nothing says that it was in use then",
		"  reason: ", "[headers-altered]\n" } },
	{ "no domain, no key",
	    BEFORE_SIGNATURES("0", "\"of-the-future\"")
		STRANGE AFTER_SIGNATURES("malformed"),
	    false,
	    { "MALFORMED  no valid signing domain   no time stated   "
	      "body: not hashed   headers: from",
		" (not checked)\n", "no key of this name decided\n",
		"  reason: of-the-future\n" } },
	{ "senders of another organisation",
	    "{\"best\":0,\"color\":\"amber\",\"message\":null,"
	    "\"reasons\":[],\"repairs\":[]," SENDERS
	    ",\"seq\":1,\"sha256\":" HASH
	    ",\"signatures\":[" ELSEWHERE AFTER_SIGNATURES(
		"verified-unaligned"),
	    false,
	    { "  organisational domains: of the signer b.example, of the "
	      "authors a.example, a public suffix\n",
		"  note: xn--a is shown to people as \"\\u{202e}x\"\n",
		"  note: From: the name shown contains an address of another "
		"domain: \"\\u{1b}x\" (c.example, not a.example) "
		"[name-address]\n",
		"  note: two domains of the message look alike and are not "
		"the same (d.example and c.example) [look-alike]\n",
		"  note:  [later-\\u{1b}]\n",
		"  note: not all that could be said of the senders is "
		"said.\n" } },
	{ "independent observers, bridged",
	    BEFORE_SIGNATURES("0", "") KNOWN(DAYS("5", "2", "3"), "[]", "2", "",
		"\"a\",\"b\"", "bridged", "") AFTER_SIGNATURES("verified"),
	    false,
	    { "  RSA 512  grade B, seen 2016-10-31 .. 2017-10-31 by 2 independent observers, seen before and after that time (seen 3 days before and 2 days after), log entry 7\n" } },
	{ "observers of one lineage, unknown",
	    BEFORE_SIGNATURES("0", "") KNOWN(DAYS("null", "1", "null"), "[]",
		"1", "", "\"a\",\"b\"", "unknown", "")
		AFTER_SIGNATURES("verified"),
	    false,
	    { " by 2 observers, not known to be independent, nothing says that it was in use then (seen 1 day after), log entry 7\n" } },
	{ "some are independent, contradicted",
	    BEFORE_SIGNATURES("0", "") KNOWN(DAYS("0", "null", "0"), "[]", "2",
		"", "\"a\",\"b\",\"c\"", "contradicted", "")
		AFTER_SIGNATURES("verified"),
	    false,
	    { " by 3 observers, 2 of them independent, another observation contradicts that time (seen 0 days before), log entry 7\n" } },
	{ "others could sign, behind a CNAME",
	    BEFORE_SIGNATURES("0", "") KNOWN(DAYS("0", "0", "0"),
		"[\"forgeable\",\"weak\"],\"forgeable_since\":\"2018-09-01T00:00:00Z\"",
		"1", "\"k.esp.example\",\"x\\u001b\"", "\"a\"", "seen",
		",\"weak_since\":\"1999-08-01T00:00:00Z\"")
		AFTER_SIGNATURES("verified"),
	    false,
	    { "covers that time, flags: forgeable weak, log entry 7\n",
		"    controlled by whoever holds k.esp.example x\\u{1b}, where a CNAME led\n",
		"    others than its holder could sign since 2018-09-01T00:00:00Z\n",
		"    moduli of its size are factored since 1999-08, in public\n" } },
	{ "others could sign, not known since when",
	    BEFORE_SIGNATURES("0", "") KNOWN(DAYS("0", "0", "0"),
		"[\"forgeable\"],\"forgeable_since\":null", "1", "", "\"a\"",
		"seen", "") AFTER_SIGNATURES("verified"),
	    false,
	    { "    others than its holder could sign from the beginning: it is not known since when\n" } },
	{ "others counted",
	    BEFORE_SIGNATURES("1", "") BAD
	    "," GOOD AFTER_SIGNATURES("verified"),
	    false,
	    { "VERIFIED  a.example",
		"  does not show: ", "  1 other signature\n" } },
	{ "others shown",
	    BEFORE_SIGNATURES("1", "") BAD
	    "," GOOD AFTER_SIGNATURES("verified"),
	    true,
	    { "VERIFIED  a.example", "  does not show: ",
		"signature 1: ALTERED  b.example", "  does not show: " } },
	{ "bounds with their sources",
	    BEFORE_SIGNATURES("0", "") TIMES(T1, T3, "received", T2, T4)
		AFTER_SIGNATURES("verified"),
	    false,
	    { "   Date says 2016-11-03T08:00:01Z, t= says "
	      "2016-11-03T08:00:02Z, Received says 2016-11-03T08:00:03Z, x= "
	      "says 2016-11-10T08:00:00Z   body" } },
	{ "t= is the last",
	    BEFORE_SIGNATURES("0", "") TIMES(T1, T3, "t", T3, "null")
		AFTER_SIGNATURES("verified"),
	    false,
	    { "   Date says 2016-11-03T08:00:01Z, t= says "
	      "2016-11-03T08:00:03Z   body" } },
	{ "all the same",
	    BEFORE_SIGNATURES("0", "") TIMES(T1, T1, "date", T1, "null")
		AFTER_SIGNATURES("verified"),
	    false, { "   t= says 2016-11-03T08:00:01Z   body" } },
	{ "proved",
	    WITH_ANCHORS(ANCHOR "," ANCHOR,
		REST("0", TIMES(T1, T1, "date", "null", "null"))),
	    false,
	    { "   Date says 2016-11-03T08:00:01Z, existed at the latest "
	      "2016-11-03T08:00:03Z (time stamp by CN=A\\u{1b})   body" } },
	{ "not covered",
	    WITH_ANCHORS("", REST("0", TIMES(T1, T1, "date", T1, "null"))),
	    false, { "  note: no proof of a time that was given" } },
	{ "proved and unsigned", WITH_ANCHORS(ANCHOR, REST("null", "")), false,
	    { "VERIFIED   existed at the latest 2016-11-03T08:00:03Z (" } },
	{ "unsigned",
	    BEFORE_SIGNATURES("null", "\"unsigned\"")
		AFTER_SIGNATURES("unsigned"),
	    true,
	    { "UNSIGNED\n", "[unsigned]\n",
		"  meaning: ", "  does not show: " } },
};

/* The text for a line that must be a record. */
static char *
show(const char *line, bool color, bool all)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	const char *why = NULL;
	struct record_view view;
	enum record_kind kind;

	if (!record_read(&view, &kind, arena, span_from_string(line), &why))
		g_error("not a record: %s", why);
	person_write(out, &view, color, all);
	record_view_clear(&view);
	return g_strdup(out->str);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
		    show(cases[i].line, false, cases[i].all);
		const char *rest = text;

		for (size_t k = 0; k < 8 && cases[i].want[k] != NULL; k++) {
			const char *at = strstr(rest, cases[i].want[k]);

			if (at == NULL) {
				g_test_message("%s: no \"%s\" in\n%s",
				    cases[i].name, cases[i].want[k], rest);
				g_test_fail();
				break;
			}
			rest = at + strlen(cases[i].want[k]);
		}
		g_assert_null(strchr(text, '\033'));
		/* The deciding signature is not listed again. */
		g_assert_null(strstr(text, "signature 1: VERIFIED"));
	}
}

static void
test_states(void)
{
	static const struct {
		const char *state, *days, *want;
	} states[] = {
		{ "seen", "0", ", covers that time," },
		{ "bridged", "0", ", seen before and after that time," },
		{ "before-first", "1", ", 1 day before it was first seen," },
		{ "after-last", "12", ", 12 days after it was last seen," },
		{ "contradicted", "0",
		    ", another observation contradicts that time," },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
		g_autoptr(GString) line = g_string_new(BEFORE_SIGNATURES(
		    "0", "") GOOD AFTER_SIGNATURES("verified"));
		g_autofree char *days =
		    g_strdup_printf("\"days\":%s,", states[i].days);
		g_autofree char *text = NULL;

		g_string_replace(line, "\"days\":0,", days, 0);
		g_string_replace(line, "claimed", states[i].state, 0);
		text = show(line->str, false, false);
		g_assert_nonnull(strstr(text, states[i].want));
	}
}

static void
test_colors(void)
{
	g_autofree char *green = show(cases[0].line, true, false);
	g_autofree char *red = show(cases[1].line, true, false);
	g_autofree char *grey = show(cases[2].line, true, false);

	g_assert_true(g_str_has_prefix(green, "\033[32mVERIFIED\033[0m  "));
	g_assert_true(g_str_has_prefix(red, "\033[31mALTERED\033[0m  "));
	g_assert_true(g_str_has_prefix(grey, "MALFORMED  "));
}

/* A line begins with the word, and the first words of what it means. */
static void
assert_word(const char *text, const char *word, const char *meaning)
{
	g_autofree char *begin =
	    g_strdup_printf("\n  %-19s%.10s", word, meaning);

	g_assert_nonnull(strstr(text, begin));
}

static void
test_verdicts(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	person_write_verdicts(out);
	for (int i = 0; i < VERDICTS; i++)
		g_assert_nonnull(
		    strstr(out->str, verdict_row((enum verdict)i)->label));
	for (int i = 0; i < REASONS; i++)
		g_assert_nonnull(
		    strstr(out->str, reason_row((enum reason)i)->code));
	for (int i = 0; i <= GRADE_F; i++)
		assert_word(out->str, grade_name((enum grade)i),
		    grade_meaning((enum grade)i));
	for (int i = 0; i <= TIME_STATE_UNKNOWN; i++)
		assert_word(out->str, time_state_name((enum time_state)i),
		    time_state_meaning((enum time_state)i));
	for (unsigned bit = 1; provenance_flag_name(bit) != NULL; bit <<= 1)
		assert_word(out->str, provenance_flag_name(bit),
		    provenance_flag_meaning(bit));
	for (int i = 0; i < SENDER_CODES; i++)
		assert_word(out->str, sender_code_name((enum sender_code)i),
		    sender_code_text((enum sender_code)i));
	lines = g_strsplit(out->str, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++)
		g_assert_cmpuint(strlen(lines[i]), <=, 80);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/person/cases", test_cases);
	g_test_add_func("/person/states", test_states);
	g_test_add_func("/person/colors", test_colors);
	g_test_add_func("/person/verdicts", test_verdicts);
	return g_test_run();
}
