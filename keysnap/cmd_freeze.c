/*
 * cmd_freeze.c - keysnap freeze: a sealed snapshot of a store.
 */
#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "keysnap/cmd.h"
#include "keysnap/store/freeze.h"

#include <string.h>

#define KEY_FILE_MAX 4096 /* octets; a key file is one line under 400 */

static void
print_result(
    const char *folder, const struct freeze_result *result, bool has_key)
{
	g_autoptr(GString) out = g_string_new(folder);
	char root[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ result->root, 32 }, root);
	g_string_append_printf(out,
	    "\nentries %" PRIu64 "\nroot    %s\nsigned  %s\n", result->size,
	    root, has_key ? "yes" : "no: nobody vouches for it");
	command_print(out);
}

static enum exit_code
freeze(struct command_line *line, struct span key)
{
	struct freeze_result result;
	GError *error = NULL;
	struct store *store;
	bool ok;

	store = store_open(line->arguments[0], false, line->crypto, &error);
	if (store == NULL)
		return command_error(error, false);
	ok = freeze_store(
	    store, line->arguments[1], key, line->crypto, &result, &error);
	store_close(store);
	if (!ok)
		return command_error(error, true);
	print_result(line->arguments[1], &result, key.n > 0);
	return EXIT_DONE;
}

static enum exit_code
run_freeze(struct command_line *line)
{
	g_autofree char *path = NULL;
	g_autoptr(GBytes) key = NULL;
	struct span octets = { NULL, 0 };
	GError *error = NULL;
	const GOptionEntry options[] = {
		{ "sign-key", 0, 0, G_OPTION_ARG_FILENAME, &path,
		    "private key of keysnap keygen", "FILE" },
		G_OPTION_ENTRY_NULL,
	};

	if (!command_parse(line, options))
		return line->code;
	if (path != NULL) {
		key = file_read(path, KEY_FILE_MAX, &error);
		if (key == NULL)
			return command_error(error, false);
		octets.p = g_bytes_get_data(key, &octets.n);
		if (octets.n == 0) {
			command_say("%s is no private key", path);
			return EXIT_INPUT;
		}
	}
	return freeze(line, octets);
}

const struct command command_freeze = {
	.name = "freeze",
	.arguments = "STORE SNAPSHOT",
	.summary = "make a sealed snapshot of a store",
	.examples = "  keysnap freeze keys.store keys.snap "
		    "--sign-key signing.key",
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_freeze,
};
