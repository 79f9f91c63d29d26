/*
 * same_parts.h - which MIME parts of a message are parts of other messages,
 * too: by the SHA-256 of their content, decoded, and of their stored octets.
 *
 * It says what is the same now.  What a message held when it was signed does
 * not follow from that, whoever signed the other.
 *
 * Parts without content are the same everywhere and are left aside.  Only the
 * content is compared, not the type or the name that a part is given.
 */
#ifndef VERIFIER_CASE_SAME_PARTS_H
#define VERIFIER_CASE_SAME_PARTS_H

#include "keysnap/base/json.h"
#include "verifier/verdict/attachments.h"
#include "verifier/verdict/reason.h"

#include <glib.h>

#define SAME_PARTS_MAX   64  /* parts of a message; real ones have few */
#define SAME_SIGNERS_MAX 4   /* signatures of a message that are looked at */
#define SAME_SHOWN_MAX   8   /* other messages named for a part */
#define SAME_NAME_MAX    255 /* octets of the name of a file */

struct parts_seen;

struct part_seen {
	struct part_content content;
	struct part_place place;            /* in message->raw */
	uint8_t stored[DIGEST_SHA256_SIZE]; /* of the stored octets */
	size_t number;    /* among the parts that are no multipart, from 0 */
	struct span name; /* p NULL: none */
	/* part_is_exact() under c=simple and c=relaxed of the body. */
	bool exact_simple, exact_relaxed;
	const struct parts_seen *of;
	/* same_parts_add()'s: */
	struct span key;        /* the decoded hash */
	struct part_seen *next; /* the same in the next message */
	struct part_seen *last; /* of the first one: the end of the chain */
};

/* A signature that passes over the message as it is stored. */
struct part_signer {
	size_t signature; /* its place in the record */
	enum verdict verdict;
	struct span domain;
	enum canonicalization canon; /* of the body */
	size_t signed_end;           /* in message->raw */
};

/* The parts of one message. */
struct parts_seen {
	uint64_t record;
	enum verdict verdict; /* of the message */
	struct part_seen *list;
	size_t n;
	size_t total;    /* parts with content, as far as they were walked */
	size_t left_out; /* parts that were seen and are not in the list */
	bool cut;        /* a bound of mime_parts.h was reached */
	bool multipart;  /* false: its one part is the whole body */
	struct part_signer signers[SAME_SIGNERS_MAX];
	size_t n_signers;
	bool repaired; /* a signature holds after repairs only: not looked at */
};

/*
 * Walk "message", whose reading has no edits; "max" parts at most are listed
 * (SAME_PARTS_MAX if that is less).  The result lives in "keep", and "scratch"
 * is used beside.  "digest" is of SHA-256.  Record, verdict, signers
 * and repaired are the caller's to set.
 */
struct parts_seen *parts_seen_take(struct arena *keep, struct arena *scratch,
    struct digest *digest, const struct message *message, size_t max);

/* The parts of all messages with one Message-ID. */
struct same_parts;
struct same_parts *same_parts_new(void);
void same_parts_free(struct same_parts *same);

/* "parts", which must outlive "same", is in it once only.  Of parts of a
 * message that are the same the first is kept. */
void same_parts_add(struct same_parts *same, struct parts_seen *parts);

/* Parts with the content of "part" in messages other than its own, in the
 * order in which they were added, one of each: the first of them, or the one
 * behind "after"; NULL at the end. */
const struct part_seen *same_parts_next(const struct same_parts *same,
    const struct part_seen *part, const struct part_seen *after);

/* Are the stored octets the same, too? */
bool same_as_stored(const struct part_seen *a, const struct part_seen *b);

/* Is each octet of the content of "part", which "signer" covers, signed?  Not
 * when white space may have been changed unseen. */
bool same_is_exact(
    const struct part_seen *part, const struct part_signer *signer);

/* Is any part of "parts" in another message? */
bool same_parts_any(
    const struct same_parts *same, const struct parts_seen *parts);

/* Append lines for people, or the members "parts" to "parts_total" (verifier.5)
 * to an open object. */
void same_parts_write_person(GString *out, const struct same_parts *same,
    const struct parts_seen *parts);
void same_parts_write_json(struct json_writer *writer,
    const struct same_parts *same, const struct parts_seen *parts);

#endif
