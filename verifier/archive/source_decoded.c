/*
 * source_decoded.c - what is compressed in a source, as a source.
 *
 * The libraries are always given the same steps of input and output, whatever
 * the reads: how much comes out before damage or a bound is reached, and so
 * what a record says, depends on the octets alone.
 */
#include "verifier/archive/source_decoded.h"

#include "verifier/archive/container_reader.h"

#include <string.h>

#define INPUT_SIZE  (64u << 10)
#define OUTPUT_SIZE (64u << 10)
#define MAGIC_SIZE  4 /* octets that tell that another stream follows */

struct source_decoded {
	struct source source; /* first */
	struct source *under;
	enum decoder_method method;
	struct decoder *decoder;
	struct meter *meter;
	struct span input; /* what is left in "buffer" */
	bool under_ended;
	bool between; /* no stream has begun that has not ended */
	bool ended;
	uint64_t memory;
	bool spares_tail;
	GError *tail;       /* what follows the streams, when that is spared */
	GError *failed;     /* NULL: not yet */
	struct span output; /* what is left in "decoded" */
	uint8_t buffer[INPUT_SIZE];
	uint8_t decoded[OUTPUT_SIZE];
};

static const char *const names[DECODER_METHODS] = {
	[DECODER_DEFLATE] = "deflate",
	[DECODER_GZIP] = "gzip",
	[DECODER_BZIP2] = "bzip2",
	[DECODER_XZ] = "xz",
	[DECODER_ZSTD] = "zstd",
};

/* ---- input --------------------------------------------------------------- */

/* Have "want" octets of input, or all there are. */
static bool
fill(struct source_decoded *self, size_t want, GError **error)
{
	if (self->input.n >= want || self->under_ended)
		return true;
	if (self->input.n > 0)
		memmove(self->buffer, self->input.p, self->input.n);
	self->input.p = self->buffer;
	while (self->input.n < want && !self->under_ended) {
		gssize got =
		    source_read_full(self->under, self->buffer + self->input.n,
			INPUT_SIZE - self->input.n, error);
		if (got < 0)
			return false;
		self->under_ended = got == 0;
		self->input.n += (size_t)got;
	}
	return true;
}

/* Does another stream begin here?  zstd has skippable frames too. */
static bool
is_stream(enum decoder_method method, struct span octets)
{
	switch (method) {
	case DECODER_GZIP:
		return span_starts_with(octets, SPAN("\x1f\x8b"));
	case DECODER_BZIP2:
		return span_starts_with(octets, SPAN("BZh"));
	case DECODER_XZ:
		return span_starts_with(octets, SPAN("\xfd\x37zX"));
	case DECODER_ZSTD:
		return span_starts_with(octets, SPAN("\x28\xb5\x2f\xfd")) ||
		    (octets.n >= 4 && (octets.p[0] & 0xf0) == 0x50 &&
			span_equal(
			    span_sub(octets, 1, 3), SPAN("\x2a\x4d\x18")));
	default:
		return false;
	}
}

/* Is all that is left zero? */
static bool
drop_zeros(struct source_decoded *self, bool *all_out, GError **error)
{
	*all_out = true;
	while (*all_out) {
		while (self->input.n > 0 && self->input.p[0] == 0) {
			self->input = span_from(self->input, 1);
			self->meter->consumed++;
		}
		if (self->input.n > 0)
			*all_out = false;
		else if (self->under_ended)
			break;
		else if (!fill(self, 1, error))
			return false;
	}
	return true;
}

/* Behind a stream: begin the next, or find the end. */
static bool
begin_stream(struct source_decoded *self, GError **error)
{
	bool clean;

	if (!fill(self, MAGIC_SIZE, error))
		return false;
	if (is_stream(self->method, self->input)) {
		decoder_restart(self->decoder);
		self->between = false;
		return true;
	}
	if (self->method == DECODER_DEFLATE)
		clean = self->input.n == 0; /* zip says where it ends */
	else if (!drop_zeros(self, &clean, error))
		return false;
	self->ended = clean || self->spares_tail;
	if (clean)
		return true;
	container_error(self->spares_tail ? &self->tail : error,
	    ARCHIVE_ERROR_CONTAINER,
	    "other octets follow what is compressed with %s",
	    names[self->method]);
	return self->ended;
}

