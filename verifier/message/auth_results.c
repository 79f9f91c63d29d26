/*
 * auth_results.c - the grammar of RFC 8601 section 2.2.
 *
 * The field is read from left to right.  Every function that returns false
 * has set the defect, or its caller does; nothing is read behind one.
 * Words are runs of what is no white space, comment, quote or ";": whether
 * they are the tokens that the grammar wants is looked at afterwards.
 */
#include "verifier/message/auth_results.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/message/auth_words.h"

struct parser {
	struct span rest;
	const uint8_t *start;
	struct arena *arena;
	struct auth_results *out;
	struct auth_property *properties; /* room for those of all results */
	size_t n_properties;
};

/* Stop: false, so that a caller can end with it. */
static bool
stop(struct parser *parser, enum auth_defect defect)
{
	if (parser->out->defect == AUTH_NO_DEFECT) {
		parser->out->defect = defect;
		parser->out->bad_at = (size_t)(parser->rest.p - parser->start);
	}
	return false;
}

static void
take_liberty(struct parser *parser, enum auth_liberty liberty)
{
	parser->out->liberties |= liberty;
}

static int
peek(const struct parser *parser)
{
	return parser->rest.n > 0 ? parser->rest.p[0] : -1;
}

static bool
at_end(const struct parser *parser)
{
	return parser->rest.n == 0 || parser->rest.p[0] == ';';
}

/* The next "n" octets. */
static struct span
take(struct parser *parser, size_t n)
{
	struct span taken = span_sub(parser->rest, 0, n);

	parser->rest = span_from(parser->rest, n);
	return taken;
}

static bool
accept(struct parser *parser, uint8_t octet)
{
	if (peek(parser) != octet)
		return false;
	take(parser, 1);
	return true;
}

static bool
skip_cfws(struct parser *parser)
{
	for (;;) {
		enum auth_defect defect;
		size_t n;

		take(parser, auth_fws_length(parser->rest));
		if (peek(parser) != '(')
			return true;
		n = auth_comment_length(parser->rest, &defect);
		if (n == 0)
			return stop(parser, defect);
		take(parser, n);
	}
}

/* "n" octets that were found to be a word or name; false: none, or too long. */
static bool
take_word(struct parser *parser, size_t n, struct span *word_out)
{
	if (n > AUTH_WORD_MAX)
		return stop(parser, AUTH_LONG_WORD);
	*word_out = take(parser, n);
	return n > 0;
}

/* Why no word begins here. */
static bool
refuse_octet(struct parser *parser, enum auth_defect defect)
{
	int octet = peek(parser);

	if (octet >= 0 &&
	    !rfc5234_is((uint8_t)octet, RFC5234_VCHAR | RFC5234_UTF8))
		defect = AUTH_BAD_OCTET;
	return stop(parser, defect);
}

/* A name: octets of a token, without ".".  A property may have dots. */
static bool
take_name(struct parser *parser, bool dots, struct span *name_out)
{
	if (!take_word(parser, auth_name_length(parser->rest, dots), name_out))
		return refuse_octet(parser, AUTH_NO_NAME);
	if (!auth_is_keyword(*name_out))
		take_liberty(parser, AUTH_ODD_NAME);
	return true;
}

static bool
take_quoted(struct parser *parser, struct span *value_out)
{
	size_t n = auth_quoted_length(parser->rest);
	struct span quoted;

	if (n == 0)
		return stop(parser, AUTH_BAD_QUOTED);
	if (!take_word(parser, n, &quoted))
		return false;
	*value_out = auth_quoted_decode(
	    parser->arena, span_sub(quoted, 1, quoted.n - 2));
	return true;
}

/* A word that a quote cuts is one of which nobody knows where it ends. */
static bool
take_run(struct parser *parser, struct span *run_out)
{
	return take_word(parser, auth_run_length(parser->rest), run_out) &&
	    (peek(parser) != '"' || stop(parser, AUTH_BAD_QUOTED));
}

/* value, where it is not one that had to be quoted */
static bool
take_value(struct parser *parser, struct span *value_out)
{
	if (peek(parser) == '"')
		return take_quoted(parser, value_out);
	if (!take_run(parser, value_out))
		return refuse_octet(parser, AUTH_NO_NAME);
	if (!auth_is_value(*value_out))
		take_liberty(parser, AUTH_ODD_VALUE);
	return true;
}

/* A word that says nothing, up to ";" or the end. */
static bool
skip_stray(struct parser *parser)
{
	unsigned liberties = parser->out->liberties;
	struct span word;

	if (!take_value(parser, &word) || !skip_cfws(parser))
		return false;
	parser->out->liberties = liberties;
	if (!at_end(parser))
		return refuse_octet(parser, AUTH_NO_EQUALS);
	take_liberty(parser, AUTH_STRAY_WORD);
	return true;
}

