/* demo_people.c - see demo_people.h. */
#include "tests/gen/demo_people.h"

#include <string.h>

/* Several keys of one name are a rotation; revoked.example has given up its
 * key; the key of lost.example was never collected. */
const struct listed_key demo_keys[] = {
	{ "bigpost-1", "bigpost.example", "s2009", 1024, 0, NULL, "2009-01-05",
	    "2012-06-30", FALSE, FALSE },
	{ "bigpost-2", "bigpost.example", "s2012", 2048, 0, NULL, "2012-05-01",
	    "2017-12-31", FALSE, FALSE },
	{ "campaign-a", "campaign.example", "mail", 2048, 0, NULL, "2013-11-01",
	    "2015-06-30", FALSE, FALSE },
	{ "campaign-b", "campaign.example", "mail", 2048, 0, NULL, "2015-07-01",
	    "2017-11-30", FALSE, FALSE },
	{ "oldschool", "oldschool.example", "dk", 1024, 0, "", "2009-01-01",
	    "2014-12-31", TRUE, FALSE },
	{ "tiny", "tiny.example", "k1", 512, 0, NULL, "2009-01-01",
	    "2012-12-31", FALSE, FALSE },
	{ "edwards", "edwards.example", "ed", 0, 0, NULL, "2015-12-01",
	    "2017-12-31", FALSE, FALSE },
	{ "bank", "bank.example", "big", 4096, 0, NULL, "2010-01-01",
	    "2017-12-31", FALSE, FALSE },
	{ "lost", "lost.example", "x", 1024, 0, NULL, NULL, NULL, FALSE,
	    FALSE },
	{ "revoked", "revoked.example", "r1", 1024, 0, NULL, "2014-01-01",
	    "2017-12-31", FALSE, TRUE },
	{ "news", "news.example", "n", 1536, 0, NULL, "2010-06-01",
	    "2017-12-31", FALSE, FALSE },
	{ "trial", "trial.example", "t", 2048, 0, "v=DKIM1; t=y; ",
	    "2012-01-01", "2013-12-31", FALSE, FALSE },
	{ "lists", "lists.example", "l", 2048, 0, NULL, "2009-01-01",
	    "2017-12-31", FALSE, FALSE },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, FALSE, FALSE }
};

/* The order of "counts": clean, body, subject, damaged, footer, tag, resent,
 * two-from, length, no-bh, from-unsigned, version, duplicate, outside,
 * unsigned. */
