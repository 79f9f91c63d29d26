/*
 * checksum_list.c - md5sum, BSD, CSV and BagIt lists of digests.
 *
 * Memory is one line of LINE_READER_MAX octets and as much again; a longer
 * line is a bad one.
 */
#include "verifier/archive/checksum_list.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/archive/line_reader.h"

#define HEX_MAX (2 * CHECKSUM_SIZE_MAX)

/* ---- names of lists ------------------------------------------------------ */

bool
checksum_list_is_name(struct span name)
{
	static const struct span endings[] = { SPAN(".md5"), SPAN(".sha1"),
		SPAN(".sha256"), SPAN(".sha512"), SPAN(".md5sum"),
		SPAN(".sha1sum"), SPAN(".sha256sum"), SPAN(".sha512sum"),
		SPAN("md5.txt"), SPAN("sha1.txt"), SPAN("sha256.txt"),
		SPAN("sha512.txt"), SPAN("md5.csv"), SPAN("md5sum.txt"),
		SPAN("sha1sum.txt"), SPAN("sha256sum.txt"),
		SPAN("sha512sum.txt"), SPAN("md5sums.txt"),
		SPAN("checksums.txt"), SPAN("checksums.csv"), SPAN("md5sums"),
		SPAN("sha1sums"), SPAN("sha256sums"), SPAN("sha512sums"),
		SPAN("checksums") };

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		struct span ending = endings[i];
		if (name.n >= ending.n &&
		    span_equal_nocase(
			span_from(name, name.n - ending.n), ending))
			return true;
	}
	return false;
}

/* ---- names in lists ------------------------------------------------------ */

/* md5sum's escapes undone, into "scratch"; false at one that is none. */
static bool
unescape_backslash(struct span raw, uint8_t *scratch, struct span *name_out)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		uint8_t octet = raw.p[i];
		if (octet == '\\') {
			if (++i == raw.n)
				return false;
			if (raw.p[i] == 'n')
				octet = '\n';
			else if (raw.p[i] == 'r')
				octet = '\r';
			else if (raw.p[i] != '\\')
				return false;
		}
		scratch[n++] = octet;
	}
	*name_out = (struct span){ scratch, n };
	return true;
}

/* RFC 8493 section 2.1.3: only LF, CR and "%" itself are ever escaped. */
struct span
checksum_unescape(struct span raw, uint8_t *scratch)
{
	static const struct {
		const char *escape;
		uint8_t octet;
	} known[] = { { "%0a", '\n' }, { "%0d", '\r' }, { "%25", '%' } };
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		scratch[n] = raw.p[i];
		for (size_t k = 0; k < G_N_ELEMENTS(known); k++) {
			if (!span_equal_nocase(span_sub(raw, i, 3),
				span_from_string(known[k].escape)))
				continue;
			scratch[n] = known[k].octet;
			i += 2;
			break;
		}
		n++;
	}
	return (struct span){ scratch, n };
}

/* A CSV field's quotes undone, into "scratch"; false when they do not match. */
static bool
unquote(struct span raw, uint8_t *scratch, struct span *name_out)
{
	size_t n = 0;

	*name_out = raw;
	if (raw.n == 0 || raw.p[0] != '"')
		return true;
	if (raw.n < 2 || raw.p[raw.n - 1] != '"')
		return false;
	for (size_t i = 1; i < raw.n - 1; i++) {
		if (raw.p[i] == '"' && (++i == raw.n - 1 || raw.p[i] != '"'))
			return false;
		scratch[n++] = raw.p[i];
	}
	*name_out = (struct span){ scratch, n };
	return true;
}

/* ---- lines --------------------------------------------------------------- */

/* Octets of the hex digits at the start of "line", at most HEX_MAX + 1. */
static size_t
count_hex(struct span line)
{
	size_t n = 0;

	while (
	    n < line.n && n <= HEX_MAX && rfc5234_is(line.p[n], RFC5234_HEXDIG))
		n++;
	return n;
}

static bool
take_digest(struct span hex, struct checksum_entry *entry)
{
	return checksum_from_hex(hex, &entry->algorithm, entry->digest);
}

/* HEX, then "  " or " *" or one blank, then the name. */
static bool
parse_plain(struct span line, struct checksum_entry *entry)
{
	size_t n = count_hex(line);
	struct span rest = span_from(line, n);

	if (rest.n == 0 || !rfc5234_is(rest.p[0], RFC5234_WSP) ||
	    !take_digest(span_sub(line, 0, n), entry))
		return false;
	rest = span_from(rest, 1);
	if (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '*'))
		rest = span_from(rest, 1);
	entry->raw_name = rest;
	return true;
}

/* HEX, blanks, path; "*" before the path comes from md5sum -b. */
static bool
parse_bag(struct span line, struct checksum_entry *entry)
{
	size_t n = count_hex(line);
	struct span rest = span_from(line, n);

	if (rest.n == 0 || !rfc5234_is(rest.p[0], RFC5234_WSP) ||
	    !take_digest(span_sub(line, 0, n), entry))
		return false;
	while (rest.n > 0 && rfc5234_is(rest.p[0], RFC5234_WSP))
		rest = span_from(rest, 1);
	if (rest.n > 0 && rest.p[0] == '*')
		rest = span_from(rest, 1);
	entry->raw_name = rest;
	return true;
}

/* ALGORITHM [SP] "(" name ")" [SP] "=" SP HEX, taken apart from both ends, so
 * that the name may hold anything.  False when it has not that form. */
static bool
parse_tagged(
    struct span line, struct checksum_entry *entry, const char **why_out)
{
	size_t open = span_find(line, '('), hex = line.n, close;
	enum checksum_algorithm named;

