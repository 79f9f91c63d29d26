/*
 * mail.h - a message being made, and its DKIM signing (RFC 6376), written
 * without any code of the verifier so that each checks the other.
 */
#ifndef TESTS_GEN_MAIL_H
#define TESTS_GEN_MAIL_H

#include "tests/gen/gen_key.h"

struct mail {
	GPtrArray *fields; /* "Name: value", folded with CRLF, none at the end */
	GString *body;	   /* lines end with CRLF */
};

struct mail *mail_new(void);
void mail_free(struct mail *mail);

/* Put a field below (mail_add) or above (mail_add_top) all others. */
void mail_add(struct mail *mail, const char *format, ...) G_GNUC_PRINTF(2, 3);
void mail_add_top(struct mail *mail, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* The last field of this name, or NULL; and its replacement. */
const char *mail_get(const struct mail *mail, const char *name);
void mail_replace(struct mail *mail, const char *name, const char *field);

/* The whole message, CRLF everywhere. */
GString *mail_text(const struct mail *mail);

/* " z=NAME:VALUE|...;" with all fields, for sign_options.extra; g_free(). */
char *mail_copies_tag(const struct mail *mail);

struct sign_options {
	const struct gen_key *key;
	const char *domain, *selector;
	const char *identity;  /* i=, or NULL */
	gboolean sha1, simple_header, simple_body;
	const char *names;     /* h=, or NULL: all that the mail has */
	gint64 at, expires;    /* t= and x=; 0: left out */
	gssize length;	       /* l=; below 0: left out */
	const char *version;   /* v=, NULL: 1 */
	const char *algorithm; /* what a= says, NULL: the truth */
	const char *leave_out; /* a tag not written ("bh"), or NULL */
	const char *extra;     /* further tags, "x=y; ", or NULL */
	const char *field;     /* name of the field, NULL: DKIM-Signature */
	const char *instance;  /* of ARC: i=, and written first; or NULL */
};

/* What a signature was made of: the digest of the header, and b=. */
struct signing {
	uint8_t digest[32]; /* 20 octets are used with sha1 */
	GByteArray *octets; /* g_byte_array_unref() */
};

/* A field as "relaxed" has it, and a body as "relaxed" or "simple" do (RFC 6376
 * 3.4); base64 in lines behind "field". */
void mail_relaxed_field(GString *out, const char *field);
GString *mail_canonical_body(const GString *body, gboolean simple);
void mail_append_folded(GString *field, const GByteArray *octets);

/* Sign as it stands and put the DKIM-Signature field on top. */
void mail_sign(struct mail *mail, const struct sign_options *options);

/* The same, saying how. */
void mail_sign_noting(struct mail *mail, const struct sign_options *options,
    struct signing *signing_out);

#endif
