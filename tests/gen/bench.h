/*
 * bench.h - what all messages of a bench corpus share: its shape, 50 signing
 * domains and their keys, and the words.
 */
#ifndef TESTS_GEN_BENCH_H
#define TESTS_GEN_BENCH_H

#include "tests/gen/bench_text.h"
#include "tests/gen/key_list.h"

#define BENCH_DOMAINS 50
#define BENCH_SPECIAL 4 /* domains with a key of each kind that is rare */
#define BENCH_KEYS    (BENCH_DOMAINS + 2 * BENCH_SPECIAL)

/* The size that so many of 1000 messages do not reach, linear between. */
struct quantile {
	guint per_mille;
	guint octets;
};

struct shape {
	const char *name;
	struct quantile text[5];      /* of the text; ends with 1000 */
	struct quantile attached[10]; /* of the base64 lines; or none */
	guint hops;		      /* Received fields, at most */
};

struct bench {
	const struct shape *shape;
	guint64 seed;
	guint unsigned_percent; /* of the messages */
	struct vocabulary *vocabulary;
	char *domains[BENCH_DOMAINS];
	char *labels[BENCH_KEYS];
	/* Row i is the usual key of domain i; behind these are keys of 1024
	 * bits, then Ed25519. */
	struct listed_key table[BENCH_KEYS + 1];
	struct key_list *keys;
};

/* "shape" is "small" (about 7 KB), "big" (about 130 KB, with attachments) or
 * "tiny" (about 1 KB); NULL comes back for any other. */
struct bench *bench_new(
    const char *shape, guint64 seed, guint unsigned_percent);
void bench_free(struct bench *bench);

/* A size of such a table. */
gsize bench_size(const struct quantile *table, struct dice *dice);

#endif
