/*
 * auth_words.h - the words of a field of results (RFC 8601 section 2.2): what
 * octets they have and where they end.  Inside of auth_results.c.
 */
#ifndef VERIFIER_MESSAGE_AUTH_WORDS_H
#define VERIFIER_MESSAGE_AUTH_WORDS_H

#include "verifier/message/auth_results.h"

/* How many octets, from the start of "text", are ... */

/* ... white space: WSP, and CRLF that WSP follows (RFC 5322 3.2.2) */
size_t auth_fws_length(struct span text);

/* ... the comment that "text" begins with; 0 with *defect_out */
size_t auth_comment_length(struct span text, enum auth_defect *defect_out);

/* ... the quoted string that "text" begins with, quotes and all; 0: it does not
 * end, or has an octet that it cannot have */
size_t auth_quoted_length(struct span text);

/* ... a run: no white space, control octet, ";", "(" or quote */
size_t auth_run_length(struct span text);

/* ... octets of a token (RFC 2045 5.1) but ".", or also "." with "dots" */
size_t auth_name_length(struct span text, bool dots);

/* ... digits */
size_t auth_digits_length(struct span text);

/* "text" without the CRLF of folds; in "arena" where it has any. */
struct span auth_unfold(struct arena *arena, struct span text);

/* What is quoted by "inner": without the escapes and the CRLF of folds;
 * "inner" itself where it has neither, else in "arena". */
struct span auth_quoted_decode(struct arena *arena, struct span inner);

/* Keyword (RFC 5321 4.1.2): ldh-str.  A property may have dots besides. */
bool auth_is_keyword(struct span word);

/* A token, or [ [ local-part ] "@" ] domain-name with a local part that needs
 * no quotes? */
bool auth_is_value(struct span word);

/* How often "octet" is there. */
size_t auth_count(struct span text, uint8_t octet);

#endif
