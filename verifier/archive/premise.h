/*
 * premise.h - what is checked before an archive is read: the digests that
 * came with it.
 *
 * A folder that declares itself a BagIt bag is checked as one; a list of
 * digests (checksum_list.h; Google Vault delivers one) against the files that
 * it names, where they lie in its folder or below it.  For an archive that is
 * a file, the lists in its folder are looked through for its name.  Bags and
 * lists inside containers are not checked: their octets are hashed as they
 * are, and compared with nothing.
 */
#ifndef VERIFIER_ARCHIVE_PREMISE_H
#define VERIFIER_ARCHIVE_PREMISE_H

#include "verifier/archive/archive.h"

#define PREMISES_MAX 10000 /* findings that are listed; more are counted */

/* One finding. */
struct premise {
	struct span path;   /* as in records */
	const char *code;   /* verifier.5 lists them; static */
	struct span detail;
	bool broken;	    /* the octets are not those that were delivered */
};

struct premises {
	struct premise *list;
	size_t n;
	uint64_t n_more;
	uint64_t broken; /* findings that are, listed or not */
	struct arena *memory;
};

/* Check what belongs to the arguments of "archive".  False with "error" when
 * a file changed meanwhile.  Clear "out" in both cases. */
bool premises_check(struct archive *archive, const struct crypto *crypto,
    struct premises *out, GError **error);
void premises_clear(struct premises *premises);

#endif
