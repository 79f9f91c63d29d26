/* originals.c - see originals.h.  What can be found was written down before
 * the search first ran. */
#include "tests/gen/originals.h"

#include <string.h>

#include "tests/gen/key_list.h"
#include "tests/gen/mail.h"
#include "tests/gen/write.h"

#define AT      G_GINT64_CONSTANT(1331640000) /* 2012-03-13T12:00:00Z */
#define NAMES   "From:To:Cc:Subject:Date:Message-ID:Reply-To:Sender"

#define FROM    "From: Alice Adams <alice@good.example>"
#define TO      "To: bob@nosign.example, carol@nosign.example"
#define SUBJECT "Subject: Minutes of the meeting in March"
#define DATE    "Date: Tue, 13 Mar 2012 12:00:00 +0000"
#define GRUESSE              \
	"Gr\xc3\xbc\xc3\x9f" \
	"e"
#define ZOE "Zo\xc3\xab"

static const struct listed_key table[] = { { "good", "good.example", "g", 2048,
					       0, NULL, "2010-01-01",
					       "2014-12-31", FALSE, FALSE },
	{ "curve", "good.example", "c", 0, 0, NULL, "2010-01-01", "2014-12-31",
	    FALSE, FALSE },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, FALSE, FALSE } };

#define A "altered"
#define S "verified-restored"
#define M "key-mismatch"

enum { COPIES = 1, LIES = 2, CURVE = 4, LATE = 8, DAMAGED = 16 };

struct row {
	const char *name;
	unsigned flags;
	const char *signed_as[4]; /* fields, where they are not the usual */
	/* Fields, for those of their name; "+" before one that is added on
	 * top; a name alone for one that is taken away. */
	const char *stored_as[4];
	const char *verdict;
	const char *found[8]; /* NAME and ORIGIN, for each */
};

