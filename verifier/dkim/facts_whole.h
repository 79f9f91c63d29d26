/*
 * facts_whole.h - signatures over header and body at once; for facts_body.c.
 */
#ifndef VERIFIER_DKIM_FACTS_WHOLE_H
#define VERIFIER_DKIM_FACTS_WHOLE_H

#include "verifier/dkim/facts.h"

/* Select the header fields, and add them to "digest", before the canonical
 * body is. */
void facts_whole_start(struct signature_facts *facts, struct arena *arena,
    const struct message *message, struct digest *digest);

/* After the body: finish the digest that was signed, "header_hash". */
void facts_whole_finish(struct signature_facts *facts, struct digest *digest);

#endif
