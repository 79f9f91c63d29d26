/* damage.c - see damage.h.  The verdict of each cell was written down before
 * the repairs first ran. */
#include "tests/gen/damage.h"

#include <gmime/gmime.h>
#include <string.h>

#include "tests/gen/damage_do.h"
#include "tests/gen/key_list.h"
#include "tests/gen/mail.h"
#include "tests/gen/stream.h"
#include "tests/gen/write.h"

#define AT G_GINT64_CONSTANT(1331640000) /* 2012-03-13T12:00:00Z */
#define NAMES                                                       \
	"From:From:To:Reply-To:Subject:Date:Message-ID:References:" \
	"MIME-Version:Content-Type"

#define PLAIN_NAMES \
	"From:Subject:MIME-Version:Content-Type:Content-Transfer-Encoding"

static const struct listed_key table[] = { { "good", "good.example", "g", 2048,
					       0, NULL, "2010-01-01",
					       "2014-12-31", FALSE, FALSE },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, FALSE, FALSE } };

/* ---- the matrix ---------------------------------------------------------- */

#define V "verified"
#define R "verified-repaired"
#define S "verified-restored"
#define H "headers-only"
#define A "altered"

/* Where the message lies; the last two are another one, of plain text. */
enum container {
	EML,
	EML_COPIES, /* with z= */
	MBOX_QUOTED,
	MBOX_BARE,
	PLAIN_8BIT,
	PLAIN_QUOTED
};

struct row {
	const char *name;
	enum container container;
	void (*damage)(GString *text);
	const char *verdicts[3]; /* simple, mixed, relaxed */
	const char *repairs;     /* where there are any */
};

static const struct row rows[] = {
	{ "00-none", EML, damage_nothing, { V, V, V }, NULL },
	{ "01-line-feeds", EML, damage_line_feeds, { V, V, V }, NULL },
	{ "02-quoted", EML, damage_quoted_once, { R, R, R }, "from-quoting" },
	{ "03-unquoted", EML, damage_unquoted_once, { R, R, R },
	    "from-quoting" },
	{ "04-mboxrd", MBOX_QUOTED, damage_nothing, { V, V, V }, NULL },
	{ "05-quoted-deep", EML, damage_quoted_deep, { R, R, R },
	    "from-quoting" },
	{ "06-empty-lines", EML, damage_empty_lines, { V, V, V }, NULL },
	{ "07-no-last-line-end", EML, damage_no_last_line_end, { V, V, V },
	    NULL },
	{ "08-fields-on-top", EML, damage_fields_on_top, { V, V, V }, NULL },
	{ "09-fields-below", EML, damage_fields_below, { V, V, V }, NULL },
	{ "10-no-trailing-blanks", EML, damage_no_trailing_blanks, { H, H, V },
	    NULL },
	{ "10b-no-dash-blank", EML, damage_no_dash_blank, { R, R, V },
	    "signature-dashes" },
	{ "10c-blanks-moved", EML, damage_more_trailing_blanks, { H, H, V },
	    NULL },
	{ "11-tabs-to-eight", EML, damage_tabs_to_eight, { R, R, V }, "tabs" },
	{ "11b-tabs-to-one", EML, damage_tabs_to_one, { H, H, V }, NULL },
	{ "12-refolded", EML, damage_folds_with_space, { R, V, V }, "folding" },
	{ "12b-unfolded", EML, damage_all_unfolded, { A, V, V }, NULL },
	{ "12c-recipients-unfolded", EML, damage_recipients_unfolded,
	    { R, V, V }, "folding" },
	{ "13-names-lower-case", EML, damage_lower_case_names, { R, V, V },
	    "name-case" },
	{ "14-word-decoded", EML, damage_word_decoded, { S, S, S },
	    "header-encoding" },
	{ "15-latin1", EML, damage_to_latin1, { S, S, S }, "charset" },
	{ "15b-quoted-printable", EML, damage_to_quoted_printable, { S, S, S },
	    "body-encoding" },
	{ "15c-base64", EML, damage_to_base64, { S, S, S }, "body-encoding" },
	{ "15d-quoted-by-others", EML, damage_to_other_quoted_printable,
	    { S, S, S }, "body-encoding" },
	{ "15e-plain-quoted", PLAIN_8BIT, damage_plain_to_quoted, { S, S, S },
	    "encoding-field body-encoding" },
	{ "15f-plain-unquoted", PLAIN_QUOTED, damage_plain_to_8bit, { S, S, S },
	    "encoding-field body-encoding" },
	{ "16-boundary", EML, damage_other_boundary, { A, A, A }, NULL },
	{ "17-no-preamble", EML, damage_no_preamble, { S, S, S }, "preamble" },
	{ "18-base64-lines", EML, damage_wrapped_anew, { R, R, R },
	    "base64-lines" },
	{ "19-byte-order-mark", EML, damage_byte_order_mark, { R, R, R },
	    "byte-order-mark" },
	{ "20-second-from", EML, damage_second_from, { A, A, A }, NULL },
	{ "21-dots-doubled", EML, damage_dots_doubled, { R, R, R },
	    "dot-stuffing" },
	{ "22-written-by-gmime", EML, damage_written_by_gmime, { V, V, V },
	    NULL },
	{ "23-colon-space", EML, damage_space_behind_colon, { R, V, V },
	    "colon-space" },
	{ "24-split", MBOX_BARE, damage_nothing, { H, H, H }, NULL },
	{ "30-footer", EML, damage_footer, { S, S, S }, "list-footer" },
	{ "31-subject-tag", EML, damage_subject_tag, { S, S, S },
	    "subject-tag" },
	{ "32-tag-and-footer", EML, damage_tag_and_footer, { S, S, S },
	    "subject-tag list-footer" },
	{ "33-end-marks", EML, damage_end_marks, { R, R, R }, "end-marks" },
	{ "34-doubled-cr", EML, damage_doubled_cr, { R, R, R }, "line-ends" },
	{ "35-stuffed-and-quoted", EML, damage_stuffed_and_quoted, { R, R, R },
	    "from-quoting dot-stuffing" },
	{ "40-word-changed", EML, damage_word_changed, { H, H, H }, NULL },
};

