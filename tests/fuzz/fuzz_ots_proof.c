/* fuzz_ots_proof.c - any proof of OpenTimestamps: what is read keeps to the
 * bounds, and is read the same again. */
#include "keysnap/store/ots_proof.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_attestation(const struct ots_attestation *attestation)
{
	if (attestation->message.n > OTS_MESSAGE_MAX ||
	    (attestation->message.n == 0) != (attestation->why != NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();
	struct span octets = { data, size };
	struct ots_proof proof, again;
	const char *why = NULL;
	size_t offset = 0;
	bool ok;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	ok = ots_proof_parse(&proof, arena, crypto, octets, &why, &offset);
	if (ok != (why == NULL) || offset > size ||
	    proof.n > OTS_ATTESTATIONS_MAX)
		abort();
	for (size_t i = 0; i < proof.n; i++)
		check_attestation(&proof.attestations[i]);
	if (ok &&
	    (!ots_proof_parse(&again, arena, crypto, octets, &why, &offset) ||
		again.n != proof.n || proof.n == 0))
		abort();
	arena_free(arena);
	return 0;
}
