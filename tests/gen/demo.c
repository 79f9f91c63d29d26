/* demo.c - from the tables to letters: dates, threads, texts, signatures. */
#include "tests/gen/demo.h"

#include <string.h>

#include "tests/gen/demo_older.h"
#include "tests/gen/demo_people.h"
#include "tests/gen/stream.h"
#include "tests/gen/write.h"

#define LINE_OCTETS 76 /* of a base64 line, RFC 2045 6.8 */

static const char *const topics[] = { "Budget for the spring", "Lunch",
	"Travel to Lyon", "Draft of the speech", "Invoice 4711",
	"Minutes of the meeting", "The printer again", "Photos", "Next week",
	"Question about the contract", "Happy birthday", "Press review" };

static const char *const sentences[] = {
	"I have read the draft and have two remarks.",
	"Could you send me the figures before Friday?",
	"The meeting has been moved to the small room.",
	"Nothing new from the printer; they promise Tuesday.",
	"From tomorrow on I am on the train, so call me.",
	"From what I hear, the contract is signed.",
	"Please do not forward this before it is public.",
	"Attached is what we spoke about.",
	"Das Café öffnet erst um neun, also später.",
	"The total comes to 1,250 euros, taxes included.",
	"See you at the station, platform 7.", "Let us keep it short this time."
};

static void
letter_free(gpointer data)
{
	struct letter *letter = data;

	mail_free(letter->mail);
	g_free(letter->id);
	g_free(letter->text);
	g_free(letter);
}

const char *
letter_address(const struct letter *letter)
{
	return letter->sender->address;
}

static gint
by_date(gconstpointer a, gconstpointer b)
{
	const struct letter *x = *(struct letter *const *)a;
	const struct letter *y = *(struct letter *const *)b;

	return (x->date > y->date) - (x->date < y->date);
}

static void
plan_sender(
    GPtrArray *letters, const struct sender *sender, struct stream *stream)
{
	gint64 first = date_of_day(sender->first);
	gint64 last = date_of_day(sender->last);

	for (guint i = 0; i < TREATMENTS; i++) {
		for (guint j = 0; j < sender->counts[i]; j++) {
			struct letter *letter = g_new0(struct letter, 1);
			letter->sender = sender;
			letter->treatment = &treatments[i];
			letter->date = first +
			    stream_below(stream, (uint32_t)(last - first));
			g_ptr_array_add(letters, letter);
		}
	}
}

/* An answer goes to one of the last six letters, of somebody else. */
static void
plan_thread(GPtrArray *letters, guint i, struct stream *stream)
{
	struct letter *letter = g_ptr_array_index(letters, i);
	guint back = 1 + stream_below(stream, 6);

	letter->number = i + 1;
	letter->id = g_strdup_printf("<%u.%" G_GINT64_FORMAT "@%s>", i + 1,
	    letter->date, letter->sender->domain);
	letter->topic = topics[stream_below(stream, G_N_ELEMENTS(topics))];
	if (i < back || stream_below(stream, 2) == 0)
		return;
	const struct letter *parent = g_ptr_array_index(letters, i - back);
	if (parent->sender == letter->sender)
		return;
	letter->parent = parent;
	letter->topic = parent->topic;
}

/* Own sentences, then what is answered, quoted. */
static void
write_text(struct letter *letter, struct stream *stream)
{
	GString *out = g_string_new(NULL);
	guint n = 2 + stream_below(stream, 4);

	for (guint i = 0; i < n; i++) {
		guint pick = stream_below(stream, G_N_ELEMENTS(sentences));
		g_string_append_printf(out, "%s\n", sentences[pick]);
	}
	if (letter->parent != NULL) {
		g_auto(GStrv) lines =
		    g_strsplit(letter->parent->text, "\n", -1);
		g_autofree char *date = date_field(letter->parent->date);
		g_string_append_printf(out, "\nOn %s %s wrote:\n", date,
		    letter_address(letter->parent));
		for (char **line = lines; line[0] && line[1]; line++)
			g_string_append_printf(out, "> %s\n", *line);
	}
	letter->text = g_string_free(out, FALSE);
}

/* An attachment of up to 3000 octets that look compressed. */
static void
append_attachment(GString *body, struct stream *stream)
{
	guint8 octets[3000];
	guint n = 300 + stream_below(stream, sizeof(octets) - 300);

	stream_octets(stream, octets, n);
	g_autofree char *text = g_base64_encode(octets, n);
	for (size_t i = 0, length = strlen(text); i < length; i += LINE_OCTETS)
		g_string_append_printf(body, "%.*s\r\n",
		    (int)MIN(LINE_OCTETS, length - i), text + i);
}

static void
write_parts(struct letter *letter, const char *text, struct stream *stream)
{
	GString *body = letter->mail->body;
	g_autofree char *boundary = g_strdup_printf(
	    "=_part_%u_%08x", letter->number, stream_below(stream, 0x7fffffff));

	mail_add(letter->mail,
	    "Content-Type: multipart/mixed;\r\n\tboundary=\"%s\"", boundary);
	g_string_append_printf(body,
	    "--%s\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\n%s",
	    boundary, text);
	g_string_append_printf(body,
	    "--%s\r\nContent-Type: application/pdf; name=\"scan-%u.pdf\"\r\n"
	    "Content-Disposition: attachment; filename=\"scan-%u.pdf\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n",
	    boundary, letter->number, letter->number);
	append_attachment(body, stream);
	g_string_append_printf(body, "--%s--\r\n", boundary);
}

