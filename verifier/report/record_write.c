/*
 * record_write.c - a record as one line of canonical JSON (verifier.5).
 *
 * Written member by member in their order; nothing is built in between, as
 * every message passes through here.  Tags are written as the mail has them.
 */
#include "verifier/report/record.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/timestamp.h"
#include "verifier/message/reading.h"

/* Sizes and offsets: files past 2^53-1 octets do not exist, but a sparse one
 * can pretend to; the number then stands at its end. */
static void
put_count(struct json_writer *writer, const char *name, uint64_t count)
{
	uint64_t most = (uint64_t)JSON_INTEGER_MAX;

	json_write_integer(writer, name, (int64_t)MIN(count, most));
}

/* Text of the mail, or null when it has none. */
static void
put_text(struct json_writer *writer, const char *name, const char *name_b64,
    struct span text)
{
	if (text.p == NULL)
		json_write_null(writer, name);
	else
		json_write_text(writer, name, name_b64, text);
}

/* Canonical text of ours, or null when it is empty. */
static void
put_name(struct json_writer *writer, const char *name, const char *name_b64,
    struct span text)
{
	put_text(
	    writer, name, name_b64, text.n > 0 ? text : (struct span){ 0 });
}

static void
put_string(struct json_writer *writer, const char *name, const char *string)
{
	if (string == NULL)
		json_write_null(writer, name);
	else
		json_write_string(writer, name, string);
}

static void
put_sha256(struct json_writer *writer, const char *name, const uint8_t *sha256)
{
	if (sha256 == NULL)
		json_write_null(writer, name);
	else
		json_write_hex(
		    writer, name, (struct span){ sha256, DIGEST_SHA256_SIZE });
}

/* t= may have twelve digits: years past 9999 have no text. */
static void
put_time(struct json_writer *writer, const char *name, int64_t at)
{
	bool known = at >= TIMESTAMP_MIN && at <= TIMESTAMP_MAX;

	json_write_time(writer, name, known ? at : TIMESTAMP_NONE);
}

static void
put_spans(struct json_writer *writer, const char *name,
    const struct span *spans, size_t n)
{
	json_open_array(writer, name);
	for (size_t i = 0; i < n; i++)
		json_write_text(writer, NULL, NULL, spans[i]);
	json_close_array(writer);
}

enum reason_kind { REASON_KIND_ANY, REASON_KIND_DECIDING, REASON_KIND_NOTE };

/* The codes of the reasons of one kind, in their order. */
static void
put_reasons(struct json_writer *writer, const char *name,
    const struct reasons *reasons, enum reason_kind kind)
{
	json_open_array(writer, name);
	for (size_t i = 0; i < reasons->n; i++) {
		const struct reason_row *row = reason_row(reasons->list[i]);
		bool note = row->verdict == VERDICTS;

		if (kind == REASON_KIND_ANY ||
		    note == (kind == REASON_KIND_NOTE))
			json_write_string(writer, NULL, row->code);
	}
	json_close_array(writer);
}

static void
put_message(struct json_writer *writer, const struct record *record)
{
	if (record->verdict->verdict == VERDICT_UNREADABLE) {
		json_write_null(writer, "message");
		return;
	}
	json_open_object(writer, "message");
	put_text(writer, "date", "date_b64", record->date);
	put_text(writer, "from", "from_b64", record->from);
	put_name(writer, "from_domain", "from_domain_b64", record->from_domain);
	put_text(writer, "message_id", "message_id_b64", record->message_id);
	put_text(writer, "subject", "subject_b64", record->subject);
	json_close_object(writer);
}

