/*
 * lookup.c - what it takes to find and decode what a snapshot holds on a name.
 *
 *   lookup SNAPSHOT ROUNDS <NAMES
 *
 * Looks up every name (one a line) ROUNDS times in the snapshot, opened by
 * its own signer's key, and prints: lookups, entries, CPU seconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "keysnap/base/file.h"
#include "keysnap/store/snapshot.h"

static double
cpu(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct snapshot *
open_signed(const char *path, const struct crypto *crypto, struct arena *arena)
{
	g_autofree char *file = g_build_filename(path, "checkpoint", NULL);
	GBytes *octets = file_read(file, NOTE_MAX, NULL);
	struct checkpoint checkpoint;
	struct span text = { NULL, 0 };
	const char *why;

	if (octets == NULL)
		return NULL;
	text.p = g_bytes_get_data(octets, &text.n);
	if (!checkpoint_parse(&checkpoint, arena, crypto, text, &why) ||
	    !checkpoint.is_signed)
		return NULL;
	const struct snapshot_trust trust = { &checkpoint.signer, NULL };
	return snapshot_open(path, &trust, crypto, NULL);
}

int
main(int argc, char **argv)
{
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new(), *scratch = arena_new();
	struct snapshot *snapshot =
	    argc == 3 ? open_signed(argv[1], crypto, arena) : NULL;
	GPtrArray *names = g_ptr_array_new();
	size_t lookups = 0, found = 0;
	char line[512];
	double begin;

	if (snapshot == NULL)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL)
		g_ptr_array_add(names, g_strchomp(g_strdup(line)));
	begin = cpu();
	for (int i = 0; i < atoi(argv[2]); i++) {
		for (guint j = 0; j < names->len; j++) {
			struct entry *entries;
			uint64_t *numbers;
			size_t n;

			arena_reset(scratch);
			if (!snapshot_lookup(snapshot, scratch,
				span_from_string(names->pdata[j]), &entries,
				&numbers, &n, NULL))
				return 1;
			lookups++;
			found += n;
		}
	}
	printf("%zu %zu %.6f\n", lookups, found, cpu() - begin);
	return 0;
}