static const char *const canons[3] = { "simple", "mixed", "relaxed" };

/* ---- the message --------------------------------------------------------- */

static void
add_fields(struct mail *mail)
{
	g_autofree char *date = date_field(AT);

	mail_add(mail, "From: Alice <alice@good.example>");
	mail_add(mail, "To: bob@nosign.example,\r\n\tcarol@nosign.example");
	mail_add(mail, "Reply-To:alice@good.example");
	mail_add(mail,
	    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= and a long subject\r\n"
	    "\tthat takes two lines");
	mail_add(mail, "Date: %s", date);
	mail_add(mail, "Message-ID: <damage@good.example>");
	mail_add(mail,
	    "References: <first@good.example>\r\n\t<second@good.example>");
	mail_add(mail, "MIME-Version: 1.0");
	mail_add(mail, "Content-Type: multipart/mixed; boundary=\"b1=\"");
}

static void
add_body(struct mail *mail)
{
	guchar octets[200];
	g_autofree char *base64 = NULL;

	for (guint i = 0; i < sizeof(octets); i++)
		octets[i] = (guchar)(i * 7);
	base64 = g_base64_encode(octets, sizeof(octets));
	g_string_append(mail->body,
	    DAMAGE_PREAMBLE "--b1=\r\n"
			    "Content-Type: text/plain; charset=utf-8\r\n"
			    "Content-Transfer-Encoding: 8bit\r\n\r\n"
			    "Gr\xc3\xbc\xc3\x9f"
			    "e,\r\n"
			    "From a line that was quoted\r\n"
			    ">From a line that never was\r\n"
			    ">>From a line quoted twice\r\n"
			    ".one dot\r\n"
			    "trailing blanks   \r\n"
			    "a\ttab\r\n"
			    "-- \r\nAlice\r\n"
			    "--b1=\r\n"
			    "Content-Type: application/octet-stream\r\n"
			    "Content-Transfer-Encoding: base64\r\n\r\n");
	for (gsize i = 0; i < strlen(base64); i += 76)
		g_string_append_printf(mail->body, "%.76s\r\n", base64 + i);
	g_string_append(mail->body, "--b1=--\r\n");
}

static gboolean
is_plain_text(enum container container)
{
	return container == PLAIN_8BIT || container == PLAIN_QUOTED;
}

static gboolean
is_mailbox(enum container container)
{
	return container == MBOX_QUOTED || container == MBOX_BARE;
}

/* One part of text, as 8bit or quoted-printable. */
static void
add_plain(struct mail *mail, gboolean quoted)
{
	mail_add(mail, "From: Alice <alice@good.example>");
	mail_add(mail, "Subject: plain text");
	mail_add(mail, "MIME-Version: 1.0");
	mail_add(mail, "Content-Type: text/plain; charset=utf-8");
	mail_add(mail, "Content-Transfer-Encoding: %s",
	    quoted ? "quoted-printable" : "8bit");
	g_string_append(mail->body, quoted ? DAMAGE_QUOTED : DAMAGE_8BIT);
}

static GString *
make_text(struct key_list *keys, guint canon, enum container container)
{
	struct mail *mail = mail_new();
	g_autofree char *tag = NULL;
	struct sign_options options = { .key = key_list_key(keys, "good"),
		.domain = "good.example",
		.selector = "g",
		.names = is_plain_text(container) ? PLAIN_NAMES : NAMES,
		.at = AT,
		.length = -1,
		.simple_header = canon == 0,
		.simple_body = canon < 2 };
	GString *text;

	if (is_plain_text(container)) {
		add_plain(mail, container == PLAIN_QUOTED);
	} else {
		add_fields(mail);
		add_body(mail);
	}
	if (container == EML_COPIES)
		options.extra = tag = mail_copies_tag(mail);
	mail_sign(mail, &options);
	text = mail_text(mail);
	mail_free(mail);
	return text;
}

