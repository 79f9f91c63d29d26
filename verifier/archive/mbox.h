/*
 * mbox.h - where the messages of an mbox begin and end, byte for byte.
 *
 * Separators.  A From_ line (from_line.h) separates when it is preceded by an
 * empty line and followed by a line that is plausible as a header field or
 * is another From_ line; a BOM or a quoted From_ line may stand before that
 * field.  Relaxed (SPLIT_HEURISTIC): without the empty line, when it has a date
 * and the next two lines are header fields.
 *
 * Content-Length (mboxcl, mboxcl2).  It counts the octets of the body as they
 * stand in the mailbox; it must be there once, in one line, in digits.  It is
 * believed only when it lands exactly on a separator or on the end of the file,
 * with an empty line before at most (SPLIT_LENGTH); so one that was made wrong
 * by a change of line ends does no harm.  From_ lines before that place are
 * body then, as in mboxcl2, unless one of them looks like the start of a
 * message: by the rules above it separates, and behind it stand two header
 * fields at least, one of which is a field of mail (from_line_is_mail_field()).
 * For a Content-Length comes with the mail, and a sender could choose one that
 * makes the reader of an mboxrd swallow the messages behind his own.  Both
 * readings are possible then; the one that loses no message is taken, and the
 * messages before and behind that line are SPLIT_HEURISTIC.  Not so for the
 * From_ line that "git format-patch" writes: it begins patches in bodies, and
 * no mail system writes its date.
 *
 * A message is what lies between its From_ line and the next, less the empty
 * line before the next (or before the end of the file), which belongs to the
 * mailbox unless it is the one that ends the header section.
 *
 * The splitter works over a sliding window and takes time linear in the file.
 */
#ifndef VERIFIER_ARCHIVE_MBOX_H
#define VERIFIER_ARCHIVE_MBOX_H

#include "verifier/archive/archive.h"
#include "verifier/archive/from_line.h"

/* Octets in view behind the start of a line that may be a separator: the
 * From_ line and the beginnings of two lines that follow. */
#define MBOX_LOOKAHEAD 4096

/* What the splitter sees of the file. */
struct mbox_view {
	struct span octets;
	uint64_t base; /* offset in the file of the first of them */
	bool at_end;   /* nothing follows them in the file */
};

struct mbox_message {
	struct span envelope; /* From_ line; valid until the next call */
	uint64_t offset;      /* of the message in the file */
	uint64_t length;
	enum item_split split;
	bool too_large; /* over "limit": its octets are gone */
};

struct mbox {
	uint64_t limit;	  /* octets of one message that are kept in view */
	uint64_t from_at; /* the From_ line to begin with */
	bool begun;	  /* the fields below describe a message */
	bool ended;	  /* no message follows */
	uint64_t raw_at;
	uint64_t scan;	 /* looked at up to here */
	bool line_start; /* "scan" is the start of a line */
	bool has_body;	 /* the header section has ended, at ... */
	uint64_t body_at;
	bool has_target; /* a Content-Length points to ... */
	uint64_t target;
	uint64_t clear_to; /* no start of a message from some body on to here */
	bool doubtful;	   /* a Content-Length says that it goes on */
	bool heuristic;	/* the From_ line before it may be none */
	uint8_t envelope[FROM_LINE_MAX];
	size_t n_envelope;
};

enum mbox_step {
	MBOX_MORE,    /* show more of the file, from mbox_keep() on */
	MBOX_MESSAGE, /* *message_out is filled */
	MBOX_END
};

/*
 * Does a file that begins with "start" (MBOX_LOOKAHEAD octets or all) begin
 * with a From_ line, as an mbox does?  Then "mbox" is ready for it; "limit" is
 * ARCHIVE_MESSAGE_MAX but in tests.  A BOM and empty lines may stand before it.
 * A first line that begins like one with a header field behind it is taken for
 * one, too (SPLIT_HEURISTIC): else the messages behind it would be the body of
 * the first.
 */
bool mbox_open(struct mbox *mbox, uint64_t limit, struct span start);

/* The file begins with a From_ line at its first octet. */
void mbox_init(struct mbox *mbox, uint64_t limit);

/* Does another message seem to begin in "message", which no From_ line stands
 * before?  By the rule against Content-Length above. */
bool mbox_is_inside(struct span message);

/* The next message.  "view" must reach back to mbox_keep(); unless it is too
 * large the message lies in it. */
enum mbox_step mbox_next(struct mbox *mbox, const struct mbox_view *view,
    struct mbox_message *message_out);

/* After MBOX_MORE: the offset from which on octets are needed next time. */
uint64_t mbox_keep(const struct mbox *mbox);

#endif
