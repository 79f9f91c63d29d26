/*
 * decoder.c - one vtable over zlib, libbz2, liblzma and libzstd.
 *
 * Each library checks what its format holds: CRC-32 and length (gzip), CRC-32
 * of each block (bzip2), the check that the stream names (xz, zstd; both may
 * name none).
 */
#include "verifier/archive/decoder.h"

#include <bzlib.h>
#include <glib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define STEP_MAX       (1u << 30) /* zlib and libbz2 count in 32 bits */
#define WINDOW_LOG_MIN 10         /* of zstd */
#define WINDOW_LOG_MAX 31
#define DEFLATE_WINDOW (-15)     /* zlib: no header */
#define GZIP_WINDOW    (15 + 16) /* zlib: the header of gzip */

/* begin() and end() come in pairs; code() as decoder_code(). */
struct decoder_class {
	void (*begin)(struct decoder *self);
	enum decoder_status (*code)(
	    struct decoder *self, struct span *in, uint8_t *out, size_t *n_out);
	void (*end)(struct decoder *self);
};

struct decoder {
	const struct decoder_class *class;
	uint64_t memory;
	int window; /* zlib */
	union {
		z_stream zlib;
		bz_stream bzip2;
		lzma_stream xz;
		ZSTD_DStream *zstd;
	} state;
};

/* ---- zlib ---------------------------------------------------------------- */

static void
zlib_begin(struct decoder *self)
{
	self->state.zlib = (z_stream){ 0 };
	if (inflateInit2(&self->state.zlib, self->window) != Z_OK)
		g_error("zlib: out of memory");
}

static enum decoder_status
zlib_code(struct decoder *self, struct span *in, uint8_t *out, size_t *n_out)
{
	z_stream *zlib = &self->state.zlib;
	uInt n_in = (uInt)MIN(in->n, STEP_MAX);
	uInt room = (uInt)MIN(*n_out, STEP_MAX);
	int got;

	zlib->next_in = (Bytef *)(uintptr_t)in->p; /* zlib does not write */
	zlib->avail_in = n_in;
	zlib->next_out = out;
	zlib->avail_out = room;
	got = inflate(zlib, Z_NO_FLUSH);
	*in = span_from(*in, n_in - zlib->avail_in);
	*n_out = room - zlib->avail_out;
	if (got == Z_STREAM_END)
		return DECODER_END;
	/* Z_BUF_ERROR only says that nothing could be done yet. */
	return got == Z_OK || got == Z_BUF_ERROR ? DECODER_MORE
						 : DECODER_DAMAGED;
}

static void
zlib_end(struct decoder *self)
{
	inflateEnd(&self->state.zlib);
}

/* ---- bzip2 --------------------------------------------------------------- */

static void
bzip2_begin(struct decoder *self)
{
	self->state.bzip2 = (bz_stream){ 0 };
	if (BZ2_bzDecompressInit(&self->state.bzip2, 0, 0) != BZ_OK)
		g_error("libbz2: out of memory");
}

static enum decoder_status
bzip2_code(struct decoder *self, struct span *in, uint8_t *out, size_t *n_out)
{
	bz_stream *bzip2 = &self->state.bzip2;
	unsigned n_in = (unsigned)MIN(in->n, STEP_MAX);
	unsigned room = (unsigned)MIN(*n_out, STEP_MAX);
	int got;

	bzip2->next_in = (char *)(uintptr_t)in->p; /* only read */
	bzip2->avail_in = n_in;
	bzip2->next_out = (char *)out;
	bzip2->avail_out = room;
	got = BZ2_bzDecompress(bzip2);
	*in = span_from(*in, n_in - bzip2->avail_in);
	*n_out = room - bzip2->avail_out;
	if (got == BZ_STREAM_END)
		return DECODER_END;
	return got == BZ_OK ? DECODER_MORE : DECODER_DAMAGED;
}

static void
bzip2_end(struct decoder *self)
{
	BZ2_bzDecompressEnd(&self->state.bzip2);
}

/* ---- xz ------------------------------------------------------------------ */

