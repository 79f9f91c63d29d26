/*
 * zone_found.h - what the records of a zone file, or of one answer of dig,
 * say of keys: from items to observations.
 */
#ifndef KEYSNAP_IMPORT_ZONE_FOUND_H
#define KEYSNAP_IMPORT_ZONE_FOUND_H

#include "keysnap/import/importer.h"
#include "keysnap/import/zone_answer.h"
#include "keysnap/import/zone_items.h"

#define ZONE_RRSET_MAX 256 /* TXT records of one name that a CNAME brings
			      along: an answer of 64 KB holds about as many
			      keys; without a bound, CNAMEs times records could
			      be anything */

struct zone_found {
	const struct import_options *options;
	const struct import_output *output;
	struct zone_answer answer;
	struct zone_items items;
	bool is_keyfile; /* opendkim-genkey says so */
};

void zone_complain(const struct zone_found *found, uint64_t line,
    const char *reason);
void zone_pass_over(const struct zone_found *found, uint64_t line);

/* Everything kept so far becomes observations. */
void zone_found_flush(struct zone_found *found);

/* The comment on "line" becomes an observation when delv says in it that
 * something is absent. */
void zone_found_absent(struct zone_found *found, uint64_t line,
    struct span comment);

#endif
