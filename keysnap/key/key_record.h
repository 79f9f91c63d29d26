/*
 * key_record.h - a DKIM key record, RFC 6376 section 3.6.1.
 *
 * A record is parsed as a whole, defects included: what is wrong with it is a
 * value in the result, never a reason to stop.  It says nothing about the
 * public key inside p= (public_key.h) nor about a signature.
 */
#ifndef KEYSNAP_KEY_KEY_RECORD_H
#define KEYSNAP_KEY_KEY_RECORD_H

#include "keysnap/base/arena.h"
#include "keysnap/key/taglist.h"

/* Defects, ORed.  The first group makes the record unusable (malformed). */
enum key_record_defect {
	KEY_RECORD_SYNTAX = 1 << 0,	   /* not a tag-list */
	KEY_RECORD_BAD_VERSION = 1 << 1,   /* v= other than DKIM1 */
	KEY_RECORD_VERSION_NOT_FIRST = 1 << 2,
	KEY_RECORD_NO_KEY = 1 << 3,	   /* no p= */
	KEY_RECORD_BAD_BASE64 = 1 << 4,	   /* p= does not decode */
	KEY_RECORD_UNKNOWN_TYPE = 1 << 5,  /* k= neither rsa nor ed25519 */
	KEY_RECORD_NOT_A_KEY = 1 << 6,	   /* a TXT record without any DKIM tag
					      (SPF, site verification ...) */
	KEY_RECORD_FATAL = (1 << 7) - 1,
	/* Notes: the record is used all the same. */
	KEY_RECORD_HAS_GRANULARITY = 1 << 7, /* g= present and not "*" */
	KEY_RECORD_UNUSED_BITS = 1 << 8,     /* p= base64 not canonical */
	KEY_RECORD_UNKNOWN_FLAG = 1 << 9,    /* a t= flag other than y, s */
	KEY_RECORD_NO_VERSION = 1 << 10,     /* v= absent: allowed */
	KEY_RECORD_LINE_END = 1 << 11	     /* a CR or LF, no FWS, before or
						behind all else: left out */
};

enum key_type { KEY_TYPE_RSA, KEY_TYPE_ED25519, KEY_TYPE_UNKNOWN };

/* What h= allows, ORed. */
enum key_record_hash { KEY_HASH_SHA1 = 1, KEY_HASH_SHA256 = 2 };

struct key_record {
	unsigned defects; /* enum key_record_defect */
	enum key_type type;
	unsigned hashes;    /* allowed by h=; both when h= is absent */
	bool service_email; /* s= absent, "*" or "email" in it */
	bool testing;	    /* t=y */
	bool strict;	    /* t=s */
	bool revoked;	    /* p= empty */
	struct span granularity; /* g=, as written; NULL p when absent */
	struct span notes;	 /* n=, as written (quoted-printable) */
	struct span key_data;	 /* p= decoded, in the arena; empty if revoked */
};

/* Parse the joined character-strings of one TXT record.  Spans borrow from
 * "text" or live in "arena". */
void key_record_parse(struct key_record *record, struct arena *arena,
    struct span text);

/* The stable name of one defect bit ("syntax", "bad-version", ...), for
 * output, or NULL for a bit that has none. */
const char *key_record_defect_name(unsigned bit);

/* "rsa", "ed25519", "unknown". */
const char *key_type_name(enum key_type type);

#endif
