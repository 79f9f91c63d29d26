/*
 * seal.h - seals of a snapshot: signatures and time stamps over its
 * checkpoint that were added after it was frozen.
 *
 * A seal is a file seals/NNNN.KIND in a format of its kind, checked with
 * common tools too, and files of the same number beside it:
 *
 *   NNNN.note     a signed note of the checkpoint's text
 *     NNNN.vkey     the key that signed it
 *   NNNN.minisig  minisign over the file checkpoint
 *     NNNN.pub      the key that signed it
 *   NNNN.p7s      CMS (RFC 5652), detached, over the file checkpoint
 *   NNNN.tsr      RFC 3161 response or token; over the file checkpoint, its
 *                 note's text or, when it renews, NNNN.list (seal_list.h)
 *     NNNN.pem, NNNN.crl   certificates, and lists of revoked ones, for the
 *                   path of a p7s or tsr
 *
 * Seals change no verdict.  A seal that does not hold is damage.  One that
 * holds, but under no key or certificate that was given, says nothing.  A
 * signature under a certificate that has since expired or been revoked can be
 * made by whoever broke or found the key, with any time in it: it counts only
 * if a time stamp that counts covers it and was made before.
 */
#ifndef KEYSNAP_STORE_SEAL_H
#define KEYSNAP_STORE_SEAL_H

#include "keysnap/base/timestamp.h"
#include "keysnap/store/note.h"
#include "keysnap/store/seal_minisign.h"

#define SEAL_FILES_MAX	   256	     /* of all numbers together */
#define SEAL_FILE_MAX	   (4 << 20) /* octets; large lists of revoked
					certificates have 2 MB */
#define SEAL_NUMBER_MAX	   9999
#define SEAL_NAME_MAX	   16

struct seal_file {
	const char *name; /* "0001.tsr" */
	struct span octets;
};

/* The files of seals/, by ascending name, octet by octet. */
struct seal_set {
	const struct seal_file *files;
	size_t n;
};

/* What the reader trusts, and the time it is. */
struct seal_trust {
	const struct note_key *keys;
	size_t n_keys;
	const struct minisign_key *minisign_keys;
	size_t n_minisign_keys;
	struct span tsa_ca, cms_ca; /* PEM, or empty */
	int64_t now;
};

struct seal_question {
	const struct crypto *crypto;
	struct span checkpoint; /* the file */
	struct span text;	/* of its note */
	bool any_content;	/* a time stamp by itself: what it is over is
				   for the caller to look at */
	struct seal_set set;
	const struct seal_trust *trust;
};

enum seal_kind { SEAL_NOTE, SEAL_MINISIGN, SEAL_CMS, SEAL_TIMESTAMP };

enum seal_state {
	SEAL_HOLDS,	/* under what was given, and counts */
	SEAL_UNTRUSTED, /* it fits, but nothing given vouches for its key */
	SEAL_EXPIRED,	/* held once; the certificate has expired or been
			   revoked, and nothing renewed it in time */
	SEAL_UNKNOWN,	/* of no kind that this version knows */
	SEAL_BROKEN
};

struct seal {
	enum seal_state state;
	enum seal_kind kind; /* not of an unknown one */
	unsigned number;
	const struct seal_file *file;
	const char *text;  /* what it was checked against, or what is wrong */
	int64_t time;	   /* of a time stamp; TIMESTAMP_NONE: none */
	const char *authority; /* who says the time, or NULL; escaped */
	int64_t expires;   /* last second in which its certificates were good;
			      TIMESTAMP_NONE: it has none */
	unsigned renews;   /* seals up to this number are covered; 0: none */
	unsigned renewed_by; /* number of the time stamp that covered it before
				it expired; 0: none */
	const void *key;   /* the one of seal_trust that it holds under, or
			      NULL */
};

/* "0001" of "0001.tsr"; 0 when "name" is not of this form (kind: 1 to 10
 * lower-case letters and digits). */
unsigned seal_number(const char *name);

/* The file with "number" and "kind", or NULL. */
const struct seal_file *seal_find(const struct seal_set *set, unsigned number,
    const char *kind);

/* Check all seals of the set, by ascending number, then what is none.  All in
 * "arena". */
void seals_check(const struct seal_question *question, struct arena *arena,
    struct seal **seals_out, size_t *n_out);

/* Check file "file" of the set alone, without what renews it.  For a seal
 * that is to be attached. */
void seal_check(const struct seal_question *question, struct arena *arena,
    const struct seal_file *file, struct seal *seal_out);

/* Set text and state; for the kinds. */
void seal_say(struct seal *seal, struct arena *arena, enum seal_state state,
    const char *format, ...) G_GNUC_PRINTF(4, 5);

/* The kinds' own checks; "seal" comes with number and file set. */
void seal_note_check(const struct seal_question *question, struct arena *arena,
    struct seal *seal);
void seal_minisign_check(const struct seal_question *question,
    struct arena *arena, struct seal *seal);
void seal_cms_check(const struct seal_question *question, struct arena *arena,
    struct seal *seal);
void seal_timestamp_check(const struct seal_question *question,
    struct arena *arena, struct seal *seal);

#endif
