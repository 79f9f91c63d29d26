/*
 * test_signed_search.c - what was signed is found from the digest alone, by a
 * work that is counted; and nothing is found without it.
 */
#include "verifier/repair/signed_search.h"

#include "tests/unit/span_assert.h"
#include "verifier/message/display.h"

#define FIELD(names, tags)                                                \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; "           \
	"d=a.example; s=s; t=1331640003; " tags " h=" names "; bh=AAAA; " \
	"b=AAAA\r\n"
#define SIGNED(names) FIELD(names, "")

/* With "simple" such a copy has the octets of both fields. */
#define TWO_FIELDS                                                   \
	"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; "       \
	"d=a.example; s=s; z=To:b=0D=0AFrom:a; h=To:From; bh=AAAA; " \
	"b=AAAA\r\n"

struct fixture {
	struct arena *arena;
	struct crypto *crypto;
	struct digest digests[2];
	uint8_t buffer[READING_BUFFER];
	struct repair_tools tools;
	struct candidate_facts candidate;
};

/* Read "raw", and hash what its signature covers. */
static void
take(struct fixture *fixture, const char *raw, struct message *message,
    struct signatures *signatures, struct signature_facts *facts)
{
	static const struct reading wire = { .quoting = QUOTING_KEPT };

	message_open(message, fixture->arena, fixture->buffer,
	    span_from_string(raw), &wire);
	g_assert_cmpint(message->status, ==, HEADER_OK);
	signatures_find(signatures, fixture->arena, &message->header);
	g_assert_cmpuint(signatures->n, ==, 1);
	*facts = (struct signature_facts){ .signature = signatures->list };
	facts_hash_header(facts, fixture->arena, message, fixture->digests);
	g_assert_true(facts->header_hashed);
}

static void
set_up(struct fixture *fixture)
{
	fixture->arena = arena_new();
	fixture->crypto = crypto_open(NULL);
	digest_init(
	    &fixture->digests[DIGEST_SHA256], fixture->crypto, DIGEST_SHA256);
	digest_init(
	    &fixture->digests[DIGEST_SHA1], fixture->crypto, DIGEST_SHA1);
	fixture->tools = (struct repair_tools){ fixture->arena, NULL,
		fixture->digests, fixture->buffer };
	fixture->candidate = (struct candidate_facts){ .checked = true };
}

static void
tear_down(struct fixture *fixture)
{
	digest_clear(&fixture->digests[DIGEST_SHA1]);
	digest_clear(&fixture->digests[DIGEST_SHA256]);
	crypto_close(fixture->crypto);
	arena_free(fixture->arena);
}

/* Search in "stored" for the header of "original", with the budget given (0:
 * the usual one); the names and origins of what is found. */
static char *
search(const char *original, const char *stored, uint64_t budget,
    const struct other_messages *others, struct repair_search *search_out)
{
	static const struct repair_set base = { .n = 0 };
	static const struct candidate no_key = { NULL, NULL, NULL };
	struct fixture *fixture = g_new0(struct fixture, 1);
	g_autoptr(GString) got = g_string_new(NULL);
	struct message message;
	struct signatures signatures;
	struct signature_facts facts;
	struct signed_found found;

	set_up(fixture);
	take(fixture, original, &message, &signatures, &facts);
	fixture->candidate.check.result = KEY_CHECK_OTHER;
	fixture->candidate.check.recovered_n = facts.header_hash_n;
	memcpy(fixture->candidate.check.recovered, facts.header_hash,
	    facts.header_hash_n);
	take(fixture, stored, &message, &signatures, &facts);
	facts.candidates = &fixture->candidate;
	facts.n_candidates = 1;
	repair_search_start(search_out, &fixture->tools, &message, &base);
	search_out->others = others;
	if (budget > 0)
		search_out->guessing.left = budget;
	if (signed_search_run(search_out, &facts, &no_key, &found)) {
		for (size_t i = 0; i < found.fields.n; i++)
			g_string_append_printf(got, "%.*s=%s%s ",
			    (int)found.fields.list[i].name.n,
			    (const char *)found.fields.list[i].name.p,
			    signed_origin_name(found.fields.list[i].origin),
			    found.fields.list[i].value.p == NULL ? "-" : "");
		g_string_append(got, found.same_text ? "same" : "other");
	} else {
		g_assert_cmpuint(found.fields.n, ==, 0);
	}
	tear_down(fixture);
	g_free(fixture);
	return g_string_free(g_steal_pointer(&got), FALSE);
}

