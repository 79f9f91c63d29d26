/*
 * equivalence.h - recorded equivalences of domains, read from a file
 * (alignment.h has the form of its lines).
 */
#ifndef VERIFIER_VERDICT_EQUIVALENCE_H
#define VERIFIER_VERDICT_EQUIVALENCE_H

#include "keysnap/base/arena.h"

struct equivalence {
	struct span pattern; /* canonical, without "*." */
	bool below;	     /* the pattern had "*." */
	struct span organisation; /* canonical; empty for "*" */
};

struct equivalences {
	struct equivalence *list;
	size_t n;
};

/* Read the lines of "text", a file "path"; false with the number of the first
 * wrong line in "error".  Everything lives in "arena". */
bool equivalences_parse(struct equivalences *equivalences, struct arena *arena,
    const char *path, struct span text, GError **error);

/* Does a signature of "domain" count for "organisation"?  Both canonical. */
bool equivalences_match(const struct equivalences *equivalences,
    struct span domain, struct span organisation);

#endif
