/* demo_older.c - see demo_older.h. */
#include "tests/gen/demo_older.h"

#include <string.h>

#include "tests/gen/demo_people.h"
#include "tests/gen/mail_older.h"
#include "tests/gen/write.h"

#define NAMES     "From:To:Subject:Date:Message-ID"
#define ALL_NAMES NAMES ":MIME-Version:Content-Type"

struct older {
	const char *address; /* of the sender */
	const char *day, *subject;
	void (*make)(struct mail *mail, struct key_list *keys);
	const char *verdict, *why;
};

static const struct sender *
find_sender(const char *address)
{
	const struct sender *sender = senders;

	while (strcmp(sender->address, address) != 0)
		sender++;
	return sender;
}

static void
domainkeys(struct mail *mail, struct key_list *keys, gboolean simple,
    const char *names)
{
	const struct domainkeys_options options = { key_list_key(
							keys, "oldschool"),
		"oldschool.example", "dk", simple, names };

	mail_sign_domainkeys(mail, &options);
}

static void
domainkeys_simple(struct mail *mail, struct key_list *keys)
{
	domainkeys(mail, keys, TRUE, ALL_NAMES);
}

static void
domainkeys_nofws(struct mail *mail, struct key_list *keys)
{
	domainkeys(mail, keys, FALSE, ALL_NAMES);
}

static void
domainkeys_altered(struct mail *mail, struct key_list *keys)
{
	domainkeys(mail, keys, FALSE, NULL);
	g_string_append(mail->body, "Transfer 40,000 instead.\r\n");
}

static void
draft(struct mail *mail, struct key_list *keys)
{
	const struct draft_options options = { key_list_key(keys, "oldschool"),
		"oldschool.example", "dk", TRUE, NAMES };

	mail_sign_draft(mail, &options);
}

static void
sign(struct mail *mail, struct key_list *keys)
{
	const struct sign_options options = { .key = key_list_key(
						  keys, "bigpost-1"),
		.domain = "bigpost.example",
		.selector = "s2009",
		.length = -1 };

	mail_sign(mail, &options);
}

static void
seal(struct mail *mail, struct key_list *keys, guint instance)
{
	const struct arc_options options = { .key = key_list_key(keys, "lists"),
		.domain = "lists.example",
		.selector = "l",
		.instance = instance };

	mail_add_arc_set(mail, &options);
}

static void
arc_passed_on(struct mail *mail, struct key_list *keys)
{
	sign(mail, keys);
	seal(mail, keys, 1);
}

static void
arc_footer(struct mail *mail, struct key_list *keys)
{
	sign(mail, keys);
	seal(mail, keys, 1);
	g_string_append(
	    mail->body, "_____\r\nlists.example, to leave: no way\r\n");
	seal(mail, keys, 2);
}

static void
arc_broken(struct mail *mail, struct key_list *keys)
{
	arc_passed_on(mail, keys);
	mail_replace(mail, "ARC-Authentication-Results",
	    "ARC-Authentication-Results: i=1; lists.example; dkim=fail");
}

static struct mail *
new_mail(const struct older *older, const char *from, const char *id)
{
	struct mail *mail = mail_new();
	g_autofree char *date = date_field(date_of_day(older->day));

	mail_add(mail, "From: %s", from);
	mail_add(mail, "To: jan@nosign.example");
	mail_add(mail, "Subject: %s", older->subject);
	mail_add(mail, "Date: %s", date);
	mail_add(mail, "Message-ID: %s", id);
	mail_add(mail, "MIME-Version: 1.0");
	return mail;
}

/* A signed letter attached to one that is not. */
static void
attached(struct mail *mail, struct key_list *keys)
{
	const struct older inner = { "anna@bigpost.example", "2010-02-03",
		"What was agreed", NULL, NULL, NULL };
	struct mail *other = new_mail(&inner,
	    "Anna Weiss <anna@bigpost.example>", "<inner@bigpost.example>");

	mail_add(other, "Content-Type: text/plain");
	g_string_append(other->body, "Friday, at noon.\r\n");
	sign(other, keys);
	GString *text = mail_text(other);
	mail_replace(mail, "Content-Type",
	    "Content-Type: multipart/mixed; boundary=\"=_attached\"");
	g_string_printf(mail->body,
	    "--=_attached\r\n\r\nSee below.\r\n--=_attached\r\n"
	    "Content-Type: message/rfc822\r\n\r\n%s\r\n--=_attached--\r\n",
	    text->str);
	g_string_free(text, TRUE);
	mail_free(other);
}

static const struct older table[] = {
	{ "dora@oldschool.example", "2009-06-01", "DomainKeys, simple",
	    domainkeys_simple, "verified-weak", "domainkeys" },
	{ "dora@oldschool.example", "2009-06-02", "DomainKeys, nofws",
	    domainkeys_nofws, "verified-weak", "domainkeys" },
	{ "dora@oldschool.example", "2009-06-03", "DomainKeys, altered",
	    domainkeys_altered, "altered", "domainkeys-altered" },
	{ "dora@oldschool.example", "2009-06-04", "A draft of DKIM", draft,
	    "malformed", "draft" },
	{ "anna@bigpost.example", "2010-01-10", "Passed on by a list",
	    arc_passed_on, "verified", "arc" },
	{ "anna@bigpost.example", "2010-01-11", "With a footer", arc_footer,
	    "verified-restored", "arc-footer" },
	{ "anna@bigpost.example", "2010-01-12", "With a broken seal",
	    arc_broken, "verified", "arc-broken" },
	{ "jan@nosign.example", "2010-02-04", "Fwd: What was agreed", attached,
	    "unsigned", "attached" },
};

void
demo_older_letters(GPtrArray *letters, struct key_list *keys)
{
	for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
		const struct older *older = &table[i];
		struct letter *letter = g_new0(struct letter, 1);

		letter->sender = find_sender(older->address);
		letter->date = date_of_day(older->day);
		letter->number = letters->len + 1;
		letter->id = g_strdup_printf("<%u.%" G_GINT64_FORMAT "@%s>",
		    letter->number, letter->date, letter->sender->domain);
		letter->mail =
		    new_mail(older, letter->sender->from, letter->id);
		mail_add(letter->mail, "Content-Type: text/plain");
		g_string_append_printf(letter->mail->body,
		    "%s.\r\n\r\nRegards\r\n", older->subject);
		older->make(letter->mail, keys);
		letter->verdict = older->verdict;
		letter->why = older->why;
		g_ptr_array_add(letters, letter);
	}
}
