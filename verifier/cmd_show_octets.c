/* cmd_show_octets.c - see cmd_show_octets.h. */
#include "verifier/cmd_show_octets.h"

#include "verifier/case/case_message.h"
#include "verifier/case/case_run.h"
#include "verifier/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* ---- the command line ---------------------------------------------------- */

bool
octets_wanted(const struct octets_choice *choice)
{
	return choice->raw || choice->wire || choice->repaired;
}

bool
octets_choose(const struct octets_choice *choice,
    const struct command_line *line, enum exit_code *code_out)
{
	const char *why = NULL;

	if (choice->raw + choice->wire + choice->repaired > 1)
		why = "--raw, --wire and --repaired are one or the other";
	else if (!octets_wanted(choice) &&
	    (choice->archive != NULL || choice->output != NULL))
		why = "--archive and --output go with --raw, --wire or "
		      "--repaired";
	else if (octets_wanted(choice) && line->n_arguments != 2)
		why = "octets are those of one message: CASE and one ID";
	else if (octets_wanted(choice) && choice->output == NULL &&
	    isatty(STDOUT_FILENO))
		why = "the octets of mail can do things to a terminal: name a "
		      "file with --output";
	if (why == NULL)
		return true;
	*code_out = command_usage(line, "%s", why);
	return false;
}

void
octets_choice_clear(struct octets_choice *choice)
{
	g_strfreev(choice->archive);
	g_free(choice->output);
}

/* ---- writing ------------------------------------------------------------- */

struct octets_sink {
	struct sink sink; /* first */
	FILE *stream;
};

static void
push(struct sink *self, struct span span)
{
	struct octets_sink *out = (struct octets_sink *)self;

	fwrite(span.p, 1, span.n, out->stream);
}

/* A new file: nothing is overwritten.  NULL, said, when that fails. */
static FILE *
open_output(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd >= 0)
		return fdopen(fd, "wb");
	command_say("%s: cannot be made: %s", path, g_strerror(errno));
	return NULL;
}

static enum exit_code
exit_code_of(const GError *error)
{
	return g_error_matches(error, CASE_ERROR, CASE_ERROR_CHANGED)
	    ? EXIT_INTEGRITY
	    : EXIT_INPUT;
}

/* Push what is wanted; EXIT_DONE, or what went wrong was said. */
static enum exit_code
push_octets(const struct octets_choice *choice, struct case_message *message,
    const struct record_view *record, FILE *stream)
{
	struct octets_sink out = { .sink.push = push, .stream = stream };
	GError *error = NULL;

	if (choice->raw)
		sink_push(&out.sink, case_message_item(message)->raw);
	else if (choice->wire)
		case_message_push_wire(message, &out.sink);
	else if (!case_message_push_judged(message, record, &out.sink, &error))
		return command_error(error, EXIT_INPUT);
	return EXIT_DONE;
}

/* To standard output, which the caller flushes, or to a file of its own. */
static enum exit_code
write_octets(const struct octets_choice *choice, struct case_message *message,
    const struct record_view *record)
{
	FILE *stream =
	    choice->output != NULL ? open_output(choice->output) : stdout;
	enum exit_code code;

	if (stream == NULL)
		return EXIT_OUTPUT;
	code = push_octets(choice, message, record, stream);
	if (stream == stdout)
		return code;
	if (ferror(stream) | (fclose(stream) != 0)) {
		command_say(
		    "%s: not written: %s", choice->output, g_strerror(errno));
		code = EXIT_OUTPUT;
	}
	if (code != EXIT_DONE)
		unlink(choice->output);
	return code;
}

struct case_message *
octets_find(const struct octets_place *place, const struct crypto *crypto,
    const struct record_view *record, enum exit_code *code_out)
{
	char **archive = place->archive;
	g_auto(GStrv) known = NULL;
	struct archive_options options = { 0 };
	struct case_message *message;
	GError *error = NULL;

	if (archive == NULL)
		archive = known = case_run_archive(place->folder, &error);
	if (archive == NULL) {
		*code_out = command_error(error, EXIT_INPUT);
		return NULL;
	}
	options.paths = archive;
	options.n_paths = g_strv_length(archive);
	sandbox_limit_files(archive, place->writable);
	message = case_message_open(record, &options, crypto, &error);
	if (message == NULL) {
		*code_out = exit_code_of(error);
		*code_out = command_error(error, *code_out);
	}
	return message;
}

enum exit_code
octets_write(const struct octets_choice *choice,
    const struct command_line *line, const struct record_view *record)
{
	g_autofree char *writable =
	    choice->output != NULL ? g_path_get_dirname(choice->output) : NULL;
	const struct octets_place place = { line->arguments[0], choice->archive,
		writable };
	enum exit_code code;
	struct case_message *message =
	    octets_find(&place, line->crypto, record, &code);

	if (message == NULL)
		return code;
	code = write_octets(choice, message, record);
	case_message_close(message);
	return code;
}
