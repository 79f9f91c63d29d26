/* shown_name.c - see shown_name.h.  Linear in SHOWN_NAME_MAX. */
#include "verifier/message/shown_name.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/key/dns_name.h"
#include "verifier/message/display.h"

/* Can there be anything to find?  Most names have none of these octets. */
static bool
is_ordinary(struct span raw)
{
	for (size_t i = 0; i < raw.n; i++) {
		uint8_t octet = raw.p[i];

		if (octet == '@' ||
		    (octet == '=' && i + 1 < raw.n && raw.p[i + 1] == '?'))
			return false;
		if (octet == '.' && i + 1 < raw.n &&
		    rfc5234_is(raw.p[i + 1], RFC6376_HYPHENATED))
			return false;
		if (!rfc5234_is(
			octet, RFC5234_VCHAR | RFC5234_WSP | RFC5234_CRLF))
			return false;
	}
	return true;
}

/* The text without quotes, parentheses and backslashes that quote. */
static struct span
unquoted(struct arena *arena, struct span raw)
{
	uint8_t *out = arena_alloc(arena, raw.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '\\' && i + 1 < raw.n)
			out[n++] = raw.p[++i];
		else if (raw.p[i] == '(' || raw.p[i] == ')')
			out[n++] = ' ';
		else if (raw.p[i] != '"')
			out[n++] = raw.p[i];
	}
	return (struct span){ out, n };
}

/* ---- characters ---------------------------------------------------------- */

struct range {
	gunichar first, last;
};

static bool
is_in(const struct range *ranges, size_t n, gunichar c)
{
	for (size_t i = 0; i < n; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

/* Shown as nothing: controls, and Default_Ignorable_Code_Point (Unicode
 * DerivedCoreProperties.txt). */
static bool
is_invisible(gunichar c)
{
	static const struct range ranges[] = { { 0, '\t' - 1 },
		{ '\t' + 1, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfff8 }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff } };

	return is_in(ranges, G_N_ELEMENTS(ranges), c);
}

/* Of these, the ones that words in any script need, or emoji. */
static bool
is_needed(gunichar c)
{
	static const struct range ranges[] = { { 0xad, 0xad }, { 0x34f, 0x34f },
		{ 0x61c, 0x61c }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
		{ 0x200c, 0x200f }, { 0xfe00, 0xfe0f }, { 0xe0020, 0xe007f },
		{ 0xe0100, 0xe01ef } };

	return is_in(ranges, G_N_ELEMENTS(ranges), c);
}

/* What ideographic full stops stand for in domains (RFC 5895 2). */
static bool
is_dot(gunichar c)
{
	return c == '.' || c == 0x3002 || c == 0xff61;
}

static bool
is_label(gunichar c)
{
	return c < 0x80 ? rfc5234_is((uint8_t)c, RFC6376_HYPHENATED) || c == '_'
			: g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* Signs behind a word that NFKC would make letters and digits of it: service
 * and trade marks, superscripts. */
static bool
is_sign(gunichar c)
{
	return c == 0x2120 || c == 0x2122 || c == 0xb2 || c == 0xb3 ||
	    c == 0xb9 || (c >= 0x2070 && c <= 0x207f);
}

/* "text" with blanks for such signs. */
static GString *
without_signs(struct span text)
{
	GString *out = g_string_sized_new(text.n + 1);
	const char *p = (const char *)text.p, *end = p + text.n;

	for (; p < end; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(out, is_sign(c) ? ' ' : c);
	}
	return out;
}

/* "text" in NFKC, without invisible characters, "." for all full stops. */
static GString *
plain_form(struct shown_name *name)
{
	g_autoptr(GString) text = without_signs(name->text);
	g_autofree char *normal =
	    g_utf8_normalize(text->str, (gssize)text->len, G_NORMALIZE_NFKC);
	GString *out = g_string_sized_new(name->text.n + 1);

	for (const char *p = normal; p != NULL && *p != '\0';
	     p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (is_invisible(c))
			name->hides |= !is_needed(c);
		else
			g_string_append_unichar(out, is_dot(c) ? '.' : c);
	}
	return out;
}

/* ---- readings ------------------------------------------------------------ */

#define SHOWN_TITLE_MAX 4 /* octets: Dr, Prof, Univ */

/* A run of labels and dots. */
struct run {
	const char *start, *end;
};

static const char *
skip_run(const char *p)
{
	for (; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c != '.' && !is_label(c))
			break;
	}
	return p;
}

static struct span
trimmed(const struct run *run)
{
	const char *start = run->start, *end = run->end;

	while (start < end && (*start == '.' || *start == '-'))
		start++;
	while (end > start && (end[-1] == '.' || end[-1] == '-'))
		end--;
	return (struct span){ (const uint8_t *)start, (size_t)(end - start) };
}

/* Where the last label of what ends at "end" begins. */
static size_t
last_label(struct span text, size_t end)
{
	while (end > 0 && text.p[end - 1] != '.')
		end--;
	return end;
}

/* Nobody's name: com, in any case. */
static bool
is_generic(struct span label)
{
	static const struct span labels[] = { SPAN("com"), SPAN("net"),
		SPAN("org"), SPAN("edu"), SPAN("gov"), SPAN("mil"),
		SPAN("info"), SPAN("biz") };

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		if (span_equal_nocase(label, labels[i]))
			return true;
	}
	return false;
}

