/* bench_mail.c - one message of a bench corpus, from head to signature. */
#include "tests/gen/bench_mail.h"

#include <string.h>

#include "tests/gen/write.h"

#define FIRST_DAY "2013-01-01"
#define SENDERS   100                                  /* of one domain */
#define SECONDS   (G_GINT64_CONSTANT(3) * 365 * 86400) /* of all dates */

/* A message while it is made. */
struct draft {
	struct bench *bench;
	struct dice dice;
	guint64 number;
	guint key; /* of the first signature */
	struct mail *mail;
	GPtrArray *names; /* of the fields to sign */
	struct bench_mail *out;
};

static const char *
name(struct draft *draft)
{
	return vocabulary_name(draft->bench->vocabulary, &draft->dice);
}

static guint
below(struct draft *draft, guint n)
{
	return dice_below(&draft->dice, n);
}

/* A field of one line, and its name among those to sign. */
static void
add_signed(struct draft *draft, const char *field, char *value)
{
	mail_add(draft->mail, "%s: %s", field, value);
	g_ptr_array_add(draft->names, (gpointer)field);
	g_free(value);
}

static char *
make_address(struct draft *draft, const char *domain)
{
	return g_strdup_printf("%s.%s@%s", name(draft), name(draft), domain);
}

/* "First Last" <address>, several folded one under the other. */
static char *
make_list(struct draft *draft, guint n)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		const char *domain =
		    draft->bench->domains[below(draft, BENCH_DOMAINS)];
		g_autofree char *address = make_address(draft, domain);
		g_string_append_printf(out, "%s\"%s %s\" <%s>",
		    i > 0 ? ",\r\n\t" : "", name(draft), name(draft), address);
	}
	return g_string_free(out, FALSE);
}

static char *
make_id(struct draft *draft)
{
	return g_strdup_printf("<%08x.%08x.%s@%s>", below(draft, 0x7fffffff),
	    below(draft, 0x7fffffff), name(draft),
	    draft->bench->domains[below(draft, BENCH_DOMAINS)]);
}

static char *
make_subject(struct draft *draft)
{
	GString *plain = g_string_new(below(draft, 3) == 0 ? "Re: " : NULL);

	text_words(
	    plain, draft->bench->vocabulary, &draft->dice, 2 + below(draft, 7));
	if (g_str_is_ascii(plain->str))
		return g_string_free(plain, FALSE);
	g_autofree char *coded =
	    g_base64_encode((const guchar *)plain->str, MIN(plain->len, 40));
	g_string_free(plain, TRUE);
	return g_strdup_printf("=?UTF-8?B?%s?=", coded);
}

/* One Received field (RFC 5321 4.4); the way goes up the header. */
static char *
make_received(const struct vocabulary *vocabulary, struct dice *dice,
    const char *by, gint64 at)
{
	g_autofree char *date = date_field(at);
	const char *from = vocabulary_name(vocabulary, dice);

	return g_strdup_printf("Received: from %s.%s (%s.%s [192.0.2.%u])\r\n"
			       "        by %s with ESMTPS id %08x%08x\r\n"
			       "        (version=TLSv1.2 "
			       "cipher=ECDHE-RSA-AES128-GCM-SHA256 "
			       "bits=128/128);\r\n        %s",
	    from, by, from, by, dice_below(dice, 256), by,
	    dice_below(dice, 0x7fffffff), dice_below(dice, 0x7fffffff), date);
}

static void
write_answer(struct draft *draft)
{
	GString *list = g_string_new(NULL);
	guint n = 1 + below(draft, 5);
	g_autofree char *id = NULL;

	for (guint i = 0; i < n; i++) {
		g_free(id);
		id = make_id(draft);
		g_string_append_printf(list, "%s%s", i > 0 ? "\r\n\t" : "", id);
	}
	add_signed(draft, "In-Reply-To", g_steal_pointer(&id));
	add_signed(draft, "References", g_string_free(list, FALSE));
}

static void
write_bulk(struct draft *draft)
{
	add_signed(draft, "Reply-To",
	    make_address(draft, draft->bench->table[draft->key].domain));
	add_signed(draft, "List-Unsubscribe",
	    g_strdup_printf("<https://%s.example/u?id=%08x%08x>", name(draft),
		below(draft, 0x7fffffff), below(draft, 0x7fffffff)));
	add_signed(draft, "Precedence", g_strdup("bulk"));
	add_signed(draft, "Feedback-ID",
	    g_strdup_printf(
		"%u:%s:%s", below(draft, 100000), name(draft), name(draft)));
}

