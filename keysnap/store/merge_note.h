/*
 * merge_note.h - what merge*.c share: entries about a log as a whole, as notes
 * on sources.
 */
#ifndef KEYSNAP_STORE_MERGE_NOTE_H
#define KEYSNAP_STORE_MERGE_NOTE_H

#include "keysnap/store/merge.h"

/* Each makes an annotation in "arena", of the targets; its line is not yet
 * written. */
void merge_note_anchor(struct entry *note_out, struct arena *arena,
    const struct merge_log *log, const struct entry_anchor *anchor,
    struct entry_numbers target);
void merge_note_audit(struct entry *note_out, struct arena *arena,
    const struct merge_log *log, const struct entry_audit *audit,
    struct entry_numbers target);
void merge_note_note(struct entry *note_out, struct arena *arena,
    const struct merge_log *log, const struct entry_annotation *annotation,
    struct entry_numbers target);

/* "copied from the log ..." */
void merge_note_copied(struct entry *note_out, struct arena *arena,
    const struct merge_log *log, const struct merge_options *options,
    struct entry_numbers target);

#endif
