/* damage_do.c - what is done to the text of a signed message; damage_do.h. */
#include "tests/gen/damage_do.h"

#include <gmime/gmime.h>
#include <string.h>

void
damage_replace(GString *text, const char *from, const char *to)
{
	g_assert(strstr(text->str, from) != NULL);
	g_string_replace(text, from, to, 0);
}

/* The text in two: the header with its empty line is left, the rest given. */
static GString *
take_body(GString *text)
{
	char *empty = strstr(text->str, "\r\n\r\n") + 4;
	GString *body = g_string_new(empty);

	g_string_truncate(text, (gsize)(empty - text->str));
	return body;
}

static void
put_body(GString *text, GString *body)
{
	g_string_append(text, body->str);
	g_string_free(body, TRUE);
}

static void
in_body(GString *text, const char *from, const char *to)
{
	GString *body = take_body(text);

	damage_replace(body, from, to);
	put_body(text, body);
}

static void
in_header(GString *text, const char *from, const char *to)
{
	GString *body = take_body(text);

	damage_replace(text, from, to);
	put_body(text, body);
}

void
damage_nothing(GString *text)
{
	(void)text;
}

void
damage_line_feeds(GString *text)
{
	damage_replace(text, "\r\n", "\n");
}

void
damage_quoted_once(GString *text)
{
	in_body(text, "\r\nFrom ", "\r\n>From ");
}

void
damage_unquoted_once(GString *text)
{
	in_body(text, "\r\n>From ", "\r\nFrom ");
}

void
damage_quoted_deep(GString *text)
{
	in_body(text, "\r\n>>From ", "\r\n>>>From ");
	in_body(text, "\r\n>From ", "\r\n>>From ");
}

void
damage_empty_lines(GString *text)
{
	g_string_append(text, "\r\n\r\n\r\n");
}

void
damage_no_last_line_end(GString *text)
{
	g_string_truncate(text, text->len - 2);
}

void
damage_fields_on_top(GString *text)
{
	g_string_prepend(text,
	    "X-GM-THRID: 1396107434\r\nX-Mozilla-Status: 0001\r\n"
	    "Delivered-To: bob@nosign.example\r\n");
}

void
damage_fields_below(GString *text)
{
	in_header(text, "\r\n\r\n",
	    "\r\nStatus: RO\r\nX-Status: A\r\nContent-Length: 911\r\n\r\n");
}

void
damage_no_trailing_blanks(GString *text)
{
	in_body(text, "blanks   \r\n", "blanks\r\n");
	in_body(text, "-- \r\n", "--\r\n");
}

void
damage_no_dash_blank(GString *text)
{
	in_body(text, "-- \r\n", "--\r\n");
}

void
damage_more_trailing_blanks(GString *text)
{
	in_body(text, "quoted twice\r\n", "quoted twice \r\n");
	in_body(text, "blanks   \r\n", "blanks\r\n");
}

void
damage_tabs_to_eight(GString *text)
{
	in_body(text, "\t", "        ");
}

void
damage_tabs_to_one(GString *text)
{
	in_body(text, "\t", " ");
}

void
damage_folds_with_space(GString *text)
{
	in_header(text, "\r\n\t", "\r\n ");
}

void
damage_all_unfolded(GString *text)
{
	in_header(text, "\r\n\t", "\t");
}

void
damage_recipients_unfolded(GString *text)
{
	in_header(text, ",\r\n\tcarol", ", carol");
}

void
damage_lower_case_names(GString *text)
{
	GString *body = take_body(text);
	gboolean name = TRUE;

	for (gsize i = 0; i < text->len; i++) {
		if (i > 0 && text->str[i - 1] == '\n')
			name = text->str[i] != '\t';
		if (text->str[i] == ':')
			name = FALSE;
		if (name)
			text->str[i] = g_ascii_tolower(text->str[i]);
	}
	put_body(text, body);
}

void
damage_word_decoded(GString *text)
{
	in_header(text, "=?utf-8?q?Gr=C3=BC=C3=9Fe?=",
	    "Gr\xc3\xbc\xc3\x9f"
	    "e");
}

void
damage_to_latin1(GString *text)
{
	in_body(text, "\xc3\xbc", "\xfc");
	in_body(text, "\xc3\x9f", "\xdf");
}

void
damage_to_quoted_printable(GString *text)
{
	in_body(text, "\xc3\xbc", "=C3=BC");
	in_body(text, "\xc3\x9f", "=C3=9F");
	in_body(text, "8bit", "quoted-printable");
}

