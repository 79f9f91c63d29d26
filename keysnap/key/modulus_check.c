/*
 * modulus_check.c - the checks of one RSA key that need no other key.
 */
#include "keysnap/key/modulus_check.h"

#include "keysnap/key/factored.h"
#include "keysnap/key/gmp_number.h"
#include "keysnap/key/public_key.h"
#include "keysnap/key/roca.h"

#define SMALL_END    65536
#define SMALL_SHOWN  8    /* small factors named in a detail */
#define PRIME_ROUNDS 30   /* of Miller and Rabin, after GMP's BPSW */
#define STRONG_BITS  1024 /* RFC 8301 3.2 */
#define ROCA_BITS    2048 /* "practically factorizable", table 1 there */

struct modulus_checker {
	mpz_t small; /* the product of all primes below SMALL_END */
};

/* One modulus_check(). */
struct checking {
	const struct modulus_checker *checker;
	const struct modulus_numbers *numbers;
	struct arena *arena;
	mpz_t modulus, rest; /* rest: without small factors */
	bool small;          /* it had some */
	struct key_finding *findings;
	size_t n;
};

struct modulus_checker *
modulus_checker_new(void)
{
	struct modulus_checker *checker = g_new(struct modulus_checker, 1);

	mpz_init(checker->small);
	mpz_primorial_ui(checker->small, SMALL_END);
	return checker;
}

void
modulus_checker_free(struct modulus_checker *checker)
{
	if (checker == NULL)
		return;
	mpz_clear(checker->small);
	g_free(checker);
}

/* Divide what is small out of "number"; true when there was something. */
static bool
strip(const struct modulus_checker *checker, mpz_t number)
{
	bool any = false;
	mpz_t common;

	mpz_init(common);
	mpz_mod(common, checker->small, number);
	mpz_gcd(common, common, number); /* gcd(0, number) is the number */
	while (mpz_cmp_ui(common, 1) != 0) {
		any = true;
		mpz_divexact(number, number, common);
		mpz_gcd(common, common, number);
	}
	mpz_clear(common);
	return any;
}

struct span
modulus_without_small(const struct modulus_checker *checker,
    struct span modulus, struct arena *arena)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	struct span rest = modulus;
	mpz_t number;

	mpz_init(number);
	gmp_number_read(number, modulus);
	if (strip(checker, number))
		rest = arena_copy(arena, gmp_number_write(octets, number));
	mpz_clear(number);
	return rest;
}

static struct key_finding *
add(struct checking *checking, const char *check, bool bad, const char *detail)
{
	struct key_finding *finding = &checking->findings[checking->n++];

	g_assert(checking->n <= MODULUS_FINDINGS_MAX);
	*finding = (struct key_finding){ .check = check,
		.bad = bad,
		.detail = (const char *)arena_copy(
		    checking->arena, span_from_string(detail))
			      .p };
	return finding;
}

/* "factor" as that of the finding, when it is a proper one. */
static void
set_factor(
    struct checking *checking, struct key_finding *finding, const mpz_t factor)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();

	if (mpz_cmp_ui(factor, 1) <= 0 ||
	    mpz_cmp(factor, checking->modulus) >= 0)
		return;
	g_assert(mpz_divisible_p(checking->modulus, factor) != 0);
	finding->factor =
	    arena_copy(checking->arena, gmp_number_write(octets, factor));
}

static void
check_size(struct checking *checking)
{
	unsigned bits = checking->numbers->bits;
	const char *since = factored_since(bits);
	g_autofree char *detail =
	    g_strdup_printf("%u bit%s; %s", bits, bits == 1 ? "" : "s",
		since != NULL ? "moduli as large have been factored in public"
			      : "RFC 8301 asks for 1024 at least");

	if (bits < STRONG_BITS)
		add(checking, "modulus-size", true, detail)->since = since;
}

static void
check_exponent(struct checking *checking)
{
	const struct modulus_numbers *numbers = checking->numbers;
	g_autofree char *detail = NULL;

	if (numbers->exponent_bits <= 1) {
		add(checking, "exponent", true,
		    "the exponent is 1: anything is a signature");
	} else if (numbers->exponent_even) {
		add(checking, "exponent", true,
		    "the exponent is even: no RSA key has one");
	} else if (numbers->exponent_exceeds ||
	    numbers->exponent_bits > EXPONENT_BITS_MAX) {
		detail = g_strdup_printf(
		    "an exponent of %u bits: the private one may be small",
		    numbers->exponent_bits);
		add(checking, "exponent", false, detail);
	}
}

static bool
is_prime(const mpz_t number)
{
	if (mpz_cmp_ui(number, 1) <= 0 ||
	    mpz_sizeinbase(number, 2) > PRIME_BITS_MAX)
		return false;
	return mpz_probab_prime_p(number, PRIME_ROUNDS) != 0;
}

