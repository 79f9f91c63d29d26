/*
 * recognise.h - what importers use to know a file by its first octets.
 */
#ifndef KEYSNAP_IMPORT_RECOGNISE_H
#define KEYSNAP_IMPORT_RECOGNISE_H

#include "keysnap/base/span.h"

/* Take the next line that is not blank from the front of *rest, trimmed of
 * white space; false when there is none. */
bool recognise_line(struct span *rest, struct span *line_out);

/* Is the first such line of "start" a JSON object with all of these members
 * (NULL-ended), none of them null? */
bool recognise_members(struct span start, const char *const *names);

#endif
