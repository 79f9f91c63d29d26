/*
 * facts_whole.c - signatures over header and body at once: DomainKeys (RFC
 * 4870 section 3.4) and draft-ietf-dkim-base-00.
 *
 * The digest takes the header fields before the body is pushed, runs along
 * with the body, and the draft's takes the signature field at the end.
 */
#include "verifier/dkim/facts_whole.h"

#include "verifier/dkim/facts_push.h"

void
facts_whole_start(struct signature_facts *facts, struct arena *arena,
    const struct message *message, struct digest *digest)
{
	const struct signature *signature = facts->signature;

	if (signature->selected != NULL)
		facts->selection = *signature->selected;
	else
		header_select(&facts->selection, arena, &message->header,
		    signature->names, signature->n_names, signature->field);
	facts_push_whole_start(facts, &digest->sink);
}

void
facts_whole_finish(struct signature_facts *facts, struct digest *digest)
{
	facts_push_whole_end(facts, &digest->sink);
	digest_finish(digest, facts->header_hash);
	facts->header_hash_n = digest->size;
	facts->header_hashed = facts->signature->b.p != NULL;
}
