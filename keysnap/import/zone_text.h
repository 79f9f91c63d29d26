/*
 * zone_text.h - master file text (RFC 1035 section 5.1) as records of tokens.
 *
 * Lines in parentheses are one record; comments are given to the caller, as
 * dig and opendkim-genkey say things in them.  Escapes are left as they are.
 * ldns reads the values of tokens, not whole lines: its line reader stops at
 * 10230 octets (LDNS_MAX_LINELEN) and drops the comments.
 */
#ifndef KEYSNAP_IMPORT_ZONE_TEXT_H
#define KEYSNAP_IMPORT_ZONE_TEXT_H

#include "keysnap/base/arena.h"
#include "keysnap/import/import_lines.h"

#define ZONE_TOKENS_MAX 1024 /* of one record: a TXT RDATA of 64 KB has 257
				full strings */

struct zone_token {
	struct span text; /* without quotes, escapes kept; a NUL follows */
	bool quoted;
};

struct zone_record {
	uint64_t line;	  /* of its first token */
	bool continues;	  /* starts with white space: the owner is the last */
	const char *bad;  /* why it cannot be read, or NULL */
	struct zone_token tokens[ZONE_TOKENS_MAX];
	size_t n;
};

struct zone_text {
	struct import_lines lines;
	size_t octets; /* of the record being read */
	int depth;     /* open parentheses */
	/* Called for each comment, without its ";". */
	void (*comment)(void *user, uint64_t line, struct span text);
	void *user;
};

void zone_text_init(struct zone_text *zone, FILE *stream,
    void (*comment)(void *user, uint64_t line, struct span text), void *user);
void zone_text_clear(struct zone_text *zone);

/* The next record; its tokens live in "arena".  False at the end of the file,
 * and when reading failed (import_lines_failed() of "lines"). */
bool zone_text_next(struct zone_text *zone, struct arena *arena,
    struct zone_record *record);

#endif
