/*
 * mime_frame.h - does the unsigned part of the MIME header leave a choice
 * how the body is read?  (DESIGN: coverage.)
 *
 * "No choice": one Content-Type; when multipart, its boundary is the first
 * delimiter line of the body, there is nothing but white space before it and
 * nothing after the close delimiter but white space, and no start=
 * (RFC 2387) chooses a part; no
 * Content-Transfer-Encoding of the whole message other than 7bit, 8bit,
 * binary; a Content-Type that is not multipart is absent or text/plain, of one
 * charset among us-ascii, utf-8, iso-8859-1 and windows-1252, or of none, and
 * without delsp= (RFC 3676).
 */
#ifndef VERIFIER_MESSAGE_MIME_FRAME_H
#define VERIFIER_MESSAGE_MIME_FRAME_H

#include "verifier/message/message.h"

enum mime_frame {
	MIME_FRAME_FIXED, /* no choice how the body is read */
	MIME_FRAME_OPEN	  /* unsigned fields could change the reading */
};

enum mime_frame mime_frame_get(const struct message *message, struct arena *arena);

#endif
