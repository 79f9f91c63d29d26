/*
 * import_times.c - the times of a record that says when it was first and last
 * seen.
 */
#include "keysnap/import/import_times.h"

/* The start of the unit of "precision" (one of those that
 * timestamp_parse_lenient() knows) that "at" lies in. */
static int64_t
start_of(int64_t at, enum timestamp_precision precision)
{
	size_t n = precision == TIMESTAMP_YEAR ? 4
	    : precision == TIMESTAMP_MONTH     ? 7
					       : 10;
	char text[TIMESTAMP_SIZE];
	enum timestamp_precision again;

	if (precision == TIMESTAMP_SECOND)
		return at;
	timestamp_format(at, text);
	if (!timestamp_parse_lenient(
		span_sub(span_from_string(text), 0, n), &at, &again))
		g_assert_not_reached();
	return at;
}

const char *
import_times_set(const struct import_options *options, struct import_time first,
    struct import_time last, struct entry_observation *observation)
{
	if (first.at == TIMESTAMP_NONE && last.at == TIMESTAMP_NONE)
		return import_default_time(options, observation)
		    ? NULL
		    : import_needs_time;
	if (first.at == TIMESTAMP_NONE) {
		first = last;
	} else if (last.at == TIMESTAMP_NONE) {
		last = first;
	} else {
		first.precision = MAX(first.precision, last.precision);
		first.at = start_of(first.at, first.precision);
		last.at = start_of(last.at, first.precision);
	}
	observation->first = first.at;
	observation->last = last.at;
	observation->precision = first.precision;
	observation->time_kind = TIME_CLAIMED;
	return first.at > last.at ? "first seen after last seen" : NULL;
}