/* ---- decoding ------------------------------------------------------------ */

static bool
status_error(const struct source_decoded *self, enum decoder_status status,
    GError **error)
{
	const char *name = names[self->method];

	if (status == DECODER_MEMORY)
		container_error(error, ARCHIVE_ERROR_LIMIT,
		    "%s: needs more than %" G_GUINT64_FORMAT
		    " octets of memory to be read (--max-memory)",
		    name, self->memory);
	else if (status == DECODER_UNSUPPORTED)
		container_error(error, ARCHIVE_ERROR_UNSUPPORTED,
		    "%s: a kind of stream that is not supported", name);
	else
		container_error(error, ARCHIVE_ERROR_CONTAINER,
		    "%s: damaged, or a checksum does not hold", name);
	return false;
}

/* One step into the OUTPUT_SIZE octets of "out"; "*got_out" came out, perhaps
 * none, before an error too. */
static bool
decode(
    struct source_decoded *self, uint8_t *out, size_t *got_out, GError **error)
{
	enum decoder_status status;
	size_t before;

	*got_out = 0;
	if (self->between)
		return begin_stream(self, error);
	if (!fill(self, 1, error))
		return false;
	before = self->input.n;
	*got_out = OUTPUT_SIZE;
	status = decoder_code(self->decoder, &self->input, out, got_out);
	if (!meter_add(self->meter, before - self->input.n, *got_out, error))
		return false;
	if (status == DECODER_END)
		self->between = true;
	else if (status != DECODER_MORE)
		return status_error(self, status, error);
	else if (before == 0 && *got_out == 0) {
		container_error(error, ARCHIVE_ERROR_CONTAINER, "%s: is cut",
		    names[self->method]);
		return false;
	}
	return true;
}

/* Decode straight into "out" where it has the room. */
static gssize
decoded_read(struct source *source, uint8_t *out, size_t n, GError **error)
{
	struct source_decoded *self = (struct source_decoded *)source;
	size_t got = self->output.n;

	while (got == 0 && !self->ended && self->failed == NULL) {
		bool straight = n >= OUTPUT_SIZE;
		decode(
		    self, straight ? out : self->decoded, &got, &self->failed);
		if (straight && got > 0)
			return (gssize)got;
		self->output = (struct span){ self->decoded, got };
	}
	got = MIN(got, n);
	if (got > 0) {
		memcpy(out, self->output.p, got);
		self->output = span_from(self->output, got);
		return (gssize)got;
	}
	if (self->failed == NULL)
		return 0;
	g_propagate_error(error, g_error_copy(self->failed));
	return -1;
}

static bool
decoded_finish(struct source *source, GError **error)
{
	struct source *under = ((struct source_decoded *)source)->under;

	return under->class->finish(under, error);
}

static void
decoded_close(struct source *source)
{
	struct source_decoded *self = (struct source_decoded *)source;

	source_close(self->under);
	decoder_free(self->decoder);
	g_clear_error(&self->failed);
	g_clear_error(&self->tail);
	g_free(self);
}

static const struct source_class decoded_class = {
	decoded_read,
	NULL,
	decoded_finish,
	decoded_close,
};

struct source *
source_decoded_new(struct source *source, enum decoder_method method,
    uint64_t memory, struct meter *meter)
{
	struct source_decoded *self = g_new0(struct source_decoded, 1);

	self->source.class = &decoded_class;
	self->under = source;
	self->method = method;
	self->decoder = decoder_new(method, memory);
	self->meter = meter;
	self->memory = memory;
	return &self->source;
}

void
source_decoded_spare_tail(struct source *source)
{
	((struct source_decoded *)source)->spares_tail = true;
}

const GError *
source_decoded_tail(const struct source *source)
{
	return ((const struct source_decoded *)source)->tail;
}
