/* identity.c - see identity.h. */
#include "verifier/run/identity.h"

static void
push(struct sink *self, struct span span)
{
	struct identity *identity = (struct identity *)self;

	identity->size += span.n;
	digest_add(&identity->digest, span);
}

void
identity_init(struct identity *identity, const struct crypto *crypto)
{
	digest_init(&identity->digest, crypto, DIGEST_SHA256);
	identity->sink.push = push;
	identity->size = 0;
}

void
identity_clear(struct identity *identity)
{
	digest_clear(&identity->digest);
}

void
identity_start(struct identity *identity)
{
	digest_reset(&identity->digest);
	identity->size = 0;
}
