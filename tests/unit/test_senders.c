/* test_senders.c - who a message names as its senders, and what is odd about
 * them.  Against the public suffix list in data/. */
#include "verifier/verdict/senders.h"

#include "verifier/message/display.h"
#include "verifier/message/message.h"

#include <glib.h>

static struct crypto *crypto;
static struct alignment *alignment;
static uint8_t buffer[READING_BUFFER];

static const struct senders *
find(struct arena *arena, struct span text, const char *signer)
{
	static const struct reading reading = { .quoting = QUOTING_KEPT };
	struct message *message = arena_alloc(arena, sizeof(*message));
	struct from_list authors = { .status = FROM_EMPTY };
	struct span signers[] = { span_from_string(signer) };
	const struct header_index *header = &message->header;
	size_t n;

	message_open(message, arena, buffer, text, &reading);
	n = header_count(header, SPAN("From"));
	if (n > 0)
		from_parse(&authors, arena,
		    header_get(header, SPAN("From"), n - 1)->value);
	return senders_find(
	    arena, alignment, header, &authors, signers, signer != NULL);
}

/* "from:name-address(a.example/b.example)", each but the first after a space */
static char *
findings_text(const struct senders *senders)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < senders->n_findings; i++) {
		const struct sender_finding *finding = &senders->findings[i];
		const char *field = sender_field_name(finding->field);
		g_autofree char *domain = span_dup(finding->domain);
		g_autofree char *other = span_dup(finding->other);

		g_string_append_printf(text, "%s%s:%s", i > 0 ? " " : "",
		    field != NULL ? field : "",
		    sender_code_name(finding->code));
		if (*domain != '\0' || *other != '\0')
			g_string_append_printf(text, "(%s/%s)", domain, other);
	}
	return g_string_free(text, FALSE);
}

#define S(text) SPAN(text "\r\n\r\n")

