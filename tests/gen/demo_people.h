/*
 * demo_people.h - the tables of the demonstration: senders and treatments.
 */
#ifndef TESTS_GEN_DEMO_PEOPLE_H
#define TESTS_GEN_DEMO_PEOPLE_H

#include "tests/gen/demo.h"

/* What is done to a signed letter, and what it makes of a good signature.
 * Senders without a good key have untouched letters only. */
struct treatment {
	const char *why; /* one word */
	const char *verdict; /* NULL: the sender's */
	/* Changes how it is signed, or the signed mail; either may be NULL. */
	void (*before)(struct sign_options *options, struct mail *mail);
	void (*after)(struct mail *mail, struct key_list *keys);
};

enum {
	TREATMENT_CLEAN,
	TREATMENT_BODY,
	TREATMENT_SUBJECT,
	TREATMENT_DAMAGED,
	TREATMENT_FOOTER,
	TREATMENT_TAG,
	TREATMENT_RESENT,
	TREATMENT_TWO_FROM,
	TREATMENT_LENGTH,
	TREATMENT_NO_BODY_HASH,
	TREATMENT_FROM_UNSIGNED,
	TREATMENT_VERSION,
	TREATMENT_DUPLICATE,
	TREATMENT_OUTSIDE,
	TREATMENT_UNSIGNED,
	TREATMENTS
};

extern const struct treatment treatments[TREATMENTS];

struct sender {
	const char *from;    /* the From field's value */
	const char *address; /* the bare address */
	const char *domain;  /* of the Message-ID */
	const char *key;     /* label, or NULL: does not sign */
	gboolean sha1, simple_header, simple_body;
	const char *first, *last; /* days */
	const char *verdict, *why; /* of an untouched letter */
	guint8 counts[TREATMENTS];
};

extern const struct sender senders[]; /* ends with a NULL from */

#endif
