/*
 * body_traits.h - what a stored body has that a repair could undo, found in
 * one pass, so that most repairs need not look at most bodies.
 */
#ifndef VERIFIER_REPAIR_BODY_TRAITS_H
#define VERIFIER_REPAIR_BODY_TRAITS_H

#include "verifier/message/message.h"

struct body_traits {
	size_t from_lines;    /* lines ^>*From_ */
	bool leading_dots;    /* a line begins with ".." */
	bool doubled_cr;      /* CR CR LF */
	bool bare_cr;	      /* a CR that no LF follows */
	bool trailing_space;  /* a line ends with WSP */
	bool dashes;	      /* a line is "--" */
	bool tab;	      /* anywhere */
	bool eight_spaces;    /* in a row, anywhere */
	bool high_octets;     /* above 127 */
	bool base64;	      /* a long line that may be base64 */
	bool leading_empty;   /* the first line is empty */
	bool leading_dashes;  /* the first line begins with "--" */
};

/* Look at the body as it is stored. */
void body_traits_get(
    struct body_traits *traits, const struct message *message);

#endif
