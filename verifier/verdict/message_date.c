/*
 * message_date.c - date-time of RFC 5322 3.3 and 4.3, and asctime().
 *
 * The text is cut into a few tokens first, comments left out; the limits keep
 * a hostile field cheap.
 */
#include "verifier/verdict/message_time.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/message/comment.h"

#include <glib.h>

#define DATE_MAX    512 /* octets; real ones have under 80 */
#define DATE_TOKENS 16  /* "Thu , 1 Jan 1970 00 : 00 : 00 +0000" has 11 */
#define YEAR_DIGITS 4

/* Tokens left to read; each is a run of letters, digits, or one octet. */
struct tokens {
	struct span list[DATE_TOKENS];
	size_t n, at;
};

static size_t
class_length(struct span text, unsigned classes)
{
	size_t n = 0;

	while (n < text.n && rfc5234_is(text.p[n], classes))
		n++;
	return n;
}

static size_t
token_length(struct span text)
{
	size_t n = class_length(text, RFC5234_ALPHA);

	if (n == 0)
		n = class_length(text, RFC5234_DIGIT);
	return n > 0 ? n : 1;
}

static bool
tokens_cut(struct tokens *tokens, struct span text)
{
	*tokens = (struct tokens){ .n = 0 };
	if (text.n > DATE_MAX)
		return false;
	while (text.n > 0) {
		size_t n = class_length(text, RFC5234_WSP | RFC5234_CRLF);
		if (n == 0 && text.p[0] == '(') {
			n = rfc5322_comment_length(text);
			if (n == 0)
				return false;
		} else if (n == 0) {
			if (tokens->n == DATE_TOKENS)
				return false;
			n = token_length(text);
			tokens->list[tokens->n++] = span_sub(text, 0, n);
		}
		text = span_from(text, n);
	}
	return true;
}

static struct span
peek(const struct tokens *tokens)
{
	return tokens->at < tokens->n ? tokens->list[tokens->at]
				      : (struct span){ NULL, 0 };
}

static bool
accept(struct tokens *tokens, uint8_t octet)
{
	struct span token = peek(tokens);

	if (token.n != 1 || token.p[0] != octet)
		return false;
	tokens->at++;
	return true;
}

/* A number of "min" to "max" digits; "max" is small, so it fits. */
static bool
take_number(struct tokens *tokens, size_t min, size_t max, int *value_out)
{
	struct span token = peek(tokens);
	int value = 0;

	if (token.n < min || token.n > max ||
	    !rfc5234_is(token.p[0], RFC5234_DIGIT))
		return false;
	for (size_t i = 0; i < token.n; i++)
		value = value * 10 + (token.p[i] - '0');
	*value_out = value;
	tokens->at++;
	return true;
}

/* The place of a word of three letters in "words", from 1; 0: it is none. */
static int
find_word(struct span token, const char *words)
{
	struct span all = span_from_string(words);

	for (size_t i = 0; i < all.n; i += 3) {
		if (span_equal_nocase(token, span_sub(all, i, 3)))
			return (int)(i / 3) + 1;
	}
	return 0;
}

static int
find_month(struct span token)
{
	return find_word(token, "janfebmaraprmayjunjulaugsepoctnovdec");
}

static bool
is_day_name(struct span token)
{
	return find_word(token, "montuewedthufrisatsun") > 0;
}

static bool
take_month(struct tokens *tokens, struct timestamp_fields *fields)
{
	fields->month = find_month(peek(tokens));
	tokens->at++;
	return fields->month > 0;
}

/* RFC 5322 4.3: two digits from 00 to 49 are 20xx, others 19xx; three digits
 * count from 1900. */
static bool
take_year(struct tokens *tokens, struct timestamp_fields *fields)
{
	size_t digits = peek(tokens).n;

	if (!take_number(tokens, 2, YEAR_DIGITS, &fields->year))
		return false;
	if (digits == 2 && fields->year < 50)
		fields->year += 2000;
	else if (digits < YEAR_DIGITS)
		fields->year += 1900;
	return true;
}

