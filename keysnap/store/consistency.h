/*
 * consistency.h - a file that shows that a log only added to what it was.
 *
 *   keysnap-consistency 1 LF
 *   *( BASE64 LF )             the proof of RFC 6962 2.1.2
 *   LF
 *   checkpoint                 of the earlier state, as it is
 *   LF
 *   checkpoint                 of the later state
 *
 * as C2SP writes tlog-proof and the requests of tlog-witness.
 */
#ifndef KEYSNAP_STORE_CONSISTENCY_H
#define KEYSNAP_STORE_CONSISTENCY_H

#include "keysnap/store/checkpoint.h"
#include "keysnap/store/proof.h"

#define CONSISTENCY_HEAD "keysnap-consistency 1\n"
#define CONSISTENCY_MAX	 (2 * NOTE_MAX + 4096) /* octets */

struct consistency {
	struct proof proof;
	struct checkpoint earlier, later;
};

void consistency_append(GString *out, const struct proof *proof,
    struct span earlier, struct span later);

/* One spelling only; borrows from "octets" and "arena".  Nothing is checked
 * but the form. */
bool consistency_parse(struct consistency *consistency, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out);

/* Of one origin, and the proof holds?  The signatures are for the caller. */
bool consistency_check(const struct consistency *consistency,
    const struct crypto *crypto, const char **why_out);

#endif
