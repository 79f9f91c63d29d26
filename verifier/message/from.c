/*
 * from.c - the From field: RFC 5322 3.4 with the obsolete forms of 4.4, and
 * UTF-8 as RFC 6532 3.2 has it.
 *
 * One pass, no recursion.  A run of words and dots is read before it is known
 * whether it is a display name, a group's name or a local part; the octet
 * behind it tells.  What is kept of an address is never longer than what was
 * read, so one buffer of the field's length holds them all.
 */
#include "verifier/message/from.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

#define ATEXT (RFC5322_ATEXT | RFC5234_UTF8)

struct parser {
	struct span rest;
	struct arena *arena;
	struct from_list *list;
	uint8_t *out; /* addresses, one behind the other */
	size_t n_out;
	bool in_group;
	bool need_comma;           /* a mailbox or group has just ended */
	const uint8_t *element;    /* where the text before it begins */
	const uint8_t *name_end;   /* its "<", or where the address begins */
	struct span group;         /* name of the group, while in one */
	const uint8_t *domain_end; /* behind the last atom of a domain */
};

/* Words and dots, as a phrase or a local part may have them. */
struct run {
	size_t words;
	bool dotted; /* word *("." word) */
};

static int
peek(const struct parser *parser)
{
	return parser->rest.n > 0 ? parser->rest.p[0] : -1;
}

static void
skip(struct parser *parser, size_t n)
{
	parser->rest = span_from(parser->rest, n);
}

/* Copy "n" octets that were just read to the output. */
static void
keep(struct parser *parser, size_t n)
{
	memcpy(parser->out + parser->n_out, parser->rest.p, n);
	parser->n_out += n;
	skip(parser, n);
}

static bool
accept(struct parser *parser, uint8_t octet)
{
	if (peek(parser) != octet)
		return false;
	skip(parser, 1);
	return true;
}

/* FWS: WSP, and CRLF that WSP follows.  False at any other CR or LF. */
static bool
skip_fws(struct parser *parser)
{
	for (;;) {
		int octet = peek(parser);
		if (octet == ' ' || octet == '\t') {
			skip(parser, 1);
			continue;
		}
		if (octet != '\r' && octet != '\n')
			return true;
		if (parser->rest.n < 3 || octet != '\r' ||
		    parser->rest.p[1] != '\n' ||
		    !rfc5234_is(parser->rest.p[2], RFC5234_WSP))
			return false;
		skip(parser, 3);
	}
}

/* "\" and what it quotes: VCHAR, WSP or UTF-8; 0 when it is neither. */
static size_t
quoted_pair(const struct parser *parser)
{
	return parser->rest.n >= 2 &&
		rfc5234_is(parser->rest.p[1],
		    RFC5234_VCHAR | RFC5234_WSP | RFC5234_UTF8)
	    ? 2
	    : 0;
}

/* Length of the next piece inside a comment or quoted string; 0: none. */
static size_t
piece(const struct parser *parser)
{
	int octet = peek(parser);

	if (octet == '\\')
		return quoted_pair(parser);
	return octet >= 0 &&
	    rfc5234_is((uint8_t)octet, RFC5234_VCHAR | RFC5234_UTF8);
}

/* comment = "(" *([FWS] ccontent) [FWS] ")", nested */
static bool
skip_comment(struct parser *parser)
{
	size_t depth = 0;

	do {
		if (!skip_fws(parser))
			return false;
		size_t n = piece(parser);
		if (n == 0)
			return false;
		if (parser->rest.p[0] == '(' && ++depth > FROM_COMMENT_DEPTH)
			return false;
		if (parser->rest.p[0] == ')')
			depth--;
		skip(parser, n);
	} while (depth > 0);
	return true;
}

static bool
skip_cfws(struct parser *parser)
{
	while (skip_fws(parser)) {
		if (peek(parser) != '(')
			return true;
		if (!skip_comment(parser))
			return false;
	}
	return false;
}

static size_t
atom_length(struct span text)
{
	size_t n = 0;

	while (n < text.n && rfc5234_is(text.p[n], ATEXT))
		n++;
	return n;
}

/* quoted-string, kept with its quotes; the CRLF of a fold is not content. */
static bool
take_quoted_string(struct parser *parser)
{
	keep(parser, 1);
	for (;;) {
		const uint8_t *before = parser->rest.p;
		if (!skip_fws(parser))
			return false;
		for (; before < parser->rest.p; before++) {
			if (rfc5234_is(*before, RFC5234_WSP))
				parser->out[parser->n_out++] = *before;
		}
		size_t n = piece(parser);
		if (n == 0)
			return false;
		bool end = peek(parser) == '"';
		keep(parser, n);
		if (end)
			return true;
	}
}

/* Words and dots with CFWS between them; false when the text is broken. */
static bool
take_run(struct parser *parser, struct run *run)
{
	bool want_word = true;

	*run = (struct run){ .dotted = true };
	for (;;) {
		if (!skip_cfws(parser))
			return false;
		size_t n = atom_length(parser->rest);
		if (n == 0 && peek(parser) == '.') {
			if (run->words == 0)
				return false;
			run->dotted &= !want_word;
			want_word = true;
			keep(parser, 1);
			continue;
		}
		if (n == 0 && peek(parser) != '"')
			break;
		run->dotted &= want_word;
		want_word = false;
		run->words++;
		if (n > 0)
			keep(parser, n);
		else if (!take_quoted_string(parser))
			return false;
	}
	run->dotted &= run->words > 0 && !want_word;
	return true;
}

