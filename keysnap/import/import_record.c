/*
 * import_record.c - what records of many sources have in common.
 */
#include "keysnap/import/import_record.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

#define SECONDS_DIGITS_MIN 9  /* 100000000 is in March 1973 */
#define SECONDS_DIGITS_MAX 11 /* 99999999999 is in 5138 */

static bool
is_digits(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT))
			return false;
	}
	return true;
}

bool
import_time_parse(struct span text, struct import_time *time_out)
{
	int64_t seconds = 0;

	*time_out = (struct import_time){ TIMESTAMP_NONE, TIMESTAMP_SECOND };
	if (text.n == 0)
		return true;
	if (text.n < SECONDS_DIGITS_MIN || !is_digits(text))
		return timestamp_parse_lenient(
		    text, &time_out->at, &time_out->precision);
	if (text.n > SECONDS_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < text.n; i++)
		seconds = seconds * 10 + (text.p[i] - '0');
	time_out->at = seconds;
	return true;
}

bool
import_time_from_json(
    const struct json_node *node, struct import_time *time_out)
{
	*time_out = (struct import_time){ TIMESTAMP_NONE, TIMESTAMP_SECOND };
	if (node == NULL)
		return true;
	if (node->type == JSON_NODE_STRING)
		return node->text.n > 0 &&
		    import_time_parse(node->text, time_out);
	if (node->type != JSON_NODE_INTEGER || node->integer <= 0 ||
	    node->integer > TIMESTAMP_MAX)
		return false;
	time_out->at = node->integer;
	return true;
}

/* Does "part", in lower case, stand anywhere in "text" in any case? */
static bool
holds(struct span text, struct span part)
{
	for (size_t i = 0; i + part.n <= text.n; i++) {
		if (text.p[i] == part.p[0] &&
		    span_same_letters(text.p + i, part.p, part.n))
			return true;
	}
	return false;
}

static bool
has_wildcard(struct span text)
{
	while (text.n > 0) {
		size_t n = span_find(text, '.');
		struct span label = span_sub(text, 0, n);

		if (span_equal(label, SPAN("*")) ||
		    span_equal_nocase(label, SPAN("_WILDCARD_")))
			return true;
		text = span_from(text, n + 1);
	}
	return false;
}

enum import_name
import_name_read(struct arena *arena, struct span text, struct span *name_out,
    const char **why_out)
{
	struct span selector, domain;

	if (!holds(text, SPAN("_domainkey")))
		return IMPORT_NAME_OTHER;
	if (has_wildcard(text)) {
		*why_out = "a wildcard: not a name that anybody asked for";
		return IMPORT_NAME_BAD;
	}
	if (dns_name_canonical(arena, text, name_out) != DNS_NAME_OK) {
		*why_out = "not a name that a key can have";
		return IMPORT_NAME_BAD;
	}
	return dns_name_split_key(*name_out, &selector, &domain)
	    ? IMPORT_NAME_KEY
	    : IMPORT_NAME_OTHER;
}

bool
import_is_txt(struct span type)
{
	return span_equal_nocase(type, SPAN("TXT")) ||
	    span_equal_nocase(type, SPAN("TYPE16")) ||
	    span_equal(type, SPAN("16"));
}

const char *
import_observer_set(struct arena *arena, struct entry_observation *observation,
    const struct import_options *options, struct span observer,
    struct span origin)
{
	struct span *lineage;
	size_t n = 0;

	if (observer.n > IMPORT_TEXT_MAX || origin.n > IMPORT_TEXT_MAX)
		return "the name of the observer is too long";
	if (observer.n == 0)
		observer = origin;
	if (observer.n == 0 || span_equal(observer, options->observer))
		return NULL;
	observation->observer = observer;
	lineage = arena_alloc_array(arena, 2, sizeof(*lineage));
	if (options->observer.n > 0)
		lineage[n++] = options->observer;
	if (origin.n > 0 && !span_equal(origin, observer))
		lineage[n++] = origin;
	observation->lineage =
	    (struct entry_texts){ lineage, entry_sort_texts(lineage, n) };
	return NULL;
}

struct entry_texts
import_warning_words(struct arena *arena, unsigned warnings)
{
	static const struct {
		unsigned warning;
		struct span word;
	} words[] = {
		{ IMPORT_WARNING_ESCAPES, { (const uint8_t *)"escapes", 7 } },
		{ IMPORT_WARNING_BAILIWICK,
		    { (const uint8_t *)"out-of-bailiwick", 16 } },
		{ IMPORT_WARNING_TRUNCATED,
		    { (const uint8_t *)"truncated", 9 } },
	};
	struct span *items;
	size_t n = 0;

	if (warnings == 0)
		return (struct entry_texts){ NULL, 0 };
	items = arena_alloc_array(arena, G_N_ELEMENTS(words), sizeof(*items));
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if ((warnings & words[i].warning) != 0)
			items[n++] = words[i].word;
	}
	return (struct entry_texts){ items, n };
}