static const struct row rows[] = {
	/* Nothing is changed, or nothing can be found. */
	{ "00-word-changed", 0, { NULL },
	    { "Subject: Minutes of the meeting in April" }, A, { NULL } },
	{ "01-word-put-in", 0, { NULL },
	    { "Subject: Minutes of the secret meeting in March" }, A,
	    { NULL } },
	{ "02-author-changed", 0, { NULL },
	    { "From: Alice Adams <mallory@good.example>" }, A, { NULL } },
	{ "03-author-named", 0, { NULL },
	    { "From: Alice Other <alice@good.example>" }, A, { NULL } },
	{ "04-recipient-put-in", 0, { NULL },
	    { "To: bob@nosign.example, carol@nosign.example, "
	      "dan@nosign.example" },
	    A, { NULL } },
	{ "05-recipient-gone", 0, { NULL }, { "To: bob@nosign.example" }, A,
	    { NULL } },
	{ "06-other-day", LATE, { NULL },
	    { "Date: Wed, 14 Mar 2012 12:00:00 +0000" }, A, { NULL } },
	{ "07-other-year", LATE, { NULL },
	    { "Date: Sun, 13 Mar 2011 12:00:00 +0000" }, A, { NULL } },
	{ "08-letters", 0, { NULL },
	    { "Subject: minutes of the meeting in March" }, A, { NULL } },
	{ "09-two-of-which-one", 0, { NULL },
	    { "Subject: [list] Minutes of the meeting in March",
		"From: Alice Other <alice@good.example>" },
	    A, { NULL } },
	{ "10-signature-damaged", COPIES | DAMAGED, { NULL },
	    { "Subject: All quiet" }, M, { NULL } },
	{ "11-lying-copy", LIES, { NULL }, { "Subject: All quiet" }, A,
	    { NULL } },
	{ "12-lying-copy-stored", LIES, { NULL },
	    { "Subject: A lie in the copies" }, A, { NULL } },
	{ "13-number", 0, { "Subject: We owe 100 dollars" },
	    { "Subject: We owe 900 dollars" }, A, { NULL } },
	{ "14-curve", CURVE, { NULL }, { "Subject: All quiet" }, M, { NULL } },
	/* Subject */
	{ "20-tag", 0, { NULL },
	    { "Subject: EXTERNAL: Minutes of the meeting in March" }, A,
	    { "Subject", "tag" } },
	{ "21-tag-of-words", 0, { NULL },
	    { "Subject: Possible spam mail: Minutes of the meeting in March" },
	    A, { "Subject", "tag" } },
	{ "22-tag-in-reply", 0, { "Subject: Re: Minutes" },
	    { "Subject: Re: (secure) Minutes" }, A, { "Subject", "tag" } },
	{ "23-words-behind", 0, { NULL },
	    { "Subject: Minutes of the meeting in March (scanned ok)" }, A,
	    { "Subject", "tag" } },
	{ "24-reply-put-on", 0, { NULL },
	    { "Subject: Re: Minutes of the meeting in March" }, A,
	    { "Subject", "reply" } },
	{ "25-reply-taken-off", 0, { "Subject: Fwd: Minutes" },
	    { "Subject: Minutes" }, A, { "Subject", "reply" } },
	{ "26-topic", 0, { NULL },
	    { "Subject: All quiet",
		"+Thread-Topic: Minutes of the meeting in March" },
	    A, { "Subject", "field" } },
	{ "27-kept-aside", 0, { NULL },
	    { "Subject: All quiet",
		"+X-Original-Subject: Minutes of the meeting in March" },
	    A, { "Subject", "field" } },
	{ "28-copied", COPIES, { NULL }, { "Subject: All quiet" }, A,
	    { "Subject", "copied" } },
	{ "29-copied-gone", COPIES, { NULL }, { "Subject" }, A,
	    { "Subject", "copied" } },
	{ "2a-copied-curve", COPIES | CURVE, { NULL }, { "Subject: All quiet" },
	    A, { "Subject", "copied" } },
	{ "2b-tag-curve", CURVE, { NULL },
	    { "Subject: EXTERNAL: Minutes of the meeting in March" }, A,
	    { "Subject", "tag" } },
	{ "2c-controls", COPIES, { "Subject: \x1b[2J\x1b]0;x\x07 red" },
	    { "Subject: blue" }, A, { "Subject", "copied" } },
	/* The same text: undone, as nothing that people read was changed. */
	{ "30-decoded-q", 0, { "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus Rom" },
	    { "Subject: " GRUESSE " aus Rom" }, S, { NULL } },
	{ "31-decoded-b", 0, { "Subject: =?UTF-8?B?R3LDvMOfZSBhdXMgUm9t?=" },
	    { "Subject: " GRUESSE " aus Rom" }, S, { NULL } },
	{ "32-decoded-latin", 0,
	    { "Subject: =?iso-8859-1?Q?Gr=FC=DFe_aus_Rom?=" },
	    { "Subject: " GRUESSE " aus Rom" }, S, { NULL } },
	{ "33-encoded", 0, { "Subject: " GRUESSE " aus Rom" },
	    { "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= aus Rom" }, S, { NULL } },
	{ "34-recoded", 0, { "Subject: =?ISO-8859-1?B?R3L832U=?=" },
	    { "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=" }, S, { NULL } },
	{ "35-latin-octets", 0,
	    { "Subject: Gr\xfc\xdf"
	      "e aus Rom" },
	    { "Subject: " GRUESSE " aus Rom" }, S, { NULL } },
	{ "36-cyrillic", 0, { "Subject: =?koi8-r?B?7cnS?=" },
	    { "Subject: \xd0\x9c\xd0\xb8\xd1\x80" }, S, { NULL } },
	{ "37-name-decoded", 0,
	    { "From: =?utf-8?Q?Zo=C3=AB_Adams?= <alice@good.example>" },
	    { "From: " ZOE " Adams <alice@good.example>" }, S, { NULL } },
	{ "38-name-quoted", 0, { NULL },
	    { "From: \"Alice Adams\" <alice@good.example>" }, S, { NULL } },
	{ "39-quotes-gone", 0,
	    { "From: \"Adams, Alice\" <alice@good.example>" },
	    { "From: =?utf-8?Q?Adams=2C_Alice?= <alice@good.example>" }, S,
	    { NULL } },
	{ "3a-both-decoded", 0,
	    { "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
		"From: =?utf-8?Q?Zo=C3=AB_Adams?= <alice@good.example>" },
	    { "Subject: " GRUESSE, "From: " ZOE " Adams <alice@good.example>" },
	    S, { NULL } },
	/* Date */
	{ "40-zone", LATE, { "Date: Tue, 13 Mar 2012 13:00:00 +0100" },
	    { DATE }, A, { "Date", "spelling" } },
	{ "41-half-zone", LATE, { "Date: Tue, 13 Mar 2012 17:30:00 +0530" },
	    { DATE }, A, { "Date", "spelling" } },
	{ "42-gmt", LATE, { "Date: Tue, 13 Mar 2012 12:00:00 GMT" }, { DATE },
	    A, { "Date", "spelling" } },
	{ "43-note", LATE, { "Date: Tue, 13 Mar 2012 05:00:00 -0700 (PDT)" },
	    { DATE }, A, { "Date", "spelling" } },
	{ "44-no-day-name", LATE, { "Date: 13 Mar 2012 12:00:00 +0000" },
	    { DATE }, A, { "Date", "spelling" } },
	{ "45-one-digit", LATE, { "Date: Sun, 4 Mar 2012 12:00:00 +0000" },
	    { "Date: Sun, 04 Mar 2012 12:00:00 +0000" }, A,
	    { "Date", "spelling" } },
	{ "46-time-of-signature", 0, { NULL },
	    { "Date: Wed, 14 Mar 2012 09:30:00 +0000" }, A,
	    { "Date", "time" } },
	{ "47-copied", COPIES | LATE, { NULL },
	    { "Date: Wed, 14 Mar 2012 12:00:00 +0000" }, A,
	    { "Date", "copied" } },
	{ "48-kept-aside", LATE, { NULL },
	    { "Date: Wed, 14 Mar 2012 12:00:00 +0000",
		"+X-Original-Date: Tue, 13 Mar 2012 12:00:00 +0000" },
	    A, { "Date", "field" } },
	/* From and To */
	{ "50-by-a-list", 0, { NULL },
	    { "From: Alice Adams via list <list@list.example>",
		"+X-Original-From: Alice Adams <alice@good.example>" },
	    A, { "From", "field" } },
	{ "51-by-a-list-reply", 0, { NULL },
	    { "From: Alice Adams via list <list@list.example>",
		"+Reply-To: Alice Adams <alice@good.example>" },
	    A, { "From", "field", "Reply-To", "absent" } },
	{ "52-copied", COPIES, { NULL },
	    { "From: Mallory <mallory@good.example>" }, A,
	    { "From", "copied" } },
	{ "53-old-form", 0, { "From: alice@good.example (Alice Adams)" },
	    { FROM }, A, { "From", "spelling" } },
	{ "54-without-name", 0, { "From: alice@good.example" },
	    { "From: <alice@good.example>" }, A, { "From", "spelling" } },
	{ "55-name-lost", COPIES, { NULL }, { "From: alice@good.example" }, A,
	    { "From", "copied" } },
	{ "56-to-copied", COPIES, { NULL }, { "To: dan@nosign.example" }, A,
	    { "To", "copied" } },
	{ "57-to-delivered", 0, { "To: bob@nosign.example" },
	    { "To: undisclosed-recipients:;",
		"+Delivered-To: bob@nosign.example" },
	    A, { "To", "field" } },
	{ "58-to-brackets", 0, { "To: bob@nosign.example" },
	    { "To: <bob@nosign.example>" }, A, { "To", "spelling" } },
	{ "59-to-kept-aside", 0, { NULL },
	    { "To: list@list.example",
		"+X-Original-To: bob@nosign.example, carol@nosign.example" },
	    A, { "To", "field" } },
	/* Several */
	{ "60-all-four", COPIES | LATE, { NULL },
	    { "From: Mallory <mallory@good.example>", "To: dan@nosign.example",
		"Subject: All quiet", "Date: Wed, 14 Mar 2012 12:00:00 +0000" },
	    A,
	    { "From", "copied", "To", "copied", "Subject", "copied", "Date",
		"copied" } },
	{ "61-list", 0, { NULL },
	    { "From: Alice Adams via list <list@list.example>",
		"+X-Original-From: Alice Adams <alice@good.example>",
		"Subject: {list} Minutes of the meeting in March" },
	    A, { "From", "field", "Subject", "tag" } },
	{ "62-sender-put-on", 0, { NULL }, { "+Sender: list@list.example" }, A,
	    { "Sender", "absent" } },
	{ "63-second-from", 0, { NULL },
	    { "From: mallory@other.example",
		"+From: Alice Adams <alice@good.example>" },
	    A, { "From", "field" } },
};

