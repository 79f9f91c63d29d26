/*
 * message_time.h - when a message says that it was made: an interval with
 * its sources, each signed or not.  A signed time is what the signer claimed.
 */
#ifndef VERIFIER_VERDICT_MESSAGE_TIME_H
#define VERIFIER_VERDICT_MESSAGE_TIME_H

#include "keysnap/base/timestamp.h"
#include "verifier/message/header_index.h"

#define MESSAGE_TIMES_MAX 64 /* Received fields read; others are left out */

enum time_source {
	TIME_SOURCE_SIGNATURE, /* t= */
	TIME_SOURCE_DATE,
	TIME_SOURCE_RECEIVED,
	TIME_SOURCE_ENVELOPE /* the mbox From_ line */
};

struct message_times {
	int64_t date;	     /* of the first Date field, or TIMESTAMP_NONE */
	int64_t received_min, received_max; /* or TIMESTAMP_NONE */
	int64_t envelope;
};

/* RFC 5322 date-time, obsolete forms included, years of 2 to 4 digits. */
bool message_date_parse(struct span value, int64_t *at_out);

void message_times_get(struct message_times *times,
    const struct header_index *header, struct span envelope);

/*
 * The interval for one signature: from the earliest to the latest of t=, Date,
 * Received and envelope.  t= and Date alone when they stand (signed or not);
 * Received and envelope only where neither does, or to widen.  Both
 * TIMESTAMP_NONE when nothing is known.
 */
struct time_interval {
	int64_t from, to;
	enum time_source from_source, to_source;
	bool from_signed, to_signed;
};
void message_time_interval(struct time_interval *interval,
    const struct message_times *times, int64_t signature_time,
    bool date_signed);

const char *time_source_name(enum time_source source); /* "t", "date", ... */

#endif
