/*
 * weak_list.h - lists of moduli whose private keys anybody can have.
 *
 * Two forms of lines, which may stand in one file; lines that are empty or
 * begin with "#" are passed over:
 *  - of Debian's package openssl-blacklist (CVE-2008-0166): 20 hex digits,
 *    the last 80 bits of the SHA-1 over what "openssl rsa -noout -modulus"
 *    prints: "Modulus=", upper-case hex digits, a line feed
 *  - of lookup.txt of badkeys: 16 hex digits, the first 64 bits of the SHA-256
 *    over the octets of the modulus, ";", and where its private key lies
 */
#ifndef KEYSNAP_KEY_WEAK_LIST_H
#define KEYSNAP_KEY_WEAK_LIST_H

#include "keysnap/base/crypto.h"
#include "keysnap/base/span.h"

#define WEAK_LIST_LINE_MAX 1024 /* octets; theirs have under 200 */

struct weak_list;

/*
 * Read the lines of "text", which the list borrows from.  NULL with *line_out,
 * from 1, of the first that has neither form; 0 when there is no entry at all.
 */
struct weak_list *weak_list_new(struct span text, size_t *line_out);
void weak_list_free(struct weak_list *list);

/* Has it lines of the first form, and of the second? */
bool weak_list_has_debian(const struct weak_list *list);
bool weak_list_has_published(const struct weak_list *list);

/* What the two forms have of one modulus (big-endian, no leading zero
 * octets). */
struct weak_hashes {
	uint8_t debian[10], published[8];
};
void weak_hashes_make(const struct crypto *crypto, struct span modulus,
    struct weak_hashes *hashes_out);

/* Is the modulus in lines of the first form; or of the second: then
 * *where_out is what that line says behind ";". */
bool weak_list_find_debian(const struct weak_list *list,
    const struct weak_hashes *hashes);
bool weak_list_find_published(const struct weak_list *list,
    const struct weak_hashes *hashes, struct span *where_out);

#endif