const struct sender senders[] = {
	{ "Anna Weiss <anna@bigpost.example>", "anna@bigpost.example",
	    "bigpost.example", "bigpost-1", FALSE, FALSE, FALSE, "2009-03-20",
	    "2012-05-20", "verified", "clean",
	    { 14, 2, 2, 1, 2, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0 } },
	{ "=?utf-8?q?Beno=C3=AEt_Leclerc?= <ben@bigpost.example>",
	    "ben@bigpost.example", "bigpost.example", "bigpost-2", FALSE, FALSE,
	    TRUE, "2012-06-10", "2017-04-20", "verified", "clean",
	    { 20, 2, 2, 1, 2, 2, 2, 1, 1, 1, 0, 1, 1, 1, 0 } },
	{ "\"Moreau, Carol\" <carol@campaign.example>",
	    "carol@campaign.example", "campaign.example", "campaign-a", FALSE,
	    FALSE, FALSE, "2013-11-10", "2015-06-20", "verified", "rotated",
	    { 12, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "\"Moreau, Carol\" <carol@campaign.example>",
	    "carol@campaign.example", "campaign.example", "campaign-b", FALSE,
	    TRUE, FALSE, "2015-07-10", "2017-04-24", "verified", "rotated",
	    { 14, 2, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0 } },
	{ "dora@oldschool.example (Dora)", "dora@oldschool.example",
	    "oldschool.example", "oldschool", TRUE, TRUE, TRUE, "2009-04-01",
	    "2014-11-30", "verified-weak", "sha1",
	    { 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Erik <erik@tiny.example>", "erik@tiny.example", "tiny.example",
	    "tiny", FALSE, FALSE, FALSE, "2009-05-01", "2012-11-30",
	    "verified-weak", "short-key",
	    { 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Fay <fay@edwards.example>", "fay@edwards.example", "edwards.example",
	    "edwards", FALSE, FALSE, FALSE, "2016-01-05", "2017-04-10",
	    "verified", "clean",
	    { 10, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Bank Notices <notice@bank.example>", "notice@bank.example",
	    "bank.example", "bank", FALSE, TRUE, TRUE, "2010-02-01",
	    "2017-03-30", "verified", "clean",
	    { 8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Gus <gus@lost.example>", "gus@lost.example", "lost.example", "lost",
	    FALSE, FALSE, FALSE, "2011-01-10", "2016-12-20", "key-missing",
	    "no-key", { 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Hana <hana@revoked.example>", "hana@revoked.example",
	    "revoked.example", "revoked", FALSE, FALSE, FALSE, "2011-01-10",
	    "2013-06-20", "key-missing", "revoked-later",
	    { 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Hana <hana@revoked.example>", "hana@revoked.example",
	    "revoked.example", "revoked", FALSE, FALSE, FALSE, "2014-02-10",
	    "2017-03-20", "key-unusable", "revoked",
	    { 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "The Weekly <weekly@news.example>", "weekly@news.example",
	    "news.example", "news", FALSE, FALSE, TRUE, "2010-07-01",
	    "2017-04-01", "verified", "clean",
	    { 3, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0 } },
	{ "Ivy <ivy@trial.example>", "ivy@trial.example", "trial.example",
	    "trial", FALSE, FALSE, FALSE, "2012-02-01", "2013-11-01",
	    "verified-weak", "testing",
	    { 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Kim's Shop <kim@shop.example>", "kim@shop.example", "shop.example",
	    "lists", FALSE, FALSE, FALSE, "2012-02-01", "2016-11-01",
	    "verified-unaligned", "other-domain",
	    { 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "Jan <jan@nosign.example>", "jan@nosign.example", "nosign.example",
	    NULL, FALSE, FALSE, FALSE, "2009-03-25", "2017-04-15", "unsigned",
	    "unsigned", { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28 } },
	{ NULL, NULL, NULL, NULL, FALSE, FALSE, FALSE, NULL, NULL, NULL, NULL,
	    { 0 } }
};

static void
change_body(struct mail *mail, struct key_list *keys)
{
	(void)keys;
	g_string_prepend(mail->body, "Transfer 40,000 as we said.\r\n");
}

static void
change_subject(struct mail *mail, struct key_list *keys)
{
	(void)keys;
	mail_replace(mail, "Subject", "Subject: what I never wrote");
}

/* Another character in the middle of b=. */
static void
damage_signature(struct mail *mail, struct key_list *keys)
{
	g_autofree char *field = g_strdup(mail_get(mail, "DKIM-Signature"));
	char *at = field + strlen(field) - 40;

	(void)keys;
	*at = *at == 'A' ? 'B' : 'A';
	mail_replace(mail, "DKIM-Signature", field);
}

static void
add_footer(struct mail *mail, struct key_list *keys)
{
	(void)keys;
	g_string_append(mail->body,
	    "_______________________________________________\r\n"
	    "friends mailing list\r\nfriends@lists.example\r\n");
}

static void
add_tag(struct mail *mail, struct key_list *keys)
{
	g_autofree char *tagged = g_strdup_printf("Subject: [friends]%s",
	    mail_get(mail, "Subject") + strlen("Subject:"));

	mail_replace(mail, "Subject", tagged);
	add_footer(mail, keys);
}

/* A list that signs what it changed. */
static void
send_again(struct mail *mail, struct key_list *keys)
{
	const struct sign_options options = { .key =
						  key_list_key(keys, "lists"),
		.domain = "lists.example",
		.selector = "l",
		.length = -1,
		.names = "From:To:Cc:Subject:Date:Message-ID:In-Reply-To:"
			 "References:MIME-Version:Content-Type:"
			 "Content-Transfer-Encoding:List-Id" };

	mail_add(mail, "List-Id: <friends.lists.example>");
	add_footer(mail, keys);
	mail_sign(mail, &options);
}

static void
add_from(struct mail *mail, struct key_list *keys)
{
	(void)keys;
	mail_add_top(mail, "From: The Director <director@bank.example>");
}

static void
sign_length(struct sign_options *options, struct mail *mail)
{
	options->length = (gssize)mail->body->len;
}

static void
add_advertisement(struct mail *mail, struct key_list *keys)
{
	(void)keys;
	g_string_append(mail->body, "-- \r\nSent free of charge.\r\n");
}

static void
leave_out_body_hash(struct sign_options *options, struct mail *mail)
{
	(void)mail;
	options->leave_out = "bh";
}

static void
leave_out_from(struct sign_options *options, struct mail *mail)
{
	(void)mail;
	options->names = "To:Subject:Date:Message-ID";
}

static void
other_version(struct sign_options *options, struct mail *mail)
{
	(void)mail;
	options->version = "2";
}

static void
duplicate_tag(struct sign_options *options, struct mail *mail)
{
	(void)mail;
	options->extra = " q=dns/txt; q=dns/txt;";
}

static void
identity_outside(struct sign_options *options, struct mail *mail)
{
	(void)mail;
	options->identity = "@bank.example";
}

const struct treatment treatments[TREATMENTS] = {
	{ "clean", NULL, NULL, NULL },
	{ "body", "headers-only", NULL, change_body },
	{ "subject", "altered", NULL, change_subject },
	{ "damaged", "key-mismatch", NULL, damage_signature },
	{ "footer", "verified-restored", NULL, add_footer },
	{ "list-tag", "verified-restored", NULL, add_tag },
	{ "resent", "verified-restored", NULL, send_again },
	{ "two-from", "verified-unaligned", NULL, add_from },
	{ "length", "verified-partial", sign_length, add_advertisement },
	{ "no-body-hash", "malformed", leave_out_body_hash, NULL },
	{ "from-unsigned", "malformed", leave_out_from, NULL },
	{ "version", "malformed", other_version, NULL },
	{ "duplicate-tag", "malformed", duplicate_tag, NULL },
	{ "identity", "malformed", identity_outside, NULL },
	{ "unsigned", "unsigned", NULL, NULL },
};
