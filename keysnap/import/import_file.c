/*
 * import_file.c - one file into the store, whole or not at all.
 *
 * The file is never held in memory to be parsed: a first pass hashes it, a
 * second one parses and hashes it again, and both must agree.  DNSSEC records
 * that are text are read in a third, of files that have signatures.
 */
#include "keysnap/base/file.h"
#include "keysnap/import/import_chains.h"
#include "keysnap/import/import_input.h"
#include "keysnap/import/import_keys.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/importer.h"
#include "keysnap/import/table_map.h"
#include "keysnap/store/pack.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* One import under way. */
struct import {
	struct store *store;
	const struct crypto *crypto;
	const struct import_request *request;
	void (*complain)(void *user, uint64_t line, const char *reason);
	void *user;
	struct import_result *result;
	GString *leaf;
	GError *error; /* of the store, while lines are still coming */
	struct import_chains chains;
	struct import_keys *keys; /* once somebody asked for them */
	uint64_t said;            /* an entry that says what an annotation would
				     have said again, or ENTRY_NONE */
};

static void
take_bad(void *user, uint64_t line, const char *reason)
{
	struct import *import = user;

	if (import->result->bad++ < IMPORT_COMPLAINTS_MAX)
		import->complain(import->user, line, reason);
}

static void
take_observation(void *user, const struct entry_observation *observation)
{
	struct import *import = user;
	struct entry entry = { .type = ENTRY_OBSERVATION,
		.observation = *observation };
	GError *error = NULL;
	uint64_t number;

	if (import->error != NULL)
		return;
	entry.observation.source = import->result->source;
	if (store_append(import->store, &entry, &number, &error)) {
		import->result->observations++;
	} else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_INTEGRITY)) {
		take_bad(import, MAX(observation->line, observation->item),
		    error->message);
		g_error_free(error);
	} else {
		import->error = error;
	}
}

static void
take_other(void *user, uint64_t line)
{
	struct import *import = user;

	(void)line;
	import->result->others++;
}

static void
take_evidence(void *user, struct span octets, uint8_t sha256_out[32])
{
	struct import *import = user;

	digest_sha256(import->crypto, octets, sha256_out);
	if (import->error == NULL)
		store_add_evidence(
		    import->store, sha256_out, octets, &import->error);
}

static bool
knows_key(void *user, const uint8_t sha256[32])
{
	struct import *import = user;

	if (import->keys == NULL && import->error == NULL)
		import->keys = import_keys_new(
		    import->store, import->crypto, &import->error);
	return import->keys != NULL && import_keys_has(import->keys, sha256);
}

static void
take_annotation(void *user, const struct entry_annotation *annotation)
{
	struct import *import = user;
	struct entry entry = { .type = ENTRY_ANNOTATION,
		.annotation = *annotation };
	uint64_t number;

	if (import->error != NULL)
		return;
	number = import_keys_said(import->keys, annotation);
	if (number != ENTRY_NONE) {
		import->said = number;
		return;
	}
	entry.annotation.made = import->request->imported;
	entry.annotation.operator= import->request->operator;
	if (store_append(import->store, &entry, &number, &import->error))
		import->result->annotations++;
}

static void
take_record(void *user, const struct ldns_struct_rr *record)
{
	struct import *import = user;

	import_chains_take(&import->chains, record);
}

/* What the second pass took. */
static void
pass_observation(void *user, const struct entry_observation *observation)
{
	(void)user;
	(void)observation;
}

static void
pass_bad(void *user, uint64_t line, const char *reason)
{
	(void)user;
	(void)line;
	(void)reason;
}

static void
pass_other(void *user, uint64_t line)
{
	(void)user;
	(void)line;
}

static void
pass_evidence(void *user, struct span octets, uint8_t sha256_out[32])
{
	struct import *import = user;

	digest_sha256(import->crypto, octets, sha256_out);
}

static bool
knows_none(void *user, const uint8_t sha256[32])
{
	(void)user;
	(void)sha256;
	return false;
}

static void
pass_annotation(void *user, const struct entry_annotation *annotation)
{
	(void)user;
	(void)annotation;
}

/* Add a field to what an import is known by, with its length, so that no two
 * lists of fields are the same octets. */