static void
xz_begin(struct decoder *self)
{
	const lzma_stream fresh = LZMA_STREAM_INIT;

	self->state.xz = fresh;
	if (lzma_stream_decoder(&self->state.xz, self->memory,
		LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK)
		g_error("liblzma: out of memory");
}

static enum decoder_status
xz_code(struct decoder *self, struct span *in, uint8_t *out, size_t *n_out)
{
	lzma_stream *xz = &self->state.xz;
	lzma_ret got;

	xz->next_in = in->p;
	xz->avail_in = in->n;
	xz->next_out = out;
	xz->avail_out = *n_out;
	got = lzma_code(xz, LZMA_RUN);
	*in = span_from(*in, in->n - xz->avail_in);
	*n_out -= xz->avail_out;
	switch (got) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return DECODER_MORE;
	case LZMA_STREAM_END:
		return DECODER_END;
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_MEM_ERROR:
		return DECODER_MEMORY;
	case LZMA_UNSUPPORTED_CHECK:
	case LZMA_OPTIONS_ERROR:
		return DECODER_UNSUPPORTED;
	default:
		return DECODER_DAMAGED;
	}
}

static void
xz_end(struct decoder *self)
{
	lzma_end(&self->state.xz);
}

/* ---- zstd ---------------------------------------------------------------- */

/* The largest window that fits into "memory". */
static int
window_log(uint64_t memory)
{
	int log = WINDOW_LOG_MIN;

	while (log < WINDOW_LOG_MAX && (UINT64_C(2) << log) <= memory)
		log++;
	return log;
}

static void
zstd_begin(struct decoder *self)
{
	ZSTD_DStream *zstd = self->state.zstd = ZSTD_createDStream();

	if (zstd == NULL ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(
		zstd, ZSTD_d_windowLogMax, window_log(self->memory))))
		g_error("libzstd: out of memory");
}

static enum decoder_status
zstd_code(struct decoder *self, struct span *in, uint8_t *out, size_t *n_out)
{
	ZSTD_inBuffer input = { in->p, in->n, 0 };
	ZSTD_outBuffer output = { out, *n_out, 0 };
	size_t got = ZSTD_decompressStream(self->state.zstd, &output, &input);

	*in = span_from(*in, input.pos);
	*n_out = output.pos;
	if (got == 0)
		return DECODER_END;
	if (!ZSTD_isError(got))
		return DECODER_MORE;
	switch (ZSTD_getErrorCode(got)) {
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_memory_allocation:
		return DECODER_MEMORY;
	case ZSTD_error_dictionary_wrong:
	case ZSTD_error_frameParameter_unsupported:
	case ZSTD_error_version_unsupported:
		return DECODER_UNSUPPORTED;
	default:
		return DECODER_DAMAGED;
	}
}

static void
zstd_end(struct decoder *self)
{
	ZSTD_freeDStream(self->state.zstd);
}

/* ---- public -------------------------------------------------------------- */

static const struct decoder_class classes[DECODER_METHODS] = {
	[DECODER_DEFLATE] = { zlib_begin, zlib_code, zlib_end },
	[DECODER_GZIP] = { zlib_begin, zlib_code, zlib_end },
	[DECODER_BZIP2] = { bzip2_begin, bzip2_code, bzip2_end },
	[DECODER_XZ] = { xz_begin, xz_code, xz_end },
	[DECODER_ZSTD] = { zstd_begin, zstd_code, zstd_end },
};

struct decoder *
decoder_new(enum decoder_method method, uint64_t memory)
{
	struct decoder *decoder = g_new0(struct decoder, 1);

	decoder->class = &classes[method];
	decoder->memory = MAX(memory, 1);
	decoder->window = method == DECODER_GZIP ? GZIP_WINDOW : DEFLATE_WINDOW;
	decoder->class->begin(decoder);
	return decoder;
}

void
decoder_free(struct decoder *decoder)
{
	if (decoder == NULL)
		return;
	decoder->class->end(decoder);
	g_free(decoder);
}

void
decoder_restart(struct decoder *decoder)
{
	decoder->class->end(decoder);
	decoder->class->begin(decoder);
}

enum decoder_status
decoder_code(
    struct decoder *decoder, struct span *in, uint8_t *out, size_t *n_out)
{
	return decoder->class->code(decoder, in, out, n_out);
}
