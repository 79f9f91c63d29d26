/*
 * import_wire.c - DNS messages as they were on the wire (RFC 1035 section 4).
 *
 * Binary: one message, or a stream of them, each behind its length in two
 * octets (section 4.2.2).  Which of both is told by the count of questions,
 * which is 1: in a stream the flags of a response stand there instead.  Text:
 * a message per line in hex digits, or a dump with lines ";; QUERY: HEX" and
 * ";; RESPONSE: HEX", where other lines are passed over.
 */
#include "keysnap/import/dns_message.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/import_stream.h"
#include "keysnap/import/recognise.h"

#include <errno.h>

#define HEAD_MAX (DNS_MESSAGE_MAX + 1) /* octets to see that one is too long */

struct wire {
	struct arena *arena;
	const struct import_options *options;
	const struct import_output *output;
	bool dump; /* a line with QUERY or RESPONSE was seen */
	struct dns_message_question
	    query;     /* of the dump; id over 65535: none */
	GString *name; /* that it asked for */
};

#define NO_QUERY 0x10000u

static void
complain(const struct wire *wire, uint64_t number, const char *reason)
{
	wire->output->bad(wire->output->user, number, reason);
}

/* Take a message; "observation" has its place in the file. */
static void
take_message(const struct wire *wire, struct span message, uint64_t number,
    struct entry_observation *observation)
{
	observation->method = SPAN("dns-wire");
	if (import_default_time(wire->options, observation))
		dns_message_take(
		    wire->arena, message, observation, number, wire->output);
	else
		complain(wire, number, import_needs_time);
}

static int
hex_digit(uint8_t octet)
{
	return g_ascii_xdigit_value((char)octet);
}

/* The octets of hex digits, white space between them allowed. */
static const char *
read_hex(struct arena *arena, struct span text, struct span *octets_out)
{
	uint8_t *octets = arena_alloc(arena, text.n / 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int digit = hex_digit(text.p[i]);

		if (digit < 0 && text.p[i] != ' ' && text.p[i] != '\t')
			return "not a message in hex digits";
		if (digit < 0)
			continue;
		octets[n / 2] = (uint8_t)(octets[n / 2] << 4 | digit);
		n++;
	}
	*octets_out = (struct span){ octets, n / 2 };
	if (n % 2 != 0)
		return "half an octet at the end of the hex digits";
	return n / 2 > DNS_MESSAGE_MAX ? "longer than a DNS message" : NULL;
}

static const char *
take_query(struct wire *wire, struct span text)
{
	struct span octets;
	const char *fault = read_hex(wire->arena, text, &octets);

	wire->query.id = NO_QUERY;
	if (fault != NULL)
		return fault;
	if (!dns_message_read_question(wire->arena, octets, &wire->query) ||
	    wire->query.response) {
		wire->query.id = NO_QUERY;
		return "not a query";
	}
	/* It is looked at again when the arena is empty. */
	g_string_truncate(wire->name, 0);
	g_string_append_len(wire->name, (const char *)wire->query.name.p,
	    (gssize)wire->query.name.n);
	return NULL;
}

/* Does the response belong to the query before it? */
static bool
is_asked(const struct wire *wire, struct span octets)
{
	struct dns_message_question question;
	struct span name = { (const uint8_t *)wire->name->str,
		wire->name->len };

	/* What is no message is reported as that. */
	return wire->query.id == NO_QUERY ||
	    !dns_message_read_question(wire->arena, octets, &question) ||
	    (question.id == wire->query.id && span_equal(question.name, name));
}

static const char *
take_response(struct wire *wire, struct span text, uint64_t line)
{
	struct entry_observation observation = { .line = line, .ttl = -1 };
	struct span octets;
	const char *fault = read_hex(wire->arena, text, &octets);
	bool asked = fault != NULL || is_asked(wire, octets);

	wire->query.id = NO_QUERY;
	if (!asked)
		return "a response to another query than the one before it";
	if (fault == NULL)
		take_message(wire, octets, line, &observation);
	return fault;
}

static void
take_line(struct wire *wire, struct span line, uint64_t number)
{
	static const char query[] = ";; QUERY:", response[] = ";; RESPONSE:";
	struct span text = span_trim_wsp(line);
	const char *fault = NULL;

	if (span_starts_with(text, span_from_string(query))) {
		wire->dump = true;
		fault = take_query(wire, span_from(text, sizeof(query) - 1));
	} else if (span_starts_with(text, span_from_string(response))) {
		wire->dump = true;
		fault = take_response(
		    wire, span_from(text, sizeof(response) - 1), number);
	} else if (!wire->dump && text.n > 0 && text.p[0] != ';' &&
	    text.p[0] != '#') {
		fault = take_response(wire, text, number);
	}
	if (fault != NULL)
		complain(wire, number, fault);
}

