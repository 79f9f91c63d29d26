/*
 * source_prefix.c - a source whose first octets were read already.
 */
#include "verifier/archive/source_prefix.h"

#include <glib.h>
#include <string.h>

struct source_prefix {
	struct source source; /* first */
	struct source *rest;  /* NULL: none */
	uint8_t *octets;
	size_t n, given;
};

static gssize
prefix_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct source_prefix *prefix = (struct source_prefix *)self;
	size_t take = MIN(n, prefix->n - prefix->given);

	if (take > 0) {
		memcpy(out, prefix->octets + prefix->given, take);
		prefix->given += take;
		return (gssize)take;
	}
	if (prefix->rest == NULL)
		return 0;
	return prefix->rest->class->read(prefix->rest, out, n, error);
}

static gssize
prefix_read_at(struct source *self, uint8_t *out, size_t n, uint64_t offset,
    GError **error)
{
	struct source *rest = ((struct source_prefix *)self)->rest;

	return rest->class->read_at(rest, out, n, offset, error);
}

static bool
prefix_finish(struct source *self, GError **error)
{
	struct source *rest = ((struct source_prefix *)self)->rest;

	return rest == NULL || rest->class->finish(rest, error);
}

static void
prefix_close(struct source *self)
{
	struct source_prefix *prefix = (struct source_prefix *)self;

	source_close(prefix->rest);
	g_free(prefix->octets);
	g_free(prefix);
}

static const struct source_class stream_class = {
	prefix_read,
	NULL,
	prefix_finish,
	prefix_close,
};

static const struct source_class seekable_class = {
	prefix_read,
	prefix_read_at,
	prefix_finish,
	prefix_close,
};

struct source *
source_prefix_new(struct span octets, struct source *source)
{
	struct source_prefix *prefix = g_new0(struct source_prefix, 1);
	bool seekable = source != NULL && source->class->read_at != NULL;

	prefix->source.class = seekable ? &seekable_class : &stream_class;
	prefix->source.size = source == NULL ? octets.n : source->size;
	prefix->source.size_known = source == NULL || source->size_known;
	prefix->rest = source;
	prefix->octets = g_memdup2(octets.p, octets.n);
	prefix->n = octets.n;
	return &prefix->source;
}
