/*
 * json.c - the canonical JSON writer (RFC 8785).
 *
 * Strings are copied in runs: a record per message passes through here.
 */
#include "keysnap/base/json.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/json_order.h"
#include "keysnap/base/text.h"
#include "keysnap/base/timestamp.h"

#include <string.h>

void
json_writer_init(struct json_writer *writer, GString *out)
{
	writer->out = out;
	writer->depth = 0;
}

/*
 * Length of the run at the front of "text" that stands for itself: no
 * control character, no quote, no backslash.  Eight octets at a time: the
 * high bit of an octet of "hits" is set when that octet is one of these (or,
 * harmlessly, when one before it in the word is).
 */
static size_t
plain_run(struct span text)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t highs = UINT64_C(0x8080808080808080);
	size_t n = 0;
	uint64_t word;

	for (; text.n - n >= sizeof(word); n += sizeof(word)) {
		uint64_t quote, backslash, hits;

		memcpy(&word, text.p + n, sizeof(word));
		quote = word ^ ones * '"';
		backslash = word ^ ones * '\\';
		hits = ((word - ones * 0x20) & ~word) |
		    ((quote - ones) & ~quote) |
		    ((backslash - ones) & ~backslash);
		if ((hits & highs) != 0)
			break;
	}
	while (n < text.n && text.p[n] >= 0x20 && text.p[n] != '"' &&
	    text.p[n] != '\\')
		n++;
	return n;
}

static void
append_span(GString *out, struct span span)
{
	if (span.n > 0)
		g_string_append_len(out, (const char *)span.p, (gssize)span.n);
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

/* "text" is valid UTF-8. */
static void
append_quoted(GString *out, struct span text)
{
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

/* What comes before a value: comma, name, colon. */
static void
begin_value(struct json_writer *writer, const char *name)
{
	int at = writer->depth - 1;

	if (at < 0) {
		g_assert(name == NULL);
		return;
	}
	g_assert(writer->level[at].array == (name == NULL));
	if (writer->level[at].filled)
		g_string_append_c(writer->out, ',');
	writer->level[at].filled = true;
	if (name == NULL)
		return;
	g_assert(writer->level[at].name == NULL ||
	    json_order(writer->level[at].name, name) < 0);
	writer->level[at].name = name;
	append_quoted(writer->out, span_from_string(name));
	g_string_append_c(writer->out, ':');
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
	char digits[20]; /* of any int64_t, without the sign */
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	g_assert(value >= -JSON_INTEGER_MAX && value <= JSON_INTEGER_MAX);
	begin_value(writer, name);
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		g_string_append_c(writer->out, '-');
	g_string_append_len(
	    writer->out, digits + at, (gssize)(sizeof(digits) - at));
}

void
json_write_bool(struct json_writer *writer, const char *name, bool value)
{
	begin_value(writer, name);
	g_string_append(writer->out, value ? "true" : "false");
}

void
json_write_null(struct json_writer *writer, const char *name)
{
	begin_value(writer, name);
	g_string_append(writer->out, "null");
}

void
json_write_string(
    struct json_writer *writer, const char *name, const char *value)
{
	struct span text = span_from_string(value);

	g_assert(text_is_utf8(text));
	begin_value(writer, name);
	append_quoted(writer->out, text);
}

void
json_write_text(struct json_writer *writer, const char *name,
    const char *name_b64, struct span text)
{
	g_autoptr(GString) shown = NULL;

	begin_value(writer, name);
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
		size_t n = 0;

		while (n < octets.n && octets.p[n] != '"' &&
		    is_plain_octet(octets.p[n]))
			n++;
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
	size_t at;

	begin_value(writer, name);
	g_string_append_c(writer->out, '"');
	at = writer->out->len;
	g_assert(octets.n < G_MAXSIZE / 4);
	g_string_set_size(writer->out, at + 2 * octets.n);
	digest_to_hex(octets, writer->out->str + at);
	g_string_append_c(writer->out, '"');
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
	g_string_append_c(writer->out, '"');
	g_string_append_len(writer->out, text, TIMESTAMP_SIZE - 1);
	g_string_append_c(writer->out, '"');
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
