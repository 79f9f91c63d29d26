/*
 * journal.c - the journal of an unfinished run, written.
 */
#include "verifier/run/journal.h"

#include "keysnap/base/timestamp.h"

#include <stdlib.h>
#include <string.h>

static void
open_line(struct json_writer *writer, GString *out)
{
	json_writer_init(writer, out);
	json_open_object(writer, NULL);
}

static void
close_line(struct json_writer *writer)
{
	json_close_object(writer);
	g_string_append_c(writer->out, '\n');
}

static void
write_hash(struct json_writer *writer, const char *name, const uint8_t *sha256)
{
	if (sha256 == NULL)
		json_write_null(writer, name);
	else
		json_write_hex(
		    writer, name, (struct span){ sha256, DIGEST_SHA256_SIZE });
}

static void
write_count(struct json_writer *writer, const char *name, uint64_t count)
{
	json_write_integer(writer, name, (int64_t)count);
}

/* Seconds since 1970, or null. */
static void
write_seconds(struct json_writer *writer, const char *name, int64_t at)
{
	if (at == TIMESTAMP_NONE)
		json_write_null(writer, name);
	else
		json_write_integer(writer, name, at);
}

/* ---- the run ------------------------------------------------------------- */

static void
write_limits(struct json_writer *writer, const struct container_limits *limits)
{
	json_open_object(writer, "limits");
	write_count(writer, "depth", limits->depth);
	write_count(writer, "member_size", limits->member_size);
	write_count(writer, "members", limits->members);
	write_count(writer, "memory", limits->memory);
	write_count(writer, "ratio", limits->ratio);
	json_close_object(writer);
}

static void
write_snapshot(struct json_writer *writer, const struct record_header *header)
{
	json_open_object(writer, "snapshot");
	write_count(writer, "entries", header->entries);
	json_write_octets(writer, "origin", header->origin);
	write_hash(writer, "root", header->root);
	json_write_string(writer, "vouched", header->vouched);
	json_close_object(writer);
}

static void
write_run(struct json_writer *writer, const char *name,
    const struct journal_run *run, const uint8_t *update)
{
	json_open_object(writer, name);
	write_hash(writer, "anchors_sha256", run->anchors);
	json_open_object(writer, "arguments");
	write_count(writer, "count", run->arguments);
	write_hash(writer, "sha256", run->arguments_sha256);
	json_close_object(writer);
	write_hash(writer, "equivalences_sha256", run->equivalences);
	write_limits(writer, run->limits);
	json_write_integer(writer, "max_gap_days", run->policy->max_gap_days);
	json_write_string(
	    writer, "min_grade", grade_name(run->policy->min_grade));
	write_hash(
	    writer, "public_suffix_list_sha256", run->public_suffix_list);
	json_write_string(
	    writer, "repairs", repair_scope_name(run->policy->repairs));
	json_write_string(writer, "schema", JOURNAL_SCHEMA);
	write_snapshot(writer, run->header);
	json_write_string(writer, "tool", run->header->tool);
	if (update != NULL)
		write_hash(writer, "update_sha256", update);
	json_close_object(writer);
}

void
journal_write_basis(struct json_writer *writer, const struct journal_run *run)
{
	write_run(writer, "basis", run, NULL);
}

void
journal_write_run(GString *out, const struct journal_run *run)
{
	struct json_writer writer;

	open_line(&writer, out);
	write_run(&writer, "run", run, run->update);
	close_line(&writer);
}

/* ---- what a block holds -------------------------------------------------- */

void
journal_write_lines(GString *out, enum journal_kind kind, struct span lines)
{
	const char *name = kind == JOURNAL_INPUT ? "input" : "note";

	while (lines.n > 0) {
		size_t n = span_find(lines, '\n');
		struct json_writer writer;

		g_assert(n < lines.n);
		open_line(&writer, out);
		json_write_raw(&writer, name, span_sub(lines, 0, n));
		close_line(&writer);
		lines = span_from(lines, n + 1);
	}
}

