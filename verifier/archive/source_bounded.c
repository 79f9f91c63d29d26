/*
 * source_bounded.c - a source with a bound on its size.
 */
#include "verifier/archive/source_bounded.h"

#include "verifier/archive/container_reader.h"

struct bounded {
	struct source source; /* first */
	struct source *under;
	bool owned;
	uint64_t left; /* octets it may still give */
	uint64_t max;
	GError *failed; /* NULL: not yet */
};

static gssize
bounded_octets(struct bounded *bounded, uint8_t *out, size_t n, GError **error)
{
	/* With nothing left, one more octet is one too many. */
	size_t room = (size_t)MIN(n, MAX(bounded->left, 1));
	gssize got =
	    bounded->under->class->read(bounded->under, out, room, error);

	if (got < 0 || (uint64_t)got <= bounded->left) {
		bounded->left -= (uint64_t)MAX(got, 0);
		return got;
	}
	container_error(error, ARCHIVE_ERROR_LIMIT,
	    "has more than %" G_GUINT64_FORMAT " octets (--max-member-size)",
	    bounded->max);
	return -1;
}

static gssize
bounded_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct bounded *bounded = (struct bounded *)self;

	if (bounded->failed == NULL && n > 0) {
		gssize got = bounded_octets(bounded, out, n, &bounded->failed);
		if (got >= 0)
			return got;
	}
	if (bounded->failed == NULL)
		return 0;
	g_propagate_error(error, g_error_copy(bounded->failed));
	return -1;
}

static bool
bounded_finish(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true;
}

static void
bounded_close(struct source *self)
{
	struct bounded *bounded = (struct bounded *)self;

	if (bounded->owned)
		source_close(bounded->under);
	g_clear_error(&bounded->failed);
	g_free(bounded);
}

static const struct source_class bounded_class = {
	bounded_read,
	NULL,
	bounded_finish,
	bounded_close,
};

struct source *
source_bounded_new(struct source *under, bool owned, uint64_t max)
{
	struct bounded *bounded = g_new0(struct bounded, 1);

	bounded->source.class = &bounded_class;
	bounded->source.size = under->size;
	bounded->source.size_known = under->size_known;
	bounded->under = under;
	bounded->owned = owned;
	bounded->left = bounded->max = max;
	return &bounded->source;
}
