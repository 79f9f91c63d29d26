/*
 * entry_form.c - one table says which members a type of entry has and which
 * form each must have; members that the table does not know are kept.
 * Bounds: those of entry.h, on every text and list.
 */
#include "keysnap/store/entry_form.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

enum form {
	FORM_OCTETS,
	FORM_TEXT,
	FORM_NOTE, /* a long text */
	FORM_WORD,
	FORM_TIME,
	FORM_PRECISION,
	FORM_HASH,
	FORM_HEX,
	FORM_KEY, /* base64 */
	FORM_NAME,
	FORM_NUMBER,
	FORM_NUMBER_32,
	FORM_COUNT,     /* from 1 */
	FORM_REFERENCE, /* number of a smaller entry */
	FORM_SIZE,      /* of the log, up to this entry; from 1 */
	FORM_TRUE,
	FORM_CHOICE,
	FORM_OBJECT
};

enum { REQUIRED = 1, LIST = 2, SET = 4 | LIST };

struct member {
	const char *name; /* ascending within a table */
	enum form form;
	unsigned flags;
	const char *const *choices;   /* NULL-ended, of FORM_CHOICE */
	const struct member *members; /* of FORM_OBJECT */
};

static const char *const formats[] = { ENTRY_LOG_FORMAT, NULL };
/* In the order of the enums of entry.h. */
const char *const entry_form_kinds[] = { "present", "nxdomain", "nodata",
	"recovered", NULL };
const char *const entry_form_joins[] = { "exact", "source", "ambiguous", NULL };
const char *const entry_form_time_kinds[] = { "observed", "claimed", "zone",
	"file", "mail", "rrsig", "none", NULL };
const char *const entry_form_annotations[] = { "note", "retract", "compromise",
	"private-key-published", NULL };
const char *const entry_form_anchors[] = { "rfc3161", "opentimestamps", "note",
	NULL };
const char *const entry_form_chains[] = { "secure", "insecure", "bogus",
	"indeterminate", NULL };
const char *const entry_form_healths[] = { "good", "bad", "unknown", NULL };

#define END                  \
	{                    \
		.name = NULL \
	}