static void
put_source(struct json_writer *writer, const struct record *record)
{
	const struct item *item = record->item;

	json_open_object(writer, "source");
	if (item->detail.n > 0)
		json_write_text(writer, "detail", "detail_b64", item->detail);
	if (item->container == CONTAINER_MBOX && record->reading != NULL)
		json_write_string(
		    writer, "dialect", reading_dialect(record->reading));
	put_count(writer, "length", item->length);
	if (record->kept_line_ends)
		json_write_string(writer, "line_ends", "kept");
	put_name(writer, "member", "member_b64", item->member);
	put_count(writer, "offset", item->offset);
	json_write_text(writer, "path", "path_b64", item->path);
	if (record->file_sha256 != NULL)
		put_sha256(writer, "sha256", record->file_sha256);
	if (item->split == SPLIT_HEURISTIC)
		json_write_string(writer, "split", "heuristic");
	json_close_object(writer);
}

static void
put_body(struct json_writer *writer, const struct body_facts *body)
{
	bool hashed = body->state != BODY_NOT_HASHED;

	json_open_object(writer, "body");
	if (hashed)
		put_count(writer, "covered", body->covered);
	else
		json_write_null(writer, "covered");
	if (!hashed || body->state == BODY_TOO_SHORT)
		json_write_null(writer, "hash_match");
	else
		json_write_bool(
		    writer, "hash_match", body->state == BODY_MATCH);
	if (hashed)
		put_count(writer, "total", body->total);
	else
		json_write_null(writer, "total");
	json_close_object(writer);
}

/* A fact about the octets, so keys that may not be used count too. */
static void
put_header_match(
    struct json_writer *writer, const struct signature_facts *facts)
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
		json_write_bool(writer, "header_match", valid);
	else
		json_write_null(writer, "header_match");
}

/* The names of h= in lower case.  Letters are lowered where they land: the
 * escapes of the writer have no upper-case letter. */
static void
put_headers(struct json_writer *writer, const struct signature *signature)
{
	GString *out = writer->out;
	size_t at = out->len;

	put_spans(writer, "headers", signature->names, signature->n_names);
	for (; at < out->len; at++)
		out->str[at] = (char)rfc5234_lower((uint8_t)out->str[at]);
}

static void
put_interval(struct json_writer *writer, const struct time_interval *interval)
{
	bool known = interval->from != TIMESTAMP_NONE;

	json_open_object(writer, "interval");
	put_time(writer, "from", interval->from);
	json_write_bool(writer, "from_signed", known && interval->from_signed);
	put_string(writer, "from_source",
	    known ? time_source_name(interval->from_source) : NULL);
	put_time(writer, "to", interval->to);
	json_write_bool(writer, "to_signed", known && interval->to_signed);
	put_string(writer, "to_source",
	    known ? time_source_name(interval->to_source) : NULL);
	json_close_object(writer);
}

static void
put_flags(struct json_writer *writer, unsigned flags)
{
	json_open_array(writer, "flags");
	for (unsigned bit = 1; bit != 0 && bit <= flags; bit <<= 1) {
		if ((flags & bit) != 0)
			json_write_string(
			    writer, NULL, provenance_flag_name(bit));
	}
	json_close_array(writer);
}

static void
put_key(struct json_writer *writer, const struct signature_verdict *verdict)
{
	const struct known_key *key = verdict->key;
	bool parsed;

	if (key == NULL) {
		json_write_null(writer, "key");
		return;
	}
	parsed = key->key.status != PUBLIC_KEY_MALFORMED;
	json_open_object(writer, "key");
	put_count(writer, "bits", key->key.bits);
	json_write_integer(writer, "days", verdict->standing.days);
	put_count(writer, "entry", key->entry);
	put_time(writer, "first_seen", key->first_seen);
	put_flags(writer, verdict->standing.flags);
	json_write_string(writer, "grade", grade_name(key->grade));
	put_time(writer, "last_seen", key->last_seen);
	put_count(writer, "observations", key->observations);
	put_sha256(writer, "sha256", parsed ? key->key.sha256 : NULL);
	put_spans(writer, "sources", key->sources, key->n_sources);
	json_write_string(
	    writer, "time_state", time_state_name(verdict->standing.state));
	json_write_string(writer, "type", key_type_name(key->key.type));
	json_close_object(writer);
}

