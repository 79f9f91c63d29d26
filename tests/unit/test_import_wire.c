/* test_import_wire.c - DNS messages, binary and in hex. */
#include "tests/unit/dns_case.h"
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_wire;

#define S   "s._domainkey.x.org"
#define AT  " 2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed dns-wire"
#define TXT " exact" AT " ttl 300"

/* What is in the sections; a "-" in "txt" is an OPT record instead. */
static const struct {
	const char *name;
	unsigned flags;
	const char *question;
	unsigned type;
	struct {
		const char *owner, *txt, *target;
	} records[3];
	bool soa;
	const char *want; /* with item 1 and offset 0 taken off */
} cases[] = {
	{ "two strings, all flags", 0x87b0, "S._domainkey.X.org", 16,
	    { { S, "v=DKIM1; |p=AB", NULL } }, false,
	    S " present [v=DKIM1; |p=AB]" TXT " flags aa,ad,cd,ra,rd,tc" },
	{ "two records", 0x8180, S, 16,
	    { { S, "p=A", NULL }, { S, "p=B", NULL } }, true,
	    S " present [p=A]" TXT " flags ra,rd complete\n" S
	      " present [p=B]" TXT " flags ra,rd complete" },
	{ "CNAMEs, in any order", 0x8000, S, 16,
	    { { "u.y.net", "p=", NULL }, { "t.y.net", NULL, "u.y.net" },
		{ S, NULL, "t.y.net" } },
	    false,
	    S " present [p=]" TXT " > t.y.net > u.y.net owner u.y.net "
	      "complete" },
	{ "NXDOMAIN", 0x8183, S, 16, { { 0 } }, false,
	    S " nxdomain" AT " flags ra,rd" },
	{ "NXDOMAIN at the end of a CNAME", 0x8003, S, 16,
	    { { S, NULL, "t.y.net" } }, true, S " nxdomain" AT " > t.y.net" },
	{ "NODATA", 0x8400, S, 16, { { 0 } }, true,
	    S " nodata" AT " flags aa" },
	{ "no answer and no SOA: a referral", 0x8000, S, 16, { { 0 } }, false,
	    "other 1" },
	{ "NXDOMAIN cut short", 0x8203, S, 16, { { 0 } }, true, "other 1" },
	{ "SERVFAIL", 0x8002, S, 16, { { 0 } }, true, "other 1" },
	{ "a query", 0x0100, S, 16, { { 0 } }, false, "other 1" },
	{ "another type", 0x8003, S, 1, { { 0 } }, false, "other 1" },
	{ "another name", 0x8003, "x.org", 16, { { 0 } }, false, "other 1" },
	{ "a TXT of another name", 0x8000, S, 16,
	    { { S, "p=A", NULL }, { "t._domainkey.x.org", "p=B", NULL } },
	    false,
	    "bad 1: a TXT record that does not belong to the name asked "
	    "for" },
	{ "a TXT beside a CNAME", 0x8000, S, 16,
	    { { S, "p=A", NULL }, { S, NULL, "t.y.net" } }, false,
	    "bad 1: a TXT record that does not belong to the name asked "
	    "for" },
	{ "a CNAME that is no link", 0x8000, S, 16,
	    { { S, "p=A", NULL }, { "a.net", NULL, "b.net" } }, false,
	    "bad 1: a CNAME that does not belong to the name asked for" },
	{ "two CNAMEs", 0x8000, S, 16,
	    { { S, NULL, "a.net" }, { S, NULL, "b.net" } }, false,
	    "bad 1: two CNAME records of one name" },
	{ "a circle", 0x8000, S, 16,
	    { { S, NULL, "a.net" }, { "a.net", NULL, S } }, false,
	    "bad 1: a chain of CNAMEs that is too long, or a circle" },
	{ "NXDOMAIN with a record", 0x8003, S, 16, { { S, "p=A", NULL } },
	    false, "bad 1: NXDOMAIN with a TXT record" },
	{ "UTF-8 is no U-label", 0x8000, "s._domainkey.\xc3\xbc.org", 16,
	    { { 0 } }, true, "other 1" },
};

static const struct import_options with_time = {
	.observed_at = 1577934245, /* 2020-01-02T03:04:05Z */
};

static GString *
make_message(size_t i)
{
	GString *message =
	    dns_case_new(7, cases[i].flags, cases[i].question, cases[i].type);

	for (size_t j = 0; j < 3 && cases[i].records[j].owner != NULL; j++) {
		if (cases[i].records[j].txt != NULL)
			dns_case_add_txt(message, cases[i].records[j].owner,
			    cases[i].records[j].txt);
		else
			dns_case_add_cname(message, cases[i].records[j].owner,
			    cases[i].records[j].target);
	}
	if (cases[i].soa)
		dns_case_add_soa(message, "x.org");
	return message;
}

/* What the importer says, without "place", and without the last line feed. */
static char *
run(struct span text, const char *place)
{
	g_autofree char *got = import_case_run(&import_wire, text, &with_time);
	g_auto(GStrv) parts =
	    g_strsplit(got, *place == '\0' ? "\t" : place, -1);

	return g_strchomp(g_strjoinv("", parts));
}

static void
check(const char *name, struct span text, const char *place, const char *want)
{
	g_autofree char *got = run(text, place);

	if (strcmp(got, want) != 0)
		g_test_message("in case \"%s\"", name);
	g_assert_cmpstr(got, ==, want);
}

