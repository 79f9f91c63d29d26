/* fuzz_domainkeys.c - any header with DomainKey-Signature fields: each signs
 * fields below it only, none twice, all that h= names and no other. */
#include "verifier/dkim/domainkeys.h"

#include "verifier/message/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_named(const struct signature *signature, struct span name)
{
	if (signature->h.p == NULL)
		return true;
	for (size_t i = 0; i < signature->n_names; i++) {
		if (span_equal_nocase(signature->names[i], name))
			return true;
	}
	return false;
}

static void
check(const struct signature *signature, const struct header_index *header)
{
	const struct header_selection *selection = signature->selected;
	size_t own = (size_t)(signature->field - header->fields);
	size_t is_signed = 0;

	g_assert_nonnull(selection);
	for (size_t i = 0; i < header->n; i++) {
		is_signed += selection->signed_fields[i];
		g_assert_true(selection->signed_fields[i] ==
		    (i > own && is_named(signature, header->fields[i].name)));
	}
	g_assert_cmpuint(is_signed, ==, selection->n);
	for (size_t i = 0; i < selection->n; i++) {
		g_assert_nonnull(selection->fields[i]);
		for (size_t k = 0; k < i; k++)
			g_assert_true(
			    selection->fields[i] != selection->fields[k]);
	}
	domainkeys_granularity(signature, signature->b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	g_autoptr(arena_auto) arena = arena_new();
	struct message message;
	struct signatures signatures;

	message_open(
	    &message, arena, buffer, (struct span){ data, size }, &wire);
	if (message.status != HEADER_OK || message.header.n > 500)
		return 0;
	signatures_find(&signatures, arena, &message.header);
	for (size_t i = 0; i < signatures.n; i++) {
		const struct signature *signature = &signatures.list[i];

		if (signature->kind == SIGNATURE_DOMAINKEYS)
			check(signature, &message.header);
		else
			g_assert_null(signature->selected);
	}
	return 0;
}
