/*
 * person_verdicts.c - the tables of verdicts and reasons for people, straight
 * from the tables that decide (verdict/reason.h), and what the words on keys
 * mean (store/provenance.h).
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

#define WORD_INDENT 21 /* "several-addresses", and a gap on both sides */

/* A word, and beside it what it means. */
static void
put_word(GString *out, const char *word, const char *meaning)
{
	size_t at = out->len;

	g_assert(strlen(word) < WORD_INDENT - 2);
	put_wrapped(out, meaning, WORD_INDENT);
	memcpy(out->str + at + 2, word, strlen(word));
}

/* What the record says of a key; keysnap.5 has the rules. */
static void
put_provenance(GString *out)
{
	g_string_append(out,
	    "\nGrades of keys, best first (keysnap(5), PROVENANCE); without "
	    "--public-key or\n--root none is better than D:\n");
	for (int i = 0; i <= GRADE_F; i++)
		put_word(out, grade_name((enum grade)i),
		    grade_meaning((enum grade)i));
	g_string_append(out,
	    "\nHow the times of a key stand to that of the message, best "
	    "first:\n");
	for (int i = 0; i <= TIME_STATE_UNKNOWN; i++)
		put_word(out, time_state_name((enum time_state)i),
		    time_state_meaning((enum time_state)i));
	g_string_append(out, "\nFlags of keys:\n");
	for (unsigned bit = 1; provenance_flag_name(bit) != NULL; bit <<= 1)
		put_word(out, provenance_flag_name(bit),
		    provenance_flag_meaning(bit));
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
	put_provenance(out);
	g_string_append(out,
	    "\nNotes about senders (verifier(5), Senders); they change no "
	    "verdict:\n");
	for (int i = 0; i < SENDER_CODES; i++)
		put_word(out, sender_code_name((enum sender_code)i),
		    sender_code_text((enum sender_code)i));
}
