/* semantics.c - see semantics.h. */
#include "tests/gen/semantics.h"

#include <string.h>

#include "tests/gen/key_list.h"
#include "tests/gen/mail.h"
#include "tests/gen/write.h"

#define AT    G_GINT64_CONSTANT(1331640000) /* 2012-03-13T12:00:00Z */

#define YEARS "2010-01-01", "2014-12-31", FALSE, FALSE
static const struct listed_key table[] = { { "good", "good.example", "g", 2048,
					       0, NULL, YEARS },
	{ "later-old", "good.example", "later", 1024, 0, NULL, NULL, NULL,
	    FALSE, FALSE },
	{ "later-new", "good.example", "later", 1024, 0, NULL, YEARS },
	{ "two-old", "good.example", "two", 1024, 0, NULL, YEARS },
	{ "two-new", "good.example", "two", 1024, 0, NULL, YEARS },
	{ "given-up", "good.example", "before", 1024, 0, NULL, "2011-01-01",
	    "2013-12-31", FALSE, TRUE },
	{ "given-up-later", "good.example", "after", 1024, 0, NULL,
	    "2013-06-01", "2013-12-31", FALSE, TRUE },
	{ "one", "good.example", "e1", 1024, 1, NULL, YEARS },
	{ "short", "good.example", "short", 512, 0, NULL, YEARS },
	{ "testing", "good.example", "testing", 2048, 0, "v=DKIM1; t=y; ",
	    YEARS },
	{ "sha1-only", "good.example", "h", 1024, 0, "v=DKIM1; h=sha1; ",
	    YEARS },
	{ "service", "good.example", "service", 1024, 0, "v=DKIM1; s=tlsrpt; ",
	    YEARS },
	{ "strict", "good.example", "strict", 1024, 0, "v=DKIM1; t=s; ",
	    YEARS },
	{ "version", "good.example", "version", 1024, 0, "v=DKIM2; ", YEARS },
	{ "suffix", "co.uk", "s", 1024, 0, NULL, YEARS },
	{ NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, FALSE, FALSE } };

static void
from_on_top(struct mail *mail)
{
	mail_add_top(mail, "From: mallory@other.example");
}

static void
from_below(struct mail *mail)
{
	mail_add(mail, "From: mallory@other.example");
}

static void
append_line(struct mail *mail)
{
	g_string_append(mail->body, "P.S. Pay Mallory instead.\r\n");
}

static void
subject_on_top(struct mail *mail)
{
	mail_add_top(mail, "Subject: something else");
}

static void
other_boundary(struct mail *mail)
{
	mail_replace(mail, "Content-Type",
	    "Content-Type: multipart/mixed; boundary=hidden");
}

static void
other_subject(struct mail *mail)
{
	mail_replace(mail, "Subject", "Subject: something else");
}

/* The b= of another message signed with the same key. */
static void
transplant(struct mail *mail)
{
	g_autofree char *other = g_strdup(mail_get(mail, "X-Other-Signature"));
	g_autofree char *own = g_strdup(mail_get(mail, "DKIM-Signature"));
	g_autoptr(GString) field = g_string_new(own);

	g_string_truncate(field, (gsize)(strstr(own, "\tb=") - own));
	g_string_append(field, strstr(other, "\tb="));
	mail_replace(mail, "DKIM-Signature", field->str);
	mail_replace(mail, "X-Other-Signature", "X-Other-Signature: moved");
}

struct semantic {
	const char *name, *verdict;
	const char *from;  /* NULL: alice@good.example */
	const char *key;   /* NULL: good */
	const char *names; /* h=, NULL: all */
	const char *identity;
	gint64 expires;
	gboolean length; /* l= as long as the body */
	gboolean sha1;
	const char *claim; /* a field put on top before it is signed */
	void (*after)(struct mail *mail);
};