static const struct member store_members[] = {
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "format", FORM_CHOICE, REQUIRED, formats, NULL },
	{ "origin", FORM_TEXT, REQUIRED, NULL, NULL },
	END,
};
static const struct member source_members[] = {
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "file", FORM_TEXT, REQUIRED, NULL, NULL },
	{ "format", FORM_WORD, REQUIRED, NULL, NULL },
	{ "imported", FORM_TIME, REQUIRED, NULL, NULL },
	{ "lineage", FORM_TEXT, SET, NULL, NULL },
	{ "observer", FORM_TEXT, REQUIRED, NULL, NULL },
	{ "operator", FORM_TEXT, 0, NULL, NULL },
	{ "sha256", FORM_HASH, REQUIRED, NULL, NULL },
	{ "size", FORM_NUMBER, REQUIRED, NULL, NULL },
	{ "tool", FORM_TEXT, REQUIRED, NULL, NULL },
	END,
};
static const struct member message_members[] = {
	{ "corpus", FORM_TEXT, REQUIRED, NULL, NULL },
	{ "custody", FORM_TEXT, 0, NULL, NULL },
	{ "sha256", FORM_HASH, REQUIRED, NULL, NULL },
	END,
};
static const struct member vantage_members[] = {
	{ "flags", FORM_WORD, SET, NULL, NULL },
	{ "place", FORM_TEXT, 0, NULL, NULL },
	{ "server", FORM_TEXT, 0, NULL, NULL },
	{ "transport", FORM_WORD, 0, NULL, NULL },
	END,
};
static const struct member observation_members[] = {
	{ "bailiwick", FORM_NAME, 0, NULL, NULL },
	{ "cname", FORM_NAME, LIST, NULL, NULL },
	{ "complete", FORM_TRUE, 0, NULL, NULL },
	{ "count", FORM_COUNT, 0, NULL, NULL },
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "first", FORM_TIME, 0, NULL, NULL },
	{ "item", FORM_COUNT, 0, NULL, NULL },
	{ "joined", FORM_CHOICE, 0, entry_form_joins, NULL },
	{ "kind", FORM_CHOICE, REQUIRED, entry_form_kinds, NULL },
	{ "last", FORM_TIME, 0, NULL, NULL },
	{ "line", FORM_COUNT, 0, NULL, NULL },
	{ "lineage", FORM_TEXT, SET, NULL, NULL },
	{ "messages", FORM_OBJECT, LIST, NULL, message_members },
	{ "method", FORM_WORD, REQUIRED, NULL, NULL },
	{ "name", FORM_NAME, REQUIRED, NULL, NULL },
	{ "observer", FORM_TEXT, 0, NULL, NULL },
	{ "offset", FORM_NUMBER, 0, NULL, NULL },
	{ "owner", FORM_NAME, 0, NULL, NULL },
	{ "precision", FORM_PRECISION, 0, NULL, NULL },
	{ "public_key", FORM_KEY, 0, NULL, NULL },
	{ "record", FORM_TEXT, 0, NULL, NULL },
	{ "serial", FORM_NUMBER_32, 0, NULL, NULL },
	{ "signer", FORM_HASH, 0, NULL, NULL },
	{ "source", FORM_REFERENCE, REQUIRED, NULL, NULL },
	{ "strings", FORM_OCTETS, LIST, NULL, NULL },
	{ "time_kind", FORM_CHOICE, REQUIRED, entry_form_time_kinds, NULL },
	{ "ttl", FORM_NUMBER, 0, NULL, NULL },
	{ "vantage", FORM_OBJECT, 0, NULL, vantage_members },
	{ "warnings", FORM_WORD, SET, NULL, NULL },
	END,
};
static const struct member sighting_members[] = {
	{ "complete", FORM_TRUE, 0, NULL, NULL },
	{ "count", FORM_COUNT, 0, NULL, NULL },
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "first", FORM_TIME, REQUIRED, NULL, NULL },
	{ "last", FORM_TIME, REQUIRED, NULL, NULL },
	{ "line", FORM_COUNT, 0, NULL, NULL },
	{ "observer", FORM_TEXT, 0, NULL, NULL },
	{ "of", FORM_REFERENCE, SET | REQUIRED, NULL, NULL },
	{ "precision", FORM_PRECISION, REQUIRED, NULL, NULL },
	{ "source", FORM_REFERENCE, REQUIRED, NULL, NULL },
	{ "time_kind", FORM_CHOICE, REQUIRED, entry_form_time_kinds, NULL },
	{ "ttl", FORM_NUMBER, 0, NULL, NULL },
	{ "vantage", FORM_OBJECT, 0, NULL, vantage_members },
	END,
};
static const struct member annotation_members[] = {
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "key", FORM_HASH, 0, NULL, NULL },
	{ "kind", FORM_CHOICE, REQUIRED, entry_form_annotations, NULL },
	{ "made", FORM_TIME, REQUIRED, NULL, NULL },
	{ "name", FORM_NAME, 0, NULL, NULL },
	{ "operator", FORM_TEXT, 0, NULL, NULL },
	{ "precision", FORM_PRECISION, 0, NULL, NULL },
	{ "reason", FORM_WORD, 0, NULL, NULL },
	{ "since", FORM_TIME, 0, NULL, NULL },
	{ "target", FORM_REFERENCE, SET, NULL, NULL },
	{ "text", FORM_NOTE, 0, NULL, NULL },
	END,
};
static const struct member anchor_members[] = {
	{ "authority", FORM_TEXT, 0, NULL, NULL },
	{ "digest", FORM_HASH, 0, NULL, NULL },
	{ "evidence", FORM_HASH, LIST | REQUIRED, NULL, NULL },
	{ "kind", FORM_CHOICE, REQUIRED, entry_form_anchors, NULL },
	{ "made", FORM_TIME, REQUIRED, NULL, NULL },
	{ "precision", FORM_PRECISION, REQUIRED, NULL, NULL },
	{ "root", FORM_HASH, 0, NULL, NULL },
	{ "size", FORM_SIZE, 0, NULL, NULL },
	{ "time", FORM_TIME, REQUIRED, NULL, NULL },
	{ "tool", FORM_TEXT, REQUIRED, NULL, NULL },
	{ "until", FORM_TIME, 0, NULL, NULL },
	END,
};
static const struct member chain_result_members[] = {
	{ "evidence", FORM_HASH, LIST | REQUIRED, NULL, NULL },
	{ "from", FORM_TIME, 0, NULL, NULL },
	{ "made", FORM_TIME, REQUIRED, NULL, NULL },
	{ "observation", FORM_REFERENCE, REQUIRED, NULL, NULL },
	{ "reason", FORM_WORD, 0, NULL, NULL },
	{ "result", FORM_CHOICE, REQUIRED, entry_form_chains, NULL },
	{ "tool", FORM_TEXT, REQUIRED, NULL, NULL },
	{ "trust_anchor", FORM_TEXT, 0, NULL, NULL },
	{ "until", FORM_TIME, 0, NULL, NULL },
	END,
};
static const struct member key_health_members[] = {
	{ "check", FORM_WORD, REQUIRED, NULL, NULL },
	{ "detail", FORM_TEXT, 0, NULL, NULL },
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "factor", FORM_HEX, 0, NULL, NULL },
	{ "key", FORM_HASH, REQUIRED, NULL, NULL },
	{ "made", FORM_TIME, REQUIRED, NULL, NULL },
	{ "precision", FORM_PRECISION, 0, NULL, NULL },
	{ "result", FORM_CHOICE, REQUIRED, entry_form_healths, NULL },
	{ "since", FORM_TIME, 0, NULL, NULL },
	{ "tool", FORM_TEXT, REQUIRED, NULL, NULL },
	{ "with", FORM_HASH, SET, NULL, NULL },
	END,
};
static const struct member audit_members[] = {
	{ "below", FORM_SIZE, REQUIRED, NULL, NULL },
	{ "checks", FORM_WORD, SET | REQUIRED, NULL, NULL },
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	{ "keys", FORM_NUMBER, REQUIRED, NULL, NULL },
	{ "made", FORM_TIME, REQUIRED, NULL, NULL },
	{ "tool", FORM_TEXT, REQUIRED, NULL, NULL },
	END,
};
static const struct member unknown_members[] = {
	{ "evidence", FORM_HASH, LIST, NULL, NULL },
	END,
};

