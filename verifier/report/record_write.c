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
#include "verifier/report/record.h"

#include "verifier/report/chain.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/timestamp.h"
#include "verifier/message/reading.h"

struct line {
	struct json_writer json;
	size_t start;    /* of the line in the output */
	size_t text_max; /* octets of a text that are written */
	size_t item_max; /* octets of a text in a list */
	size_t list_max; /* texts of a list */
};

/*
 * What is left of a line that was too long: with SIGNATURES_MAX signatures,
 * eleven texts and three lists each, at most six octets written for one
 * (an escape; or U+FFFD and base64 for invalid ones), this stays under 6 MB.
 */
#define SHORT_TEXT 256
#define SHORT_ITEM 64
#define SHORT_LIST 64

/* The first "most" octets of "text", without half a character at the end. */
static struct span
cut(struct span text, size_t most)
{
	if (text.n <= most)
		return text;
	while (most > 0 && (text.p[most] & 0xc0) == 0x80)
		most--;
	return span_sub(text, 0, most);
}

/* Is the line too long to be kept? */
static bool
line_is_full(const struct line *line)
{
	return line->json.out->len - line->start >= RECORD_LINE_MAX;
}

/* Sizes and offsets: files past 2^53-1 octets do not exist, but a sparse one
 * can pretend to; the number then stands at its end. */
static void
put_count(struct line *line, const char *name, uint64_t count)
{
	uint64_t most = (uint64_t)JSON_INTEGER_MAX;

	json_write_integer(&line->json, name, (int64_t)MIN(count, most));
}

/* Text of the mail, or null when it has none. */
static void
put_text(
    struct line *line, const char *name, const char *name_b64, struct span text)
{
	if (text.p == NULL)
		json_write_null(&line->json, name);
	else
		json_write_text(
		    &line->json, name, name_b64, cut(text, line->text_max));
}

/* Canonical text of ours, or null when it is empty. */
static void
put_name(
    struct line *line, const char *name, const char *name_b64, struct span text)
{
	put_text(line, name, name_b64, text.n > 0 ? text : (struct span){ 0 });
}

static void
put_string(struct line *line, const char *name, const char *string)
{
	if (string == NULL)
		json_write_null(&line->json, name);
	else
		json_write_string(&line->json, name, string);
}

static void
put_sha256(struct line *line, const char *name, const uint8_t *sha256)
{
	if (sha256 == NULL)
		json_write_null(&line->json, name);
	else
		json_write_hex(&line->json, name,
		    (struct span){ sha256, DIGEST_SHA256_SIZE });
}

/* t= may have twelve digits: years past 9999 have no text. */
static void
put_time(struct line *line, const char *name, int64_t at)
{
	bool known = at >= TIMESTAMP_MIN && at <= TIMESTAMP_MAX;

	json_write_time(&line->json, name, known ? at : TIMESTAMP_NONE);
}

static void
put_spans(
    struct line *line, const char *name, const struct span *spans, size_t n)
{
	json_open_array(&line->json, name);
	for (size_t i = 0; i < MIN(n, line->list_max); i++) {
		if (line_is_full(line))
			break; /* written anew, so what is left matters not */
		json_write_text(
		    &line->json, NULL, NULL, cut(spans[i], line->item_max));
	}
	json_close_array(&line->json);
}

enum reason_kind { REASON_KIND_ANY, REASON_KIND_DECIDING, REASON_KIND_NOTE };

/* The codes of the reasons of one kind, in their order. */
static void
put_reasons(struct line *line, const char *name, const struct reasons *reasons,
    enum reason_kind kind)
{
	json_open_array(&line->json, name);
	for (size_t i = 0; i < reasons->n; i++) {
		const struct reason_row *row = reason_row(reasons->list[i]);
		bool note = row->verdict == VERDICTS;

		if (kind == REASON_KIND_ANY ||
		    note == (kind == REASON_KIND_NOTE))
			json_write_string(&line->json, NULL, row->code);
	}
	json_close_array(&line->json);
}

static void
put_message(struct line *line, const struct record *record)
{
	if (record->verdict->verdict == VERDICT_UNREADABLE) {
		json_write_null(&line->json, "message");
		return;
	}
	json_open_object(&line->json, "message");
	put_text(line, "date", "date_b64", record->date);
	put_text(line, "from", "from_b64", record->from);
	put_name(line, "from_domain", "from_domain_b64", record->from_domain);
	put_text(line, "message_id", "message_id_b64", record->message_id);
	if (record->signed_subject.p != NULL)
		put_text(line, "signed_subject", "signed_subject_b64",
		    record->signed_subject);
	put_text(line, "subject", "subject_b64", record->subject);
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
	put_count(line, "length", item->length);
	if (record->kept_line_ends)
		json_write_string(&line->json, "line_ends", "kept");
	chain_write_member(&line->json, item->chain, item->n_chain);
	put_count(line, "offset", item->offset);
	json_write_text(&line->json, "path", "path_b64", item->path);
	if (record->file_sha256 != NULL)
		put_sha256(line, "sha256", record->file_sha256);
	if (item->split == SPLIT_HEURISTIC)
		json_write_string(&line->json, "split", "heuristic");
	json_close_object(&line->json);
}

