/*
 * compare_run.h - one side of a comparison: a finished case.
 */
#ifndef VERIFIER_CASE_COMPARE_RUN_H
#define VERIFIER_CASE_COMPARE_RUN_H

#include "verifier/case/compare_cause.h"
#include "verifier/case/compare_join.h"
#include "verifier/run/run_file.h"

struct compared_run {
	char *folder;
	const struct crypto *crypto;
	struct run_file *file; /* run.json */
	json_t *run;	       /* what is small of it */
	json_t *header;	       /* of results.jsonl */
	int results;	       /* descriptor */
	uint64_t records;
	uint64_t verdicts[VERDICTS];
	bool altered; /* results.jsonl is not what run.json says */
};

/* Open the case "folder".  False with "error"; clear it in any case. */
bool compared_run_open(struct compared_run *run, const char *folder,
    const struct crypto *crypto, GError **error);
void compared_run_clear(struct compared_run *run);

/*
 * Read all records: count them, and call "each" with the place of each (its
 * key is for the caller) and what it is, until it returns false.
 */
bool compared_run_read(struct compared_run *run,
    bool (*each)(void *user, struct place *place,
	const struct record_view *view, GError **error),
    void *user, GError **error);

/* Add a place for each file that the run read, by "by_path" and by its
 * SHA-256 "by_file" (either may be NULL). */
bool compared_run_files(struct compared_run *run, struct sorter *by_path,
    struct sorter *by_file, GError **error);

/* The record at "place", read again; the caller owns it.  NULL with "error". */
json_t *compared_run_record(const struct compared_run *run,
    const struct place *place, GError **error);

/* In what the two differ. */
void compared_runs_contrast(const struct compared_run *a,
    const struct compared_run *b, struct contrast *contrast_out);

/* SHA-256 over some octets, as a key. */
void compare_digest(const struct crypto *crypto, struct span octets,
    uint8_t out[DIGEST_SHA256_SIZE]);

/* A digest over "identity" and all that the record says, but where the message
 * lies and its number: where it is the same, nothing is to be compared. */
void compare_content(const struct crypto *crypto, const json_t *record,
    const uint8_t identity[DIGEST_SHA256_SIZE],
    uint8_t out[DIGEST_SHA256_SIZE]);

/* A Message-ID without white space and angle brackets round it. */
struct span compare_message_id(struct span text);

#endif
