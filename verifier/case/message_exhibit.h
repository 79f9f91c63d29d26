/*
 * message_exhibit.h - a message with its record and all that the record rests
 * on, in one file that is checked without case and snapshot.
 *
 * Lines of canonical JSON, in the order of verifier.5 (EXHIBIT).  The record is
 * not believed: the message is judged again, with the entries of the log that
 * bear on its key names, each proved to be in the log of the snapshot, and what
 * comes out must be the record, octet for octet.
 */
#ifndef VERIFIER_CASE_MESSAGE_EXHIBIT_H
#define VERIFIER_CASE_MESSAGE_EXHIBIT_H

#include "keysnap/store/exhibit.h"
#include "verifier/run/judge.h"

#define MESSAGE_EXHIBIT_HEAD   "{\"format\":\"verifier-exhibit "
#define MESSAGE_EXHIBIT_MAX    (512u << 20) /* octets of the file */
#define MESSAGE_EXHIBIT_OCTETS (64u << 20)  /* of the message */
#define MESSAGE_EXHIBIT_NAMES  1024	    /* names of keys */
#define MESSAGE_EXHIBIT_STEPS  4096
#define MESSAGE_EXHIBIT_EVIDENCE (16u << 20) /* octets, for each name */

/* What the snapshot holds on a name: an exhibit of keysnap, as text. */
struct message_exhibit_keys {
	struct span name, text;
};

struct message_exhibit {
	struct span header, record; /* lines of results.jsonl, without LF */
	struct policy policy;
	uint8_t suffix_list[DIGEST_SHA256_SIZE];
	bool has_equivalences;
	uint8_t equivalences[DIGEST_SHA256_SIZE];
	struct span envelope, octets; /* the From_ line or empty; as stored */
	struct message_exhibit_keys *keys; /* ascending names */
	size_t n_keys;
	struct span *absent; /* names of which the snapshot has nothing */
	size_t n_absent;
	struct span *steps;
	size_t n_steps;
};

/* Append the file. */
void message_exhibit_write(GString *out,
    const struct message_exhibit *exhibit, const struct crypto *crypto);

/* Take it back; one spelling only, and the digest at its end must fit.
 * Everything lives in "arena" or borrows from "octets".  False with *why_out;
 * nothing else is checked. */
bool message_exhibit_parse(struct message_exhibit *exhibit,
    struct arena *arena, const struct crypto *crypto, struct span octets,
    const char **why_out);

/* The canonical names of the keys that a record (a JSON value) rests on, in
 * ascending order, each once; in "arena". */
struct span *message_exhibit_names(
    const json_t *record, struct arena *arena, size_t *n_out);

/* In words, how the record comes about: texts in "arena". */
struct span *message_exhibit_steps(const struct message_exhibit *exhibit,
    const json_t *record, struct arena *arena, const struct crypto *crypto,
    size_t *n_out);

/* What somebody trusts, who checks it. */
struct message_exhibit_trust {
	const struct note_key *public_key; /* or NULL */
	const uint8_t *root;		   /* or NULL */
	const struct alignment *alignment;
	const struct policy *policy; /* what is asked for; NULL: what the run
					took */
	struct seal_trust seals; /* for the seals of the snapshot */
};

/*
 * Check it: one finding each.  True when everything holds; then the record
 * is what this program makes of the message and the keys, and *verdict_out
 * its verdict, or that under trust->policy where that is worse.
 */
bool message_exhibit_check(const struct message_exhibit *exhibit,
    const struct crypto *crypto, const struct message_exhibit_trust *trust,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user, enum verdict *verdict_out);

#endif
