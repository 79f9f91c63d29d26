/*
 * make_keys.c - make_keys: write observations of keys for measuring, of any
 * number, from a seed: as jsonl or as the Passive DNS Common Output Format.
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
print_all(const struct wishes *wishes)
{
	struct seen seen = { .record = g_string_new(NULL) };
	gboolean cof = strcmp(wishes->format, "cof") == 0;
	struct dice dice;

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
		if (cof)
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
		    "jsonl or cof (jsonl)", "NAME" },
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
		strcmp(wishes.format, "jsonl") != 0)) {
		fprintf(stderr, "make_keys: see --help\n");
		return 2;
	}
	print_all(&wishes);
	g_free(wishes.format);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