/* Binary and in hex, a message says the same. */
static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) message = make_message(i);
		g_autoptr(GString) hex = g_string_new(NULL);

		dns_case_add_hex(hex, message);
		check(cases[i].name, dns_case_span(message), " item 1 offset 0",
		    cases[i].want);
		check(cases[i].name, dns_case_span(hex), " @1", cases[i].want);
	}
}

static void
test_frames(void)
{
	g_autoptr(GString) stream = g_string_new(NULL);
	g_autoptr(GString) first = make_message(3);
	g_autoptr(GString) second = make_message(5);

	dns_case_add_frame(stream, first);
	check("one frame", dns_case_span(stream), " item 1 offset 2",
	    cases[3].want);
	dns_case_add_frame(stream, second);
	g_string_append_len(stream, "\0\3abc\0\7", 7);
	check("two frames, no message, one cut short", dns_case_span(stream),
	    "",
	    S " nxdomain" AT " flags ra,rd item 1 offset 2\n" S " nodata" AT
	      " flags aa item 2 offset 40\n"
	      "bad 3: not a DNS message\nbad 4: a message cut short");
}

static void
test_dump(void)
{
	g_autoptr(GString) text = g_string_new("; <<>> DiG\n;; QUERY: ");
	g_autoptr(GString) query = dns_case_new(7, 0x0100, S, 16);
	g_autoptr(GString) other = dns_case_new(8, 0x0100, S, 16);
	g_autoptr(GString) answer = make_message(3);

	dns_case_add_hex(text, query);
	g_string_append(text, "\n;; RESPONSE: ");
	dns_case_add_hex(text, answer);
	g_string_append(text, "\n;; Got answer:\n" S ". 300 IN TXT \"p=\"\n");
	check("a dump", dns_case_span(text), "",
	    S " nxdomain" AT " flags ra,rd @3");
	g_string_assign(text, ";; QUERY: ");
	dns_case_add_hex(text, other);
	g_string_append(text, "\n;; RESPONSE: ");
	dns_case_add_hex(text, answer);
	g_string_append(text, "\n;; RESPONSE: 7\n;; QUERY: zz\n;; QUERY: ");
	dns_case_add_hex(text, answer);
	check("a response to another query, and bad lines", dns_case_span(text),
	    "",
	    "bad 2: a response to another query than the one before it\n"
	    "bad 3: half an octet at the end of the hex digits\n"
	    "bad 4: not a message in hex digits\nbad 5: not a query");
	check("no hex", SPAN("# a comment\n\nhello\n"), "",
	    "bad 3: not a message in hex digits");
}

/* Every cut of a message is bad, and so is an octet too many. */
static void
test_cut(void)
{
	g_autoptr(GString) message = make_message(2);

	for (size_t n = 12; n < message->len; n++) {
		g_autofree char *got = import_case_run(&import_wire,
		    span_sub(dns_case_span(message), 0, n), &with_time);

		g_assert_true(g_str_has_prefix(got, "bad 1: "));
	}
	g_string_append_c(message, '\0');
	check("one more", dns_case_span(message), "",
	    "bad 1: octets behind the message");
	g_string_set_size(message, 65536);
	check("too long", dns_case_span(message), "",
	    "bad 1: longer than a DNS message");
}

/* RFC 6891: NOERROR in the header, BADVERS with the OPT record. */
static void
test_extended_rcode(void)
{
	g_autoptr(GString) message = make_message(5);

	dns_case_add(message, DNS_CASE_ADDITIONAL, "", DNS_CASE_OPT, 1U << 24,
	    (struct span){ NULL, 0 });
	check("BADVERS", dns_case_span(message), "", "other 1");
}

/* "s._domainkey" in one label is not the name of a key. */
static void
test_dot_in_label(void)
{
	g_autoptr(GString) message =
	    dns_case_new(7, 0x8003, "sx_domainkey.x.org", 16);

	message->str[14] = '.';
	check("a dot in a label", dns_case_span(message), "", "other 1");
}

/* Names compressed, and a pointer to itself. */
static void
test_compressed(void)
{
	g_autoptr(GString) message = dns_case_new(7, 0x8000, S, 16);

	message->str[7] = 1;
	g_string_append_len(
	    message, "\xc0\x0c\0\x10\0\1\0\0\1\x2c\0\3\2p=", 15);
	check("a pointer", dns_case_span(message), " item 1 offset 0",
	    S " present [p=]" TXT " complete");
	message->str[message->len - 14] = (char)(message->len - 15);
	check("to itself", dns_case_span(message), "",
	    "bad 1: a malformed record");
}

static void
test_no_time(void)
{
	static const struct import_options nothing = {
		.observed_at = TIMESTAMP_NONE,
	};
	g_autoptr(GString) message = make_message(3);
	g_autofree char *got =
	    import_case_run(&import_wire, dns_case_span(message), &nothing);

	g_assert_cmpstr(got, ==,
	    "bad 1: no time in this record: give one with --observed-at\n");
	check("empty", SPAN(""), "", "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_wire/cases", test_cases);
	g_test_add_func("/import_wire/frames", test_frames);
	g_test_add_func("/import_wire/dump", test_dump);
	g_test_add_func("/import_wire/cut", test_cut);
	g_test_add_func("/import_wire/extended-rcode", test_extended_rcode);
	g_test_add_func("/import_wire/dot-in-label", test_dot_in_label);
	g_test_add_func("/import_wire/compressed", test_compressed);
	g_test_add_func("/import_wire/no-time", test_no_time);
	return g_test_run();
}
