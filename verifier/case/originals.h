/*
 * originals.h - what was signed, as other messages of the archive show it.
 *
 * A message that was altered may lie in the archive again, as it was: in
 * another mailbox, in the folder of what was sent.  For each record of a case
 * whose signature was made over another header, the messages with the same
 * Message-ID are taken for copies; their fields are put in place of its own,
 * and the digest in the signature is the judge (repair/signed_search.h).  For
 * each whose signature holds for the header only, their bodies are hashed: the
 * one with the hash in bh= is the one that was signed.  Where there is none,
 * their MIME parts are compared with its own (same_parts.h).
 *
 * The archive is read twice more, and only when there is something to look
 * for.  What is found depends on the case and the archive alone.  Bounds:
 * ORIGINALS_IDS_MAX Message-IDs, in the order of the records that ask for
 * them; ORIGINALS_COPIES_MAX messages with them, OTHER_MESSAGES_MAX of each;
 * ORIGINALS_OCTETS_MAX of their headers; ORIGINALS_PARTS_MAX parts, and of a
 * message those of same_parts.h.  What is past a bound is counted.
 */
#ifndef VERIFIER_CASE_ORIGINALS_H
#define VERIFIER_CASE_ORIGINALS_H

#include "verifier/run/judge.h"

#define ORIGINALS_IDS_MAX    (1u << 16)
#define ORIGINALS_COPIES_MAX (1u << 18)
#define ORIGINALS_OCTETS_MAX (256u << 20)
#define ORIGINALS_PARTS_MAX  (1u << 18)

struct originals;

struct originals_options {
	const char *folder; /* of the case */
	const struct judge_context *judge;
	bool (*interrupted)(void); /* NULL: never */
};

/* Read the records; NULL with "error". */
struct originals *originals_open(
    const struct originals_options *options, GError **error);
void originals_close(struct originals *originals);

/* Is there a message to look for, and another with its Message-ID? */
bool originals_has_work(const struct originals *originals);

/*
 * Take the headers from the archive, and then, with the archive opened again,
 * look for what was signed.  False with "error": RUN_ERROR_DIFFERS when a
 * message is not the one of the case.  True, too, when interrupted() said so.
 */
bool originals_take(
    struct originals *originals, struct archive *archive, GError **error);
bool originals_search(
    struct originals *originals, struct archive *archive, GError **error);

/* Append what was found, in the order of the records: for people, or as JSON
 * lines (verifier.5). */
void originals_write(
    const struct originals *originals, GString *out, bool json);

struct originals_counts {
	uint64_t headers, bodies; /* records that are looked for */
	uint64_t alone;		  /* of them, without another message */
	uint64_t headers_found, bodies_found; /* records */
	uint64_t parts_found; /* records whose body was not, but parts of it */
	uint64_t left_out; /* messages past a bound */
	uint64_t parts_left_out; /* parts past ORIGINALS_PARTS_MAX */
};
void originals_count(
    const struct originals *originals, struct originals_counts *counts_out);

#endif
