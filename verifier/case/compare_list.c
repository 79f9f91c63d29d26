/* compare_list.c - see compare_list.h. */
#include "verifier/case/compare_list.h"

#include "verifier/case/compare_run.h"
#include "verifier/run/lines.h"

#include <string.h>

#define COLUMNS_MAX 256

static const struct {
	const char *word;
	enum their_word means;
} words[] = {
	{ "pass", THEIR_PASS },
	{ "passed", THEIR_PASS },
	{ "true", THEIR_PASS },
	{ "yes", THEIR_PASS },
	{ "ok", THEIR_PASS },
	{ "1", THEIR_PASS },
	{ "valid", THEIR_PASS },
	{ "verified", THEIR_PASS },
	{ "good", THEIR_PASS },
	{ "fail", THEIR_FAIL },
	{ "failed", THEIR_FAIL },
	{ "false", THEIR_FAIL },
	{ "no", THEIR_FAIL },
	{ "0", THEIR_FAIL },
	{ "invalid", THEIR_FAIL },
	{ "bad", THEIR_FAIL },
	{ "policy", THEIR_FAIL },
	{ "neutral", THEIR_FAIL },
	{ "temperror", THEIR_FAIL },
	{ "permerror", THEIR_FAIL },
	{ "unverified", THEIR_FAIL },
	{ "none", THEIR_NONE },
	{ "unsigned", THEIR_NONE },
};

enum their_word
compared_list_word(struct span word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (span_equal_nocase(word, span_from_string(words[i].word)))
			return words[i].means;
	}
	return THEIR_OTHER;
}

/* ---- columns ------------------------------------------------------------- */

struct reading_list {
	struct compared_list *list;
	const struct crypto *crypto;
	struct sorter *by_sha256, *by_name;
	uint8_t separator;
	size_t id, word; /* columns, from 0 */
};

/* One value; "*rest" is what follows its separator, and p NULL at the end.
 * Doubled quotes become one. */
static void
take_value(const struct reading_list *reading, struct span *rest, GString *out)
{
	bool quoted = rest->n > 0 && rest->p[0] == '"';
	size_t i = quoted;

	g_string_truncate(out, 0);
	for (; i < rest->n; i++) {
		uint8_t octet = rest->p[i];

		if (quoted && octet == '"') {
			if (i + 1 < rest->n && rest->p[i + 1] == '"')
				i++;
			else
				quoted = false;
			if (!quoted)
				continue;
		} else if (!quoted && octet == reading->separator) {
			*rest = span_from(*rest, i + 1);
			return;
		}
		g_string_append_c(out, (char)octet);
	}
	*rest = (struct span){ NULL, 0 };
}

static struct span
trimmed(const GString *value)
{
	return span_trim_fws(
	    (struct span){ (const uint8_t *)value->str, value->len });
}

static uint8_t
find_separator(struct span line)
{
	static const uint8_t candidates[] = { '\t', ',', ';' };

	for (size_t i = 0; i < G_N_ELEMENTS(candidates); i++) {
		if (span_find(line, candidates[i]) < line.n)
			return candidates[i];
	}
	return '\t';
}

static bool
is_called(struct span name, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (span_equal_nocase(name, span_from_string(*names)))
			return true;
	}
	return false;
}

/* The first line: are its columns named?  Then it is no message. */
static bool
read_names(struct reading_list *reading, struct span line)
{
	static const char *const ids[] = { "message-id", "message_id",
		"messageid", "id", "sha256", "sha-256", "hash", NULL };
	static const char *const results[] = { "result", "verdict", "dkim",
		"status", "pass", "dkim_result", NULL };
	g_autoptr(GString) value = g_string_new(NULL);
	size_t id = COLUMNS_MAX, word = COLUMNS_MAX;

	for (size_t i = 0; line.p != NULL && i < COLUMNS_MAX; i++) {
		take_value(reading, &line, value);
		if (id == COLUMNS_MAX && is_called(trimmed(value), ids))
			id = i;
		else if (word == COLUMNS_MAX &&
		    is_called(trimmed(value), results))
			word = i;
	}
	if (id == COLUMNS_MAX || word == COLUMNS_MAX)
		return false;
	reading->id = id;
	reading->word = word;
	return true;
}

/* ---- lines --------------------------------------------------------------- */

/* Hexadecimal digits of either case. */
static bool
read_sha256(struct span id, uint8_t out[DIGEST_SHA256_SIZE])
{
	g_autofree char *lower = NULL;

	if (id.n != 2 * DIGEST_SHA256_SIZE)
		return false;
	lower = g_ascii_strdown((const char *)id.p, (gssize)id.n);
	return digest_from_hex((struct span){ (uint8_t *)lower, id.n }, out);
}

static void
take_word(struct reading_list *reading, struct span word, struct place *place)
{
	enum their_word means = compared_list_word(word);

	place->word = (uint8_t)means;
	place->their_n = (uint8_t)MIN(word.n, PLACE_WORD_MAX);
	memcpy(place->their, word.p, place->their_n);
	reading->list->words[means]++;
}

static bool
take_line(struct reading_list *reading, struct span line, uint64_t number,
    GError **error)
{
	g_autoptr(GString) id = g_string_new(NULL);
	g_autoptr(GString) word = g_string_new(NULL);
	g_autoptr(GString) other = g_string_new(NULL);
	struct place place = { .seq = number };
	struct span name;

	for (size_t i = 0; line.p != NULL && i < COLUMNS_MAX; i++)
		take_value(reading, &line,
		    i == reading->id         ? id
			: i == reading->word ? word
					     : other);
	name = compare_message_id(trimmed(id));
	if (name.n == 0 || trimmed(word).n == 0) {
		if (reading->list->skipped++ == 0)
			reading->list->first_skipped = number;
		return true;
	}
	reading->list->lines++;
	take_word(reading, trimmed(word), &place);
	if (read_sha256(name, place.key))
		return place_add(reading->by_sha256, &place, error);
	compare_digest(reading->crypto, name, place.key);
	return place_add(reading->by_name, &place, error);
}

static struct span
without_end(struct span line, bool first)
{
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (first && span_starts_with(line, SPAN("\xef\xbb\xbf")))
		line = span_from(line, 3);
	return line;
}

bool
compared_list_read(struct compared_list *list, const char *path,
    const struct crypto *crypto, struct sorter *by_sha256,
    struct sorter *by_name, GError **error)
{
	struct reading_list reading = {
		.list = list,
		.crypto = crypto,
		.by_sha256 = by_sha256,
		.by_name = by_name,
		.word = 1,
	};
	struct lines *lines = lines_open(path, LIST_LINE_MAX, crypto, error);
	struct span line;
	bool good = lines != NULL;
	int got = 0;

	*list = (struct compared_list){ .lines = 0 };
	while (good && (got = lines_next(lines, &line, error)) == 1) {
		bool first = lines_number(lines) == 1;

		line = without_end(line, first);
		if (span_find(line, 0) < line.n) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "%s: line %" G_GUINT64_FORMAT
			    " holds a NUL: a list is text in UTF-8, not UTF-16",
			    path, lines_number(lines));
			good = false;
			break;
		}
		if (first)
			reading.separator = find_separator(line);
		if (!first || !read_names(&reading, line))
			good = line.n == 0 ||
			    take_line(
				&reading, line, lines_number(lines), error);
	}
	lines_close(lines);
	return good && got == 0;
}
