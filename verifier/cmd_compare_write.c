/* cmd_compare_write.c - a comparison as text. */
#include "verifier/cmd_compare_write.h"

#include "verifier/report/record_difference.h"

#include "keysnap/base/text.h"

#include <string.h>

#define VALUE_SHOWN 60 /* octets of a value in a line */

static const char *const their_names[] = {
	[THEIR_PASS] = "pass",
	[THEIR_FAIL] = "fail",
	[THEIR_NONE] = "none",
	[THEIR_OTHER] = "another word",
	[THEIR_OTHER + 1] = "(not there)",
};

static const char *
verdict_name(int verdict)
{
	return verdict == COMPARE_ABSENT
	    ? "(not there)"
	    : verdict_row((enum verdict)verdict)->code;
}

/* ---- what was compared --------------------------------------------------- */

static void
append_member(GString *out, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	text_append_terminal(
	    out, span_from_string(text != NULL ? text : "(none)"));
}

static void
write_run(GString *out, char letter, const struct compared_run *run)
{
	g_string_append_printf(out, "%c  ", letter);
	text_append_terminal(out, span_from_string(run->folder));
	g_string_append_printf(
	    out, "  %" G_GUINT64_FORMAT " records, by ", run->records);
	append_member(out, run->header, "tool");
	g_string_append(out, "\n   snapshot ");
	append_member(out, run->header, "root");
	g_string_append(out, ", vouched for by ");
	append_member(out, run->header, "vouched");
	g_string_append_c(out, '\n');
	if (run->altered)
		g_string_append(out,
		    "   ALTERED  results.jsonl is not the file that run.json "
		    "names\n");
}

static void
write_contrast(GString *out, const struct contrast *contrast)
{
	const struct {
		bool differs;
		const char *name;
	} list[] = {
		{ contrast->snapshot, "snapshot" },
		{ contrast->vouched, "who vouches for it" },
		{ contrast->repairs, "--repairs" },
		{ contrast->min_grade, "--min-grade" },
		{ contrast->max_gap, "--max-gap" },
		{ contrast->equivalences, "--equivalences" },
		{ contrast->suffix_list, "public suffix list" },
		{ contrast->anchors, "proofs of time" },
		{ contrast->limits, "bounds on containers" },
		{ contrast->program, "program or libraries" },
	};
	const char *between = "";

	g_string_append(out, "the runs differ in: ");
	for (size_t i = 0; i < G_N_ELEMENTS(list); i++) {
		if (!list[i].differs)
			continue;
		g_string_append_printf(out, "%s%s", between, list[i].name);
		between = ", ";
	}
	g_string_append(
	    out, *between == '\0' ? "nothing but the archive\n" : "\n");
}

static void
write_list(GString *out, const struct compared_list *list)
{
	g_string_append_printf(out,
	    "B  a list of %" G_GUINT64_FORMAT " messages: %" G_GUINT64_FORMAT
	    " pass, %" G_GUINT64_FORMAT " fail, %" G_GUINT64_FORMAT
	    " none, %" G_GUINT64_FORMAT " with another word\n",
	    list->lines, list->words[THEIR_PASS], list->words[THEIR_FAIL],
	    list->words[THEIR_NONE], list->words[THEIR_OTHER]);
	if (list->skipped > 0)
		g_string_append_printf(out,
		    "   %" G_GUINT64_FORMAT
		    " lines have no message or no word, the first is line "
		    "%" G_GUINT64_FORMAT "\n",
		    list->skipped, list->first_skipped);
}

/* ---- tables -------------------------------------------------------------- */

static void
write_verdicts(GString *out, const struct comparison *comparison)
{
	g_string_append_printf(out, "\n%-22s %10s %10s\n", "", "A", "B");
	for (int i = 0; i < VERDICTS; i++) {
		uint64_t a = comparison->a.verdicts[i];
		uint64_t b = comparison->b.verdicts[i];

		if (a > 0 || b > 0)
			g_string_append_printf(out,
			    "%-22s %10" G_GUINT64_FORMAT " %10" G_GUINT64_FORMAT
			    "\n",
			    verdict_name(i), a, b);
	}
}

static void
write_changes(GString *out, const struct comparison *comparison)
{
	g_string_append(out, "\nfrom A to B\n");
	for (int i = 0; i <= VERDICTS; i++) {
		for (int j = 0; j <= VERDICTS; j++) {
			uint64_t n = comparison->verdicts[i][j];

			if (n > 0)
				g_string_append_printf(out,
				    "  %8" G_GUINT64_FORMAT "  %s -> %s\n", n,
				    verdict_name(i), verdict_name(j));
		}
	}
}

