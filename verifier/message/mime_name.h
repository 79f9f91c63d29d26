/*
 * mime_name.h - the name of the file that a MIME part says it holds, for
 * people.
 */
#ifndef VERIFIER_MESSAGE_MIME_NAME_H
#define VERIFIER_MESSAGE_MIME_NAME_H

#include "verifier/message/mime_parts.h"

#define MIME_NAME_MAX 1024 /* octets of a name that is shown */

/*
 * filename= of Content-Disposition (RFC 2183), else name= of Content-Type,
 * with RFC 2231 and encoded words decoded by GMime; p NULL when there is none.
 * Valid UTF-8, in the arena, hostile: it may hold controls, "../", and letters
 * that look like others.  Programs differ in which of several names they
 * take.
 */
struct span mime_name_get(struct arena *arena, const struct mime_part *part);

/* The first word of Content-Disposition; empty when there is none. */
struct span mime_disposition(const struct mime_part *part);

#endif