/* One of SENDERS people of the domain. */
static void
make_sender(struct draft *draft, const char *domain)
{
	const struct vocabulary *words = draft->bench->vocabulary;
	struct dice dice;

	dice_init(&dice, draft->bench->seed, domain, below(draft, SENDERS));
	const char *first = vocabulary_name(words, &dice);
	const char *last = vocabulary_name(words, &dice);
	draft->out->sender = g_strdup_printf("%s.%s@%s", first, last, domain);
	add_signed(draft, "From",
	    g_strdup_printf("%s %s <%s>", first, last, draft->out->sender));
}

static void
write_fields(struct draft *draft)
{
	const char *domain = draft->bench->table[draft->key].domain;
	struct bench_mail *out = draft->out;

	if (draft->bench->shape->hops > 1)
		for (guint i = 1 + below(draft, 2); i > 0; i--) {
			g_autofree char *received =
			    make_received(draft->bench->vocabulary,
				&draft->dice, domain, out->date + i);
			mail_add(draft->mail, "%s", received);
		}
	make_sender(draft, domain);
	add_signed(draft, "To", make_list(draft, 1 + below(draft, 3)));
	if (below(draft, 3) == 0)
		add_signed(draft, "Cc", make_list(draft, 1 + below(draft, 8)));
	add_signed(draft, "Subject", make_subject(draft));
	add_signed(draft, "Date", date_field(out->date));
	add_signed(draft, "Message-ID", make_id(draft));
	switch (below(draft, 3)) {
	case 0:
		write_answer(draft);
		break;
	case 1:
		write_bulk(draft);
		break;
	default:
		add_signed(draft, "X-Mailer",
		    g_strdup_printf("%s %u.%u", name(draft), below(draft, 16),
			below(draft, 10)));
	}
	add_signed(draft, "MIME-Version", g_strdup("1.0"));
}

static char *
make_boundary(struct draft *draft, const char *kind)
{
	return g_strdup_printf("----=_%s_%08x_%08x", kind,
	    below(draft, 0x7fffffff), below(draft, 0x7fffffff));
}

static void
append_quoted_part(
    GString *body, const char *boundary, const char *type, const GString *text)
{
	g_string_append_printf(body,
	    "--%s\r\nContent-Type: text/%s; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
	    boundary, type);
	text_append_quoted(body, text);
	g_string_append(body, "\r\n");
}

/* The parts of a multipart/alternative: a third text, the rest HTML. */
static void
append_alternative(struct draft *draft, const char *boundary, gsize size)
{
	const struct vocabulary *vocabulary = draft->bench->vocabulary;
	GString *body = draft->mail->body;
	GString *text = g_string_new(NULL);

	text_plain(text, vocabulary, &draft->dice, size / 3);
	append_quoted_part(body, boundary, "plain", text);
	g_string_truncate(text, 0);
	text_html(text, vocabulary, &draft->dice, size / 2);
	append_quoted_part(body, boundary, "html", text);
	g_string_append_printf(body, "--%s--\r\n", boundary);
	g_string_free(text, TRUE);
}

static void
write_plain(struct draft *draft, gsize size)
{
	GString *text = g_string_new(NULL);

	add_signed(draft, "Content-Type",
	    g_strdup("text/plain; charset=\"utf-8\"; format=flowed"));
	add_signed(draft, "Content-Transfer-Encoding", g_strdup("8bit"));
	text_plain(text, draft->bench->vocabulary, &draft->dice, size);
	text_append_crlf(draft->mail->body, text);
	g_string_free(text, TRUE);
}

static void
write_attached(struct draft *draft, gsize size)
{
	g_autofree char *outer = make_boundary(draft, "Mixed");
	g_autofree char *inner = make_boundary(draft, "Part");
	GString *body = draft->mail->body;

	add_signed(draft, "Content-Type",
	    g_strdup_printf("multipart/mixed;\r\n\tboundary=\"%s\"", outer));
	g_string_append_printf(body,
	    "This is a multi-part message in MIME format.\r\n\r\n--%s\r\n"
	    "Content-Type: multipart/alternative;\r\n\tboundary=\"%s\"\r\n\r\n",
	    outer, inner);
	append_alternative(draft, inner, size);
	g_string_append_printf(body,
	    "\r\n--%s\r\nContent-Type: application/pdf; name=\"%s.pdf\"\r\n"
	    "Content-Disposition: attachment;\r\n\tfilename=\"%s.pdf\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n",
	    outer, name(draft), name(draft));
	text_append_base64(body, &draft->dice,
	    bench_size(draft->bench->shape->attached, &draft->dice));
	g_string_append_printf(body, "--%s--\r\n", outer);
}

