/*
 * import_case.h - run an importer over text, and write down what it says.
 *
 * One line per call, in order:
 *   NAME KIND [STRING|STRING] JOINED FIRST LAST PRECISION KIND METHOD REST
 *       @LINE (REST: a word and the value for each member that is there)
 *   bad LINE: REASON
 *   other LINE
 *   evidence of N octets
 */
#ifndef TESTS_UNIT_IMPORT_CASE_H
#define TESTS_UNIT_IMPORT_CASE_H

#include "keysnap/import/importer.h"

/* What "importer" says of "text"; free with g_free(). */
char *import_case_run(const struct importer *importer, struct span text,
    const struct import_options *options);

#endif
