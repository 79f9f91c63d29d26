/*
 * regrade_scan.c - see regrade_scan.h.
 *
 * The members that are looked at stand in tables, one for each kind of object;
 * all others are passed over.
 */
#include "verifier/run/regrade_scan.h"

#include "keysnap/base/json_scan.h"
#include "keysnap/base/timestamp.h"
#include "keysnap/key/dns_name.h"

/* A member, and what takes its value into "into". */
struct member {
	const char *name;
	bool (*take)(void *into, struct span value);
};

/* Go through an object; false when a value is not taken.  NULL ends the
 * table. */
static bool
scan_object(struct span value, const struct member *members, void *into)
{
	struct json_scan scan;
	struct span name;

	json_scan_object(&scan, value);
	while (json_scan_member(&scan, &name, &value)) {
		for (const struct member *m = members; m->name != NULL; m++) {
			if (span_equal(name, span_from_string(m->name)) &&
			    !m->take(into, value))
				return false;
		}
	}
	return !scan.bad;
}

/* Exact octets beside a text, and what else takes a parser. */
static bool
refuse(void *into, struct span value)
{
	(void)into;
	(void)value;
	return false;
}

static bool
take_time(struct span value, int64_t *at_out)
{
	struct span text;

	return json_scan_text(value, &text) &&
	    (text.p == NULL || timestamp_parse(text, at_out));
}

/* ---- a signature --------------------------------------------------------- */

static bool
take_from(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return take_time(value, &signature->from);
}

static bool
take_to(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return take_time(value, &signature->to);
}

static bool
take_interval(void *into, struct span value)
{
	static const struct member members[] = { { "from", take_from },
		{ "to", take_to }, { NULL, NULL } };

	return scan_object(value, members, into);
}

static bool
take_key(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	if (!span_equal(value, SPAN("null")))
		signature->key = value;
	return true;
}

static bool
take_key_name(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return json_scan_text(value, &signature->key_name);
}

static bool
take_kind(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return json_scan_text(value, &signature->kind);
}

static bool
take_domain(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return json_scan_text(value, &signature->domain);
}

static bool
take_result(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return json_scan_text(value, &signature->result);
}

static bool
take_signature_verdict(void *into, struct span value)
{
	struct regrade_signature *signature = into;

	return json_scan_text(value, &signature->verdict);
}

static bool
scan_signature(struct regrade_signature *signature, struct span value)
{
	static const struct member members[] = { { "domain", take_domain },
		{ "domain_b64", refuse }, { "interval", take_interval },
		{ "key", take_key }, { "key_name", take_key_name },
		{ "key_name_b64", refuse }, { "kind", take_kind },
		{ "result", take_result },
		{ "verdict", take_signature_verdict }, { NULL, NULL } };

	return scan_object(value, members, signature) &&
	    signature->kind.p != NULL && signature->result.p != NULL &&
	    signature->verdict.p != NULL;
}

static bool
scan_signatures(struct regrade_scan *found, struct span value, bool attached)
{
	struct json_scan scan;

	json_scan_array(&scan, value);
	while (json_scan_element(&scan, &value)) {
		struct regrade_signature *signature =
		    &found->signatures[found->n_signatures];

		if (found->n_signatures++ == REGRADE_SIGNATURES)
			return false;
		*signature = (struct regrade_signature){ .attached = attached,
			.from = TIMESTAMP_NONE,
			.to = TIMESTAMP_NONE };
		if (!scan_signature(signature, value))
			return false;
	}
	return !scan.bad;
}

/* ---- a record ------------------------------------------------------------ */

static bool
take_anchors(void *into, struct span value)
{
	struct regrade_scan *found = into;
	struct json_scan scan;
	struct span text;

	json_scan_array(&scan, value);
	if (!json_scan_element(&scan, &value))
		return !scan.bad;
	return regrade_scan_text(value, SPAN("time"), &text) &&
	    (text.p == NULL || timestamp_parse(text, &found->anchored));
}

static bool
take_attached(void *into, struct span value)
{
	return scan_signatures(into, value, true);
}

static bool
take_embedded(void *into, struct span value)
{
	static const struct member members[] = {
		{ "signatures", take_attached }, { NULL, NULL }
	};
	struct json_scan scan;

	json_scan_array(&scan, value);
	while (json_scan_element(&scan, &value)) {
		if (!scan_object(value, members, into))
			return false;
	}
	return !scan.bad;
}

static bool
take_author(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_text(value, &found->judgement.author);
}

static bool
take_date(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return take_time(value, &found->judgement.date);
}

static bool
take_message(void *into, struct span value)
{
	static const struct member members[] = { { "author", take_author },
		{ "author_b64", refuse }, { "time", take_date },
		{ NULL, NULL } };

	return scan_object(value, members, into);
}

