/*
 * entry_form.c - one table says which members a type of entry has and which
 * form each must have; members that the table does not know are kept.
 */
#include "keysnap/store/entry_form.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

enum form {
	FORM_TEXT, /* octet escape */
	FORM_WORD,
	FORM_TIME,
	FORM_PRECISION,
	FORM_HASH,
	FORM_NAME,
	FORM_NUMBER,
	FORM_REFERENCE, /* number of a smaller entry */
	FORM_TRUE,
	FORM_CHOICE
};

struct member {
	const char *name;
	enum form form;
	bool array, required;
	const char *const *choices; /* NULL-ended, of FORM_CHOICE */
};

static const char *const formats[] = { ENTRY_LOG_FORMAT, NULL };
/* In the order of the enums of entry.h. */
const char *const entry_form_kinds[] = { "present", "nxdomain", "nodata",
	"recovered", NULL };
const char *const entry_form_joins[] = { "exact", "source", "ambiguous", NULL };
const char *const entry_form_time_kinds[] = { "observed", "claimed", "zone",
	"file", "mail", "rrsig", "none", NULL };
static const char *const annotations[] = { "note", "retract", "compromise",
	"private-key-published", NULL };
static const char *const anchors[] = { "rfc3161", "opentimestamps", "note",
	NULL };
static const char *const chain_results[] = { "secure", "insecure", "bogus",
	"indeterminate", NULL };
static const char *const health_results[] = { "good", "bad", "unknown", NULL };

static const struct member store_members[] = {
	{ "format", FORM_CHOICE, false, true, formats },
	{ "origin", FORM_TEXT, false, true, NULL },
	{ .name = NULL },
};
static const struct member source_members[] = {
	{ "file", FORM_TEXT, false, true, NULL },
	{ "format", FORM_WORD, false, true, NULL },
	{ "imported", FORM_TIME, false, true, NULL },
	{ "lineage", FORM_TEXT, true, false, NULL },
	{ "observer", FORM_TEXT, false, true, NULL },
	{ "operator", FORM_TEXT, false, false, NULL },
	{ "sha256", FORM_HASH, false, true, NULL },
	{ "size", FORM_NUMBER, false, true, NULL },
	{ "tool", FORM_TEXT, false, true, NULL },
	{ .name = NULL },
};
static const struct member observation_members[] = {
	{ "cname", FORM_NAME, true, false, NULL },
	{ "complete", FORM_TRUE, false, false, NULL },
	{ "count", FORM_NUMBER, false, false, NULL },
	{ "first", FORM_TIME, false, false, NULL },
	{ "joined", FORM_CHOICE, false, false, entry_form_joins },
	{ "kind", FORM_CHOICE, false, true, entry_form_kinds },
	{ "last", FORM_TIME, false, false, NULL },
	{ "line", FORM_NUMBER, false, false, NULL },
	{ "method", FORM_WORD, false, true, NULL },
	{ "name", FORM_NAME, false, true, NULL },
	{ "observer", FORM_TEXT, false, false, NULL },
	{ "owner", FORM_NAME, false, false, NULL },
	{ "precision", FORM_PRECISION, false, false, NULL },
	{ "source", FORM_REFERENCE, false, true, NULL },
	{ "strings", FORM_TEXT, true, false, NULL },
	{ "time_kind", FORM_CHOICE, false, true, entry_form_time_kinds },
	{ "ttl", FORM_NUMBER, false, false, NULL },
	{ "warnings", FORM_WORD, true, false, NULL },
	{ .name = NULL },
};
static const struct member sighting_members[] = {
	{ "first", FORM_TIME, false, true, NULL },
	{ "last", FORM_TIME, false, true, NULL },
	{ "of", FORM_REFERENCE, true, true, NULL },
	{ "precision", FORM_PRECISION, false, true, NULL },
	{ "source", FORM_REFERENCE, false, true, NULL },
	{ .name = NULL },
};
static const struct member annotation_members[] = {
	{ "key", FORM_HASH, false, false, NULL },
	{ "kind", FORM_CHOICE, false, true, annotations },
	{ "made", FORM_TIME, false, true, NULL },
	{ "name", FORM_NAME, false, false, NULL },
	{ "operator", FORM_TEXT, false, false, NULL },
	{ "precision", FORM_PRECISION, false, false, NULL },
	{ "since", FORM_TIME, false, false, NULL },
	{ "target", FORM_REFERENCE, true, false, NULL },
	{ "text", FORM_TEXT, false, false, NULL },
	{ .name = NULL },
};
static const struct member anchor_members[] = {
	{ "digest", FORM_HASH, false, false, NULL },
	{ "evidence", FORM_HASH, true, true, NULL },
	{ "kind", FORM_CHOICE, false, true, anchors },
	{ "made", FORM_TIME, false, true, NULL },
	{ "precision", FORM_PRECISION, false, true, NULL },
	{ "root", FORM_HASH, false, false, NULL },
	{ "size", FORM_NUMBER, false, false, NULL },
	{ "time", FORM_TIME, false, true, NULL },
	{ .name = NULL },
};
static const struct member chain_result_members[] = {
	{ "evidence", FORM_HASH, true, true, NULL },
	{ "from", FORM_TIME, false, false, NULL },
	{ "observation", FORM_REFERENCE, false, true, NULL },
	{ "reason", FORM_WORD, false, false, NULL },
	{ "result", FORM_CHOICE, false, true, chain_results },
	{ "tool", FORM_TEXT, false, true, NULL },
	{ "until", FORM_TIME, false, false, NULL },
	{ .name = NULL },
};
static const struct member key_health_members[] = {
	{ "check", FORM_WORD, false, true, NULL },
	{ "detail", FORM_TEXT, false, false, NULL },
	{ "key", FORM_HASH, false, true, NULL },
	{ "made", FORM_TIME, false, true, NULL },
	{ "result", FORM_CHOICE, false, true, health_results },
	{ "since", FORM_TIME, false, false, NULL },
	{ "tool", FORM_TEXT, false, true, NULL },
	{ .name = NULL },
};
static const struct member audit_members[] = {
	{ "below", FORM_NUMBER, false, true, NULL },
	{ "checks", FORM_WORD, true, true, NULL },
	{ "keys", FORM_NUMBER, false, true, NULL },
	{ "made", FORM_TIME, false, true, NULL },
	{ "tool", FORM_TEXT, false, true, NULL },
	{ .name = NULL },
};
/* Of every type, unknown ones too. */
static const struct member evidence_member = { "evidence", FORM_HASH, true,
	false, NULL };