/* ---- the messages -------------------------------------------------------- */

static char *
name_of(const char *field)
{
	const char *colon = strchr(field, ':');

	return colon == NULL ? g_strdup(field)
			     : g_strndup(field, (gsize)(colon - field));
}

static void
put_field(struct mail *mail, const char *field)
{
	g_autofree char *name = name_of(field);

	if (field[0] == '+') {
		mail_add_top(mail, "%s", field + 1);
		return;
	}
	for (guint i = 0; i < mail->fields->len; i++) {
		g_autofree char *other =
		    name_of(g_ptr_array_index(mail->fields, i));

		if (!g_str_equal(name, other))
			continue;
		g_ptr_array_remove_index(mail->fields, i);
		if (strchr(field, ':') != NULL)
			g_ptr_array_insert(
			    mail->fields, (gint)i, g_strdup(field));
		return;
	}
	g_assert_not_reached();
}

/* The copies in z=: of what is signed, of a lie, or none. */
static char *
copies_of(struct mail *mail, unsigned flags)
{
	g_autofree char *subject = g_strdup(mail_get(mail, "Subject"));
	char *tag;

	if ((flags & (COPIES | LIES)) == 0)
		return NULL;
	if (flags & LIES)
		put_field(mail, "Subject: A lie in the copies");
	tag = mail_copies_tag(mail);
	put_field(mail, subject);
	return tag;
}

