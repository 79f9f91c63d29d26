/*
 * record_write.c - a record as one line of canonical JSON (verifier.5).
 *
 * Written member by member in their order; nothing is built in between, as
 * every message passes through here.  Tags are written as the mail has them.
 *
 * A header section of HEADER_SECTION_MAX octets can make a line longer than
 * RECORD_LINE_MAX.  Such a line is written anew with everything from the mail
 * cut short, and says so ("cut").
 */
#include "verifier/report/record_claims.h"

#include "verifier/message/reading.h"
#include "verifier/report/chain.h"
#include "verifier/report/record_coverage.h"

/*
 * What is left of a line that was too long: with SIGNATURES_ALL_MAX signatures,
 * twelve texts and three lists each, at most six octets written for one
 * (an escape; or U+FFFD and base64 for invalid ones), this stays under 7 MB.
 */
#define SHORT_TEXT 256
#define SHORT_ITEM 64
#define SHORT_LIST 16

static void
put_message(struct line *line, const struct record *record)
{
	if (record->verdict->verdict == VERDICT_UNREADABLE) {
		json_write_null(&line->json, "message");
		return;
	}
	json_open_object(&line->json, "message");
	line_put_name(line, "author", "author_b64", record->author);
	line_put_text(line, "date", "date_b64", record->date);
	line_put_text(line, "from", "from_b64", record->from);
	line_put_name(
	    line, "from_domain", "from_domain_b64", record->from_domain);
	line_put_text(line, "message_id", "message_id_b64", record->message_id);
	if (record->signed_subject.p != NULL)
		line_put_text(line, "signed_subject", "signed_subject_b64",
		    record->signed_subject);
	line_put_text(line, "subject", "subject_b64", record->subject);
	line_put_time(line, "time", record->time);
	json_close_object(&line->json);
}

static void
put_source(struct line *line, const struct record *record)
{
	const struct item *item = record->item;

	json_open_object(&line->json, "source");
	chain_write(&line->json, item->chain, item->n_chain);
	if (item->detail.n > 0)
		json_write_text(
		    &line->json, "detail", "detail_b64", item->detail);
	if (item->container == CONTAINER_MBOX && record->reading != NULL)
		json_write_string(
		    &line->json, "dialect", reading_dialect(record->reading));
	if (item->container == CONTAINER_EMLX)
		json_write_string(&line->json, "format", "emlx");
	else if (item->container == CONTAINER_EMLX_PARTIAL)
		json_write_string(&line->json, "format", "partial-emlx");
	line_put_count(line, "length", item->length);
	if (record->kept_line_ends)
		json_write_string(&line->json, "line_ends", "kept");
	chain_write_member(&line->json, item->chain, item->n_chain);
	line_put_count(line, "offset", item->offset);
	json_write_text(&line->json, "path", "path_b64", item->path);
	if (record->file_sha256 != NULL)
		line_put_sha256(line, "sha256", record->file_sha256);
	if (item->split == SPLIT_HEURISTIC)
		json_write_string(&line->json, "split", "heuristic");
	json_close_object(&line->json);
}

static void
put_best(struct line *line, const struct message_verdict *verdict)
{
	if (verdict->best < 0)
		json_write_null(&line->json, "best");
	else
		line_put_count(line, "best", (uint64_t)verdict->best);
}