static const struct member *const members_of[] = { store_members,
	source_members, observation_members, sighting_members,
	annotation_members, anchor_members, chain_result_members,
	key_health_members, audit_members, unknown_members };

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
entry_form_text(const struct json_node *value)
{
	return json_tree_is_string(value) ? value->text
					  : (struct span){ NULL, 0 };
}

size_t
entry_form_count(const struct json_node *value)
{
	return value != NULL && value->type == JSON_NODE_ARRAY ? value->n : 0;
}

int64_t
entry_form_integer(const struct json_node *value)
{
	return value != NULL && value->type == JSON_NODE_INTEGER
	    ? value->integer
	    : 0;
}

int
entry_form_choice(const struct json_node *value, const char *const *choices)
{
	for (int i = 0; choices[i] != NULL; i++) {
		if (span_equal(
			entry_form_text(value), span_from_string(choices[i])))
			return i;
	}
	return -1;
}

bool
entry_form_is_word(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC6376_HYPHENATED) &&
		    memchr("._/", text.p[i], 3) == NULL)
			return false;
	}
	return text.n > 0 && text.n <= ENTRY_TEXT_MAX;
}

bool
entry_form_is_name(struct arena *arena, struct span text)
{
	struct span canonical;

	return dns_name_canonical(arena, text, &canonical) == DNS_NAME_OK &&
	    span_equal(text, canonical);
}

bool
entry_form_is_key(struct arena *arena, struct span base64)
{
	struct span octets;

	return base64.n > 0 && base64.n <= ENTRY_KEY_MAX &&
	    base64_decode_strict(arena, base64, &octets);
}

static bool
is_hex(struct span text)
{
	if (text.n == 0 || text.n > ENTRY_FACTOR_MAX || text.p[0] == '0')
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT) &&
		    (text.p[i] < 'a' || text.p[i] > 'f'))
			return false;
	}
	return true;
}

/* A text that may be left out is left out when it is empty. */
static bool
is_octets(const struct entry_reading *reading, const struct member *member,
    struct span text, size_t max)
{
	struct span octets;

	return json_read_octets(reading->arena, text, &octets) &&
	    octets.n <= max &&
	    (octets.n > 0 || (member->flags & REQUIRED) != 0 ||
		member->form == FORM_OCTETS);
}

static bool
is_text_form(const struct entry_reading *reading, const struct member *member,
    const struct json_node *value)
{
	struct span text = entry_form_text(value);
	enum timestamp_precision precision;
	uint8_t digest[32];
	int64_t at;

	switch (member->form) {
	case FORM_OCTETS:
		return is_octets(reading, member, text, ENTRY_TXT_MAX);
	case FORM_TEXT:
		return is_octets(reading, member, text, ENTRY_TEXT_MAX);
	case FORM_NOTE:
		return is_octets(reading, member, text, ENTRY_NOTE_MAX);
	case FORM_WORD:
		return entry_form_is_word(text);
	case FORM_TIME:
		return timestamp_parse(text, &at);
	case FORM_PRECISION:
		return timestamp_precision_from_name(text, &precision);
	case FORM_HASH:
		return digest_from_hex(text, digest);
	case FORM_HEX:
		return is_hex(text);
	case FORM_KEY:
		return entry_form_is_key(reading->arena, text);
	case FORM_NAME:
		return entry_form_is_name(reading->arena, text);
	default:
		return member->form == FORM_CHOICE &&
		    entry_form_choice(value, member->choices) >= 0;
	}
}