static bool
read_text(struct wire *wire, FILE *stream, const char *path, GError **error)
{
	struct import_lines lines;
	struct span line;
	bool failed;

	import_lines_init(&lines, stream);
	while (import_lines_next(&lines, &line)) {
		if (lines.too_long)
			complain(wire, lines.number, "line too long");
		else
			take_line(wire, line, lines.number);
		arena_reset(wire->arena);
	}
	failed = import_lines_failed(&lines, path, error);
	import_lines_clear(&lines);
	return !failed;
}

/* Messages behind their lengths; a length of which less is left ends it. */
static void
read_frames(struct wire *wire, FILE *stream)
{
	g_autofree uint8_t *octets = g_malloc(DNS_MESSAGE_MAX);
	uint8_t length[2];
	uint64_t offset = 0;
	size_t got;

	for (uint64_t item = 1; (got = fread(length, 1, 2, stream)) > 0;
	     item++) {
		struct span message = { octets,
			(size_t)length[0] << 8 | length[1] };
		struct entry_observation observation = { .item = item,
			.has_offset = true,
			.offset = offset + 2,
			.ttl = -1 };

		if (got < 2 ||
		    fread(octets, 1, message.n, stream) < message.n) {
			if (!ferror(stream))
				complain(wire, item, "a message cut short");
			return;
		}
		take_message(wire, message, item, &observation);
		offset += 2 + message.n;
		arena_reset(wire->arena);
	}
}

static void
read_single(struct wire *wire, struct span head)
{
	struct entry_observation observation = {
		.item = 1, .has_offset = true, .ttl = -1
	};

	if (head.n > DNS_MESSAGE_MAX)
		complain(wire, 1, "longer than a DNS message");
	else
		take_message(wire, head, 1, &observation);
}

/* A header of a DNS message has octets that no text has. */
static bool
is_text(struct span head)
{
	size_t n = MIN(head.n, DNS_MESSAGE_HEADER);

	for (size_t i = 0; i < n; i++) {
		if (head.p[i] < 0x20 && memchr("\t\r\n", head.p[i], 3) == NULL)
			return false;
	}
	return true;
}

static bool
is_single(struct span head)
{
	return head.n >= DNS_MESSAGE_HEADER && head.p[4] == 0 && head.p[5] == 1;
}

static bool
read_any(struct wire *wire, FILE *stream, struct span head, const char *path,
    GError **error)
{
	FILE *whole = import_stream_open(stream, head);
	bool ok = whole != NULL;

	if (!ok) {
		import_set_read_error(error, path, errno);
		return false;
	}
	if (is_text(head))
		ok = read_text(wire, whole, path, error);
	else if (is_single(head))
		read_single(wire, head);
	else
		read_frames(wire, whole);
	fclose(whole);
	return ok;
}

static bool
read_wire(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) name = g_string_new(NULL);
	g_autofree uint8_t *octets = g_malloc(HEAD_MAX);
	struct span head = { octets, fread(octets, 1, HEAD_MAX, stream) };
	struct wire wire = { arena, options, output, .query.id = NO_QUERY,
		.name = name };

	if (head.n > 0 && !read_any(&wire, stream, head, path, error))
		return false;
	if (!ferror(stream))
		return true;
	if (error != NULL && *error == NULL)
		import_set_read_error(error, path, errno != 0 ? errno : EIO);
	return false;
}

/* A binary message, alone or behind its length; a dump, or hex digits. */
static bool
recognise_wire(struct span start)
{
	struct span line;

	if (start.n < DNS_MESSAGE_HEADER)
		return false;
	if (!is_text(start))
		return is_single(start) ||
		    (start.n > DNS_MESSAGE_HEADER + 2 && start.p[6] == 0 &&
			start.p[7] == 1);
	while (recognise_line(&start, &line)) {
		if (span_starts_with(line, SPAN(";; QUERY: ")) ||
		    span_starts_with(line, SPAN(";; RESPONSE: ")))
			return true;
		if (line.p[0] == ';' || line.p[0] == '#')
			continue;
		for (size_t i = 0; i < line.n; i++) {
			if (hex_digit(line.p[i]) < 0)
				return false;
		}
		return line.n >= 2 * DNS_MESSAGE_HEADER;
	}
	return false;
}

const struct importer import_wire = {
	.name = "wire",
	.description = "DNS messages: binary, with lengths before them, or in "
		       "hex digits",
	.recognise = recognise_wire,
	.read = read_wire,
};
