/*
 * source_digest.c - a stream whose octets are hashed as they are read.
 */
#include "verifier/archive/source_digest.h"

#define BLOCK (64u << 10)

struct source_digest {
	struct source source; /* first */
	struct source *inner;
	struct source_sum *sum;
};

static void
take(struct source_sum *sum, const uint8_t *p, size_t n)
{
	digest_add(&sum->digest, (struct span){ p, n });
	sum->octets += n;
}

static gssize
digest_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct source_digest *digest = (struct source_digest *)self;
	gssize got = digest->inner->class->read(digest->inner, out, n, error);

	if (got > 0)
		take(digest->sum, out, (size_t)got);
	return got;
}

static bool
digest_finish_source(struct source *self, GError **error)
{
	struct source_digest *digest = (struct source_digest *)self;

	return digest->inner->class->finish(digest->inner, error);
}

static void
digest_close(struct source *self)
{
	struct source_digest *digest = (struct source_digest *)self;

	source_close(digest->inner);
	g_free(digest);
}

static const struct source_class digest_class = {
	digest_read,
	NULL,
	digest_finish_source,
	digest_close,
};

struct source *
source_digest_open(struct source *inner, struct source_sum *sum)
{
	struct source_digest *digest = g_new0(struct source_digest, 1);

	digest->source.class = &digest_class;
	digest->source.size = inner->size;
	digest->source.size_known = inner->size_known;
	digest->inner = inner;
	digest->sum = sum;
	digest_reset(&sum->digest);
	sum->octets = 0;
	return &digest->source;
}

bool
source_digest_all(struct source *source, struct source_sum *sum, GError **error)
{
	g_autofree uint8_t *block = g_malloc(BLOCK);
	gssize n;

	digest_reset(&sum->digest);
	sum->octets = 0;
	while ((n = source->class->read_at(
		    source, block, BLOCK, sum->octets, error)) > 0)
		take(sum, block, (size_t)n);
	return n == 0;
}
