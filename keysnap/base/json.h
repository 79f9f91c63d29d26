/*
 * json.h - the one canonical JSON writer (RFC 8785), and reading back.
 *
 * Everything that machines read is written here: log entries, records,
 * run.json, --json output.  Canonical means: no white space, the members of
 * an object in ascending order of their names (RFC 8785 3.2.3; for our own
 * names, which are ASCII, the order of octets), integers below 2^53, and strings
 * with the shortest escapes: \" \\ \b \t \n \f \r, \u00xx in lower case for
 * the other control characters, everything else as UTF-8.
 *
 * How octets become JSON.  Two ways, by what the value is:
 *  - Text (subjects, addresses, notes): json_write_text().  Valid UTF-8 is
 *    written as it is.  Anything else is written twice: as text with U+FFFD
 *    for each maximal invalid part (Unicode 15, 3.9), and exact, as base64,
 *    in the member NAME_b64 that follows it.
 *  - Octets that must come back exactly and be read by people (character-
 *    strings of TXT records): json_write_octets().  %x20-7E but "\" stand for
 *    themselves; every other octet, and "\", is written as "\DDD", three
 *    decimal digits (the escape of RFC 1035 5.1 and RFC 4343 2.1).  There is
 *    one spelling for every octet string; json_read_octets() takes no other.
 */
#ifndef KEYSNAP_BASE_JSON_H
#define KEYSNAP_BASE_JSON_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

#include <jansson.h>

#define JSON_INTEGER_MAX INT64_C(9007199254740991) /* 2^53-1, RFC 7493 2.2 */
#define JSON_DEPTH_MAX	 16			   /* ours nest to 6 */

/*
 * A writer appends to a GString of the caller.  A wrong order of members, a
 * value without a name, an unclosed object are broken invariants (g_assert).
 */
struct json_writer {
	GString *out;
	int depth;
	struct {
		bool array;	  /* else object */
		bool filled;	  /* a comma comes first */
		const char *name; /* last member name, to check the order */
	} level[JSON_DEPTH_MAX];
};

/* Start to append one JSON value to "out". */
void json_writer_init(struct json_writer *writer, GString *out);

/* In an object, "name" is the member's name, an ASCII literal that needs no
 * escape and outlives the object; in an array and at top level it is NULL. */
void json_open_object(struct json_writer *writer, const char *name);
void json_close_object(struct json_writer *writer);
void json_open_array(struct json_writer *writer, const char *name);
void json_close_array(struct json_writer *writer);
void json_write_integer(struct json_writer *writer, const char *name,
    int64_t value);
void json_write_bool(struct json_writer *writer, const char *name, bool value);
void json_write_null(struct json_writer *writer, const char *name);

/* A string of ours, valid UTF-8. */
void json_write_string(struct json_writer *writer, const char *name,
    const char *value);

/* Text from outside; see above.  "name_b64" is the name of the second member
 * ("subject_b64" for "subject").  In an array (name NULL) invalid text
 * becomes U+FFFD only, so callers use objects where exactness matters. */
void json_write_text(struct json_writer *writer, const char *name,
    const char *name_b64, struct span text);

/* Octets with the \DDD escape; see above. */
void json_write_octets(struct json_writer *writer, const char *name,
    struct span octets);
void json_write_hex(struct json_writer *writer, const char *name,
    struct span octets);

/* An instant as "2016-10-31T00:00:00Z"; TIMESTAMP_NONE gives null. */
void json_write_time(struct json_writer *writer, const char *name, int64_t at);

/* A value that is canonical JSON already (a log line), taken as it is. */
void json_write_raw(struct json_writer *writer, const char *name,
    struct span canonical);

/* Undo json_write_octets(): false when "text" is not its one spelling. */
bool json_read_octets(struct arena *arena, struct span text,
    struct span *octets_out);

/* Write a jansson value canonically (objects sorted by name).  False when it
 * holds a real number, an integer past 2^53-1 or nests too deep; then nothing
 * was written. */
bool json_write_value(struct json_writer *writer, const char *name,
    const json_t *value);

/*
 * Parse one line (no line feed) as a JSON object.  NULL with *why_out (a
 * static text or one in "arena") when it is not, or has a member twice.
 * With "canonical" the line must also be what json_write_value() would write.
 * The caller owns the reference.
 */
json_t *json_parse_line(struct arena *arena, struct span line, bool canonical,
    const char **why_out);

#endif
