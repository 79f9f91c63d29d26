/* test_domainkeys.c - what a DomainKey-Signature signs, and for whom: RFC 4870
 * 3.3, 3.4, 3.2.3. */
#include "verifier/dkim/domainkeys.h"

#include "verifier/dkim/facts.h"
#include "verifier/message/reading.h"

#include <glib.h>
#include <string.h>

#define FIELD \
	"DomainKey-Signature: a=rsa-sha1; q=dns; c=nofws; s=s; d=a.example; "
#define B "b=AAAA\n"

/* A message and its one signature of DomainKeys. */
struct bound {
	struct arena *arena;
	struct message message;
	struct signatures signatures;
	const struct signature *one;
};

static void
bind(struct bound *bound, const char *text)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };

	bound->arena = arena_new();
	message_open(&bound->message, bound->arena,
	    arena_alloc(bound->arena, READING_BUFFER), span_from_string(text),
	    &wire);
	signatures_find(
	    &bound->signatures, bound->arena, &bound->message.header);
	bound->one = NULL;
	for (size_t i = 0; i < bound->signatures.n; i++) {
		if (bound->signatures.list[i].kind == SIGNATURE_DOMAINKEYS)
			bound->one = &bound->signatures.list[i];
	}
	g_assert_nonnull(bound->one);
}

/* The first octet of each value, in the order in which they are signed. */
static void
assert_selected(const struct bound *bound, const char *want)
{
	const struct header_selection *selection = bound->one->selected;
	g_autoptr(GString) got = g_string_new(NULL);
	size_t is_signed = 0;

	for (size_t i = 0; i < selection->n; i++)
		g_string_append_c(
		    got, (char)span_trim_wsp(selection->fields[i]->value).p[0]);
	g_assert_cmpstr(got->str, ==, want);
	for (size_t i = 0; i < bound->message.header.n; i++)
		is_signed += selection->signed_fields[i];
	g_assert_cmpuint(is_signed, ==, strlen(want));
}

static const struct {
	const char *name, *above, *tags, *below, *want;
} selections[] = {
	{ "no h=", "X: 0\n", "", "X: 1\nFrom: 2\nX: 3\n", "123" },
	{ "no h=, nothing below", "From: 0\n", "", "", "" },
	{ "h=", "From: 0\n", "h=to:from; ", "From: 1\nX: 2\nTo: 3\n", "31" },
	{ "a name that is above only", "To: 0\n", "h=to:from; ", "From: 1\n",
	    "1" },
	{ "each occurrence", "", "h=from:x; ", "X: 1\nFrom: 2\nX: 3\nX: 4\n",
	    "2134" },
	{ "named twice", "", "h=x:from:X; ", "X: 1\nX: 2\nFrom: 3\nx: 4\n",
	    "1234" },
	{ "named as often", "", "h=x:from:x; ", "X: 1\nFrom: 2\nX: 3\n",
	    "123" },
	{ "named too often", "", "h=x:x:x:from; ", "X: 1\nFrom: 2\n", "12" },
	{ "names that begin alike", "", "h=xy:from; ", "X: 1\nXY: 2\nFrom: 3\n",
	    "23" },
	{ "folding", "", "h=to :\n from ; ", "From: 1\nTo: 2\n", "21" },
	{ "empty h=", "", "h=; ", "From: 1\n", "" },
};

static void
test_selection(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(selections); i++) {
		g_autofree char *text = g_strdup_printf(
		    "%s" FIELD "%s" B "%s\nbody\n", selections[i].above,
		    selections[i].tags, selections[i].below);
		struct bound bound;

		g_test_message("%s", selections[i].name);
		bind(&bound, text);
		assert_selected(&bound, selections[i].want);
		arena_free(bound.arena);
	}
}

static const struct {
	const char *name, *tags, *below, *local, *domain;
	unsigned defect;
} senders[] = {
	{ "From", "", "From: al@a.example\n", "al", "a.example", 0 },
	{ "a subdomain", "", "From: al@b.A.example\n", "al", "b.a.example", 0 },
	{ "Sender first", "", "From: al@x.example\nSender: bo@a.example\n",
	    "bo", "a.example", 0 },
	{ "first of several", "", "From: al@a.example, bo@x.example\n", "al",
	    "a.example", 0 },
	{ "a Sender that is none", "", "From: al@a.example\nSender: bo the\n",
	    "al", "a.example", 0 },
	{ "a Sender that is not signed", "h=from; ",
	    "From: al@a.example\nSender: bo@x.example\n", "al", "a.example",
	    0 },
	{ "outside", "", "From: al@x.example\n", "al", "x.example",
	    SIGNATURE_IDENTITY_OUTSIDE },
	{ "a neighbour", "", "From: al@na.example\n", "al", "na.example",
	    SIGNATURE_IDENTITY_OUTSIDE },
	{ "Sender outside", "", "From: al@a.example\nSender: bo@x.example\n",
	    "bo", "x.example", SIGNATURE_IDENTITY_OUTSIDE },
	{ "nobody", "h=to; ", "From: al@a.example\nTo: x@x.example\n", "", "",
	    SIGNATURE_FROM_UNSIGNED },
	{ "no From", "", "To: x@x.example\n", "", "", SIGNATURE_FROM_UNSIGNED },
	{ "unparsable", "", "From: <<\n", "", "", 0 },
};

