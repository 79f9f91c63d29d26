/*
 * cmd.h - what the subcommands of keysnap share: options, exit codes, output.
 */
#ifndef KEYSNAP_CMD_H
#define KEYSNAP_CMD_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/base/json.h"
#include "keysnap/base/timestamp.h"

enum exit_code {
	EXIT_DONE = 0,	    /* or the answer is yes */
	EXIT_NO = 1,	    /* the answer is no */
	EXIT_USAGE = 2,	    /* wrong command line, or something in the way */
	EXIT_INPUT = 3,	    /* an input cannot be read, or is wrong */
	EXIT_INTEGRITY = 4, /* a store or snapshot is not what it was */
	EXIT_OUTPUT = 6,    /* writing failed */
	EXIT_INTERRUPTED = 130 /* by a signal; what was done is kept */
};

struct command_line {
	const struct crypto *crypto;
	const struct command *command;
	int argc;
	char **argv;	     /* as given; starts with the command's name */
	char **arguments;    /* what is left after the options, NULL-ended */
	enum exit_code code; /* when command_parse() says to stop */
	bool color;
	char *public_key; /* --public-key, or NULL */
	char *root;	  /* --root, or NULL */
};

struct command {
	const char *name;
	const char *arguments; /* for the usage line */
	const char *summary;
	const char *examples; /* each line indented by two */
	bool trusts; /* knows --public-key and --root */
	unsigned min_arguments, max_arguments;
	enum exit_code (*run)(struct command_line *line);
};

extern const struct command *const commands[]; /* NULL-ended */

/*
 * Called first by each command: parse the options of all commands and those
 * of its own ("options", NULL-ended, or NULL).  False when there is nothing
 * more to do: help was shown, or the usage was wrong; the command then returns
 * line->code.
 */
bool command_parse(struct command_line *line, const GOptionEntry *options);

/* Run a command; "argv" starts with its name. */
enum exit_code command_main(const struct command *command,
    const struct crypto *crypto, int argc, char **argv);

/* Print a line to standard error, after "keysnap: ". */
void command_say(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Say what is wrong with the command line; returns EXIT_USAGE. */
enum exit_code command_usage(
    const struct command_line *line, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* Say and free "error"; the exit code that it stands for. */
enum exit_code command_error(GError *error, bool writing);

/* Write "out" to standard output and empty it.  Failure is found at the end
 * by command_flush(). */
void command_print(GString *out);

/* Flush standard output; the exit code "code", or EXIT_OUTPUT. */
enum exit_code command_flush(enum exit_code code);

/* Do both paths lead to one file?  LMDB must not open one twice. */
bool command_same_file(const char *a, const char *b);

/* A note key name from a path: "keysnap.invalid/" and its base name with all
 * but letters, digits, ".", "_" and "-" replaced by "-". */
char *command_default_name(const char *path);

/* Append an instant as exact as it is known: "2016-10-31T08:00:00Z",
 * "2016-10-31", "2016-10", "2016". */
void command_append_time(
    GString *out, int64_t at, enum timestamp_precision precision);

#endif
