/* semantics_older.c - see semantics_older.h. */
#include "tests/gen/semantics_older.h"

#include <string.h>

#include "tests/gen/key_list.h"
#include "tests/gen/mail_older.h"
#include "tests/gen/write.h"

#define AT    G_GINT64_CONSTANT(1210000000) /* 2008-05-05T15:06:40Z */

#define YEARS "2005-01-01", "2012-12-31", FALSE, FALSE
static const struct listed_key table[] = { { "good", "good.example", "g", 1024,
					       0, "k=rsa; ", YEARS },
	{ "alice", "good.example", "alice", 1024, 0, "g=alice; k=rsa; ",
	    YEARS },
	{ "bob", "good.example", "bob", 1024, 0, "g=bob; k=rsa; ", YEARS },
	{ "trial", "good.example", "trial", 1024, 0, "k=rsa; t=y; ", YEARS },
	{ "sha256", "good.example", "h", 1024, 0, "v=DKIM1; h=sha256; ",
	    YEARS },
	{ "never", "good.example", "never", 1024, 0, NULL, NULL, NULL, FALSE,
	    FALSE },
	{ "list", "lists.example", "l", 2048, 0, NULL, YEARS },
	{ "edwards", "lists.example", "ed", 0, 0, NULL, YEARS },
	{ "short", "lists.example", "short", 512, 0, NULL, YEARS },
	{ "lost", "lists.example", "lost", 1024, 0, NULL, NULL, NULL, FALSE,
	    FALSE },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, FALSE, FALSE } };

const struct gen_key *
semantics_key(const struct case_of *given, const char *label)
{
	return key_list_key(given->keys, label);
}

/* ---- DomainKeys ------------------------------------------------------------ */

static void
domainkeys(const struct case_of *given, const char *label, gboolean simple,
    const char *names)
{
	const struct domainkeys_options options = { semantics_key(given, label),
		"good.example", key_list_row(given->keys, label)->selector,
		simple, names };

	mail_sign_domainkeys(given->mail, &options);
}

#define ALL_NAMES "From:To:Subject:Date:Message-ID:MIME-Version:Content-Type"

static void
dk_simple(const struct case_of *given)
{
	domainkeys(given, "good", TRUE, NULL);
}

static void
dk_simple_names(const struct case_of *given)
{
	domainkeys(given, "good", TRUE, ALL_NAMES);
}

static void
dk_nofws(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, NULL);
}

static void
dk_nofws_names(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, ALL_NAMES);
}

/* White space and folding do not count with nofws. */
static void
dk_nofws_reflowed(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, ALL_NAMES);
	mail_replace(given->mail, "Subject", "Subject:\r\n\tolder\r\n  mail");
	g_string_append(given->mail->body, "   \r\n\t\r\n\r\n");
}

static void
dk_simple_reflowed(const struct case_of *given)
{
	domainkeys(given, "good", TRUE, ALL_NAMES);
	mail_replace(given->mail, "Subject", "Subject:  older mail");
}

static void
dk_empty_body(const struct case_of *given)
{
	g_string_truncate(given->mail->body, 0);
	domainkeys(given, "good", FALSE, NULL);
	g_string_append(given->mail->body, " \r\n\r\n");
}

static void
dk_body_altered(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, NULL);
	g_string_append(given->mail->body, "P.S. Pay Mallory instead.\r\n");
}

static void
dk_subject_altered(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, ALL_NAMES);
	mail_replace(given->mail, "Subject", "Subject: something else");
}

static void
dk_field_above(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, ALL_NAMES);
	mail_add_top(given->mail, "Subject: read me first");
}

static void
dk_from_above(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, NULL);
	mail_add_top(given->mail, "From: mallory@good.example");
}

static void
dk_granularity(const struct case_of *given)
{
	domainkeys(given, "alice", FALSE, NULL);
}

static void
dk_granularity_other(const struct case_of *given)
{
	domainkeys(given, "bob", FALSE, NULL);
}

static void
dk_testing(const struct case_of *given)
{
	domainkeys(given, "trial", FALSE, NULL);
}

static void
dk_key_for_sha256(const struct case_of *given)
{
	domainkeys(given, "sha256", FALSE, NULL);
}

static void
dk_no_key(const struct case_of *given)
{
	domainkeys(given, "never", FALSE, NULL);
}

static void
dk_from_unsigned(const struct case_of *given)
{
	domainkeys(given, "good", FALSE, "To:Subject:Date");
}

static void
dk_sender_only(const struct case_of *given)
{
	mail_add(given->mail, "Sender: secretary@good.example");
	domainkeys(given, "good", FALSE, "To:Subject:Date:Sender");
}

static void
dk_sender_outside(const struct case_of *given)
{
	mail_add(given->mail, "Sender: mallory@other.example");
	domainkeys(given, "good", FALSE, NULL);
}

/* ---- the first drafts of DKIM ----------------------------------------------- */

static void
draft(const struct case_of *given, const char *label, gboolean simple)
{
	const struct draft_options options = { semantics_key(given, label),
		"good.example", key_list_row(given->keys, label)->selector,
		simple, "From:To:Subject:Date:Message-ID" };

	mail_sign_draft(given->mail, &options);
}

static void
draft_00(const struct case_of *given)
{
	draft(given, "good", TRUE);
}

