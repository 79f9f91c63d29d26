/*
 * facts_header.c - the header hash, RFC 6376 section 3.7 step 2.
 */
#include "verifier/dkim/facts.h"

#include "verifier/dkim/canon_header.h"

void
facts_hash_selected(struct signature_facts *facts, struct digest *digest)
{
	const struct signature *signature = facts->signature;
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	digest_reset(digest);
	gather_start(&gather, buffer, sizeof(buffer), &digest->sink);
	for (size_t i = 0; i < facts->selection.n; i++)
		if (facts->selection.fields[i] != NULL)
			canon_header_push(signature->header_canon,
			    facts->selection.fields[i], &gather);
	canon_header_push_signature(signature->header_canon, signature->field,
	    signature->b_raw, &gather);
	gather_flush(&gather);
	digest_finish(digest, facts->header_hash);
	facts->header_hash_n = digest->size;
}

void
facts_hash_header(struct signature_facts *facts, struct arena *arena,
    const struct message *message, struct digest digests[2])
{
	const struct signature *signature = facts->signature;

	if (signature_is_whole(signature) ||
	    signature->kind == SIGNATURE_ARC_SEAL)
		return;
	header_select(&facts->selection, arena, &message->header,
	    signature->names, signature->n_names, signature->field);
	facts->header_hashed =
	    signature->algorithm != SIGNATURE_ALGORITHM_UNKNOWN &&
	    signature->canon_known && signature->b.p != NULL;
	if (facts->header_hashed)
		facts_hash_selected(facts, &digests[signature->digest]);
}