/* A soft line break in it, letters in lower case, more than needs be. */
void
damage_to_other_quoted_printable(GString *text)
{
	damage_to_quoted_printable(text);
	in_body(text, "=C3=BC", "=c3=\r\n=bc");
	in_body(text, "one dot", "one=20dot");
}

void
damage_to_base64(GString *text)
{
	char *at = strstr(text->str, "8bit\r\n\r\n") + strlen("8bit\r\n\r\n");
	char *end = strstr(at, "\r\n--b1=");
	g_autofree char *base64 =
	    g_base64_encode((const guchar *)at, (gsize)(end - at));
	gsize place = (gsize)(at - text->str);

	g_string_erase(text, (gssize)place, end - at);
	g_string_insert(text, (gssize)place, base64);
	in_body(text, "8bit", "base64");
}

/* Other soft breaks than it would have been sent with. */
void
damage_plain_to_quoted(GString *text)
{
	damage_replace(text, DAMAGE_8BIT, DAMAGE_QUOTED);
	damage_replace(text, "printabl=\r\n", "printabl");
	damage_replace(text, "Encoding: 8bit", "Encoding: quoted-printable");
}

void
damage_plain_to_8bit(GString *text)
{
	damage_replace(text, DAMAGE_QUOTED, DAMAGE_8BIT);
	damage_replace(text, "Encoding: quoted-printable", "Encoding: 8bit");
}

void
damage_other_boundary(GString *text)
{
	damage_replace(text, "b1=", "part-2");
}

void
damage_no_preamble(GString *text)
{
	in_body(text, DAMAGE_PREAMBLE, "");
}

/* Base64 lines of 76 to lines of 64. */
void
damage_wrapped_anew(GString *text)
{
	char *at =
	    strstr(text->str, "base64\r\n\r\n") + strlen("base64\r\n\r\n");
	char *end = strstr(at, "\r\n--");
	g_autoptr(GString) all = g_string_new_len(at, end - at);
	g_autoptr(GString) lines = g_string_new(NULL);
	gsize place = (gsize)(at - text->str);

	damage_replace(all, "\r\n", "");
	for (gsize i = 0; i < all->len; i += 64)
		g_string_append_printf(
		    lines, "%s%.64s", i > 0 ? "\r\n" : "", all->str + i);
	g_string_erase(text, (gssize)place, end - at);
	g_string_insert(text, (gssize)place, lines->str);
}

void
damage_byte_order_mark(GString *text)
{
	g_string_prepend(text, "\xef\xbb\xbf");
}

void
damage_second_from(GString *text)
{
	g_string_prepend(text, "From: mallory@other.example\r\n");
}

void
damage_dots_doubled(GString *text)
{
	in_body(text, "\r\n.one", "\r\n..one");
}

/* Parsed into parts and written again, as it comes out by default. */
void
damage_written_by_gmime(GString *text)
{
	GMimeStream *in =
			g_mime_stream_mem_new_with_buffer(text->str, text->len),
		    *out = g_mime_stream_mem_new();
	GMimeParser *parser = g_mime_parser_new_with_stream(in);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GByteArray *octets =
	    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));

	g_assert(message != NULL);
	g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, out);
	g_assert(octets->len != text->len ||
	    memcmp(octets->data, text->str, text->len) != 0);
	g_string_truncate(text, 0);
	g_string_append_len(text, (const char *)octets->data, octets->len);
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(in);
	g_object_unref(out);
}

void
damage_space_behind_colon(GString *text)
{
	in_header(text, "Reply-To:alice", "Reply-To: alice");
}

void
damage_footer(GString *text)
{
	g_string_append(text,
	    "_______________________________________________\r\n"
	    "announce mailing list\r\nannounce@list.example\r\n");
}

void
damage_subject_tag(GString *text)
{
	in_header(text, "Subject: ", "Subject: [announce] ");
}

void
damage_tag_and_footer(GString *text)
{
	damage_subject_tag(text);
	damage_footer(text);
}

void
damage_end_marks(GString *text)
{
	g_string_append_len(text, "\x1a\0\0", 3);
}

void
damage_doubled_cr(GString *text)
{
	in_body(text, "\r\n", "\r\r\n");
}

void
damage_stuffed_and_quoted(GString *text)
{
	damage_dots_doubled(text);
	damage_quoted_once(text);
}

void
damage_word_changed(GString *text)
{
	in_body(text, "never was", "always was");
}
