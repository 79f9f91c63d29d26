/*
 * person_kinds.c - what is told beside the verdict, in one line each.
 *
 * Never a label of a verdict: ARC decides none.  What came with the mail is
 * escaped for terminals.
 */
#include "verifier/report/person_kinds.h"

#include "keysnap/base/text.h"
#include "verifier/report/person_claims.h"
#include "verifier/report/person_senders.h"

#include <inttypes.h>

static const struct {
	const char *kind, *name;
	bool decides;
} kinds[] = { { "dkim", "signature", true },
	{ "domainkeys", "DomainKeys signature", true },
	{ "arc-message", "ARC message signature", false },
	{ "arc-seal", "ARC seal", false } };

static size_t
find_kind(const json_t *signature)
{
	struct span kind = record_get_string(signature, "kind");
	size_t at = 0;

	while (at < G_N_ELEMENTS(kinds) &&
	    !span_equal(kind, span_from_string(kinds[at].kind)))
		at++;
	return at;
}

/* A kind of a later version is told, but not taken for one that decides. */
bool
person_kind_decides(const json_t *signature)
{
	size_t at = find_kind(signature);

	return at < G_N_ELEMENTS(kinds) && kinds[at].decides;
}

const char *
person_kind_name(const json_t *signature)
{
	size_t at = find_kind(signature);

	return at < G_N_ELEMENTS(kinds) ? kinds[at].name : "other signature";
}

/* The sentence of a reason, or nothing for one of a later version. */
static void
put_reason(GString *out, struct span code)
{
	for (int i = 0; i < REASONS; i++) {
		const struct reason_row *row = reason_row((enum reason)i);

		if (span_equal(code, span_from_string(row->code)))
			g_string_append_printf(out, "  %s", row->text);
	}
	g_string_append(out, " [");
	text_append_terminal(out, code);
	g_string_append(out, "]\n");
}

/* "  ARC seal 2: pass  google.com  key ... [arc-seal]" */
static void
put_line(GString *out, const json_t *signature)
{
	struct span domain = record_get_string(signature, "domain");
	struct span number = record_get_string(signature, "i");
	bool decides = person_kind_decides(signature);

	g_string_append_printf(out, "  %s", person_kind_name(signature));
	if (!decides && number.n > 0) {
		g_string_append_c(out, ' ');
		text_append_terminal(out, number);
	}
	g_string_append(out, ": ");
	text_append_terminal(out, record_get_string(signature, "result"));
	g_string_append(out, "  ");
	if (domain.n > 0)
		text_append_terminal(out, domain);
	else
		g_string_append(out, "no valid signing domain");
	put_reason(out, record_get_string(signature, "reason"));
}

static void
put_chain(GString *out, const json_t *arc)
{
	struct span result = record_get_string(arc, "result");
	const json_t *instance = json_object_get(arc, "instance");
	json_int_t sets = json_integer_value(json_object_get(arc, "sets"));

	g_string_append(out, "  ARC chain: ");
	if (result.n > 0)
		text_append_terminal(out, result);
	else
		g_string_append(out, "not known");
	g_string_append_printf(out, ", %" JSON_INTEGER_FORMAT " set%s", sets,
	    sets == 1 ? "" : "s");
	if (json_is_integer(instance))
		g_string_append_printf(out, ", at set %" JSON_INTEGER_FORMAT,
		    json_integer_value(instance));
	put_reason(out, record_get_string(arc, "reason"));
}

/* "  attached message, depth 1, octet 120: verified  a.example [pass]" */
static void
put_attached(GString *out, const json_t *attached)
{
	const json_t *best = json_object_get(attached, "best");
	const json_t *reasons = json_object_get(attached, "reasons");
	const json_t *signature = NULL;

	if (json_is_integer(best))
		signature =
		    json_array_get(json_object_get(attached, "signatures"),
			(size_t)json_integer_value(best));
	g_string_append_printf(out,
	    "  attached message, depth %" JSON_INTEGER_FORMAT
	    ", octet %" JSON_INTEGER_FORMAT ": ",
	    json_integer_value(json_object_get(attached, "depth")),
	    json_integer_value(json_object_get(attached, "offset")));
	text_append_terminal(out, record_get_string(attached, "verdict"));
	g_string_append(out, "  ");
	text_append_terminal(out, record_get_string(signature, "domain"));
	put_reason(out,
	    span_from_string(
		json_string_value(json_array_get(reasons, 0)) != NULL
		    ? json_string_value(json_array_get(reasons, 0))
		    : ""));
	person_append_attached_senders(out, attached);
	person_append_attached_claims(out, attached);
}

void
person_write_embedded(GString *out, const json_t *record)
{
	const json_t *embedded = json_object_get(record, "embedded");
	const json_t *left_out = json_object_get(record, "embedded_left_out");
	const json_t *attached;
	size_t i;

	json_array_foreach(embedded, i, attached) put_attached(out, attached);
	if (json_is_integer(left_out))
		g_string_append_printf(out,
		    "  attached messages that were not looked at: "
		    "%" JSON_INTEGER_FORMAT "\n",
		    json_integer_value(left_out));
	if (json_is_true(json_object_get(record, "embedded_cut")))
		g_string_append(out,
		    "  there may be more attached messages: not all parts "
		    "were looked at\n");
}

void
person_write_kinds(GString *out, const json_t *record, const json_t *best)
{
	const json_t *signatures = json_object_get(record, "signatures");
	const json_t *arc = json_object_get(record, "arc");
	const json_t *signature;
	size_t i;

	json_array_foreach(signatures, i, signature)
	{
		if (signature != best && person_kind_decides(signature) &&
		    span_equal(record_get_string(signature, "kind"),
			SPAN("domainkeys")))
			put_line(out, signature);
	}
	if (!json_is_object(arc))
		return;
	put_chain(out, arc);
	json_array_foreach(signatures, i, signature)
	{
		if (!person_kind_decides(signature))
			put_line(out, signature);
	}
}
