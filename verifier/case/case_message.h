/*
 * case_message.h - a message of a case, read again from its archive.
 *
 * A record says where its message was: a file, the way into containers, an
 * offset and a length.  What lies there today is taken for the message only
 * when its wire form has the SHA-256 of the record.  So an archive that was
 * changed, or another one, never passes for the one that was judged.
 */
#ifndef VERIFIER_CASE_CASE_MESSAGE_H
#define VERIFIER_CASE_CASE_MESSAGE_H

#include "verifier/message/message.h"
#include "verifier/report/record.h"

#define CASE_ERROR case_error_quark()
GQuark case_error_quark(void);
enum case_error {
	CASE_ERROR_ABSENT,  /* nothing lies where the record says */
	CASE_ERROR_CHANGED, /* other octets lie there: exit 4 */
	CASE_ERROR_NONE	    /* the record has no message, or not all edits */
};

struct case_message;

/*
 * Find the message of "record" in "archive": its "paths" are named in the
 * order of the run, and "only" is set here.  Of the archive only the file
 * that the record names is read; a path that is a file, and the only one, may
 * have any name.  NULL with "error": of CASE_ERROR, or of
 * ARCHIVE_ERROR when the archive cannot be read.
 */
struct case_message *case_message_open(const struct record_view *record,
    const struct archive_options *archive, const struct crypto *crypto,
    GError **error);
void case_message_close(struct case_message *message);

/* The message as the archive has it; lives as long as "message". */
const struct item *case_message_item(const struct case_message *message);

/* Push its wire form: the octets whose SHA-256 is the identity. */
void case_message_push_wire(struct case_message *message, struct sink *out);

/*
 * Push the message as it was judged: under the reading of the record, with
 * its edits.  False with "error" (CASE_ERROR_NONE) when the record does not
 * hold all of them, or they do not fit the message; nothing was pushed then.
 */
bool case_message_push_judged(struct case_message *message,
    const struct record_view *record, struct sink *out, GError **error);

#endif
