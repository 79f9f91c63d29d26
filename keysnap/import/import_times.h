/*
 * import_times.h - the times of a record that says when it was first and last
 * seen.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_TIMES_H
#define KEYSNAP_IMPORT_IMPORT_TIMES_H

#include "keysnap/import/importer.h"

/* One of them, as the record has it. */
struct import_time {
	int64_t at; /* TIMESTAMP_NONE: absent */
	enum timestamp_precision precision;
};

/*
 * Set them in "observation", as claimed.  One alone is a single sighting; of
 * two precisions the coarser one holds for both; with neither they come from
 * the options.  NULL, or what is wrong.
 */
const char *import_times_set(const struct import_options *options,
    struct import_time first, struct import_time last,
    struct entry_observation *observation);

#endif
