/*
 * mime_parameter.h - parameters of a MIME field (RFC 2045 section 5.1), as far
 * as all programs read them alike.
 */
#ifndef VERIFIER_MESSAGE_MIME_PARAMETER_H
#define VERIFIER_MESSAGE_MIME_PARAMETER_H

#include "keysnap/base/span.h"

/*
 * Count the parameters "wanted" among "rest", and give the value of the last.
 * False when a parameter does not parse, or has the forms of RFC 2231
 * ("boundary*0="), which some programs only read.
 */
bool mime_parameter_find(struct span rest, struct span wanted, size_t *n_out,
    struct span *value_out);

#endif
