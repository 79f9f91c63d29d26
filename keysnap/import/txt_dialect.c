/*
 * txt_dialect.c - a TXT record as text, in the ways that tools write it.
 */
#include "keysnap/import/txt_dialect.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/import_record.h"

#include <string.h>

struct reading {
	struct arena *arena;
	struct span *strings;
	size_t n, max;
	struct txt_dialect *record;
};

static const char bad_escape[] = "a bad escape in the text of the record";

/* The octet of "DDD"; -1 when it is none. */
static int
read_decimal(struct span digits)
{
	int value = 0;

	if (digits.n < 3)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		if (!rfc5234_is(digits.p[i], RFC5234_DIGIT))
			return -1;
		value = value * 10 + (digits.p[i] - '0');
	}
	return value <= 255 ? value : -1;
}

/* Undo \DDD and \X.  False when there is neither behind a backslash. */
static bool
unescape(struct arena *arena, struct span text, struct span *out)
{
	uint8_t *octets;
	size_t n = 0;

	*out = text;
	if (span_find(text, '\\') == text.n)
		return true;
	octets = arena_alloc(arena, text.n);
	for (size_t i = 0; i < text.n; i++) {
		struct span rest = span_from(text, i + 1);
		int value;

		if (text.p[i] != '\\') {
			octets[n++] = text.p[i];
			continue;
		}
		if (rest.n == 0)
			return false;
		if (!rfc5234_is(rest.p[0], RFC5234_DIGIT)) {
			octets[n++] = rest.p[0];
			i++;
			continue;
		}
		value = read_decimal(rest);
		if (value < 0)
			return false;
		octets[n++] = (uint8_t)value;
		i += 3;
	}
	*out = (struct span){ octets, n };
	return true;
}

/* Take one string, its escapes still in it. */
static const char *
add_string(struct reading *reading, struct span text)
{
	if (reading->n == reading->max)
		return "more character-strings than a record can hold";
	return unescape(reading->arena, text, &reading->strings[reading->n++])
	    ? NULL
	    : bad_escape;
}

/* The octets up to the first quote that is not escaped. */
static size_t
quoted_length(struct span text)
{
	size_t i = span_find(text, '"');

	if (span_find(span_sub(text, 0, i), '\\') == i)
		return i;
	i = 0;
	while (i < text.n && text.p[i] != '"')
		i += text.p[i] == '\\' ? 2 : 1;
	return MIN(i, text.n);
}

/* "a" "b", from the first quote on. */
static const char *
read_quoted(struct reading *reading, struct span rest)
{
	const char *fault = NULL;

	reading->record->joined = JOIN_EXACT;
	while (rest.n > 0 && fault == NULL) {
		size_t n;

		if (rest.p[0] != '"')
			return "text outside of quotes";
		rest = span_from(rest, 1);
		n = quoted_length(rest);
		fault = add_string(reading, span_sub(rest, 0, n));
		if (n == rest.n) {
			reading->record->joined = JOIN_AMBIGUOUS;
			reading->record->warnings |= IMPORT_WARNING_TRUNCATED;
		}
		rest = span_trim_wsp(span_from(rest, n + 1));
	}
	return fault;
}

static bool
is_base64_at(struct span text, size_t at)
{
	return at < text.n &&
	    (rfc5234_is(text.p[at], RFC4648_BASE64) || text.p[at] == '=');
}

/*
 * How many octets from "at" on are a join of two strings that was left in the
 * text: quote, white space, quote; without white space only inside of base64,
 * which has no quotes.  0 when they are none.
 */
static size_t
join_length(struct span text, size_t at)
{
	size_t end = at + 1;

	while (end < text.n && rfc5234_is(text.p[end], RFC5234_WSP))
		end++;
	if (end == text.n || text.p[end] != '"')
		return 0;
	end++;
	if (end == at + 2 &&
	    (at == 0 || !is_base64_at(text, at - 1) ||
		!is_base64_at(text, end)))
		return 0;
	return end - at;
}

/* One line without quotes around it. */
static const char *
read_unquoted(struct reading *reading, struct span text)
{
	const char *fault = NULL;
	size_t start = 0, i = 0;

	reading->record->joined = JOIN_SOURCE;
	if (span_find(text, '\\') < text.n)
		reading->record->warnings |= IMPORT_WARNING_ESCAPES;
	while (i < text.n && fault == NULL) {
		size_t n = text.p[i] == '"' ? join_length(text, i) : 0;

		if (n == 0) {
			i += text.p[i] == '\\' ? 2 : 1;
			continue;
		}
		fault = add_string(reading, span_sub(text, start, i - start));
		reading->record->joined = JOIN_AMBIGUOUS;
		i = start = i + n;
	}
	if (fault == NULL)
		fault = add_string(reading, span_from(text, start));
	return fault;
}

/* All strings as one. */
static void
join(struct reading *reading, size_t total)
{
	uint8_t *octets = arena_alloc(reading->arena, total), *to = octets;

	for (size_t i = 0; i < reading->n; i++) {
		struct span string = reading->strings[i];

		if (string.n > 0)
			to = (uint8_t *)mempcpy(to, string.p, string.n);
	}
	reading->strings[0] = (struct span){ octets, total };
	reading->n = 1;
	reading->record->joined = JOIN_AMBIGUOUS;
}

static const char *
check_lengths(struct reading *reading)
{
	size_t total = 0;
	bool long_one = false;

	for (size_t i = 0; i < reading->n; i++) {
		total += reading->strings[i].n;
		if (reading->strings[i].n > TXT_STRING_MAX)
			long_one = true;
	}
	/* Each string has a length octet. */
	if (total + reading->n > ENTRY_TXT_MAX)
		return "longer than a TXT record can be";
	if (long_one && reading->n > 1)
		join(reading, total);
	else if (long_one && reading->record->joined == JOIN_EXACT)
		reading->record->joined = JOIN_SOURCE;
	return NULL;
}

static size_t
count_quotes(struct span text)
{
	size_t n = 0;

	for (size_t at = span_find(text, '"'); text.n > 0 && at < text.n;
	     at = span_find(text, '"')) {
		text = span_from(text, at + 1);
		n++;
	}
	return n;
}

const char *
txt_dialect_read(
    struct arena *arena, struct span text, struct txt_dialect *record_out)
{
	struct reading reading = { .arena = arena, .record = record_out };
	const char *fault;

	*record_out = (struct txt_dialect){ .n = 0 };
	text = span_trim_wsp(text);
	if (text.n == 0)
		return "the text of the record is empty";
	if (span_starts_with(text, SPAN("\\#")))
		return "RDATA in the notation of RFC 3597 is not read";
	reading.max = MIN(count_quotes(text) / 2 + 1, ENTRY_STRINGS_MAX);
	reading.strings =
	    arena_alloc_array(arena, reading.max, sizeof(*reading.strings));
	fault = text.p[0] == '"' ? read_quoted(&reading, text)
				 : read_unquoted(&reading, text);
	if (fault == NULL)
		fault = check_lengths(&reading);
	record_out->strings = reading.strings;
	record_out->n = reading.n;
	return fault;
}
