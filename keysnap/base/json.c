/*
 * json.c - the canonical JSON writer (RFC 8785).
 *
 * Strings are copied in runs: a record per message passes through here.
 */
#include "keysnap/base/json.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/json_order.h"
#include "keysnap/base/octets16.h"
#include "keysnap/base/text.h"
#include "keysnap/base/timestamp.h"

#include <string.h>

void
json_writer_init(struct json_writer *writer, GString *out)
{
	writer->out = out;
	writer->depth = 0;
}

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/*
 * The octets of "word" that do not stand for themselves: control characters,
 * quote, backslash.  Their high bits are set in the result (or, harmlessly,
 * those of octets behind one of these).
 */
static uint64_t
find_escaped(uint64_t word)
{
	uint64_t quote = word ^ ONES * '"', backslash = word ^ ONES * '\\';

	return (((word - ONES * 0x20) & ~word) | ((quote - ONES) & ~quote) |
		   ((backslash - ONES) & ~backslash)) &
	    HIGHS;
}

static bool
is_escaped(uint8_t octet)
{
	return octet < 0x20 || octet == '"' || octet == '\\';
}

/* Length of the run at the front of "text" that stands for itself. */
static size_t
plain_run(struct span text)
{
	size_t n = 0;
	uint64_t word;

	for (; text.n - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, text.p + n, sizeof(word));
		if (find_escaped(word) != 0)
			break;
	}
	while (n < text.n && !is_escaped(text.p[n]))
		n++;
	return n;
}

/* Where "n" more octets of "out" go; its length is for the caller to set. */
static char *
room(GString *out, size_t n)
{
	gsize at = out->len;

	if (out->allocated_len - at <= n) {
		g_assert(n < G_MAXSIZE / 4);
		g_string_set_size(out, at + n);
		out->len = at;
	}
	return out->str + at;
}

/* "end" is behind the last octet written. */
static void
close_room(GString *out, char *end)
{
	*end = '\0';
	out->len = (gsize)(end - out->str);
}

static void
append_span(GString *out, struct span span)
{
	char *to = room(out, span.n);

	if (span.n > 0)
		memcpy(to, span.p, span.n);
	close_room(out, to + span.n);
}

/* RFC 8785 3.2.2.2 */
static void
append_escape(GString *out, uint8_t octet)
{
	static const char letters[] = "btn?fr";

	if (octet == '"' || octet == '\\') {
		g_string_append_c(out, '\\');
		g_string_append_c(out, (char)octet);
	} else if (octet >= '\b' && octet <= '\r' && octet != '\v') {
		g_string_append_c(out, '\\');
		g_string_append_c(out, letters[octet - '\b']);
	} else {
		g_string_append_printf(out, "\\u%04x", octet);
	}
}

/* Does every octet of the block stand for itself, and is ASCII? */
static bool
is_plain_block(octets16 block)
{
	return !octets16_any((octets16)(block < 0x20) |
	    (octets16)(block >= 0x80) | octets16_equal(block, '"') |
	    octets16_equal(block, '\\'));
}

/* The same of a word of fewer octets. */
static bool
is_plain_word(uint64_t word)
{
	return (find_escaped(word) | (word & HIGHS)) == 0;
}

/* Copy "n" octets, 8 to 15, if they are plain: two words that overlap. */
static bool
copy_plain_words(char *to, const uint8_t *p, size_t n)
{
	uint64_t first, last;

	memcpy(&first, p, sizeof(first));
	memcpy(&last, p + n - sizeof(last), sizeof(last));
	if (!is_plain_word(first) || !is_plain_word(last))
		return false;
	memcpy(to, &first, sizeof(first));
	memcpy(to + n - sizeof(last), &last, sizeof(last));
	return true;
}

/* The same of 0 to 7 octets. */
static bool
copy_plain_few(char *to, const uint8_t *p, size_t n)
{
	if (n >= sizeof(uint32_t)) {
		uint32_t first, last;
		memcpy(&first, p, sizeof(first));
		memcpy(&last, p + n - sizeof(last), sizeof(last));
		memcpy(to, &first, sizeof(first));
		memcpy(to + n - sizeof(last), &last, sizeof(last));
		return is_plain_word((uint64_t)first << 32 | last);
	}
	for (size_t i = 0; i < n; i++) {
		if (is_escaped(p[i]) || p[i] >= 0x80)
			return false;
		to[i] = (char)p[i];
	}
	return true;
}

