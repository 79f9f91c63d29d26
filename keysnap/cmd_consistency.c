/*
 * cmd_consistency.c - keysnap consistency: does one snapshot only add to
 * another?
 */
#include "keysnap/base/file.h"
#include "keysnap/cmd_proofs.h"
#include "keysnap/store/exhibit_make.h"

#include <string.h>

struct states {
	struct snapshot_seals earlier, later;
	struct proof proof;
};

/* The proof from the later log; empty when there can be none. */
static bool
make_proof(struct states *states, const struct crypto *crypto, GError **error)
{
	uint64_t size = states->earlier.folder.checkpoint.size;
	struct proof_tree *tree;

	states->proof.n = 0;
	tree = exhibit_read_tree(&states->later, crypto, size, error);
	if (tree == NULL)
		return false;
	if (size <= states->later.folder.checkpoint.size)
		proof_make_consistency(tree, size, &states->proof);
	proof_tree_free(tree);
	return true;
}

/* The proof as a file, and as it is read again. */
static enum exit_code
decide(struct command_line *line, const struct states *states,
    const struct seal_arguments *arguments, const char *output)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct span octets;
	GError *error = NULL;
	enum exit_code code;

	consistency_append(text, &states->proof,
	    states->earlier.folder.checkpoint_octets,
	    states->later.folder.checkpoint_octets);
	octets = (struct span){ (const uint8_t *)text->str, text->len };
	code = proofs_check_consistency(line, octets, arguments);
	if (code == EXIT_DONE && output != NULL &&
	    !file_write(output, octets, false, &error))
		return command_error(error, true);
	return code;
}

static enum exit_code
compare(struct command_line *line, const struct seal_arguments *arguments,
    const char *output)
{
	struct states states;
	GError *error = NULL;
	enum exit_code code;

	memset(&states, 0, sizeof(states));
	if (snapshot_seals_read(
		&states.earlier, line->arguments[0], line->crypto, &error) &&
	    snapshot_seals_read(
		&states.later, line->arguments[1], line->crypto, &error) &&
	    make_proof(&states, line->crypto, &error))
		code = decide(line, &states, arguments, output);
	else
		code = command_error(error, false);
	snapshot_seals_clear(&states.earlier);
	snapshot_seals_clear(&states.later);
	return code;
}

static enum exit_code
consistency(struct command_line *line, const struct seal_options *given,
    const char *output)
{
	struct seal_arguments arguments;
	enum exit_code code = seal_arguments_read(line, given, &arguments);

	if (code == EXIT_DONE)
		code = compare(line, &arguments, output);
	seal_arguments_clear(&arguments);
	return code;
}

static enum exit_code
run_consistency(struct command_line *line)
{
	g_autofree char *output = NULL;
	struct seal_options given = { 0 };
	enum exit_code code;
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
		    "write the proof", "FILE" },
		{ "public-key", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &given.public_keys,
		    "key that must have signed both; of several, any", "FILE" },
		{ "root", 0, 0, G_OPTION_ARG_STRING, &given.root,
		    "root that the new one must have", "HEX" },
		G_OPTION_ENTRY_NULL,
	};

	code = command_parse(line, options) ? consistency(line, &given, output)
					    : line->code;
	seal_options_clear(&given);
	return code;
}

const struct command command_consistency = {
	.name = "consistency",
	.arguments = "OLD NEW",
	.summary = "prove that a snapshot only adds to an earlier one",
	.examples = "  keysnap consistency 2025.snap 2026.snap "
		    "-o 2025-2026.proof\n"
		    "  keysnap verify 2025-2026.proof "
		    "--public-key signing.key.pub",
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_consistency,
};
