/*
 * damage_do.h - the damages of the matrix, one function each.  "text" is the
 * message of damage.c with CRLF, signed.
 */
#ifndef TESTS_GEN_DAMAGE_DO_H
#define TESTS_GEN_DAMAGE_DO_H

#include <glib.h>

/* The same text, once with lines of 76 at most. */
#define LONG \
	"a line that goes on and on until it is longer than lines of quoted"
#define DAMAGE_8BIT             \
	"Gr\xc3\xbc\xc3\x9f"    \
	"e, 1 + 1 = 2\r\n" LONG \
	"-printable may be, so that it has to be broken\r\nend \r\n"
#define DAMAGE_QUOTED                           \
	"Gr=C3=BC=C3=9Fe, 1 + 1 =3D 2\r\n" LONG \
	"-printabl=\r\ne may be, so that it has to be broken\r\nend=20\r\n"
#define DAMAGE_PREAMBLE "This is a multi-part message in MIME format.\r\n"

/* Put "to" for every "from", of which there is at least one. */
void damage_replace(GString *text, const char *from, const char *to);

void damage_nothing(GString *text);
void damage_line_feeds(GString *text);
void damage_quoted_once(GString *text);
void damage_unquoted_once(GString *text);
void damage_quoted_deep(GString *text);
void damage_empty_lines(GString *text);
void damage_no_last_line_end(GString *text);
void damage_fields_on_top(GString *text);
void damage_fields_below(GString *text);
void damage_no_trailing_blanks(GString *text);
void damage_no_dash_blank(GString *text);
void damage_more_trailing_blanks(GString *text);
void damage_tabs_to_eight(GString *text);
void damage_tabs_to_one(GString *text);
void damage_folds_with_space(GString *text);
void damage_all_unfolded(GString *text);
void damage_recipients_unfolded(GString *text);
void damage_lower_case_names(GString *text);
void damage_word_decoded(GString *text);
void damage_to_latin1(GString *text);
void damage_to_quoted_printable(GString *text);
void damage_to_other_quoted_printable(GString *text);
void damage_to_base64(GString *text);
void damage_plain_to_quoted(GString *text);
void damage_plain_to_8bit(GString *text);
void damage_other_boundary(GString *text);
void damage_no_preamble(GString *text);
void damage_wrapped_anew(GString *text);
void damage_byte_order_mark(GString *text);
void damage_second_from(GString *text);
void damage_dots_doubled(GString *text);
void damage_written_by_gmime(GString *text);
void damage_space_behind_colon(GString *text);
void damage_footer(GString *text);
void damage_subject_tag(GString *text);
void damage_tag_and_footer(GString *text);
void damage_end_marks(GString *text);
void damage_doubled_cr(GString *text);
void damage_stuffed_and_quoted(GString *text);
void damage_word_changed(GString *text);

#endif
