/*
 * json_tree.c - one JSON text (RFC 8259) as a tree in an arena.
 *
 * Recursion goes JSON_TREE_DEPTH_MAX levels.  Memory is at most about a
 * hundred octets for each octet of the text ("[0,0,0"), so callers bound it.
 */
#include "keysnap/base/json_tree.h"

#include "keysnap/base/json.h"
#include "keysnap/base/json_order.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"

#include <stdlib.h>
#include <string.h>

struct parser {
	bool canonical; /* take nothing else */
	struct arena *arena;
	const uint8_t *at, *end;
	int depth;
	const char *why;
};

static const char not_canonical[] = "not in canonical form (RFC 8785)";

static bool
fail(struct parser *parser, const char *why)
{
	if (parser->why == NULL)
		parser->why = why;
	return false;
}

static bool
is_space(uint8_t octet)
{
	return octet == ' ' || octet == '\t' || octet == '\n' || octet == '\r';
}

/* In canonical form it is nowhere. */
static void
skip_space(struct parser *parser)
{
	while (parser->at < parser->end && is_space(*parser->at)) {
		if (parser->canonical) {
			fail(parser, not_canonical);
			return;
		}
		parser->at++;
	}
}

/* The next octet after white space, or NUL at the end. */
static uint8_t
peek(struct parser *parser)
{
	skip_space(parser);
	return parser->at < parser->end ? *parser->at : '\0';
}

static bool
take(struct parser *parser, uint8_t octet)
{
	if (peek(parser) != octet || parser->at == parser->end)
		return false;
	parser->at++;
	return true;
}

