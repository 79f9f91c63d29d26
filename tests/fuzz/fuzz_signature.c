/* fuzz_signature.c - any text as a field that signs, of each kind: what is found lies
 * within it, and what has no defect has what a signature needs. */
#include "verifier/dkim/signature.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
assert_within(struct span part, struct span whole)
{
	if (part.n == 0)
		return;
	g_assert_true(
	    part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* No neutral and no permerror defect. */
static void
check_sound(const struct signature *signature)
{
	struct span from = SPAN("from");
	bool is_signed = false;

	g_assert_true(signature->algorithm != SIGNATURE_ALGORITHM_UNKNOWN);
	g_assert_true(span_equal(signature->v, SPAN("1")));
	g_assert_cmpuint(
	    signature->body_hash.n, ==, digest_size(signature->digest));
	g_assert_cmpuint(signature->signature.n, >, 0);
	g_assert_cmpuint(signature->key_name.n, >, 0);
	g_assert_true(
	    dns_name_is_within(signature->identity_domain, signature->domain));
	for (size_t i = 0; i < signature->n_names; i++)
		is_signed =
		    is_signed || span_equal_nocase(signature->names[i], from);
	g_assert_true(is_signed);
}

static void
check(enum signature_kind kind, struct span value, struct arena *arena)
{
	struct header_field field = { .whole = value, .value = value };
	struct signature signature;

	signature_parse(&signature, arena, kind, &field, 0);
	assert_within(signature.b_raw, value);
	assert_within(signature.b, signature.b_raw);
	g_assert_cmpuint(signature.n_names, <=, SIGNATURE_NAMES_MAX);
	g_assert_cmpuint(signature.instance, <=, ARC_SETS_MAX);
	for (size_t i = 0; i < signature.n_names; i++)
		assert_within(signature.names[i], signature.h);
	if (kind == SIGNATURE_DKIM &&
	    !(signature.defects & (SIGNATURE_NEUTRAL | SIGNATURE_PERMERROR))) {
		g_assert_cmpint(signature.draft, ==, SIGNATURE_NO_DRAFT);
		check_sound(&signature);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (int kind = 0; kind < SIGNATURE_KINDS; kind++)
		check((enum signature_kind)kind, (struct span){ data, size },
		    arena);
	return 0;
}
