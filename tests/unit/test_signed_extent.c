/*
 * test_signed_extent.c - where l= ends in the stored octets: random bodies,
 * every l=, against a naive reference that keeps for each canonical octet the
 * place that it comes from.
 */
#include "verifier/dkim/signed_extent.h"

#include "verifier/dkim/canon_body.h"

#include <glib.h>

/* ---- naive: octets with the place that each comes from -------------------- */

struct naive {
	uint8_t octets[4096];
	size_t from[4096]; /* offset in the stored body */
	size_t n;
};

static void
put(struct naive *naive, uint8_t octet, size_t from)
{
	naive->octets[naive->n] = octet;
	naive->from[naive->n++] = from;
}

static bool
begins(const char *text, size_t at, size_t n, const char *what)
{
	return n - at >= strlen(what) &&
	    memcmp(text + at, what, strlen(what)) == 0;
}

static bool
ends_line(const struct naive *in, size_t at)
{
	return at + 1 < in->n && in->octets[at] == '\r' &&
	    in->octets[at + 1] == '\n';
}

/* One ">" off mboxrd quoting, LF made CRLF. */
static void
read_naive(
    struct naive *out, const char *text, size_t n, const struct reading *how)
{
	bool start = true;

	for (size_t i = 0; i < n; i++) {
		size_t q = i;

		while (start && q < n && text[q] == '>')
			q++;
		if (start && q > i && how->quoting == QUOTING_MBOXRD &&
		    begins(text, q, n, "From ")) {
			start = false;
			continue;
		}
		start = text[i] == '\n';
		if (text[i] == '\n' && how->line_ends == LINE_ENDS_CRLF &&
		    (i == 0 || text[i - 1] != '\r'))
			put(out, '\r', i);
		put(out, (uint8_t)text[i], i);
	}
	if (how->line_ends == LINE_ENDS_CRLF && n > 0 &&
	    !(out->n > 1 && ends_line(out, out->n - 2))) {
		put(out, '\r', n);
		put(out, '\n', n);
	}
}

static bool
is_wsp(uint8_t octet)
{
	return octet == ' ' || octet == '\t';
}

static void
relax_naive(struct naive *out, const struct naive *in)
{
	for (size_t i = 0; i < in->n; i++) {
		size_t q = i;

		while (q < in->n && is_wsp(in->octets[q]))
			q++;
		if (q == i)
			put(out, in->octets[i], in->from[i]);
		else if (q < in->n && !ends_line(in, q))
			put(out, ' ', in->from[i]);
		i = q > i ? q - 1 : i;
	}
}

/* ---- the test ---------------------------------------------------------------- */

struct taker {
	struct sink sink; /* first */
	struct naive *out;
};

static void
push_taken(struct sink *self, struct span span)
{
	struct taker *taker = (struct taker *)self;

	for (size_t i = 0; i < span.n; i++)
		put(taker->out, span.p[i], 0);
}

/* All canonical octets, made by the real canonicaliser. */
static void
canonicalise(struct naive *out, const struct message *message,
    enum canonicalization algorithm)
{
	struct taker taker = { { push_taken }, out };
	g_autofree struct canon_body *canon = g_new(struct canon_body, 1);

	canon_body_start(canon, algorithm, &taker.sink);
	message_push_body(message, &canon->sink);
	canon_body_finish(canon);
}

static void
make_body(GRand *dice, GString *out)
{
	static const char *const pieces[] = { "a", "bc", " ", "\t", "\r\n",
		"\n", "\r", "From ", ">From ", ">", "  \n", "\r\n\r\n",
		"\n\n>>From x" };
	int n = g_rand_int_range(dice, 0, 40);

	while (n-- > 0)
		g_string_append(out,
		    pieces[g_rand_int_range(
			dice, 0, (int)G_N_ELEMENTS(pieces))]);
}

static void
check_body(GString *text, const struct reading *reading,
    enum canonicalization algorithm, uint8_t *buffer)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree struct naive *read = g_new0(struct naive, 1);
	g_autofree struct naive *relaxed = g_new0(struct naive, 1);
	g_autofree struct naive *whole = g_new0(struct naive, 1);
	struct naive *wanted = read;
	struct message message;
	struct signature signature = { .body_canon = algorithm };

	message_open(&message, arena, buffer,
	    (struct span){ (const uint8_t *)text->str, text->len }, reading);
	g_assert_cmpuint(message.body_at, ==, 8);
	read_naive(read, text->str + message.body_at,
	    text->len - message.body_at, reading);
	if (algorithm == CANON_RELAXED) {
		relax_naive(relaxed, read);
		wanted = relaxed;
	}
	canonicalise(whole, &message, algorithm);
	for (size_t l = 1; l < whole->n && l <= wanted->n; l++) {
		struct body_facts body = { .covered = l, .total = whole->n };

		g_assert_true(memcmp(whole->octets, wanted->octets, l) == 0);
		bool put_cr = wanted->octets[l - 1] == '\r' &&
		    text->str[message.body_at + wanted->from[l - 1]] == '\n';
		g_assert_cmpuint(signed_extent_get(&message, &signature, &body),
		    ==,
		    MIN(text->len,
			message.body_at + wanted->from[l - 1] +
			    (put_cr ? 0 : 1)));
	}
}

static void
test_random(void)
{
	static const struct reading readings[] = {
		{ .quoting = QUOTING_MBOXRD, .line_ends = LINE_ENDS_CRLF },
		{ .quoting = QUOTING_KEPT, .line_ends = LINE_ENDS_CRLF },
		{ .quoting = QUOTING_KEPT, .line_ends = LINE_ENDS_KEPT },
	};
	static uint8_t buffer[READING_BUFFER];
	GRand *dice = g_rand_new_with_seed(6376);

	for (int i = 0; i < 3000; i++) {
		g_autoptr(GString) text = g_string_new("A: b\r\n\r\n");

		make_body(dice, text);
		for (size_t k = 0; k < G_N_ELEMENTS(readings); k++) {
			check_body(text, &readings[k], CANON_SIMPLE, buffer);
			check_body(text, &readings[k], CANON_RELAXED, buffer);
		}
	}
	g_rand_free(dice);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/signed-extent/random", test_random);
	return g_test_run();
}
