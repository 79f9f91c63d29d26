/*
 * lookup.c - what it takes to find and decode what a snapshot holds on a name.
 *
 *   lookup SNAPSHOT ROUNDS <NAMES
 *
 * Looks up every name (one a line) ROUNDS times in the snapshot, opened by
 * its own signer's key: that is, finds in keys.mdb the entries under the name,
 * reads their lines, hashes them, compares the leaf hashes, parses and checks
 * them, and gives them in the order of the log.  Prints two lines of: lookups,
 * entries, CPU seconds; the second one of names with one or two entries.
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

struct bench {
	struct snapshot *snapshot;
	GPtrArray *names, *few; /* few: those with one or two entries */
};

/* Entries under "name"; ends the program when they cannot be had. */
static size_t
look_up(const struct bench *bench, struct arena *scratch, const char *name)
{
	struct entry *entries;
	uint64_t *numbers;
	size_t n;

	arena_reset(scratch);
	if (!snapshot_lookup(bench->snapshot, scratch, span_from_string(name),
		&entries, &numbers, &n, NULL))
		exit(1);
	return n;
}

static void
measure(const struct bench *bench, const GPtrArray *names, int rounds)
{
	struct arena *scratch = arena_new();
	size_t lookups = 0, found = 0;
	double begin = cpu();

	for (int i = 0; i < rounds; i++) {
		for (guint j = 0; j < names->len; j++) {
			found += look_up(bench, scratch, names->pdata[j]);
			lookups++;
		}
	}
	printf("%zu %zu %.6f\n", lookups, found, cpu() - begin);
	arena_free(scratch);
}

static void
read_names(struct bench *bench)
{
	struct arena *scratch = arena_new();
	char line[512];

	bench->names = g_ptr_array_new();
	bench->few = g_ptr_array_new();
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *name = g_strchomp(g_strdup(line));
		size_t n = look_up(bench, scratch, name);

		g_ptr_array_add(bench->names, name);
		if (n == 1 || n == 2)
			g_ptr_array_add(bench->few, name);
	}
	arena_free(scratch);
}

int
main(int argc, char **argv)
{
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new();
	struct bench bench = {
		.snapshot =
		    argc == 3 ? open_signed(argv[1], crypto, arena) : NULL,
	};

	if (bench.snapshot == NULL)
		return 2;
	if (atoi(argv[2]) == 0)
		return 0;
	read_names(&bench);
	measure(&bench, bench.names, atoi(argv[2]));
	measure(&bench, bench.few, atoi(argv[2]));
	return 0;
}
