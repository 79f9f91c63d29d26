/*
 * audit_find.h - the checks of an audit, as records (audit_work.h).
 */
#ifndef KEYSNAP_STORE_AUDIT_FIND_H
#define KEYSNAP_STORE_AUDIT_FIND_H

#include "keysnap/store/audit_work.h"

/* A key-health entry for the log. */
struct audit_finding {
	const uint8_t *key; /* 32 octets */
	struct key_finding found;
	struct entry_hashes with, evidence;
};

/* Append its line, with the tool and time of the audit. */
void audit_finding_write(const struct audit *audit,
    const struct audit_finding *finding, GString *out);

/* The checks of single keys, in chunks; the calls of audit_work_run(), with
 * the audit as "user". */
void audit_find_keys(const void *user, size_t chunk, GString *value);

#endif
