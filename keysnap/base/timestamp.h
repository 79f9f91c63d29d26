/*
 * timestamp.h - instants as text: RFC 3339 in UTC, and how exact they are.
 *
 * An instant is a count of seconds since 1970-01-01T00:00:00Z, without leap
 * seconds, between the years 0000 and 9999.  No locale, no time zone data.
 */
#ifndef KEYSNAP_BASE_TIMESTAMP_H
#define KEYSNAP_BASE_TIMESTAMP_H

#include "keysnap/base/span.h"

#define TIMESTAMP_SIZE 21			/* "2016-10-31T00:00:00Z" and NUL */
#define TIMESTAMP_NONE INT64_MIN		/* no instant known */
#define TIMESTAMP_MIN  INT64_C(-62167219200)	/* 0000-01-01T00:00:00Z */
#define TIMESTAMP_MAX  INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */
#define TIMESTAMP_DAY  INT64_C(86400)

/* How much of the instant was known; the rest stands at its earliest. */
enum timestamp_precision {
	TIMESTAMP_SECOND,
	TIMESTAMP_MINUTE,
	TIMESTAMP_HOUR,
	TIMESTAMP_DAY_PRECISION,
	TIMESTAMP_MONTH,
	TIMESTAMP_YEAR
};

/* "second", "minute", "hour", "day", "month", "year", and back; the way back
 * is false for any other word. */
const char *timestamp_precision_name(enum timestamp_precision precision);
bool timestamp_precision_from_name(struct span name,
    enum timestamp_precision *precision_out);

/* Write "2016-10-31T00:00:00Z"; "at" must be in range. */
void timestamp_format(int64_t at, char out[TIMESTAMP_SIZE]);

/* Only "YYYY-MM-DDTHH:MM:SSZ"; false on any other spelling. */
bool timestamp_parse(struct span text, int64_t *at_out);

/*
 * What people and other tools write: the form above, with fractions of a
 * second (dropped), with an offset "+HH:MM", with a space for "T"; a date
 * alone (day precision), "YYYY-MM" (month), "YYYY" (year).  Without an
 * offset the time is UTC.  False when it is none of these or out of range.
 */
bool timestamp_parse_lenient(struct span text, int64_t *at_out,
    enum timestamp_precision *precision_out);

/* The last second of the interval that "at" with "precision" stands for. */
int64_t timestamp_end(int64_t at, enum timestamp_precision precision);

/* Seconds of a civil UTC date and time, for parsers of other notations.
 * False when a field is out of range (a 60th second counts as the 59th). */
struct timestamp_fields {
	int year, month, day, hour, minute, second;
};
bool timestamp_from_fields(const struct timestamp_fields *fields,
    int64_t *at_out);

/* "at" of an mtime, bounded to the range above. */
int64_t timestamp_clamp(int64_t at);

#endif
