/*
 * checkpoint.c - the checkpoint, one spelling only.
 */
#include "keysnap/store/checkpoint.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/json.h"

#include <string.h>

#define LINES_UNSIGNED 4
#define LINES_SIGNED   5
#define MANIFEST_WORD  "manifest-sha256 "
#define SIGNER_WORD    "signer "

/* Decimal without leading zeros, at most 2^53 - 1, as everywhere in the log. */
static bool
parse_size(struct span text, uint64_t *size_out)
{
	uint64_t size = 0;

	if (text.n == 0 || text.n > 16 || (text.n > 1 && text.p[0] == '0'))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		size = size * 10 + (uint64_t)(text.p[i] - '0');
	}
	*size_out = size;
	return size <= JSON_INTEGER_MAX;
}

/* Cut "text" into its lines; the number of them, or 0 when over "max". */
static size_t
split_lines(struct span text, struct span *lines, size_t max)
{
	size_t n = 0;

	while (text.n > 0) {
		size_t end = span_find(text, '\n');

		if (n == max)
			return 0;
		lines[n++] = span_sub(text, 0, end);
		text = span_from(text, end + 1);
	}
	return n;
}

static const char *
parse_lines(struct checkpoint *checkpoint, struct arena *arena,
    const struct span *lines)
{
	struct span root;

	checkpoint->origin = lines[0];
	if (!note_name_is_valid(lines[0]))
		return "its origin is not a legal name";
	if (!parse_size(lines[1], &checkpoint->size))
		return "its size is not a number of entries";
	if (!base64_decode_strict(arena, lines[2], &root) || root.n != 32)
		return "its root is not 32 octets in base64";
	memcpy(checkpoint->root, root.p, 32);
	if (!span_starts_with(lines[3], SPAN(MANIFEST_WORD)) ||
	    !digest_from_hex(span_from(lines[3], sizeof(MANIFEST_WORD) - 1),
		checkpoint->manifest_sha256))
		return "its fourth line is not the digest of MANIFEST";
	return NULL;
}

static const char *
parse_signer(struct checkpoint *checkpoint, const struct crypto *crypto,
    struct span line)
{
	GString *again;
	bool same;

	if (!span_starts_with(line, SPAN(SIGNER_WORD)))
		return "its fifth line does not name the signer";
	line = span_from(line, sizeof(SIGNER_WORD) - 1);
	if (!note_key_parse(&checkpoint->signer, crypto, line))
		return "its signer is not a public key";
	again = g_string_new(NULL);
	note_key_append(again, &checkpoint->signer);
	same = span_equal(
	    line, (struct span){ (const uint8_t *)again->str, again->len });
	g_string_free(again, TRUE);
	return same ? NULL : "its signer is not spelt as it must be";
}

/* A second signature of one key: the same line twice, say. */
static bool
has_signature_twice(const struct note *note)
{
	for (size_t i = 0; i < note->n_signatures; i++) {
		for (size_t j = 0; j < i; j++) {
			if (memcmp(note->signatures[i].id,
				note->signatures[j].id, 4) == 0 &&
			    span_equal(note->signatures[i].name,
				note->signatures[j].name))
				return true;
		}
	}
	return false;
}

bool
checkpoint_parse(struct checkpoint *checkpoint, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out)
{
	struct span lines[LINES_SIGNED];
	size_t n;

	memset(checkpoint, 0, sizeof(*checkpoint));
	if (!note_parse(&checkpoint->note, arena, octets, why_out))
		return false;
	n = split_lines(checkpoint->note.text, lines, LINES_SIGNED);
	checkpoint->is_signed = checkpoint->note.n_signatures > 0;
	if (n < LINES_UNSIGNED)
		*why_out = "it has not four or five lines";
	else if (checkpoint->is_signed != (n == LINES_SIGNED))
		*why_out = "a signer and no signature, or a signature and no "
			   "signer";
	else if (has_signature_twice(&checkpoint->note))
		*why_out = "a key has signed twice";
	else
		*why_out = parse_lines(checkpoint, arena, lines);
	if (*why_out == NULL && checkpoint->is_signed)
		*why_out = parse_signer(checkpoint, crypto, lines[4]);
	return *why_out == NULL;
}

/* Does signature "i" hold under one of the two keys?  *of_out says which. */
static const char *
check_signature(const struct checkpoint *checkpoint, size_t i,
    const struct crypto *crypto, const struct note_key *public_key,
    bool *signer_out, bool *given_out)
{
	const struct note *note = &checkpoint->note;
	enum note_check of_signer, of_given = NOTE_CHECK_OTHER_KEY;

	of_signer = note_check(note, i, crypto, &checkpoint->signer);
	if (public_key != NULL)
		of_given = note_check(note, i, crypto, public_key);
	if (of_signer == NOTE_CHECK_BAD || of_given == NOTE_CHECK_BAD)
		return "a signature does not hold";
	if (of_signer == NOTE_CHECK_OTHER_KEY &&
	    of_given == NOTE_CHECK_OTHER_KEY)
		return "a signature is neither of the signer nor of the "
		       "public key given, so it cannot be checked";
	*signer_out = *signer_out || of_signer == NOTE_CHECK_GOOD;
	*given_out = *given_out || of_given == NOTE_CHECK_GOOD;
	return NULL;
}

bool
checkpoint_check_signatures(const struct checkpoint *checkpoint,
    const struct crypto *crypto, const struct note_key *public_key,
    const char **why_out)
{
	bool signer = false, given = false;

	*why_out = NULL;
	for (size_t i = 0; i < checkpoint->note.n_signatures; i++) {
		*why_out = check_signature(
		    checkpoint, i, crypto, public_key, &signer, &given);
		if (*why_out != NULL)
			return false;
	}
	if (checkpoint->is_signed && !signer)
		*why_out = "the signature of its signer is missing";
	else if (public_key != NULL && !checkpoint->is_signed)
		*why_out = "it is not signed, but a public key was given";
	else if (public_key != NULL && !given)
		*why_out = "it is not signed by the public key given";
	return *why_out == NULL;
}

void
checkpoint_append(GString *out, const struct checkpoint *checkpoint)
{
	char hex[65];

	digest_to_hex((struct span){ checkpoint->manifest_sha256, 32 }, hex);
	g_string_append_len(out, (const char *)checkpoint->origin.p,
	    (gssize)checkpoint->origin.n);
	g_string_append_printf(
	    out, "\n%" G_GUINT64_FORMAT "\n", checkpoint->size);
	base64_append(out, (struct span){ checkpoint->root, 32 });
	g_string_append_printf(out, "\n%s%s\n", MANIFEST_WORD, hex);
	if (!checkpoint->is_signed)
		return;
	g_string_append(out, SIGNER_WORD);
	note_key_append(out, &checkpoint->signer);
	g_string_append_c(out, '\n');
}
