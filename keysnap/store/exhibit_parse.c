/*
 * exhibit_parse.c - reading exhibits.  Each line is read as canonical JSON,
 * so that there is one spelling; then line by line in the one order there is.
 */
#include "keysnap/store/exhibit.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/json.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

struct parser {
	struct exhibit *exhibit;
	struct arena *arena;
	const struct crypto *crypto;
	struct span rest;
	json_t *line; /* the one looked at, or NULL at the end */
	const char *why;
	GArray *entries, *files, *pieces;
	size_t evidence; /* octets so far */
};

static bool
refuse(struct parser *parser, const char *why)
{
	if (parser->why == NULL)
		parser->why = why;
	return false;
}

/* Look at the next line. */
static bool
advance(struct parser *parser)
{
	size_t end = span_find(parser->rest, '\n');
	const char *why;

	json_decref(parser->line);
	parser->line = NULL;
	if (parser->rest.n == 0)
		return true;
	if (end == parser->rest.n)
		return refuse(parser, "it does not end with a line feed");
	parser->line = json_parse_line(
	    parser->arena, span_sub(parser->rest, 0, end), true, &why);
	parser->rest = span_from(parser->rest, end + 1);
	return parser->line != NULL || refuse(parser, why);
}

/* Is the line of this type, with as many members? */
static bool
is_type(const struct parser *parser, const char *type, size_t members)
{
	const char *got =
	    json_string_value(json_object_get(parser->line, "type"));

	return got != NULL && strcmp(got, type) == 0 &&
	    json_object_size(parser->line) == members;
}

/* A member that is a string; its octets, in the arena. */
static bool
get_text(struct parser *parser, const json_t *value, struct span *text_out)
{
	if (!json_is_string(value))
		return refuse(parser, "a member is missing, or no text");
	*text_out = arena_copy(parser->arena,
	    (struct span){ (const uint8_t *)json_string_value(value),
		json_string_length(value) });
	return true;
}

static bool
get_member(struct parser *parser, const char *name, struct span *text_out)
{
	return get_text(parser, json_object_get(parser->line, name), text_out);
}

static bool
get_octets(struct parser *parser, struct span *octets_out)
{
	struct span text;

	return get_member(parser, "octets", &text) &&
	    (base64_decode_strict(parser->arena, text, octets_out) ||
		refuse(parser, "octets that are not in base64"));
}

static bool
parse_left_out(struct parser *parser)
{
	const json_t *list = json_object_get(parser->line, "left_out");
	struct exhibit *exhibit = parser->exhibit;
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > EXHIBIT_PIECES_MAX)
		return refuse(parser, "no list of what was left out");
	exhibit->left_out = arena_alloc_array(parser->arena, n + 1, 32);
	for (size_t i = 0; i < n; i++) {
		struct span hex;

		if (!get_text(parser, json_array_get(list, i), &hex) ||
		    !digest_from_hex(hex, exhibit->left_out[i]))
			return refuse(parser, "a digest that is none");
	}
	exhibit->n_left_out = n;
	return true;
}

static bool
parse_head(struct parser *parser)
{
	struct span format, name, canonical;

	if (!is_type(parser, "exhibit", 4) ||
	    !get_member(parser, "format", &format) ||
	    !span_equal(format, SPAN("keysnap-exhibit 1")))
		return refuse(parser, "it is not a keysnap-exhibit 1");
	if (!get_member(parser, "name", &name) || !parse_left_out(parser))
		return false;
	if (dns_name_canonical(parser->arena, name, &canonical) !=
		DNS_NAME_OK ||
	    !span_equal(name, canonical))
		return refuse(parser, "its name is none");
	parser->exhibit->name = name;
	return advance(parser);
}

static bool
parse_checkpoint(struct parser *parser)
{
	struct exhibit *exhibit = parser->exhibit;
	const char *why;

	if (!is_type(parser, "checkpoint", 2) ||
	    !get_member(parser, "text", &exhibit->checkpoint_octets))
		return refuse(parser, "its second line is no checkpoint");
	return (checkpoint_parse(&exhibit->checkpoint, parser->arena,
		    parser->crypto, exhibit->checkpoint_octets, &why) ||
		   refuse(parser, why)) &&
	    advance(parser);
}

static bool
parse_proof(struct parser *parser, struct proof *proof)
{
	const json_t *list = json_object_get(parser->line, "proof");

	proof->n = 0;
	if (!json_is_array(list))
		return refuse(parser, "an entry without proof");
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct span line;

		if (!get_text(parser, json_array_get(list, i), &line) ||
		    !proof_add_line(proof, line))
			return refuse(parser, "a proof that is none");
	}
	return true;
}

