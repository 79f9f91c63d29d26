/*
 * zone_answer.c - what the comments of dig, drill and delv say.
 */
#include "keysnap/import/zone_answer.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/dns_flags.h"
#include "keysnap/import/importer.h"

#include <string.h>

void
zone_answer_init(struct zone_answer *answer)
{
	*answer = (struct zone_answer){ .when = TIMESTAMP_NONE };
}

void
zone_answer_clear(struct zone_answer *answer)
{
	g_free(answer->question);
	g_free(answer->server);
	g_free(answer->transport);
	zone_answer_init(answer);
}

/* Take the next word (up to white space) off the front of "text". */
static struct span
take_word(struct span *text)
{
	struct span rest = span_trim_wsp(*text), word;
	size_t n = 0;

	while (n < rest.n && !rfc5234_is(rest.p[n], RFC5234_WSP))
		n++;
	word = span_sub(rest, 0, n);
	*text = span_from(rest, n);
	return word;
}

/* Number of "digits" digits, all of the span. */
static bool
read_number(struct span text, size_t min, size_t max, int *value_out)
{
	int value = 0;

	if (text.n < min || text.n > max)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT))
			return false;
		value = value * 10 + (text.p[i] - '0');
	}
	*value_out = value;
	return true;
}

static bool
read_month(struct span word, int *month_out)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++) {
		struct span name = { (const uint8_t *)names + 3 * i, 3 };

		if (span_equal(word, name)) {
			*month_out = i + 1;
			return true;
		}
	}
	return false;
}

static bool
read_clock(struct span word, struct timestamp_fields *f)
{
	return word.n == 8 && word.p[2] == ':' && word.p[5] == ':' &&
	    read_number(span_sub(word, 0, 2), 2, 2, &f->hour) &&
	    read_number(span_sub(word, 3, 2), 2, 2, &f->minute) &&
	    read_number(span_sub(word, 6, 2), 2, 2, &f->second);
}

/* Seconds east of UTC. */
static bool
read_zone(struct span word, int64_t *seconds_out)
{
	int hours, minutes = 0;
	struct span rest = span_from(word, 3);

	*seconds_out = 0;
	if (span_equal(word, SPAN("UTC")) || span_equal(word, SPAN("GMT")) ||
	    span_equal(word, SPAN("Z")))
		return true;
	if (word.n < 3 || (word.p[0] != '+' && word.p[0] != '-') ||
	    !read_number(span_sub(word, 1, 2), 2, 2, &hours) || hours > 14)
		return false;
	if (span_starts_with(rest, SPAN(":")))
		rest = span_from(rest, 1);
	if (word.n > 3 && (!read_number(rest, 2, 2, &minutes) || minutes > 59))
		return false;
	*seconds_out = hours * 3600 + minutes * 60;
	if (word.p[0] == '-')
		*seconds_out = -*seconds_out;
	return true;
}

bool
zone_when_parse(struct span text, int64_t *at_out)
{
	struct timestamp_fields f = { 0 };
	int64_t at, east;

	take_word(&text); /* the day of the week follows from the date */
	if (!read_month(take_word(&text), &f.month) ||
	    !read_number(take_word(&text), 1, 2, &f.day) ||
	    !read_clock(take_word(&text), &f) ||
	    !read_zone(take_word(&text), &east) ||
	    !read_number(take_word(&text), 4, 4, &f.year) ||
	    span_trim_wsp(text).n > 0 || !timestamp_from_fields(&f, &at))
		return false;
	at -= east;
	if (at < TIMESTAMP_MIN || at > TIMESTAMP_MAX)
		return false;
	*at_out = at;
	return true;
}

/* What follows "label" in "text", or nothing (p NULL). */
static struct span
after(struct span text, const char *label)
{
	size_t n = strlen(label);
	const uint8_t *at =
	    text.n == 0 ? NULL : memmem(text.p, text.n, label, n);

	if (at == NULL)
		return (struct span){ NULL, 0 };
	return span_from(text, (size_t)(at - text.p) + n);
}

/* dig says "status: NOERROR,", drill "rcode: NOERROR,". */
static void
take_header(struct zone_answer *answer, uint64_t line, struct span text)
{
	struct span status = after(text, "status: ");

	if (status.p == NULL)
		status = after(text, "rcode: ");
	status = span_sub(status, 0, span_find(status, ','));
	if (span_equal(status, SPAN("NOERROR")))
		answer->status = ZONE_STATUS_NOERROR;
	else if (span_equal(status, SPAN("NXDOMAIN")))
		answer->status = ZONE_STATUS_NXDOMAIN;
	else
		answer->status = ZONE_STATUS_OTHER;
	answer->line = line;
}

/* "qr rd ra tc; QUERY: 1, ..." */
static void
take_flags(struct zone_answer *answer, struct span text)
{
	struct span flags = span_sub(text, 0, span_find(text, ';'));

	for (;;) {
		struct span flag = take_word(&flags);

		if (flag.n == 0)
			return;
		answer->flags |= dns_flag_from_word(flag);
	}
}