static void
write_body(struct draft *draft)
{
	const struct shape *shape = draft->bench->shape;
	gsize size = bench_size(shape->text, &draft->dice);

	if (shape->attached[1].per_mille != 0) {
		write_attached(draft, size);
	} else if (below(draft, 4) == 0 || size < 500) {
		write_plain(draft, size);
	} else {
		g_autofree char *boundary = make_boundary(draft, "Part");
		add_signed(draft, "Content-Type",
		    g_strdup_printf(
			"multipart/alternative;\r\n\tboundary=\"%s\"",
			boundary));
		append_alternative(draft, boundary, size);
	}
	if (below(draft, 10) == 0)
		g_string_append(draft->mail->body, "\r\n\r\n");
}

static void
sign(struct draft *draft, guint key)
{
	struct bench_mail *out = draft->out;
	const struct listed_key *row = &draft->bench->table[key];
	guint canon = below(draft, 20);
	g_autofree char *names = g_strjoinv(":", (char **)draft->names->pdata);
	const struct sign_options options = {
		.key = key_list_key(draft->bench->keys, row->label),
		.domain = row->domain,
		.selector = row->selector,
		.simple_header = canon == 0,
		.simple_body = canon <= 2,
		.names = names,
		.at = out->date + 1,
		.length = -1,
	};
	struct bench_signature *made = &out->signature[out->signatures++];

	made->key = key;
	made->simple_body = options.simple_body;
	mail_sign_noting(draft->mail, &options, &made->signing);
}

/* One in ten is signed again by whom it passed through. */
static void
sign_all(struct draft *draft)
{
	g_ptr_array_add(draft->names, NULL);
	if (below(draft, 100) < draft->bench->unsigned_percent)
		return;
	sign(draft, draft->key);
	if (below(draft, 10) == 0)
		sign(draft,
		    (draft->key + 1 + below(draft, BENCH_DOMAINS - 1)) %
			BENCH_DOMAINS);
}

/* Some domains write much, most little; one signature in a hundred is by a
 * short RSA key, and one by Ed25519. */
static guint
pick_key(struct draft *draft)
{
	guint kind = below(draft, 100);

	if (kind < 2)
		return BENCH_DOMAINS + kind * BENCH_SPECIAL +
		    below(draft, BENCH_SPECIAL);
	return below(draft, 1 + below(draft, BENCH_DOMAINS));
}

struct bench_mail *
bench_mail_new(struct bench *bench, guint64 number)
{
	struct draft draft = { .bench = bench, .number = number };

	dice_init(&draft.dice, bench->seed, "message", number);
	draft.out = g_new0(struct bench_mail, 1);
	draft.out->date = date_of_day(FIRST_DAY) +
	    (gint64)((number * G_GUINT64_CONSTANT(3001)) % SECONDS);
	draft.key = pick_key(&draft);
	draft.mail = mail_new();
	draft.names = g_ptr_array_new();
	write_fields(&draft);
	write_body(&draft);
	sign_all(&draft);
	draft.out->text = mail_text(draft.mail);
	draft.out->header = draft.out->text->len - draft.mail->body->len;
	g_ptr_array_unref(draft.names);
	mail_free(draft.mail);
	return draft.out;
}

void
bench_mail_free(struct bench_mail *mail)
{
	for (guint i = 0; i < mail->signatures; i++)
		g_byte_array_unref(mail->signature[i].signing.octets);
	g_string_free(mail->text, TRUE);
	g_free(mail->sender);
	g_free(mail);
}

GString *
bench_trace(
    const struct bench *bench, const struct bench_mail *mail, guint64 number)
{
	GString *out = g_string_new(NULL);
	struct dice dice;

	dice_init(&dice, bench->seed, "trace", number);
	guint hops = 1 + dice_below(&dice, bench->shape->hops);
	const char *box = vocabulary_name(bench->vocabulary, &dice);
	g_string_append_printf(out,
	    "Return-Path: <%s>\r\nDelivered-To: %s@mail.%s.example\r\n"
	    "X-Number: %" G_GUINT64_FORMAT "\r\n",
	    mail->sender, vocabulary_name(bench->vocabulary, &dice), box,
	    number);
	for (guint i = hops; i > 0; i--) {
		g_autofree char *by =
		    g_strdup_printf("mx%u.%s.example", i, box);
		g_autofree char *field = make_received(
		    bench->vocabulary, &dice, by, mail->date + 2 + i);
		g_string_append_printf(out, "%s\r\n", field);
	}
	return out;
}
