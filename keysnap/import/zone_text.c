/*
 * zone_text.c - master file text (RFC 1035 section 5.1) as records of tokens.
 */
#include "keysnap/import/zone_text.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/importer.h"

#include <string.h>

void
zone_text_init(struct zone_text *zone, FILE *stream,
    void (*comment)(void *user, uint64_t line, struct span text), void *user)
{
	*zone = (struct zone_text){ .comment = comment, .user = user };
	import_lines_init(&zone->lines, stream);
}

void
zone_text_clear(struct zone_text *zone)
{
	import_lines_clear(&zone->lines);
}

/* Octets up to the one that ends a token: a quote in a quoted one, else white
 * space or what has a meaning of its own.  An escaped octet ends nothing. */
static size_t
token_length(struct span text, bool quoted)
{
	size_t i = 0;

	while (i < text.n) {
		uint8_t octet = text.p[i];

		if (octet == '\\')
			i++;
		else if (octet == '"' ||
		    (!quoted &&
			(rfc5234_is(octet, RFC5234_WSP) || octet == ';' ||
			    octet == '(' || octet == ')')))
			break;
		i++;
	}
	return MIN(i, text.n);
}

static void
add_token(struct zone_record *record, struct arena *arena, struct span text,
    bool quoted)
{
	if (memchr(text.p, '\0', text.n) != NULL)
		record->bad = "a NUL octet";
	else if (record->n == ZONE_TOKENS_MAX)
		record->bad = "too many words in one record";
	else
		record->tokens[record->n++] =
		    (struct zone_token){ arena_copy(arena, text), quoted };
}

/* Take the token that "text" starts with; returns its length in the text. */
static size_t
take_token(struct zone_record *record, struct arena *arena, struct span text)
{
	bool quoted = text.p[0] == '"';
	struct span inside = span_from(text, quoted ? 1 : 0);
	size_t n = token_length(inside, quoted);

	if (quoted && n == inside.n) {
		record->bad = "a string without its closing quote";
		return text.n;
	}
	add_token(record, arena, span_sub(inside, 0, n), quoted);
	return quoted ? n + 2 : n;
}

/* Take one line into the record, as far as it is good. */
static void
take_line(struct zone_text *zone, struct arena *arena, struct span line,
    struct zone_record *record)
{
	size_t i = 0;

	while (i < line.n && record->bad == NULL) {
		uint8_t octet = line.p[i];

		if (rfc5234_is(octet, RFC5234_WSP)) {
			i++;
		} else if (octet == ';') {
			zone->comment(zone->user, zone->lines.number,
			    span_from(line, i + 1));
			return;
		} else if (octet == '(') {
			zone->depth++;
			i++;
		} else if (octet == ')') {
			i++;
			if (zone->depth-- == 0)
				record->bad = "a closing parenthesis too many";
		} else {
			i += take_token(record, arena, span_from(line, i));
		}
	}
}

/* Start the record at its first line. */
static void
start(struct zone_text *zone, struct zone_record *record, struct span line)
{
	record->line = zone->lines.number;
	record->continues = line.n > 0 && rfc5234_is(line.p[0], RFC5234_WSP);
	record->bad = NULL;
	record->n = 0;
	zone->octets = 0;
	zone->depth = 0;
}

bool
zone_text_next(
    struct zone_text *zone, struct arena *arena, struct zone_record *record)
{
	struct span line;

	start(zone, record, (struct span){ NULL, 0 });
	while (import_lines_next(&zone->lines, &line)) {
		if (record->n == 0 && zone->depth == 0)
			start(zone, record, line);
		zone->octets += line.n;
		if (zone->lines.too_long || zone->octets > IMPORT_LINE_MAX)
			record->bad = "line or record too long";
		else
			take_line(zone, arena, line, record);
		if (record->bad != NULL || (zone->depth == 0 && record->n > 0))
			return true;
	}
	if (zone->depth == 0)
		return false;
	record->bad = "a parenthesis that is never closed";
	zone->depth = 0;
	record->n = 0;
	return true;
}
