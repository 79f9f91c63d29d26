/*
 * cmd_anchor.c - keysnap anchor: proof from outside that a state of the log, or
 * octets that it knows, existed at a time, as an entry of the log.
 *
 * A proof is given with what it is over: the checkpoint of a snapshot that was
 * made of this store before, or a file.  Or the snapshot itself is given: then
 * its time stamps that count are taken.  Everything that it takes to check a
 * proof again is kept as evidence.
 */
#include "keysnap/base/clock.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "keysnap/cmd_anchor.h"
#include "keysnap/store/sealed_file.h"
#include "keysnap/store/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHECKPOINT_MAX NOTE_MAX

/* ---- options ------------------------------------------------------------- */

static enum exit_code
read_options(struct anchoring *anchoring)
{
	const struct anchor_options *given = anchoring->given;
	enum timestamp_precision ignored;
	GError *error = NULL;

	anchoring->made = clock_now();
	if (given->made != NULL &&
	    !timestamp_parse_lenient(
		span_from_string(given->made), &anchoring->made, &ignored))
		return command_usage(anchoring->line,
		    "--made \"%s\" is not a time", given->made);
	if (!time_trust_read(&anchoring->files, &given->trust, anchoring->made,
		anchoring->line->crypto, &error))
		return command_error(error, false);
	return EXIT_DONE;
}

/* A whole file, in the arena. */
static enum exit_code
read_file(struct anchoring *anchoring, const char *path, size_t max,
    struct span *octets_out)
{
	GError *error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, max, &error);
	struct span octets;

	if (bytes == NULL)
		return command_error(error, false);
	octets.p = g_bytes_get_data(bytes, &octets.n);
	*octets_out = arena_copy(anchoring->arena, octets);
	return EXIT_DONE;
}

/* ---- what it is over ----------------------------------------------------- */

/* Is the checkpoint of a state that this log had?  The root is calculated
 * from the tree of the store (store_append() does that, too). */
enum exit_code
anchoring_take_state(struct anchoring *anchoring,
    const struct checkpoint *checkpoint, const char *path,
    struct entry_anchor *anchor)
{
	const char *origin = store_origin(anchoring->writer.store);
	uint64_t size = store_size(anchoring->writer.store);

	if (!span_equal(checkpoint->origin, span_from_string(origin))) {
		command_say("%s is a checkpoint of %.*s, and this store is %s",
		    path, (int)checkpoint->origin.n,
		    (const char *)checkpoint->origin.p, origin);
		return EXIT_INPUT;
	}
	if (checkpoint->size == 0 || checkpoint->size > size) {
		command_say("%s is of %" PRIu64
			    " entries, and this store has %" PRIu64,
		    path, checkpoint->size, size);
		return EXIT_INPUT;
	}
	anchor->of_state = true;
	anchor->size = checkpoint->size;
	memcpy(anchor->root, checkpoint->root, sizeof(anchor->root));
	return EXIT_DONE;
}

static bool
is_over(const struct anchoring *anchoring, const struct time_proof *proof,
    struct span octets)
{
	uint8_t sha256[32];

	digest_sha256(anchoring->line->crypto, octets, sha256);
	return time_proof_covers(proof, sha256);
}

/* --checkpoint: the proof is over the file, or over its note's text. */
static enum exit_code
take_checkpoint(struct anchoring *anchoring, const struct time_proof *proof,
    struct entry_anchor *anchor)
{
	const char *path = anchoring->given->checkpoint;
	struct checkpoint checkpoint;
	struct span octets;
	const char *why;
	enum exit_code code =
	    read_file(anchoring, path, CHECKPOINT_MAX, &octets);

	if (code != EXIT_DONE)
		return code;
	if (!checkpoint_parse(&checkpoint, anchoring->arena,
		anchoring->line->crypto, octets, &why)) {
		command_say("%s is no checkpoint: %s", path, why);
		return EXIT_INPUT;
	}
	if (!is_over(anchoring, proof, octets) &&
	    !is_over(anchoring, proof, checkpoint.note.text)) {
		command_say("the proof is not over %s", path);
		return EXIT_INPUT;
	}
	anchor_writer_keep(&anchoring->writer, octets);
	return anchoring_take_state(anchoring, &checkpoint, path, anchor);
}

/* SHA-256 of a file of any size. */
static bool
hash_file(const struct anchoring *anchoring, const char *path,
    uint8_t sha256_out[32], GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok;

	if (fd < 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s",
		    path, g_strerror(errno));
		return false;
	}
	ok = sealed_file_digest(
	    fd, path, anchoring->line->crypto, sha256_out, error);
	close(fd);
	return ok;
}

