/*
 * facts_header.c - the header hash, RFC 6376 section 3.7 step 2.
 */
#include "verifier/dkim/facts.h"

#include "verifier/dkim/facts_push.h"

void
facts_hash_selected(struct signature_facts *facts, struct digest *digest)
{
	digest_reset(digest);
	facts_push_header(facts, &digest->sink);
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
