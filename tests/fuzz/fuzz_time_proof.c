/* fuzz_time_proof.c - any proof of a time; "headers" LF and the 80 octets of a
 * block may stand before it.  Nobody is trusted but the work of that block. */
#include "keysnap/store/time_proof.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The headers in front of the proof, if there are any. */
static struct span
take_headers(struct span *octets)
{
	struct span headers = { NULL, 0 };

	if (span_starts_with(*octets, SPAN("headers\n"))) {
		headers = span_sub(*octets, 8, 80);
		*octets = span_from(*octets, 88);
	}
	return headers;
}

static void
check_proof(const struct time_proof *proof)
{
	if (proof->text == NULL)
		abort();
	if (proof->state != TIME_PROOF_COUNTS)
		return;
	if (proof->kind != ANCHOR_OPENTIMESTAMPS || proof->header == NULL ||
	    proof->time == TIMESTAMP_NONE || proof->n_digests != 1)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();
	struct span octets = { data, size };
	struct span file = take_headers(&octets);
	struct bitcoin_headers headers;
	struct time_trust trust = { .headers = &headers };
	struct time_proof proof;
	const char *why;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	trust.n_headers = file.n > 0 &&
	    bitcoin_headers_parse(&headers, arena, crypto, file, &why);
	time_proof_check(&proof, arena, crypto, &trust, octets);
	check_proof(&proof);
	arena_free(arena);
	return 0;
}
