/*
 * import_case.h - run an importer over text, and write down what it says.
 *
 * One line per call, in order:
 *   NAME KIND [STRING|STRING] JOINED FIRST LAST PRECISION KIND METHOD REST
 *       @LINE (REST: a word and the value for each member that is there)
 *   bad LINE: REASON
 *   other LINE
 *   evidence of N octets
 *   KIND KEY SINCE PRECISION evidence N (a statement about a key; keys are
 *       known when the first octet of their digest is even)
 */
#ifndef TESTS_UNIT_IMPORT_CASE_H
#define TESTS_UNIT_IMPORT_CASE_H

#include "keysnap/import/importer.h"

/* What "importer" says of "text"; free with g_free(). */
char *import_case_run(const struct importer *importer, struct span text,
    const struct import_options *options);

/* Compare what it says of "text" with "want"; "name" is that of the case. */
void import_case_check(const struct importer *importer, const char *name,
    struct span text, const struct import_options *options, const char *want);

/* Options with --observed-at 2020-01-02T03:04:05Z, with none, and with no
 * time given. */
extern const struct import_options import_case_time, import_case_none,
    import_case_nothing;

#endif
