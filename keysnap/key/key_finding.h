/*
 * key_finding.h - what a check found of one key.
 */
#ifndef KEYSNAP_KEY_KEY_FINDING_H
#define KEYSNAP_KEY_KEY_FINDING_H

#include "keysnap/base/span.h"

struct key_finding {
	const char *check; /* a word of a key-health entry */
	bool bad; /* else: nothing is shown against the key, but who relies on
		     it should know */
	const char *since;  /* "2017-10": so forgeable, by public record, or
			       NULL */
	struct span factor; /* a proper factor of the modulus, or empty */
	const char *detail;
};

#endif
