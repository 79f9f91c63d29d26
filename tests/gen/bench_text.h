/*
 * bench_text.h - words, lines and transfer encodings (RFC 2045 6.7, 6.8) of
 * the bodies of the bench corpora: varied, so that no cache knows them.
 */
#ifndef TESTS_GEN_BENCH_TEXT_H
#define TESTS_GEN_BENCH_TEXT_H

#include <glib.h>

#include "tests/gen/dice.h"

struct vocabulary;

struct vocabulary *vocabulary_new(uint64_t seed);
void vocabulary_free(struct vocabulary *vocabulary);

/* A word of ASCII letters in lower case, for names; borrowed. */
const char *vocabulary_name(
    const struct vocabulary *vocabulary, struct dice *dice);

/* Append "n" words with a space between. */
void text_words(GString *out, const struct vocabulary *vocabulary,
    struct dice *dice, guint n);

/* Append about "size" octets of paragraphs, some quoted, UTF-8; or of HTML.
 * Lines end with LF. */
void text_plain(GString *out, const struct vocabulary *vocabulary,
    struct dice *dice, gsize size);
void text_html(GString *out, const struct vocabulary *vocabulary,
    struct dice *dice, gsize size);

/* Append "text" with CRLF, as it is or quoted-printable. */
void text_append_crlf(GString *out, const GString *text);
void text_append_quoted(GString *out, const GString *text);

/* Append base64 lines of about "size" octets that look compressed. */
void text_append_base64(GString *out, struct dice *dice, gsize size);

#endif
