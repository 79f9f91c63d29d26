/*
 * cmd_capture_gather.h - what the answer to one question says, as observations
 * of the log.
 */
#ifndef KEYSNAP_CMD_CAPTURE_GATHER_H
#define KEYSNAP_CMD_CAPTURE_GATHER_H

#include "keysnap/capture/capture.h"
#include "keysnap/store/entry.h"

#define CAPTURE_RECORDS_MAX 128 /* TXT records of one name: each becomes an
				   entry, and real names have one or two.  More
				   is oversized */

struct capture_gathered {
	struct arena *arena;
	GArray *observations; /* struct entry_observation, without a source */
	const char *fault;    /* why it is no answer, or NULL */
	bool oversized;	      /* that is why */
};

/* The reply must be ANSWERED, and outlive what was gathered. */
void capture_gather(
    struct capture_gathered *gathered, const struct dns_reply *reply);
void capture_gathered_clear(struct capture_gathered *gathered);

/* Call "each" for every message that the reply came in, in order, then for
 * those that named the servers; until it says false. */
bool capture_gather_evidence(const struct dns_reply *reply,
    bool (*each)(void *user, struct span octets), void *user);

#endif
