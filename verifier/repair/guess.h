/*
 * guess.h - what a header field may have been when it was signed.
 *
 * A guess is the octets behind the colon of one field.  Guesses cost nothing
 * but work: the digest that was signed decides (signed_search.h).  Those of
 * one group belong together: what one program does to one field it does to
 * the others of a message.
 */
#ifndef VERIFIER_REPAIR_GUESS_H
#define VERIFIER_REPAIR_GUESS_H

#include "verifier/dkim/copied_fields.h"
#include "verifier/dkim/facts.h"

#define GUESSES_MAX	  512	     /* for one field */
#define GUESS_OCTETS_MAX  (1u << 18) /* of the guesses for one message */
#define GUESS_VALUE_MAX	  (1u << 13) /* octets of a value that is guessed at;
					longer ones are only copied */
#define OTHER_MESSAGES_MAX 32
#define GUESS_FIELDS_MAX  512	     /* of the header, that are looked at for
					values that were kept */
#define GUESS_TIME_BEFORE 30 /* seconds before t= that a Date is looked for */
#define GUESS_TIME_BEHIND 2  /* and behind it */

/* No value: there is no such field. */
#define GUESS_NONE ((struct span){ NULL, 0 })

/* Groups; those from GUESS_STYLES on are ways to write text. */
enum guess_group {
	GUESS_ALONE,  /* none */
	GUESS_COPIES, /* of z= */
	GUESS_MESSAGES, /* one for each of the other messages */
	GUESS_STYLES = GUESS_MESSAGES + OTHER_MESSAGES_MAX
};

/* Other messages that are taken for the same one: their headers, and the
 * numbers of their records. */
struct other_messages {
	const struct header_index *const *headers;
	const uint64_t *records;
	size_t n; /* OTHER_MESSAGES_MAX at most */
};

struct guess {
	struct span value; /* p NULL: there was no such field */
	struct span canon; /* canonical; signed_search.c's */
	uint32_t sum;	   /* of the value: equal ones have equal sums */
	enum signed_origin origin;
	unsigned group;
	bool same_text; /* what people read is the same */
};

/* The guesses for one field. */
struct guess_list {
	struct arena *arena;
	uint64_t *octets_left; /* of GUESS_OCTETS_MAX; of all lists */
	struct span lead;      /* WSP with which the stored value begins */
	struct guess *list;
	size_t n;
	bool cut; /* there was no room for all */
};

void guess_list_init(struct guess_list *list, struct arena *arena,
    uint64_t *octets_left, struct span value);

/* Add "value" unless it is there; it is borrowed. */
void guess_add(struct guess_list *list, struct span value,
    enum signed_origin origin, unsigned group, bool same_text);

/* Add a copy of "text" behind the leading white space. */
void guess_add_text(struct guess_list *list, const GString *text,
    enum signed_origin origin, unsigned group, bool same_text);

/* Is "value" short enough to be guessed at?  If not, the list is cut. */
bool guess_fits(struct guess_list *list, struct span value);

/* Is "name" one of "names" (NULL-ended)? */
bool guess_name_in(struct span name, const char *const *names);
bool guess_is_address(struct span name); /* a field of addresses */

/* The copies of fields called "name": the "nth" from the bottom, from 0, and
 * then the others. */
void guess_copied(struct guess_list *list, struct span name, size_t nth,
    const struct copied_fields *copied);

/* Other fields of the message in which the value of "name" may have been kept:
 * X-Original-NAME, Thread-Topic, Reply-To ...; "field" is the one that is
 * stored, or NULL. */
void guess_fields(struct guess_list *list, struct span name,
    const struct header_index *header, const struct header_field *field);

/* The field of each of "others": the instance "nth" from the bottom of "name",
 * or that there is none. */
void guess_messages(struct guess_list *list, struct span name, size_t nth,
    const struct other_messages *others);

/* A Subject without words before or behind it, with and without "Re:". */
void guess_subject(struct guess_list *list, struct span value);

/* The same text with other encoded words, or without; in fields of addresses
 * the display names, and their quotes.  "folding": white space counts, and
 * encoded words may stand on lines of their own. */
void guess_encodings(struct guess_list *list, struct span name,
    struct span value, bool folding);

/* One address, written otherwise. */
void guess_address(struct guess_list *list, struct span value);

/* A Date with other marks, in other zones; and at "time" (t=), when it is not
 * TIMESTAMP_NONE, or soon before. */
void guess_date(struct guess_list *list, struct span value, int64_t time);

#endif