/* "Med" in "Dr.Med", but neither "med" nor "MED"; nor "Com" in "PayPal.Com",
 * as behind a longer word only a short name (Maria.Li) is none. */
static bool
is_titled(struct span text)
{
	size_t at = last_label(text, text.n);
	bool lower = false;

	if (at == 0 || is_generic(span_from(text, at)) ||
	    (text.n - at > 2 &&
		at - 1 - last_label(text, at - 1) > SHOWN_TITLE_MAX))
		return false;
	for (size_t i = at + 1; i < text.n; i++)
		lower |= text.p[i] >= 'a' && text.p[i] <= 'z';
	return lower && at < text.n && text.p[at] >= 'A' && text.p[at] <= 'Z';
}

static void
take(struct shown_name *name, struct arena *arena, const struct run *run,
    bool address)
{
	struct span text = trimmed(run);
	struct shown_reading reading = { .address = address };

	if (span_find(text, '.') == text.n ||
	    dns_name_canonical(arena, text, &reading.domain) != DNS_NAME_OK)
		return;
	if (name->n == SHOWN_NAME_READ_MAX) {
		name->cut = true;
		return;
	}
	reading.titled = is_titled(text);
	reading.generic = is_generic(span_from(text, last_label(text, text.n)));
	reading.text = arena_copy(arena, text);
	name->readings[name->n++] = reading;
}

/* Does "p" stand behind something that can be a local part? */
static bool
has_local(const char *text, const char *p)
{
	return p > text && strchr(" \t<>(),;:[]@", p[-1]) == NULL;
}

static void
find_readings(struct shown_name *name, struct arena *arena, const char *text)
{
	for (const char *p = text; *p != '\0';) {
		struct run run = { p, skip_run(p) };
		bool address =
		    p > text && p[-1] == '@' && has_local(text, p - 1);

		/* In front of "@" it is a local part. */
		if (run.end > run.start && (*run.end != '@' || address))
			take(name, arena, &run, address);
		p = *run.end == '\0' ? run.end : g_utf8_next_char(run.end);
	}
}

/* The first octets, without half a character at the end. */
static struct span
cut(struct span raw)
{
	size_t n = SHOWN_NAME_MAX;

	if (raw.n <= n)
		return raw;
	while (n > 0 && (raw.p[n] & 0xc0) == 0x80)
		n--;
	return span_sub(raw, 0, n);
}

void
shown_name_read(struct shown_name *name, struct arena *arena, struct span raw)
{
	*name = (struct shown_name){ .cut = raw.n > SHOWN_NAME_MAX };
	raw = span_trim_fws(cut(raw));
	if (is_ordinary(raw))
		return;
	name->readings = arena_alloc_array(
	    arena, SHOWN_NAME_READ_MAX, sizeof(*name->readings));
	name->text = display_text(arena, unquoted(arena, raw));
	g_autoptr(GString) plain = plain_form(name);
	name->via = strstr(plain->str, " via ") != NULL;
	find_readings(name, arena, plain->str);
}
