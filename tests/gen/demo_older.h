/*
 * demo_older.h - the last letters of the demonstration archive: signed by
 * DomainKeys or a draft of DKIM, sealed by a list, and attached to another.
 */
#ifndef TESTS_GEN_DEMO_OLDER_H
#define TESTS_GEN_DEMO_OLDER_H

#include "tests/gen/demo.h"

/* Add them behind all others. */
void demo_older_letters(GPtrArray *letters, struct key_list *keys);

#endif
