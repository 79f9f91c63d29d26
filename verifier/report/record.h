/*
 * record.h - the record of a message: what is said of it, as data.
 *
 * The writer makes one line of canonical JSON of it, the reader takes such a
 * line back.  verifier.5 is normative for the members; adding one is allowed,
 * changing one is a breaking change.  The record borrows from the message and
 * the arena; strings from the reader live in the reader's arena.
 */
#ifndef VERIFIER_REPORT_RECORD_H
#define VERIFIER_REPORT_RECORD_H

#include "keysnap/base/json.h"
#include "verifier/archive/archive.h"
#include "verifier/repair/repair_search.h"
#include "verifier/report/anchored.h"
#include "verifier/verdict/attachments.h"
#include "verifier/verdict/auth_claims.h"
#include "verifier/verdict/senders.h"
#include "verifier/verdict/verdict.h"

#define RECORD_SCHEMA	"verifier-results/1"
#define RECORD_LINE_MAX (8u << 20) /* octets of one line that is read back */
#define RECORD_EDITS_MAX 8192	   /* edits of a record; 6 MB of base64,
				      wrapped anew, take as many */

/* What the writer is given; all of it by reference. */
struct record {
	uint64_t seq; /* from 1, in archive order */
	const struct item *item;
	const struct reading *reading; /* the reading recorded; NULL: none */
	bool kept_line_ends;	       /* the reading keeps bare LFs */
	const struct repair_set *repairs; /* made for it; NULL: none */
	const uint8_t *file_sha256;    /* of a file that is one message, or NULL */
	const uint8_t *sha256;	       /* identity, or NULL when unreadable */
	uint64_t size;		       /* octets of the wire form */
	struct span message_id, date, subject, from; /* display, UTF-8 */
	struct span signed_subject;    /* display; p NULL: as it is stored */
	struct span from_domain;       /* canonical, of the first author */
	struct span author;	       /* address of the first author */
	int64_t time;		       /* of Date, or TIMESTAMP_NONE */
	/* Key names that were asked for and stand in no signature of the
	 * record, nor of those attached. */
	const struct span *other_names;
	size_t n_other_names;
	const struct message_verdict *verdict;
	const struct senders *senders; /* NULL: no header was read */
	const struct anchored *anchored; /* NULL: no proof was given */
	const struct embedded_records *embedded; /* NULL: none */
	const struct auth_claims *claims; /* NULL: none */
	const struct attachments *attachments; /* NULL: not looked at */
};

/* A message attached to another.  Of its record the writer takes what is of
 * the message itself. */
struct embedded_record {
	struct record record;
	uint64_t offset, length; /* in the stored octets of the whole message */
	unsigned depth;		 /* 1: attached to the message itself */
};

/* All that are attached to a message, at any depth, each before those that
 * are attached to it. */
struct embedded_records {
	struct embedded_record *list;
	size_t n;
	uint64_t left_out; /* not looked at */
	bool cut;	   /* there may be more */
};

/* The first line of results.jsonl. */
struct record_header {
	const char *tool; /* "verifier 0.2.0" */
	struct span origin;
	uint64_t entries;
	const uint8_t *root;
	const char *vouched; /* snapshot_vouched_name() */
	const struct anchors_given *anchors; /* NULL: none */
	int64_t as_of; /* --as-of, or TIMESTAMP_NONE */
	const struct suffix_list *suffix_list; /* NULL: not to be said */
};
void record_write_header(GString *out, const struct record_header *header);

/* Append the line, with its line feed.  A line over RECORD_LINE_MAX is written
 * with its texts and lists cut short and says so.  Display texts with p NULL (no such
 * field) are written as null. */
void record_write(GString *out, const struct record *record);

/* Append the value of the member "key" of a signature, without line feed, for
 * the key and its standing in "verdict"; nothing else of it is looked at. */
void record_write_key(GString *out, const struct signature_verdict *verdict);

/* A record read back: the members that the tools use.  Everything else stays
 * in "json", which is owned (record_view_clear()). */
struct record_view {
	json_t *json;
	uint64_t seq;
	struct span path;
	enum verdict verdict;
	struct span sha256; /* hex, or empty */
	uint64_t size;
};

enum record_kind { RECORD_HEADER, RECORD_MESSAGE };

/* Take one line (without line feed) back; false with *why_out when it is not
 * a line that this version writes or a later one may (unknown members are
 * kept, known ones must have their type). */
bool record_read(struct record_view *view, enum record_kind *kind_out,
    struct arena *arena, struct span line, const char **why_out);
void record_view_clear(struct record_view *view);

/* The string "name" of a JSON object inside a record, borrowed; the empty
 * span (p NULL) when it has none or null. */
struct span record_get_string(const json_t *object, const char *name);

#endif