/* --file and --digest: octets that the store knows. */
static enum exit_code
take_digest(struct anchoring *anchoring, const struct time_proof *proof,
    struct entry_anchor *anchor)
{
	const struct anchor_options *given = anchoring->given;
	uint8_t sha256[32];
	GError *error = NULL;

	if (given->digest != NULL &&
	    !digest_from_hex(span_from_string(given->digest), sha256))
		return command_usage(anchoring->line,
		    "--digest is 64 hexadecimal digits, lower case");
	if (given->file != NULL &&
	    !hash_file(anchoring, given->file, sha256, &error))
		return command_error(error, false);
	if (!time_proof_covers(proof, sha256)) {
		command_say("the proof is not over %s",
		    given->file != NULL ? given->file : given->digest);
		return EXIT_INPUT;
	}
	if (!anchor_writer_knows(&anchoring->writer, sha256, &error)) {
		if (error != NULL)
			return command_error(error, false);
		command_say("the store knows no file with this SHA-256, "
			    "neither as a source nor as evidence: import it "
			    "first");
		return EXIT_INPUT;
	}
	memcpy(anchor->digest, sha256, sizeof(anchor->digest));
	return EXIT_DONE;
}

/* ---- a proof ------------------------------------------------------------- */

/* What the proof was checked against: of headers, the one of its block. */
void
anchoring_keep_trust(
    struct anchoring *anchoring, const struct time_proof *proof)
{
	for (size_t i = 0; i < anchoring->files.n; i++) {
		const struct time_trust_file *file = &anchoring->files.files[i];
		bool pem = g_str_has_prefix(file->use, "tsa-");
		bool key = strcmp(file->use, "anchor-key") == 0;

		if ((pem && proof->kind == ANCHOR_RFC3161) ||
		    (key && proof->kind == ANCHOR_NOTE))
			anchor_writer_keep(&anchoring->writer, file->octets);
	}
	if (proof->header != NULL)
		anchor_writer_keep(&anchoring->writer,
		    (struct span){ proof->header, BITCOIN_HEADER_SIZE });
}

void
anchoring_fill(struct anchoring *anchoring, struct entry_anchor *anchor,
    const struct time_proof *proof)
{
	anchor->kind = proof->kind;
	anchor->time = proof->time;
	anchor->precision = TIMESTAMP_SECOND;
	anchor->until = proof->until;
	anchor->authority = span_from_string(proof->authority);
	anchor->made = anchoring->made;
	anchor->tool = SPAN("keysnap " PROGRAM_VERSION);
}

static enum exit_code
add_proof(struct anchoring *anchoring)
{
	const char *path = anchoring->line->arguments[1];
	struct time_proof proof;
	struct entry entry;
	struct span octets;
	GError *error = NULL;
	enum exit_code code =
	    read_file(anchoring, path, TIME_PROOF_MAX, &octets);

	if (code != EXIT_DONE)
		return code;
	time_proof_check(&proof, anchoring->arena, anchoring->line->crypto,
	    &anchoring->files.trust, octets);
	if (proof.state != TIME_PROOF_COUNTS) {
		command_say("%s is not added: %s", path, proof.text);
		return EXIT_INPUT;
	}
	entry_init(&entry, ENTRY_ANCHOR);
	anchoring_fill(anchoring, &entry.anchor, &proof);
	anchor_writer_keep(&anchoring->writer, octets);
	code = anchoring->given->checkpoint != NULL
	    ? take_checkpoint(anchoring, &proof, &entry.anchor)
	    : take_digest(anchoring, &proof, &entry.anchor);
	if (code != EXIT_DONE)
		return code;
	anchoring_keep_trust(anchoring, &proof);
	return anchor_writer_add(&anchoring->writer, &entry, &error)
	    ? EXIT_DONE
	    : command_error(error, true);
}

/* ---- the command --------------------------------------------------------- */

/* With the store open; all entries or none. */
static enum exit_code
add_all(struct anchoring *anchoring, bool is_snapshot)
{
	GError *error = NULL;
	enum exit_code code;

	if (!anchor_writer_begin(&anchoring->writer, &error))
		return command_error(error, true);
	code = is_snapshot ? anchoring_add_snapshot(anchoring)
			   : add_proof(anchoring);
	if (!anchor_writer_end(&anchoring->writer, code == EXIT_DONE, &error))
		return command_error(error, true);
	if (code == EXIT_DONE)
		command_print(anchoring->writer.out);
	return code;
}