/* The members of a signature from "key" on. */
static void
put_signature_rest(
    struct json_writer *writer, const struct signature_verdict *verdict)
{
	const struct signature *signature = verdict->facts->signature;
	const struct reasons *reasons = &verdict->reasons;

	put_key(writer, verdict);
	put_name(writer, "key_name", "key_name_b64", signature->key_name);
	json_write_string(writer, "kind", "dkim");
	put_text(writer, "l", "l_b64", signature->l);
	put_reasons(writer, "notes", reasons, REASON_KIND_NOTE);
	put_text(writer, "q", "q_b64", signature->q);
	put_string(writer, "reason",
	    reasons->n > 0 ? reason_row(reasons->list[0])->code : NULL);
	put_reasons(writer, "reasons", reasons, REASON_KIND_DECIDING);
	json_write_string(writer, "result", result_name(verdict->result));
	put_text(writer, "s", "s_b64", signature->s);
	put_text(writer, "t", "t_b64", signature->t);
	put_time(writer, "time", signature->time);
	put_spans(writer, "uncovered", verdict->coverage.uncovered,
	    verdict->coverage.n_uncovered);
	json_write_string(
	    writer, "verdict", verdict_row(verdict->verdict)->code);
	put_text(writer, "x", "x_b64", signature->x);
}

static void
put_signature(
    struct json_writer *writer, const struct signature_verdict *verdict)
{
	const struct signature_facts *facts = verdict->facts;
	const struct signature *signature = facts->signature;
	bool aligned = verdict->alignment == ALIGNED ||
	    verdict->alignment == ALIGNED_BY_EQUIVALENCE;

	json_open_object(writer, NULL);
	put_text(writer, "a", "a_b64", signature->a);
	json_write_bool(writer, "aligned", aligned);
	put_body(writer, &facts->body);
	put_text(writer, "c", "c_b64", signature->c);
	put_text(writer, "d", "d_b64", signature->d);
	put_name(writer, "domain", "domain_b64", signature->domain);
	put_time(writer, "expiry", signature->expiry);
	put_header_match(writer, facts);
	put_headers(writer, signature);
	put_text(writer, "i", "i_b64", signature->i);
	put_count(writer, "index", signature->index);
	put_interval(writer, &verdict->interval);
	put_signature_rest(writer, verdict);
	json_close_object(writer);
}

static void
put_best(struct json_writer *writer, const struct message_verdict *verdict)
{
	if (verdict->best < 0)
		json_write_null(writer, "best");
	else
		put_count(writer, "best", (uint64_t)verdict->best);
}

void
record_write(GString *out, const struct record *record)
{
	const struct message_verdict *verdict = record->verdict;
	const struct verdict_row *row = verdict_row(verdict->verdict);
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	put_best(&writer, verdict);
	json_write_string(&writer, "color", row->color);
	put_message(&writer, record);
	put_reasons(&writer, "reasons", &verdict->reasons, REASON_KIND_ANY);
	json_open_array(&writer, "repairs");
	json_close_array(&writer);
	put_count(&writer, "seq", record->seq);
	put_sha256(&writer, "sha256", record->sha256);
	json_open_array(&writer, "signatures");
	for (size_t i = 0; i < verdict->n_signatures; i++)
		put_signature(&writer, &verdict->signatures[i]);
	json_close_array(&writer);
	put_count(&writer, "size", record->size);
	put_source(&writer, record);
	json_write_string(&writer, "type", "message");
	json_write_string(&writer, "verdict", row->code);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

void
record_write_header(GString *out, const struct record_header *header)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	put_count(&writer, "entries", header->entries);
	put_text(&writer, "origin", "origin_b64", header->origin);
	put_sha256(&writer, "root", header->root);
	json_write_string(&writer, "schema", RECORD_SCHEMA);
	json_write_string(&writer, "tool", header->tool);
	json_write_string(&writer, "type", "header");
	put_string(&writer, "vouched", header->vouched);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}