/* The same of 16 octets and more: blocks, the last of which overlaps. */
static bool
copy_plain_blocks(char *to, const uint8_t *p, size_t n)
{
	for (size_t at = 0;;) {
		octets16 block = octets16_load(p + at);

		if (!is_plain_block(block))
			return false;
		memcpy(to + at, &block, OCTETS16);
		if (at + OCTETS16 == n)
			return true;
		at = MIN(at + OCTETS16, n - OCTETS16);
	}
}

/* Copy "text" if all of it is ASCII that stands for itself, as nearly all text
 * is: one pass to look and to copy. */
static bool
copy_plain(char *to, struct span text)
{
	if (text.n >= OCTETS16)
		return copy_plain_blocks(to, text.p, text.n);
	if (text.n >= sizeof(uint64_t))
		return copy_plain_words(to, text.p, text.n);
	return copy_plain_few(to, text.p, text.n);
}

/* Append "text" in quotes if it is plain; else append nothing. */
static bool
append_plain(GString *out, struct span text)
{
	char *to = room(out, text.n + 2);

	if (!copy_plain(to + 1, text))
		return false;
	to[0] = to[1 + text.n] = '"';
	close_room(out, to + text.n + 2);
	return true;
}

/* "text" is valid UTF-8. */
static void
append_quoted(GString *out, struct span text)
{
	if (append_plain(out, text))
		return;
	g_string_append_c(out, '"');
	while (text.n > 0) {
		size_t n = plain_run(text);

		append_span(out, span_sub(text, 0, n));
		if (n < text.n)
			append_escape(out, text.p[n]);
		text = span_from(text, n + 1);
	}
	g_string_append_c(out, '"');
}

/* A name with its quotes and colon, behind a comma unless it is the first. */
static void
append_name(GString *out, struct span name, bool comma)
{
	char *to = room(out, name.n + 4);

	if (comma)
		*to++ = ',';
	if (copy_plain(to + 1, name)) {
		to[0] = to[1 + name.n] = '"';
		to[2 + name.n] = ':';
		close_room(out, to + name.n + 3);
		return;
	}
	close_room(out, to);
	append_quoted(out, name);
	g_string_append_c(out, ':');
}

/* What comes before a value: comma, name, colon. */
static void
begin_value(struct json_writer *writer, const char *name)
{
	int at = writer->depth - 1;
	bool comma;

	if (at < 0) {
		g_assert(name == NULL);
		return;
	}
	g_assert(writer->level[at].array == (name == NULL));
	comma = writer->level[at].filled;
	writer->level[at].filled = true;
	if (name == NULL) {
		if (comma)
			g_string_append_c(writer->out, ',');
		return;
	}
	g_assert(writer->level[at].name == NULL ||
	    json_order(writer->level[at].name, name) < 0);
	writer->level[at].name = name;
	append_name(writer->out, span_from_string(name), comma);
}

static void
open_level(struct json_writer *writer, const char *name, bool array)
{
	begin_value(writer, name);
	g_assert(writer->depth < JSON_DEPTH_MAX);
	writer->level[writer->depth].array = array;
	writer->level[writer->depth].filled = false;
	writer->level[writer->depth].name = NULL;
	writer->depth++;
	g_string_append_c(writer->out, array ? '[' : '{');
}

static void
close_level(struct json_writer *writer, bool array)
{
	g_assert(writer->depth > 0);
	writer->depth--;
	g_assert(writer->level[writer->depth].array == array);
	g_string_append_c(writer->out, array ? ']' : '}');
}

void
json_open_object(struct json_writer *writer, const char *name)
{
	open_level(writer, name, false);
}

void
json_close_object(struct json_writer *writer)
{
	close_level(writer, false);
}

void
json_open_array(struct json_writer *writer, const char *name)
{
	open_level(writer, name, true);
}

void
json_close_array(struct json_writer *writer)
{
	close_level(writer, true);
}