/* ---- the files ----------------------------------------------------------- */

static void
write_in(const char *folder, const char *name, GString *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	write_file(path, text);
	g_string_free(text, TRUE);
}

/* A mailbox with or without quoting. */
static GString *
to_mbox(GString *text, gboolean quoted)
{
	GString *mbox = g_string_new(NULL);

	if (quoted) {
		mbox_append(mbox, "alice@good.example", AT, text);
	} else {
		g_autofree char *date = date_from_line(AT);

		g_string_printf(mbox, "From alice@good.example %s\n", date);
		g_string_append(mbox, text->str);
		damage_replace(mbox, "\r\n", "\n");
		damage_replace(mbox, "\nFrom a line that was quoted\n",
		    "\n\nFrom x@y.example Thu Jan  1 00:00:00 2015\n"
		    "Subject: split\n\n");
	}
	g_string_free(text, TRUE);
	return mbox;
}

/* May the octet at "at" be altered: a signed one, no white space, nor a ">"
 * before From or a dot, that repairs are about? */
static gboolean
is_plain(const GString *text, gsize at)
{
	const char c = text->str[at];

	return (g_ascii_isalnum(c) || (c & 0x80) != 0) &&
	    strncmp(text->str + at, "From ", 5) != 0;
}

/* Other letters for 1 to 3 octets behind the signature field. */
static void
alter(GString *text, struct stream *stream)
{
	gsize from = (gsize)(strstr(text->str, "\r\nFrom: ") - text->str);
	guint n = 1 + stream_below(stream, 3);

	while (n > 0) {
		gsize at =
		    from + stream_below(stream, (guint)(text->len - from));
		char letter = (char)('a' + stream_below(stream, 26));

		if (!is_plain(text, at) ||
		    g_ascii_tolower(text->str[at]) == letter)
			continue;
		text->str[at] = letter;
		n--;
	}
}

/* The fields that are signed, as they are. */
static GString *
list_fields(void)
{
	struct mail *mail = mail_new();
	GString *out = g_string_new(NULL);

	add_fields(mail);
	for (guint i = 0; i < mail->fields->len; i++) {
		g_autofree char *field =
		    g_strescape(g_ptr_array_index(mail->fields, i), NULL);
		const char *colon = strchr(field, ':');

		g_string_append_printf(
		    out, "%.*s\t%s\n", (int)(colon - field), field, colon + 1);
	}
	mail_free(mail);
	return out;
}

void
damage_write_alterations(const char *folder, unsigned n, uint64_t seed)
{
	struct key_list *keys = key_list_new(table, seed);
	GString *texts[2 * G_N_ELEMENTS(canons)];
	GString *mbox = g_string_new(NULL);
	struct stream stream;

	stream_init(&stream, seed, "alterations");
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		texts[i] = make_text(keys, i % 3, i < 3 ? EML : EML_COPIES);
	for (unsigned i = 0; i < n; i++) {
		GString *text = g_string_new(texts[i % 6]->str);

		alter(text, &stream);
		mbox_append(mbox, "alice@good.example", AT, text);
		g_string_free(text, TRUE);
	}
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_string_free(texts[i], TRUE);
	write_in(folder, "fields.tsv", list_fields());
	write_in(folder, "alterations.mbox", mbox);
	write_in(folder, "keys.jsonl", key_list_jsonl(keys));
	key_list_free(keys);
}

static void
write_cell(const char *folder, const struct row *row, guint canon,
    struct key_list *keys, GString *expect)
{
	GString *text = make_text(keys, canon, row->container);
	g_autofree char *name = g_strdup_printf("%s-%s.%s", row->name,
	    canons[canon], is_mailbox(row->container) ? "mbox" : "eml");
	gboolean repaired = g_str_equal(row->verdicts[canon], R) ||
	    g_str_equal(row->verdicts[canon], S);

	row->damage(text);
	if (is_mailbox(row->container))
		text = to_mbox(text, row->container == MBOX_QUOTED);
	write_in(folder, name, text);
	g_string_append_printf(expect, "%s\t%s\t%s\n", name,
	    row->verdicts[canon], repaired ? row->repairs : "-");
}

void
damage_write(const char *folder, uint64_t seed)
{
	struct key_list *keys = key_list_new(table, seed);
	GString *expect = g_string_new(NULL);

	g_mime_init();
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint canon = 0; canon < G_N_ELEMENTS(canons); canon++)
			write_cell(folder, &rows[i], canon, keys, expect);
	}
	write_in(folder, "keys.jsonl", key_list_jsonl(keys));
	write_in(folder, "expect.tsv", expect);
	key_list_free(keys);
}