static const struct {
	const char *name, *original, *stored, *want;
} cases[] = {
	{ "another word", SIGNED("From:Subject") "From: a\r\nSubject: b\r\n",
	    SIGNED("From:Subject") "From: a\r\nSubject: c\r\n", "" },
	{ "a tag", SIGNED("From:Subject") "From: a\r\nSubject: b\r\n",
	    SIGNED("From:Subject") "From: a\r\nSubject: {x} b\r\n",
	    "Subject=tag other" },
	{ "a copy", FIELD("From:To", "z=To:b;") "From: a\r\nTo: b\r\n",
	    FIELD("From:To", "z=To:b;") "From: a\r\nTo: c\r\n",
	    "To=copied other" },
	{ "a copy of a field that is gone",
	    FIELD("From:To", "z=To:b;") "From: a\r\nTo: b\r\n",
	    FIELD("From:To", "z=To:b;") "From: a\r\n", "To=copied other" },
	{ "a copy that is two fields", TWO_FIELDS "To:b\r\nFrom:a\r\n",
	    TWO_FIELDS "To:c\r\n", "" },
	{ "the instance from the bottom",
	    FIELD("To:To", "z=To:a|To:b;") "To: a\r\nTo: b\r\n",
	    FIELD("To:To", "z=To:a|To:b;") "To: c\r\nTo: d\r\n",
	    "To=copied To=copied other" },
	{ "put on", SIGNED("From:Sender") "From: a\r\n",
	    SIGNED("From:Sender") "Sender: b\r\nFrom: a\r\n",
	    "Sender=absent- other" },
	{ "put on below", SIGNED("From") "From: a\r\n",
	    SIGNED("From") "From: a\r\nFrom: b\r\n", "From=field other" },
	{ "two of them", SIGNED("From:Subject") "From: a\r\nSubject: b\r\n",
	    SIGNED(
		"From:Subject") "From: l\r\nReply-To: a\r\nSubject: {x} b\r\n",
	    "From=field Subject=tag other" },
	{ "encoded",
	    SIGNED("From:Subject") "From: a\r\n"
				   "Subject: =?utf-8?Q?=C3=BC?=\r\n",
	    SIGNED("From:Subject") "From: a\r\nSubject: \xc3\xbc\r\n",
	    "Subject=encoding same" },
	{ "encoded in both",
	    SIGNED("From:Subject") "From: =?utf-8?Q?=C3=BC?= <a@b>\r\n"
				   "Subject: =?utf-8?Q?=C3=BC?=\r\n",
	    SIGNED("From:Subject") "From: \xc3\xbc <a@b>\r\n"
				   "Subject: \xc3\xbc\r\n",
	    "From=encoding Subject=encoding same" },
	{ "the time of the signature",
	    SIGNED("From:Date") "From: a\r\n"
				"Date: Tue, 13 Mar 2012 12:00:00 +0000\r\n",
	    SIGNED("From:Date") "From: a\r\n"
				"Date: Fri, 16 Mar 2012 07:10:00 +0000\r\n",
	    "Date=time other" },
	{ "a field that is not signed", SIGNED("From") "From: a\r\n",
	    SIGNED("From") "From: b\r\nSubject: a\r\n", "" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct repair_search used;
		g_autofree char *got =
		    search(cases[i].original, cases[i].stored, 0, NULL, &used);

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(got, ==, cases[i].want);
		g_assert_false(used.guessing.cut);
		g_assert_false(used.guesses_cut);
	}
}

/* Fields of two other messages, of which neither has all. */
static void
test_messages(void)
{
	static const struct reading wire = { .quoting = QUOTING_KEPT };
	static const char *const raws[] = { "From: a\r\nSubject: x\r\n",
		"From: y\r\nSubject: b\r\n" };
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree uint8_t *buffer = g_malloc(READING_BUFFER);
	struct message messages[2];
	const struct header_index *headers[2];
	const uint64_t records[2] = { 7, 9 };
	const struct other_messages others = { headers, records, 2 };
	struct repair_search used;

	for (size_t i = 0; i < 2; i++) {
		message_open(&messages[i], arena, buffer,
		    span_from_string(raws[i]), &wire);
		headers[i] = &messages[i].header;
	}
	g_autofree char *both =
	    search(SIGNED("From:Subject") "From: a\r\nSubject: b\r\n",
		SIGNED("From:Subject") "From: c\r\nSubject: d\r\n", 0, &others,
		&used);
	g_assert_cmpstr(both, ==, "From=message Subject=message other");
	g_autofree char *none =
	    search(SIGNED("From:Subject") "From: e\r\nSubject: b\r\n",
		SIGNED("From:Subject") "From: c\r\nSubject: d\r\n", 0, &others,
		&used);
	g_assert_cmpstr(none, ==, "");
}

/* The work is what is said: a budget that is too small ends the search, says
 * so, and is never overdrawn. */
static void
test_budget(void)
{
	const char *original =
	    SIGNED("From:Subject") "From: a\r\nSubject: b\r\n";
	const char *stored =
	    SIGNED("From:Subject") "From: a\r\nSubject: {x} b\r\n";
	struct repair_search used;
	uint64_t needed;

	g_free(search(original, stored, 0, NULL, &used));
	needed =
	    SIGNED_OCTETS + SIGNED_PASSES * strlen(stored) - used.guessing.left;
	g_assert_cmpuint(needed, <, SIGNED_OCTETS / 8);
	for (uint64_t budget = 1; budget < needed; budget += needed / 50) {
		g_autofree char *got =
		    search(original, stored, budget, NULL, &used);

		g_assert_cmpstr(got, ==, "");
		g_assert_true(used.guessing.cut);
		g_assert_cmpuint(used.guessing.left, <=, budget);
	}
	g_autofree char *enough = search(original, stored, needed, NULL, &used);
	g_assert_cmpstr(enough, ==, "Subject=tag other");
	g_assert_cmpuint(used.guessing.left, ==, 0);
}

/* More names than guesses are made for. */
static void
test_places(void)
{
	g_autoptr(GString) text = g_string_new(
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=a; s=s; "
	    "h=From");
	struct repair_search used;

	for (int i = 0; i < SIGNED_PLACES_MAX; i++)
		g_string_append(text, ":X");
	g_string_append(text, ":Subject; bh=AAAA; b=AAAA\r\nFrom: a\r\n");
	g_autofree char *original =
	    g_strconcat(text->str, "Subject: b\r\n", NULL);
	g_autofree char *stored =
	    g_strconcat(text->str, "Subject: {x} b\r\n", NULL);
	g_autofree char *got = search(original, stored, 0, NULL, &used);

	g_assert_cmpstr(got, ==, "");
	g_assert_true(used.guesses_cut);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_assert_null(display_init());
	g_test_add_func("/signed_search/cases", test_cases);
	g_test_add_func("/signed_search/messages", test_messages);
	g_test_add_func("/signed_search/budget", test_budget);
	g_test_add_func("/signed_search/places", test_places);
	return g_test_run();
}
