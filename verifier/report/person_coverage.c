/* person_coverage.c - see person_coverage.h.  What came with the mail is
 * escaped for terminals. */
#include "verifier/report/person_coverage.h"

#include "keysnap/base/text.h"

#define SHOWN_MAX 20 /* attachments, parts and names that are shown */

#define NOT_FRAMED                                                       \
	"  note: the Content-Type of the message is not signed, or its " \
	"encoding: that its body is cut into these parts is not, either.\n"
#define UNCLEAR                                                              \
	"  note: other programs may cut this message into other parts, and " \
	"find other attachments ("

static json_int_t
get_integer(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static bool
is_text(const json_t *object, const char *name, struct span text)
{
	return span_equal(record_get_string(object, name), text);
}

static void
put_quoted(GString *out, struct span text)
{
	g_string_append_c(out, '"');
	text_append_terminal(out, text);
	g_string_append_c(out, '"');
}

static void
put_type(GString *out, const json_t *object)
{
	struct span type = record_get_string(object, "type");

	if (type.p != NULL)
		text_append_terminal(out, type);
	else
		g_string_append(out, "no type");
}

/* ---- a signature ------------------------------------------------------------- */

/* '  2 subject fields, 1 of them signed; from the top: not signed "a", signed
 * "b"' */
static void
put_surplus(GString *out, const json_t *surplus)
{
	const json_t *fields = json_object_get(surplus, "fields"), *field;
	json_int_t present = get_integer(surplus, "present");
	size_t i, n = json_array_size(fields);

	g_string_append_printf(
	    out, "  note: %" JSON_INTEGER_FORMAT " ", present);
	text_append_terminal(out, record_get_string(surplus, "name"));
	g_string_append_printf(out,
	    " fields, %" JSON_INTEGER_FORMAT " of them signed; from the top:",
	    get_integer(surplus, "signed"));
	json_array_foreach(fields, i, field)
	{
		g_string_append(out, i == 0 ? " " : ", ");
		if (present > (json_int_t)n && i == n / 2)
			g_string_append(out, "..., ");
		if (json_is_false(json_object_get(field, "signed")))
			g_string_append(out, "not ");
		g_string_append(out, "signed ");
		put_quoted(out, record_get_string(field, "text"));
	}
	g_string_append_c(out, '\n');
}

static void
put_parts(GString *out, const json_t *parts)
{
	size_t n = json_array_size(parts);

	for (size_t i = 0; i < MIN(n, SHOWN_MAX); i++) {
		const json_t *part = json_array_get(parts, i);

		g_string_append(out, i == 0 ? "; " : ", ");
		if (is_text(part, "signed", SPAN("partly")))
			g_string_append(out, "the end of ");
		g_string_append(out, "a part of ");
		put_type(out, part);
	}
	if (n > SHOWN_MAX)
		g_string_append(out, ", ...");
}

/* "  not signed, behind l=: 51 octets of the body from octet 713 on (text,
 * HTML); a part of text/html" */
static void
put_left_out(GString *out, const json_t *left_out)
{
	if (!json_is_object(left_out))
		return;
	g_string_append_printf(out,
	    "  not signed, behind l=: %" JSON_INTEGER_FORMAT
	    " octets of the body, from octet %" JSON_INTEGER_FORMAT " on (",
	    get_integer(left_out, "length"), get_integer(left_out, "offset"));
	if (is_text(left_out, "holds", SPAN("white-space")))
		g_string_append(out, "white space alone");
	else if (is_text(left_out, "holds", SPAN("parts")))
		g_string_append(out, "with whole MIME parts");
	else
		g_string_append(out, "text");
	if (json_is_true(json_object_get(left_out, "html")))
		g_string_append(out, ", HTML");
	if (json_is_true(json_object_get(left_out, "behind_close")))
		g_string_append(out, ", behind the last boundary");
	g_string_append_c(out, ')');
	put_parts(out, json_object_get(left_out, "parts"));
	g_string_append_c(out, '\n');
}

static void
put_oversigned(GString *out, const json_t *names)
{
	size_t n = json_array_size(names);

	if (n == 0)
		return;
	g_string_append(out, "  signed that there are no more:");
	for (size_t i = 0; i < MIN(n, SHOWN_MAX); i++) {
		const json_t *name = json_array_get(names, i);

		g_string_append_c(out, ' ');
		text_append_terminal(out,
		    (struct span){ (const uint8_t *)json_string_value(name),
			json_string_length(name) });
	}
	g_string_append_c(out, '\n');
}

void
person_append_coverage(GString *out, const json_t *signature, bool all)
{
	const json_t *coverage = json_object_get(signature, "coverage");
	const json_t *surplus = json_object_get(coverage, "surplus"), *one;
	size_t i;

	json_array_foreach(surplus, i, one) put_surplus(out, one);
	put_left_out(out, json_object_get(coverage, "left_out"));
	if (all)
		put_oversigned(out, json_object_get(coverage, "oversigned"));
}

/* ---- attachments ------------------------------------------------------------- */

static size_t
count_share(const json_t *attachments, struct span share)
{
	const json_t *one;
	size_t i, n = 0;

	json_array_foreach(attachments, i, one) n +=
	    is_text(one, "signed", share);
	return n;
}

static void
put_summary(GString *out, const json_t *record, const json_t *attachments)
{
	json_int_t left_out = get_integer(record, "attachments_left_out");
	size_t n = json_array_size(attachments);
	size_t partly = count_share(attachments, SPAN("partly"));
	size_t none = count_share(attachments, SPAN("none"));

	g_string_append_printf(out, "  attachments: %zu, ", n);
	if (partly + none == 0)
		g_string_append(out, "inside of the signed octets");
	else
		g_string_append_printf(out,
		    "%zu inside of the signed octets, %zu partly, %zu not",
		    n - partly - none, partly, none);
	if (json_is_true(json_object_get(record, "attachments_repaired")))
		g_string_append(out, ", of the message as it was signed");
	if (left_out > 0)
		g_string_append_printf(out,
		    "; %" JSON_INTEGER_FORMAT " parts not looked at", left_out);
	g_string_append_c(out, '\n');
}

/* '    sha256 2c26...  3 octets  application/pdf  "a.pdf"  signed' */
static void
put_attachment(GString *out, const json_t *attachment)
{
	struct span name = record_get_string(attachment, "name");

	g_string_append(out, "    sha256 ");
	text_append_terminal(out, record_get_string(attachment, "sha256"));
	g_string_append_printf(out, "  %" JSON_INTEGER_FORMAT " octets  ",
	    get_integer(attachment, "size"));
	put_type(out, attachment);
	g_string_append(out, "  ");
	if (name.p != NULL)
		put_quoted(out, name);
	else
		g_string_append(out, "no name");
	if (is_text(attachment, "signed", SPAN("all")))
		g_string_append(out,
		    json_is_true(json_object_get(attachment, "exact"))
			? "  signed"
			: "  signed, not every octet of it");
	else if (is_text(attachment, "signed", SPAN("partly")))
		g_string_append(out, "  signed in part");
	else
		g_string_append(out, "  not signed");
	if (is_text(attachment, "decode", SPAN("defective")))
		g_string_append(out,
		    "  (encoding damaged: other programs may decode it "
		    "otherwise)");
	else if (is_text(attachment, "decode", SPAN("unknown")))
		g_string_append(out, "  (encoding unknown: not decoded)");
	g_string_append_c(out, '\n');
}

/* What programs read differently, and, with "framing", what the signature
 * leaves to others. */
static void
put_unclear(GString *out, const json_t *words, bool framing)
{
	const json_t *word;
	size_t i, n = 0;
	bool framed = true; /* what begins the cutting is signed */

	json_array_foreach(words, i, word)
	{
		const char *text = json_string_value(word);

		if (g_strcmp0(text, "framing") == 0) {
			framed = false;
			continue;
		}
		g_string_append(out, n++ == 0 ? UNCLEAR : ", ");
		text_append_terminal(out, span_from_string(text));
	}
	if (n > 0)
		g_string_append(out, ")\n");
	if (framing && !framed)
		g_string_append(out, NOT_FRAMED);
}

void
person_append_attachments(GString *out, const json_t *record, bool all)
{
	const json_t *attachments = json_object_get(record, "attachments");
	const json_t *unclear = json_object_get(record, "attachments_unclear");
	size_t n = json_array_size(attachments);

	if (n == 0 && get_integer(record, "attachments_left_out") == 0) {
		put_unclear(out, unclear, false);
		return;
	}
	put_summary(out, record, attachments);
	for (size_t i = 0; all && i < MIN(n, SHOWN_MAX); i++)
		put_attachment(out, json_array_get(attachments, i));
	if (all && n > SHOWN_MAX)
		g_string_append_printf(
		    out, "    and %zu more\n", n - SHOWN_MAX);
	put_unclear(out, unclear, true);
}