static void
add_field(GString *out, struct span field)
{
	g_string_append_printf(out, "%zu:", field.n);
	g_string_append_len(out, (const char *)field.p, (gssize)field.n);
}

static void
import_id(const struct import_request *request, const struct crypto *crypto,
    const uint8_t sha256[32], uint8_t id_out[32])
{
	const struct import_options *options = &request->options;
	g_autoptr(GString) text = g_string_new("keysnap-import 1 ");

	add_field(text, (struct span){ sha256, 32 });
	add_field(text, span_from_string(request->importer->name));
	add_field(text, options->observer);
	add_field(text, options->origin);
	g_string_append_printf(text, "%d:%" PRId64 ":%s", options->no_time,
	    options->observed_at, timestamp_precision_name(options->precision));
	if (options->file_time)
		g_string_append(text, ":file");
	if (options->jwks.n > 0) {
		add_field(text, options->jwks);
		add_field(text, options->issuer);
	}
	if (options->map != NULL)
		add_field(text, options->map->text);
	if (request->lineage.n > 0)
		g_string_append(text, ":lineage");
	for (size_t i = 0; i < request->lineage.n; i++)
		add_field(text, request->lineage.items[i]);
	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, id_out);
}

static bool
add_source(struct import *import, const uint8_t sha256[32], uint64_t size,
    GError **error)
{
	const struct import_request *request = import->request;
	g_autofree char *base = g_path_get_basename(request->path);
	uint8_t digest[1][32];
	struct entry_source source = {
		.file = span_from_string(base),
		.format = span_from_string(request->importer->name),
		.observer = request->options.observer,
		.operator= request->operator,
		.tool = SPAN("keysnap " PROGRAM_VERSION),
		.lineage = request->lineage,
		.imported = request->imported,
		.size = size,
		.evidence = (const uint8_t(*)[32])digest,
		.n_evidence = import->result->evidence_kept ? 1 : 0,
	};

	memcpy(source.sha256, sha256, 32);
	memcpy(digest[0], sha256, 32);
	g_string_truncate(import->leaf, 0);
	entry_write_source(import->leaf, &source);
	return store_add(import->store,
	    (struct span){
		(const uint8_t *)import->leaf->str, import->leaf->len },
	    (struct span){ NULL, 0 }, &import->result->source, error);
}

static bool
set_changed(GError **error, const char *path)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s changed while it was read", path);
	return false;
}

/* Read the whole file, which must be the one of the first pass. */
static bool
read_pass(struct import *import, struct import_input *input,
    const struct import_output *output, const uint8_t sha256[32], uint64_t size,
    GError **error)
{
	FILE *stream = import_input_begin(input, error);
	struct import_options options = import->request->options;
	uint8_t again[32];
	uint64_t size_again;
	bool ok;

	if (stream == NULL)
		return false;
	options.crypto = import->crypto;
	ok = import->request->importer->read(
	    stream, input->path, &options, output, error);
	if (!import_input_end(input, ok, error))
		return false;
	if (ok && import->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&import->error));
		ok = false;
	}
	if (!ok || !import_input_finish(input, again, &size_again, error))
		return false;
	return (size_again == size && memcmp(again, sha256, 32) == 0) ||
	    set_changed(error, input->path);
}

static bool
parse_file(struct import *import, struct import_input *input,
    const uint8_t sha256[32], uint64_t size, GError **error)
{
	bool is_signed = false;
	const struct import_output output = { import, take_observation,
		take_bad, take_other, take_evidence, knows_key, take_annotation,
		take_record, &is_signed };
	const struct import_output records = { import, pass_observation,
		pass_bad, pass_other, pass_evidence, knows_none,
		pass_annotation, take_record, NULL };

	if (!read_pass(import, input, &output, sha256, size, error))
		return false;
	if (!is_signed)
		return true;
	/* Those of the second pass come again. */
	import_chains_clear(&import->chains);
	import_chains_init(&import->chains);
	return read_pass(import, input, &records, sha256, size, error);
}

