/*
 * import_compromised_keys.c - a list of keys that are known to be compromised:
 * on each line the SHA-256 of a SubjectPublicKeyInfo in hex, and whatever
 * follows white space; "#" begins a comment.  The line is the evidence.
 */
#include "keysnap/base/digest.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/importer.h"
#include "keysnap/import/recognise.h"

#define HASH_DIGITS 64

/* Read the digits at the start of the line; false when there are not exactly
 * as many as it takes. */
static bool
read_hash(struct span line, uint8_t sha256_out[32])
{
	char digits[HASH_DIGITS];

	if (line.n < HASH_DIGITS ||
	    (line.n > HASH_DIGITS &&
		!rfc5234_is(line.p[HASH_DIGITS], RFC5234_WSP)))
		return false;
	for (size_t i = 0; i < HASH_DIGITS; i++)
		digits[i] = (char)rfc5234_lower(line.p[i]);
	return digest_from_hex(
	    (struct span){ (const uint8_t *)digits, HASH_DIGITS }, sha256_out);
}

static const char *
take_line(struct span line, uint64_t number,
    const struct import_options *options, const struct import_output *output)
{
	struct entry_annotation annotation = { .kind = ANNOTATION_COMPROMISE,
		.has_key = true };
	struct entry_observation when;
	uint8_t evidence[1][32];

	if (!read_hash(line, annotation.key))
		return "not the SHA-256 of a key in hex";
	if (!import_default_time(options, &when))
		return import_needs_time;
	if (!output->knows_key(output->user, annotation.key)) {
		output->other(output->user, number);
		return NULL;
	}
	annotation.since = when.first;
	annotation.precision = when.precision;
	output->evidence(output->user, line, evidence[0]);
	annotation.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])evidence, 1 };
	output->annotation(output->user, &annotation);
	return NULL;
}

static bool
read_compromised_keys(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	struct import_lines lines;
	struct span line;
	bool failed;

	import_lines_init(&lines, stream);
	while (import_lines_next(&lines, &line)) {
		const char *fault = NULL;

		line = span_trim_wsp(line);
		if (lines.too_long)
			fault = "line too long";
		else if (line.n > 0 && line.p[0] != '#')
			fault = take_line(line, lines.number, options, output);
		if (fault != NULL)
			output->bad(output->user, lines.number, fault);
	}
	failed = import_lines_failed(&lines, path, error);
	import_lines_clear(&lines);
	return !failed;
}

static bool
recognise_compromised_keys(struct span start)
{
	uint8_t sha256[32];
	struct span line;

	while (recognise_line(&start, &line)) {
		if (line.p[0] != '#')
			return read_hash(line, sha256);
	}
	return false;
}

const struct importer import_compromised_keys = {
	.name = "compromised-keys",
	.description = "list of compromised keys: SHA-256 of each",
	.about_keys = true,
	.recognise = recognise_compromised_keys,
	.read = read_compromised_keys,
};
