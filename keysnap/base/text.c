/*
 * text.c - text from outside, made safe to show.
 *
 * UTF-8 as RFC 3629 has it; what is invalid is cut into maximal subparts
 * (Unicode 15, 3.9, table 3-8), as web browsers do.
 */
#include "keysnap/base/text.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* One step through a text: a character, or a maximal invalid part. */
struct step {
	size_t n; /* octets */
	bool valid;
	uint32_t code_point; /* when valid */
};

/* What may follow a lead octet: Unicode 15, table 3-7. */
struct lead {
	unsigned more;     /* octets that follow; 0: no lead octet */
	uint8_t low, high; /* range of the first of them */
};

static struct lead
lead_of(uint8_t octet)
{
	static const struct lead none = { 0, 0, 0 };

	if (octet < 0xc2 || octet > 0xf4)
		return none;
	if (octet < 0xe0)
		return (struct lead){ 1, 0x80, 0xbf };
	if (octet < 0xf0)
		return (struct lead){ 2, octet == 0xe0 ? 0xa0 : 0x80,
			octet == 0xed ? 0x9f : 0xbf };
	return (struct lead){ 3, octet == 0xf0 ? 0x90 : 0x80,
		octet == 0xf4 ? 0x8f : 0xbf };
}

/* The step at the front of "text", which is not empty. */
static struct step
next_step(struct span text)
{
	uint8_t first = text.p[0];
	struct lead lead = lead_of(first);
	struct step step = { 1, first < 0x80, first };

	if (lead.more == 0)
		return step;
	step.code_point = first & (0x3fu >> lead.more);
	for (; step.n <= lead.more; step.n++) {
		uint8_t low = step.n == 1 ? lead.low : 0x80;
		uint8_t high = step.n == 1 ? lead.high : 0xbf;

		if (step.n == text.n || text.p[step.n] < low ||
		    text.p[step.n] > high)
			return step;
		step.code_point =
		    step.code_point << 6 | (text.p[step.n] & 0x3fu);
	}
	step.valid = true;
	return step;
}

/* Length of the run of ASCII at the front, eight octets at a time. */
static size_t
ascii_run(struct span text)
{
	size_t n = 0;
	uint64_t word;

	for (; text.n - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, text.p + n, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (n < text.n && text.p[n] < 0x80)
		n++;
	return n;
}

/* Length of the valid run at the front of "text". */
static size_t
valid_run(struct span text)
{
	size_t n = 0;

	for (;;) {
		struct step step;

		n += ascii_run(span_from(text, n));
		if (n == text.n)
			return n;
		step = next_step(span_from(text, n));
		if (!step.valid)
			return n;
		n += step.n;
	}
}

bool
text_is_ascii(struct span text)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t word;
	size_t at = 0;

	for (; text.n - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.p + at, sizeof(word));
		if (word & high)
			return false;
	}
	for (; at < text.n; at++) {
		if (text.p[at] >= 0x80)
			return false;
	}
	return true;
}

bool
text_is_utf8(struct span text)
{
	return valid_run(text) == text.n;
}

static void
append_span(GString *out, struct span span)
{
	if (span.n > 0)
		g_string_append_len(out, (const char *)span.p, (gssize)span.n);
}

void
text_append_utf8(GString *out, struct span text)
{
	while (text.n > 0) {
		size_t n = valid_run(text);

		append_span(out, span_sub(text, 0, n));
		text = span_from(text, n);
		if (text.n > 0) {
			g_string_append(out, REPLACEMENT);
			text = span_from(text, next_step(text).n);
		}
	}
}

/* Characters that move the cursor, turn the direction of writing, or cannot
 * be seen. */
static bool
is_unsafe(uint32_t code_point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f },
		{ 0xad, 0xad },       /* soft hyphen */
		{ 0x34f, 0x34f },     /* combining grapheme joiner */
		{ 0x61c, 0x61c },     /* Arabic letter mark */
		{ 0x115f, 0x1160 },   /* Hangul fillers */
		{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
		{ 0x180b, 0x180f },   /* Mongolian selectors */
		{ 0x200b, 0x200f },   /* zero width, direction marks */
		{ 0x2028, 0x202e },   /* separators, bidi embeddings */
		{ 0x2060, 0x206f },   /* word joiner, bidi isolates */
		{ 0x3164, 0x3164 },   /* Hangul filler */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xffa0, 0xffa0 },   /* Hangul filler */
		{ 0xfff9, 0xfffb },   /* interlinear annotation */
		{ 0x1d173, 0x1d17a }, /* musical formatting */
		{ 0xe0000, 0xe0fff }, /* tags */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		if (code_point <= ranges[i].last)
			return code_point >= ranges[i].first;
	}
	return false;
}

void
text_append_terminal(GString *out, struct span text)
{
	while (text.n > 0) {
		struct step step = next_step(text);
		struct span octets = span_sub(text, 0, step.n);

		if (!step.valid) {
			for (size_t i = 0; i < octets.n; i++)
				g_string_append_printf(
				    out, "\\x{%02x}", octets.p[i]);
		} else if (is_unsafe(step.code_point)) {
			g_string_append_printf(
			    out, "\\u{%02x}", step.code_point);
		} else {
			append_span(out, octets);
		}
		text = span_from(text, step.n);
	}
}

/* Does a spreadsheet read a field that begins so as a formula?  The full-
 * width forms of the signs count too. */
static bool
starts_formula(struct span text)
{
	static const uint32_t starts[] = { '=', '+', '-', '@', '\t', '\r', '\n',
		0xff1d, 0xff0b, 0xff0d, 0xff20 };
	struct step step;

	if (text.n == 0)
		return false;
	step = next_step(text);
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		if (step.valid && step.code_point == starts[i])
			return true;
	}
	return false;
}

void
text_append_csv(GString *out, struct span text)
{
	g_string_append_c(out, '"');
	if (starts_formula(text))
		g_string_append_c(out, '\'');
	while (text.n > 0) {
		size_t n = span_find(text, '"');

		text_append_utf8(out, span_sub(text, 0, n));
		if (n < text.n)
			g_string_append(out, "\"\"");
		text = span_from(text, n + 1);
	}
	g_string_append_c(out, '"');
}

void
text_append_tsv(GString *out, struct span text)
{
	text_append_terminal(out, text);
}