static const struct {
	const char *name;
	struct span header;
	const char *signer;
	const char *want;
} cases[] = {
	/* what is not odd */
	{ "plain", S("From: A B <a@example.com>"), "example.com", "" },
	{ "no name", S("From: a@example.com"), NULL, "" },
	{ "its own address", S("From: \"a@example.com\" <a@example.com>"), NULL,
	    "" },
	{ "its own address, other case",
	    S("From: \"A@EXAMPLE.COM\" <a@example.com>"), NULL, "" },
	{ "its own organisation", S("From: Example.com <a@mail.example.com>"),
	    NULL, "" },
	{ "comment of its own", S("From: Name (x@example.com) <a@example.com>"),
	    NULL, "" },
	{ "title", S("From: Dr.Med A.B.Doe <a@example.com>"), NULL, "" },
	{ "no top-level domain", S("From: Node.js <a@example.com>"), NULL, "" },
	{ "own local part", S("From: jo.li <Jo.Li@example.com>"), NULL, "" },
	{ "abbreviation", S("From: \"A. B., Ph.D.\" <a@example.com>"), NULL,
	    "" },
	{ "address of no domain", S("From: \"a@home\" <a@example.com>"), NULL,
	    "" },
	{ "Sender of the author's",
	    S("From: a@mail.example.com\r\nSender: b@example.com"), NULL, "" },
	{ "one author's",
	    S("From: a@example.com\r\nReply-To: g@example.com, "
	      "h@lists.example.com"),
	    NULL, "" },
	{ "U-label, no mix",
	    S("From: a@b\xc3\xbc"
	      "cher.example"),
	    NULL, "" },
	{ "signer elsewhere", S("From: a@example.com"), "esp.example", "" },
	/* names */
	{ "address", S("From: \"ceo@bank.example\" <x@evil.example>"), NULL,
	    "from:name-address(bank.example/evil.example)" },
	{ "address behind", S("From: x@evil.example (ceo@bank.example)"), NULL,
	    "from:name-address(bank.example/evil.example)" },
	{ "address in front", S("From: (ceo@bank.example) x@evil.example"),
	    NULL, "from:name-address(bank.example/evil.example)" },
	{ "address of a group",
	    S("From: \"ceo@bank.example\": x@evil.example, "
	      "y@evil.example;"),
	    NULL,
	    "from:name-address(bank.example/evil.example) "
	    "from:several-addresses from:group" },
	{ "local part", S("From: \"ceo@bank.example\"@evil.example"), NULL,
	    "from:local-address(bank.example/evil.example)" },
	{ "local part of its own", S("From: \"a@b.example\"@mail.b.example"),
	    NULL, "" },
	{ "local part without", S("From: \"a b\"@evil.example"), NULL, "" },
	{ "route", S("From: <@bank.example:x@evil.example>"), NULL,
	    "from:route" },
	{ "invisible in it",
	    S("From: \"ceo@ba\xef\xb8\x8fnk.example\" <x@evil.example>"), NULL,
	    "from:name-address(bank.example/evil.example)" },
	{ "address in a comment only", S("From: (ceo@bank.example)"), NULL,
	    "from:unparsable(bank.example/)" },
	{ "comment only", S("From: (nobody)"), NULL, "" },
	{ "empty group", S("From: g:;"), NULL, "from:group" },
	{ "its local part", S("From: Bank.com <bank.com@evil.example>"), NULL,
	    "from:name-domain(bank.com/evil.example)" },
	{ "trade mark", S("From: \"PayPal.com\xe2\x84\xa2\" <x@evil.example>"),
	    NULL, "from:name-domain(paypal.com/evil.example)" },
	{ "capital", S("From: PayPal.Com <x@evil.example>"), NULL,
	    "from:name-domain(paypal.com/evil.example)" },
	{ "via", S("From: \"'a@b.example' via L\" <l@lists.example>"), NULL,
	    "from:name-address-via(b.example/lists.example)" },
	{ "domain", S("From: PayPal.com <x@evil.example>"), NULL,
	    "from:name-domain(paypal.com/evil.example)" },
	{ "both", S("From: \"PayPal.com a@b.example\" <x@evil.example>"), NULL,
	    "from:name-domain(paypal.com/evil.example) "
	    "from:name-address(b.example/evil.example)" },
	{ "twice the same",
	    S("From: \"a@b.example c@d.example\" <x@evil.example>"), NULL,
	    "from:name-address(b.example/evil.example)" },
	{ "encoded",
	    S("From: =?utf-8?b?Y2Vv77ygYmFuay5leGFtcGxl?= <x@evil.example>"),
	    NULL, "from:name-address(bank.example/evil.example)" },
	{ "override", S("From: =?utf-8?q?a=E2=80=AEb?= <x@example.com>"), NULL,
	    "from:name-invisible(/example.com)" },
	{ "of Sender and Reply-To",
	    S("From: a@e.example\r\nSender: \"x@y.example\" <b@e.example>\r\n"
	      "Reply-To: \"x@z.example\" <c@e.example>"),
	    NULL,
	    "sender:name-address(y.example/e.example) "
	    "reply-to:name-address(z.example/e.example)" },
	/* fields */
	{ "several authors", S("From: a@b.example, c@b.example"), NULL,
	    "from:several-addresses" },
	{ "group", S("From: g: a@b.example;"), NULL, "from:group" },
	{ "two From", S("From: a@b.example\r\nFrom: c@b.example"), NULL,
	    "from:several-fields" },
	{ "no From", S("To: a@b.example"), NULL, "" },
	{ "unparsable", S("From: x y"), NULL, "from:unparsable" },
	{ "unparsable with an address", S("From: a@b.example <x"), NULL,
	    "from:unparsable(b.example/)" },
	{ "unparsable, one organisation",
	    S("From: a@b.example <x@m.b.example>"), NULL,
	    "from:unparsable(b.example/)" },
	{ "unparsable, two", S("From: ceo@bank.example <x@evil.example>"), NULL,
	    "from:unclear-domains(bank.example/evil.example)" },
	{ "unparsable, with controls",
	    S("From: ceo@bank.example\xe2\x80\xae <x@evil.example>"), NULL,
	    "from:unclear-domains(bank.example/evil.example) "
	    "from:name-invisible" },
	{ "Sender elsewhere", S("From: a@b.example\r\nSender: c@d.example"),
	    "d.example", "sender:other-domain(d.example/b.example)" },
	{ "Sender of one author",
	    S("From: a@b.example, c@d.example\r\nSender: c@d.example"), NULL,
	    "from:several-addresses" },
	{ "two in Sender",
	    S("From: a@b.example\r\nSender: a@b.example, c@b.example"), NULL,
	    "sender:several-addresses" },
	{ "two Sender fields",
	    S("From: a@b.example\r\nSender: a@b.example\r\n"
	      "Sender: c@b.example"),
	    NULL, "sender:several-fields" },
	{ "Sender unparsable", S("From: a@b.example\r\nSender: root"), NULL,
	    "sender:unparsable" },
	{ "Reply-To elsewhere",
	    S("From: a@b.example\r\nReply-To: a@b.example, c@d.example"), NULL,
	    "reply-to:other-domain(d.example/b.example)" },
	{ "public suffixes", S("From: a@co.uk\r\nReply-To: b@github.io"), NULL,
	    "reply-to:other-domain(github.io/co.uk)" },
	/* look-alikes */
	{ "rn", S("From: a@rnicrosoft.com"), "microsoft.com",
	    ":look-alike(microsoft.com/rnicrosoft.com)" },
	{ "rn below the organisation", S("From: a@rn.b.example"), "m.b.example",
	    "" },
	{ "rn, of a host", S("From: a@mail.rnodern.com"), "modern.com",
	    ":look-alike(modern.com/mail.rnodern.com)" },
	{ "rn and m", S("From: a@rnodern.com"), "modem.com",
	    ":look-alike(modem.com/rnodern.com)" },
	{ "digit", S("From: a@paypa1.com"), "paypal.com",
	    ":look-alike(paypal.com/paypa1.com)" },
	{ "in the name", S("From: \"x@paypal.com\" <a@paypa1.com>"), NULL,
	    "from:name-address(paypal.com/paypa1.com) "
	    "from:look-alike(paypal.com/paypa1.com)" },
	{ "in Reply-To", S("From: a@vvells.com\r\nReply-To: a@wells.com"), NULL,
	    "reply-to:other-domain(wells.com/vvells.com) "
	    "reply-to:look-alike(wells.com/vvells.com)" },
	{ "Cyrillic", S("From: a@xn--80ak6aa92e.com"), "apple.com",
	    "from:looks-ascii(xn--80ak6aa92e.com/) "
	    ":look-alike(apple.com/xn--80ak6aa92e.com)" },
	{ "mixed scripts", S("From: a@p\xd0\xb0ypal.com"), NULL,
	    "from:mixed-scripts(xn--pypal-4ve.com/) "
	    "from:looks-ascii(xn--pypal-4ve.com/)" },
	{ "A-label of nothing", S("From: a@xn--a.com"), NULL,
	    "from:a-label-invalid(xn--a.com/)" },
};

