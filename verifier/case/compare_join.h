/*
 * compare_join.h - the messages of two sides brought together by a key, in
 * bounded memory.
 *
 * A place is where a record of a case (or a line of a list) stands, with what
 * it can be known by.  Places are sorted by their keys and gone through side
 * by side.
 */
#ifndef VERIFIER_CASE_COMPARE_JOIN_H
#define VERIFIER_CASE_COMPARE_JOIN_H

#include "keysnap/base/digest.h"
#include "keysnap/base/sorter.h"

#define PLACE_WORD_MAX 32 /* octets of the word of another tool */

struct place {
	uint8_t key[DIGEST_SHA256_SIZE]; /* of the present join */
	uint64_t seq;	 /* of the record, from 1; line of a list */
	uint8_t identity[DIGEST_SHA256_SIZE]; /* or the location of what is no
						 message */
	uint64_t offset, length;	 /* of its line in results.jsonl */
	uint8_t location[DIGEST_SHA256_SIZE]; /* over file, way in, offset */
	uint8_t path[DIGEST_SHA256_SIZE];     /* over the path of the file */
	uint8_t name[DIGEST_SHA256_SIZE]; /* over the Message-ID; zeros: none */
	uint8_t file[DIGEST_SHA256_SIZE]; /* SHA-256 of the file; zeros: none */
	uint8_t copy;	      /* a message with the same key was paired */
	uint8_t word;	      /* enum their_word, of a list */
	uint8_t their_n;
	char their[PLACE_WORD_MAX];
};

bool place_add(struct sorter *sorter, const struct place *place,
    GError **error);

/* The same under another key. */
bool place_add_as(struct sorter *sorter, const struct place *place,
    const uint8_t key[DIGEST_SHA256_SIZE], GError **error);

/* Is it a digest, not zeros? */
bool place_knows(const uint8_t digest[DIGEST_SHA256_SIZE]);

/*
 * Go through both: "pair" for two of one key, in their order; "left" for one
 * that is alone (side 0 or 1), with the one of the other side that was paired
 * under its key last, or NULL.  False with "error".
 */
struct join {
	struct sorter *sides[2];
	bool (*pair)(void *user, const struct place *a, const struct place *b,
	    GError **error);
	bool (*left)(void *user, int side, const struct place *place,
	    const struct place *other, GError **error);
	void *user;
};
bool join_run(const struct join *join, GError **error);

/* For every place of "sorter", in order: "each" with the place of "known"
 * that has its key, or NULL. */
bool join_look_up(struct sorter *sorter, struct sorter *known,
    bool (*each)(void *user, struct place *place, const struct place *found,
	GError **error),
    void *user, GError **error);

#endif
