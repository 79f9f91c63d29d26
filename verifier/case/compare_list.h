/*
 * compare_list.h - the results of another tool: a list of messages, each with
 * a word.
 *
 * Lines of two or more columns, separated by TAB, comma or semicolon (the
 * first of these that the first line has); values may stand in double quotes
 * (RFC 4180; a line feed inside of a value is not known).  A first line whose
 * columns have names that are known says which columns count; without it the
 * first is the message and the second the word.  A message is named by the
 * SHA-256 of its wire form or of its file, 64 hexadecimal digits, or by its
 * Message-ID, with or without angle brackets.
 */
#ifndef VERIFIER_CASE_COMPARE_LIST_H
#define VERIFIER_CASE_COMPARE_LIST_H

#include "verifier/case/compare_cause.h"
#include "verifier/case/compare_join.h"

#define LIST_LINE_MAX 65536 /* octets; Message-IDs have under 1000 */

struct compared_list {
	uint64_t lines;
	uint64_t words[THEIR_OTHER + 1];
	uint64_t skipped;      /* lines without a message or a word */
	uint64_t first_skipped; /* number of the first such line */
};

/*
 * Read the list "path": a place for each line goes to "by_sha256" or
 * "by_name", by how it names the message.  False with "error".
 */
bool compared_list_read(struct compared_list *list, const char *path,
    const struct crypto *crypto, struct sorter *by_sha256,
    struct sorter *by_name, GError **error);

/* What a word says; for people and tests. */
enum their_word compared_list_word(struct span word);

#endif