void
json_write_integer(struct json_writer *writer, const char *name, int64_t value)
{
	uint8_t digits[20]; /* of any int64_t, without the sign */
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	g_assert(value >= -JSON_INTEGER_MAX && value <= JSON_INTEGER_MAX);
	begin_value(writer, name);
	do {
		digits[--at] = (uint8_t)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		g_string_append_c(writer->out, '-');
	append_span(
	    writer->out, (struct span){ digits + at, sizeof(digits) - at });
}

void
json_write_bool(struct json_writer *writer, const char *name, bool value)
{
	begin_value(writer, name);
	append_span(writer->out, value ? SPAN("true") : SPAN("false"));
}

void
json_write_null(struct json_writer *writer, const char *name)
{
	begin_value(writer, name);
	append_span(writer->out, SPAN("null"));
}

void
json_write_string(
    struct json_writer *writer, const char *name, const char *value)
{
	struct span text = span_from_string(value);

	begin_value(writer, name);
	if (append_plain(writer->out, text))
		return;
	g_assert(text_is_utf8(text));
	append_quoted(writer->out, text);
}

void
json_write_text(struct json_writer *writer, const char *name,
    const char *name_b64, struct span text)
{
	g_autoptr(GString) shown = NULL;

	begin_value(writer, name);
	if (append_plain(writer->out, text))
		return;
	if (text_is_utf8(text)) {
		append_quoted(writer->out, text);
		return;
	}
	shown = g_string_new(NULL);
	text_append_utf8(shown, text);
	append_quoted(writer->out,
	    (struct span){ (const uint8_t *)shown->str, shown->len });
	if (name == NULL)
		return;
	begin_value(writer, name_b64);
	g_string_append_c(writer->out, '"');
	base64_append(writer->out, text);
	g_string_append_c(writer->out, '"');
}

/* Does "octet" stand for itself among octets? */
static bool
is_plain_octet(uint8_t octet)
{
	return octet >= 0x20 && octet <= 0x7e && octet != '\\';
}

void
json_write_octets(
    struct json_writer *writer, const char *name, struct span octets)
{
	begin_value(writer, name);
	g_string_append_c(writer->out, '"');
	while (octets.n > 0) {
		size_t n = span_plain(octets);

		append_span(writer->out, span_sub(octets, 0, n));
		/* The backslash of "\DDD" is itself escaped in JSON. */
		if (n < octets.n && octets.p[n] == '"')
			g_string_append(writer->out, "\\\"");
		else if (n < octets.n)
			g_string_append_printf(
			    writer->out, "\\\\%03u", octets.p[n]);
		octets = span_from(octets, n + 1);
	}
	g_string_append_c(writer->out, '"');
}

void
json_write_hex(struct json_writer *writer, const char *name, struct span octets)
{
	char *to;

	begin_value(writer, name);
	g_assert(octets.n < G_MAXSIZE / 8);
	to = room(writer->out, 2 * octets.n + 2);
	*to++ = '"';
	digest_to_hex(octets, to);
	to += 2 * octets.n;
	*to++ = '"';
	close_room(writer->out, to);
}

void
json_write_time(struct json_writer *writer, const char *name, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	if (at == TIMESTAMP_NONE) {
		json_write_null(writer, name);
		return;
	}
	timestamp_format(at, text);
	begin_value(writer, name);
	append_plain(writer->out,
	    (struct span){ (const uint8_t *)text, TIMESTAMP_SIZE - 1 });
}

void
json_write_raw(
    struct json_writer *writer, const char *name, struct span canonical)
{
	begin_value(writer, name);
	append_span(writer->out, canonical);
}

/* Three digits of an octet that has no plainer spelling. */
static bool
read_escape(struct span digits, uint8_t *octet_out)
{
	unsigned value = 0;

	if (digits.n != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		value = value * 10 + (unsigned)(digits.p[i] - '0');
	}
	if (value > 255 || is_plain_octet((uint8_t)value))
		return false;
	*octet_out = (uint8_t)value;
	return true;
}

bool
json_read_octets(struct arena *arena, struct span text, struct span *octets_out)
{
	uint8_t *octets = arena_alloc(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; n++) {
		size_t plain = span_plain(span_from(text, i));

		if (plain > 0)
			memcpy(octets + n, text.p + i, plain);
		n += plain;
		i += plain;
		if (i == text.n)
			break;
		if (is_plain_octet(text.p[i])) {
			octets[n] = text.p[i++];
			continue;
		}
		if (text.p[i] != '\\' ||
		    !read_escape(span_sub(text, i + 1, 3), &octets[n]))
			return false;
		i += 4;
	}
	*octets_out = (struct span){ octets, n };
	return true;
}
