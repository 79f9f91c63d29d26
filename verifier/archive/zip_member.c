/*
 * zip_member.c - the octets of a member of a zip file.
 */
#include "verifier/archive/zip_member.h"

#include "verifier/archive/container_reader.h"
#include "verifier/archive/source_decoded.h"

#include <zlib.h>

/* The compressed octets of a member, as a source. */
struct zip_range {
	struct source source; /* first */
	struct source *under; /* borrowed */
	uint64_t at, left;
};

/* A member's octets.  */
struct zip_member {
	struct source source; /* first */
	struct source *octets;
	struct meter *stored; /* NULL: "octets" counts itself */
	uint64_t taken;
	uint32_t crc, want_crc;
};

static gssize
range_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct zip_range *range = (struct zip_range *)self;
	struct source *under = range->under;
	gssize got = under->class->read_at(
	    under, out, (size_t)MIN(n, range->left), range->at, error);

	if (got > 0) {
		range->at += (uint64_t)got;
		range->left -= (uint64_t)got;
	}
	return got;
}

static bool
always_unchanged(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true; /* the container answers for its own source */
}

static void
range_close(struct source *self)
{
	g_free(self);
}

static const struct source_class range_class = {
	range_read,
	NULL,
	always_unchanged,
	range_close,
};

static struct source *
range_new(struct source *under, uint64_t at, uint64_t n)
{
	struct zip_range *range = g_new0(struct zip_range, 1);

	range->source.class = &range_class;
	range->under = under;
	range->at = at;
	range->left = n;
	return &range->source;
}

static gssize
wrong(GError **error, const char *what)
{
	container_error(error, ARCHIVE_ERROR_CONTAINER, "zip: %s", what);
	return -1;
}

static gssize
zip_member_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct zip_member *member = (struct zip_member *)self;
	/* With nothing left, one more octet is one too many. */
	uint64_t left = self->size - member->taken;
	gssize got = member->octets->class->read(
	    member->octets, out, (size_t)MIN(n, MAX(left, 1)), error);

	if (got < 0)
		return -1;
	if ((uint64_t)got > left)
		return wrong(error, "a member is longer than its size says");
	if (got == 0 && left > 0)
		return wrong(error, "a member is shorter than its size says");
	if (got == 0 && member->crc != member->want_crc)
		return wrong(error, "the checksum of a member does not hold");
	member->taken += (uint64_t)got;
	member->crc = (uint32_t)crc32_z(member->crc, out, (size_t)got);
	if (member->stored != NULL &&
	    !meter_add(member->stored, (uint64_t)got, (uint64_t)got, error))
		return -1;
	return got;
}

static void
zip_member_close(struct source *self)
{
	source_close(((struct zip_member *)self)->octets);
	g_free(self);
}

static const struct source_class zip_member_class = {
	zip_member_read,
	NULL,
	always_unchanged,
	zip_member_close,
};

static const struct {
	uint16_t number; /* APPNOTE.TXT 4.4.5 */
	enum decoder_method method;
} methods[] = {
	{ 0, DECODER_METHODS }, /* stored */
	{ 8, DECODER_DEFLATE },
	{ 12, DECODER_BZIP2 },
	{ 93, DECODER_ZSTD },
	{ 95, DECODER_XZ },
};

struct source *
zip_member_new(struct source *zip, const struct zip_entry *entry, uint64_t data,
    uint64_t memory, struct meter *meter)
{
	struct zip_member *member;
	size_t i = 0;

	while (i < G_N_ELEMENTS(methods) && methods[i].number != entry->method)
		i++;
	if (i == G_N_ELEMENTS(methods))
		return NULL;
	member = g_new0(struct zip_member, 1);
	member->source.class = &zip_member_class;
	member->source.size = entry->size;
	member->source.size_known = true;
	member->want_crc = entry->crc;
	member->octets = range_new(zip, data, entry->compressed);
	if (methods[i].method == DECODER_METHODS)
		member->stored = meter;
	else
		member->octets = source_decoded_new(
		    member->octets, methods[i].method, memory, meter);
	return &member->source;
}
