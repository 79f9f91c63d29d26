/*
 * key_record.c - a DKIM key record, RFC 6376 section 3.6.1, with k= of
 * RFC 8463.
 */
#include "keysnap/key/key_record.h"

#include "keysnap/base/base64.h"

#include <glib.h>

static void
read_version(struct key_record *record, const struct taglist *list)
{
	const struct tag *tag = taglist_get(list, "v");

	if (tag == NULL) {
		record->defects |= KEY_RECORD_NO_VERSION;
		return;
	}
	if (!span_equal(tag->value, SPAN("DKIM1")))
		record->defects |= KEY_RECORD_BAD_VERSION;
	if (tag != &list->tags[0])
		record->defects |= KEY_RECORD_VERSION_NOT_FIRST;
}

static void
read_type(struct key_record *record, const struct tag *tag)
{
	if (tag == NULL || span_equal(tag->value, SPAN("rsa"))) {
		record->type = KEY_TYPE_RSA;
	} else if (span_equal(tag->value, SPAN("ed25519"))) {
		record->type = KEY_TYPE_ED25519;
	} else {
		record->type = KEY_TYPE_UNKNOWN;
		record->defects |= KEY_RECORD_UNKNOWN_TYPE;
	}
}

/* Unrecognized algorithms MUST be ignored. */
static void
read_hashes(struct key_record *record, const struct tag *tag)
{
	struct span element;
	size_t at = 0;

	record->hashes = tag == NULL ? KEY_HASH_SHA1 | KEY_HASH_SHA256 : 0;
	while (tag != NULL && taglist_next_element(tag->value, &at, &element)) {
		if (span_equal(element, SPAN("sha1")))
			record->hashes |= KEY_HASH_SHA1;
		else if (span_equal(element, SPAN("sha256")))
			record->hashes |= KEY_HASH_SHA256;
	}
}

static void
read_services(struct key_record *record, const struct tag *tag)
{
	struct span element;
	size_t at = 0;

	record->service_email = tag == NULL;
	while (tag != NULL && taglist_next_element(tag->value, &at, &element)) {
		if (span_equal(element, SPAN("*")) ||
		    span_equal(element, SPAN("email")))
			record->service_email = true;
	}
}

static void
read_flags(struct key_record *record, const struct tag *tag)
{
	struct span element;
	size_t at = 0;

	while (tag != NULL && taglist_next_element(tag->value, &at, &element)) {
		if (span_equal(element, SPAN("y")))
			record->testing = true;
		else if (span_equal(element, SPAN("s")))
			record->strict = true;
		else if (element.n > 0)
			record->defects |= KEY_RECORD_UNKNOWN_FLAG;
	}
}

static void
read_key_data(
    struct key_record *record, struct arena *arena, const struct tag *tag)
{
	if (tag == NULL)
		return;
	record->revoked = tag->value.n == 0;
	switch (base64_decode_fws(arena, tag->value, &record->key_data)) {
	case BASE64_OK:
		break;
	case BASE64_UNUSED_BITS:
		record->defects |= KEY_RECORD_UNUSED_BITS;
		break;
	case BASE64_BAD_CHARACTER:
	case BASE64_BAD_LENGTH:
		record->defects |= KEY_RECORD_BAD_BASE64;
		break;
	}
}

/* v= alone says nothing: SPF and DMARC records have it too. */
static bool
has_dkim_tag(const struct taglist *list)
{
	static const char *const names[] = { "g", "h", "k", "n", "p", "s",
		"t" };
	const struct tag *version = taglist_get(list, "v");

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (taglist_get(list, names[i]) != NULL)
			return true;
	}
	return version != NULL && span_equal(version->value, SPAN("DKIM1"));
}

/* A file that was published with the line feed at its end: resolvers and
 * signers never noticed, and nothing is ambiguous. */
static struct span
trim_line_ends(struct key_record *record, struct span text)
{
	struct span trimmed = span_trim_fws(text);
	size_t before = (size_t)(text.n == 0 ? 0 : trimmed.p - text.p);
	struct span head = span_sub(text, 0, before);
	struct span tail = span_from(text, before + trimmed.n);

	if (span_trim_wsp(head).n > 0 || span_trim_wsp(tail).n > 0)
		record->defects |= KEY_RECORD_LINE_END;
	return trimmed;
}

void
key_record_parse(
    struct key_record *record, struct arena *arena, struct span text)
{
	const struct tag *tag;
	struct taglist list;
	size_t bad;

	*record = (struct key_record){ 0 };
	text = trim_line_ends(record, text);
	if (taglist_parse(&list, text, false, &bad) != TAGLIST_OK)
		record->defects |= KEY_RECORD_SYNTAX;
	else if (taglist_get(&list, "p") == NULL)
		record->defects |= KEY_RECORD_NO_KEY;
	if (!has_dkim_tag(&list))
		record->defects |= KEY_RECORD_NOT_A_KEY;

	read_version(record, &list);
	read_type(record, taglist_get(&list, "k"));
	read_hashes(record, taglist_get(&list, "h"));
	read_services(record, taglist_get(&list, "s"));
	read_flags(record, taglist_get(&list, "t"));
	read_key_data(record, arena, taglist_get(&list, "p"));
	if ((tag = taglist_get(&list, "n")) != NULL)
		record->notes = tag->value;
	if ((tag = taglist_get(&list, "g")) != NULL) {
		record->granularity = tag->value;
		if (!span_equal(tag->value, SPAN("*")))
			record->defects |= KEY_RECORD_HAS_GRANULARITY;
	}
}

const char *
key_record_defect_name(unsigned bit)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
		{ KEY_RECORD_SYNTAX, "syntax" },
		{ KEY_RECORD_BAD_VERSION, "bad-version" },
		{ KEY_RECORD_VERSION_NOT_FIRST, "version-not-first" },
		{ KEY_RECORD_NO_KEY, "no-key" },
		{ KEY_RECORD_BAD_BASE64, "bad-base64" },
		{ KEY_RECORD_UNKNOWN_TYPE, "unknown-type" },
		{ KEY_RECORD_NOT_A_KEY, "not-a-key" },
		{ KEY_RECORD_HAS_GRANULARITY, "has-granularity" },
		{ KEY_RECORD_UNUSED_BITS, "unused-bits" },
		{ KEY_RECORD_UNKNOWN_FLAG, "unknown-flag" },
		{ KEY_RECORD_NO_VERSION, "no-version" },
		{ KEY_RECORD_LINE_END, "line-end" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (names[i].bit == bit)
			return names[i].name;
	}
	return NULL;
}

const char *
key_type_name(enum key_type type)
{
	switch (type) {
	case KEY_TYPE_RSA:
		return "rsa";
	case KEY_TYPE_ED25519:
		return "ed25519";
	case KEY_TYPE_UNKNOWN:
		break;
	}
	return "unknown";
}