static void
assert_text(struct span got, const char *want)
{
	g_autofree char *text = span_dup(got);

	g_assert_cmpstr(text, ==, want);
}

static void
test_sender(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
		g_autofree char *text =
		    g_strdup_printf(FIELD "%s" B "%s\nbody\n", senders[i].tags,
			senders[i].below);
		struct bound bound;

		g_test_message("%s", senders[i].name);
		bind(&bound, text);
		assert_text(bound.one->identity_local, senders[i].local);
		assert_text(bound.one->identity_domain, senders[i].domain);
		g_assert_cmphex(bound.one->defects &
			(SIGNATURE_NEUTRAL | SIGNATURE_PERMERROR),
		    ==, senders[i].defect);
		arena_free(bound.arena);
	}
}

static const struct {
	const char *granularity, *local;
	bool want;
} granularities[] = {
	{ NULL, "al", true },
	{ "", "al", true },
	{ "", "", true },
	{ "*", "al", true },
	{ "al", "al", true },
	{ "al", "AL", false },
	{ "al", "alb", false },
	{ "al", "", false },
	{ "a*", "al", true },
	{ "a*", "bal", false },
	{ "*l", "al", true },
	{ "a*l", "al", true },
	{ "al*al", "al", false },
	{ "al*al", "alal", true },
	{ "a*l", "ax\xffl", true },
};

static void
test_granularity(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(granularities); i++) {
		const char *text = granularities[i].granularity;
		struct signature signature = {
			.identity_local =
			    span_from_string(granularities[i].local)
		};
		struct span granularity = { NULL, 0 };

		if (text != NULL)
			granularity = span_from_string(text);
		g_test_message("%zu", i);
		g_assert_true(domainkeys_granularity(&signature, granularity) ==
		    granularities[i].want);
	}
}

/* The digest is that of the octets of "want". */
static void
assert_signed(const char *text, const char *want)
{
	struct bound bound;
	struct crypto *crypto = crypto_open(NULL);
	struct body_hasher *bodies = body_hasher_new(crypto);
	struct signature_facts facts = { .n_candidates = 0 };
	struct digest digest;
	uint8_t sha1[DIGEST_MAX_SIZE];

	bind(&bound, text);
	facts.signature = bound.one;
	facts_hash_body(&facts, 1, bound.arena, bodies, &bound.message, NULL);
	digest_init(&digest, crypto, DIGEST_SHA1);
	digest_add(&digest, span_from_string(want));
	digest_finish(&digest, sha1);
	g_assert_true(facts.header_hashed);
	g_assert_cmpint(facts.body.state, ==, BODY_IN_SIGNATURE);
	g_assert_cmpuint(facts.body.covered, ==, facts.body.total);
	g_assert_true(
	    span_equal((struct span){ facts.header_hash, facts.header_hash_n },
		(struct span){ sha1, 20 }));
	digest_clear(&digest);
	body_hasher_free(bodies);
	arena_free(bound.arena);
	crypto_close(crypto);
}

static void
test_signed(void)
{
	assert_signed(FIELD "h=to:from; " B
			    "From: al@a.example\nTo:\n x\n\n b  c \n \n\n",
	    "To:x\r\nFrom:al@a.example\r\n\r\nbc\r\n");
	assert_signed(FIELD B "From: a\n\n \n\n", "From:a\r\n");
	assert_signed("X: above\nDomainKey-Signature: a=rsa-sha1; c=simple; "
		      "s=s; d=a.example; b=AAAA\nFrom:  a\n\n b \n \n\n",
	    "From:  a\r\n\r\n b \r\n \r\n");
	assert_signed("DomainKey-Signature: s=s; d=a.example; b=AAAA\n"
		      "From: a\n",
	    "From: a\r\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/domainkeys/selection", test_selection);
	g_test_add_func("/domainkeys/sender", test_sender);
	g_test_add_func("/domainkeys/granularity", test_granularity);
	g_test_add_func("/domainkeys/signed", test_signed);
	return g_test_run();
}
