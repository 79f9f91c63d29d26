/*
 * make_moduli.c - make_moduli: many DKIM keys for audits, from a seed.  Most
 * have moduli without small factors; some share primes;
 * with --kinds, one key or more of every kind that an audit finds, each named
 * by its selector.  Written as lines for "keysnap import --format jsonl".
 */
#include <glib.h>
#include <gmp.h>
#include <stdio.h>

#include "tests/gen/dice.h"

#define KEYS_MAX 10000000

struct wishes {
	gint64 seed, keys, bits, shared;
	gboolean kinds;
	char *out;
};

static void
random_bits(mpz_t number, struct dice *dice, mp_bitcnt_t bits)
{
	mpz_set_ui(number, 0);
	for (mp_bitcnt_t i = 0; i < bits; i += 64) {
		mpz_mul_2exp(number, number, 64);
		mpz_add_ui(number, number, dice_next(dice));
	}
	mpz_fdiv_r_2exp(number, number, bits);
	mpz_setbit(number, bits - 1);
	mpz_setbit(number, bits - 2);
	mpz_setbit(number, 0);
}

static void
random_prime(mpz_t prime, struct dice *dice, mp_bitcnt_t bits)
{
	random_bits(prime, dice, bits);
	mpz_nextprime(prime, prime);
}

/* ---- records ------------------------------------------------------------ */

static void
der_head(GByteArray *out, uint8_t tag, size_t n)
{
	uint8_t head[5] = { tag, (uint8_t)n };
	guint size = 2;

	if (n >= 0x80) {
		head[1] = n < 0x100 ? 0x81 : 0x82;
		head[2] = (uint8_t)(n < 0x100 ? n : n >> 8);
		head[3] = (uint8_t)n;
		size = n < 0x100 ? 3 : 4;
	}
	g_byte_array_append(out, head, size);
}

static void
der_number(GByteArray *out, const mpz_t number)
{
	size_t n = (mpz_sizeinbase(number, 2) + 7) / 8;
	g_autofree uint8_t *octets = g_malloc(n);
	gboolean zero;

	mpz_export(octets, &n, 1, 1, 0, 0, number);
	zero = n == 0 || octets[0] >= 0x80;
	der_head(out, 0x02, n + (size_t)zero);
	if (zero)
		g_byte_array_append(out, (const uint8_t *)"", 1);
	g_byte_array_append(out, octets, (guint)n);
}

/* A record with the bare RSAPublicKey. */
static void
add_record(GString *out, const char *selector, const char *domain,
    const mpz_t modulus, const mpz_t exponent)
{
	g_autoptr(GByteArray) numbers = g_byte_array_new();
	g_autoptr(GByteArray) key = g_byte_array_new();
	g_autofree char *text = NULL;

	der_number(numbers, modulus);
	der_number(numbers, exponent);
	der_head(key, 0x30, numbers->len);
	g_byte_array_append(key, numbers->data, numbers->len);
	text = g_base64_encode(key->data, key->len);
	g_string_append_printf(out,
	    "{\"domain\":\"%s\",\"selector\":\"%s\",\"txt\":\"v=DKIM1; "
	    "p=%s\",\"first_seen\":\"2015-01-01\"}\n",
	    domain, selector, text);
}

static void
add_kind(GString *out, const char *kind, const mpz_t modulus, unsigned long e)
{
	mpz_t exponent;

	mpz_init_set_ui(exponent, e);
	add_record(out, kind, "kinds.example", modulus, exponent);
	mpz_clear(exponent);
}

/* ---- every kind --------------------------------------------------------- */

/* k * M + (65537^a mod M), a prime: M. Nemec and others (2017), section 2. */
static void
roca_prime(mpz_t prime, struct dice *dice, mp_bitcnt_t bits)
{
	mpz_t all, power;

	mpz_init(all);
	mpz_init_set_ui(power, 65537);
	mpz_primorial_ui(all, 167);
	mpz_powm_ui(power, power, dice_below(dice, 1u << 30), all);
	do {
		random_bits(prime, dice, bits);
		mpz_fdiv_q(prime, prime, all);
		mpz_mul(prime, prime, all);
		mpz_add(prime, prime, power);
	} while (mpz_probab_prime_p(prime, 25) == 0);
	mpz_clear(all);
	mpz_clear(power);
}

