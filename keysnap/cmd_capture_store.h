/*
 * cmd_capture_store.h - from answers to entries of the store.
 *
 * What says the same as the last capture of the name by the same observer, not
 * longer ago than CAPTURE_FULL_AGE, becomes part of a sighting entry: one for
 * all names that were seen again within a second.  Everything else becomes
 * observations, with the whole answer as evidence, and a chain-result entry
 * when anything of it is signed.  An answer that cannot be taken becomes a note
 * about its name, with the octets as evidence, and no observation.
 */
#ifndef KEYSNAP_CMD_CAPTURE_STORE_H
#define KEYSNAP_CMD_CAPTURE_STORE_H

#include "keysnap/capture/capture.h"
#include "keysnap/cmd_capture_known.h"

#define CAPTURE_FULL_AGE (30 * TIMESTAMP_DAY)
#define CAPTURE_COMMIT	 1000 /* answers of one transaction: what a crash may
				 lose ... */
#define CAPTURE_COMMIT_AGE 10 /* ... or those of so many seconds */

enum capture_outcome {
	CAPTURE_PRESENT,
	CAPTURE_REVOKED, /* p= is empty */
	CAPTURE_NXDOMAIN,
	CAPTURE_NODATA,
	CAPTURE_SERVFAIL,
	CAPTURE_REFUSED, /* or another status */
	CAPTURE_INCOMPLETE, /* an alias whose end is not there, a referral */
	CAPTURE_MALFORMED,
	CAPTURE_MISMATCHED,
	CAPTURE_OVERSIZED,
	CAPTURE_LAME, /* no server of the zone, though it should be one */
	CAPTURE_UNREACHABLE,
	CAPTURE_TIMEOUT,
	CAPTURE_OUTCOMES
};
const char *capture_outcome_name(enum capture_outcome outcome);

/* What a run has in common, and what came of it. */
struct capture_store {
	struct store *store;
	const struct crypto *crypto;
	const struct trust_anchors *anchors;
	char *const *labels; /* of each vantage: what its observer is called */
	size_t n_vantages;
	char **observers;  /* of each vantage */
	uint64_t *sources; /* of each vantage */
	GHashTable *source_vantages; /* uint64_t * -> vantage + 1: sources of
					earlier captures, too */
	const struct span *names;
	size_t n;
	struct capture_known *known; /* of each name and vantage */
	bool quiet;  /* say only what changed */
	int64_t now; /* of the start: how old a capture is counts from it */

	uint64_t outcomes[CAPTURE_OUTCOMES];
	uint64_t unchanged, changed, vanished, chains, observations;
	uint64_t silent; /* names without an answer that says something */

	bool open;	 /* a transaction */
	unsigned taken;	 /* in it */
	int64_t since;	 /* when its first answer came */
	GArray *again[CAPTURE_SERVERS_MAX]; /* uint64_t: seen again ... */
	int64_t again_at[CAPTURE_SERVERS_MAX]; /* ... at this time */
	GError *error;
};

/* "names" and "labels" must outlive it. */
void capture_store_init(struct capture_store *capture, struct store *store,
    const struct crypto *crypto, const struct span *names, size_t n,
    char *const *labels, size_t n_vantages);
void capture_store_clear(struct capture_store *capture);

/*
 * Make or find (with "resume": of a run over the same names) the source entry
 * of each vantage, and what is known of each name.  "list" are the octets of
 * the names, a line each.
 */
struct capture_source {
	struct span observer; /* of --source */
	struct span operator;
	struct span list;
	int64_t now;
	bool resume;
};
bool capture_store_begin(struct capture_store *capture,
    const struct capture_source *source, GError **error);

/* For struct capture_options. */
bool capture_store_is_known(void *user, size_t name, size_t vantage,
    const struct dns_reply *reply);
bool capture_store_take(void *user, size_t name, size_t vantage,
    const struct dns_reply *reply, const struct dnssec_chain *chain);

/* Commit what is left. */
bool capture_store_end(struct capture_store *capture, GError **error);

#endif
