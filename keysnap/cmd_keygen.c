/*
 * cmd_keygen.c - keysnap keygen: a key pair to sign snapshots with.
 */
#include "keysnap/base/file.h"
#include "keysnap/cmd.h"
#include "keysnap/store/note.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A private key is never readable by others, not for an instant. */
static bool
write_private(const char *path, const GString *text, GError **error)
{
	struct span octets = { (const uint8_t *)text->str, text->len };
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0) {
		int why = errno;

		g_set_error(error, G_FILE_ERROR,
		    (gint)g_file_error_from_errno(why), "cannot make %s: %s",
		    path, g_strerror(why));
		return false;
	}
	ok = file_write_all(fd, path, octets, error);
	if (ok && fsync(fd) != 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO,
		    "cannot write %s", path);
		ok = false;
	}
	if (close(fd) != 0 || !ok)
		unlink(path);
	return ok;
}

static enum exit_code
write_pair(
    const char *path, const GString *private_text, const struct note_key *key)
{
	g_autofree char *public_path = g_strconcat(path, ".pub", NULL);
	g_autoptr(GString) vkey = g_string_new(NULL);
	GError *error = NULL;

	if (file_exists(path) || file_exists(public_path)) {
		command_say("%s or %s is there already, and is not replaced",
		    path, public_path);
		return EXIT_USAGE;
	}
	note_key_append(vkey, key);
	if (!write_private(path, private_text, &error))
		return command_error(error, true);
	g_string_append_c(vkey, '\n');
	if (!file_write(public_path,
		(struct span){ (const uint8_t *)vkey->str, vkey->len }, false,
		&error)) {
		unlink(path);
		return command_error(error, true);
	}
	command_print(vkey);
	return EXIT_DONE;
}

static enum exit_code
generate(struct command_line *line, const char *path, const char *name)
{
	g_autoptr(GString) private_text = g_string_new(NULL);
	struct note_key key;
	GError *error = NULL;
	enum exit_code code;

	if (!note_name_is_valid(span_from_string(name)))
		return command_usage(
		    line, "a key name has no white space and no \"+\"");
	if (!note_key_generate(&key, private_text, line->crypto,
		span_from_string(name), &error))
		return command_error(error, true);
	code = write_pair(path, private_text, &key);
	explicit_bzero(private_text->str, private_text->len);
	return code;
}

static enum exit_code
run_keygen(struct command_line *line)
{
	g_autofree char *path = NULL;
	g_autofree char *name = NULL;
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
		    "private key; the public one goes to FILE.pub", "FILE" },
		{ "name", 0, 0, G_OPTION_ARG_STRING, &name,
		    "name of the key in signatures", "NAME" },
		G_OPTION_ENTRY_NULL,
	};

	if (!command_parse(line, options))
		return line->code;
	if (path == NULL)
		return command_usage(line, "-o FILE is missing");
	if (name == NULL)
		name = command_default_name(path);
	return generate(line, path, name);
}

const struct command command_keygen = {
	.name = "keygen",
	.arguments = "-o FILE",
	.summary = "make a key pair to sign snapshots with",
	.examples = "  keysnap keygen -o signing.key --name example.org/keys",
	.run = run_keygen,
};
