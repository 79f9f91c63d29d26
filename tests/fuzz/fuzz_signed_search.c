/*
 * fuzz_signed_search.c - the search for what was signed, on whatever message
 * with whatever z=: it ends, and finds nothing, as no guess has the digest.
 * The work is bounded, and each guess could be the value of one field only.
 */
#include "verifier/repair/signed_search.h"

#include "verifier/message/display.h"

static void
search(const struct repair_tools *tools, const struct message *message,
    const struct signature *signature)
{
	static const struct repair_set base = { .n = 0 };
	struct signature_facts facts = { .signature = signature };
	struct candidate_facts candidate = { .checked = true };
	struct candidate none = { NULL, NULL, NULL };
	struct repair_search search;
	struct signed_found found;
	struct copied_fields copied;

	facts_hash_header(&facts, tools->arena, message, tools->digests);
	copied_fields_parse(&copied, tools->arena, signature->z);
	for (size_t i = 0; i < copied.n; i++)
		g_assert(copied_value_fits(copied.list[i].value));
	/* What RSA would have given back. */
	candidate.check.result = KEY_CHECK_OTHER;
	candidate.check.recovered_n = facts.header_hash_n;
	if (!facts.header_hashed || candidate.check.recovered_n == 0)
		return;
	facts.candidates = &candidate;
	facts.n_candidates = 1;
	repair_search_start(&search, tools, message, &base);
	g_assert(!signed_search_run(&search, &facts, &none, &found));
	g_assert(found.fields.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buffer[READING_BUFFER];
	static struct crypto *crypto;
	static struct digest digests[2];
	const struct reading reading = { QUOTING_MBOXRD, LINE_ENDS_CRLF, NULL,
		0, false };
	g_autoptr(arena_auto) arena = arena_new();
	const struct repair_tools tools = { arena, NULL, digests, buffer };
	struct signatures signatures;
	struct message message;

	if (crypto == NULL) {
		g_assert(display_init() == NULL);
		crypto = crypto_open(NULL);
		digest_init(&digests[DIGEST_SHA256], crypto, DIGEST_SHA256);
		digest_init(&digests[DIGEST_SHA1], crypto, DIGEST_SHA1);
	}
	message_open(
	    &message, arena, buffer, (struct span){ data, size }, &reading);
	if (message.status != HEADER_OK)
		return 0;
	signatures_find(&signatures, arena, &message.header);
	for (size_t i = 0; i < signatures.n && i < 2; i++) {
		if (signatures.list[i].kind == SIGNATURE_DKIM)
			search(&tools, &message, &signatures.list[i]);
	}
	return 0;
}
