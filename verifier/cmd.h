/*
 * cmd.h - what the subcommands of verifier share: options, exit codes,
 * opening what a judge needs, output.
 */
#ifndef VERIFIER_CMD_H
#define VERIFIER_CMD_H

#include "verifier/run/judge.h"

enum exit_code {
	EXIT_DONE = 0,	      /* or the answer is yes */
	EXIT_NO = 1,	      /* the answer is no */
	EXIT_USAGE = 2,	      /* wrong command line, or something in the way */
	EXIT_INPUT = 3,	      /* some input is unreadable; records name it */
	EXIT_INTEGRITY = 4,   /* an input changed, a snapshot is wrong */
	EXIT_OUTPUT = 6,      /* writing failed */
	EXIT_INTERRUPTED = 130
};

/* What the command line said, for all commands; strings are owned. */
struct command_line {
	const struct crypto *crypto;
	const struct command *command;
	int argc;
	char **argv;	  /* as given; starts with the command's name */
	char **arguments; /* what is left after the options, NULL-ended */
	size_t n_arguments;
	bool color;	  /* stdout may have colours */
	char *snapshot, *public_key, *root;
	char *min_grade, *repairs, *equivalences, *suffix_list;
	int max_gap;	  /* days; -1: the default */
	struct archive_choice *archive; /* of commands that read archives */
	struct anchor_choice *anchors;	/* of commands that take proofs */
};

struct command {
	const char *name;
	const char *arguments; /* for the usage line */
	const char *summary;
	const char *examples; /* each line indented by two */
	bool judges;	      /* knows -s, --public-key, --root, the policy */
	bool reads;	      /* knows --files-from and the bounds on containers;
				 calls archive_choose() */
	bool anchors;	      /* knows --anchor and what goes with it */
	unsigned min_arguments, max_arguments;
	enum exit_code (*run)(struct command_line *line);
};

extern const struct command *const commands[]; /* NULL-ended */

/* Parse the options of all commands and those of its own ("options", or
 * NULL).  False when there is nothing more to do; *code_out is the answer. */
bool command_parse(struct command_line *line, const GOptionEntry *options,
    enum exit_code *code_out);

/* Run a command; "argv" starts with its name. */
enum exit_code command_main(const struct command *command,
    const struct crypto *crypto, int argc, char **argv);

/* Free what command_parse() filled in. */
void command_line_clear(struct command_line *line);

/* Print a line to standard error, after "verifier: ". */
void command_say(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Say what is wrong with the command line; returns EXIT_USAGE. */
enum exit_code command_usage(const struct command_line *line,
    const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Say and free "error"; the exit code that it stands for. */
enum exit_code command_error(GError *error, enum exit_code otherwise);

/* Write "out" to standard output and empty it. */
void command_print(GString *out);

/* Flush standard output; "code", or EXIT_OUTPUT. */
enum exit_code command_flush(enum exit_code code);

/* What a judge needs, opened from the command line. */
struct court {
	struct judge_context context;
	struct record_header header; /* of the snapshot */
	struct anchors *anchors;     /* NULL: none was given */
	int64_t as_of; /* the time that their certificates are judged at */
};

/*
 * Open the snapshot (where -s is given or "snapshot_needed"), the public
 * suffix list, the policy and the proofs of --anchor.  False with *code_out when that fails; what is
 * wrong has been said.  Says so when nobody vouches for the snapshot.
 */
bool court_open(struct court *court, const struct command_line *line,
    bool snapshot_needed, enum exit_code *code_out);
void court_close(struct court *court);

/* Parts of that: what --public-key ("key") and --root ("root") say; the policy;
 * and the public suffix list; court_close() frees it. */
bool court_read_trust(const struct command_line *line, struct note_key *key,
    uint8_t root[DIGEST_SHA256_SIZE], struct snapshot_trust *trust,
    enum exit_code *code_out);
bool court_read_policy(struct court *court, const struct command_line *line,
    enum exit_code *code_out);
bool court_open_alignment(struct court *court,
    const struct command_line *line, enum exit_code *code_out);

/* After the records of a case were used: say so when results.jsonl is not the
 * file that its run.json names, which is EXIT_INTEGRITY; else "code". */
struct results;
enum exit_code command_check_results(
    struct results *results, const char *folder, enum exit_code code);

/* Is "id", a sequence number or the first eight or more digits of an identity,
 * that of the record? */
bool command_id_matches(const char *id, const struct record_view *view);

#endif