static bool
parse_entry(struct parser *parser)
{
	const json_t *number = json_object_get(parser->line, "number");
	struct exhibit_entry entry = { .number = 0 };
	guint n = parser->entries->len;

	if (n == EXHIBIT_ENTRIES_MAX)
		return refuse(parser, "too many entries");
	if (!json_is_integer(number) || json_integer_value(number) < 0)
		return refuse(parser, "an entry without number");
	entry.number = (uint64_t)json_integer_value(number);
	if (n == 0 ? entry.number != 0
		   : entry.number <=
		    g_array_index(parser->entries, struct exhibit_entry, n - 1)
			.number)
		return refuse(parser,
		    "its entries do not begin with entry 0, or are not in "
		    "order");
	if (!get_member(parser, "leaf", &entry.leaf) ||
	    !parse_proof(parser, &entry.proof))
		return false;
	g_array_append_val(parser->entries, entry);
	return advance(parser);
}

static bool
parse_seal(struct parser *parser)
{
	struct seal_file file;
	struct span name;
	guint n = parser->files->len;

	if (n == SEAL_FILES_MAX)
		return refuse(parser, "too many seals");
	if (!get_member(parser, "file", &name) ||
	    !get_octets(parser, &file.octets))
		return false;
	/* The name came from JSON that holds no NUL, into the arena, which
	 * puts one behind it. */
	file.name = (const char *)name.p;
	if (seal_number(file.name) == 0 || file.octets.n > SEAL_FILE_MAX ||
	    (n > 0 &&
		strcmp(
		    g_array_index(parser->files, struct seal_file, n - 1).name,
		    file.name) >= 0))
		return refuse(parser, "a seal that is none, or out of order");
	g_array_append_val(parser->files, file);
	return advance(parser);
}

static bool
parse_piece(struct parser *parser)
{
	struct exhibit_piece piece;
	struct span hex;

	if (parser->pieces->len == EXHIBIT_PIECES_MAX)
		return refuse(parser, "too many pieces of evidence");
	if (!get_octets(parser, &piece.octets) ||
	    !get_member(parser, "sha256", &hex))
		return false;
	if (!digest_from_hex(hex, piece.sha256))
		return refuse(parser, "a digest that is none");
	parser->evidence += piece.octets.n;
	if (parser->evidence > EXHIBIT_EVIDENCE_MAX)
		return refuse(parser, "too much evidence");
	g_array_append_val(parser->pieces, piece);
	return advance(parser);
}

static bool
parse_lines(struct parser *parser)
{
	if (!advance(parser) || !parse_head(parser) ||
	    !parse_checkpoint(parser))
		return false;
	while (is_type(parser, "entry", 4)) {
		if (!parse_entry(parser))
			return false;
	}
	while (is_type(parser, "seal", 3)) {
		if (!parse_seal(parser))
			return false;
	}
	while (is_type(parser, "evidence", 3)) {
		if (!parse_piece(parser))
			return false;
	}
	if (parser->line != NULL)
		return refuse(parser, "a line that has no place there");
	return parser->entries->len > 0 || refuse(parser, "it has no entries");
}

/* Elements of "array", in the arena. */
static void *
keep(struct parser *parser, GArray *array, size_t size, size_t *n_out)
{
	void *copy = arena_alloc_array(parser->arena, array->len + 1, size);

	if (array->len > 0)
		memcpy(copy, array->data, array->len * size);
	*n_out = array->len;
	return copy;
}

bool
exhibit_parse(struct exhibit *exhibit, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out)
{
	struct parser parser = {
		.exhibit = exhibit,
		.arena = arena,
		.crypto = crypto,
		.rest = octets,
		.entries =
		    g_array_new(FALSE, FALSE, sizeof(struct exhibit_entry)),
		.files = g_array_new(FALSE, FALSE, sizeof(struct seal_file)),
		.pieces =
		    g_array_new(FALSE, FALSE, sizeof(struct exhibit_piece)),
	};
	bool ok;

	memset(exhibit, 0, sizeof(*exhibit));
	ok = octets.n <= EXHIBIT_MAX ? parse_lines(&parser)
				     : refuse(&parser, "too long");
	exhibit->entries = keep(&parser, parser.entries,
	    sizeof(*exhibit->entries), &exhibit->n_entries);
	exhibit->seals.files = keep(&parser, parser.files,
	    sizeof(*exhibit->seals.files), &exhibit->seals.n);
	exhibit->pieces = keep(&parser, parser.pieces, sizeof(*exhibit->pieces),
	    &exhibit->n_pieces);
	json_decref(parser.line);
	g_array_unref(parser.entries);
	g_array_unref(parser.files);
	g_array_unref(parser.pieces);
	*why_out = parser.why;
	return ok;
}
