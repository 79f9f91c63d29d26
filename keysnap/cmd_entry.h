/*
 * cmd_entry.h - entries of the log in plain words, for show and list.
 */
#ifndef KEYSNAP_CMD_ENTRY_H
#define KEYSNAP_CMD_ENTRY_H

#include "keysnap/cmd_view.h"

/*
 * All that is to be shown of a name: what bears on it, and of what bears on
 * the whole log ("about_log") the anchors that an entry or a file of the name
 * is under, the audits that looked at one, and what is said of these.  By
 * ascending number, each once, in "arena".
 */
void entry_merge(struct bearing *all_out, struct arena *arena,
    struct view *view, const struct view_keys *keys,
    const struct bearing *about_log);

/* Append an entry as words, without line feed: "sighting of entry 3 ...".
 * Keys that "known" has are named "key 1", as show numbers them. */
void entry_append_words(GString *out, struct view *view,
    const struct known_name *known, const struct entry *entry);

/* Append "first .. last (kind)", or "no time known". */
void entry_append_times(GString *out, int64_t first, int64_t last,
    enum timestamp_precision precision,
    enum observation_time_kind time_kind);

/* Entries of a type that bear on the name. */
size_t entry_count(const struct view_keys *keys, enum entry_type type);

/* Append "; 2 annotations, 1 sighting", or nothing. */
void entry_append_counts(GString *out, const struct view_keys *keys);

#endif
