/*
 * explain.c - the steps of RFC 6376 section 6.1, as they went for one message.
 */
#include "verifier/case/explain.h"

#include "verifier/case/octets_shown.h"
#include "verifier/message/stored_at.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/text.h"

#include <inttypes.h>

void
explain_put_text(GString *out, struct span text)
{
	text_append_terminal(out, span_sub(text, 0, EXPLAIN_TEXT_MAX));
	if (text.n > EXPLAIN_TEXT_MAX)
		g_string_append_printf(
		    out, " ... (%zu octets more)", text.n - EXPLAIN_TEXT_MAX);
}

void
explain_put_hex(GString *out, struct span octets)
{
	for (size_t i = 0; i < octets.n; i++)
		g_string_append_printf(out, "%02x", octets.p[i]);
}

static const char *
field_name(enum signature_kind kind)
{
	static const char *const names[SIGNATURE_KINDS] = {
		[SIGNATURE_DKIM] = "DKIM-Signature",
		[SIGNATURE_ARC_MESSAGE] = "ARC-Message-Signature",
		[SIGNATURE_ARC_SEAL] = "ARC-Seal",
		[SIGNATURE_DOMAINKEYS] = "DomainKey-Signature",
	};

	return names[kind];
}

static const char *
canon_name(enum canonicalization canon)
{
	static const char *const names[CANONS] = {
		[CANON_SIMPLE] = "simple",
		[CANON_RELAXED] = "relaxed",
		[CANON_NOWSP] = "nowsp",
		[CANON_DK_SIMPLE] = "simple (RFC 4870)",
		[CANON_DK_NOFWS] = "nofws (RFC 4870)",
	};

	return names[canon];
}

static const char *
hash_name(const struct signature *signature)
{
	return signature->digest == DIGEST_SHA1 ? "SHA-1" : "SHA-256";
}

/* ---- plain words --------------------------------------------------------- */

static const char *
body_words(const struct steps *steps)
{
	switch (steps->facts->body.state) {
	case BODY_MATCH:
		return steps->facts->body.covered < steps->facts->body.total
		    ? "The first part of the body, as long as l= says, is as "
		      "it was signed; what follows is not signed."
		    : "The body is as it was signed.";
	case BODY_MISMATCH:
		return "The body is not as it was signed.";
	case BODY_MISSING:
		return "The body that was signed is not there.";
	case BODY_TOO_SHORT:
		return "The body is shorter than what was signed.";
	case BODY_IN_SIGNATURE:
		return "The body is signed together with the header.";
	case BODY_NOT_SIGNED:
		return "It does not cover the body.";
	case BODY_NOT_HASHED:
		break;
	}
	return "No hash of the body could be compared.";
}

static const char *
signature_words(const struct steps *steps)
{
	bool checked = false, other = false;

	for (size_t i = 0; i < steps->facts->n_candidates; i++) {
		const struct key_check *check =
		    &steps->facts->candidates[i].check;

		if (!steps_is_checked(steps, i))
			continue;
		checked = true;
		if (check->result == KEY_CHECK_VALID)
			return "The signature was made with the private key "
			       "that belongs to a known key of this name, for "
			       "these very fields.";
		other |= check->result == KEY_CHECK_OTHER;
	}
	if (!steps_are_known(steps))
		return "What it signs cannot be said, so nothing was checked.";
	if (!checked)
		return "No key is known that could check the signature.";
	return other ? "The signature was made with a known key, but for other "
		       "header fields than these."
		     : "No known key of this name made this signature.";
}