#define WITHOUT_TYPE    "From:To:Subject:Date:Message-ID:MIME-Version"
#define WITHOUT_SUBJECT "From:To:Date:Message-ID:MIME-Version:Content-Type"
#define OVERSIGNED \
	"From:From:To:Subject:Date:Message-ID:MIME-Version:Content-Type"

static const struct semantic cases[] = {
	{ .name = "plain", .verdict = "verified" },
	{ .name = "two-from-fields",
	    .verdict = "verified-unaligned",
	    .after = from_on_top },
	{ .name = "two-from-fields-other-below",
	    .verdict = "altered",
	    .after = from_below },
	{ .name = "from-over-signed",
	    .verdict = "altered",
	    .names = OVERSIGNED,
	    .after = from_on_top },
	{ .name = "authors-of-two-domains",
	    .verdict = "verified-unaligned",
	    .from = "alice@good.example, mallory@other.example" },
	{ .name = "authors-of-one-domain",
	    .verdict = "verified",
	    .from = "alice@good.example, bob@mail.good.example" },
	{ .name = "display-name-is-address",
	    .verdict = "verified-unaligned",
	    .from = "\"alice@good.example\" <mallory@other.example>" },
	{ .name = "display-name-with-brackets",
	    .verdict = "verified-unaligned",
	    .from = "\"Alice <alice@good.example>\" <mallory@other.example>" },
	{ .name = "address-in-comment",
	    .verdict = "verified-unaligned",
	    .from = "mallory@other.example (alice@good.example)" },
	{ .name = "two-brackets",
	    .verdict = "verified-unaligned",
	    .from = "<mallory@other.example> <alice@good.example>" },
	{ .name = "encoded-word-address",
	    .verdict = "verified-unaligned",
	    .from = "=?utf-8?q?alice=40good=2Eexample?= "
		    "<mallory@other.example>" },
	{ .name = "two-at-signs",
	    .verdict = "verified-unaligned",
	    .from = "mallory@other.example@good.example" },
	{ .name = "neighbour-domain",
	    .verdict = "verified-unaligned",
	    .from = "alice@notgood.example" },
	{ .name = "length-appended",
	    .verdict = "verified-partial",
	    .length = TRUE,
	    .after = append_line },
	{ .name = "length-whole", .verdict = "verified", .length = TRUE },
	{ .name = "with-signed-claim",
	    .verdict = "verified",
	    .claim = "Authentication-Results: mx.good.example; dkim=none;\r\n"
		     "\tauth=pass smtp.auth=alice" },
	{ .name = "content-type-unsigned-other-boundary",
	    .verdict = "verified-partial",
	    .names = WITHOUT_TYPE,
	    .after = other_boundary },
	{ .name = "subject-unsigned",
	    .verdict = "verified-partial",
	    .names = WITHOUT_SUBJECT,
	    .after = other_subject },
	{ .name = "second-subject-unsigned",
	    .verdict = "verified-partial",
	    .after = subject_on_top },
	{ .name = "transplanted-signature",
	    .verdict = "altered",
	    .names = OVERSIGNED,
	    .after = transplant },
	{ .name = "later-key", .verdict = "key-mismatch", .key = "later-old" },
	{ .name = "one-of-two-keys", .verdict = "verified", .key = "two-old" },
	{ .name = "revoked-before",
	    .verdict = "key-unusable",
	    .key = "given-up" },
	{ .name = "revoked-after",
	    .verdict = "key-missing",
	    .key = "given-up-later" },
	{ .name = "exponent-one", .verdict = "verified-weak", .key = "one" },
	{ .name = "exponent-one-altered",
	    .verdict = "key-mismatch",
	    .key = "one",
	    .after = other_subject },
	{ .name = "short-key", .verdict = "verified-weak", .key = "short" },
	{ .name = "testing-key", .verdict = "verified-weak", .key = "testing" },
	{ .name = "sha1", .verdict = "verified-weak", .sha1 = TRUE },
	{ .name = "expired", .verdict = "verified", .expires = AT - 60 },
	{ .name = "key-for-other-hash",
	    .verdict = "key-unusable",
	    .key = "sha1-only" },
	{ .name = "key-for-other-service",
	    .verdict = "key-unusable",
	    .key = "service" },
	{ .name = "key-strict",
	    .verdict = "key-unusable",
	    .key = "strict",
	    .identity = "alice@sub.good.example" },
	{ .name = "key-of-other-version",
	    .verdict = "key-unusable",
	    .key = "version" },
	{ .name = "identity-outside",
	    .verdict = "malformed",
	    .identity = "@other.example" },
	{ .name = "from-unsigned",
	    .verdict = "malformed",
	    .names = "To:Subject:Date" },
	{ .name = "public-suffix",
	    .verdict = "verified-unaligned",
	    .key = "suffix",
	    .from = "alice@co.uk" },
};

