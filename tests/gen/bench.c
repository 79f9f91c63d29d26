/* bench.c - see bench.h. */
#include "tests/gen/bench.h"

#include <string.h>

static const struct shape shapes[] = {
	{ "small",
	    { { 0, 500 }, { 500, 3200 }, { 900, 9000 }, { 1000, 11500 } },
	    { { 0, 0 } }, 4 },
	{ "big", { { 0, 500 }, { 500, 3200 }, { 900, 9000 }, { 1000, 11500 } },
	    { { 0, 3000 }, { 300, 8000 }, { 500, 18000 }, { 750, 50000 },
		{ 900, 200000 }, { 950, 380000 }, { 990, 1900000 },
		{ 999, 5000000 }, { 1000, 8000000 } },
	    4 },
	{ "tiny", { { 0, 100 }, { 1000, 300 } }, { { 0, 0 } }, 1 },
};

/* Row i is the usual key of domain i; behind these are keys of 1024 bits,
 * then Ed25519. */
static guint
domain_of_key(guint key)
{
	return key < BENCH_DOMAINS ? key
				   : (key - BENCH_DOMAINS) % BENCH_SPECIAL;
}

static void
make_keys(struct bench *bench)
{
	static const char *const selectors[] = { "mail", "20130101", "key1",
		"selector1", "k1" };
	struct dice dice;

	dice_init(&dice, bench->seed, "domains", 0);
	for (guint i = 0; i < BENCH_DOMAINS; i++)
		bench->domains[i] = g_strdup_printf("%s%u.example",
		    vocabulary_name(bench->vocabulary, &dice), i);
	for (guint i = 0; i < BENCH_KEYS; i++) {
		bench->labels[i] = g_strdup_printf("key%u", i);
		bench->table[i] = (struct listed_key){
			.label = bench->labels[i],
			.domain = bench->domains[domain_of_key(i)],
			.selector = i < BENCH_DOMAINS
			    ? selectors[i % G_N_ELEMENTS(selectors)]
			    : i < BENCH_DOMAINS + BENCH_SPECIAL ? "short"
								: "edwards",
			.bits = i < BENCH_DOMAINS               ? 2048
			    : i < BENCH_DOMAINS + BENCH_SPECIAL ? 1024
								: 0,
			.first = "2012-06-01",
			.last = "2017-06-01",
		};
	}
	bench->keys = key_list_new(bench->table, bench->seed);
}

struct bench *
bench_new(const char *shape, guint64 seed, guint unsigned_percent)
{
	for (guint i = 0; i < G_N_ELEMENTS(shapes); i++) {
		if (strcmp(shapes[i].name, shape) != 0)
			continue;
		struct bench *bench = g_new0(struct bench, 1);
		bench->shape = &shapes[i];
		bench->seed = seed;
		bench->unsigned_percent = unsigned_percent;
		bench->vocabulary = vocabulary_new(seed);
		make_keys(bench);
		return bench;
	}
	return NULL;
}

void
bench_free(struct bench *bench)
{
	key_list_free(bench->keys);
	vocabulary_free(bench->vocabulary);
	for (guint i = 0; i < BENCH_DOMAINS; i++)
		g_free(bench->domains[i]);
	for (guint i = 0; i < BENCH_KEYS; i++)
		g_free(bench->labels[i]);
	g_free(bench);
}

gsize
bench_size(const struct quantile *table, struct dice *dice)
{
	guint at = dice_below(dice, 1000);

	while (table[1].per_mille <= at)
		table++;
	guint64 wide = table[1].per_mille - table[0].per_mille;
	guint64 rise = table[1].octets - table[0].octets;
	return table[0].octets + (at - table[0].per_mille) * rise / wide +
	    dice_below(dice, (uint32_t)(rise / wide) + 1);
}
