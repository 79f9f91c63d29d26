/*
 * audit_keys.h - the distinct keys of a log, for an audit.
 */
#ifndef KEYSNAP_STORE_AUDIT_KEYS_H
#define KEYSNAP_STORE_AUDIT_KEYS_H

#include "keysnap/key/modulus_check.h"
#include "keysnap/key/public_key.h"
#include "keysnap/store/store.h"

/* One key, by the SHA-256 of its SubjectPublicKeyInfo. */
struct audit_key {
	uint8_t sha256[32];
	uint64_t entry; /* the first observation with it */
	enum key_type type;
	struct modulus_numbers numbers; /* RSA */
	bool small_order; /* Ed25519: of a point that needs no private key */
	bool seen_again;  /* in an observation from "from" on */
	bool more_names;  /* under others than the next */
	struct span name; /* that it was first seen under */
	struct span unrelated; /* the first name whose domain has not the last
				  two labels with that one in common, or
				  empty */
};

struct audit_keys {
	struct audit_key *keys; /* by their first entry */
	size_t n;
	size_t n_old;	       /* with an observation below "from" */
	uint64_t observations; /* from "from" on */
	uint64_t memory;       /* octets that all this takes */
	GArray *array;	       /* of the keys */
	struct arena *arena;
};

/*
 * Gather the keys of all observations below entry "below", counted or
 * retracted: what a key is does not depend on who saw it.  False with "error"
 * for those of the store, and when the keys take more than "memory" octets.
 */
bool audit_keys_gather(struct audit_keys *keys, struct store *store,
    const struct crypto *crypto, uint64_t from, uint64_t below,
    uint64_t memory, GError **error);
void audit_keys_clear(struct audit_keys *keys);

/* Have the domains of two canonical names the last two labels in common? */
bool audit_keys_related(struct span name, struct span other);

#endif
