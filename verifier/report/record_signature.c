/* record_signature.c - a signature, and the chain of ARC sets, as JSON. */
#include "verifier/report/record_line.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/report/record_coverage.h"
#include "verifier/verdict/arc_chain.h"

static void
put_body(struct line *line, const struct body_facts *body)
{
	bool hashed =
	    body->state != BODY_NOT_HASHED && body->state != BODY_NOT_SIGNED;
	bool compared = hashed && body->state != BODY_TOO_SHORT &&
	    body->state != BODY_IN_SIGNATURE;

	json_open_object(&line->json, "body");
	if (hashed)
		line_put_count(line, "covered", body->covered);
	else
		json_write_null(&line->json, "covered");
	if (!compared)
		json_write_null(&line->json, "hash_match");
	else
		json_write_bool(
		    &line->json, "hash_match", body->state == BODY_MATCH);
	if (hashed)
		line_put_count(line, "total", body->total);
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

/* Without h= a DomainKeys signature covers all fields below it. */
static void
put_names(struct line *line, const struct signature_facts *facts)
{
	const struct signature *signature = facts->signature;

	if (signature->selected == NULL || signature->h.p != NULL) {
		line_put_spans(
		    line, "headers", signature->names, signature->n_names);
		return;
	}
	json_open_array(&line->json, "headers");
	for (size_t i = 0; i < MIN(facts->selection.n, line->list_max); i++) {
		if (line_is_full(line))
			break;
		json_write_text(&line->json, NULL, NULL,
		    line_cut(facts->selection.fields[i]->name, line->item_max));
	}
	json_close_array(&line->json);
}

/* The names of h= in lower case.  Letters are lowered where they land: the
 * escapes of the writer have no upper-case letter. */
static void
put_headers(struct line *line, const struct signature_facts *facts)
{
	GString *out = line->json.out;
	size_t at = out->len;

	put_names(line, facts);
	for (; at < out->len; at++)
		out->str[at] = (char)rfc5234_lower((uint8_t)out->str[at]);
}

static void
put_interval(struct line *line, const struct time_interval *interval)
{
	bool known = interval->from != TIMESTAMP_NONE;

	json_open_object(&line->json, "interval");
	line_put_time(line, "from", interval->from);
	json_write_bool(
	    &line->json, "from_signed", known && interval->from_signed);
	line_put_string(line, "from_source",
	    known ? time_source_name(interval->from_source) : NULL);
	line_put_time(line, "to", interval->to);
	json_write_bool(&line->json, "to_signed", known && interval->to_signed);
	line_put_string(line, "to_source",
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
put_days(struct line *line, const struct time_standing *standing)
{
	line_put_days(line, "days", standing->days);
	line_put_days(line, "days_after", standing->days_after);
	line_put_days(line, "days_before", standing->days_before);
}

void
line_put_key(struct line *line, const char *name,
    const struct signature_verdict *verdict)
{
	const struct known_key *key = verdict->key;
	bool parsed;

	if (key == NULL) {
		json_write_null(&line->json, name);
		return;
	}
	parsed = key->key.status != PUBLIC_KEY_MALFORMED;
	json_open_object(&line->json, name);
	line_put_count(line, "bits", key->key.bits);
	put_days(line, &verdict->standing);
	line_put_count(line, "entry", key->entry);
	line_put_time(line, "first_seen", key->first_seen);
	put_flags(line, verdict->standing.flags);
	if ((key->flags & PROVENANCE_FORGEABLE) != 0)
		line_put_time(line, "forgeable_since", key->forgeable_since);
	json_write_string(&line->json, "grade", grade_name(key->grade));
	line_put_count(line, "independent", key->independent);
	line_put_time(line, "last_seen", key->last_seen);
	line_put_count(line, "observations", key->observations);
	line_put_spans(line, "owners", key->owners, key->n_owners);
	line_put_sha256(line, "sha256", parsed ? key->key.sha256 : NULL);
	line_put_spans(line, "sources", key->sources, key->n_sources);
	json_write_string(&line->json, "time_state",
	    time_state_name(verdict->standing.state));
	json_write_string(&line->json, "type", key_type_name(key->key.type));
	if ((key->flags & PROVENANCE_WEAK) != 0)
		line_put_time(line, "weak_since", key->weak_since);
	json_close_object(&line->json);
}

/* What was signed instead of what is stored, if it was found. */
static void
put_signed_fields(struct line *line, const struct signed_fields *fields)
{
	if (fields == NULL)
		return;
	json_open_array(&line->json, "signed_fields");
	for (size_t i = 0; i < MIN(fields->n, line->list_max); i++) {
		const struct signed_field *field = &fields->list[i];

		json_open_object(&line->json, NULL);
		line_put_text(line, "name", "name_b64", field->name);
		json_write_string(
		    &line->json, "origin", signed_origin_name(field->origin));
		if (field->origin == SIGNED_MESSAGE)
			line_put_count(line, "record", field->record);
		line_put_text(line, "signed", "signed_b64", field->value);
		line_put_text(
		    line, "signed_text", "signed_text_b64", field->text);
		line_put_text(line, "stored", "stored_b64", field->stored);
		line_put_text(
		    line, "stored_text", "stored_text_b64", field->stored_text);
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
}

/* The members of a signature from "key" on. */
static void
put_signature_rest(struct line *line, const struct signature_verdict *verdict)
{
	const struct signature *signature = verdict->facts->signature;
	const struct reasons *reasons = &verdict->reasons;

	line_put_key(line, "key", verdict);
	line_put_name(line, "key_name", "key_name_b64", signature->key_name);
	json_write_string(
	    &line->json, "kind", signature_kind_name(signature->kind));
	line_put_text(line, "l", "l_b64", signature->l);
	line_put_reasons(line, "notes", reasons, REASON_KIND_NOTE);
	line_put_name(
	    line, "organisation", "organisation_b64", verdict->organisation);
	line_put_text(line, "q", "q_b64", signature->q);
	line_put_string(line, "reason",
	    reasons->n > 0 ? reason_row(reasons->list[0])->code : NULL);
	line_put_reasons(line, "reasons", reasons, REASON_KIND_DECIDING);
	json_write_string(&line->json, "result", result_name(verdict->result));
	line_put_rules(line, verdict);
	line_put_text(line, "s", "s_b64", signature->s);
	put_signed_fields(line, verdict->facts->signed_fields);
	line_put_text(line, "t", "t_b64", signature->t);
	line_put_time(line, "time", signature->time);
	line_put_spans(line, "uncovered", verdict->coverage.uncovered,
	    verdict->coverage.n_uncovered);
	json_write_string(
	    &line->json, "verdict", verdict_row(verdict->verdict)->code);
	line_put_text(line, "x", "x_b64", signature->x);
}

void
line_put_signature(struct line *line, const struct signature_verdict *verdict)
{
	const struct signature_facts *facts = verdict->facts;
	const struct signature *signature = facts->signature;
	bool aligned = verdict->alignment == ALIGNED ||
	    verdict->alignment == ALIGNED_BY_EQUIVALENCE;

	json_open_object(&line->json, NULL);
	line_put_text(line, "a", "a_b64", signature->a);
	json_write_bool(&line->json, "aligned", aligned);
	line_put_string(line, "alignment",
	    signature->domain.n == 0
		? NULL
		: alignment_state_name(verdict->alignment));
	put_body(line, &facts->body);
	line_put_text(line, "c", "c_b64", signature->c);
	line_put_coverage(line, verdict);
	if (signature->kind == SIGNATURE_ARC_SEAL)
		line_put_text(line, "cv", "cv_b64", signature->cv);
	line_put_text(line, "d", "d_b64", signature->d);
	line_put_name(line, "domain", "domain_b64", signature->domain);
	line_put_time(line, "expiry", signature->expiry);
	put_header_match(line, facts);
	put_headers(line, facts);
	line_put_text(line, "i", "i_b64", signature->i);
	line_put_count(line, "index", signature->index);
	put_interval(line, &verdict->interval);
	put_signature_rest(line, verdict);
	json_close_object(&line->json);
}

/* The chain of ARC sets. */
void
line_put_arc(struct line *line, const struct arc_verdict *arc)
{
	if (arc == NULL)
		return;
	json_open_object(&line->json, "arc");
	if (arc->instance > 0)
		line_put_count(line, "instance", arc->instance);
	if (arc->result == ARC_PASS)
		line_put_count(line, "oldest_pass", arc->oldest_pass);
	json_write_string(&line->json, "reason", reason_row(arc->reason)->code);
	line_put_string(line, "result", arc_result_name(arc->result));
	line_put_count(line, "sets", arc->sets);
	json_close_object(&line->json);
}
