/*
 * from_line.c - mbox From_ lines.
 *
 * The date is looked for from the right: at most DATE_TOKENS tokens are cut
 * off the end of the line, and the leftmost weekday among them from which a
 * date fits up to the end of the line is the date's start.
 */
#include "verifier/archive/from_line.h"

#include "keysnap/base/rfc5234.h"

#define DATE_TOKENS 10 /* seven of the longest date, and "remote from x" */

/* A line's last tokens, in order, and where the first of them begins. */
struct tokens {
	struct span token[DATE_TOKENS];
	size_t n;
};

static bool
is_wsp(uint8_t octet)
{
	return rfc5234_is(octet, RFC5234_WSP);
}

/* ---- the parts of a date ------------------------------------------------- */

static bool
is_one_of(struct span token, struct span names)
{
	for (size_t at = 0; at + 3 <= names.n; at += 3) {
		if (span_equal_nocase(token, span_sub(names, at, 3)))
			return true;
	}
	return false;
}

static bool
is_weekday(struct span token)
{
	return is_one_of(token, SPAN("MonTueWedThuFriSatSun"));
}

static bool
is_month(struct span token)
{
	return is_one_of(token, SPAN("JanFebMarAprMayJunJulAugSepOctNovDec"));
}

static bool
is_digits(struct span token, size_t min, size_t max)
{
	for (size_t i = 0; i < token.n; i++) {
		if (!rfc5234_is(token.p[i], RFC5234_DIGIT))
			return false;
	}
	return token.n >= min && token.n <= max;
}

/* H:MM, HH:MM or HH:MM:SS */
static bool
is_time(struct span token)
{
	size_t colon = span_find(token, ':');
	struct span rest = span_from(token, colon + 1);

	if (colon == token.n || !is_digits(span_sub(token, 0, colon), 1, 2) ||
	    !is_digits(span_sub(rest, 0, 2), 2, 2))
		return false;
	if (rest.n == 2)
		return true;
	return rest.p[2] == ':' && is_digits(span_from(rest, 3), 2, 2);
}

/* +0000, UTC, PDT, MEST */
static bool
is_zone(struct span token)
{
	if (token.n == 5 && (token.p[0] == '+' || token.p[0] == '-'))
		return is_digits(span_from(token, 1), 4, 4);
	for (size_t i = 0; i < token.n; i++) {
		if (!rfc5234_is(token.p[i], RFC5234_ALPHA))
			return false;
	}
	return token.n >= 1 && token.n <= 5;
}

/* ---- the date ------------------------------------------------------------ */

static void
tokens_cut(struct tokens *tokens, struct span text)
{
	struct span reversed[DATE_TOKENS];

	tokens->n = 0;
	while (tokens->n < DATE_TOKENS && text.n > 0) {
		size_t start = text.n;
		while (start > 0 && !is_wsp(text.p[start - 1]))
			start--;
		reversed[tokens->n++] = span_from(text, start);
		text = span_trim_wsp(span_sub(text, 0, start));
	}
	for (size_t i = 0; i < tokens->n; i++)
		tokens->token[i] = reversed[tokens->n - 1 - i];
}

/* Does the rest name the host that UUCP came from, or nothing? */
static bool
is_tail(const struct tokens *tokens, size_t at)
{
	if (at == tokens->n)
		return true;
	return at + 3 == tokens->n &&
	    span_equal(tokens->token[at], SPAN("remote")) &&
	    span_equal(tokens->token[at + 1], SPAN("from"));
}

/* weekday month day time [zone] year [zone] */
static bool
is_date(const struct tokens *tokens, size_t at)
{
	const struct span *token = tokens->token + at;
	size_t n = tokens->n - at;

	if (n < 5 || !is_weekday(token[0]) || !is_month(token[1]) ||
	    !is_digits(token[2], 1, 2) || !is_time(token[3]))
		return false;
	size_t year = 4;
	if (!is_digits(token[year], 4, 4) && is_zone(token[year]))
		year++;
	if (year >= n || !is_digits(token[year], 4, 4))
		return false;
	if (is_tail(tokens, at + year + 1))
		return true;
	return is_zone(token[year + 1]) && is_tail(tokens, at + year + 2);
}

/* weekday [","] day month year time [zone], as in a Date field */
static bool
is_field_date(const struct tokens *tokens, size_t at)
{
	const struct span *token = tokens->token + at;
	size_t n = tokens->n - at;
	struct span weekday = token[0];

	if (n < 5)
		return false;
	if (span_ends_with(weekday, SPAN(",")))
		weekday.n--;
	if (!is_weekday(weekday) || !is_digits(token[1], 1, 2) ||
	    !is_month(token[2]) || !is_digits(token[3], 4, 4) ||
	    !is_time(token[4]))
		return false;
	return is_tail(tokens, at + 5) ||
	    (is_zone(token[5]) && is_tail(tokens, at + 6));
}

/* The name of the header field that "line" begins; empty when it does not. */
static struct span
field_name(struct span line)
{
	size_t at = 0, n;

	while (at < line.n && rfc5234_is(line.p[at], RFC5322_FTEXT))
		at++;
	n = at;
	while (at < line.n && is_wsp(line.p[at]))
		at++;
	if (n > FROM_LINE_NAME_MAX || at == line.n || line.p[at] != ':')
		return (struct span){ NULL, 0 };
	return span_sub(line, 0, n);
}

/* ---- public -------------------------------------------------------------- */

enum from_line
from_line_parse(struct span line)
{
	struct tokens tokens;

	if (line.n > FROM_LINE_MAX || !span_starts_with(line, SPAN("From ")))
		return FROM_LINE_NONE;
	struct span text = span_trim_fws(span_from(line, 5));
	if (span_equal(text, SPAN("-")))
		return FROM_LINE_DASH;
	tokens_cut(&tokens, text);
	for (size_t at = 0; at < tokens.n; at++) {
		/* Something must stand before the date: the sender. */
		if (tokens.token[at].p > text.p &&
		    (is_date(&tokens, at) || is_field_date(&tokens, at)))
			return FROM_LINE_DATED;
	}
	return FROM_LINE_NONE;
}

bool
from_line_is_patch(struct span line)
{
	size_t n = 0;

	if (!span_starts_with(line, SPAN("From ")))
		return false;
	line = span_from(line, 5);
	while (n < line.n && rfc5234_is(line.p[n], RFC5234_HEXDIG))
		n++;
	/* SHA-1 or SHA-256 */
	return (n == 40 || n == 64) &&
	    span_equal(span_trim_fws(span_from(line, n)),
		SPAN("Mon Sep 17 00:00:00 2001"));
}

bool
from_line_is_field(struct span line)
{
	return field_name(line).n > 0;
}

bool
from_line_is_mail_field(struct span line)
{
	static const char *const names[] = { "From", "Date", "Received",
		"Return-Path", "Delivered-To", "Message-ID", "Subject", "To",
		"Sender", "MIME-Version", "DKIM-Signature" };
	struct span name = field_name(line);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (span_equal_nocase(name, span_from_string(names[i])))
			return true;
	}
	return false;
}
