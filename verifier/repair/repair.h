/*
 * repair.h - what may have been done to a message since it was signed, undone.
 *
 * Mail is changed where it is stored and passed on: lines are quoted, blanks
 * stripped, fields folded anew, footers added.  A repair looks at a message
 * whose signature does not hold and proposes edits over its stored octets
 * that undo one such change.  It decides nothing: bh= and the signature do
 * (repair_search.h).  A wrong proposal fails like any forgery, so a repair
 * may guess freely; what it must not do is to call a change unseen that a
 * reader of the message can see.
 */
#ifndef VERIFIER_REPAIR_REPAIR_H
#define VERIFIER_REPAIR_REPAIR_H

#include "verifier/dkim/signature.h"
#include "verifier/repair/body_traits.h"
#include "verifier/repair/edit_list.h"

/* What a reader of the message sees of what a repair undoes; in order. */
enum repair_effect {
	REPAIR_NONE,   /* nothing was repaired */
	REPAIR_UNSEEN, /* line ends, quoting, folding, white space */
	REPAIR_SEEN    /* text was taken off, put in, or decoded anew */
};

/* What may be undone before a signature is said to fail; a run's choice. */
enum repair_scope {
	REPAIRS_ALL,
	REPAIRS_CONTAINER, /* line ends and the container's quoting */
	REPAIRS_NONE	   /* the wire form only */
};

const char *repair_scope_name(enum repair_scope scope); /* "all", ... */
bool repair_scope_from_name(struct span name, enum repair_scope *scope_out);

enum repair_place { REPAIR_BODY, REPAIR_HEADER };

/* What a repair looks at.  The message has no edits but those that were made
 * before the search began. */
struct repair_subject {
	const struct message *message;
	const struct signature *signature; /* the one that does not hold */
	const struct body_traits *traits;
	struct arena *arena;
};

struct repair {
	const char *name; /* the word of the records: "from-quoting" */
	enum repair_place place;
	enum repair_effect effect;

	/*
	 * Add the edits of variant number "variant" (from 0) to the empty
	 * list "edits".  False: there is no such variant and none after it.
	 * A list that stays empty has nothing to undo.  Edits lie before the
	 * body, or in it, as "place" says.  Time and memory are linear in the
	 * message for each variant.
	 */
	bool (*propose)(struct edit_list *edits,
	    const struct repair_subject *subject, unsigned variant);
};

/* All of them, in the order in which they are tried; NULL-ended. */
extern const struct repair *const repair_table[];

/* One home each; the table in repair.c has them in order. */
extern const struct repair repair_from_quoting, repair_dot_stuffing,
    repair_line_ends, repair_end_marks, repair_trailing_space,
    repair_signature_dashes, repair_tabs, repair_leading_line,
    repair_base64_lines, repair_list_footer, repair_preamble, repair_charset,
    repair_body_encoding;
extern const struct repair repair_folding, repair_name_case, repair_colon_space,
    repair_subject_tag, repair_encoding_field;

/* Does the hash of "signature" take in fields called "name": named in h=, or
 * the signature field itself? */
bool signature_takes(const struct signature *signature, struct span name);

#endif
