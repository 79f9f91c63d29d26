/*
 * canon_oracle.h - canonicalisation in the plainest way, to compare the fast
 * one with: unit tests and fuzz targets.
 */
#ifndef TESTS_UNIT_CANON_ORACLE_H
#define TESTS_UNIT_CANON_ORACLE_H

#include "keysnap/base/rfc5234.h"
#include "verifier/dkim/canon_body.h"
#include "verifier/message/header_index.h"

#include <glib.h>
#include <string.h>

static inline bool
canon_oracle_is_fws(uint8_t octet)
{
	return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* One line of the body, canonical, without its end. */
static inline void
canon_oracle_line(
    enum canonicalization algorithm, struct span line, GByteArray *out)
{
	bool strips =
	    algorithm == CANON_DK_NOFWS || algorithm == CANON_NOWSP;
	bool wsp = false;

	if (algorithm == CANON_SIMPLE || algorithm == CANON_DK_SIMPLE) {
		g_byte_array_append(out, line.p, (guint)line.n);
		return;
	}
	for (size_t i = 0; i < line.n; i++) {
		if (strips && canon_oracle_is_fws(line.p[i]))
			continue;
		if (line.p[i] == ' ' || line.p[i] == '\t') {
			wsp = true;
			continue;
		}
		if (wsp)
			g_byte_array_append(out, (const uint8_t *)" ", 1);
		wsp = false;
		g_byte_array_append(out, line.p + i, 1);
	}
}

/* The words of the RFCs one after the other, over the whole body. */
static inline GByteArray *
canon_oracle(enum canonicalization algorithm, struct span body)
{
	GByteArray *out = g_byte_array_new();

	if (algorithm == CANON_DK_SIMPLE || algorithm == CANON_DK_NOFWS)
		g_byte_array_append(out, (const uint8_t *)"\r\n", 2);
	while (body.n > 0) {
		const uint8_t *end = memmem(body.p, body.n, "\r\n", 2);
		size_t n = end == NULL ? body.n : (size_t)(end - body.p);

		canon_oracle_line(algorithm, span_sub(body, 0, n), out);
		if (algorithm != CANON_NOWSP)
			g_byte_array_append(out, (const uint8_t *)"\r\n", 2);
		body = span_from(body, end == NULL ? n : n + 2);
	}
	if (algorithm == CANON_NOWSP)
		return out;
	while (span_ends_with(
	    (struct span){ out->data, out->len }, SPAN("\r\n\r\n")))
		g_byte_array_set_size(out, out->len - 2);
	if (out->len == 2 && memcmp(out->data, "\r\n", 2) == 0)
		g_byte_array_set_size(out, 0);
	if (out->len == 0 && algorithm == CANON_SIMPLE)
		g_byte_array_append(out, (const uint8_t *)"\r\n", 2);
	return out;
}

/* A relaxed field octet by octet, without "cut", a part of its value, and
 * without its final CRLF. */
static inline GByteArray *
canon_oracle_field(const struct header_field *field, struct span cut)
{
	GByteArray *out = g_byte_array_new();
	bool wsp = false, any = false;

	for (size_t i = 0; i < field->name.n; i++) {
		uint8_t octet = rfc5234_lower(field->name.p[i]);
		g_byte_array_append(out, &octet, 1);
	}
	g_byte_array_append(out, (const uint8_t *)":", 1);
	for (size_t i = 0; i < field->value.n; i++) {
		const uint8_t *p = field->value.p + i;
		bool folding = span_starts_with(
		    span_from(field->value, i), SPAN("\r\n"));

		if (cut.n > 0 && p >= cut.p && p < cut.p + cut.n)
			continue;
		/* The cut can take the LF away. */
		if (folding && !(cut.n > 0 && p + 1 == cut.p)) {
			i++;
			continue;
		}
		if (*p == ' ' || *p == '\t') {
			wsp = true;
			continue;
		}
		if (wsp && any)
			g_byte_array_append(out, (const uint8_t *)" ", 1);
		wsp = false;
		any = true;
		g_byte_array_append(out, p, 1);
	}
	return out;
}

#endif
