/* bench_text.c - see bench_text.h. */
#include "tests/gen/bench_text.h"

#include <string.h>

#define WORDS       3000
#define NAMES       1000 /* the first words, ASCII only */
#define LINE        72   /* where plain text is wrapped */
#define QUOTED_LINE 75   /* and "=", RFC 2045 6.7 (5) */
#define CODED_LINE  57   /* octets that make a base64 line of 76 */

struct vocabulary {
	char *words[WORDS];
};

static const char *const syllables[] = { "ba", "con", "de", "el", "fi", "gra",
	"ho", "in", "ju", "ka", "lo", "men", "no", "or", "pre", "qui", "re",
	"sta", "ti", "un", "ver", "wa", "xi", "yo", "za", "tion", "ment", "ly",
	"ing", "er" };
static const char *const accents[] = { "é", "ü", "ça", "à", "œu", "ñ" };

static char *
make_word(struct dice *dice, gboolean ascii)
{
	GString *word = g_string_new(NULL);
	guint n = 1 + dice_below(dice, 4);

	for (guint i = 0; i < n; i++)
		g_string_append(
		    word, syllables[dice_below(dice, G_N_ELEMENTS(syllables))]);
	if (!ascii && dice_below(dice, 12) == 0)
		g_string_append(
		    word, accents[dice_below(dice, G_N_ELEMENTS(accents))]);
	return g_string_free(word, FALSE);
}

struct vocabulary *
vocabulary_new(uint64_t seed)
{
	struct vocabulary *vocabulary = g_new0(struct vocabulary, 1);
	struct dice dice;

	dice_init(&dice, seed, "vocabulary", 0);
	for (guint i = 0; i < WORDS; i++)
		vocabulary->words[i] = make_word(&dice, i < NAMES);
	return vocabulary;
}

void
vocabulary_free(struct vocabulary *vocabulary)
{
	for (guint i = 0; i < WORDS; i++)
		g_free(vocabulary->words[i]);
	g_free(vocabulary);
}

const char *
vocabulary_name(const struct vocabulary *vocabulary, struct dice *dice)
{
	return vocabulary->words[dice_below(dice, NAMES)];
}

/* Some words are frequent, most are rare. */
static const char *
pick_word(const struct vocabulary *vocabulary, struct dice *dice)
{
	return vocabulary->words[dice_below(dice, 1 + dice_below(dice, WORDS))];
}

void
text_words(GString *out, const struct vocabulary *vocabulary, struct dice *dice,
    guint n)
{
	for (guint i = 0; i < n; i++) {
		if (i > 0)
			g_string_append_c(out, ' ');
		g_string_append(out, pick_word(vocabulary, dice));
	}
}

/* A paragraph wrapped at LINE, each line after "prefix". */
static void
add_paragraph(GString *out, const struct vocabulary *vocabulary,
    struct dice *dice, const char *prefix)
{
	guint n = 8 + dice_below(dice, 90);
	gsize start = out->len;

	g_string_append(out, prefix);
	/* What an mbox has to quote. */
	if (dice_below(dice, 300) == 0)
		g_string_append(out, "From ");
	for (guint i = 0; i < n; i++) {
		const char *word = pick_word(vocabulary, dice);
		if (out->len - start + strlen(word) > LINE) {
			g_string_truncate(out, out->len - 1);
			g_string_append_c(out, '\n');
			start = out->len;
			g_string_append(out, prefix);
		}
		g_string_append(out, word);
		g_string_append(out, dice_below(dice, 12) == 0 ? ". " : " ");
	}
	g_string_truncate(out, out->len - 1);
	g_string_append(out, ".\n\n");
}

void
text_plain(GString *out, const struct vocabulary *vocabulary, struct dice *dice,
    gsize size)
{
	gsize end = out->len + size;

	while (out->len < end)
		add_paragraph(out, vocabulary, dice,
		    dice_below(dice, 4) == 0 ? "> " : "");
}

/* One row of a letter made of tables: indented by spaces or tabs, or one
 * long line. */
static void
add_row(GString *out, const struct vocabulary *vocabulary, struct dice *dice,
    const char *indent)
{
	g_string_append_printf(out,
	    "%s<tr>\n%s%s<td style=\"font-family:Arial;color:#%06x;"
	    "padding:%upx\">",
	    indent, indent, indent, dice_below(dice, 0x1000000),
	    dice_below(dice, 30));
	text_words(out, vocabulary, dice, 5 + dice_below(dice, 60));
	if (dice_below(dice, 3) == 0) {
		g_string_append_printf(out,
		    " <a href=\"https://www.%s.example/%s?id=%08x&amp;u=%u\">",
		    vocabulary_name(vocabulary, dice),
		    vocabulary_name(vocabulary, dice),
		    dice_below(dice, 0x7fffffff), dice_below(dice, 100000));
		text_words(out, vocabulary, dice, 1 + dice_below(dice, 4));
		g_string_append(out, "</a>");
	}
	g_string_append_printf(out, "</td>\n%s</tr>\n", indent);
}

void
text_html(GString *out, const struct vocabulary *vocabulary, struct dice *dice,
    gsize size)
{
	static const char *const indents[] = { "", "", "  ", "\t" };
	const char *indent = indents[dice_below(dice, G_N_ELEMENTS(indents))];
	gsize end = out->len + size;

	g_string_append(out,
	    "<html><head><meta http-equiv=\"Content-Type\" "
	    "content=\"text/html; charset=utf-8\"></head>\n"
	    "<body style=\"margin:0\">\n<table width=\"600\">\n");
	do {
		add_row(out, vocabulary, dice, indent);
	} while (out->len < end);
	g_string_append(out, "</table>\n</body></html>\n");
}

void
text_append_crlf(GString *out, const GString *text)
{
	for (const char *p = text->str, *end = p + text->len; p < end;) {
		const char *line = memchr(p, '\n', (size_t)(end - p));
		g_assert(line != NULL);
		g_string_append_len(out, p, line - p);
		g_string_append(out, "\r\n");
		p = line + 1;
	}
}

/* No soft break is needed after the last octet of a line, and none is made
 * between the octets of one code. */
void
text_append_quoted(GString *out, const GString *text)
{
	static const char hex[] = "0123456789ABCDEF";
	gsize start = out->len;

	for (gsize i = 0; i < text->len; i++) {
		guint8 c = (guint8)text->str[i];
		if (c == '\n') {
			g_string_append(out, "\r\n");
			start = out->len;
			continue;
		}
		gboolean coded = c == '=' || c >= 127 ||
		    ((c == ' ' || c == '\t') && text->str[i + 1] == '\n');
		if (out->len - start + (coded ? 3 : 1) > QUOTED_LINE) {
			g_string_append(out, "=\r\n");
			start = out->len;
		}
		if (coded) {
			g_string_append_c(out, '=');
			g_string_append_c(out, hex[c >> 4]);
			c = (guint8)hex[c & 15];
		}
		g_string_append_c(out, (char)c);
	}
}

void
text_append_base64(GString *out, struct dice *dice, gsize size)
{
	gsize end = out->len + size;
	guint8 octets[64];

	while (out->len < end) {
		char line[80];
		gint state = 0, save = 0;
		for (guint i = 0; i < sizeof(octets); i += 8) {
			uint64_t number = dice_next(dice);
			memcpy(octets + i, &number, 8);
		}
		gsize n = g_base64_encode_step(
		    octets, CODED_LINE, FALSE, line, &state, &save);
		n += g_base64_encode_close(FALSE, line + n, &state, &save);
		g_string_append_len(out, line, (gssize)n);
		g_string_append(out, "\r\n");
	}
}