/* The small primes in the modulus, as text; the first one in "first". */
static char *
name_small(const struct checking *checking, mpz_t first)
{
	GString *out = g_string_new("divisible by ");
	unsigned n = 0;
	mpz_t left, prime;

	mpz_init(left);
	mpz_init(prime);
	mpz_divexact(left, checking->modulus, checking->rest);
	/* What divides first has no smaller divisor: it is a prime. */
	for (unsigned long p = 2; mpz_cmp_ui(left, 1) > 0; p++) {
		if (mpz_divisible_ui_p(left, p) == 0)
			continue;
		mpz_set_ui(prime, p);
		mpz_remove(left, left, prime);
		if (n == 0)
			mpz_set(first, prime);
		if (n < SMALL_SHOWN)
			g_string_append_printf(
			    out, "%s%lu", n == 0 ? "" : ", ", p);
		n++;
	}
	if (n > SMALL_SHOWN)
		g_string_append(out, " and others");
	mpz_clear(left);
	mpz_clear(prime);
	return g_string_free(out, FALSE);
}

static void
check_small(struct checking *checking)
{
	g_autofree char *names = NULL, *detail = NULL;
	bool factored;
	mpz_t first;

	if (!checking->small)
		return;
	factored =
	    mpz_cmp_ui(checking->rest, 1) == 0 || is_prime(checking->rest);
	mpz_init(first);
	names = name_small(checking, first);
	detail = g_strdup_printf("%s; %s", names,
	    factored ? "that factors it, and anybody can calculate the private "
		       "key"
		     : "no key generator makes such a modulus");
	set_factor(
	    checking, add(checking, "small-factor", true, detail), first);
	mpz_clear(first);
}

static void
check_prime(struct checking *checking)
{
	if (checking->small)
		return;
	if (checking->numbers->bits > PRIME_BITS_MAX)
		add(checking, "prime-modulus", false,
		    "over 4096 bits: not tested for being a prime");
	else if (is_prime(checking->modulus))
		add(checking, "prime-modulus", true,
		    "the modulus is a prime: anybody can calculate the private "
		    "key");
}

/* Powers of what is left without small factors; their exponents are below
 * bits / 16. */
static void
check_power(struct checking *checking)
{
	g_autofree char *detail = NULL;
	unsigned long power = 2;
	mpz_t root;

	if (mpz_cmp_ui(checking->rest, 1) <= 0 ||
	    mpz_perfect_power_p(checking->rest) == 0)
		return;
	mpz_init(root);
	while (mpz_root(root, checking->rest, power) == 0)
		power++;
	detail = g_strdup_printf("%s power %lu of a smaller number",
	    checking->small ? "without small factors, the" : "the", power);
	set_factor(
	    checking, add(checking, "perfect-power", true, detail), root);
	mpz_clear(root);
}

/* Look for a and b with modulus = a^2 - b^2, from a = b on; b and a differ
 * little when the factors do. */
static void
check_close(struct checking *checking)
{
	mpz_t a, square;
	unsigned step = 0;

	if (mpz_even_p(checking->rest) ||
	    mpz_perfect_square_p(checking->rest) != 0)
		return;
	mpz_init(a);
	mpz_init(square);
	mpz_sqrt(a, checking->rest);
	do {
		mpz_add_ui(a, a, 1);
		mpz_mul(square, a, a);
		mpz_sub(square, square, checking->rest);
	} while (mpz_perfect_square_p(square) == 0 && ++step < FERMAT_STEPS);
	mpz_sqrt(square, square);
	mpz_sub(a, a, square);
	if (step < FERMAT_STEPS && mpz_cmp_ui(a, 1) > 0)
		set_factor(checking,
		    add(checking, "close-primes", true,
			"the factors lie close together: Fermat's method finds "
			"them"),
		    a);
	mpz_clear(a);
	mpz_clear(square);
}

/* First told of on 16 October 2017 (CERT/CC VU#307015). */
static void
check_roca(struct checking *checking)
{
	bool practical = checking->numbers->bits <= ROCA_BITS;

	if (checking->numbers->bits < PUBLIC_KEY_MIN_BITS ||
	    !roca_has_shape(checking->numbers->modulus))
		return;
	add(checking, "roca", practical,
	    practical
		? "made by the library of CVE-2017-15361: can be factored"
		: "made by the library of CVE-2017-15361; at this size no "
		  "practical attack is published")
	    ->since = practical ? "2017-10" : NULL;
}

size_t
modulus_check(const struct modulus_checker *checker,
    const struct modulus_numbers *numbers, struct arena *arena,
    struct key_finding findings[MODULUS_FINDINGS_MAX])
{
	struct checking checking = { .checker = checker,
		.numbers = numbers,
		.arena = arena,
		.findings = findings };

	if (numbers->bits > PUBLIC_KEY_MAX_BITS) {
		add(&checking, "modulus-size", false,
		    "over 16384 bits: not looked at");
		check_exponent(&checking);
		return checking.n;
	}
	mpz_init(checking.modulus);
	gmp_number_read(checking.modulus, numbers->modulus);
	mpz_init_set(checking.rest, checking.modulus);
	checking.small = strip(checker, checking.rest);
	check_size(&checking);
	check_exponent(&checking);
	check_small(&checking);
	check_prime(&checking);
	check_power(&checking);
	check_close(&checking);
	check_roca(&checking);
	mpz_clear(checking.rest);
	mpz_clear(checking.modulus);
	return checking.n;
}
