/*
 * audit.h - checks of all keys of a store, and their findings as entries.
 *
 * An audit looks at the keys of all entries below one number.  What earlier
 * audits covered (audit entries that are not retracted) is not done again: the
 * checks of single keys are made of new keys, and factors are looked for in
 * common to new keys and all others.  Findings that the store has already are
 * not added twice.
 *
 * The work goes in steps, and each is committed in a table beside the log
 * (store_work_put()).  The entries come at the end, in one transaction, in the
 * order of the keys: they depend neither on the number of threads, the memory
 * given, nor on how often the work was interrupted.
 *
 * Checks, the words of key-health entries, beside those of modulus_check.h:
 *  debian-weak        the modulus is on a list for CVE-2008-0166
 *  published-key      it is on a list of keys whose private half is public
 *  sample-key         an RFC printed the private key
 *  small-order        Ed25519: signatures need no private key
 *  same-modulus       other keys have this modulus with another exponent, or
 *                     with small factors on top: unknown
 *  shared-factor      bad: another modulus has a prime factor of this one;
 *                     unknown: another is a multiple of this one
 *  unrelated-domains  the key stands under names whose domains have not the
 *                     last two labels in common: unknown
 */
#ifndef KEYSNAP_STORE_AUDIT_H
#define KEYSNAP_STORE_AUDIT_H

#include "keysnap/base/workers.h"
#include "keysnap/key/weak_list.h"
#include "keysnap/store/audit_keys.h"

#define AUDIT_LISTS_MAX	 64
#define AUDIT_MEMORY_MIN (UINT64_C(16) << 20) /* octets */

/* A list of weak keys, EVIDENCE_MAX octets at most; kept as evidence. */
struct audit_list {
	struct span octets;
	uint8_t sha256[32];
	struct weak_list *list;
};

struct audit_request {
	struct span tool;
	int64_t made;	 /* time of the entries; of an audit that goes on, that
			    of its beginning stays */
	uint64_t memory; /* octets, AUDIT_MEMORY_MIN or more */
	unsigned jobs;	 /* 1 to WORKERS_MAX */
	bool again;	 /* as if there had been no audit before */
	const struct audit_list *lists;
	size_t n_lists;
	/* Called some times a second, outside of transactions: how much of a
	 * step of the work is done.  False stops. */
	bool (*tick)(void *user, const char *step, uint64_t done,
	    uint64_t total);
	/* Called for each finding that was added, after all were. */
	void (*finding)(void *user, uint64_t number, const struct entry *entry,
	    const struct audit_key *key);
	void *user;
};

struct audit_result {
	bool nothing;  /* no new observations: nothing was added */
	bool went_on;  /* what an earlier run had done was used */
	bool stopped;  /* by tick() */
	uint64_t entry; /* the audit entry that was added */
	uint64_t below; /* the entries with smaller numbers are covered */
	uint64_t keys, new_keys; /* distinct ones; not covered before */
	uint64_t findings, bad;	 /* key-health entries added; of them bad */
};

/* False with "error" for those of the store, STORE_ERROR_MEMORY when the
 * memory is not enough. */
bool audit_run(struct store *store, const struct crypto *crypto,
    const struct audit_request *request, struct audit_result *result_out,
    GError **error);

#endif
