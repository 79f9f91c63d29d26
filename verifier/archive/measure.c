/*
 * measure.c - how much there is to read, for progress only.
 */
#include "verifier/archive/measure.h"

#include <fts.h>
#include <stddef.h>
#include <sys/stat.h>

uint64_t
archive_measure(char *const *paths)
{
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	uint64_t octets = 0;
	FTSENT *found;

	if (walk == NULL)
		return 0;
	while ((found = fts_read(walk)) != NULL) {
		if (found->fts_info == FTS_F)
			octets += (uint64_t)found->fts_statp->st_size;
	}
	fts_close(walk);
	return octets;
}
