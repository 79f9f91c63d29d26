/*
 * import_record.h - what records of many sources have in common: names, types
 * and times as other tools write them, and what was odd about them.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_RECORD_H
#define KEYSNAP_IMPORT_IMPORT_RECORD_H

#include "keysnap/base/json_tree.h"
#include "keysnap/import/import_times.h"

/*
 * A time as text: Unix seconds of 9 to 11 digits (1973 and later; fewer could
 * be a date), or what timestamp_parse_lenient() takes.  The empty text is no
 * time.  False when it is neither.
 */
bool import_time_parse(struct span text, struct import_time *time_out);

/* A time as JSON: absent (NULL), Unix seconds from 1 on as an integer, or
 * text as above.  0 is what tools write that do not know. */
bool import_time_from_json(const struct json_node *node,
    struct import_time *time_out);

enum import_name {
	IMPORT_NAME_KEY,
	IMPORT_NAME_OTHER, /* a name that holds no DKIM key */
	IMPORT_NAME_BAD	   /* has "_domainkey", but is no name for a key */
};

/*
 * What "text", a name as a DNS tool writes it, is.  Of a key, *name_out is its
 * canonical form in "arena"; of a bad one, *why_out says why.  Wildcards ("*",
 * or "_WILDCARD_" as DNSDB writes it) are not names that were asked for.
 */
enum import_name import_name_read(struct arena *arena, struct span text,
    struct span *name_out, const char **why_out);

/* "TXT", "TYPE16" or "16"? */
bool import_is_txt(struct span type);

/*
 * Let the record name its own observer ("observer", and what it says to be its
 * "origin"; both may be empty).  What an observer said through a source derives
 * from that source, so --source is its lineage: sensors of one aggregate are
 * never independent of each other.  In "arena".
 */
const char *import_observer_set(struct arena *arena,
    struct entry_observation *observation,
    const struct import_options *options, struct span observer,
    struct span origin);

/* What was odd about a record: bits, in the order of their words. */
enum import_warning {
	IMPORT_WARNING_ESCAPES = 1 << 0, /* undone in a text that may have
					    meant them */
	IMPORT_WARNING_BAILIWICK = 1 << 1, /* the name is not within it */
	IMPORT_WARNING_TRUNCATED = 1 << 2  /* the text ends in a string */
};

/* The words of "warnings" (bits), in "arena". */
struct entry_texts import_warning_words(struct arena *arena,
    unsigned warnings);

#endif