static void
write_words(GString *out, const struct steps *steps)
{
	const struct reasons *reasons = &steps->verdict->reasons;

	g_string_append_printf(out,
	    "  in plain words: %s %s\n  result: %s; verdict: %s\n",
	    body_words(steps), signature_words(steps),
	    result_name(steps->verdict->result),
	    signature_kind_decides(steps->signature->kind)
		? verdict_row(steps->verdict->verdict)->code
		: "none, ARC decides nothing");
	for (size_t i = 0; i < reasons->n; i++) {
		const struct reason_row *row = reason_row(reasons->list[i]);

		g_string_append_printf(out, "    %s: %s (%s)\n", row->code,
		    row->text, row->source);
	}
}

/* ---- steps --------------------------------------------------------------- */

static void
write_tags(GString *out, const struct steps *steps)
{
	const struct signature *signature = steps->signature;
	const struct {
		const char *name;
		struct span value;
	} tags[] = { { "v", signature->v }, { "a", signature->a },
		{ "c", signature->c }, { "d", signature->d },
		{ "s", signature->s }, { "i", signature->i },
		{ "cv", signature->cv }, { "q", signature->q },
		{ "t", signature->t }, { "x", signature->x },
		{ "l", signature->l }, { "h", signature->h },
		{ "bh", signature->bh }, { "b", signature->b } };

	g_string_append(out, "  step 1: the tags of the field\n");
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		if (tags[i].value.p == NULL)
			continue;
		g_string_append_printf(out, "    %s=", tags[i].name);
		explain_put_text(out, tags[i].value);
		g_string_append_c(out, '\n');
	}
}

static void
put_hash(GString *out, const char *words, struct span hash)
{
	g_string_append_printf(out, "    %s ", words);
	explain_put_hex(out, hash);
	g_string_append(out, "  (base64 ");
	base64_append(out, hash);
	g_string_append(out, ")\n");
}

static void
write_body(GString *out, const struct steps *steps)
{
	const struct body_facts *body = &steps->facts->body;
	struct span hash = { body->hash, body->hash_n };
	struct octets_shown shown;

	g_string_append(out, "  step 2: the body\n");
	if (body->state == BODY_NOT_SIGNED || !steps_have_body(steps)) {
		g_string_append_printf(out, "    %s\n", body_words(steps));
		return;
	}
	octets_shown_start(&shown);
	steps_push_body(steps, &shown.sink);
	g_string_append_printf(out,
	    "    begins at offset %zu of the stored message; canonical form "
	    "\"%s\"\n    has %" PRIu64 " octets, of which %" PRIu64
	    " are hashed:\n",
	    steps->attempt->message.body_at,
	    canon_name(steps->signature->body_canon), body->total,
	    body->covered);
	octets_shown_write(out, &shown, "      ");
	octets_shown_clear(&shown);
	g_string_append_printf(
	    out, "    %s of these octets:\n", hash_name(steps->signature));
	put_hash(out, "  computed", hash);
	if (!steps_compare_body(steps)) {
		g_string_append(
		    out, "    bh= holds no hash to compare it with\n");
		return;
	}
	put_hash(out, "  bh= says", steps->signature->body_hash);
	g_string_append_printf(out, "    %s\n",
	    steps_body_holds(steps) ? "they are equal" : "they differ");
}

static void
write_signed(GString *out, const struct steps *steps, struct arena *arena)
{
	struct octets_shown shown;

	g_string_append_printf(out,
	    "  step 3: what the signature is over, in canonical form "
	    "\"%s\"\n",
	    canon_name(steps->signature->header_canon));
	if (!steps_are_known(steps)) {
		g_string_append(out,
		    "    cannot be said: the field cannot be processed, or the "
		    "ARC sets are not complete\n");
		return;
	}
	explain_write_fields(out, steps, arena);
	octets_shown_start(&shown);
	steps_push_signed(steps, arena, &shown.sink);
	g_string_append_printf(out,
	    "    these are %" PRIu64 " octets, the last field without the "
	    "value of b= and without CRLF:\n",
	    shown.n);
	octets_shown_write(out, &shown, "      ");
	octets_shown_clear(&shown);
	put_hash(out, hash_name(steps->signature),
	    (struct span){
		steps->facts->header_hash, steps->facts->header_hash_n });
}