static bool
has_more(const struct time_trust_paths *trust)
{
	return trust->chain != NULL || trust->crl != NULL ||
	    trust->headers != NULL || trust->keys != NULL;
}

static enum exit_code
open_and_add(struct anchoring *anchoring)
{
	const struct anchor_options *given = anchoring->given;
	char **arguments = anchoring->line->arguments;
	bool is_snapshot = g_file_test(arguments[1], G_FILE_TEST_IS_DIR);
	int over = (given->checkpoint != NULL) + (given->file != NULL) +
	    (given->digest != NULL);
	GError *error = NULL;
	enum exit_code code;

	if (over != (is_snapshot ? 0 : 1))
		return command_usage(anchoring->line,
		    is_snapshot
			? "a snapshot says itself what its seals are over"
			: "one of --checkpoint, --file and --digest says what "
			  "the proof is over");
	if (is_snapshot && has_more(&given->trust))
		return command_usage(anchoring->line,
		    "the time stamps of a snapshot are checked against "
		    "--tsa-ca and what lies beside them");
	code = read_options(anchoring);
	if (code != EXIT_DONE)
		return code;
	anchoring->writer.store =
	    store_open(arguments[0], true, anchoring->line->crypto, &error);
	if (anchoring->writer.store == NULL)
		return command_error(error, false);
	code = add_all(anchoring, is_snapshot);
	store_close(anchoring->writer.store);
	return code;
}

static enum exit_code
anchor(struct command_line *line, const struct anchor_options *given)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree struct anchoring *anchoring = g_new0(struct anchoring, 1);
	enum exit_code code;

	anchoring->line = line;
	anchoring->given = given;
	anchoring->arena = arena;
	anchor_writer_init(&anchoring->writer, line, arena, out);
	code = open_and_add(anchoring);
	time_trust_clear(&anchoring->files);
	return code;
}

static void
clear_options(struct anchor_options *options)
{
	g_free(options->checkpoint);
	g_free(options->file);
	g_free(options->digest);
	g_free(options->made);
	g_strfreev(options->trust.headers);
	g_strfreev(options->trust.keys);
	g_free(options->trust.tsa_ca);
	g_free(options->trust.chain);
	g_free(options->trust.crl);
}

#define FILE_OPTION(name, field, text)                                        \
	{                                                                     \
		name, 0, 0, G_OPTION_ARG_FILENAME, &given.field, text, "FILE" \
	}
#define FILES_OPTION(name, field, text)                                      \
	{                                                                    \
		name, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &given.field, text, \
		    "FILE"                                                   \
	}

static enum exit_code
run_anchor(struct command_line *line)
{
	struct anchor_options given = { 0 };
	enum exit_code code;
	const GOptionEntry options[] = {
		FILE_OPTION("checkpoint", checkpoint,
		    "the proof is over this checkpoint of an earlier snapshot"),
		FILE_OPTION("file", file,
		    "the proof is over this file, a source or evidence"),
		{ "digest", 0, 0, G_OPTION_ARG_STRING, &given.digest,
		    "the same by its SHA-256", "HEX" },
		FILE_OPTION("tsa-ca", trust.tsa_ca,
		    "certificates that a time stamp must lead to"),
		FILE_OPTION(
		    "chain", trust.chain, "certificates on the way there"),
		FILE_OPTION("crl", trust.crl, "lists of revoked certificates"),
		FILES_OPTION("block-header", trust.headers,
		    "headers of Bitcoin blocks, taken on trust"),
		FILES_OPTION("anchor-key", trust.keys,
		    "public key that a note must be signed with"),
		{ "made", 0, 0, G_OPTION_ARG_STRING, &given.made,
		    "time of the check, instead of now", "TIME" },
		G_OPTION_ENTRY_NULL,
	};

	code = command_parse(line, options) ? anchor(line, &given) : line->code;
	clear_options(&given);
	return code;
}

const struct command command_anchor = {
	.name = "anchor",
	.arguments = "STORE PROOF|SNAPSHOT",
	.summary = "add proof of when the log, or a file, existed",
	.examples = "  keysnap anchor keys.store 2025.snap --tsa-ca root.pem\n"
		    "  keysnap anchor keys.store checkpoint.ots --checkpoint "
		    "2025.snap/checkpoint --block-header block.hex\n"
		    "  keysnap anchor keys.store zone.tsr --file db.example "
		    "--tsa-ca root.pem\n",
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_anchor,
};