static int
compare_spans(const void *a, const void *b)
{
	return span_compare(
	    **(const struct span *const *)a, **(const struct span *const *)b);
}

/* In the order of octets: that of the table is another in each run. */
static void
write_set(
    GString *out, const char *name, GHashTable *members, GHashTable *known)
{
	guint n;
	g_autofree gpointer *sorted =
	    g_hash_table_get_keys_as_array(members, &n);

	qsort(sorted, n, sizeof(*sorted), compare_spans);
	for (guint i = 0; i < n; i++) {
		struct json_writer writer;

		if (g_hash_table_contains(known, sorted[i]))
			continue;
		open_line(&writer, out);
		json_write_octets(
		    &writer, name, *(const struct span *)sorted[i]);
		close_line(&writer);
	}
}

static void
write_want(void *user, const struct want *want, uint64_t count)
{
	struct json_writer writer;

	open_line(&writer, user);
	json_open_object(&writer, "want");
	write_count(&writer, "count", count);
	json_write_octets(&writer, "domain", want->domain);
	write_seconds(&writer, "first", want->first);
	write_seconds(&writer, "last", want->last);
	json_write_octets(&writer, "selector", want->selector);
	json_close_object(&writer);
	close_line(&writer);
}

void
journal_write_tally(
    GString *out, const struct tally *more, const struct tally *known)
{
	write_set(out, "sender", more->senders, known->senders);
	write_set(out, "domain", more->domains, known->domains);
	wants_each(more->wants, write_want, out);
}

static void
write_prefix(struct json_writer *writer, const struct journal_point *point)
{
	const struct archive_prefix *prefix = &point->prefix;

	if (prefix->file == 0) {
		json_write_null(writer, "prefix");
		return;
	}
	json_open_object(writer, "prefix");
	write_count(writer, "file", prefix->file);
	write_count(writer, "octets", prefix->octets);
	json_write_octets(writer, "path", point->prefix_path);
	write_hash(writer, "sha256", prefix->sha256);
	json_close_object(writer);
}

/* Only of an update: else all are judged. */
static void
write_judged(struct json_writer *writer, const struct run_counts *counts)
{
	if (counts->judged[JUDGED_BEFORE] + counts->judged[JUDGED_REGRADED] ==
	    0)
		return;
	json_open_object(writer, "judged");
	write_count(writer, "before", counts->judged[JUDGED_BEFORE]);
	write_count(writer, "regraded", counts->judged[JUDGED_REGRADED]);
	json_close_object(writer);
}

void
journal_write_point(GString *out, const struct journal_point *point)
{
	const struct run_counts *counts = &point->counts;
	struct json_writer writer;

	open_line(&writer, out);
	json_open_object(&writer, "point");
	write_seconds(&writer, "first_date", counts->first_date);
	write_hash(&writer, "items_sha256", point->items_sha256);
	write_judged(&writer, counts);
	write_seconds(&writer, "last_date", counts->last_date);
	write_count(&writer, "octets", point->octets);
	json_write_octets(&writer, "path", point->path);
	write_prefix(&writer, point);
	write_count(&writer, "records", point->records);
	write_hash(&writer, "results_sha256", point->results_sha256);
	json_open_array(&writer, "verdicts");
	for (int i = 0; i < VERDICTS; i++)
		write_count(&writer, NULL, counts->verdicts[i]);
	json_close_array(&writer);
	write_count(&writer, "wanted_signatures", counts->wanted_signatures);
	json_close_object(&writer);
	close_line(&writer);
}

void
journal_write_end(GString *out, const struct crypto *crypto)
{
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct json_writer writer;

	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)out->str, out->len }, sha256);
	open_line(&writer, out);
	write_hash(&writer, "end", sha256);
	close_line(&writer);
}
