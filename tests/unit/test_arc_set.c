/* test_arc_set.c - the ARC fields of a header by their instance: RFC 8617 4.1.1
 * and 4.2; and what a seal is over (5.1.1, 5.1.2). */
#include "verifier/dkim/arc_set.h"

#include "verifier/dkim/arc_seal.h"
#include "verifier/message/reading.h"

#include <glib.h>
#include <string.h>

static const struct {
	const char *value;
	unsigned want;
} instances[] = {
	{ " i=1; a.example; spf=pass", 1 },
	{ "i=50;", 50 },
	{ "\t(a (b) \\) c) i (x) = (y)\r\n 7 (z) ; x", 7 },
	{ " i=01; x", 1 },
	{ "", 0 },
	{ " ", 0 },
	{ "i", 0 },
	{ "i=", 0 },
	{ "i=1", 0 },
	{ "i=1 x;", 0 },
	{ "i=0;", 0 },
	{ "i=51;", 0 },
	{ "i=001;", 0 },
	{ "i=100;", 0 },
	{ "i=-1;", 0 },
	{ "I=1;", 0 },
	{ "a.example; i=1;", 0 },
	{ "(i=1;", 0 },
	{ "\xff i=1;", 0 },
	{ "((((((((((((((((x))))))))))))))))i=1;", 1 },
	{ "(((((((((((((((((x)))))))))))))))))i=1;", 0 },
};

static void
test_instances(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(instances); i++) {
		g_test_message("%zu", i);
		g_assert_cmpuint(
		    arc_results_instance(span_from_string(instances[i].value)),
		    ==, instances[i].want);
	}
	g_assert_cmpuint(arc_results_instance(SPAN("i=\0001;")), ==, 0);
}

struct found {
	struct arena *arena;
	struct crypto *crypto;
	struct message message;
	struct signatures signatures;
	struct arc *arc;
};

static void
find(struct found *found, const char *text)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };

	found->arena = arena_new();
	found->crypto = crypto_open(NULL);
	message_open(&found->message, found->arena,
	    arena_alloc(found->arena, READING_BUFFER), span_from_string(text),
	    &wire);
	signatures_find(
	    &found->signatures, found->arena, &found->message.header);
	found->arc = arc_collect(
	    found->arena, &found->message.header, &found->signatures);
}

static void
found_clear(struct found *found)
{
	arena_free(found->arena);
	crypto_close(found->crypto);
}

static void
test_collect(void)
{
	struct found found;

	find(&found, "From: a\n\n");
	g_assert_null(found.arc);
	found_clear(&found);

	find(&found,
	    "ARC-Seal: i=2; x\nARC-Message-Signature: i=2\n"
	    "ARC-Seal: i=1\nARC-Authentication-Results: i=1; x\n"
	    "ARC-Seal: i=2; y\nARC-Message-Signature: i=x\n"
	    "ARC-Authentication-Results: x; i=2\nFrom: a\n\n");
	g_assert_nonnull(found.arc);
	g_assert_cmpuint(found.arc->highest, ==, 2);
	g_assert_cmpuint(found.arc->n_seals, ==, 3);
	g_assert_cmpuint(found.arc->no_instance, ==, 2);
	g_assert_cmpuint(found.arc->sets[1].n_seals, ==, 1);
	g_assert_cmpuint(found.arc->sets[1].n_results, ==, 1);
	g_assert_cmpuint(found.arc->sets[1].n_messages, ==, 0);
	g_assert_cmpuint(found.arc->sets[2].n_seals, ==, 2);
	g_assert_true(found.arc->sets[2].seal == &found.signatures.list[0]);
	g_assert_false(arc_set_is_complete(&found.arc->sets[1]));
	found_clear(&found);

	find(&found, "ARC-Authentication-Results: i=1; x\nFrom: a\n\n");
	g_assert_cmpuint(found.arc->n_seals, ==, 0);
	g_assert_cmpuint(found.arc->highest, ==, 1);
	found_clear(&found);
}