/* The file itself, into the store. */
static bool
keep_file(struct import *import, const struct import_input *input,
    const struct crypto *crypto, const uint8_t sha256[32], uint64_t size,
    GError **error)
{
	g_autofree uint8_t *octets = g_malloc((size_t)size + 1);
	struct span blob = { octets, (size_t)size };
	uint8_t found[32];

	if (!file_read_at(input->fd, input->path, octets, blob.n, 0, error))
		return false;
	digest_sha256(crypto, blob, found);
	if (memcmp(found, sha256, 32) != 0)
		return set_changed(error, input->path);
	return store_add_evidence(import->store, sha256, blob, error);
}

/* Everything between begin and commit.  False without an error when lines
 * were bad. */
static bool
fill_transaction(struct import *import, struct import_input *input,
    const struct crypto *crypto, const uint8_t sha256[32], uint64_t size,
    GError **error)
{
	struct import_result *result = import->result;
	uint64_t added;

	if (!add_source(import, sha256, size, error) ||
	    !parse_file(import, input, sha256, size, error))
		return false;
	added = result->observations + result->annotations;
	if (result->bad > 0 && (!import->request->skip_bad || added == 0))
		return false;
	/* Nothing new: as if it had been imported before. */
	result->known = added == 0 && import->said != ENTRY_NONE;
	if (result->known) {
		result->source = import->said;
		return false;
	}
	if (added == 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    import->request->importer->about_keys
			? "%s is about no key in the store; import it again "
			  "when more keys are there"
			: "no key record in %s",
		    input->path);
		return false;
	}
	if (!import_chains_add(&import->chains, import->store, crypto,
		import->request->anchors, import->request->imported,
		result->source + 1, error))
		return false;
	result->chains = import->chains.results;
	result->left_out = import->chains.left_out;
	return !result->evidence_kept ||
	    keep_file(import, input, crypto, sha256, size, error);
}

static bool
import_input(struct import *import, struct import_input *input,
    const struct crypto *crypto, GError **error)
{
	struct import_result *result = import->result;
	uint8_t sha256[32], id[32];
	uint64_t size;
	bool again;

	if (!import_input_finish(input, sha256, &size, error))
		return false;
	import_id(import->request, crypto, sha256, id);
	if (!store_begin(import->store, error))
		return false;
	result->source = store_find_import(import->store, id);
	again = result->source != ENTRY_NONE;
	result->known = again && !import->request->importer->about_keys;
	if (result->known) {
		store_abort(import->store);
		return true;
	}
	result->evidence_kept =
	    import->request->keep_evidence && size <= EVIDENCE_MAX;
	if (fill_transaction(import, input, crypto, sha256, size, error) &&
	    (again ||
		store_note_import(import->store, id, result->source, error)))
		return store_commit(import->store, error);
	store_abort(import->store);
	return result->known;
}

/* The time of the file, for "--observed-at file". */
static bool
set_file_time(const struct import_input *input, struct import_options *options,
    GError **error)
{
	struct stat status;

	if (!options->file_time)
		return true;
	if (fstat(input->fd, &status) != 0) {
		import_set_read_error(error, input->path, errno);
		return false;
	}
	options->observed_at = timestamp_clamp(status.st_mtime);
	options->precision = TIMESTAMP_SECOND;
	return true;
}

bool
import_file(struct store *store, const struct crypto *crypto,
    const struct import_request *request,
    void (*complain)(void *user, uint64_t line, const char *reason), void *user,
    struct import_result *result_out, GError **error)
{
	struct import_request own = *request;
	struct import_input input;
	struct import import = {
		.store = store,
		.crypto = crypto,
		.request = &own,
		.said = ENTRY_NONE,
		.complain = complain,
		.user = user,
		.result = result_out,
	};
	bool ok;

	*result_out = (struct import_result){ .source = ENTRY_NONE };
	if (!import_input_open(&input, request->path, crypto, error))
		return false;
	import.leaf = g_string_new(NULL);
	import_chains_init(&import.chains);
	ok = set_file_time(&input, &own.options, error) &&
	    import_input(&import, &input, crypto, error);
	import_keys_free(import.keys);
	import_chains_clear(&import.chains);
	g_string_free(import.leaf, TRUE);
	g_clear_error(&import.error);
	import_input_close(&input);
	return ok;
}
