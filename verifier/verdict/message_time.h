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
	int64_t date; /* of the first Date field, or TIMESTAMP_NONE */
	int64_t received_min, received_max; /* or TIMESTAMP_NONE */
	int64_t envelope;
};

/*
 * RFC 5322 3.3 date-time with the obsolete forms of 4.3: comments, years of
 * two and three digits, zones by name.  A zone that is missing or not known
 * is UTC, as 4.3 has it.  False, and *at_out untouched, on anything else.
 */
bool message_date_parse(struct span value, int64_t *at_out);

/*
 * The time of an mbox From_ line: as asctime() writes it ("Thu Jan  1
 * 00:00:00 1970"), with a zone before or after the year or without (then
 * UTC), anywhere behind the sender.
 */
bool message_envelope_date_parse(struct span line, int64_t *at_out);

/* "envelope" is the From_ line, empty for none.  Any of the times is
 * TIMESTAMP_NONE when it is absent or not understood. */
void message_times_get(struct message_times *times,
    const struct header_index *header, struct span envelope);

/*
 * The interval for one signature: from the earliest to the latest of t=, Date
 * and Received, signed or not.  The envelope counts only where none of these
 * stands: many exports write the time of the export there, or a constant.
 * Both TIMESTAMP_NONE when nothing is known, else in the range of timestamp.h.
 * "date_signed" is about the Date field that "times" was read from.
 */
struct time_interval {
	int64_t from, to;
	enum time_source from_source, to_source;
	bool from_signed, to_signed;
	int64_t anchored; /* proved from outside (struct message_facts), and
			     no part of what the message says; or
			     TIMESTAMP_NONE, as message_time_interval() has it */
};
void message_time_interval(struct time_interval *interval,
    const struct message_times *times, int64_t signature_time,
    bool date_signed);

const char *time_source_name(enum time_source source); /* "t", "date", ... */

#endif