static const struct member *const members_of[] = { store_members,
	source_members, observation_members, sighting_members,
	annotation_members, anchor_members, chain_result_members,
	key_health_members, audit_members };

bool
entry_form_fail(
    const struct entry_reading *reading, const char *member, const char *what)
{
	g_autofree char *text = g_strdup_printf("\"%s\": %s", member, what);

	*reading->why_out =
	    (const char *)arena_copy(reading->arena, span_from_string(text)).p;
	return false;
}

struct span
entry_form_text(const json_t *value)
{
	return (struct span){ (const uint8_t *)json_string_value(value),
		json_string_length(value) };
}

int
entry_form_choice(const json_t *value, const char *const *choices)
{
	for (int i = 0; choices[i] != NULL; i++) {
		if (span_equal(
			entry_form_text(value), span_from_string(choices[i])))
			return i;
	}
	return -1;
}

static bool
is_word(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC6376_HYPHENATED) &&
		    memchr("._/", text.p[i], 3) == NULL)
			return false;
	}
	return text.n > 0;
}

static bool
is_name(struct arena *arena, struct span text)
{
	struct span canonical;

	return dns_name_canonical(arena, text, &canonical) == DNS_NAME_OK &&
	    span_equal(text, canonical);
}

static bool
is_text_form(const struct entry_reading *reading, const struct member *member,
    const json_t *value)
{
	struct span text = entry_form_text(value), octets;
	enum timestamp_precision precision;
	uint8_t digest[32];
	int64_t at;

	switch (member->form) {
	case FORM_TEXT:
		return json_read_octets(reading->arena, text, &octets);
	case FORM_WORD:
		return is_word(text);
	case FORM_TIME:
		return timestamp_parse(text, &at);
	case FORM_PRECISION:
		return timestamp_precision_from_name(text, &precision);
	case FORM_HASH:
		return digest_from_hex(text, digest);
	case FORM_NAME:
		return is_name(reading->arena, text);
	default:
		return member->form == FORM_CHOICE &&
		    entry_form_choice(value, member->choices) >= 0;
	}
}

static bool
has_form(const struct entry_reading *reading, const struct member *member,
    const json_t *value)
{
	json_int_t number = json_integer_value(value);

	if (member->form == FORM_TRUE)
		return json_is_true(value);
	if (member->form == FORM_NUMBER)
		return json_is_integer(value) && number >= 0;
	if (member->form == FORM_REFERENCE)
		return json_is_integer(value) && number >= 0 &&
		    (uint64_t)number < reading->index;
	return json_is_string(value) && is_text_form(reading, member, value);
}

static bool
check_member(const struct entry_reading *reading, const struct member *member,
    const json_t *object)
{
	const json_t *value = json_object_get(object, member->name);

	if (value == NULL && member->required)
		return entry_form_fail(reading, member->name, "missing");
	if (value == NULL)
		return true;
	if (!member->array)
		return has_form(reading, member, value) ||
		    entry_form_fail(reading, member->name, "not of its form");
	if (json_array_size(value) == 0)
		return entry_form_fail(
		    reading, member->name, "not a filled array");
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!has_form(reading, member, json_array_get(value, i)))
			return entry_form_fail(
			    reading, member->name, "not of its form");
	}
	return true;
}

bool
entry_form_check(const struct entry_reading *reading, enum entry_type type,
    const json_t *object)
{
	if (!check_member(reading, &evidence_member, object))
		return false;
	if (type == ENTRY_UNKNOWN)
		return true;
	for (const struct member *member = members_of[type];
	     member->name != NULL; member++) {
		if (!check_member(reading, member, object))
			return false;
	}
	return true;
}
