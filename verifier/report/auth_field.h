/*
 * auth_field.h - a verdict as an Authentication-Results field (RFC 8601),
 * for tools that read such fields.
 *
 * Results are those of today's rules (verdict/rules.h), so RFC 8301 among
 * them: a signature that holds with SHA-1 or with RSA below 1024 bits is
 * "policy".  So is one that holds but does not show that the holder of the key
 * of d= signed, or signed the body, or of which message: all that makes a
 * verdict weak or partial, but fields that are unsigned.  Results are of the
 * message as it is stored: one that holds only after repairs is "fail", and
 * says so in its reason; ARC as well.
 *
 * What came with the mail is a token or a quoted-string (RFC 2045 5.1, RFC 5322
 * 3.2.4) of printable ASCII; where it cannot be, it is left out and a comment
 * says so.
 */
#ifndef VERIFIER_REPORT_AUTH_FIELD_H
#define VERIFIER_REPORT_AUTH_FIELD_H

#include "verifier/verdict/verdict.h"

#define AUTH_FIELD_SERVER    "offline.verifier.invalid" /* RFC 2606 2 */
#define AUTH_FIELD_COLUMNS   78  /* RFC 5322 2.1.1: lines are folded there */
#define AUTH_FIELD_VALUE_MAX 256 /* octets of a value; a name has under 254,
				      and no line comes to 998 */

/*
 * Append the field, folded, each line with a line feed: one result "dkim" for
 * each DKIM signature from the top, "domainkeys" for each of DomainKeys, "arc"
 * when there is a chain whose result is known; "dkim=none" without a DKIM
 * signature.  Without "verdict", or for what is unreadable, it says that
 * nothing was checked.
 */
void auth_field_write(GString *out, const struct message_verdict *verdict);

#endif