static struct mail *
new_mail(const char *from, const char *subject)
{
	struct mail *mail = mail_new();
	g_autofree char *date = date_field(AT);

	mail_add(mail, "From: %s", from != NULL ? from : "alice@good.example");
	mail_add(mail, "To: bob@nosign.example");
	mail_add(mail, "Subject: %s", subject);
	mail_add(mail, "Date: %s", date);
	mail_add(mail, "Message-ID: <%s@good.example>", subject);
	mail_add(mail, "MIME-Version: 1.0");
	mail_add(mail, "Content-Type: multipart/mixed; boundary=seen");
	g_string_append(mail->body,
	    "--seen\r\nContent-Type: text/plain\r\n\r\nPay Bob.\r\n--seen--\r\n"
	    "--hidden\r\nContent-Type: text/plain\r\n\r\nPay Mallory.\r\n"
	    "--hidden--\r\n");
	return mail;
}

/* Keep the signature of another mail for transplant(). */
static void
keep_other_signature(struct mail *mail, const struct sign_options *options)
{
	struct mail *other = new_mail(NULL, "another");

	mail_sign(other, options);
	mail_add(mail, "X-Other-Signature%s",
	    mail_get(other, "DKIM-Signature") + strlen("DKIM-Signature"));
	mail_free(other);
}

static struct mail *
make_case(const struct semantic *test, struct key_list *keys)
{
	struct mail *mail = new_mail(test->from, test->name);
	const struct listed_key *row =
	    key_list_row(keys, test->key != NULL ? test->key : "good");
	const struct sign_options options = { .key = key_list_key(
						  keys, row->label),
		.domain = row->domain,
		.selector = row->selector,
		.identity = test->identity,
		.names = test->names,
		.sha1 = test->sha1,
		.at = test->expires != 0 ? AT - 3600 : AT,
		.expires = test->expires,
		.simple_body = TRUE,
		.length = test->length ? (gssize)mail->body->len : -1 };

	if (test->after == transplant)
		keep_other_signature(mail, &options);
	if (test->claim != NULL)
		mail_add_top(mail, "%s", test->claim);
	mail_sign(mail, &options);
	if (test->after != NULL)
		test->after(mail);
	return mail;
}

static void
write_in(const char *folder, const char *name, GString *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	write_file(path, text);
	g_string_free(text, TRUE);
}

void
semantics_write(const char *folder, uint64_t seed)
{
	struct key_list *keys = key_list_new(table, seed);
	GString *expect = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct mail *mail = make_case(&cases[i], keys);
		g_autofree char *name =
		    g_strdup_printf("%s.eml", cases[i].name);
		write_in(folder, name, mail_text(mail));
		g_string_append_printf(
		    expect, "%s\t%s\n", name, cases[i].verdict);
		mail_free(mail);
	}
	write_in(folder, "keys.jsonl", key_list_jsonl(keys));
	write_in(folder, "expect.tsv", expect);
	key_list_free(keys);
}
