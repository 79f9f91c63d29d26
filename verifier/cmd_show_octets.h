/*
 * cmd_show_octets.h - verifier show --raw, --wire, --repaired: the octets of a
 * message of a case, taken from its archive.
 */
#ifndef VERIFIER_CMD_SHOW_OCTETS_H
#define VERIFIER_CMD_SHOW_OCTETS_H

#include "verifier/cmd.h"
#include "verifier/report/record.h"

/* What the command line asks for; strings are owned. */
struct octets_choice {
	gboolean raw, wire, repaired;
	char **archive; /* --archive, NULL-ended; NULL: as run.json says */
	char *output;	/* --output; NULL: standard output */
};

/* Is the command line right: one kind of octets, one message ID, and somewhere
 * to write them other than a terminal?  Else *code_out, and it was said. */
bool octets_choose(const struct octets_choice *choice,
    const struct command_line *line, enum exit_code *code_out);

/* Are octets wanted at all? */
bool octets_wanted(const struct octets_choice *choice);

/* Where a message is looked for, and what stays in reach. */
struct octets_place {
	const char *folder;   /* of the case */
	char **archive;	      /* NULL: the one that run.json names */
	const char *writable; /* folder that may still be written; or NULL */
};

/*
 * The message of "record", found there.  From now on all other files are out
 * of reach (sandbox.h).  NULL with *code_out, when what is wrong has been said.
 * Close with case_message_close().
 */
struct case_message;
struct case_message *octets_find(const struct octets_place *place,
    const struct crypto *crypto, const struct record_view *record,
    enum exit_code *code_out);

/* Write the octets of the message of "record", of the case in line's first
 * argument. */
enum exit_code octets_write(const struct octets_choice *choice,
    const struct command_line *line, const struct record_view *record);

void octets_choice_clear(struct octets_choice *choice);

#endif
