/*
 * ots_case.c - OpenTimestamps proofs for tests.
 */
#include "tests/unit/ots_case.h"

#include <string.h>

/* What everybody's copy of the chain begins with. */
static const char transaction[] =
    "01000000010000000000000000000000000000000000000000000000000000000000000000"
    "ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368"
    "616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f75742066"
    "6f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a671"
    "30b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c38"
    "4df7ba0b8d578a4c702b6bf11d5fac00000000";
static const char header[] =
    "01000000000000000000000000000000000000000000000000000000000000000000000"
    "03ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f"
    "49ffff001d1dac2b7c";

static GByteArray *
from_hex(const char *hex)
{
	GByteArray *out = g_byte_array_new();

	for (; *hex != '\0'; hex += 2) {
		char digits[3] = { hex[0], hex[1], '\0' };

		ots_case_tag(out, (uint8_t)g_ascii_strtoull(digits, NULL, 16));
	}
	return out;
}

GByteArray *
ots_case_first_transaction(void)
{
	return from_hex(transaction);
}

GByteArray *
ots_case_first_header(void)
{
	return from_hex(header);
}

static void
append_number(GByteArray *out, uint64_t number)
{
	while (number >= 0x80) {
		ots_case_tag(out, (uint8_t)(number | 0x80));
		number >>= 7;
	}
	ots_case_tag(out, (uint8_t)number);
}

static void
append_span(GByteArray *out, struct span span)
{
	g_byte_array_append(out, span.p, (guint)span.n);
}

void
ots_case_begin(GByteArray *out, uint8_t hash, struct span digest)
{
	append_span(out,
	    SPAN("\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
		 "\x01"));
	ots_case_tag(out, hash);
	append_span(out, digest);
}

void
ots_case_tag(GByteArray *out, uint8_t tag)
{
	g_byte_array_append(out, &tag, 1);
}

void
ots_case_string(GByteArray *out, uint8_t tag, struct span string)
{
	ots_case_tag(out, tag);
	append_number(out, string.n);
	append_span(out, string);
}

void
ots_case_attestation(GByteArray *out, struct span tag, struct span payload)
{
	ots_case_tag(out, 0x00);
	append_span(out, tag);
	append_number(out, payload.n);
	append_span(out, payload);
}

void
ots_case_bitcoin(GByteArray *out, uint64_t height)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();

	append_number(payload, height);
	ots_case_attestation(out, SPAN("\x05\x88\x96\x0d\x73\xd7\x19\x01"),
	    ots_case_span(payload));
}

void
ots_case_pending(GByteArray *out, struct span uri)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();

	append_number(payload, uri.n);
	append_span(payload, uri);
	ots_case_attestation(out, SPAN("\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e"),
	    ots_case_span(payload));
}

struct span
ots_case_span(const GByteArray *array)
{
	return (struct span){ array->data, array->len };
}