static void
write_body(struct letter *letter, struct stream *stream)
{
	g_auto(GStrv) lines = g_strsplit(letter->text, "\n", -1);
	g_autofree char *text = g_strjoinv("\r\n", lines);

	mail_add(letter->mail, "MIME-Version: 1.0");
	if (letter->number % 5 == 3) {
		write_parts(letter, text, stream);
		return;
	}
	mail_add(letter->mail, "Content-Type: text/plain; charset=utf-8");
	mail_add(letter->mail, "Content-Transfer-Encoding: 8bit");
	g_string_append(letter->mail->body, text);
}

static void
write_subject(struct letter *letter)
{
	const char *answer = letter->parent != NULL ? "Re: " : "";

	if (letter->number % 6 != 2) {
		mail_add(letter->mail, "Subject: %s%s", answer, letter->topic);
		return;
	}
	g_autofree char *plain = g_strdup_printf(
	    "%s \xe2\x80\x93 d\xc3\xa9j\xc3\xa0", letter->topic);
	g_autofree char *coded =
	    g_base64_encode((const guchar *)plain, strlen(plain));
	mail_add(letter->mail, "Subject: %s\r\n =?UTF-8?B?%s?=", answer, coded);
}

static void
write_fields(struct letter *letter, const char *to)
{
	struct mail *mail = letter->mail;
	g_autofree char *date = date_field(letter->date);

	mail_add(mail, "From: %s", letter->sender->from);
	mail_add(mail, "To: %s", to);
	if (letter->number % 4 == 1)
		mail_add(mail, "Cc: archive@nosign.example,\r\n\t%s", to);
	write_subject(letter);
	mail_add(mail, "Date: %s", date);
	mail_add(mail, "Message-ID: %s", letter->id);
	if (letter->parent == NULL)
		return;
	mail_add(mail, "In-Reply-To: %s", letter->parent->id);
	if (letter->parent->parent != NULL)
		mail_add(mail, "References: %s\r\n\t%s",
		    letter->parent->parent->id, letter->parent->id);
	else
		mail_add(mail, "References: %s", letter->parent->id);
}

static void
sign(struct letter *letter, struct key_list *keys)
{
	const struct sender *sender = letter->sender;
	const struct listed_key *row = key_list_row(keys, sender->key);
	struct sign_options options = { .key = key_list_key(keys, row->label),
		.domain = row->domain,
		.selector = row->selector,
		.sha1 = sender->sha1,
		.simple_header = sender->simple_header,
		.simple_body = sender->simple_body,
		.at = letter->number % 3 == 0 ? 0 : letter->date,
		.length = -1 };

	if (letter->treatment->before != NULL)
		letter->treatment->before(&options, letter->mail);
	mail_sign(letter->mail, &options);
}

static void
add_trace(struct letter *letter)
{
	g_autofree char *date = date_field(letter->date + 2);

	mail_add_top(letter->mail,
	    "Received: from mx.%s (mx.%s [192.0.2.%u])\r\n\tby mx.nosign.example "
	    "with ESMTP id %u;\r\n\t%s",
	    letter->sender->domain, letter->sender->domain,
	    letter->number % 250 + 1, letter->number, date);
	mail_add_top(
	    letter->mail, "Return-Path: <%s>", letter->sender->address);
}

static void
make_letter(struct letter *letter, const char *to, struct key_list *keys,
    struct stream *stream)
{
	const struct treatment *treatment = letter->treatment;

	write_text(letter, stream);
	letter->mail = mail_new();
	write_fields(letter, to);
	write_body(letter, stream);
	if (letter->sender->key != NULL)
		sign(letter, keys);
	if (treatment->after != NULL)
		treatment->after(letter->mail, keys);
	add_trace(letter);
	letter->verdict = treatment->verdict;
	letter->why = treatment->why;
	/* Ed25519 cannot tell other header fields from another key. */
	if (g_strcmp0(letter->verdict, "altered") == 0 &&
	    gen_key_is_ed25519(key_list_key(keys, letter->sender->key)))
		letter->verdict = "key-mismatch";
	if (treatment->verdict == NULL) {
		letter->verdict = letter->sender->verdict;
		letter->why = letter->sender->why;
	}
}

GPtrArray *
demo_letters(struct key_list *keys, uint64_t seed)
{
	GPtrArray *letters = g_ptr_array_new_with_free_func(letter_free);
	struct stream stream;

	stream_init(&stream, seed, "demonstration");
	for (const struct sender *s = senders; s->from != NULL; s++)
		plan_sender(letters, s, &stream);
	g_ptr_array_sort(letters, by_date);
	for (guint i = 0; i < letters->len; i++)
		plan_thread(letters, i, &stream);
	for (guint i = 0; i < letters->len; i++) {
		struct letter *letter = g_ptr_array_index(letters, i);
		const char *to = letter->parent != NULL
		    ? letter_address(letter->parent)
		    : "jan@nosign.example";
		make_letter(letter, to, keys, &stream);
	}
	demo_older_letters(letters, keys);
	return letters;
}
