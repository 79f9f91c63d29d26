/*
 * make_container_convert.h - a tree of .eml files as other programs keep mail.
 */
#ifndef TESTS_GEN_MAKE_CONTAINER_CONVERT_H
#define TESTS_GEN_MAKE_CONTAINER_CONVERT_H

#include "tests/gen/make_container_files.h"

/* The names of all forms, separated by blanks. */
char *convert_forms(void);

/*
 * The messages in "mail" (its files, in their order) as "form"; NULL: no such
 * form.  Line ends become LF where the program keeps mail so; a message whose
 * line ends are mixed does not survive that.
 */
GPtrArray *convert(const char *form, const GPtrArray *mail);

#endif