static void
test_cases(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct senders *senders =
		    find(arena, cases[i].header, cases[i].signer);
		g_autofree char *got = findings_text(senders);

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(got, ==, cases[i].want);
		g_assert_false(senders->cut);
	}
}

/* The lists, the words of From, and what A-labels are shown as. */
static void
test_lists(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct senders *senders = find(arena,
	    S("From: a@x.b\xc3\xbc"
	      "cher.co.uk, c@com\r\n"
	      "Reply-To: d@e.example"),
	    NULL);
	const struct sender_list *from = &senders->lists[SENDER_FROM];

	g_assert_cmpuint(from->n, ==, 2);
	g_assert_true(span_equal(
	    from->addresses[0].organisation, SPAN("xn--bcher-kva.co.uk")));
	g_assert_cmpuint(from->addresses[1].organisation.n, ==, 0);
	g_assert_cmpuint(senders->lists[SENDER_SENDER].fields, ==, 0);
	g_assert_cmpuint(senders->lists[SENDER_REPLY_TO].n, ==, 1);
	g_assert_cmpuint(senders->n_idn, ==, 1);
	g_assert_true(span_equal(senders->idn[0].shown,
	    SPAN("x.b\xc3\xbc"
		 "cher.co.uk")));
	g_assert_null(senders->idn[0].looks_like.p);
	g_assert_cmpstr(sender_list_state(from), ==, "parsed");
	g_assert_cmpstr(
	    sender_list_state(&senders->lists[SENDER_SENDER]), ==, "missing");
}