/* "8.8.8.8#53(8.8.8.8) (UDP)"; drill writes the address alone. */
static void
take_server(struct zone_answer *answer, struct span text)
{
	static const char *const transports[] = { "UDP", "TCP", "TLS",
		"HTTPS" };
	struct span server = span_trim_wsp(text);

	for (size_t i = 0; i < G_N_ELEMENTS(transports); i++) {
		g_autofree char *end = g_strdup_printf(" (%s)", transports[i]);
		struct span ending = span_from_string(end);

		if (!span_ends_with(server, ending))
			continue;
		server.n -= ending.n;
		g_free(answer->transport);
		answer->transport = g_ascii_strdown(transports[i], -1);
	}
	if (server.n == 0 || server.n > IMPORT_TEXT_MAX ||
	    memchr(server.p, '\0', server.n) != NULL)
		return;
	g_free(answer->server);
	answer->server = span_dup(server);
}

/* delv says of each group of records how far it trusts them. */
static void
take_trust(struct zone_answer *answer, struct span text)
{
	bool validated = span_ends_with(text, SPAN("fully validated"));

	if (!validated && !span_ends_with(text, SPAN("unsigned answer")))
		return;
	answer->validated = validated;
	answer->dig = true;
}

bool
zone_absent_parse(
    struct span text, struct span *name_out, enum observation_kind *kind_out)
{
	struct span name = take_word(&text), word = take_word(&text);

	if (!span_equal(word, SPAN("IN")))
		word = take_word(&text); /* that was the TTL */
	if (!span_equal(word, SPAN("IN")))
		return false;
	word = take_word(&text);
	*name_out = name;
	text = span_trim_wsp(text);
	if (span_equal(text, SPAN(";-$NXDOMAIN")))
		*kind_out = OBSERVATION_NXDOMAIN;
	else if (span_equal(text, SPAN(";-$NXRRSET")) &&
	    span_equal(word, SPAN("\\-TXT")))
		*kind_out = OBSERVATION_NODATA;
	else
		return false;
	return span_starts_with(word, SPAN("\\-"));
}

static void
take_section(struct zone_answer *answer, struct span text)
{
	struct span name = take_word(&text);

	if (span_equal(name, SPAN("ANSWER")))
		answer->section = ZONE_SECTION_ANSWER;
	else if (span_equal(name, SPAN("QUESTION")))
		answer->section = ZONE_SECTION_QUESTION;
	else
		answer->section = ZONE_SECTION_OTHER;
}

/* "name.  IN  TXT", as one comment in the question section. */
static void
take_question(struct zone_answer *answer, struct span text)
{
	struct span name = take_word(&text);

	if (name.n == 0 || answer->question != NULL ||
	    !span_equal(take_word(&text), SPAN("IN")) ||
	    !span_equal(take_word(&text), SPAN("TXT")) ||
	    memchr(name.p, '\0', name.n) != NULL)
		return;
	answer->question = span_dup(name);
}

bool
zone_answer_begins(const struct zone_answer *answer, struct span comment)
{
	if (after(comment, "->>HEADER<<-").p != NULL)
		return answer->status != ZONE_STATUS_NONE;
	return span_starts_with(comment, SPAN(" <<>> DiG")) && answer->dig;
}

void
zone_answer_take(struct zone_answer *answer, uint64_t line, struct span comment)
{
	static const char when[] = "; WHEN: ", flags[] = "; flags: ",
			  server[] = "; SERVER: ";
	bool is_section =
	    span_ends_with(span_trim_wsp(comment), SPAN(" SECTION:"));

	if (after(comment, "->>HEADER<<-").p != NULL) {
		answer->dig = true;
		take_header(answer, line, comment);
	} else if (span_starts_with(comment, SPAN(" <<>> DiG"))) {
		answer->dig = true;
	} else if (span_starts_with(comment, span_from_string(flags))) {
		take_flags(answer, span_from(comment, sizeof(flags) - 1));
	} else if (is_section && span_starts_with(comment, SPAN("; "))) {
		take_section(answer, span_from(comment, 2));
	} else if (span_starts_with(comment, span_from_string(server))) {
		take_server(answer, span_from(comment, sizeof(server) - 1));
	} else if (span_starts_with(comment, span_from_string(when))) {
		answer->has_when = true;
		if (!zone_when_parse(
			span_from(comment, sizeof(when) - 1), &answer->when))
			answer->when = TIMESTAMP_NONE;
	} else if (answer->section == ZONE_SECTION_QUESTION) {
		/* drill writes ";; name." and dig ";name." */
		take_question(answer,
		    span_from(comment,
			span_starts_with(comment, SPAN("; ")) ? 2 : 0));
	} else {
		take_trust(answer, span_trim_wsp(comment));
	}
}
