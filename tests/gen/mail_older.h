/*
 * mail_older.h - signing as it was before DKIM, and by those who pass mail on:
 * DomainKeys (RFC 4870), the first drafts of DKIM, and ARC (RFC 8617).
 * Written without any code of the verifier, like mail.h.
 */
#ifndef TESTS_GEN_MAIL_OLDER_H
#define TESTS_GEN_MAIL_OLDER_H

#include "tests/gen/mail.h"

struct domainkeys_options {
	const struct gen_key *key;
	const char *domain, *selector;
	gboolean simple;   /* c=simple; else nofws */
	const char *names; /* h=, or NULL: no such tag */
};

/* Sign all fields and the body (RFC 4870 3.4) and put the DomainKey-Signature
 * field on top. */
void mail_sign_domainkeys(
    struct mail *mail, const struct domainkeys_options *options);

struct draft_options {
	const struct gen_key *key;
	const char *domain, *selector;
	gboolean simple; /* c=simple; else nowsp */
	const char *names;
};

/* Sign as draft-ietf-dkim-base-00 has it: no v=, no bh=, one SHA-1 over the
 * header fields, the body and the signature field. */
void mail_sign_draft(struct mail *mail, const struct draft_options *options);

struct arc_options {
	const struct gen_key *key;
	const char *domain, *selector;
	guint instance;
	const char *chain;	/* cv=, or NULL: as it should be */
	const char *names;	/* h= of the message signature, or NULL: all */
	const char *seal_extra; /* further tags of the seal, "h=from; " */
	gboolean sha1;
	gboolean alone;		/* the seal covers its own set only (5.1.2) */
};

/* Put an ARC set on top: ARC-Authentication-Results, ARC-Message-Signature,
 * ARC-Seal (RFC 8617 5.1), each above the one before. */
void mail_add_arc_set(struct mail *mail, const struct arc_options *options);

#endif
