/*
 * record_line.h - a line of a record in the making, and what it is written
 * with; for record_write.c and record_signature.c.
 */
#ifndef VERIFIER_REPORT_RECORD_LINE_H
#define VERIFIER_REPORT_RECORD_LINE_H

#include "verifier/report/record.h"

struct line {
	struct json_writer json;
	size_t start;    /* of the line in the output */
	size_t text_max; /* octets of a text that are written */
	size_t item_max; /* octets of a text in a list */
	size_t list_max; /* texts of a list */
};

/* The first "most" octets of "text", without half a character at the end. */
struct span line_cut(struct span text, size_t most);

/* Is the line too long to be kept? */
bool line_is_full(const struct line *line);

/* Members of all kinds.  A text of the mail is null where its p is, and a name
 * of ours where it is empty; so is a NULL string, a time that has no text, and
 * days below 0, which are not known.
 * Sizes and offsets past 2^53-1 stand at that end. */
void line_put_count(struct line *line, const char *name, uint64_t count);
void line_put_days(struct line *line, const char *name, int64_t days);
void line_put_text(struct line *line, const char *name, const char *name_b64,
    struct span text);
void line_put_name(struct line *line, const char *name, const char *name_b64,
    struct span text);
void line_put_string(struct line *line, const char *name, const char *string);
void line_put_sha256(
    struct line *line, const char *name, const uint8_t *sha256);
void line_put_time(struct line *line, const char *name, int64_t at);
void line_put_spans(struct line *line, const char *name,
    const struct span *spans, size_t n);

enum reason_kind { REASON_KIND_ANY, REASON_KIND_DECIDING, REASON_KIND_NOTE };

/* The codes of the reasons of one kind, in their order. */
void line_put_reasons(struct line *line, const char *name,
    const struct reasons *reasons, enum reason_kind kind);

/* One element of "signatures". */
void line_put_signature(
    struct line *line, const struct signature_verdict *verdict);

/* The key that the result rests on, or null. */
void line_put_key(struct line *line, const char *name,
    const struct signature_verdict *verdict);

/* The member "senders", if there are any; "best" decides, or is NULL. */
void line_put_senders(struct line *line, const struct senders *senders,
    const struct signature_verdict *best);

/* The member "rules", where the rules of its time or of today come to another
 * result. */
void line_put_rules(
    struct line *line, const struct signature_verdict *verdict);

/* The member "arc", if there is one. */
void line_put_arc(struct line *line, const struct arc_verdict *arc);

#endif
