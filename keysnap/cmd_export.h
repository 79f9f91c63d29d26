/*
 * cmd_export.h - what the formats of keysnap export share.
 */
#ifndef KEYSNAP_CMD_EXPORT_H
#define KEYSNAP_CMD_EXPORT_H

#include "keysnap/cmd_view.h"

/* One export under way. */
struct exporting {
	struct view *view;
	GString *out;
	GHashTable *retractions; /* cmd_entry.h */
	uint64_t others;         /* entries that the format has no place for */
	uint64_t retracted;      /* observations that were left out */
	uint64_t names;          /* written so far, by formats with keys */
	uint64_t unfit;          /* records that the format cannot write */
};

/* Goes through the log; or, by "keys", through the records of each name. */
struct export_format {
	const char *name;
	void (*begin)(struct exporting *exporting); /* or NULL */
	void (*entry)(struct exporting *exporting, uint64_t number,
	    const struct entry *entry);
	const struct export_keys *keys;
};

/* One TXT record, of one or more observations of a name. */
struct export_record {
	const struct entry_observation *observation; /* the latest of them */
	uint64_t number;                             /* its entry's */
	struct span text;                            /* joined */
};

struct export_keys {
	/* False when the record cannot be written so. */
	bool (*fits)(const struct export_record *record);
	/* The records of a name that fit, the latest seen first. */
	void (*name)(struct exporting *exporting, struct span name,
	    const struct export_record *records, size_t n);
	const char *head, *tail; /* octets before and after all, or NULL */
};

/* Every name's records, for the formats that have "keys". */
bool export_each_name(struct exporting *exporting,
    const struct export_keys *keys, GError **error);

extern const struct export_format export_log, export_canonical, export_jsonl,
    export_csv, export_zone, export_opendkim, export_mailauth;

/* A string as RFC 1035 section 5.1 writes it: "\DDD" for what is no printable
 * ASCII, "\" before quotes and itself; with "quotes" in them. */
void export_append_string(GString *out, struct span string, bool quotes);

/* Is the observation retracted, or its source?  Then it is counted. */
bool export_is_retracted(
    struct exporting *exporting, uint64_t number, const struct entry *entry);

#endif