/* ---- results -------------------------------------------------------------- */

static bool
has_value(struct parser *parser, struct span *value_out)
{
	*value_out = span_sub(parser->rest, 0, 0);
	if (at_end(parser))
		take_liberty(parser, AUTH_NO_VALUE);
	return !at_end(parser);
}

/* A quoted local part, with its domain. */
static bool
take_quoted_pvalue(struct parser *parser, struct span *value_out)
{
	const uint8_t *start = parser->rest.p;
	struct span domain;

	if (!take_quoted(parser, value_out))
		return false;
	if (peek(parser) != '@')
		return true;
	if (!take_run(parser, &domain))
		return false;
	*value_out = auth_unfold(parser->arena,
	    (struct span){ start, (size_t)(domain.p + domain.n - start) });
	return true;
}

/*
 * pvalue = [CFWS] ( value / [ [ local-part ] "@" ] domain-name ) [CFWS]
 *
 * Behind white space only what the grammar wants is a value: there is none in
 * "header.d= header.b=abc/d", where the next word is a property.
 */
static bool
take_pvalue(struct parser *parser, struct span *value_out)
{
	const uint8_t *equals = parser->rest.p;
	struct span run;

	if (!skip_cfws(parser))
		return false;
	if (!has_value(parser, value_out))
		return true;
	if (peek(parser) == '"')
		return take_quoted_pvalue(parser, value_out);
	run = span_sub(parser->rest, 0, auth_run_length(parser->rest));
	if (parser->rest.p != equals && !auth_is_value(run)) {
		take_liberty(parser, AUTH_NO_VALUE);
		return true;
	}
	return take_value(parser, value_out);
}

/* Where the next property of "result" goes; NULL when it has enough. */
static struct auth_property *
next_property(struct parser *parser, struct auth_result *result)
{
	if (result->n_properties == AUTH_PROPERTIES_MAX) {
		result->left_out++;
		return NULL;
	}
	result->n_properties++;
	return &parser->properties[parser->n_properties++];
}

static void
add_property(struct parser *parser, struct auth_result *result,
    const struct auth_property *property)
{
	struct auth_property *next;

	if (property->ptype.p == NULL && result->reason.p == NULL &&
	    span_equal_nocase(property->name, SPAN("reason"))) {
		if (result->n_properties > 0)
			take_liberty(parser, AUTH_LATE_REASON);
		result->reason = property->value;
		return;
	}
	if (property->ptype.p == NULL)
		take_liberty(parser, AUTH_BARE_PROPERTY);
	next = next_property(parser, result);
	if (next != NULL)
		*next = *property;
}

/* propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue; and
 * reasonspec, which is the same without ptype. */
static bool
take_property(struct parser *parser, struct auth_result *result)
{
	struct auth_property property = { .ptype = { NULL, 0 } };

	if (!take_name(parser, false, &property.name) || !skip_cfws(parser))
		return false;
	if (accept(parser, '.')) {
		property.ptype = property.name;
		if (!skip_cfws(parser) ||
		    !take_name(parser, true, &property.name) ||
		    !skip_cfws(parser))
			return false;
	}
	if (!accept(parser, '='))
		return refuse_octet(parser, AUTH_NO_EQUALS);
	if (!take_pvalue(parser, &property.value))
		return false;
	add_property(parser, result, &property);
	return true;
}

/* method = Keyword [ [CFWS] "/" [CFWS] method-version ] */
static bool
take_method(struct parser *parser, struct auth_result *result)
{
	size_t n;

	if (!take_name(parser, false, &result->method) || !skip_cfws(parser))
		return false;
	if (!accept(parser, '/'))
		return true;
	if (!skip_cfws(parser))
		return false;
	n = auth_digits_length(parser->rest);
	if (!take_word(parser, n, &result->version))
		return refuse_octet(parser, AUTH_NO_NAME);
	return skip_cfws(parser);
}

/* What follows "=" of a method. */
static bool
take_outcome(struct parser *parser, struct auth_result *result)
{
	if (!skip_cfws(parser))
		return false;
	if (has_value(parser, &result->result)) {
		if (!take_run(parser, &result->result))
			return refuse_octet(parser, AUTH_NO_NAME);
		if (!auth_is_keyword(result->result) ||
		    span_find(result->result, '.') < result->result.n)
			take_liberty(parser, AUTH_ODD_NAME);
	}
	while (skip_cfws(parser)) {
		if (at_end(parser))
			return true;
		if (!take_property(parser, result))
			return false;
	}
	return false;
}

static void
add_result(struct parser *parser, struct auth_result *result,
    struct auth_property *properties)
{
	struct auth_results *out = parser->out;

