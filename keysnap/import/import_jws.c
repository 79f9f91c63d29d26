/*
 * import_jws.c - signed statements of an archive (store/statement.h): a JSON
 * list of compact JWS, or one on each line.
 *
 * Only a statement that is verified here, under a key of the file that the
 * user gave and from the issuer that the user named, becomes an observation;
 * any other is a bad line.  It and the key are kept as evidence.
 */
#include "keysnap/import/import_document.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/import_stream.h"
#include "keysnap/key/jws.h"
#include "keysnap/store/statement.h"

#include <errno.h>

struct statements {
	struct arena *arena;
	const struct import_options *options;
	const struct import_output *output;
	json_t *keys; /* the JWK set */
};

/* The key that "jws" names, when it is the one that signed it. */
static const char *
find_key(const struct statements *statements, const struct jws *jws,
    const json_t **object_out, uint8_t signer_out[32])
{
	const struct crypto *crypto = statements->options->crypto;
	const char *fault;
	struct jwk jwk;

	*object_out = jwk_set_get(statements->keys, jws->key_id, &fault);
	if (*object_out == NULL)
		return fault;
	if (jwk_read(&jwk, statements->arena, crypto, *object_out, &fault)) {
		memcpy(signer_out, jwk.sha256, 32);
		fault = jws_verify(jws, &jwk, crypto)
		    ? NULL
		    : "its signature does not hold";
	}
	jwk_clear(&jwk);
	return fault;
}

/* Keep the statement and the key; their digests are the evidence. */
static const char *
keep(const struct statements *statements, struct span text,
    const json_t *object, struct entry_observation *observation)
{
	const struct import_output *output = statements->output;
	uint8_t(*digests)[32] =
	    arena_alloc_array(statements->arena, 2, sizeof(*digests));
	g_autoptr(GString) key = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, key);
	if (!json_write_value(&writer, NULL, object))
		return "a key that cannot be written as canonical JSON";
	output->evidence(output->user, text, digests[0]);
	output->evidence(output->user,
	    (struct span){ (const uint8_t *)key->str, key->len }, digests[1]);
	observation->evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])digests, 2 };
	return NULL;
}

static void
fill(const struct statements *statements, const struct statement *statement,
    struct entry_observation *observation)
{
	observation->name = statement->name;
	observation->kind = OBSERVATION_PRESENT;
	observation->strings = &statement->value;
	observation->n_strings = 1;
	observation->joined = JOIN_SOURCE;
	observation->first = statement->first;
	observation->last = statement->last;
	observation->precision = TIMESTAMP_SECOND;
	observation->time_kind = TIME_CLAIMED;
	observation->method = SPAN(STATEMENT_METHOD);
	observation->record = statement->record;
	if (!span_equal(statement->issuer, statements->options->observer))
		observation->observer = statement->issuer;
	observation->has_signer = true;
	observation->ttl = -1;
}

static const char *
take(const struct statements *statements, struct span text,
    struct entry_observation *observation)
{
	struct statement statement;
	const json_t *object;
	const char *fault;
	struct jws jws;

	if (!jws_parse(&jws, statements->arena, text, &fault))
		return fault;
	fault = find_key(statements, &jws, &object, observation->signer);
	if (fault != NULL)
		return fault;
	if (!statement_read(&statement, statements->arena, jws.payload, &fault))
		return fault;
	if (!span_equal(statement.issuer, statements->options->issuer))
		return "a statement of another issuer than --issuer says";
	fill(statements, &statement, observation);
	fault = keep(statements, text, object, observation);
	if (fault == NULL)
		statements->output->observation(
		    statements->output->user, observation);
	return fault;
}

static void
take_at(const struct statements *statements, struct span text, uint64_t line,
    uint64_t item)
{
	struct entry_observation observation = { .line = line, .item = item };
	const char *fault = take(statements, text, &observation);

	if (fault != NULL)
		statements->output->bad(
		    statements->output->user, line + item, fault);
	arena_reset(statements->arena);
}

static bool
read_lines(const struct statements *statements, FILE *stream, const char *path,
    GError **error)
{
	struct import_lines lines;
	struct span line;
	bool failed;

	import_lines_init(&lines, stream);
	while (import_lines_next(&lines, &line)) {
		line = span_trim_wsp(line);
		if (lines.too_long)
			statements->output->bad(statements->output->user,
			    lines.number, "line too long");
		else if (line.n > 0)
			take_at(statements, line, lines.number, 0);
	}
	failed = import_lines_failed(&lines, path, error);
	import_lines_clear(&lines);
	return !failed;
}

static bool
read_list(const struct statements *statements, FILE *stream, const char *path,
    GError **error)
{
	json_t *document = import_document_read(stream, path, error);

	for (size_t i = 0; i < json_array_size(document); i++) {
		const json_t *value = json_array_get(document, i);
		/* What is no string is an empty one, and so no JWS. */
		struct span text = { (const uint8_t *)json_string_value(value),
			json_string_length(value) };

		take_at(statements, text, 0, i + 1);
	}
	json_decref(document);
	return document != NULL;
}

/* The list of a document begins with "[". */
static bool
read_any(const struct statements *statements, FILE *stream, const char *path,
    GError **error)
{
	uint8_t first = 0;
	struct span head = { &first, fread(&first, 1, 1, stream) };
	FILE *whole = import_stream_open(stream, head);
	bool ok;

	if (whole == NULL) {
		import_set_read_error(error, path, errno);
		return false;
	}
	ok = (first == '[' ? read_list : read_lines)(
	    statements, whole, path, error);
	fclose(whole);
	return ok;
}

static bool
read_jws(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct statements statements = { arena, options, output, .keys = NULL };
	bool ok;

	if (options->jwks.n == 0 || options->issuer.n == 0)
		return import_document_refuse(
		    path, "signed statements need --jwks and --issuer", error);
	statements.keys = json_loadb((const char *)options->jwks.p,
	    options->jwks.n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_array(json_object_get(statements.keys, "keys"))) {
		json_decref(statements.keys);
		return import_document_refuse(
		    path, "the file of --jwks is no JWK set", error);
	}
	ok = read_any(&statements, stream, path, error);
	json_decref(statements.keys);
	return ok;
}

static bool
recognise_jws(struct span start)
{
	start = span_trim_fws(start);
	if (span_starts_with(start, SPAN("[")))
		start = span_trim_fws(span_from(start, 1));
	if (span_starts_with(start, SPAN("\"")))
		start = span_from(start, 1);
	/* "{" and a quote, in base64url */
	return span_starts_with(start, SPAN("eyJ"));
}

const struct importer import_jws = {
	.name = "jws",
	.description = "signed statements of an archive, verified under a key "
		       "of --jwks",
	.recognise = recognise_jws,
	.read = read_jws,
};