/* Each code has a word of its own, and leads back. */
static void
test_words(void)
{
	for (int i = 0; i < SENDER_CODES; i++) {
		enum sender_code code = SENDER_CODES;
		const char *name = sender_code_name((enum sender_code)i);

		g_assert_true(
		    sender_code_from_name(span_from_string(name), &code));
		g_assert_cmpint(code, ==, i);
		g_assert_false(g_str_has_suffix(
		    sender_code_text((enum sender_code)i), "."));
	}
}

static const struct senders *
find_many(struct arena *arena, int n)
{
	g_autoptr(GString) text = g_string_new("From: a@b.example");

	for (int i = 1; i < n; i++)
		g_string_append_printf(
		    text, ",\r\n \"x@y%d.example\" <a@b%d.example>", i, i);
	g_string_append(text, "\r\n\r\n");
	return find(
	    arena, arena_copy(arena, span_from_string(text->str)), NULL);
}

/* A field that does not parse, with more text than is read. */
static void
test_cut(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree char *junk = g_strnfill(3000, '[');
	g_autofree char *text = g_strconcat(
	    "From: ", junk, "a@bank.example <x@evil.example>\r\n\r\n", NULL);
	const struct senders *senders =
	    find(arena, span_from_string(text), NULL);

	g_assert_cmpuint(senders->n_findings, ==, 1);
	g_assert_true(senders->cut);
}

/* Domains, findings, and addresses to their bounds and past them. */
static void
test_bounds(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct senders *senders = find_many(arena, 16);

	g_assert_false(senders->cut); /* 31 domains, 16 findings */
	senders = find_many(arena, 17);
	g_assert_true(senders->cut); /* 33 */
	senders = find_many(arena, FROM_ADDRESSES_MAX);
	g_assert_cmpuint(senders->n_findings, ==, SENDERS_FINDINGS_MAX);
	g_assert_true(senders->cut);
	g_assert_cmpuint(senders->lists[SENDER_FROM].n, ==, FROM_ADDRESSES_MAX);
}

/*
 * From, Sender and Reply-To of random addresses with random names of one
 * organisation give no finding about domains; with a name of another one
 * always.
 */
static void
test_properties(void)
{
	static const char *const hosts[] = { "example.com", "a.example.com",
		"Example.COM", "x.y.example.com" };
	static const char *const names[] = { "\"%s@%s\" ", "%s (a@%s) ",
		"\"%s at %s\" ", "=?utf-8?q?%s=40%s?= ", "%s \"mail.%s\" " };
	g_autoptr(arena_auto) arena = arena_new();

	for (int i = 0; i < 3000; i++) {
		const char *elsewhere = i % 2 == 0 ? NULL : "other.example.net";
		g_autoptr(GString) text = g_string_new("From: ");
		const char *host = hosts[g_test_rand_int_range(0, 4)];
		const struct senders *senders;

		g_string_append_printf(text,
		    names[g_test_rand_int_range(0, G_N_ELEMENTS(names))], "n",
		    elsewhere != NULL ? elsewhere : host);
		g_string_append_printf(text,
		    "<a@%s>\r\nSender: b@%s\r\n"
		    "Reply-To: c@%s\r\n\r\n",
		    hosts[i % 4], hosts[g_test_rand_int_range(0, 4)],
		    hosts[g_test_rand_int_range(0, 4)]);
		senders = find(arena, span_from_string(text->str), host);
		g_test_message("%s", text->str);
		g_assert_cmpuint(
		    senders->n_findings, ==, elsewhere != NULL ? 1 : 0);
		if (elsewhere != NULL)
			g_assert_cmpint(
			    senders->findings[0].code, <=, SENDER_NAME_DOMAIN);
		arena_reset(arena);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_assert_null(display_init());
	crypto = crypto_open(NULL);
	alignment =
	    alignment_open("data/public_suffix_list.dat", NULL, crypto, NULL);
	g_assert_nonnull(alignment);
	g_test_add_func("/senders/cases", test_cases);
	g_test_add_func("/senders/lists", test_lists);
	g_test_add_func("/senders/words", test_words);
	g_test_add_func("/senders/cut", test_cut);
	g_test_add_func("/senders/bounds", test_bounds);
	g_test_add_func("/senders/properties", test_properties);
	int status = g_test_run();
	alignment_close(alignment);
	crypto_close(crypto);
	return status;
}