/* The octets that were changed, unless the line is too long. */
static void
put_edits(struct line *line, const struct edit_list *edits)
{
	size_t n = MIN(MIN(edits->n, RECORD_EDITS_MAX), line->list_max);

	json_open_array(&line->json, "edits");
	for (size_t i = 0; i < n; i++) {
		const struct edit *edit = &edits->edits[i];

		json_open_object(&line->json, NULL);
		line_put_count(line, "at", edit->at);
		json_write_text(&line->json, "insert", "insert_b64",
		    line_cut(edit->insert, line->item_max));
		line_put_count(line, "remove", edit->remove);
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
	if (n < edits->n)
		line_put_count(line, "edits_left_out", edits->n - n);
}

static void
put_repairs(struct line *line, const struct repair_set *repairs)
{
	json_open_array(&line->json, "repairs");
	for (size_t i = 0; repairs != NULL && i < repairs->n; i++)
		json_write_string(&line->json, NULL, repairs->repairs[i]->name);
	json_close_array(&line->json);
}

static void
put_signatures(struct line *line, const struct message_verdict *verdict)
{
	json_open_array(&line->json, "signatures");
	for (size_t i = 0; i < verdict->n_signatures; i++)
		line_put_signature(line, &verdict->signatures[i]);
	json_close_array(&line->json);
}

static void
put_senders(struct line *line, const struct record *record)
{
	const struct message_verdict *verdict = record->verdict;

	line_put_senders(line, record->senders,
	    verdict->best < 0 ? NULL : &verdict->signatures[verdict->best]);
}

static void
put_attached(struct line *line, const struct embedded_record *embedded)
{
	const struct record *record = &embedded->record;
	const struct message_verdict *verdict = record->verdict;
	const struct verdict_row *row = verdict_row(verdict->verdict);

	json_open_object(&line->json, NULL);
	line_put_arc(line, verdict->arc);
	line_put_attachments(line, record->attachments);
	put_best(line, verdict);
	line_put_claims(line, record->claims);
	json_write_string(&line->json, "color", row->color);
	line_put_count(line, "depth", embedded->depth);
	line_put_count(line, "length", embedded->length);
	put_message(line, record);
	line_put_count(line, "offset", embedded->offset);
	line_put_reasons(line, "reasons", &verdict->reasons, REASON_KIND_ANY);
	put_senders(line, record);
	line_put_sha256(line, "sha256", record->sha256);
	put_signatures(line, verdict);
	line_put_count(line, "size", record->size);
	json_write_string(&line->json, "verdict", row->code);
	json_close_object(&line->json);
}

/* Nothing of them is left in a line that is cut. */
static void
put_embedded(struct line *line, const struct embedded_records *embedded)
{
	uint64_t left_out;
	size_t n;

	if (embedded == NULL)
		return;
	n = line->text_max == SIZE_MAX ? embedded->n : 0;
	left_out = embedded->left_out + (embedded->n - n);
	json_open_array(&line->json, "embedded");
	for (size_t i = 0; i < n && !line_is_full(line); i++)
		put_attached(line, &embedded->list[i]);
	json_close_array(&line->json);
	if (embedded->cut)
		json_write_bool(&line->json, "embedded_cut", true);
	if (left_out > 0)
		line_put_count(line, "embedded_left_out", left_out);
}

static void
put_record(struct line *line, const struct record *record)
{
	const struct message_verdict *verdict = record->verdict;
	const struct verdict_row *row = verdict_row(verdict->verdict);

	json_open_object(&line->json, NULL);
	if (record->anchored != NULL)
		anchored_write(&line->json, record->anchored);
	line_put_arc(line, verdict->arc);
	line_put_attachments(line, record->attachments);
	put_best(line, verdict);
	line_put_claims(line, record->claims);
	json_write_string(&line->json, "color", row->color);
	if (line->text_max != SIZE_MAX)
		json_write_bool(&line->json, "cut", true);
	if (record->repairs != NULL)
		put_edits(line, &record->repairs->edits);
	put_embedded(line, record->embedded);
	put_message(line, record);
	if (record->n_other_names > 0)
		line_put_spans(line, "other_names", record->other_names,
		    record->n_other_names);
	line_put_reasons(line, "reasons", &verdict->reasons, REASON_KIND_ANY);
	put_repairs(line, record->repairs);
	put_senders(line, record);
	line_put_count(line, "seq", record->seq);
	line_put_sha256(line, "sha256", record->sha256);
	put_signatures(line, verdict);
	line_put_count(line, "size", record->size);
	put_source(line, record);
	json_write_string(&line->json, "type", "message");
	json_write_string(&line->json, "verdict", row->code);
	json_close_object(&line->json);
}

static void
line_init(struct line *line, GString *out)
{
	json_writer_init(&line->json, out);
	line->start = out->len;
	line->text_max = line->item_max = line->list_max = SIZE_MAX;
}

void
record_write(GString *out, const struct record *record)
{
	struct line line;

	line_init(&line, out);
	put_record(&line, record);
	if (line_is_full(&line)) {
		g_string_truncate(out, line.start);
		line_init(&line, out);
		line.text_max = SHORT_TEXT;
		line.item_max = SHORT_ITEM;
		line.list_max = SHORT_LIST;
		put_record(&line, record);
	}
	g_string_append_c(out, '\n');
}

void
record_write_key(GString *out, const struct signature_verdict *verdict)
{
	struct line line;

	line_init(&line, out);
	line_put_key(&line, NULL, verdict);
}

static void
put_suffix_list(struct line *line, const struct suffix_list *list)
{
	if (list == NULL)
		return;
	json_open_object(&line->json, "public_suffix_list");
	if (list->commit != NULL)
		json_write_string(&line->json, "commit", list->commit);
	line_put_sha256(line, "sha256", list->sha256);
	if (list->version != NULL)
		json_write_string(&line->json, "version", list->version);
	json_close_object(&line->json);
}

void
record_write_header(GString *out, const struct record_header *header)
{
	struct line line;

	line_init(&line, out);
	json_open_object(&line.json, NULL);
	if (header->anchors != NULL) {
		anchors_write_given(&line.json, header->anchors);
		line_put_time(&line, "as_of", header->as_of);
	}
	line_put_count(&line, "entries", header->entries);
	if (header->anchors != NULL)
		anchors_write_lists(&line.json, header->anchors);
	line_put_text(&line, "origin", "origin_b64", header->origin);
	put_suffix_list(&line, header->suffix_list);
	line_put_sha256(&line, "root", header->root);
	json_write_string(&line.json, "schema", RECORD_SCHEMA);
	json_write_string(&line.json, "tool", header->tool);
	if (header->anchors != NULL)
		anchors_write_trusted(&line.json, header->anchors);
	json_write_string(&line.json, "type", "header");
	line_put_string(&line, "vouched", header->vouched);
	json_close_object(&line.json);
	g_string_append_c(out, '\n');
}
