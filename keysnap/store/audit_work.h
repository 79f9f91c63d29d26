/*
 * audit_work.h - the steps of an audit that take long, with what they found
 * kept in the store as they go (store_work_put()).
 */
#ifndef KEYSNAP_STORE_AUDIT_WORK_H
#define KEYSNAP_STORE_AUDIT_WORK_H

#include "keysnap/store/audit_moduli.h"
#include "keysnap/store/audit_past.h"

#define AUDIT_CHUNK 256 /* keys that are checked, and committed, at once: some
			   0.6 seconds at 2048 bits */

/* The steps; also the first octets of the keys of what they found. */
#define AUDIT_STEP_KEYS	  "k" /* of a chunk: findings, audit_record_next() */
#define AUDIT_STEP_BLOCKS "b" /* of a block of new moduli: divisors */
#define AUDIT_STEP_OLD	  "o" /* of a block of old ones: divisors */

struct audit {
	struct store *store;
	const struct crypto *crypto;
	const struct audit_request *request;
	struct audit_plan plan;
	struct audit_keys keys;
	struct modulus_checker *checker;
	struct audit_moduli moduli;
	size_t list_old;    /* the keys before are covered by the lists */
	size_t first, n_chunks; /* chunks are counted from key "first" on */
	bool stopped;
};

/*
 * One thing found: of key "index" by check "order" its key-health entry as a
 * line, or of modulus "index" its common divisor.
 */
struct audit_record {
	uint32_t index;
	uint8_t order;
	struct span octets;
};

/* Take the next record off a value; false at its end. */
bool audit_record_next(struct span *value, struct audit_record *record_out);
void audit_record_add(GString *value, const struct audit_record *record);

/* What chunk or block "number" of a step found, copied into "arena"; NULL
 * octets when it was not done.  Inside a transaction. */
bool audit_work_get(struct audit *audit, const char *step, size_t number,
    struct arena *arena, struct span *value_out, GError **error);

/*
 * Do what is left of a step, on several threads; "work" appends records to
 * "value".  False with "error", or with audit->stopped.
 */
struct audit_step {
	const char *step; /* see above */
	const char *name; /* for tick() */
	size_t n;	  /* chunks, or blocks */
	void (*work)(const void *user, size_t number, GString *value);
	const void *user;
};
bool audit_work_run(struct audit *audit, const struct audit_step *step,
    GError **error);

/* The same for what is kept in memory only; "work" is called with numbers
 * from 0 to n - 1. */
bool audit_work_quick(struct audit *audit, const char *name, size_t n,
    void (*work)(void *user, size_t number), void *user);

#endif
