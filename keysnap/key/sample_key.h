/*
 * sample_key.h - keys that an RFC printed as examples, with the private half:
 * anybody can sign with them.
 *
 * Since when is not known: an RFC comes after its drafts, which had the
 * examples (draft-irtf-cfrg-eddsa of 2015 the key of RFC 8032 of 2017), and
 * others before them.  So no time is given, which counts from the beginning.
 */
#ifndef KEYSNAP_KEY_SAMPLE_KEY_H
#define KEYSNAP_KEY_SAMPLE_KEY_H

#include <stddef.h>
#include <stdint.h>

struct sample_key {
	uint8_t sha256[32]; /* of its SubjectPublicKeyInfo */
	const char *where;  /* "RFC 8463 appendix A.1" */
};

/* The sample key with this hash, or NULL. */
const struct sample_key *sample_key_find(const uint8_t sha256[32]);

#endif