static void
add_shapes(GString *out, struct dice *dice)
{
	mpz_t p, q, n;

	mpz_inits(p, q, n, NULL);
	random_prime(p, dice, 512);
	random_prime(q, dice, 512);
	mpz_mul(n, p, p);
	add_kind(out, "square", n, 65537);
	mpz_add_ui(q, p, 100000);
	mpz_nextprime(q, q);
	mpz_mul(n, p, q);
	add_kind(out, "close", n, 65537);
	roca_prime(p, dice, 512);
	roca_prime(q, dice, 512);
	mpz_mul(n, p, q);
	add_kind(out, "roca", n, 65537);
	roca_prime(p, dice, 1536);
	roca_prime(q, dice, 1536);
	mpz_mul(n, p, q);
	add_kind(out, "roca-large", n, 65537);
	random_prime(n, dice, 1024);
	add_kind(out, "prime", n, 65537);
	mpz_set_ui(n, 1);
	add_kind(out, "one", n, 65537);
	random_bits(n, dice, 16384);
	add_kind(out, "long", n, 65537);
	random_bits(n, dice, 16392);
	add_kind(out, "too-long", n, 65537);
	mpz_clears(p, q, n, NULL);
}

static void
add_sizes(GString *out, struct dice *dice)
{
	static const unsigned bits[] = { 512, 768, 1024, 1536, 2048, 4096 };
	mpz_t p, q, n;

	mpz_inits(p, q, n, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(bits); i++) {
		g_autofree char *name = g_strdup_printf("good-%u", bits[i]);

		random_prime(p, dice, bits[i] / 2);
		random_prime(q, dice, bits[i] / 2);
		mpz_mul(n, p, q);
		add_kind(out, name, n, 65537);
	}
	mpz_clears(p, q, n, NULL);
}

/* Keys that say something of each other. */
static void
add_relations(GString *out, struct dice *dice)
{
	mpz_t p, q, r, n;

	mpz_inits(p, q, r, n, NULL);
	random_prime(p, dice, 512);
	random_prime(q, dice, 512);
	mpz_mul(n, p, q);
	add_kind(out, "shared-1", n, 65537);
	random_prime(r, dice, 512);
	mpz_mul(n, p, r);
	add_kind(out, "shared-2", n, 65537);
	mpz_mul(n, q, r);
	add_kind(out, "shared-3", n, 65537);
	random_prime(p, dice, 512);
	random_prime(q, dice, 512);
	mpz_mul(n, p, q);
	add_kind(out, "victim", n, 65537);
	add_kind(out, "exponent-3", n, 3);
	random_prime(r, dice, 512);
	mpz_mul(p, n, r);
	add_kind(out, "multiple", p, 65537);
	mpz_mul_ui(p, n, 3);
	add_kind(out, "small", p, 65537);
	mpz_mul_ui(p, n, 2);
	add_kind(out, "even", p, 65537);
	random_prime(p, dice, 512);
	random_prime(q, dice, 512);
	mpz_mul(n, p, q);
	add_kind(out, "exponent-1", n, 1);
	random_prime(p, dice, 512);
	mpz_mul(n, p, q);
	add_kind(out, "exponent-even", n, 65536);
	mpz_clears(p, q, r, n, NULL);
}

/* ---- many --------------------------------------------------------------- */

/*
 * Numbers start + k * step, for k below a bound, that no prime below that bound
 * divides.  Two of them share no prime: it would divide the difference of
 * their k, which is below the bound, too.  (The step is twice a prime.)
 */
struct sieve {
	mpz_t start, step;
	unsigned end, at;
	uint8_t *struck; /* of each k */
};

/* All k with start + k * step = 0 modulo p, an odd prime. */
static void
strike(struct sieve *sieve, unsigned p, mpz_t inverse, mpz_t prime)
{
	guint64 k = mpz_fdiv_ui(sieve->start, p);

	mpz_set_ui(prime, p);
	if (mpz_invert(inverse, sieve->step, prime) == 0)
		return;
	k = (p - k) % p * mpz_get_ui(inverse) % p;
	for (; k < sieve->end; k += p)
		sieve->struck[k] = 1;
}

