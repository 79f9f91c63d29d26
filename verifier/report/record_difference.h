/*
 * record_difference.h - the first thing in which two JSON values differ.
 */
#ifndef VERIFIER_REPORT_RECORD_DIFFERENCE_H
#define VERIFIER_REPORT_RECORD_DIFFERENCE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/*
 * Find the first member, in the order in which they are written, in which
 * "old" and "new" differ.  False when there is none.  Its place is appended to
 * "path" ("signatures[0].key.grade"); what stands there is borrowed, NULL
 * where only the other has it.  Members that the NULL-ended "passed_over"
 * names (at the top; NULL: none) are not compared.
 */
bool record_difference(const json_t *old, const json_t *new,
    const char *const *passed_over, GString *path, const json_t **old_out,
    const json_t **new_out);

/* Append "value" for people: one line of JSON, safe for terminals, cut to
 * "most" octets; NULL as "(absent)". */
void record_value_append(GString *out, const json_t *value, size_t most);

#endif
