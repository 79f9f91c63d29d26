/*
 * make_keys.c - make_keys: write observations of keys for measuring, of any
 * number, from a seed: as jsonl, as the Passive DNS Common Output Format, or
 * as a packet capture, from which each answer is kept as evidence of its own.
 *
 * Names come again and again, as in a collection over years: an observation
 * is of one of --names names.  The keys are RSA keys of 2048 bits in form
 * only (their moduli are random odd numbers), as an import checks no primes;
 * a name has one key in all of its observations, or, one in eight, two.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gen/dice.h"

#define STRING_MAX 255 /* octets of a character-string */
#define YEAR       31557600

struct wishes {
	gint64 seed, lines, names, one_name;
	char *format;
};

/* One observation. */
struct seen {
	char selector[32], domain[80];
	GString *record;
	gint64 first, last;
};

static const char *const selectors[] = { "default", "google", "s1", "s2", "k1",
	"mail", "dkim", "selector1", "selector2", "20161025", "scph0316",
	"mandrill", "smtpapi", "zendesk1", "fm1", "mta" };
static const char *const syllables[] = { "ba", "cor", "del", "fin", "gra",
	"hol", "in", "ka", "lu", "mer", "nor", "pro", "ser", "tek", "vi",
	"wes" };
static const char *const ends[] = { "com", "com", "com", "org", "net", "de",
	"fr", "co.uk", "com.br", "io", "ru", "nl", "it", "pl", "edu",
	"mail.example" };

#define PICK(array, value) ((array)[(value) % G_N_ELEMENTS(array)])

static void
make_name(struct seen *seen, const struct wishes *wishes, gint64 name)
{
	struct dice dice;
	guint64 value;

	dice_init(&dice, (guint64)wishes->seed, "name", (guint64)name);
	value = dice_next(&dice);
	g_snprintf(seen->selector, sizeof(seen->selector), "%s",
	    PICK(selectors, value));
	g_snprintf(seen->domain, sizeof(seen->domain),
	    "%s%s%s%" G_GINT64_FORMAT ".%s", PICK(syllables, value >> 8),
	    PICK(syllables, value >> 16), PICK(syllables, value >> 24), name,
	    PICK(ends, value >> 32));
}

/* A SubjectPublicKeyInfo with a modulus of 2048 bits and e = 65537. */
static void
make_record(struct seen *seen, const struct wishes *wishes, gint64 name,
    guint64 version)
{
	static const guint8 head[] = { 0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06,
		0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
		0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01,
		0x0a, 0x02, 0x82, 0x01, 0x01, 0x00 };
	static const guint8 tail[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
	guint8 key[sizeof(head) + 256 + sizeof(tail)];
	struct dice dice;

	dice_init(
	    &dice, (guint64)wishes->seed, "key", (guint64)name * 2 + version);
	memcpy(key, head, sizeof(head));
	for (size_t i = 0; i < 256; i += 8) {
		guint64 value = dice_next(&dice);

		memcpy(key + sizeof(head) + i, &value, 8);
	}
	key[sizeof(head)] |= 0xc0;
	key[sizeof(head) + 255] |= 1;
	memcpy(key + sizeof(head) + 256, tail, sizeof(tail));
	g_string_assign(seen->record, "v=DKIM1; k=rsa; p=");
	g_autofree char *base64 = g_base64_encode(key, sizeof(key));
	g_string_append(seen->record, base64);
}

/* The record as two character-strings, in quotes. */
static void
print_strings(const struct seen *seen, const char *quote, const char *between)
{
	const char *text = seen->record->str;

	printf("%s%.*s%s%s%s%s%s", quote, STRING_MAX, text, quote, between,
	    quote, text + STRING_MAX, quote);
}

static void
print_jsonl(const struct seen *seen)
{
	printf("{\"domain\":\"%s\",\"selector\":\"%s\",\"txt\":[", seen->domain,
	    seen->selector);
	print_strings(seen, "\"", ",");
	printf("],\"first_seen\":%" G_GINT64_FORMAT
	       ",\"last_seen\":%" G_GINT64_FORMAT "}\n",
	    seen->first, seen->last);
}

static void
print_cof(const struct seen *seen)
{
	printf("{\"rrname\":\"%s._domainkey.%s.\",\"rrtype\":\"TXT\","
	       "\"rdata\":\"",
	    seen->selector, seen->domain);
	print_strings(seen, "\\\"", " ");
	printf("\",\"time_first\":%" G_GINT64_FORMAT
	       ",\"time_last\":%" G_GINT64_FORMAT ",\"count\":%d}\n",
	    seen->first, seen->last, 1 + (int)(seen->last % 97));
}

static void
put_number(GByteArray *out, guint64 value, unsigned octets)
{
	for (unsigned shift = 8 * octets; shift > 0; shift -= 8) {
		const guint8 octet = (guint8)(value >> (shift - 8));

		g_byte_array_append(out, &octet, 1);
	}
}

static void
put_name(GByteArray *out, const struct seen *seen)
{
	g_autofree char *name =
	    g_strdup_printf("%s._domainkey.%s", seen->selector, seen->domain);
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);

	for (char **label = labels; *label != NULL; label++) {
		put_number(out, strlen(*label), 1);
		g_byte_array_append(
		    out, (const guint8 *)*label, (guint)strlen(*label));
	}
	put_number(out, 0, 1);
}