/* hour ":" minute [":" second] */
static bool
take_clock(struct tokens *tokens, struct timestamp_fields *fields)
{
	if (!take_number(tokens, 1, 2, &fields->hour) || !accept(tokens, ':') ||
	    !take_number(tokens, 1, 2, &fields->minute))
		return false;
	return !accept(tokens, ':') ||
	    take_number(tokens, 1, 2, &fields->second);
}

/* The zones of RFC 5322 4.3; all other words are UTC. */
static int64_t
zone_by_name(struct span name)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "EST", -5 }, { "EDT", -4 }, { "CST", -6 },
		{ "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 },
		{ "PDT", -7 } };

	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		if (span_equal_nocase(name, span_from_string(zones[i].name)))
			return zones[i].hours * 3600;
	}
	return 0;
}

/* ("+" / "-") 4DIGIT, or a word, or nothing: seconds east of UTC. */
static bool
take_zone(struct tokens *tokens, int64_t *east_out)
{
	struct span token = peek(tokens);
	int value = 0;

	*east_out = 0;
	if (token.n > 0 && rfc5234_is(token.p[0], RFC5234_ALPHA)) {
		*east_out = zone_by_name(token);
		tokens->at++;
		return true;
	}
	bool west = accept(tokens, '-');
	if (!west && !accept(tokens, '+'))
		return true;
	if (!take_number(tokens, 4, 4, &value) || value % 100 > 59)
		return false;
	*east_out = (value / 100 * 60 + value % 100) * 60 * (west ? -1 : 1);
	return true;
}

/* Nothing may follow; the offset must not lead out of the years there are. */
static bool
finish(const struct tokens *tokens, const struct timestamp_fields *fields,
    int64_t east, int64_t *at_out)
{
	int64_t at;

	if (tokens->at < tokens->n || !timestamp_from_fields(fields, &at))
		return false;
	at -= east;
	if (at < TIMESTAMP_MIN || at > TIMESTAMP_MAX)
		return false;
	*at_out = at;
	return true;
}

bool
message_date_parse(struct span value, int64_t *at_out)
{
	struct timestamp_fields fields = { 0 };
	struct tokens tokens;
	int64_t east;

	if (!tokens_cut(&tokens, value))
		return false;
	if (is_day_name(peek(&tokens))) {
		tokens.at++;
		accept(&tokens, ',');
	}
	return take_number(&tokens, 1, 2, &fields.day) &&
	    take_month(&tokens, &fields) && take_year(&tokens, &fields) &&
	    take_clock(&tokens, &fields) && take_zone(&tokens, &east) &&
	    finish(&tokens, &fields, east, at_out);
}

/* day-name month day clock [zone] year [zone] */
static bool
parse_asctime(struct span text, int64_t *at_out)
{
	struct timestamp_fields fields = { 0 };
	struct tokens tokens;
	int64_t east, after;

	if (!tokens_cut(&tokens, text) || !is_day_name(peek(&tokens)))
		return false;
	tokens.at++;
	if (!take_month(&tokens, &fields) ||
	    !take_number(&tokens, 1, 2, &fields.day) ||
	    !take_clock(&tokens, &fields) || !take_zone(&tokens, &east) ||
	    !take_year(&tokens, &fields) || !take_zone(&tokens, &after))
		return false;
	return finish(&tokens, &fields, east + after, at_out);
}

bool
message_envelope_date_parse(struct span line, int64_t *at_out)
{
	line = span_trim_fws(line);
	if (line.n > DATE_MAX)
		line = span_from(line, line.n - DATE_MAX);
	/* Behind each space: a sender may hold spaces, too. */
	for (size_t at = span_find(line, ' '); at < line.n;
	     at += 1 + span_find(span_from(line, at + 1), ' ')) {
		struct span rest = span_trim_wsp(span_from(line, at));
		if (is_day_name(span_sub(rest, 0, 3)) &&
		    parse_asctime(rest, at_out))
			return true;
	}
	return false;
}
