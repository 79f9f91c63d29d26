/*
 * cmd_summary.c - the few lines about a run that people see.
 */
#include "verifier/cmd_summary.h"

#include "keysnap/base/text.h"
#include "keysnap/base/timestamp.h"

#include <string.h>

/* "71,848": digits in groups of three. */
static void
append_count(GString *out, uint64_t count, int width)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, count);
	g_autoptr(GString) grouped = g_string_new(NULL);
	size_t n = strlen(digits);

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			g_string_append_c(grouped, ',');
		g_string_append_c(grouped, digits[i]);
	}
	g_string_append_printf(out, "%*s", width, grouped->str);
}

static void
append_octets(GString *out, uint64_t octets)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	uint64_t tenths = octets * 10;
	size_t unit = 0;

	while (tenths >= 10000 && unit + 1 < G_N_ELEMENTS(units)) {
		tenths /= 1000;
		unit++;
	}
	g_string_append_printf(out,
	    "%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT " %s", tenths / 10,
	    tenths % 10, units[unit]);
}

static void
append_day(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	if (at == TIMESTAMP_NONE) {
		g_string_append(out, "unknown");
		return;
	}
	timestamp_format(at, text);
	g_string_append_len(out, text, 10);
}

static void
write_snapshot(GString *out, const struct summary *summary)
{
	char root[DIGEST_HEX_SIZE];

	digest_to_hex(
	    (struct span){ summary->header->root, DIGEST_SHA256_SIZE }, root);
	g_string_append(out, "snapshot  ");
	text_append_terminal(out, span_from_string(summary->snapshot));
	g_string_append_printf(out, "  root %s  ", root);
	append_count(out, summary->header->entries, 0);
	g_string_append(out, " entries  ");
	if (strcmp(summary->header->vouched, "nobody") == 0)
		g_string_append(out, "NOBODY VOUCHES FOR IT\n");
	else
		g_string_append_printf(
		    out, "vouched for by %s\n", summary->header->vouched);
}

/* How many of the proofs that were given count. */
static void
write_anchors(GString *out, const struct anchors_given *given)
{
	size_t counts = 0;

	if (given == NULL)
		return;
	for (size_t i = 0; i < given->n; i++)
		counts += given->anchors[i].counts;
	g_string_append(out, "anchors   ");
	append_count(out, counts, 0);
	g_string_append(out, " of ");
	append_count(out, given->n, 0);
	g_string_append(out, " count\n");
}

static void
write_input(GString *out, const struct run_counts *counts)
{
	g_string_append(out, "input     ");
	append_count(out, counts->files, 0);
	g_string_append(out, " files  ");
	append_octets(out, counts->octets);
	g_string_append(out, "   ");
	append_count(out, counts->messages, 0);
	g_string_append(out, " messages (");
	append_count(out, counts->items - counts->messages, 0);
	g_string_append(
	    out, counts->interrupted ? " lost, interrupted)\n" : " lost)\n");
}

/* What was not read, or is odd, is not in the records. */
static void
write_notes(GString *out, const struct summary *summary)
{
	uint64_t notes = summary->counts->notes;

	if (notes == 0)
		return;
	g_string_append(out, "notes     ");
	append_count(out, notes, 0);
	g_string_append(out, " on what is odd, or not read as mail: ");
	text_append_terminal(out, span_from_string(summary->folder));
	g_string_append(out, "/run.json\n");
}

static const char *
color_of(enum verdict verdict)
{
	const char *color = verdict_row(verdict)->color;

	return strcmp(color, "green") == 0 ? "\033[32m"
	    : strcmp(color, "amber") == 0  ? "\033[33m"
	    : strcmp(color, "red") == 0    ? "\033[31m"
					   : "\033[90m";
}

/* Per cent with one decimal, by integers. */
static void
write_verdict(GString *out, const struct summary *summary, enum verdict verdict)
{
	const struct run_counts *counts = summary->counts;
	uint64_t count = counts->verdicts[verdict];
	uint64_t permille =
	    (count * 1000 + counts->messages / 2) / MAX(counts->messages, 1);
	g_autofree char *label =
	    g_strdup_printf("[%s]", verdict_row(verdict)->label);

	if (count == 0)
		return;
	g_string_append_printf(out, "  %s%-24s%s",
	    summary->color ? color_of(verdict) : "", label,
	    summary->color ? "\033[0m" : "");
	append_count(out, count, 12);
	g_string_append_printf(out,
	    "  %3" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "%%\n", permille / 10,
	    permille % 10);
}

void
summary_write(GString *out, const struct summary *summary)
{
	const struct run_counts *counts = summary->counts;

	if (summary->snapshot != NULL)
		write_snapshot(out, summary);
	write_anchors(out, summary->header->anchors);
	write_input(out, counts);
	write_notes(out, summary);
	for (int i = 0; i < VERDICTS; i++)
		write_verdict(out, summary, (enum verdict)i);
	g_string_append(out, "senders ");
	append_count(out, counts->senders, 0);
	g_string_append(out, "   dates ");
	append_day(out, counts->first_date);
	g_string_append(out, " .. ");
	append_day(out, counts->last_date);
	g_string_append(out, "   signing domains ");
	append_count(out, counts->signing_domains, 0);
	g_string_append(out, "\nwants     ");
	append_count(out, counts->wanted_signatures, 0);
	g_string_append(out, " signatures need ");
	append_count(out, counts->wanted_names, 0);
	if (counts->interrupted) {
		g_string_append(out, " names so far\n");
		return;
	}
	g_string_append(out, " names: ");
	text_append_terminal(out, span_from_string(summary->folder));
	g_string_append(out, "/wants.tsv\n");
}
