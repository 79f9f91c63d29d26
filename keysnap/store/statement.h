/*
 * statement.h - signed statements of an archive about a key: compact JWS whose
 * payload says what the archive saw of a name in DNS, and when.
 *
 *   {"v":1,"iss":ISSUER,"iat":SECONDS,"record":{"id":ID,"domain":D,
 *    "selector":S,"value":TXT,"source":"live_dns",
 *    "first_seen_at":TIME,"last_seen_at":TIME}}
 *
 * A valid signature says who says so, and neither that it is true nor when it
 * was said: "iat" is the issuer's own clock, and nothing can
 * have been seen after it.
 *
 * How one stands in the log.  An observation with method "archive-jws",
 * observer the issuer, signer the SHA-256 of the key's SubjectPublicKeyInfo,
 * evidence the JWS and then the JWK (canonical JSON), is what statement_check()
 * finds in these two again; so the log and its evidence show what the
 * importer once found.  That the key is the issuer's is the word of whoever
 * gave the key file at the import.
 */
#ifndef KEYSNAP_STORE_STATEMENT_H
#define KEYSNAP_STORE_STATEMENT_H

#include "keysnap/base/crypto.h"
#include "keysnap/store/entry.h"

#define STATEMENT_METHOD "archive-jws"

/* What a payload says; all spans live in the arena. */
struct statement {
	struct span issuer;
	struct span name;  /* canonical, of a key */
	struct span value; /* the record, joined by the archive */
	struct span record;
	int64_t first, last; /* fractions of a second are dropped */
};

/* Read a payload; false with *why_out. */
bool statement_read(struct statement *statement, struct arena *arena,
    struct span payload, const char **why_out);

/*
 * Does "observation", by "observer" (its own, or its source's), say what the
 * statement says, and was that signed with the key?  False with *why_out.
 */
bool statement_check(const struct entry_observation *observation,
    struct span observer, struct span jws, struct span jwk,
    struct arena *arena, const struct crypto *crypto, const char **why_out);

#endif
