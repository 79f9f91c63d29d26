/*
 * packet_join.h - DNS messages that came in several packets: fragments of UDP
 * and streams of TCP.
 *
 * Only what comes in order is put together.  What is missing, or comes too
 * early, ends that message or stream, with a complaint; it is never guessed
 * at.  Both tables are bounded; the entry that waits longest makes room.
 */
#ifndef KEYSNAP_IMPORT_PACKET_JOIN_H
#define KEYSNAP_IMPORT_PACKET_JOIN_H

#include "keysnap/import/packet.h"

#include <glib.h>

#define PACKET_JOIN_MAX	  256	  /* packets or streams under way */
#define PACKET_JOIN_OCTETS 65537 /* octets that one of them may hold: a DNS
				    message with its length */

struct packet_join {
	GArray *parts;	/* struct packet_part (packet_join.c) */
	uint64_t clock; /* packets so far: who waited longest */
	void *user;
	/* A whole payload of UDP, or a message of TCP; "packet" is the last
	 * one of it, its source that of all. */
	void (*message)(void *user, const struct packet *packet,
	    struct span message);
	/* Packet number "number" leaves something incomplete. */
	void (*lost)(void *user, uint64_t number, const char *reason);
};

void packet_join_init(struct packet_join *join);
/* Everything that is still incomplete is lost. */
void packet_join_finish(struct packet_join *join);
void packet_join_clear(struct packet_join *join);

/* A fragment of UDP from port "port", or one that may belong to it; false
 * when it belongs to nothing under way. */
bool packet_join_fragment(struct packet_join *join,
    const struct packet *packet, unsigned port, uint64_t number);

/* A segment of TCP from port "port", unfragmented; false when it has nothing
 * to say (no payload and no stream). */
bool packet_join_segment(struct packet_join *join, const struct packet *packet,
    uint64_t number);

#endif