static void
draft_00_nowsp(const struct case_of *given)
{
	draft(given, "good", FALSE);
	mail_replace(given->mail, "Subject", "Subject:older\r\n mail");
	g_string_append(given->mail->body, " \r\n\r\n");
}

static void
draft_00_altered(const struct case_of *given)
{
	draft(given, "good", FALSE);
	g_string_append(given->mail->body, "P.S.\r\n");
}

static void
draft_00_no_key(const struct case_of *given)
{
	draft(given, "never", TRUE);
}

static void
draft_01(const struct case_of *given)
{
	const struct sign_options options = { .key =
						  semantics_key(given, "good"),
		.domain = "good.example",
		.selector = "g",
		.leave_out = "v",
		.sha1 = TRUE,
		.length = -1 };

	mail_sign(given->mail, &options);
}

static const struct older older[] = {
	{ "dk-simple", "verified-weak", "domainkeys", "none", "-", dk_simple },
	{ "dk-simple-names", "verified-weak", "domainkeys", "none", "-",
	    dk_simple_names },
	{ "dk-nofws", "verified-weak", "domainkeys", "none", "-", dk_nofws },
	{ "dk-nofws-names", "verified-weak", "domainkeys", "none", "-",
	    dk_nofws_names },
	{ "dk-nofws-reflowed", "verified-weak", "domainkeys", "none", "-",
	    dk_nofws_reflowed },
	{ "dk-simple-reflowed", "altered", "message-altered", "none", "-",
	    dk_simple_reflowed },
	{ "dk-empty-body", "verified-weak", "domainkeys", "none", "-",
	    dk_empty_body },
	{ "dk-body-altered", "altered", "message-altered", "none", "-",
	    dk_body_altered },
	{ "dk-subject-altered", "altered", "message-altered", "none", "-",
	    dk_subject_altered },
	{ "dk-field-above", "verified-weak", "domainkeys", "none", "-",
	    dk_field_above },
	{ "dk-from-above", "verified-unaligned", "from-multiple", "none", "-",
	    dk_from_above },
	{ "dk-granularity", "verified-weak", "domainkeys", "none",
	    "key-granularity", dk_granularity },
	{ "dk-granularity-other", "key-unusable", "key-sender", "none", "-",
	    dk_granularity_other },
	{ "dk-testing", "verified-weak", "domainkeys", "none", "-",
	    dk_testing },
	{ "dk-key-for-sha256", "key-unusable", "key-hash", "none", "-",
	    dk_key_for_sha256 },
	{ "dk-no-key", "key-missing", "key-missing", "none", "-", dk_no_key },
	{ "dk-from-unsigned", "malformed", "signature-from-unsigned", "none",
	    "-", dk_from_unsigned },
	{ "dk-sender-only", "verified-unaligned", "from-unsigned", "none", "-",
	    dk_sender_only },
	{ "dk-sender-outside", "malformed", "signature-identity-outside",
	    "none", "-", dk_sender_outside },
	{ "draft-00", "malformed", "signature-unknown-query", "none",
	    "draft-holds", draft_00 },
	{ "draft-00-nowsp", "malformed", "signature-unknown-canon", "none",
	    "draft-holds", draft_00_nowsp },
	{ "draft-00-altered", "malformed", "signature-unknown-canon", "none",
	    "draft-fails", draft_00_altered },
	{ "draft-00-no-key", "malformed", "signature-unknown-query", "none",
	    "-", draft_00_no_key },
	{ "draft-01", "malformed", "signature-no-version", "none",
	    "draft-holds", draft_01 },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

static struct mail *
new_mail(void)
{
	struct mail *mail = mail_new();
	g_autofree char *date = date_field(AT);

	mail_add(mail, "From: alice@good.example");
	mail_add(mail, "To: bob@nosign.example");
	mail_add(mail, "Subject: older mail");
	mail_add(mail, "Date: %s", date);
	mail_add(mail, "Message-ID: <older@good.example>");
	mail_add(mail, "MIME-Version: 1.0");
	mail_add(mail, "Content-Type: text/plain");
	g_string_append(
	    mail->body, "Dear Bob,\r\n\r\n  pay  Bob.\r\n\r\nAlice\r\n");
	return mail;
}

static void
write_in(const char *folder, const char *name, GString *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	write_file(path, text);
	g_string_free(text, TRUE);
}

static void
write_cases(const char *folder, const struct older *cases,
    struct key_list *keys, GString *expect)
{
	for (; cases->name != NULL; cases++) {
		const struct case_of given = { keys, new_mail() };
		g_autofree char *name = g_strdup_printf("%s.eml", cases->name);

		cases->make(&given);
		write_in(folder, name, mail_text(given.mail));
		g_string_append_printf(expect, "%s\t%s\t%s\t%s\t%s\n", name,
		    cases->verdict, cases->reason, cases->chain, cases->note);
		mail_free(given.mail);
	}
}

void
semantics_older_write(const char *folder, uint64_t seed)
{
	struct key_list *keys = key_list_new(table, seed);
	GString *expect = g_string_new(NULL);

	write_cases(folder, older, keys, expect);
	write_cases(folder, semantics_arc, keys, expect);
	write_in(folder, "keys.jsonl", key_list_jsonl(keys));
	write_in(folder, "expect.tsv", expect);
	key_list_free(keys);
}
