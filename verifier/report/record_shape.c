/*
 * record_shape.c - what the members of a record are (verifier.5).
 *
 * The rows of each table stand in the order of their names.
 */
#include "verifier/report/record_shape.h"

#include <stddef.h>

/* A text from outside: null when absent, with its exact octets beside it when
 * it is not UTF-8. */
#define TEXT_AND_TWIN(name)                              \
	{ name, KIND_TEXT, NEED_OR_NULL, NULL },         \
	{                                                \
		name "_b64", KIND_BASE64, NEED_NOT, NULL \
	}

static const struct member list_members[] = {
	{ "commit", KIND_TEXT, NEED_NOT, NULL },
	{ "sha256", KIND_SHA256, NEED_VALUE, NULL },
	{ "version", KIND_TEXT, NEED_NOT, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

const struct member record_header_shape[] = {
	{ "entries", KIND_COUNT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("origin"),
	{ "public_suffix_list", KIND_OBJECT, NEED_NOT, list_members },
	{ "root", KIND_SHA256, NEED_OR_NULL, NULL },
	{ "tool", KIND_TEXT, NEED_VALUE, NULL },
	{ "vouched", KIND_TEXT, NEED_OR_NULL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member display_members[] = {
	{ "author", KIND_TEXT, NEED_OPTIONAL, NULL },
	{ "author_b64", KIND_BASE64, NEED_NOT, NULL },
	TEXT_AND_TWIN("date"),
	TEXT_AND_TWIN("from"),
	TEXT_AND_TWIN("from_domain"),
	TEXT_AND_TWIN("message_id"),
	{ "signed_subject", KIND_TEXT, NEED_NOT, NULL },
	{ "signed_subject_b64", KIND_BASE64, NEED_NOT, NULL },
	TEXT_AND_TWIN("subject"),
	{ "time", KIND_TIME, NEED_OPTIONAL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member source_members[] = {
	{ "detail", KIND_TEXT, NEED_NOT, NULL },
	{ "detail_b64", KIND_BASE64, NEED_NOT, NULL },
	{ "dialect", KIND_TEXT, NEED_NOT, NULL },
	{ "length", KIND_COUNT, NEED_VALUE, NULL },
	{ "line_ends", KIND_TEXT, NEED_NOT, NULL },
	TEXT_AND_TWIN("member"),
	{ "offset", KIND_COUNT, NEED_VALUE, NULL },
	{ "path", KIND_TEXT, NEED_VALUE, NULL },
	{ "path_b64", KIND_BASE64, NEED_NOT, NULL },
	{ "sha256", KIND_SHA256, NEED_NOT, NULL },
	{ "split", KIND_TEXT, NEED_NOT, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member body_members[] = {
	{ "covered", KIND_COUNT, NEED_OR_NULL, NULL },
	{ "hash_match", KIND_BOOL, NEED_OR_NULL, NULL },
	{ "total", KIND_COUNT, NEED_OR_NULL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member interval_members[] = {
	{ "from", KIND_TIME, NEED_OR_NULL, NULL },
	{ "from_signed", KIND_BOOL, NEED_VALUE, NULL },
	{ "from_source", KIND_TEXT, NEED_OR_NULL, NULL },
	{ "to", KIND_TIME, NEED_OR_NULL, NULL },
	{ "to_signed", KIND_BOOL, NEED_VALUE, NULL },
	{ "to_source", KIND_TEXT, NEED_OR_NULL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member key_members[] = {
	{ "bits", KIND_COUNT, NEED_VALUE, NULL },
	{ "days", KIND_COUNT, NEED_OR_NULL, NULL },
	{ "days_after", KIND_COUNT, NEED_OPTIONAL, NULL },
	{ "days_before", KIND_COUNT, NEED_OPTIONAL, NULL },
	{ "entry", KIND_COUNT, NEED_VALUE, NULL },
	{ "first_seen", KIND_TIME, NEED_OR_NULL, NULL },
	{ "flags", KIND_TEXTS, NEED_VALUE, NULL },
	{ "forgeable_since", KIND_TIME, NEED_OPTIONAL, NULL },
	{ "grade", KIND_TEXT, NEED_VALUE, NULL },
	{ "independent", KIND_COUNT, NEED_NOT, NULL },
	{ "last_seen", KIND_TIME, NEED_OR_NULL, NULL },
	{ "observations", KIND_COUNT, NEED_VALUE, NULL },
	{ "owners", KIND_TEXTS, NEED_NOT, NULL },
	{ "sha256", KIND_SHA256, NEED_OR_NULL, NULL },
	{ "sources", KIND_TEXTS, NEED_VALUE, NULL },
	{ "time_state", KIND_TEXT, NEED_VALUE, NULL },
	{ "type", KIND_TEXT, NEED_VALUE, NULL },
	{ "weak_since", KIND_TIME, NEED_OPTIONAL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member signed_members[] = {
	TEXT_AND_TWIN("name"),
	{ "origin", KIND_TEXT, NEED_VALUE, NULL },
	{ "record", KIND_COUNT, NEED_NOT, NULL },
	TEXT_AND_TWIN("signed"),
	TEXT_AND_TWIN("signed_text"),
	TEXT_AND_TWIN("stored"),
	TEXT_AND_TWIN("stored_text"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member outcome_members[] = {
	{ "reasons", KIND_TEXTS, NEED_VALUE, NULL },
	{ "result", KIND_TEXT, NEED_VALUE, NULL },
	{ "rules", KIND_TEXT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member rules_members[] = {
	{ "then", KIND_OBJECTS, NEED_OR_NULL, outcome_members },
	{ "today", KIND_OBJECT, NEED_VALUE, outcome_members },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member left_part_members[] = {
	{ "length", KIND_COUNT, NEED_VALUE, NULL },
	{ "offset", KIND_COUNT, NEED_VALUE, NULL },
	{ "signed", KIND_TEXT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("type"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member left_out_members[] = {
	{ "behind_close", KIND_BOOL, NEED_VALUE, NULL },
	{ "canonical", KIND_COUNT, NEED_VALUE, NULL },
	{ "holds", KIND_TEXT, NEED_VALUE, NULL },
	{ "html", KIND_BOOL, NEED_VALUE, NULL },
	{ "length", KIND_COUNT, NEED_VALUE, NULL },
	{ "offset", KIND_COUNT, NEED_VALUE, NULL },
	{ "parts", KIND_OBJECTS, NEED_VALUE, left_part_members },
	{ "parts_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member instance_members[] = {
	{ "signed", KIND_BOOL, NEED_VALUE, NULL },
	TEXT_AND_TWIN("text"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member surplus_members[] = {
	{ "fields", KIND_OBJECTS, NEED_VALUE, instance_members },
	TEXT_AND_TWIN("name"),
	{ "present", KIND_COUNT, NEED_VALUE, NULL },
	{ "signed", KIND_COUNT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member coverage_members[] = {
	{ "cut", KIND_BOOL, NEED_NOT, NULL },
	{ "left_out", KIND_OBJECT, NEED_NOT, left_out_members },
	{ "oversigned", KIND_TEXTS, NEED_VALUE, NULL },
	{ "signed", KIND_TEXTS, NEED_VALUE, NULL },
	{ "surplus", KIND_OBJECTS, NEED_VALUE, surplus_members },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member attachment_members[] = {
	{ "decode", KIND_TEXT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("disposition"),
	{ "encoding", KIND_TEXT, NEED_VALUE, NULL },
	{ "exact", KIND_BOOL, NEED_VALUE, NULL },
	{ "length", KIND_COUNT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("name"),
	{ "offset", KIND_COUNT, NEED_VALUE, NULL },
	{ "sha256", KIND_SHA256, NEED_VALUE, NULL },
	{ "signed", KIND_TEXT, NEED_VALUE, NULL },
	{ "size", KIND_COUNT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("type"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member signature_members[] = {
	TEXT_AND_TWIN("a"),
	{ "aligned", KIND_BOOL, NEED_VALUE, NULL },
	{ "alignment", KIND_TEXT, NEED_OPTIONAL, NULL },
	{ "body", KIND_OBJECT, NEED_VALUE, body_members },
	TEXT_AND_TWIN("c"),
	{ "coverage", KIND_OBJECT, NEED_NOT, coverage_members },
	{ "cv", KIND_TEXT, NEED_OPTIONAL, NULL },
	{ "cv_b64", KIND_BASE64, NEED_NOT, NULL },
	TEXT_AND_TWIN("d"),
	TEXT_AND_TWIN("domain"),
	{ "expiry", KIND_TIME, NEED_OR_NULL, NULL },
	{ "header_match", KIND_BOOL, NEED_OR_NULL, NULL },
	{ "headers", KIND_TEXTS, NEED_VALUE, NULL },
	TEXT_AND_TWIN("i"),
	{ "index", KIND_COUNT, NEED_VALUE, NULL },
	{ "interval", KIND_OBJECT, NEED_VALUE, interval_members },
	{ "key", KIND_OBJECT, NEED_OR_NULL, key_members },
	TEXT_AND_TWIN("key_name"),
	{ "kind", KIND_TEXT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("l"),
	{ "notes", KIND_TEXTS, NEED_VALUE, NULL },
	{ "organisation", KIND_TEXT, NEED_OPTIONAL, NULL },
	TEXT_AND_TWIN("q"),
	{ "reason", KIND_TEXT, NEED_OR_NULL, NULL },
	{ "reasons", KIND_TEXTS, NEED_VALUE, NULL },
	{ "result", KIND_TEXT, NEED_VALUE, NULL },
	{ "rules", KIND_OBJECT, NEED_NOT, rules_members },
	TEXT_AND_TWIN("s"),
	{ "signed_fields", KIND_OBJECTS, NEED_NOT, signed_members },
	TEXT_AND_TWIN("t"),
	{ "time", KIND_TIME, NEED_OR_NULL, NULL },
	{ "uncovered", KIND_TEXTS, NEED_VALUE, NULL },
	{ "verdict", KIND_TEXT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("x"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member edit_members[] = {
	{ "at", KIND_COUNT, NEED_VALUE, NULL },
	TEXT_AND_TWIN("insert"),
	{ "remove", KIND_COUNT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member arc_members[] = {
	{ "instance", KIND_COUNT, NEED_NOT, NULL },
	{ "oldest_pass", KIND_COUNT, NEED_NOT, NULL },
	{ "reason", KIND_TEXT, NEED_VALUE, NULL },
	{ "result", KIND_TEXT, NEED_OR_NULL, NULL },
	{ "sets", KIND_COUNT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member property_members[] = {
	TEXT_AND_TWIN("name"),
	TEXT_AND_TWIN("ptype"),
	TEXT_AND_TWIN("value"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member claimed_members[] = {
	{ "agreement", KIND_TEXT, NEED_OR_NULL, NULL },
	TEXT_AND_TWIN("method"),
	{ "properties", KIND_OBJECTS, NEED_VALUE, property_members },
	{ "properties_left_out", KIND_COUNT, NEED_NOT, NULL },
	TEXT_AND_TWIN("reason"),
	TEXT_AND_TWIN("result"),
	{ "signatures", KIND_COUNTS, NEED_NOT, NULL },
	{ "version", KIND_TEXT, NEED_NOT, NULL },
	{ "version_b64", KIND_BASE64, NEED_NOT, NULL },
	{ "why", KIND_TEXT, NEED_OR_NULL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member claim_members[] = {
	{ "covered_by", KIND_COUNTS, NEED_VALUE, NULL },
	{ "defect", KIND_TEXT, NEED_NOT, NULL },
	{ "defect_at", KIND_COUNT, NEED_NOT, NULL },
	{ "instance", KIND_COUNT, NEED_NOT, NULL },
	{ "kind", KIND_TEXT, NEED_VALUE, NULL },
	{ "liberties", KIND_TEXTS, NEED_NOT, NULL },
	{ "place", KIND_COUNT, NEED_VALUE, NULL },
	{ "results", KIND_OBJECTS, NEED_VALUE, claimed_members },
	{ "results_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "seal", KIND_COUNT, NEED_NOT, NULL },
	TEXT_AND_TWIN("server"),
	{ "version", KIND_TEXT, NEED_NOT, NULL },
	{ "version_b64", KIND_BASE64, NEED_NOT, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member address_members[] = {
	TEXT_AND_TWIN("address"),
	{ "aligned", KIND_BOOL, NEED_OPTIONAL, NULL },
	{ "domain", KIND_TEXT, NEED_VALUE, NULL },
	{ "organisation", KIND_TEXT, NEED_OR_NULL, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member finding_members[] = {
	{ "code", KIND_TEXT, NEED_VALUE, NULL },
	{ "domain", KIND_TEXT, NEED_OR_NULL, NULL },
	{ "field", KIND_TEXT, NEED_OR_NULL, NULL },
	{ "other", KIND_TEXT, NEED_OR_NULL, NULL },
	TEXT_AND_TWIN("text"),
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member idn_members[] = {
	{ "domain", KIND_TEXT, NEED_VALUE, NULL },
	{ "looks_like", KIND_TEXT, NEED_OR_NULL, NULL },
	{ "shown", KIND_TEXT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member senders_members[] = {
	{ "authors", KIND_OBJECTS, NEED_VALUE, address_members },
	{ "authors_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "cut", KIND_BOOL, NEED_NOT, NULL },
	{ "findings", KIND_OBJECTS, NEED_VALUE, finding_members },
	{ "from", KIND_TEXT, NEED_VALUE, NULL },
	{ "idn", KIND_OBJECTS, NEED_NOT, idn_members },
	{ "reply_to", KIND_OBJECTS, NEED_NOT, address_members },
	{ "reply_to_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "sender", KIND_OBJECTS, NEED_NOT, address_members },
	{ "sender_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

static const struct member embedded_members[] = {
	{ "arc", KIND_OBJECT, NEED_NOT, arc_members },
	{ "attachments", KIND_OBJECTS, NEED_NOT, attachment_members },
	{ "attachments_cut", KIND_BOOL, NEED_NOT, NULL },
	{ "attachments_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "attachments_repaired", KIND_BOOL, NEED_NOT, NULL },
	{ "attachments_unclear", KIND_TEXTS, NEED_NOT, NULL },
	{ "best", KIND_COUNT, NEED_OR_NULL, NULL },
	{ "claims", KIND_OBJECTS, NEED_NOT, claim_members },
	{ "claims_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "color", KIND_TEXT, NEED_VALUE, NULL },
	{ "depth", KIND_COUNT, NEED_VALUE, NULL },
	{ "length", KIND_COUNT, NEED_VALUE, NULL },
	{ "message", KIND_OBJECT, NEED_OR_NULL, display_members },
	{ "offset", KIND_COUNT, NEED_VALUE, NULL },
	{ "reasons", KIND_TEXTS, NEED_VALUE, NULL },
	{ "senders", KIND_OBJECT, NEED_NOT, senders_members },
	{ "sha256", KIND_SHA256, NEED_OR_NULL, NULL },
	{ "signatures", KIND_OBJECTS, NEED_VALUE, signature_members },
	{ "size", KIND_COUNT, NEED_VALUE, NULL },
	{ "verdict", KIND_TEXT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};

const struct member record_message_shape[] = {
	{ "arc", KIND_OBJECT, NEED_NOT, arc_members },
	{ "attachments", KIND_OBJECTS, NEED_NOT, attachment_members },
	{ "attachments_cut", KIND_BOOL, NEED_NOT, NULL },
	{ "attachments_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "attachments_repaired", KIND_BOOL, NEED_NOT, NULL },
	{ "attachments_unclear", KIND_TEXTS, NEED_NOT, NULL },
	{ "best", KIND_COUNT, NEED_OR_NULL, NULL },
	{ "claims", KIND_OBJECTS, NEED_NOT, claim_members },
	{ "claims_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "color", KIND_TEXT, NEED_VALUE, NULL },
	{ "cut", KIND_BOOL, NEED_NOT, NULL },
	{ "edits", KIND_OBJECTS, NEED_NOT, edit_members },
	{ "edits_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "embedded", KIND_OBJECTS, NEED_NOT, embedded_members },
	{ "embedded_cut", KIND_BOOL, NEED_NOT, NULL },
	{ "embedded_left_out", KIND_COUNT, NEED_NOT, NULL },
	{ "message", KIND_OBJECT, NEED_OR_NULL, display_members },
	{ "other_names", KIND_TEXTS, NEED_NOT, NULL },
	{ "reasons", KIND_TEXTS, NEED_VALUE, NULL },
	{ "repairs", KIND_TEXTS, NEED_VALUE, NULL },
	{ "senders", KIND_OBJECT, NEED_NOT, senders_members },
	{ "seq", KIND_COUNT, NEED_VALUE, NULL },
	{ "sha256", KIND_SHA256, NEED_OR_NULL, NULL },
	{ "signatures", KIND_OBJECTS, NEED_VALUE, signature_members },
	{ "size", KIND_COUNT, NEED_VALUE, NULL },
	{ "source", KIND_OBJECT, NEED_VALUE, source_members },
	{ "verdict", KIND_TEXT, NEED_VALUE, NULL },
	{ NULL, KIND_TEXT, NEED_NOT, NULL },
};