static bool
take_other_names(void *into, struct span value)
{
	struct regrade_scan *found = into;
	struct json_scan scan;

	json_scan_array(&scan, value);
	while (json_scan_element(&scan, &value)) {
		if (found->n_other_names == REGRADE_SIGNATURES ||
		    !json_scan_text(
			value, &found->other_names[found->n_other_names++]))
			return false;
	}
	return !scan.bad;
}

static bool
take_repairs(void *into, struct span value)
{
	struct regrade_scan *found = into;

	found->repaired = !span_equal(value, SPAN("[]"));
	return true;
}

static bool
take_seq(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_count(value, &found->seq);
}

static bool
take_own_signatures(void *into, struct span value)
{
	return scan_signatures(into, value, false);
}

static bool
take_dialect(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_text(value, &found->dialect);
}

static bool
take_length(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_count(value, &found->length);
}

static bool
take_line_ends(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_text(value, &found->line_ends);
}

static bool
take_offset(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_count(value, &found->offset);
}

static bool
take_path(void *into, struct span value)
{
	struct regrade_scan *found = into;

	return json_scan_text(value, &found->path);
}

static bool
take_source(void *into, struct span value)
{
	static const struct member members[] = { { "dialect", take_dialect },
		{ "length", take_length }, { "line_ends", take_line_ends },
		{ "offset", take_offset }, { "path", take_path },
		{ "path_b64", refuse }, { NULL, NULL } };

	return scan_object(value, members, into);
}

static bool
take_verdict(void *into, struct span value)
{
	struct regrade_scan *found = into;
	struct span code;

	return json_scan_text(value, &code) &&
	    verdict_from_code(code, &found->judgement.verdict) &&
	    found->judgement.verdict != VERDICT_UNREADABLE;
}

/* ---- what a tally takes -------------------------------------------------- */

/* As judge.c does it. */
static bool
add_want(struct want *want, const struct regrade_signature *signature)
{
	enum verdict verdict;

	if (!verdict_from_code(signature->verdict, &verdict) ||
	    (verdict != VERDICT_KEY_MISSING &&
		verdict != VERDICT_KEY_MISMATCH) ||
	    !dns_name_split_key(
		signature->key_name, &want->selector, &want->domain))
		return false;
	want->first = signature->from;
	want->last = signature->to;
	return true;
}

static bool
decides(const struct regrade_signature *signature)
{
	return !signature->attached &&
	    (span_equal(signature->kind, SPAN("dkim")) ||
		span_equal(signature->kind, SPAN("domainkeys")));
}

static void
fill_judgement(struct regrade_scan *found)
{
	size_t n = found->n_signatures, n_domains = 0, n_wants = 0;
	struct span *domains =
	    arena_alloc_array(found->arena, n, sizeof(*domains));
	struct want *wants = arena_alloc_array(found->arena, n, sizeof(*wants));

	for (size_t i = 0; i < n; i++) {
		const struct regrade_signature *signature =
		    &found->signatures[i];

		n_wants += add_want(&wants[n_wants], signature);
		if (decides(signature) && signature->domain.n > 0)
			domains[n_domains++] = signature->domain;
	}
	found->judgement.domains = domains;
	found->judgement.n_domains = n_domains;
	found->judgement.wants = wants;
	found->judgement.n_wants = n_wants;
}

bool
regrade_scan_text(struct span object, struct span name, struct span *text_out)
{
	struct json_scan scan;
	struct span member, value;

	*text_out = (struct span){ NULL, 0 };
	json_scan_object(&scan, object);
	while (json_scan_member(&scan, &member, &value)) {
		if (span_equal(member, name))
			return json_scan_text(value, text_out);
	}
	return !scan.bad;
}

bool
regrade_scan(
    struct arena *arena, struct span line, struct regrade_scan *scan_out)
{
	static const struct member members[] = { { "anchors", take_anchors },
		{ "cut", refuse }, { "embedded", take_embedded },
		{ "message", take_message },
		{ "other_names", take_other_names },
		{ "repairs", take_repairs }, { "seq", take_seq },
		{ "signatures", take_own_signatures },
		{ "source", take_source }, { "verdict", take_verdict },
		{ NULL, NULL } };

	*scan_out = (struct regrade_scan){ .arena = arena,
		.anchored = TIMESTAMP_NONE,
		.judgement.verdict = VERDICT_UNREADABLE,
		.judgement.date = TIMESTAMP_NONE };
	scan_out->signatures = arena_alloc_array(
	    arena, REGRADE_SIGNATURES, sizeof(*scan_out->signatures));
	scan_out->other_names = arena_alloc_array(
	    arena, REGRADE_SIGNATURES, sizeof(*scan_out->other_names));
	if (!scan_object(line, members, scan_out) || scan_out->path.p == NULL ||
	    scan_out->seq == 0 ||
	    scan_out->judgement.verdict == VERDICT_UNREADABLE)
		return false;
	fill_judgement(scan_out);
	return true;
}
