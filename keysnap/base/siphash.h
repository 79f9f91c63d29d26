/*
 * siphash.h - SipHash-2-4 (Aumasson and Bernstein, INDOCRYPT 2012).
 *
 * For hash tables whose keys come from mail, archives or logs: without the
 * key nobody can choose texts that fall together.  OpenSSL has the same as
 * an EVP_MAC, but makes a context for each text, and tables have no place to
 * keep one.  Not for evidence: nothing that is written depends on it.
 */
#ifndef KEYSNAP_BASE_SIPHASH_H
#define KEYSNAP_BASE_SIPHASH_H

#include "keysnap/base/span.h"

#define SIPHASH_KEY_SIZE 16

/* The hash of "text" as the paper has it; its octets are the little-endian
 * ones of the number. */
uint64_t siphash(const uint8_t key[SIPHASH_KEY_SIZE], struct span text);

#endif
