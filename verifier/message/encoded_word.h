/*
 * encoded_word.h - the encoded words of RFC 2047, read strictly and written
 * as programs write them.
 *
 * Unlike display.h, which shows people something in any case, the reader here
 * takes only what has one meaning.  What the writer makes is a guess at the
 * octets that somebody else wrote, and is judged by a hash.
 */
#ifndef VERIFIER_MESSAGE_ENCODED_WORD_H
#define VERIFIER_MESSAGE_ENCODED_WORD_H

#include "keysnap/base/arena.h"

#define ENCODED_TEXT_MAX 4096 /* octets of a text; longer ones are not read */

/*
 * "text", unfolded and with its encoded words decoded, as UTF-8, in "arena";
 * octets above 127 outside of encoded words are UTF-8 or, when they are not,
 * Windows-1252.  False when an encoded word is malformed, its charset is not
 * known, it holds a control character, or "text" is too long.
 */
bool encoded_word_decode(
    struct arena *arena, struct span text, struct span *text_out);

/* Which words of a text are encoded. */
enum encoded_scope {
	ENCODE_ALL,   /* the whole text */
	ENCODE_RUN,   /* from the first word that must be to the last */
	ENCODE_WORDS, /* each run of words that must be */
	ENCODED_SCOPES
};

/* How a program writes encoded words. */
struct encoded_style {
	const char *charset;   /* as it is written */
	char encoding;	       /* 'B', 'b', 'Q' or 'q' */
	bool strict;	       /* Q: only letters, digits and !*+-/ stay */
	size_t length;	       /* octets of one encoded word at most */
	enum encoded_scope scope;
	const char *separator; /* between two of them: " " or a folding */
};

/*
 * Append "text" (UTF-8) in the style.  False, and "out" as it was, when the
 * charset lacks a character or is not known.  "forced": encode also where
 * no word has octets above 127 (ENCODE_ALL only).
 */
bool encoded_word_append(GString *out, struct span text,
    const struct encoded_style *style, bool forced);

/* Append "text" (UTF-8) in "charset"; false, and "out" as it was, when it
 * cannot be. */
bool encoded_word_convert(
    GString *out, struct span text, const char *charset);

#endif
