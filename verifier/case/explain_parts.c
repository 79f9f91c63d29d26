/* explain_parts.c - see explain.h: header fields and keys. */
#include "verifier/case/explain.h"

#include "verifier/message/stored_at.h"

#include "keysnap/base/timestamp.h"

#include <inttypes.h>

/* ---- fields -------------------------------------------------------------- */

static void
put_field(GString *out, const struct steps *steps, const struct stored_at *at,
    const struct header_field *field)
{
	const struct message *message = &steps->attempt->message;

	g_string_append(out, "      ");
	explain_put_text(out, field->name);
	g_string_append_printf(out, ": field %zu, at offset %" PRIu64 "\n",
	    (size_t)(field - message->header.fields) + 1,
	    stored_at_line(at, message, field->whole));
}

/* In the order of h=; of DomainKeys in that of the header. */
static void
write_selected(
    GString *out, const struct steps *steps, const struct stored_at *at)
{
	const struct header_selection *selection = &steps->facts->selection;
	size_t n = MIN(selection->n, EXPLAIN_FIELDS_MAX);

	for (size_t i = 0; i < n; i++) {
		if (selection->fields[i] != NULL) {
			put_field(out, steps, at, selection->fields[i]);
			continue;
		}
		/* With DomainKeys only what is there is selected. */
		if (steps->signature->kind == SIGNATURE_DOMAINKEYS)
			continue;
		g_string_append(out, "      ");
		explain_put_text(out, steps->signature->names[i]);
		g_string_append(out, ": no such field (left), so nothing\n");
	}
	if (n < selection->n)
		g_string_append_printf(
		    out, "      and %zu more\n", selection->n - n);
}

/* Of a seal: those of the sets that it covers. */
static void
write_sealed(
    GString *out, const struct steps *steps, const struct stored_at *at)
{
	const struct header_index *header = &steps->attempt->message.header;
	const uint8_t *is_signed = steps->facts->selection.signed_fields;

	for (size_t i = 0; i < header->n; i++) {
		if (is_signed[i])
			put_field(out, steps, at, &header->fields[i]);
	}
}

void
explain_write_fields(
    GString *out, const struct steps *steps, struct arena *arena)
{
	struct stored_at at;

	stored_at_get(&at, arena, &steps->attempt->message);
	if (steps->signature->kind == SIGNATURE_ARC_SEAL)
		write_sealed(out, steps, &at);
	else
		write_selected(out, steps, &at);
	if (steps->facts->body.state == BODY_IN_SIGNATURE)
		g_string_append(out, "      and the canonical body\n");
}

/* ---- keys ---------------------------------------------------------------- */

static const char *
check_words(const struct candidate_facts *candidate)
{
	if (!candidate->checked)
		return "it cannot check this signature";
	switch (candidate->check.result) {
	case KEY_CHECK_VALID:
		return "the signature holds";
	case KEY_CHECK_OTHER:
		return "the signature is this key's, but over another hash";
	case KEY_CHECK_MISMATCH:
		return "the signature was not made with this key";
	case KEY_CHECK_UNUSABLE:
		break;
	}
	return "the library cannot use it";
}

static void
put_defects(GString *out, unsigned defects)
{
	static const char *const names[] = { "revoked: p= is empty",
		"the record or its key is malformed", "not a key record",
		"k= does not fit a=", "h= does not allow this hash",
		"s= does not allow mail", "t=s, and i= names a domain below d=",
		"g= is for another sender", "beyond what the library checks" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (defects & 1u << i)
			g_string_append_printf(
			    out, "      not to be used: %s\n", names[i]);
	}
}

static void
put_time(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	if (at == TIMESTAMP_NONE) {
		g_string_append(out, "(no time)");
		return;
	}
	timestamp_format(at, text);
	g_string_append(out, text);
}

/* What is known of the key, and which entry of the log says so. */
static void
put_known(GString *out, const struct known_key *key)
{
	g_string_append_printf(out,
	    "      %s, %u bits; SHA-256 of its SubjectPublicKeyInfo ",
	    key_type_name(key->key.type), key->key.bits);
	explain_put_hex(
	    out, (struct span){ key->key.sha256, sizeof(key->key.sha256) });
	g_string_append_printf(out,
	    "\n      grade %s, entry %" PRIu64 " of the log; %" PRIu64
	    " observations, ",
	    grade_name(key->grade), key->entry, key->observations);
	put_time(out, key->first_seen);
	g_string_append(out, " .. ");
	put_time(out, key->last_seen);
	g_string_append(out, "; observers:");
	for (size_t i = 0; i < MIN(key->n_sources, EXPLAIN_KEYS_MAX); i++) {
		g_string_append(out, i > 0 ? ", " : " ");
		explain_put_text(out, key->sources[i]);
	}
	g_string_append_c(out, '\n');
}

static void
put_check(GString *out, const struct candidate_facts *candidate)
{
	g_string_append_printf(out, "      %s\n", check_words(candidate));
	if (!candidate->checked || candidate->check.recovered_n == 0)
		return;
	g_string_append_printf(out, "      RSA gives back the %s ",
	    candidate->check.recovered_n == DIGEST_SHA256_SIZE ? "SHA-256"
							       : "SHA-1");
	explain_put_hex(out,
	    (struct span){
		candidate->check.recovered, candidate->check.recovered_n });
	g_string_append_c(out, '\n');
}

static void
write_key(GString *out, const struct steps *steps, size_t at)
{
	const struct known_key *key = &steps->verdict->known->keys[at];

	g_string_append_printf(out, "    key %zu%s: \"", at + 1,
	    key == steps->verdict->key ? ", on which the result rests" : "");
	explain_put_text(out, key->text);
	g_string_append(out, "\"\n");
	put_known(out, key);
	put_defects(out, steps->facts->candidates[at].defects);
	put_check(out, &steps->facts->candidates[at]);
}

void
explain_write_keys(GString *out, const struct steps *steps)
{
	size_t n = steps->facts->n_candidates;

	g_string_append(out, "  step 4: the keys of ");
	if (steps->signature->key_name.n == 0)
		g_string_append(out, "no name: s= and d= make none");
	else
		explain_put_text(out, steps->signature->key_name);
	g_string_append_printf(out,
	    "; the snapshot has %zu\n    the signature, b=, has %zu "
	    "octets: ",
	    n, steps->signature->signature.n);
	explain_put_hex(
	    out, span_sub(steps->signature->signature, 0, EXPLAIN_TEXT_MAX));
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < MIN(n, EXPLAIN_KEYS_MAX); i++)
		write_key(out, steps, i);
	if (n > EXPLAIN_KEYS_MAX)
		g_string_append_printf(
		    out, "    and %zu more\n", n - EXPLAIN_KEYS_MAX);
}