static struct mail *
make_mail(struct key_list *keys, const struct row *row, gboolean simple)
{
	const char *label = row->flags & CURVE ? "curve" : "good";
	struct mail *mail = mail_new();
	struct sign_options options = { .key = key_list_key(keys, label),
		.domain = "good.example",
		.selector = key_list_row(keys, label)->selector,
		.names = NAMES,
		.at = AT + (row->flags & LATE ? 86400 : 3),
		.length = -1,
		.simple_header = simple,
		.simple_body = simple };
	g_autofree char *copies = NULL;

	mail_add(mail, FROM);
	mail_add(mail, TO);
	mail_add(mail, SUBJECT);
	mail_add(mail, DATE);
	mail_add(mail, "Message-ID: <original@good.example>");
	g_string_append(mail->body, "Hello\r\n");
	for (guint i = 0; i < 4 && row->signed_as[i] != NULL; i++)
		put_field(mail, row->signed_as[i]);
	options.extra = copies = copies_of(mail, row->flags);
	mail_sign(mail, &options);
	return mail;
}

static void
append_expected(GString *expect, const struct row *row, struct mail *mail)
{
	for (guint i = 0; i < 8 && row->found[i] != NULL; i += 2) {
		const char *field = mail_get(mail, row->found[i]);

		g_string_append_printf(expect, "\t%s\t%s\t%s", row->found[i],
		    row->found[i + 1],
		    field == NULL ? "-" : strchr(field, ':') + 2);
	}
	g_string_append_c(expect, '\n');
}

static void
write_row(const char *folder, const struct row *row, gboolean simple,
    struct key_list *keys, GString *expect)
{
	struct mail *mail = make_mail(keys, row, simple);
	g_autofree char *name = g_strdup_printf(
	    "%s-%s.eml", row->name, simple ? "simple" : "relaxed");
	g_autofree char *path = g_build_filename(folder, name, NULL);
	GString *text;

	g_string_append_printf(expect, "%s\t%s\t%s", name, row->verdict,
	    g_str_equal(row->verdict, S) ? "header-encoding" : "-");
	append_expected(expect, row, mail);
	for (guint i = 0; i < 4 && row->stored_as[i] != NULL; i++)
		put_field(mail, row->stored_as[i]);
	text = mail_text(mail);
	if (row->flags & DAMAGED) {
		char *at = strstr(text->str, "\r\n\tb=") + strlen("\r\n\tb=");

		*at = *at == 'A' ? 'B' : 'A';
	}
	write_file(path, text);
	g_string_free(text, TRUE);
	mail_free(mail);
}

void
originals_write(const char *folder, uint64_t seed)
{
	struct key_list *keys = key_list_new(table, seed);
	GString *expect = g_string_new(NULL), *jsonl;
	g_autofree char *expect_path =
	    g_build_filename(folder, "expect.tsv", NULL);
	g_autofree char *keys_path =
	    g_build_filename(folder, "keys.jsonl", NULL);

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		write_row(folder, &rows[i], TRUE, keys, expect);
		write_row(folder, &rows[i], FALSE, keys, expect);
	}
	write_file(expect_path, expect);
	g_string_free(expect, TRUE);
	jsonl = key_list_jsonl(keys);
	write_file(keys_path, jsonl);
	g_string_free(jsonl, TRUE);
	key_list_free(keys);
}
