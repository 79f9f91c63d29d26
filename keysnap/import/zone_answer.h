/*
 * zone_answer.h - what the comments of dig, drill and delv say
 * about the records between them.
 *
 * All of it is the word of the tool that wrote the file, not proof.
 */
#ifndef KEYSNAP_IMPORT_ZONE_ANSWER_H
#define KEYSNAP_IMPORT_ZONE_ANSWER_H

#include "keysnap/base/arena.h"
#include "keysnap/base/timestamp.h"
#include "keysnap/store/entry.h"

#include <glib.h>

enum zone_section {
	ZONE_SECTION_NONE, /* no section was named: a plain master file */
	ZONE_SECTION_QUESTION,
	ZONE_SECTION_ANSWER,
	ZONE_SECTION_OTHER
};

enum zone_status {
	ZONE_STATUS_NONE, /* no header */
	ZONE_STATUS_NOERROR,
	ZONE_STATUS_NXDOMAIN,
	ZONE_STATUS_OTHER
};

/* One answer of dig or drill; with delv, all of them. */
struct zone_answer {
	bool dig; /* such comments were seen */
	enum zone_status status;
	unsigned flags; /* enum dns_flag */
	char *server;	/* who answered, as the tool writes it, or NULL */
	char *transport; /* "udp", "tcp", "tls", "https", or NULL */
	bool validated;	/* delv calls what follows fully validated */
	enum zone_section section;
	char *question; /* the name asked for, of type TXT, or NULL */
	uint64_t line;	/* of the header */
	bool has_when;	/* a WHEN line was there ... */
	int64_t when;	/* ... and its time; TIMESTAMP_NONE when it names no
			   zone that is surely UTC or an offset */
	bool soa;	/* a SOA record in another section than the answer:
			   with NOERROR and no answer, RFC 2308 2.2 */
};

void zone_answer_init(struct zone_answer *answer);
void zone_answer_clear(struct zone_answer *answer);

/* Does this comment (without its first ";") begin a new answer? */
bool zone_answer_begins(const struct zone_answer *answer, struct span comment);

/* Take what the comment on line "line" says. */
void zone_answer_take(
    struct zone_answer *answer, uint64_t line, struct span comment);

/* delv's ";name. 60 IN \-TXT ;-$NXRRSET": there is no such name, or no TXT
 * record.  "text" is the comment; false for any other. */
bool zone_absent_parse(struct span text, struct span *name_out,
    enum observation_kind *kind_out);

/*
 * The time of a WHEN line: "Mon Nov 23 07:07:17 UTC 2026", with UTC, GMT, Z or
 * an offset "+HH", "+HHMM", "+HH:MM".  False for anything else: other names of
 * zones stand for more than one offset.
 */
bool zone_when_parse(struct span text, int64_t *at_out);

#endif