/* One more of a kind than sets there can be: left out, and said so. */
static void
test_too_many(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct found found;

	for (int i = 0; i <= ARC_SETS_MAX; i++)
		g_string_append(text, "ARC-Seal: i=1\n");
	g_string_append(text, "\n");
	find(&found, text->str);
	g_assert_cmpuint(found.signatures.n, ==, ARC_SETS_MAX);
	g_assert_cmpuint(found.signatures.left_out, ==, 0);
	g_assert_cmpuint(found.arc->n_seals, ==, ARC_SETS_MAX + 1);
	g_assert_cmpuint(found.arc->no_instance, ==, 1);
	found_clear(&found);
}

#define SET(i, cv)                                                             \
	"ARC-Seal: i=" i "; a=rsa-sha256; cv=" cv "; d=a.example;  s=s; b=A" i \
	"==\nARC-Message-Signature: i=" i                                      \
	";  x\nARC-Authentication-Results: i=" i "; y\n"
#define CANON(i)                                                              \
	"arc-authentication-results:i=" i "; y\r\narc-message-signature:i=" i \
	"; x\r\n"
#define SEAL(i, cv, b) \
	"arc-seal:i=" i "; a=rsa-sha256; cv=" cv "; d=a.example; s=s; b=" b

/* The seals of "text" from the top have the digests of "want"; NULL: none. */
static void
check_seals(const char *text, const char *const want[2])
{
	struct found found;
	struct signature_facts *facts;
	struct digest digests[2];

	find(&found, text);
	facts =
	    arena_alloc_array(found.arena, found.signatures.n, sizeof(*facts));
	for (size_t i = 0; i < found.signatures.n; i++)
		facts[i].signature = &found.signatures.list[i];
	digest_init(&digests[DIGEST_SHA256], found.crypto, DIGEST_SHA256);
	digest_init(&digests[DIGEST_SHA1], found.crypto, DIGEST_SHA1);
	arc_hash_seals(facts, found.signatures.n, found.arc, found.arena,
	    &found.message.header, digests);
	for (size_t i = 0, n = 0; i < found.signatures.n && n < 2; i++) {
		uint8_t sha256[DIGEST_SHA256_SIZE];

		if (facts[i].signature->kind != SIGNATURE_ARC_SEAL)
			continue;
		g_test_message("seal %zu", n);
		g_assert_true(facts[i].header_hashed == (want[n] != NULL));
		if (want[n] != NULL) {
			digest_sha256(
			    found.crypto, span_from_string(want[n]), sha256);
			g_assert_true(
			    span_equal((struct span){ facts[i].header_hash,
					   facts[i].header_hash_n },
				(struct span){ sha256, sizeof(sha256) }));
		}
		n++;
	}
	digest_clear(&digests[0]);
	digest_clear(&digests[1]);
	found_clear(&found);
}

static void
test_seals(void)
{
	check_seals(SET("2", "pass") SET("1", "none") "From: a\n\n",
	    (const char *const[]){
		CANON("1") SEAL("1", "none", "A1==") "\r\n" CANON("2")
		    SEAL("2", "pass", ""),
		CANON("1") SEAL("1", "none", "") });
	/* cv=fail covers its own set alone. */
	check_seals(SET("2", "fail") SET("1", "none") "From: a\n\n",
	    (const char *const[]){ CANON("2") SEAL("2", "fail", ""),
		CANON("1") SEAL("1", "none", "") });
	/* A set is not complete: nothing can be said of what stands on it. */
	check_seals(SET("2", "pass") "ARC-Seal: i=1; a=rsa-sha256; cv=none; "
				     "b=AA==\nFrom: a\n\n",
	    (const char *const[]){ NULL, NULL });
	check_seals(
	    SET("2", "pass") SET(
		"1", "none") "ARC-Authentication-Results: i=2; z\nFrom: a\n\n",
	    (const char *const[]){ NULL, CANON("1") SEAL("1", "none", "") });
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/arc_set/instances", test_instances);
	g_test_add_func("/arc_set/collect", test_collect);
	g_test_add_func("/arc_set/too_many", test_too_many);
	g_test_add_func("/arc_set/seals", test_seals);
	return g_test_run();
}
