/* person_signed.c - see person_signed.h.  What came with the mail is escaped
 * for terminals. */
#include "verifier/report/person_signed.h"

#include "keysnap/base/text.h"

static const struct {
	const char *origin, *words;
} origins[] = {
	{ "copied", "as the copy in z= has it" },
	{ "field", "as another field of the message has it" },
	{ "tag", "words were put on since" },
	{ "reply", "a word like Re: was put on or taken off since" },
	{ "encoding", "the same text, encoded otherwise" },
	{ "spelling", "the same, spelled otherwise" },
	{ "time", "found by the time in t=" },
	{ "absent", "it was put on since" },
	{ "message", "as another message of the archive has it" },
};

static void
append_quoted(GString *out, struct span text)
{
	g_string_append_c(out, '"');
	text_append_terminal(out, span_trim_fws(text));
	g_string_append_c(out, '"');
}

static void
append_origin(GString *out, struct span origin)
{
	for (size_t i = 0; i < G_N_ELEMENTS(origins); i++) {
		if (span_equal(origin, span_from_string(origins[i].origin)))
			g_string_append_printf(out, " (%s)", origins[i].words);
	}
}

/* " [record 17]", of another message */
static void
append_record(GString *out, const json_t *field)
{
	const json_t *record = json_object_get(field, "record");

	if (json_is_integer(record))
		g_string_append_printf(out,
		    " [record %" JSON_INTEGER_FORMAT "]",
		    json_integer_value(record));
}

/* '  the signed Subject was "a" (words were put on since); stored: "[l] a"' */
static void
append_field(GString *out, const json_t *field)
{
	struct span name = record_get_string(field, "name");
	struct span text = record_get_string(field, "signed_text");
	struct span stored = record_get_string(field, "stored_text");

	if (text.p == NULL) {
		g_string_append(out, "  when it was signed there was no such ");
		text_append_terminal(out, name);
	} else {
		g_string_append(out, "  the signed ");
		text_append_terminal(out, name);
		g_string_append(out, " was ");
		append_quoted(out, text);
	}
	append_origin(out, record_get_string(field, "origin"));
	append_record(out, field);
	if (stored.p == NULL) {
		g_string_append(out, "; none is stored\n");
		return;
	}
	g_string_append(out, "; stored: ");
	append_quoted(out, stored);
	g_string_append_c(out, '\n');
}

/* With l= the length of the signed body is known from below. */
static void
append_length(GString *out, const json_t *signature)
{
	const json_t *body = json_object_get(signature, "body");

	if (!json_is_false(json_object_get(body, "hash_match")) ||
	    record_get_string(signature, "l").n == 0)
		return;
	g_string_append(out, "  the signed body had at least ");
	text_append_terminal(out, record_get_string(signature, "l"));
	g_string_append(out, " octets (l=)\n");
}

void
person_append_signed(GString *out, const json_t *signature)
{
	const json_t *fields = json_object_get(signature, "signed_fields");
	const json_t *field;
	size_t i;

	json_array_foreach(fields, i, field) append_field(out, field);
	append_length(out, signature);
}
