/*
 * pace.h - not more messages a second than were allowed: all together, and to
 * each server; and servers that give no answers are left alone for a while.
 * For any number of threads.
 */
#ifndef KEYSNAP_CAPTURE_PACE_H
#define KEYSNAP_CAPTURE_PACE_H

#include "keysnap/capture/dns_server.h"

#include <glib.h>

#define PACE_SERVERS_MAX 65536 /* that are remembered; then all are forgotten
				  but those in a hurry */
#define PACE_FAILURES_MAX 3 /* in a row: the server is down ... */
#define PACE_DOWN	  (30 * G_USEC_PER_SEC) /* ... for so long */

struct pace;

/* Messages a second; 0: no bound. */
struct pace *pace_new(unsigned rate, unsigned server_rate);
void pace_free(struct pace *pace);

/* When the next message to "server" may go, which is taken for sent then.
 * Times are microseconds, monotonic. */
gint64 pace_next(
    struct pace *pace, const struct dns_server *server, gint64 now);

/* Say whether it answered; is it down? */
void pace_report(struct pace *pace, const struct dns_server *server,
    bool answered, gint64 now);
bool pace_is_down(
    struct pace *pace, const struct dns_server *server, gint64 now);

#endif
