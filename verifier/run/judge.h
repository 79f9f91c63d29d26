/*
 * judge.h - one item to one record: what a worker does, and "check" too.
 *
 * A judge belongs to one thread.  It keeps an arena that is reset for each
 * item, digests, a reading buffer, and the keys of the names it met.
 */
#ifndef VERIFIER_RUN_JUDGE_H
#define VERIFIER_RUN_JUDGE_H

#include "keysnap/store/snapshot.h"
#include "verifier/report/record.h"
#include "verifier/run/anchor_files.h"

struct key_cache_past; /* key_cache.h */

/* What all judges of a run share, read-only. */
struct judge_context {
	const struct crypto *crypto;
	struct snapshot *snapshot; /* NULL: every key is missing */
	const struct alignment *alignment;
	struct policy policy;
	const struct anchors *anchors; /* NULL: none was given */
	struct anchor_files *anchor_files; /* of the archive, or NULL */
	/* The log of "snapshot" as it was for the case that is brought up to
	 * date (judge_update()), or NULL. */
	const struct key_cache_past *earlier;
};

/* A name whose key would be wanted: missing, or no known key made the
 * signature. */
struct want {
	struct span domain, selector; /* canonical */
	int64_t first, last; /* of the message's interval, or TIMESTAMP_NONE */
};

/* How an item came to its record. */
enum judged {
	JUDGED_ANEW,
	JUDGED_BEFORE,	/* its record stands as it was */
	JUDGED_REGRADED /* in its record keys are graded anew */
};

/* What one item gave; valid until the next judge_item(). */
struct judgement {
	struct span line; /* the record, with line feed */
	enum verdict verdict;
	const struct want *wants;
	size_t n_wants;
	const struct span *domains; /* d= of DKIM and DomainKeys, canonical */
	size_t n_domains;
	const uint8_t *file_sha256; /* of a file that is one message, or NULL */
	struct span author; /* as in the record; may be empty */
	int64_t date;	    /* or TIMESTAMP_NONE */
	enum judged how;
};

/* Why an item with "status" has no message. */
enum reason judge_item_reason(enum item_status status);

struct judge;
struct judge *judge_new(const struct judge_context *context);
void judge_free(struct judge *judge);

struct other_messages; /* verifier/repair/guess.h */

/* From now on, take "others" (NULL: none) for copies of the item that is
 * judged: what was signed may stand in them.  Borrowed. */
void judge_set_others(struct judge *judge, const struct other_messages *others);

/* Judge "item" as record number "seq".  False with "error" only when the
 * snapshot turns out damaged (exit 4). */
bool judge_item(struct judge *judge, const struct item *item, uint64_t seq,
    struct judgement *judgement_out, GError **error);

/*
 * The attempt (attempt.h) that the record of the last judge_item() tells of,
 * with all facts; it lives until the next one.  NULL when there was no message.
 */
struct attempt;
const struct attempt *judge_attempt(const struct judge *judge);

/* The same where "earlier" is the record (without line feed, which follows)
 * that an earlier run with context->earlier wrote of the same item; regrade.h
 * says when it serves.  False also when it is of another item. */
bool judge_update(struct judge *judge, const struct item *item, uint64_t seq,
    struct span earlier, struct judgement *judgement_out, GError **error);

/* Hash "item" when it is a file that is one message, without judging it. */
void judge_hash(struct judge *judge, const struct item *item,
    struct judgement *judgement_out);

#endif
