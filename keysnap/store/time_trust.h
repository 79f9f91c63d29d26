/*
 * time_trust.h - what proofs of a time are checked against, read from files.
 */
#ifndef KEYSNAP_STORE_TIME_TRUST_H
#define KEYSNAP_STORE_TIME_TRUST_H

#include "keysnap/store/time_proof.h"

#define TIME_TRUST_MAX	   64 /* files of headers, and of keys */
#define TIME_TRUST_FILES_MAX (2 * TIME_TRUST_MAX + 3)
#define TIME_TRUST_PEM_MAX (4 << 20) /* octets, as of a seal */
#define TIME_TRUST_KEY_MAX 4096 /* octets; a key file is one line under 400 */

/* Paths as given; NULL where not, lists NULL-ended. */
struct time_trust_paths {
	char **headers, **keys;
	char *tsa_ca, *chain, *crl;
};

struct time_trust_file {
	const char *use; /* "tsa-ca" "tsa-chain" "tsa-crl" "block-header"
			    "anchor-key" */
	const char *path; /* as given, borrowed */
	struct span octets;
	uint8_t sha256[32];
};

struct time_trust_files {
	struct time_trust trust;
	struct time_trust_file files[TIME_TRUST_FILES_MAX];
	size_t n;
	/* What the above borrows from: */
	struct arena *arena;
	GPtrArray *bytes;
	struct bitcoin_headers headers[TIME_TRUST_MAX];
	struct note_key keys[TIME_TRUST_MAX];
};

/* Read all; "now" is the time at which certificates must not have ended.
 * False with "error" when a file cannot be read or is not what it is given
 * for.  Clear "files" in any case; it must not be moved. */
bool time_trust_read(struct time_trust_files *files,
    const struct time_trust_paths *paths, int64_t now,
    const struct crypto *crypto, GError **error);
void time_trust_clear(struct time_trust_files *files);

#endif
