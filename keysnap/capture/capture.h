/*
 * capture.h - ask for the TXT records of many names at once.
 *
 * Each name is asked of each vantage, which is a server, or a part of the
 * servers of the name's zone, by one of several workers; what comes is handed
 * over by the calling thread in the order of names and vantages, whichever was
 * answered first.
 */
#ifndef KEYSNAP_CAPTURE_CAPTURE_H
#define KEYSNAP_CAPTURE_CAPTURE_H

#include "keysnap/capture/authority.h"
#include "keysnap/capture/chain_collect.h"

#include <signal.h>

#define CAPTURE_JOBS_MAX    256
#define CAPTURE_SERVERS_MAX 16
#define CAPTURE_RATE_MAX    1000000 /* queries a second */
#define CAPTURE_ANSWERS_MAX 512	/* records of an answer that a chain is
				   collected for; real ones have under 20 */
#define CAPTURE_AHEAD	    1024    /* results that wait for one before them */
#define CAPTURE_AHEAD_OCTETS (8 << 20) /* of their answers and chains; parsed
				they take some times as much */

struct capture_options {
	struct dns_query_options query; /* "admit" is set by capture_run() */
	const struct dns_server *servers; /* to ask; of the root, when ... */
	size_t n_servers;
	unsigned vantages; /* ... not 0: each name is asked for at so many of
			      its zone's own servers (authority.h) */
	unsigned port;     /* of these */
	unsigned jobs;
	unsigned rate, server_rate; /* messages a second, all together and to
				       one server; 0: no bound */
	const struct trust_anchors *anchors;
	const volatile sig_atomic_t *stop; /* set: no more is asked */
	/* Was this seen before, so that no chain is needed?  Called by the
	 * workers. */
	bool (*is_known)(void *user, size_t name, size_t vantage,
	    const struct dns_reply *reply);
	/* Called by the calling thread.  False: stop. */
	bool (*take)(void *user, size_t name, size_t vantage,
	    const struct dns_reply *reply, const struct dnssec_chain *chain);
	void *user;
};

/* How many vantages there are. */
size_t capture_vantages(const struct capture_options *options);

/* Ask for all; false when it was stopped before the end. */
bool capture_run(const struct capture_options *options,
    const struct span *names, size_t n);

#endif