/* atom *("." atom) with CFWS between; kept.  "[...]" is no domain. */
static bool
take_domain(struct parser *parser)
{
	do {
		if (!skip_cfws(parser))
			return false;
		size_t n = atom_length(parser->rest);
		if (n == 0)
			return false;
		keep(parser, n);
		parser->domain_end = parser->rest.p;
		if (!skip_cfws(parser))
			return false;
		if (peek(parser) != '.')
			return true;
		keep(parser, 1);
	} while (true);
}

static struct span
between(const uint8_t *start, const uint8_t *end)
{
	return (struct span){ start, (size_t)(end - start) };
}

/* The address whose local part stands in the output from "start" on, and
 * whose "@" is next. */
static bool
take_address(struct parser *parser, size_t start, const struct run *local)
{
	struct from_address address = { .name = { NULL, 0 } };

	if (!local->dotted || peek(parser) != '@')
		return false;
	keep(parser, 1);
	size_t domain_at = parser->n_out;
	if (!take_domain(parser))
		return false;
	struct span domain = { parser->out + domain_at,
		parser->n_out - domain_at };
	if (dns_name_canonical(parser->arena, domain, &address.domain) !=
	    DNS_NAME_OK)
		return false;
	address.address =
	    (struct span){ parser->out + start, parser->n_out - start };
	address.name = between(parser->element, parser->name_end);
	if (parser->in_group)
		address.group = parser->group;
	if (parser->list->n == FROM_ADDRESSES_MAX) {
		parser->list->status = FROM_TOO_MANY;
		return true;
	}
	parser->list->addresses[parser->list->n++] = address;
	return true;
}

/* obs-route = *(CFWS / ",") "@" domain *("," [CFWS] ["@" domain]) ":" */
static bool
skip_route(struct parser *parser)
{
	size_t start = parser->n_out;

	if (!skip_cfws(parser))
		return false;
	if (peek(parser) != '@' && peek(parser) != ',')
		return true;
	while (peek(parser) != ':') {
		if (accept(parser, '@')) {
			if (!take_domain(parser))
				return false;
			if (peek(parser) != ',' && peek(parser) != ':')
				return false;
		} else if (!accept(parser, ',')) {
			return false;
		}
		if (!skip_cfws(parser))
			return false;
	}
	skip(parser, 1);
	parser->n_out = start;
	parser->list->routes++;
	return true;
}

/* angle-addr, from behind the "<" */
static bool
take_angle(struct parser *parser)
{
	size_t start = parser->n_out;
	struct run local;

	return skip_route(parser) && take_run(parser, &local) &&
	    take_address(parser, start, &local) && skip_cfws(parser) &&
	    accept(parser, '>');
}

/* A mailbox, or the beginning of a group. */
static bool
take_element(struct parser *parser)
{
	size_t start = parser->n_out;
	struct run run;

	parser->name_end = parser->rest.p;
	if (!take_run(parser, &run))
		return false;
	parser->need_comma = true;
	if (peek(parser) == '@')
		return take_address(parser, start, &run);
	parser->n_out = start;
	parser->name_end = parser->rest.p;
	if (accept(parser, '<')) {
		bool taken = take_angle(parser);

		parser->domain_end = parser->rest.p;
		return taken;
	}
	if (run.words == 0 || parser->in_group || !accept(parser, ':'))
		return false;
	parser->in_group = true;
	parser->group = between(parser->element, parser->name_end);
	parser->list->groups++;
	parser->need_comma = false;
	parser->element = parser->rest.p;
	return true;
}

/* One step of address-list; empty elements are allowed (obs-addr-list). */
static bool
step(struct parser *parser)
{
	if (accept(parser, ',')) {
		parser->need_comma = false;
		parser->element = parser->rest.p;
		return true;
	}
	if (parser->in_group && accept(parser, ';')) {
		parser->in_group = false;
		parser->need_comma = true;
		parser->domain_end = NULL;
		return true;
	}
	return !parser->need_comma && take_element(parser);
}

/* The comments behind the last mailbox belong to it. */
static void
end_mailbox(struct parser *parser)
{
	struct from_list *list = parser->list;

	if (parser->need_comma && parser->domain_end != NULL && list->n > 0)
		list->addresses[list->n - 1].after =
		    between(parser->domain_end, parser->rest.p);
}

static bool
parse_list(struct parser *parser)
{
	parser->element = parser->rest.p;
	while (skip_cfws(parser)) {
		end_mailbox(parser);
		if (parser->rest.n == 0)
			return !parser->in_group;
		if (!step(parser))
			return false;
		if (parser->list->status == FROM_TOO_MANY)
			return true;
	}
	return false;
}

void
from_parse(struct from_list *list, struct arena *arena, struct span value)
{
	struct parser parser = { .rest = value, .arena = arena, .list = list };

	*list = (struct from_list){ .status = FROM_OK };
	list->addresses = arena_alloc_array(
	    arena, FROM_ADDRESSES_MAX, sizeof(*list->addresses));
	parser.out = arena_alloc(arena, value.n + 1);
	if (!text_is_utf8(value) || !parse_list(&parser)) {
		list->status = FROM_UNPARSABLE;
		list->n = 0;
	} else if (list->n == 0) {
		list->status = FROM_EMPTY;
	}
}
