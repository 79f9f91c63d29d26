/*
 * zone_rr.h - the fields of a resource record (RFC 1035 section 5.1).
 */
#ifndef KEYSNAP_IMPORT_ZONE_RR_H
#define KEYSNAP_IMPORT_ZONE_RR_H

#include "keysnap/import/zone_text.h"

/* A record whose fields before the RDATA are known. */
struct zone_rr {
	const struct zone_record *record;
	size_t rdata; /* first token of the RDATA */
	int64_t ttl;  /* left as it is when the record names none */
	bool is_internet;
	struct span type;
};

/* "3600", or with units as BIND has them: "1h30m".  At most 2^31-1. */
bool zone_ttl_parse(struct span text, int64_t *ttl_out);

/* The SERIAL of an SOA record (RFC 1035 section 3.3.13); false when it has
 * none. */
bool zone_serial_read(const struct zone_rr *rr, uint32_t *serial_out);

/* Read "[TTL] [class] type" or "[class] [TTL] type" from token "at" of
 * rr->record on; false when no type is there. */
bool zone_rr_read(struct zone_rr *rr, size_t at);

/* The octets of one character-string, as ldns reads its escapes, in "arena";
 * a NUL follows "text".  NULL, or what is wrong with it. */
const char *zone_string_read(
    struct arena *arena, struct span text, struct span *octets_out);

#endif
