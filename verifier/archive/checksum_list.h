/*
 * checksum_list.h - lists of files with their digests.
 *
 * One file per line, in the spellings that are met beside mail:
 *
 *	HEX  name, HEX *name	md5sum, sha256sum; a line that begins with "\"
 *				has "\\", "\n" and "\r" escaped in its name
 *	HEX name, HEX TAB name	md5 -r, hand-made lists
 *	MD5 (name) = HEX	BSD, and OpenSSL's "SHA2-256(name)= HEX"
 *	name,HEX or HEX,name	CSV, the name quoted or not (RFC 4180)
 *
 * and, as CHECKSUM_FORM_BAG, the manifests of BagIt (RFC 8493 section 2.1.3):
 * HEX, blanks, path, with "%0A", "%0D" and "%25" in the path.  Blank lines are
 * passed over, and, but in a bag, lines that begin with "#" or ";".  The length
 * of HEX says which algorithm it is of; where a line names one too, the two
 * must agree.  (What b2sum writes looks like SHA-512, and will not hold.)
 * Google documents that an export of Vault has a list of MD5 digests but not
 * how it is written; the forms above are meant to cover it.
 *
 * A list is read as a stream, of any length (line_reader.h has the bound of a
 * line).  Names are labels: they are compared, and never opened as they stand.
 */
#ifndef VERIFIER_ARCHIVE_CHECKSUM_LIST_H
#define VERIFIER_ARCHIVE_CHECKSUM_LIST_H

#include "verifier/archive/checksum.h"
#include "verifier/archive/source.h"

enum checksum_form { CHECKSUM_FORM_ANY, CHECKSUM_FORM_BAG };

struct checksum_entry {
	enum checksum_algorithm algorithm;
	uint8_t digest[CHECKSUM_SIZE_MAX]; /* checksum_size() octets */
	struct span name;     /* escapes undone */
	struct span raw_name; /* as it stands in the list */
};

enum checksum_line {
	CHECKSUM_ENTRY,
	CHECKSUM_NOTHING, /* a blank line, a comment, a heading */
	CHECKSUM_BAD	  /* "why" says what is wrong with it */
};

/* Does the name of a file (a path will do) say that it is such a list? */
bool checksum_list_is_name(struct span name);

/*
 * Parse "line", the "number"th of its list from 1 on, with or without its line
 * end.  "scratch" has room for line.n octets; the entry borrows from it and
 * from "line".  *why_out is static.
 */
enum checksum_line checksum_line_parse(struct span line, uint64_t number,
    enum checksum_form form, uint8_t *scratch, struct checksum_entry *entry_out,
    const char **why_out);

/* The path "raw" of a bag with its escapes undone, in "scratch", which has room
 * for raw.n octets. */
struct span checksum_unescape(struct span raw, uint8_t *scratch);

struct checksum_list;

/* Read the list in "source", which it then owns. */
struct checksum_list *checksum_list_new(struct source *source,
    enum checksum_form form);
void checksum_list_free(struct checksum_list *list);

/* One line of a list that says something. */
struct checksum_item {
	uint64_t number;	     /* of the line, from 1 */
	struct checksum_entry entry; /* valid until the next call */
	const char *why;	     /* NULL, or why there is no entry */
};

/* 1: *item_out is filled; 0: the end; -1: "error", also when the file changed
 * while it was read (ARCHIVE_ERROR_CHANGED). */
int checksum_list_next(struct checksum_list *list,
    struct checksum_item *item_out, GError **error);

#endif