	while (hex > 0 && rfc5234_is(line.p[hex - 1], RFC5234_HEXDIG))
		hex--;
	close = hex;
	if (close < 2 || line.p[close - 1] != ' ' || line.p[close - 2] != '=')
		return false;
	close -= 2;
	if (close > 0 && line.p[close - 1] == ' ')
		close--;
	if (close == 0 || line.p[--close] != ')' || close <= open)
		return false;
	if (!checksum_algorithm_of(
		span_trim_wsp(span_sub(line, 0, open)), &named))
		*why_out = "not an algorithm that is known";
	else if (!take_digest(span_from(line, hex), entry) ||
	    entry->algorithm != named)
		*why_out = "the digest is not of the algorithm's length";
	entry->raw_name = span_sub(line, open + 1, close - open - 1);
	return true;
}

/* name "," HEX or HEX "," name */
static bool
parse_csv(struct span line, struct checksum_entry *entry)
{
	size_t n = count_hex(line), comma = line.n;

	if (n < line.n && line.p[n] == ',' &&
	    take_digest(span_sub(line, 0, n), entry)) {
		entry->raw_name = span_trim_wsp(span_from(line, n + 1));
		return true;
	}
	while (comma > 0 && line.p[comma - 1] != ',')
		comma--;
	struct span hex = span_trim_wsp(span_from(line, comma));
	if (hex.n >= 2 && hex.p[0] == '"' && hex.p[hex.n - 1] == '"')
		hex = span_sub(hex, 1, hex.n - 2);
	if (comma == 0 || !take_digest(hex, entry))
		return false;
	entry->raw_name = span_trim_wsp(span_sub(line, 0, comma - 1));
	return true;
}

/* The first line of a CSV may say what the columns hold. */
static bool
is_heading(struct span line)
{
	static const char *const words[] = { "md5", "sha", "hash", "checksum",
		"digest" };

	if (span_find(line, ',') == line.n)
		return false;
	for (size_t at = 0; at < line.n; at++) {
		for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
			struct span word = span_from_string(words[i]);
			if (span_equal_nocase(span_sub(line, at, word.n), word))
				return true;
		}
	}
	return false;
}

static enum checksum_line
bad(const char **why_out, const char *why)
{
	*why_out = why;
	return CHECKSUM_BAD;
}

/* A line of a list that is no manifest. */
static enum checksum_line
parse_any(struct span line, uint64_t number, uint8_t *scratch,
    struct checksum_entry *entry, const char **why_out)
{
	bool escaped = line.p[0] == '\\';
	struct span text = span_from(line, escaped ? 1 : 0);

	*why_out = NULL;
	if (line.p[0] == '#' || line.p[0] == ';')
		return CHECKSUM_NOTHING;
	if (parse_plain(text, entry) || parse_tagged(text, entry, why_out)) {
		entry->name = entry->raw_name;
		if (*why_out != NULL)
			return CHECKSUM_BAD;
		if (escaped &&
		    !unescape_backslash(entry->raw_name, scratch, &entry->name))
			return bad(why_out, "an escape that is none");
		return CHECKSUM_ENTRY;
	}
	if (parse_csv(line, entry)) {
		if (!unquote(entry->raw_name, scratch, &entry->name))
			return bad(why_out, "quotes that do not match");
		return CHECKSUM_ENTRY;
	}
	if (number == 1 && is_heading(line))
		return CHECKSUM_NOTHING;
	return bad(why_out, "not a digest and a name");
}

enum checksum_line
checksum_line_parse(struct span line, uint64_t number, enum checksum_form form,
    uint8_t *scratch, struct checksum_entry *entry_out, const char **why_out)
{
	enum checksum_line what = CHECKSUM_ENTRY;

	if (line.n > 0 && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (number == 1 && form == CHECKSUM_FORM_ANY &&
	    span_starts_with(line, SPAN("\xef\xbb\xbf")))
		line = span_from(line, 3);
	if (span_trim_wsp(line).n == 0)
		return CHECKSUM_NOTHING;
	if (form == CHECKSUM_FORM_ANY)
		what = parse_any(line, number, scratch, entry_out, why_out);
	else if (parse_bag(line, entry_out))
		entry_out->name =
		    checksum_unescape(entry_out->raw_name, scratch);
	else
		return bad(why_out, "not a digest and a path");
	if (what == CHECKSUM_ENTRY && entry_out->name.n == 0)
		return bad(why_out, "no name");
	return what;
}

/* ---- lists --------------------------------------------------------------- */

struct checksum_list {
	struct line_reader lines;
	enum checksum_form form;
	uint8_t scratch[LINE_READER_MAX];
};

struct checksum_list *
checksum_list_new(struct source *source, enum checksum_form form)
{
	struct checksum_list *list = g_new0(struct checksum_list, 1);

	line_reader_open(&list->lines, source);
	list->form = form;
	return list;
}

void
checksum_list_free(struct checksum_list *list)
{
	if (list == NULL)
		return;
	line_reader_close(&list->lines);
	g_free(list);
}

int
checksum_list_next(
    struct checksum_list *list, struct checksum_item *item_out, GError **error)
{
	struct line_reader *lines = &list->lines;
	struct span line;
	int got;

	while ((got = line_reader_next(lines, &line, error)) == 1) {
		*item_out = (struct checksum_item){ .number = lines->number };
		if (line.n == 0) {
			item_out->why = "the line is too long";
			return 1;
		}
		if (checksum_line_parse(line, lines->number, list->form,
			list->scratch, &item_out->entry,
			&item_out->why) != CHECKSUM_NOTHING)
			return 1;
	}
	return got;
}
