/*
 * cof_record.h - a record of the Passive DNS Common Output Format
 * (draft-dulaunoy-dnsop-passive-dns-cof), as observations.
 *
 * Of its members these are read; others are passed over:
 *   rrname, rrtype ("TXT" or 16), rdata (a string, or a list: each value is a
 *   record of its own), time_first and time_last in Unix seconds (or text),
 *   time_first_ms and time_last_ms, zone_time_first and zone_time_last,
 *   count, bailiwick, sensor_id, origin
 *
 * The times of an aggregate are claimed: gaps are not known.  What was seen
 * in zone files (zone_time_*) has the method "pdns-zone"; a record with both
 * kinds of times gives two observations of each value.
 */
#ifndef KEYSNAP_IMPORT_COF_RECORD_H
#define KEYSNAP_IMPORT_COF_RECORD_H

#include "keysnap/import/import_record.h"

/* Give what "object", from line "number", says to "output". */
void cof_record_take(struct arena *arena, const struct json_node *object,
    uint64_t number, const struct import_options *options,
    const struct import_output *output);

#endif
