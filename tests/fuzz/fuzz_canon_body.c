/* fuzz_canon_body.c - any body in any pieces against the plain oracle.  The
 * first octet chooses the algorithm, the second the lengths of the pieces. */
#include "tests/unit/canon_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct collector {
	struct sink sink;
	GByteArray *octets;
};

static void
collect(struct sink *self, struct span span)
{
	struct collector *collector = (struct collector *)self;

	g_byte_array_append(collector->octets, span.p, (guint)span.n);
}

/* Lengths from 0 to 63, different for each piece. */
static void
push_pieces(struct sink *out, struct span body, unsigned seed)
{
	while (body.n > 0) {
		seed = seed * 1103515245u + 12345u;
		size_t n = MIN(body.n, seed >> 16 & 63);

		sink_push(out, span_sub(body, 0, n));
		body = span_from(body, n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	enum canonicalization algorithm =
	    (enum canonicalization)(data[0] % CANONS);
	struct span body = { data + 2, size - 2 };
	struct collector out = { { collect }, g_byte_array_new() };
	g_autofree struct canon_body *canon = g_new(struct canon_body, 1);
	g_autoptr(GByteArray) want = canon_oracle(algorithm, body);

	canon_body_start(canon, algorithm, &out.sink);
	push_pieces(&canon->sink, body, data[1]);
	canon_body_finish(canon);
	g_assert_true(
	    span_equal((struct span){ out.octets->data, out.octets->len },
		(struct span){ want->data, want->len }));

	g_byte_array_set_size(out.octets, 0);
	canon_body_start(canon, algorithm, &out.sink);
	sink_push(&canon->sink, body);
	canon_body_finish(canon);
	g_assert_true(
	    span_equal((struct span){ out.octets->data, out.octets->len },
		(struct span){ want->data, want->len }));
	g_byte_array_unref(out.octets);
	return 0;
}