static void
write_words(GString *out, const struct comparison *comparison)
{
	g_string_append(out, "\nverdict of A, word of B\n");
	for (int i = 0; i <= VERDICTS; i++) {
		for (int j = 0; j <= THEIR_OTHER + 1; j++) {
			uint64_t n = comparison->words[i][j];

			if (n > 0)
				g_string_append_printf(out,
				    "  %8" G_GUINT64_FORMAT "  %s, %s\n", n,
				    verdict_name(i), their_names[j]);
		}
	}
}

static void
write_causes(GString *out, const struct comparison *comparison)
{
	g_string_append_printf(out, "\n%-20s %10s %10s\n",
	    comparison->has_list ? "what may be why" : "causes", "verdict",
	    "else");
	for (int i = 0; i < CAUSES; i++) {
		const uint64_t *n = comparison->causes[i];

		if (n[0] > 0 || n[1] > 0 || i == CAUSE_UNEXPLAINED)
			g_string_append_printf(out,
			    "%-20s %10" G_GUINT64_FORMAT " %10" G_GUINT64_FORMAT
			    "  %s\n",
			    cause_code((enum cause)i), n[0], n[1],
			    cause_text((enum cause)i));
	}
}

void
compare_write_tables(GString *out, const struct comparison *comparison)
{
	write_run(out, 'A', &comparison->a);
	if (comparison->has_list) {
		write_list(out, &comparison->list);
	} else {
		write_run(out, 'B', &comparison->b);
		write_contrast(out, &comparison->contrast);
	}
	g_string_append_printf(out,
	    "\n%" G_GUINT64_FORMAT " messages alike, %" G_GUINT64_FORMAT
	    " with another verdict, %" G_GUINT64_FORMAT
	    " that differ else, %" G_GUINT64_FORMAT
	    " only in A, %" G_GUINT64_FORMAT " only in B\n",
	    comparison->alike, comparison->differ_verdict,
	    comparison->differ_rest, comparison->only[0], comparison->only[1]);
	if (comparison->has_list) {
		write_words(out, comparison);
	} else {
		write_verdicts(out, comparison);
		write_changes(out, comparison);
	}
	write_causes(out, comparison);
}

/* ---- one difference ------------------------------------------------------ */

static void
write_side(GString *out, const struct difference *difference, int side)
{
	const struct place *place = &difference->sides[side];

	if (!difference->has[side]) {
		g_string_append(out, "(not there)");
	} else if (difference->records[side] != NULL) {
		append_member(out, difference->records[side], "verdict");
	} else {
		g_string_append_c(out, '"');
		text_append_terminal(out,
		    (struct span){
			(const uint8_t *)place->their, place->their_n });
		g_string_append_c(out, '"');
	}
}

/* The first member in which the two differ, where they may be compared. */
static void
write_first(GString *out, const struct difference *difference)
{
	static const char *const passed_over[] = { "best", "color", "seq",
		"source", "verdict", "reasons", NULL };
	g_autoptr(GString) place = g_string_new(NULL);
	const json_t *a, *b;

	if (difference->records[0] == NULL || difference->records[1] == NULL ||
	    !record_difference(difference->records[0], difference->records[1],
		passed_over, place, &a, &b))
		return;
	g_string_append_printf(out, "\n    %s: ", place->str);
	record_value_append(out, a, VALUE_SHOWN);
	g_string_append(out, " | ");
	record_value_append(out, b, VALUE_SHOWN);
}

void
compare_write_line(GString *out, const struct difference *difference)
{
	const json_t *record = difference->records[0] != NULL
	    ? difference->records[0]
	    : difference->records[1];

	for (int i = 0; i < 2; i++) {
		if (difference->has[i])
			g_string_append_printf(out, "%s%c%" G_GUINT64_FORMAT,
			    i > 0 ? " " : "", i == 0 ? 'A' : 'B',
			    difference->sides[i].seq);
	}
	g_string_append(out, "  ");
	if (record != NULL)
		append_member(out, json_object_get(record, "source"), "path");
	g_string_append(out, "  ");
	write_side(out, difference, 0);
	g_string_append(out, " -> ");
	write_side(out, difference, 1);
	g_string_append(out, " ");
	for (int i = 0; i < CAUSES; i++) {
		if ((difference->causes & CAUSE_BIT(i)) != 0)
			g_string_append_printf(
			    out, " %s", cause_code((enum cause)i));
	}
	write_first(out, difference);
	g_string_append_c(out, '\n');
}
