/*
 * ots_case.h - OpenTimestamps proofs for tests, made piece by piece: our own
 * writer, which shares no code with the reader.
 */
#ifndef TESTS_UNIT_OTS_CASE_H
#define TESTS_UNIT_OTS_CASE_H

#include "keysnap/base/span.h"

#include <glib.h>

/* The coinbase transaction of Bitcoin's first block, of which the Merkle root
 * is the SHA-256 of the SHA-256; g_byte_array_unref(). */
GByteArray *ots_case_first_transaction(void);

/* The header of that block, 80 octets. */
GByteArray *ots_case_first_header(void);

/* Append magic, version, "hash" and the digest. */
void ots_case_begin(GByteArray *out, uint8_t hash, struct span digest);

/* Append one octet; an append or prepend (0xf0, 0xf1) with its string. */
void ots_case_tag(GByteArray *out, uint8_t tag);
void ots_case_string(GByteArray *out, uint8_t tag, struct span string);

/* Append an attestation with its 0x00 before it. */
void ots_case_bitcoin(GByteArray *out, uint64_t height);
void ots_case_pending(GByteArray *out, struct span uri);
void ots_case_attestation(GByteArray *out, struct span tag,
    struct span payload);

struct span ots_case_span(const GByteArray *array);

#endif