static void
put_strings(GByteArray *out, const struct seen *seen)
{
	const guint8 *text = (const guint8 *)seen->record->str;
	guint left = (guint)seen->record->len;

	put_number(out, left + (left + STRING_MAX - 1) / STRING_MAX, 2);
	while (left > 0) {
		guint n = MIN(left, STRING_MAX);

		put_number(out, n, 1);
		g_byte_array_append(out, text, n);
		text += n;
		left -= n;
	}
}

/* A response with its question, RFC 1035 section 4. */
static void
put_message(GByteArray *out, const struct seen *seen, gint64 id)
{
	put_number(out, (guint64)id & 0xffff, 2);
	put_number(out, 0x8180, 2);
	put_number(out, UINT64_C(0x0001000100000000), 8);
	put_name(out, seen);
	put_number(out, 0x00100001, 4);
	put_number(out, 0xc00c, 2); /* the name of the question */
	put_number(out, 0x00100001, 4);
	put_number(out, 300, 4);
	put_strings(out, seen);
}

/* A packet of a capture of IPv4 datagrams; sums are not checked. */
static void
print_pcap(const struct seen *seen, gint64 number)
{
	g_autoptr(GByteArray) message = g_byte_array_new();
	g_autoptr(GByteArray) packet = g_byte_array_new();
	guint n;

	put_message(message, seen, number);
	n = message->len + 8 + 20;
	put_number(packet, (guint64)seen->first, 4);
	put_number(packet, 0, 4);
	put_number(packet, n, 4);
	put_number(packet, n, 4);
	put_number(packet, 0x4500, 2);
	put_number(packet, n, 2);
	put_number(packet, 0, 4);
	put_number(packet, 0x40110000, 4); /* UDP */
	put_number(packet, 0xc0000235, 4);
	put_number(packet, 0xc6336407, 4);
	put_number(packet, 0x0035d431, 4);
	put_number(packet, n - 20, 2);
	put_number(packet, 0, 2);
	g_byte_array_append(packet, message->data, message->len);
	fwrite(packet->data, 1, packet->len, stdout);
}

static void
print_pcap_head(void)
{
	g_autoptr(GByteArray) head = g_byte_array_new();

	put_number(head, 0xa1b2c3d4, 4);
	put_number(head, 0x00020004, 4);
	put_number(head, 0, 8);
	put_number(head, 65535, 4);
	put_number(head, 101, 4); /* LINKTYPE_RAW */
	fwrite(head->data, 1, head->len, stdout);
}

static void
print_all(const struct wishes *wishes)
{
	struct seen seen = { .record = g_string_new(NULL) };
	gboolean cof = strcmp(wishes->format, "cof") == 0;
	gboolean pcap = strcmp(wishes->format, "pcap") == 0;
	struct dice dice;

	if (pcap)
		print_pcap_head();
	dice_init(&dice, (guint64)wishes->seed, "observations", 0);
	for (gint64 i = 0; i < wishes->lines; i++) {
		guint64 value = dice_next(&dice);
		gint64 name = i < wishes->one_name
		    ? 0
		    : dice_below(&dice, (guint32)wishes->names);

		make_name(&seen, wishes, name);
		make_record(&seen, wishes, name, name % 8 == 0 ? value & 1 : 0);
		seen.first = 1230768000 + (gint64)(value >> 32) % (8 * YEAR);
		seen.last = seen.first + (gint64)(value >> 8) % YEAR;
		if (pcap)
			print_pcap(&seen, i);
		else if (cof)
			print_cof(&seen);
		else
			print_jsonl(&seen);
	}
	g_string_free(seen.record, TRUE);
}

int
main(int argc, char **argv)
{
	struct wishes wishes = { .seed = 2017, .lines = 100000 };
	const GOptionEntry entries[] = {
		{ "seed", 0, 0, G_OPTION_ARG_INT64, &wishes.seed,
		    "what everything is derived from (2017)", "N" },
		{ "lines", 0, 0, G_OPTION_ARG_INT64, &wishes.lines,
		    "observations (100000)", "N" },
		{ "names", 0, 0, G_OPTION_ARG_INT64, &wishes.names,
		    "distinct names (a quarter of the lines)", "N" },
		{ "one-name", 0, 0, G_OPTION_ARG_INT64, &wishes.one_name,
		    "how many of the lines are all of one name (0)", "N" },
		{ "format", 0, 0, G_OPTION_ARG_STRING, &wishes.format,
		    "jsonl, cof or pcap (jsonl)", "NAME" },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new("");
	GError *error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		fprintf(stderr, "make_keys: %s\n", error->message);
		return 2;
	}
	if (wishes.format == NULL)
		wishes.format = g_strdup("jsonl");
	if (wishes.names <= 0)
		wishes.names = MAX(1, wishes.lines / 4);
	if (wishes.names > G_MAXUINT32 ||
	    (strcmp(wishes.format, "cof") != 0 &&
		strcmp(wishes.format, "pcap") != 0 &&
		strcmp(wishes.format, "jsonl") != 0)) {
		fprintf(stderr, "make_keys: see --help\n");
		return 2;
	}
	print_all(&wishes);
	g_free(wishes.format);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
