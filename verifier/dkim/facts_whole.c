/*
 * facts_whole.c - signatures over header and body at once: DomainKeys (RFC
 * 4870 section 3.4) and draft-ietf-dkim-base-00.
 *
 * The digest takes the header fields before the body is pushed, runs along
 * with the body, and the draft's takes the signature field at the end.
 */
#include "verifier/dkim/facts_whole.h"

#include "verifier/dkim/canon_header.h"

static void
push_fields(const struct signature *signature,
    const struct header_selection *selection, struct gather *gather)
{
	for (size_t i = 0; i < selection->n; i++) {
		if (selection->fields[i] != NULL)
			canon_header_push(signature->header_canon,
			    selection->fields[i], gather);
	}
}

void
facts_whole_start(struct signature_facts *facts, struct arena *arena,
    const struct message *message, struct digest *digest)
{
	const struct signature *signature = facts->signature;
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	if (signature->selected != NULL)
		facts->selection = *signature->selected;
	else
		header_select(&facts->selection, arena, &message->header,
		    signature->names, signature->n_names, signature->field);
	gather_start(&gather, buffer, sizeof(buffer), &digest->sink);
	push_fields(signature, &facts->selection, &gather);
	if (signature->draft == SIGNATURE_DRAFT_00)
		gather_add(&gather, SPAN("\r\n"));
	gather_flush(&gather);
}

void
facts_whole_finish(struct signature_facts *facts, struct digest *digest)
{
	const struct signature *signature = facts->signature;
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	if (signature->draft == SIGNATURE_DRAFT_00) {
		gather_start(&gather, buffer, sizeof(buffer), &digest->sink);
		gather_add(&gather, SPAN("\r\n"));
		canon_header_push_signature(signature->header_canon,
		    signature->field, signature->b_raw, &gather);
		gather_flush(&gather);
	}
	digest_finish(digest, facts->header_hash);
	facts->header_hash_n = digest->size;
	facts->header_hashed = signature->b.p != NULL;
}
