/* test_modulus_check.c - the checks of one RSA key. */
#include "keysnap/key/modulus_check.h"
#include "keysnap/key/roca.h"

#include "keysnap/key/gmp_number.h"
#include "tests/unit/span_assert.h"

#include <string.h>

/* The primes of moduli are the first ones past these powers of two, so that
 * each case is the same for ever. */
enum shape {
	PRODUCT, /* of two primes of half the bits, far apart */
	CLOSE,   /* of two primes next to each other */
	SQUARE,
	FIFTH_POWER,
	PRIME,
	TIMES_2,
	TIMES_3_AND_PRIME, /* 3 times a prime: factored */
	SMOOTH,            /* all factors small */
	ROCA,
	PLAIN /* "bits" ones: not looked at or too small */
};

struct row {
	const char *name;
	enum shape shape;
	unsigned bits;
	unsigned exponent_bits;
	bool exponent_even, exponent_exceeds;
	const char *want; /* "check!" bad, "check?" unknown, "+f" a factor */
};

static const struct row rows[] = {
	{ "good 1024", PRODUCT, 1024, 17, false, false, "" },
	{ "good 2048", PRODUCT, 2048, 17, false, false, "" },
	{ "e=3", PRODUCT, 1536, 2, false, false, "" },
	{ "e=1", PRODUCT, 1024, 1, false, false, "exponent!" },
	{ "e=2", PRODUCT, 1024, 2, true, false, "exponent!" },
	{ "e of 64 bits", PRODUCT, 1024, 64, false, false, "" },
	{ "e of 65 bits", PRODUCT, 1024, 65, false, false, "exponent?" },
	{ "e over the modulus", PRODUCT, 1024, 60, false, true, "exponent?" },
	{ "1020 bits", PRODUCT, 1020, 17, false, false, "modulus-size!" },
	{ "768", PRODUCT, 768, 17, false, false, "modulus-size!2009-12" },
	{ "512", PRODUCT, 512, 17, false, false, "modulus-size!1999-08" },
	{ "close", CLOSE, 1024, 17, false, false, "close-primes!+f" },
	{ "square", SQUARE, 1024, 17, false, false, "perfect-power!+f" },
	{ "fifth power", FIFTH_POWER, 1280, 17, false, false,
	    "perfect-power!+f" },
	{ "prime", PRIME, 1024, 17, false, false, "prime-modulus!" },
	{ "even", TIMES_2, 1024, 17, false, false, "small-factor!+f" },
	{ "three primes", TIMES_3_AND_PRIME, 1024, 17, false, false,
	    "small-factor!+f" },
	{ "smooth", SMOOTH, 1024, 17, false, false, "small-factor!+f" },
	{ "roca", ROCA, 1024, 17, false, false, "roca!2017-10" },
	{ "roca 3072", ROCA, 3072, 17, false, false, "roca?" },
	{ "5000 bits", PRODUCT, 5000, 17, false, false, "prime-modulus?" },
	{ "16385 bits", PLAIN, 16385, 17, false, false, "modulus-size?" },
	{ "2 bits", PLAIN, 2, 17, false, true,
	    "modulus-size!1994-04 exponent? small-factor!" },
	{ "1", PLAIN, 1, 17, false, true, "modulus-size!1994-04 exponent?" },
};

static void
prime_past(mpz_t prime, unsigned bits, unsigned eighths)
{
	mpz_set_ui(prime, eighths);
	mpz_mul_2exp(prime, prime, bits - 3);
	mpz_nextprime(prime, prime);
}

/* k * M + (65537^a mod M), as the library made them. */
static void
roca_prime(mpz_t prime, unsigned bits, unsigned eighths, unsigned a)
{
	mpz_t all, power;

	mpz_inits(all, power, NULL);
	mpz_primorial_ui(all, 167);
	mpz_set_ui(power, 65537);
	mpz_powm_ui(power, power, a, all);
	mpz_set_ui(prime, eighths);
	mpz_mul_2exp(prime, prime, bits - 3);
	mpz_fdiv_q(prime, prime, all);
	mpz_mul(prime, prime, all);
	mpz_add(prime, prime, power);
	while (mpz_probab_prime_p(prime, 25) == 0)
		mpz_add(prime, prime, all);
	mpz_clears(all, power, NULL);
}