static void
sieve_init(struct sieve *sieve, const struct wishes *wishes)
{
	mp_bitcnt_t bits = (mp_bitcnt_t)wishes->bits;
	g_autofree uint8_t *composite = NULL;
	struct dice dice;
	mpz_t inverse, prime;

	/* Some 7 of 100 are left. */
	sieve->end = 1u << 15;
	while (sieve->end < 32 * wishes->keys)
		sieve->end *= 2;
	sieve->at = 0;
	sieve->struck = g_new0(uint8_t, sieve->end);
	composite = g_new0(uint8_t, sieve->end);
	dice_init(&dice, (guint64)wishes->seed, "moduli", 0);
	mpz_inits(sieve->start, sieve->step, inverse, prime, NULL);
	random_bits(sieve->start, &dice, bits);
	random_prime(sieve->step, &dice, bits - 64);
	mpz_mul_2exp(sieve->step, sieve->step, 1);
	for (unsigned p = 3; p < sieve->end; p += 2) {
		if (composite[p])
			continue;
		strike(sieve, p, inverse, prime);
		for (guint64 k = (guint64)p * p; k < sieve->end; k += 2 * p)
			composite[k] = 1;
	}
	mpz_clears(inverse, prime, NULL);
}

static void
sieve_next(struct sieve *sieve, mpz_t number)
{
	while (sieve->struck[sieve->at])
		sieve->at++;
	g_assert(sieve->at < sieve->end);
	mpz_set(number, sieve->start);
	mpz_addmul_ui(number, sieve->step, sieve->at++);
}

static void
write_many(const struct wishes *wishes, FILE *out)
{
	mp_bitcnt_t bits = (mp_bitcnt_t)wishes->bits;
	gint64 step =
	    wishes->shared > 0 ? wishes->keys / (2 * wishes->shared) : 0;
	struct sieve sieve;
	struct dice dice;
	mpz_t exponent, n, p, q;

	mpz_inits(n, p, q, NULL);
	mpz_init_set_ui(exponent, 65537);
	dice_init(&dice, (guint64)wishes->seed, "shared", 0);
	sieve_init(&sieve, wishes);
	for (gint64 i = 0; i < wishes->keys; i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		g_autofree char *domain =
		    g_strdup_printf("d%" G_GINT64_FORMAT ".example", i / 2);
		gint64 pair = step > 0 ? i / step : 0;

		sieve_next(&sieve, n);
		if (step > 0 && i % step == 0 && pair < 2 * wishes->shared) {
			if (pair % 2 == 0)
				random_prime(p, &dice, bits / 2);
			random_prime(q, &dice, bits / 2);
			mpz_mul(n, p, q);
		}
		add_record(line, i % 2 == 0 ? "s1" : "s2", domain, n, exponent);
		fwrite(line->str, 1, line->len, out);
	}
	mpz_clears(n, p, q, exponent, sieve.start, sieve.step, NULL);
	g_free(sieve.struck);
}

static void
write_kinds(const struct wishes *wishes, FILE *out)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	struct dice dice;

	dice_init(&dice, (guint64)wishes->seed, "kinds", 0);
	add_sizes(lines, &dice);
	add_relations(lines, &dice);
	add_shapes(lines, &dice);
	fwrite(lines->str, 1, lines->len, out);
}

static gboolean
parse(struct wishes *wishes, int argc, char **argv)
{
	const GOptionEntry entries[] = {
		{ "seed", 0, 0, G_OPTION_ARG_INT64, &wishes->seed,
		    "what everything is derived from (2017)", "N" },
		{ "kinds", 0, 0, G_OPTION_ARG_NONE, &wishes->kinds,
		    "keys of every kind that an audit finds", NULL },
		{ "keys", 0, 0, G_OPTION_ARG_INT64, &wishes->keys,
		    "how many others (0)", "N" },
		{ "bits", 0, 0, G_OPTION_ARG_INT64, &wishes->bits,
		    "of their moduli (2048)", "N" },
		{ "shared", 0, 0, G_OPTION_ARG_INT64, &wishes->shared,
		    "pairs of them that share a prime (0)", "N" },
		{ "out", 0, 0, G_OPTION_ARG_FILENAME, &wishes->out, "where to",
		    "FILE" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error))
		fprintf(stderr, "make_moduli: %s\n", error->message);
	else if (wishes->out == NULL || wishes->bits < 128 ||
	    wishes->bits > 16384 || wishes->bits % 2 != 0)
		fprintf(stderr,
		    "make_moduli: --out FILE, --bits 128 to "
		    "16384\n");
	else
		return TRUE;
	return FALSE;
}

int
main(int argc, char **argv)
{
	struct wishes wishes = { .seed = 2017, .bits = 2048 };
	FILE *out;

	if (!parse(&wishes, argc, argv))
		return 2;
	out = fopen(wishes.out, "w");
	if (out == NULL) {
		perror(wishes.out);
		return 2;
	}
	if (wishes.kinds)
		write_kinds(&wishes, out);
	write_many(&wishes, out);
	return fclose(out) == 0 ? 0 : 2;
}
