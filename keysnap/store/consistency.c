/*
 * consistency.c - the file of a consistency proof.
 */
#include "keysnap/store/consistency.h"

#include <string.h>

#define DASH "\xe2\x80\x94 " /* what a signature line begins with */

void
consistency_append(GString *out, const struct proof *proof, struct span earlier,
    struct span later)
{
	g_string_append(out, CONSISTENCY_HEAD);
	proof_append(out, proof);
	g_string_append_c(out, '\n');
	g_string_append_len(out, (const char *)earlier.p, (gssize)earlier.n);
	g_string_append_c(out, '\n');
	g_string_append_len(out, (const char *)later.p, (gssize)later.n);
}

/* Length of the lines up to the first empty one, or to the end. */
static size_t
block_length(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] == '\n'))
			return i;
	}
	return text.n;
}

/* Take a checkpoint off the front: a block of lines and, when it is signed, an
 * empty line and a block of signatures.  An origin, which the next checkpoint
 * would begin with, has no space, so it begins like no signature line. */
static struct span
take_checkpoint(struct span *rest)
{
	struct span whole = *rest;
	size_t n = block_length(whole);

	if (span_starts_with(span_from(whole, n + 1), SPAN(DASH)))
		n += 1 + block_length(span_from(whole, n + 1));
	*rest = span_from(whole, n);
	return span_sub(whole, 0, n);
}

static bool
parse_checkpoint(struct checkpoint *checkpoint, struct arena *arena,
    const struct crypto *crypto, struct span *rest, const char **why_out)
{
	if (rest->n == 0 || rest->p[0] != '\n') {
		*why_out = "a checkpoint is missing";
		return false;
	}
	*rest = span_from(*rest, 1);
	return checkpoint_parse(
	    checkpoint, arena, crypto, take_checkpoint(rest), why_out);
}

static bool
parse_proof(struct proof *proof, struct span *rest)
{
	proof->n = 0;
	while (rest->n > 0 && rest->p[0] != '\n') {
		size_t end = span_find(*rest, '\n');

		if (end == rest->n ||
		    !proof_add_line(proof, span_sub(*rest, 0, end)))
			return false;
		*rest = span_from(*rest, end + 1);
	}
	return true;
}

bool
consistency_parse(struct consistency *consistency, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out)
{
	struct span rest = octets;

	memset(consistency, 0, sizeof(*consistency));
	*why_out = "it is not a keysnap-consistency 1";
	if (octets.n > CONSISTENCY_MAX ||
	    !span_starts_with(octets, SPAN(CONSISTENCY_HEAD)))
		return false;
	rest = span_from(rest, sizeof(CONSISTENCY_HEAD) - 1);
	*why_out = "its proof is none";
	if (!parse_proof(&consistency->proof, &rest))
		return false;
	if (!parse_checkpoint(
		&consistency->earlier, arena, crypto, &rest, why_out) ||
	    !parse_checkpoint(
		&consistency->later, arena, crypto, &rest, why_out))
		return false;
	if (rest.n > 0)
		*why_out = "there is more behind it";
	return rest.n == 0;
}

bool
consistency_check(const struct consistency *consistency,
    const struct crypto *crypto, const char **why_out)
{
	const struct checkpoint *earlier = &consistency->earlier;
	const struct checkpoint *later = &consistency->later;
	const struct proof_state from = { earlier->size, earlier->root };
	const struct proof_state to = { later->size, later->root };

	*why_out = NULL;
	if (!span_equal(earlier->origin, later->origin))
		*why_out = "they are of two logs: their origins differ";
	else if (earlier->size > later->size)
		*why_out = "the first is the larger one";
	else if (!proof_check_consistency(
		     crypto, &consistency->proof, &from, &to))
		*why_out = "the proof does not hold";
	return *why_out == NULL;
}