static void
write_title(GString *out, const struct steps *steps, size_t n,
    const struct stored_at *at)
{
	const struct message *message = &steps->attempt->message;
	const struct header_field *field = steps->signature->field;

	g_string_append_printf(out,
	    "\nsignature %zu of %zu: %s, field %zu of the header, at offset "
	    "%" PRIu64 "\n",
	    steps->number, n, field_name(steps->signature->kind),
	    (size_t)(field - message->header.fields) + 1,
	    stored_at_line(at, message, field->whole));
	if (steps->attempt->repairs != NULL)
		g_string_append(
		    out, "  judged in the message as it was repaired\n");
}

static void
write_signature(
    GString *out, const struct steps *steps, size_t n, struct arena *arena)
{
	struct stored_at at;

	stored_at_get(&at, arena, &steps->attempt->message);
	write_title(out, steps, n, &at);
	write_words(out, steps);
	write_tags(out, steps);
	write_body(out, steps);
	write_signed(out, steps, arena);
	explain_write_keys(out, steps);
	explain_write_rules(out, steps);
}

/* ---- the message --------------------------------------------------------- */

static void
write_reading(GString *out, const struct attempt *attempt)
{
	const struct reading *reading = &attempt->message.reading;

	g_string_append_printf(out, "  quoting undone: %s; line ends: %s\n",
	    reading->quoting == QUOTING_KEPT ? "none"
					     : reading_dialect(reading),
	    reading->line_ends == LINE_ENDS_KEPT ? "as stored"
						 : "LF made CRLF");
}

static void
write_edits(GString *out, const struct attempt *attempt)
{
	const struct repair_set *repairs = attempt->repairs;
	size_t n;

	if (repairs == NULL || repairs->n == 0)
		return;
	g_string_append(out, "  repairs:");
	for (size_t i = 0; i < repairs->n; i++)
		g_string_append_printf(out, " %s", repairs->repairs[i]->name);
	n = MIN(repairs->edits.n, EXPLAIN_FIELDS_MAX);
	g_string_append_printf(
	    out, "\n  %zu edits of the stored octets:\n", repairs->edits.n);
	for (size_t i = 0; i < n; i++) {
		const struct edit *edit = &repairs->edits.edits[i];

		g_string_append_printf(out,
		    "    at offset %zu take %zu octets away, put %zu in: \"",
		    edit->at, edit->remove, edit->insert.n);
		explain_put_text(out, edit->insert);
		g_string_append(out, "\"\n");
	}
	if (n < repairs->edits.n)
		g_string_append_printf(
		    out, "    and %zu more\n", repairs->edits.n - n);
}

void
explain_write(GString *out, const struct attempt *attempt,
    const struct item *item, struct arena *arena)
{
	size_t n = attempt->verdict.n_signatures;

	g_string_append_printf(out,
	    "\nhow it was found, step by step\n"
	    "  Offsets count octets of the message as it is stored, from 0; it "
	    "lies at\n  offset %" PRIu64 " and has %" PRIu64 " octets.  Lines "
	    "with \"|\" show octets: the CRLF at\n  their end is not shown.  "
	    "Lines with \":\" do not end with CRLF.  Of more than\n  %d octets "
	    "the first %d and the last %d are shown.\n",
	    item->offset, item->length, OCTETS_SHOWN_HEAD + OCTETS_SHOWN_TAIL,
	    OCTETS_SHOWN_HEAD, OCTETS_SHOWN_TAIL);
	write_reading(out, attempt);
	write_edits(out, attempt);
	for (size_t i = 0; i < n; i++) {
		struct steps steps;

		arena_reset(arena);
		steps_get(&steps, attempt, i);
		write_signature(out, &steps, n, arena);
	}
	if (n == 0)
		g_string_append(out, "  No field of the header signs.\n");
}