static bool
is_number_form(
    const struct entry_reading *reading, enum form form, int64_t number)
{
	switch (form) {
	case FORM_NUMBER:
		return number >= 0;
	case FORM_NUMBER_32:
		return number >= 0 && number <= UINT32_MAX;
	case FORM_COUNT:
		return number > 0;
	case FORM_REFERENCE:
		return number >= 0 && (uint64_t)number < reading->index;
	case FORM_SIZE:
		return number > 0 && (uint64_t)number <= reading->index;
	default:
		return false;
	}
}

static bool check_members(const struct entry_reading *reading,
    const struct member *members, const struct json_node *object);

static bool
has_form(const struct entry_reading *reading, const struct member *member,
    const struct json_node *value)
{
	if (member->form == FORM_OBJECT)
		return value->type == JSON_NODE_OBJECT && value->n > 0 &&
		    check_members(reading, member->members, value);
	if (member->form == FORM_TRUE)
		return value->type == JSON_NODE_TRUE;
	if (value->type == JSON_NODE_INTEGER)
		return is_number_form(reading, member->form, value->integer);
	return json_tree_is_string(value) &&
	    is_text_form(reading, member, value);
}

/* Order of two elements of a set, both of the same form. */
static int
compare(struct arena *arena, enum form form, const struct json_node *a,
    const struct json_node *b)
{
	int64_t i = a->integer, j = b->integer;
	struct span left = entry_form_text(a), right = entry_form_text(b);

	if (a->type == JSON_NODE_INTEGER)
		return (i > j) - (i < j);
	/* In the order of the octets, not of their escapes. */
	if (form == FORM_TEXT) {
		json_read_octets(arena, left, &left);
		json_read_octets(arena, right, &right);
	}
	return span_compare(left, right);
}

static bool
check_list(const struct entry_reading *reading, const struct member *member,
    const struct json_node *list)
{
	size_t n = entry_form_count(list);
	bool set = (member->flags & SET) == SET;
	const struct json_node *before = NULL;

	if (n == 0)
		return entry_form_fail(
		    reading, member->name, "not a filled array");
	if (n > ENTRY_LIST_MAX)
		return entry_form_fail(reading, member->name, "too long");
	for (const struct json_node *value = list->first; value != NULL;
	     value = value->next) {
		if (!has_form(reading, member, value))
			return entry_form_fail(
			    reading, member->name, "not of its form");
		if (set && before != NULL &&
		    compare(reading->arena, member->form, before, value) >= 0)
			return entry_form_fail(
			    reading, member->name, "not in ascending order");
		before = value;
	}
	return true;
}

static bool
check_member(const struct entry_reading *reading, const struct member *member,
    const struct json_node *value)
{
	if ((member->flags & LIST) != 0)
		return check_list(reading, member, value);
	return has_form(reading, member, value) ||
	    entry_form_fail(reading, member->name, "not of its form");
}

/* Order of the name of a table's member and one of an object. */
static int
compare_names(const char *member, struct span name)
{
	return span_compare(span_from_string(member), name);
}

/* Pass over the members of the table below "name" (NULL: all that are left);
 * what is required must not be among them. */
static bool
pass(const struct entry_reading *reading, const struct member **members,
    const struct span *name)
{
	for (; (*members)->name != NULL &&
	     (name == NULL || compare_names((*members)->name, *name) < 0);
	     (*members)++) {
		if (((*members)->flags & REQUIRED) != 0)
			return entry_form_fail(
			    reading, (*members)->name, "missing");
	}
	return true;
}

/* The line is canonical, so the object and its table are walked side by
 * side. */
static bool
check_members(const struct entry_reading *reading, const struct member *members,
    const struct json_node *object)
{
	for (const struct json_node *value = object->first; value != NULL;
	     value = value->next) {
		if (!pass(reading, &members, &value->name))
			return false;
		if (members->name == NULL ||
		    compare_names(members->name, value->name) != 0)
			continue;
		if (!check_member(reading, members, value))
			return false;
		members++;
	}
	return pass(reading, &members, NULL);
}

bool
entry_form_check(const struct entry_reading *reading, enum entry_type type,
    const struct json_node *object)
{
	return check_members(reading, members_of[type], object);
}
