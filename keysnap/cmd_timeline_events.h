/*
 * cmd_timeline_events.h - all that bears on a name, in order of time, for
 * timeline and conflicts.
 */
#ifndef KEYSNAP_CMD_TIMELINE_EVENTS_H
#define KEYSNAP_CMD_TIMELINE_EVENTS_H

#include "keysnap/cmd_view.h"
#include "keysnap/store/provenance_witness.h"

#define TIMELINE_NO_KEY SIZE_MAX

enum timeline_kind {
	TIMELINE_PRESENT,    /* a record was there, or recovered from mail */
	TIMELINE_REVOKED,    /* a record with empty p= */
	TIMELINE_ABSENT,     /* NXDOMAIN or NODATA */
	TIMELINE_COMPROMISE, /* others may have had the key from "first" on */
	TIMELINE_FINDING,    /* it is forgeable from "first" on */
	TIMELINE_CHAIN,	     /* a DNSSEC chain is valid from "first" to "last" */
	TIMELINE_ANCHOR,     /* entries existed at "first" at the latest */
	TIMELINE_OTHER	     /* notes, audits, good findings: without a time */
};

struct timeline_event {
	enum timeline_kind kind;
	uint64_t number; /* of the entry */
	const struct entry *entry;
	size_t record; /* in known_name.keys, or TIMELINE_NO_KEY */
	int64_t first, last; /* TIMESTAMP_NONE: no time is known */
	int64_t end;	     /* the last second that its precision allows */
	enum timestamp_precision precision;
	const struct witness *witness; /* of what was seen; else NULL */
	bool retracted;
	uint64_t retracted_by;
};

struct timeline {
	const struct view_keys *keys;
	struct timeline_event *events; /* by time; those without one last */
	size_t n;
};

/* Everything lives in "arena".  "about_log" is what bears on the whole log. */
void timeline_make(struct timeline *timeline, struct arena *arena,
    struct view *view, const struct view_keys *keys,
    const struct bearing *about_log);

/* "present", "revoked", ...: the word of the JSON lines. */
const char *timeline_kind_name(enum timeline_kind kind);

/* Has the observer itself looked, at that time? */
bool timeline_looked(const struct timeline_event *event);

#endif
