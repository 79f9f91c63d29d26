/*
 * person_verdicts.c - the tables of verdicts and reasons for people, straight
 * from the tables that decide (verdict/reason.h).
 */
#include "verifier/report/person.h"

#include <string.h>

#define PERSON_COLUMNS 78

/* Append "text" after "indent" columns, broken at spaces. */
static void
put_wrapped(GString *out, const char *text, size_t indent)
{
	size_t room = PERSON_COLUMNS - indent;

	while (*text != '\0') {
		size_t n = strlen(text);

		if (n > room) {
			const char *space = memrchr(text, ' ', room + 1);

			n = space == NULL ? strcspn(text, " ")
					  : (size_t)(space - text);
		}
		g_string_append_printf(
		    out, "%*s%.*s\n", (int)indent, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}

static void
put_verdict(GString *out, const struct verdict_row *row)
{
	g_string_append_printf(
	    out, "\n  %-20s %-6s [%s]\n", row->code, row->color, row->label);
	put_wrapped(out, row->meaning, 6);
	put_wrapped(out, "Does not show:", 6);
	put_wrapped(out, row->does_not_show, 8);
}

static void
put_reason(GString *out, const struct reason_row *row)
{
	const char *verdict = row->verdict == VERDICTS
	    ? "(a note)"
	    : verdict_row(row->verdict)->code;

	g_string_append_printf(out, "\n  %-30s %-9s %s\n", row->code,
	    result_name(row->result), verdict);
	put_wrapped(out, row->text, 6);
	put_wrapped(out, row->source, 6);
}

void
person_write_verdicts(GString *out)
{
	g_string_append(out, "Verdicts, best first:\n");
	for (int i = 0; i < VERDICTS; i++)
		put_verdict(out, verdict_row((enum verdict)i));
	g_string_append(out,
	    "\nReasons, with their result (RFC 8601), where they lead, and "
	    "what they\nrest on:\n");
	for (int i = 0; i < REASONS; i++)
		put_reason(out, reason_row((enum reason)i));
}