static void
put_body(struct line *line, const struct body_facts *body)
{
	bool hashed = body->state != BODY_NOT_HASHED;

	json_open_object(&line->json, "body");
	if (hashed)
		put_count(line, "covered", body->covered);
	else
		json_write_null(&line->json, "covered");
	if (!hashed || body->state == BODY_TOO_SHORT)
		json_write_null(&line->json, "hash_match");
	else
		json_write_bool(
		    &line->json, "hash_match", body->state == BODY_MATCH);
	if (hashed)
		put_count(line, "total", body->total);
	else
		json_write_null(&line->json, "total");
	json_close_object(&line->json);
}

/* A fact about the octets, so keys that may not be used count too. */
static void
put_header_match(struct line *line, const struct signature_facts *facts)
{
	bool checked = false, valid = false;

	for (size_t i = 0; i < facts->n_candidates; i++) {
		const struct candidate_facts *candidate = &facts->candidates[i];

		if (!candidate->checked ||
		    candidate->check.result == KEY_CHECK_UNUSABLE)
			continue;
		checked = true;
		if (candidate->check.result == KEY_CHECK_VALID)
			valid = true;
	}
	if (checked)
		json_write_bool(&line->json, "header_match", valid);
	else
		json_write_null(&line->json, "header_match");
}

/* The names of h= in lower case.  Letters are lowered where they land: the
 * escapes of the writer have no upper-case letter. */
static void
put_headers(struct line *line, const struct signature *signature)
{
	GString *out = line->json.out;
	size_t at = out->len;

	put_spans(line, "headers", signature->names, signature->n_names);
	for (; at < out->len; at++)
		out->str[at] = (char)rfc5234_lower((uint8_t)out->str[at]);
}

static void
put_interval(struct line *line, const struct time_interval *interval)
{
	bool known = interval->from != TIMESTAMP_NONE;

	json_open_object(&line->json, "interval");
	put_time(line, "from", interval->from);
	json_write_bool(
	    &line->json, "from_signed", known && interval->from_signed);
	put_string(line, "from_source",
	    known ? time_source_name(interval->from_source) : NULL);
	put_time(line, "to", interval->to);
	json_write_bool(&line->json, "to_signed", known && interval->to_signed);
	put_string(line, "to_source",
	    known ? time_source_name(interval->to_source) : NULL);
	json_close_object(&line->json);
}

static void
put_flags(struct line *line, unsigned flags)
{
	json_open_array(&line->json, "flags");
	for (unsigned bit = 1; bit != 0 && bit <= flags; bit <<= 1) {
		if ((flags & bit) != 0)
			json_write_string(
			    &line->json, NULL, provenance_flag_name(bit));
	}
	json_close_array(&line->json);
}

static void
put_key(struct line *line, const struct signature_verdict *verdict)
{
	const struct known_key *key = verdict->key;
	bool parsed;

	if (key == NULL) {
		json_write_null(&line->json, "key");
		return;
	}
	parsed = key->key.status != PUBLIC_KEY_MALFORMED;
	json_open_object(&line->json, "key");
	put_count(line, "bits", key->key.bits);
	json_write_integer(&line->json, "days", verdict->standing.days);
	put_count(line, "entry", key->entry);
	put_time(line, "first_seen", key->first_seen);
	put_flags(line, verdict->standing.flags);
	if ((key->flags & PROVENANCE_FORGEABLE) != 0)
		put_time(line, "forgeable_since", key->forgeable_since);
	json_write_string(&line->json, "grade", grade_name(key->grade));
	put_time(line, "last_seen", key->last_seen);
	put_count(line, "observations", key->observations);
	put_sha256(line, "sha256", parsed ? key->key.sha256 : NULL);
	put_spans(line, "sources", key->sources, key->n_sources);
	json_write_string(&line->json, "time_state",
	    time_state_name(verdict->standing.state));
	json_write_string(&line->json, "type", key_type_name(key->key.type));
	json_close_object(&line->json);
}

