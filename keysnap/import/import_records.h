/*
 * import_records.h - records that DNSSEC chains are made of, wherever an
 * importer meets them: they go to output->record as they are.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_RECORDS_H
#define KEYSNAP_IMPORT_IMPORT_RECORDS_H

#include "keysnap/import/importer.h"

#define IMPORT_RECORD_MAX (64 << 10) /* octets of a record as text; an escaped
				TXT record of 16 KB */

/*
 * A record as text: the absolute owner without or with its last dot, its type,
 * and the RDATA; relative names in that are under "origin" (without last dot).
 * One that no chain needs, or that ldns cannot read, is passed over: it says
 * nothing of a key.
 */
struct import_record_text {
	struct span owner, type, rdata, origin;
	int64_t ttl; /* -1: none */
};
void import_records_text(const struct import_record_text *text,
    const struct import_output *output);

/* All records of a well-formed response. */
void import_records_message(struct span message,
    const struct import_output *output);

#endif
