/*
 * file_sum.c - the SHA-256 of files that are hashed as a whole.
 */
#include "verifier/archive/file_sum.h"

#include <string.h>

void
file_sum_init(struct file_sum *sum, const struct crypto *crypto)
{
	*sum = (struct file_sum){ .state = ARCHIVE_PREFIX_SEEN };
	digest_init(&sum->digest, crypto, DIGEST_SHA256);
}

void
file_sum_clear(struct file_sum *sum)
{
	digest_clear(&sum->digest);
}

static void
compare(struct file_sum *sum)
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_peek(&sum->digest, sha256);
	sum->state =
	    memcmp(sha256, sum->expected.sha256, DIGEST_SHA256_SIZE) == 0
	    ? ARCHIVE_PREFIX_SEEN
	    : ARCHIVE_PREFIX_DIFFERS;
}

static void
add(struct file_sum *sum, struct span octets)
{
	digest_add(&sum->digest, octets);
	sum->octets += octets.n;
}

/* The octets of one stretch; on the way, what was expected is compared. */
static void
add_stretch(struct file_sum *sum, struct span octets)
{
	const struct archive_prefix *expected = &sum->expected;

	if (sum->state == ARCHIVE_PREFIX_AHEAD && sum->file == expected->file &&
	    expected->octets - sum->octets <= octets.n) {
		size_t n = (size_t)(expected->octets - sum->octets);

		add(sum, span_sub(octets, 0, n));
		compare(sum);
		octets = span_from(octets, n);
	}
	add(sum, octets);
}

static void
end_file(struct file_sum *sum, uint8_t out[DIGEST_SHA256_SIZE])
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_finish(&sum->digest, sha256);
	memcpy(out, sha256, DIGEST_SHA256_SIZE);
	sum->inside = false;
	/* It ends before what was expected of it. */
	if (sum->state == ARCHIVE_PREFIX_AHEAD &&
	    sum->file >= sum->expected.file)
		sum->state = ARCHIVE_PREFIX_DIFFERS;
}

void
file_sum_add(struct file_sum *sum, struct batch *batch)
{
	for (size_t i = 0; i < batch->n_stretches; i++) {
		const struct stretch *stretch = &batch->stretches[i];

		if (stretch->begins) {
			digest_reset(&sum->digest);
			sum->file++;
			sum->octets = 0;
			sum->inside = true;
		}
		if (stretch->n > 0)
			add_stretch(sum,
			    (struct span){
				batch->buffer + stretch->at, stretch->n });
		if (stretch->ends)
			end_file(sum, batch->files[stretch->file].sha256);
	}
}

void
file_sum_prefix(const struct file_sum *sum, struct archive_prefix *out)
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	*out = (struct archive_prefix){ .file = 0 };
	if (!sum->inside || sum->octets == 0)
		return;
	out->file = sum->file;
	out->octets = sum->octets;
	digest_peek(&sum->digest, sha256);
	memcpy(out->sha256, sha256, DIGEST_SHA256_SIZE);
}

void
file_sum_expect(struct file_sum *sum, const struct archive_prefix *prefix)
{
	sum->expected = *prefix;
	sum->state =
	    prefix->file > 0 ? ARCHIVE_PREFIX_AHEAD : ARCHIVE_PREFIX_SEEN;
}