/* The members of a signature from "key" on. */
static void
put_signature_rest(struct line *line, const struct signature_verdict *verdict)
{
	const struct signature *signature = verdict->facts->signature;
	const struct reasons *reasons = &verdict->reasons;

	put_key(line, verdict);
	put_name(line, "key_name", "key_name_b64", signature->key_name);
	json_write_string(&line->json, "kind", "dkim");
	put_text(line, "l", "l_b64", signature->l);
	put_reasons(line, "notes", reasons, REASON_KIND_NOTE);
	put_text(line, "q", "q_b64", signature->q);
	put_string(line, "reason",
	    reasons->n > 0 ? reason_row(reasons->list[0])->code : NULL);
	put_reasons(line, "reasons", reasons, REASON_KIND_DECIDING);
	json_write_string(&line->json, "result", result_name(verdict->result));
	put_text(line, "s", "s_b64", signature->s);
	put_text(line, "t", "t_b64", signature->t);
	put_time(line, "time", signature->time);
	put_spans(line, "uncovered", verdict->coverage.uncovered,
	    verdict->coverage.n_uncovered);
	json_write_string(
	    &line->json, "verdict", verdict_row(verdict->verdict)->code);
	put_text(line, "x", "x_b64", signature->x);
}

static void
put_signature(struct line *line, const struct signature_verdict *verdict)
{
	const struct signature_facts *facts = verdict->facts;
	const struct signature *signature = facts->signature;
	bool aligned = verdict->alignment == ALIGNED ||
	    verdict->alignment == ALIGNED_BY_EQUIVALENCE;

	json_open_object(&line->json, NULL);
	put_text(line, "a", "a_b64", signature->a);
	json_write_bool(&line->json, "aligned", aligned);
	put_body(line, &facts->body);
	put_text(line, "c", "c_b64", signature->c);
	put_text(line, "d", "d_b64", signature->d);
	put_name(line, "domain", "domain_b64", signature->domain);
	put_time(line, "expiry", signature->expiry);
	put_header_match(line, facts);
	put_headers(line, signature);
	put_text(line, "i", "i_b64", signature->i);
	put_count(line, "index", signature->index);
	put_interval(line, &verdict->interval);
	put_signature_rest(line, verdict);
	json_close_object(&line->json);
}

static void
put_best(struct line *line, const struct message_verdict *verdict)
{
	if (verdict->best < 0)
		json_write_null(&line->json, "best");
	else
		put_count(line, "best", (uint64_t)verdict->best);
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
		put_count(line, "at", edit->at);
		json_write_text(&line->json, "insert", "insert_b64",
		    cut(edit->insert, line->item_max));
		put_count(line, "remove", edit->remove);
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
	if (n < edits->n)
		put_count(line, "edits_left_out", edits->n - n);
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
put_record(struct line *line, const struct record *record)
{
	const struct message_verdict *verdict = record->verdict;
	const struct verdict_row *row = verdict_row(verdict->verdict);

	json_open_object(&line->json, NULL);
	if (record->anchored != NULL)
		anchored_write(&line->json, record->anchored);
	put_best(line, verdict);
	json_write_string(&line->json, "color", row->color);
	if (line->text_max != SIZE_MAX)
		json_write_bool(&line->json, "cut", true);
	if (record->repairs != NULL)
		put_edits(line, &record->repairs->edits);
	put_message(line, record);
	put_reasons(line, "reasons", &verdict->reasons, REASON_KIND_ANY);
	put_repairs(line, record->repairs);
	put_count(line, "seq", record->seq);
	put_sha256(line, "sha256", record->sha256);
	json_open_array(&line->json, "signatures");
	for (size_t i = 0; i < verdict->n_signatures; i++)
		put_signature(line, &verdict->signatures[i]);
	json_close_array(&line->json);
	put_count(line, "size", record->size);
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
record_write_header(GString *out, const struct record_header *header)
{
	struct line line;

	line_init(&line, out);
	json_open_object(&line.json, NULL);
	if (header->anchors != NULL) {
		anchors_write_given(&line.json, header->anchors);
		put_time(&line, "as_of", header->as_of);
	}
	put_count(&line, "entries", header->entries);
	if (header->anchors != NULL)
		anchors_write_lists(&line.json, header->anchors);
	put_text(&line, "origin", "origin_b64", header->origin);
	put_sha256(&line, "root", header->root);
	json_write_string(&line.json, "schema", RECORD_SCHEMA);
	json_write_string(&line.json, "tool", header->tool);
	if (header->anchors != NULL)
		anchors_write_trusted(&line.json, header->anchors);
	json_write_string(&line.json, "type", "header");
	put_string(&line, "vouched", header->vouched);
	json_close_object(&line.json);
	g_string_append_c(out, '\n');
}