/* Four hexadecimal digits, or -1. */
static int32_t
read_hex(const uint8_t *at, const uint8_t *end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value((gchar)at[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* The character of "\uXXXX" behind "\u", with its second half; *at moves. */
static bool
read_unicode(
    struct parser *parser, const uint8_t **at, const uint8_t *end, uint8_t **to)
{
	int32_t unit = read_hex(*at, end), second;
	gunichar character = (gunichar)unit;

	if (unit < 0)
		return fail(parser, "not JSON: a bad \\u escape");
	*at += 4;
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return fail(parser, "not JSON: half of a surrogate pair");
	if (unit >= 0xd800 && unit <= 0xdbff) {
		if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
			return fail(
			    parser, "not JSON: half of a surrogate pair");
		second = read_hex(*at + 2, end);
		if (second < 0xdc00 || second > 0xdfff)
			return fail(
			    parser, "not JSON: half of a surrogate pair");
		*at += 6;
		character = 0x10000 + ((gunichar)(unit - 0xd800) << 10) +
		    (gunichar)(second - 0xdc00);
	}
	/* At most 4 octets, where the escape had 6 or 12. */
	*to += g_unichar_to_utf8(character, (gchar *)*to);
	return true;
}

/* Undo the escapes of what stands between the quotes. */
static bool
unescape(struct parser *parser, struct span raw, struct span *out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	uint8_t *start = arena_alloc(parser->arena, raw.n + 1), *to = start;
	const uint8_t *at = raw.p, *end = raw.p + raw.n;

	while (at < end) {
		struct span rest = { at, (size_t)(end - at) };
		size_t n = span_find(rest, '\\');
		const char *letter;

		to = (uint8_t *)mempcpy(to, at, n);
		at += n;
		if (at == end)
			break;
		/* The scan for the closing quote has skipped what follows a
		 * backslash, so there is an octet behind it. */
		letter = memchr(letters, at[1], sizeof(letters) - 1);
		at += 2;
		if (letter != NULL)
			*to++ = (uint8_t)meant[letter - letters];
		else if (at[-1] != 'u')
			return fail(parser, "not JSON: a bad escape");
		else if (!read_unicode(parser, &at, end, &to))
			return false;
	}
	*out = (struct span){ start, (size_t)(to - start) };
	return true;
}

/* Is "raw", with escapes, how "text" is written canonically? */
static bool
is_canonical_text(struct span raw, struct span text)
{
	g_autoptr(GString) again = g_string_sized_new(raw.n + 3);
	struct json_writer writer;

	json_writer_init(&writer, again);
	json_write_text(&writer, NULL, NULL, text);
	return again->len == raw.n + 2 &&
	    memcmp(again->str + 1, raw.p, raw.n) == 0;
}

/* A string, from its opening quote on. */
static bool
read_string(struct parser *parser, struct span *out)
{
	const uint8_t *start = ++parser->at, *at = start, *end = parser->end;
	uint8_t all = 0;
	bool escaped = false;
	struct span raw;

	for (;;) {
		at += span_plain((struct span){ at, (size_t)(end - at) });
		if (at == end || *at == '"')
			break;
		if (*at < 0x20)
			return fail(
			    parser, "not JSON: a control octet in a string");
		if (*at == '\\') {
			escaped = true;
			at++;
		}
		if (at < end)
			all |= *at++;
	}
	if (at >= end)
		return fail(parser, "not JSON: a string without its end");
	parser->at = at + 1;
	raw = (struct span){ start, (size_t)(at - start) };
	if ((all & 0x80) != 0 && !text_is_utf8(raw))
		return fail(parser, "not JSON: not UTF-8");
	*out = raw;
	if (!escaped)
		return true;
	if (!unescape(parser, raw, out))
		return false;
	return !parser->canonical || is_canonical_text(raw, *out) ||
	    fail(parser, not_canonical);
}

/* Digits, one or more. */
static bool
skip_digits(struct parser *parser)
{
	const uint8_t *start = parser->at;

	while (
	    parser->at < parser->end && rfc5234_is(*parser->at, RFC5234_DIGIT))
		parser->at++;
	return parser->at > start;
}

/* Is the next octet "a" or "b"?  Then it is taken. */
static bool
skip_octet(struct parser *parser, uint8_t a, uint8_t b)
{
	if (parser->at == parser->end || (*parser->at != a && *parser->at != b))
		return false;
	parser->at++;
	return true;
}

/* The value of decimal digits with an optional minus; false when it does not
 * fit. */
static bool
read_integer(struct span text, int64_t *value_out)
{
	bool negative = text.p[0] == '-';
	int64_t value = 0;

	for (size_t i = negative ? 1 : 0; i < text.n; i++) {
		int digit = text.p[i] - '0';

		if (value < (INT64_MIN + digit) / 10)
			return false;
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*value_out = negative ? value : -value;
	return true;
}

/* An integer that every reader of JSON has exactly. */
static bool
is_canonical_number(const struct json_node *node)
{
	return node->type == JSON_NODE_INTEGER &&
	    node->integer <= JSON_INTEGER_MAX &&
	    node->integer >= -JSON_INTEGER_MAX &&
	    (node->integer != 0 || node->text.n == 1);
}

static bool
read_number(struct parser *parser, struct json_node *node)
{
	const uint8_t *start = parser->at;
	bool whole = true;

	skip_octet(parser, '-', '-');
	if (!skip_octet(parser, '0', '0') && !skip_digits(parser))
		return fail(parser, "not JSON: no value where one should be");
	if (skip_octet(parser, '.', '.')) {
		whole = false;
		if (!skip_digits(parser))
			return fail(parser, "not JSON: a bad number");
	}
	if (skip_octet(parser, 'e', 'E')) {
		whole = false;
		skip_octet(parser, '+', '-');
		if (!skip_digits(parser))
			return fail(parser, "not JSON: a bad number");
	}
	node->text = (struct span){ start, (size_t)(parser->at - start) };
	node->type = whole && read_integer(node->text, &node->integer)
	    ? JSON_NODE_INTEGER
	    : JSON_NODE_NUMBER;
	return !parser->canonical || is_canonical_number(node) ||
	    fail(parser, not_canonical);
}

static bool
read_word(struct parser *parser, struct json_node *node)
{
	static const struct {
		struct span word;
		enum json_node_type type;
	} words[] = {
		{ { (const uint8_t *)"null", 4 }, JSON_NODE_NULL },
		{ { (const uint8_t *)"false", 5 }, JSON_NODE_FALSE },
		{ { (const uint8_t *)"true", 4 }, JSON_NODE_TRUE },
	};
	struct span rest = { parser->at, (size_t)(parser->end - parser->at) };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!span_starts_with(rest, words[i].word))
			continue;
		parser->at += words[i].word.n;
		node->type = words[i].type;
		return true;
	}
	return read_number(parser, node);
}

static int
compare_names(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static bool
check_names(struct parser *parser, const struct json_node *object)
{
	struct span *names =
	    arena_alloc_array(parser->arena, object->n + 1, sizeof(*names));
	size_t n = 0;

	for (const struct json_node *member = object->first; member != NULL;
	     member = member->next)
		names[n++] = member->name;
	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 1; i < n; i++) {
		if (span_equal(names[i - 1], names[i]))
			return fail(parser, "a member is there twice");
	}
	return true;
}

static bool read_value(struct parser *parser, struct json_node *node);

static bool
read_member_name(struct parser *parser, struct span *name_out)
{
	if (peek(parser) != '"')
		return fail(parser, "not JSON: no name of a member");
	if (!read_string(parser, name_out))
		return false;
	return take(parser, ':') ||
	    fail(parser, "not JSON: no colon behind a name");
}

/* Canonical form has the members in order, so none twice. */
static bool
check_order(struct parser *parser, const struct json_node *before,
    const struct json_node *item)
{
	if (!parser->canonical)
		return true;
	if (memchr(item->name.p, 0, item->name.n) != NULL)
		return fail(parser, "a NUL in the name of a member");
	return before == NULL ||
	    json_order_spans(before->name, item->name) < 0 ||
	    fail(parser,
		span_equal(before->name, item->name) ? "a member is there twice"
						     : not_canonical);
}

/* A member or an element; "before" is the one before it, or NULL. */
static bool
read_item(struct parser *parser, bool member, const struct json_node *before,
    struct json_node *item)
{
	return (!member ||
		   (read_member_name(parser, &item->name) &&
		       check_order(parser, before, item))) &&
	    read_value(parser, item);
}

/* The elements or members, from behind the opening bracket on. */
static bool
read_items(struct parser *parser, struct json_node *node, uint8_t closing)
{
	const struct json_node **link = &node->first, *before = NULL;
	bool object = node->type == JSON_NODE_OBJECT;

	if (parser->depth == JSON_TREE_DEPTH_MAX)
		return fail(parser, "nested too deep");
	parser->depth++;
	if (!take(parser, closing)) {
		do {
			struct json_node *item =
			    arena_alloc(parser->arena, sizeof(*item));

			if (!read_item(parser, object, before, item))
				return false;
			*link = before = item;
			link = &item->next;
			node->n++;
		} while (take(parser, ','));
		if (!take(parser, closing))
			return fail(
			    parser, "not JSON: a bracket is not closed");
	}
	parser->depth--;
	return !object || parser->canonical || check_names(parser, node);
}

static bool
read_value(struct parser *parser, struct json_node *node)
{
	switch (peek(parser)) {
	case '"':
		node->type = JSON_NODE_STRING;
		return read_string(parser, &node->text);
	case '{':
		parser->at++;
		node->type = JSON_NODE_OBJECT;
		return read_items(parser, node, '}');
	case '[':
		parser->at++;
		node->type = JSON_NODE_ARRAY;
		return read_items(parser, node, ']');
	default:
		return read_word(parser, node);
	}
}

static const struct json_node *
parse(
    struct arena *arena, struct span text, bool canonical, const char **why_out)
{
	struct parser parser = { .canonical = canonical, .arena = arena };
	struct json_node *node = arena_alloc(arena, sizeof(*node));

	if (text.n == 0)
		text = SPAN("");
	parser.at = text.p;
	parser.end = text.p + text.n;
	if (read_value(&parser, node)) {
		skip_space(&parser);
		if (parser.at == parser.end)
			return node;
		fail(&parser, "not JSON: something behind the value");
	}
	*why_out = parser.why;
	return NULL;
}

const struct json_node *
json_tree_parse(struct arena *arena, struct span text, const char **why_out)
{
	return parse(arena, text, false, why_out);
}

static const struct json_node *
must_be_object(const struct json_node *node, const char **why_out)
{
	if (node == NULL || node->type == JSON_NODE_OBJECT)
		return node;
	*why_out = "not a JSON object";
	return NULL;
}

const struct json_node *
json_tree_parse_object(
    struct arena *arena, struct span line, const char **why_out)
{
	return must_be_object(parse(arena, line, false, why_out), why_out);
}

const struct json_node *
json_tree_parse_canonical(
    struct arena *arena, struct span line, const char **why_out)
{
	return must_be_object(parse(arena, line, true, why_out), why_out);
}

const struct json_node *
json_tree_get(const struct json_node *object, const char *name)
{
	struct span wanted = span_from_string(name);

	for (const struct json_node *member = object->first; member != NULL;
	     member = member->next) {
		if (span_equal(member->name, wanted))
			return member->type == JSON_NODE_NULL ? NULL : member;
	}
	return NULL;
}

bool
json_tree_is_string(const struct json_node *node)
{
	return node != NULL && node->type == JSON_NODE_STRING;
}