	if (out->n == AUTH_RESULTS_MAX) {
		parser->n_properties -= result->n_properties;
		out->left_out++;
		return;
	}
	result->properties = properties;
	out->results[out->n++] = *result;
}

/* resinfo = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ],
 * from the method on; or a word without "=". */
static bool
take_result(struct parser *parser)
{
	struct span before = parser->rest;
	struct auth_property *properties =
	    parser->properties + parser->n_properties;
	struct auth_result result = { .properties = NULL };
	unsigned liberties = parser->out->liberties;

	if (!take_method(parser, &result))
		return false;
	if (accept(parser, '=')) {
		if (!take_outcome(parser, &result))
			return false;
		add_result(parser, &result, properties);
		return true;
	}
	if (at_end(parser) && result.version.p == NULL &&
	    span_equal_nocase(result.method, SPAN("none"))) {
		parser->out->none = true;
		return true;
	}
	parser->rest = before;
	parser->out->liberties = liberties;
	return skip_stray(parser);
}

static bool
take_results(struct parser *parser)
{
	while (parser->rest.n > 0) {
		if (!accept(parser, ';'))
			return refuse_octet(parser, AUTH_NO_EQUALS);
		if (!skip_cfws(parser))
			return false;
		if (at_end(parser))
			take_liberty(parser, AUTH_EMPTY_RESULT);
		else if (!take_result(parser))
			return false;
	}
	return true;
}

/* ---- the field ------------------------------------------------------------ */

/* instance = [CFWS] "i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS] ";" */
static bool
take_instance(struct parser *parser)
{
	size_t n;

	if (!skip_cfws(parser))
		return false;
	if (!accept(parser, 'i') || !skip_cfws(parser) ||
	    !accept(parser, '=') || !skip_cfws(parser))
		return stop(parser, AUTH_BAD_INSTANCE);
	n = auth_digits_length(parser->rest);
	if (n < 1 || n > 2)
		return stop(parser, AUTH_BAD_INSTANCE);
	for (size_t i = 0; i < n; i++)
		parser->out->instance = parser->out->instance * 10 +
		    (unsigned)(parser->rest.p[i] - '0');
	take(parser, n);
	if (parser->out->instance == 0 || !skip_cfws(parser) ||
	    !accept(parser, ';'))
		return stop(parser, AUTH_BAD_INSTANCE);
	return true;
}

/* Does a result stand where the authserv-id should? */
static bool
is_result(struct parser *parser, struct span server)
{
	return span_find(server, '=') < server.n || peek(parser) == '=';
}

/* authserv-id [ CFWS authres-version ], or the first result without it. */
static bool
take_head(struct parser *parser)
{
	struct auth_results *out = parser->out;
	struct span before = parser->rest;
	unsigned liberties = out->liberties;
	size_t n;

	if (!take_value(parser, &out->server) || !skip_cfws(parser))
		return false;
	if (before.p[0] != '"' && is_result(parser, out->server)) {
		out->server = (struct span){ NULL, 0 };
		out->liberties = liberties | AUTH_NO_SERVER;
		parser->rest = before;
		return take_result(parser);
	}
	n = auth_digits_length(parser->rest);
	if (n > 0 && n == auth_run_length(parser->rest) &&
	    (!take_word(parser, n, &out->version) || !skip_cfws(parser)))
		return false;
	return at_end(parser) || skip_stray(parser);
}

static bool
take_field(struct parser *parser, bool arc)
{
	if ((arc && !take_instance(parser)) || !skip_cfws(parser))
		return false;
	if (parser->rest.n == 0)
		return stop(parser, AUTH_EMPTY);
	if (peek(parser) == ';')
		take_liberty(parser, AUTH_NO_SERVER);
	else if (!take_head(parser))
		return false;
	if (!take_results(parser))
		return false;
	if (parser->out->n == 0 && !parser->out->none)
		take_liberty(parser, AUTH_NO_RESULTS);
	if (parser->out->n > 0 && parser->out->none)
		take_liberty(parser, AUTH_NONE_BESIDE);
	return true;
}

void
auth_results_parse(struct auth_results *results, struct arena *arena,
    struct span value, bool arc)
{
	struct parser parser = {
		.rest = value, .start = value.p, .arena = arena, .out = results
	};
	size_t most = auth_count(value, '=');

	*results = (struct auth_results){ .defect = AUTH_NO_DEFECT };
	results->results = arena_alloc_array(
	    arena, MIN(most, AUTH_RESULTS_MAX), sizeof(*results->results));
	/* Of one that is left out the properties are forgotten again. */
	parser.properties = arena_alloc_array(arena,
	    MIN(most, (AUTH_RESULTS_MAX + 1) * AUTH_PROPERTIES_MAX),
	    sizeof(*parser.properties));
	take_field(&parser, arc);
}