static void
make_modulus(mpz_t n, const struct row *row)
{
	mpz_t p, q;

	mpz_inits(p, q, NULL);
	prime_past(p, row->bits / 2 > 3 ? row->bits / 2 : 3, 7);
	mpz_set(q, p);
	switch (row->shape) {
	case PRODUCT:
		prime_past(q, row->bits - row->bits / 2, 5);
		break;
	case CLOSE:
		mpz_nextprime(q, p);
		break;
	case FIFTH_POWER:
		prime_past(p, row->bits / 5, 7);
		mpz_pow_ui(q, p, 4);
		break;
	case PRIME:
		prime_past(p, row->bits, 5);
		mpz_set_ui(q, 1);
		break;
	case TIMES_2:
		prime_past(p, row->bits / 2, 7);
		prime_past(q, row->bits / 2, 5);
		mpz_mul_ui(q, q, 2);
		break;
	case TIMES_3_AND_PRIME:
		prime_past(p, row->bits, 5);
		mpz_set_ui(q, 3);
		break;
	case SMOOTH:
		mpz_set_ui(p, 1);
		mpz_ui_pow_ui(q, 65521, row->bits / 16);
		mpz_mul_ui(q, q, 32749);
		break;
	case ROCA:
		roca_prime(p, row->bits / 2, 7, 12345);
		roca_prime(q, row->bits / 2, 5, 987654);
		break;
	case PLAIN:
		mpz_set_ui(p, 1);
		mpz_setbit(p, row->bits - 1);
		mpz_set_ui(q, 1);
		break;
	case SQUARE:
		break;
	}
	mpz_mul(n, p, q);
	mpz_clears(p, q, NULL);
}

/* What was found, as the rows have it; each factor must divide. */
static char *
describe(const struct key_finding *findings, size_t n, const mpz_t modulus)
{
	GString *out = g_string_new(NULL);
	mpz_t factor;

	mpz_init(factor);
	for (size_t i = 0; i < n; i++) {
		g_string_append_printf(out, "%s%s%s%s", i > 0 ? " " : "",
		    findings[i].check, findings[i].bad ? "!" : "?",
		    findings[i].since != NULL ? findings[i].since : "");
		g_assert_nonnull(findings[i].detail);
		if (findings[i].factor.n == 0)
			continue;
		g_string_append(out, "+f");
		gmp_number_read(factor, findings[i].factor);
		g_assert_true(mpz_divisible_p(modulus, factor) != 0);
		g_assert_true(mpz_cmp_ui(factor, 1) > 0);
		g_assert_true(mpz_cmp(factor, modulus) < 0);
	}
	mpz_clear(factor);
	return g_string_free(out, FALSE);
}

static void
test_rows(void)
{
	struct modulus_checker *checker = modulus_checker_new();

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		g_autoptr(GByteArray) octets = g_byte_array_new();
		g_autoptr(arena_auto) arena = arena_new();
		g_autofree char *got = NULL;
		struct key_finding findings[MODULUS_FINDINGS_MAX];
		struct modulus_numbers numbers = { .exponent_bits =
						       row->exponent_bits,
			.exponent_even = row->exponent_even,
			.exponent_exceeds = row->exponent_exceeds };
		mpz_t n;

		mpz_init(n);
		make_modulus(n, row);
		numbers.modulus = gmp_number_write(octets, n);
		numbers.bits = (unsigned)mpz_sizeinbase(n, 2);
		got = describe(findings,
		    modulus_check(checker, &numbers, arena, findings), n);
		span_assert_equal(row->name, span_from_string(got),
		    span_from_string(row->want));
		mpz_clear(n);
	}
	modulus_checker_free(checker);
}

static void
test_without_small(void)
{
	static const struct {
		const char *name, *number, *want; /* hex */
	} cases[] = {
		{ "nothing small", "010003", "010003" },
		{ "twice", "020006", "010003" },
		{ "all small", "0600", "01" },
		{ "one", "01", "01" },
		{ "largest small prime, squared", "ffe200e1", "01" },
	};
	struct modulus_checker *checker = modulus_checker_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autoptr(GByteArray) octets = g_byte_array_new();
		g_autoptr(GString) hex = g_string_new(NULL);
		struct span got;
		mpz_t n;

		mpz_init_set_str(n, cases[i].number, 16);
		got = modulus_without_small(
		    checker, gmp_number_write(octets, n), arena);
		for (size_t k = 0; k < got.n; k++)
			g_string_append_printf(hex, "%02x", got.p[k]);
		span_assert_equal(cases[i].name, span_from_string(hex->str),
		    span_from_string(cases[i].want));
		mpz_clear(n);
	}
	modulus_checker_free(checker);
}

/* Powers of 65537 modulo the small primes, all at once or not. */
static void
test_roca(void)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	mpz_t n;

	mpz_init(n);
	for (unsigned a = 0; a < 200; a += 13) {
		mpz_ui_pow_ui(n, 65537, a);
		g_assert_true(roca_has_shape(gmp_number_write(octets, n)));
		mpz_add_ui(n, n, 2);
		g_assert_false(roca_has_shape(gmp_number_write(octets, n)));
	}
	/* 1 modulo all but the last prime, and there a power, too. */
	mpz_primorial_ui(n, 163);
	mpz_add_ui(n, n, 1);
	g_assert_false(roca_has_shape(gmp_number_write(octets, n)));
	g_assert_false(roca_has_shape((struct span){ NULL, 0 }));
	mpz_clear(n);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/modulus-check/rows", test_rows);
	g_test_add_func("/modulus-check/without-small", test_without_small);
	g_test_add_func("/modulus-check/roca", test_roca);
	return g_test_run();
}
