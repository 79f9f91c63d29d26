/*
 * table_map.c - what the columns of a table mean: the text of --map.
 */
#include "keysnap/import/table_map.h"
#include "keysnap/base/rfc5234.h"

#include <glib.h>

static const char *const keys[TABLE_KEYS] = { "name", "domain", "selector",
	"txt", "type", "first", "last", "count", "observer" };

/* The number of "text"; 0 when it is none from 1 to TABLE_COLUMNS_MAX. */
static size_t
read_number(struct span text)
{
	size_t number = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT))
			return 0;
		number = number * 10 + (size_t)(text.p[i] - '0');
		if (number > TABLE_COLUMNS_MAX)
			return 0;
	}
	return number;
}

static bool
is_digits(struct span text)
{
	size_t i = 0;

	while (i < text.n && rfc5234_is(text.p[i], RFC5234_DIGIT))
		i++;
	return i == text.n;
}

static const char *
set_column(struct table_map *map, enum table_key key, struct span value)
{
	if (map->column[key].number > 0 || map->column[key].header.n > 0)
		return "a column is given twice";
	if (is_digits(value)) {
		map->column[key].number = read_number(value);
		return map->column[key].number > 0
		    ? NULL
		    : "the number of a column is not from 1 to 256";
	}
	map->column[key].header = value;
	map->has_header = true;
	return NULL;
}

/* "+02:00", "-0530", "UTC" or "Z". */
static const char *
set_offset(struct table_map *map, struct span value)
{
	struct span hour = span_sub(value, 1, 2);
	struct span minute = span_from(value, value.n == 6 ? 4 : 3);
	size_t hours, minutes;

	map->has_offset = true;
	if (span_equal_nocase(value, SPAN("UTC")) ||
	    span_equal_nocase(value, SPAN("Z")))
		return NULL;
	hours = read_number(hour);
	minutes = read_number(minute);
	if ((value.n != 5 && (value.n != 6 || value.p[3] != ':')) ||
	    (value.p[0] != '+' && value.p[0] != '-') || !is_digits(hour) ||
	    !is_digits(minute) || hours > 14 || minutes > 59)
		return "tz is neither UTC nor an offset such as +02:00";
	map->offset = (int64_t)(hours * 3600 + minutes * 60);
	if (value.p[0] == '-')
		map->offset = -map->offset;
	return NULL;
}

static const char *
set_separator(struct table_map *map, struct span value)
{
	static const struct {
		const char *word;
		uint8_t octet;
	} separators[] = { { "comma", ',' }, { "tab", '\t' },
		{ "semicolon", ';' }, { "pipe", '|' } };

	for (size_t i = 0; i < G_N_ELEMENTS(separators); i++) {
		if (!span_equal(value, span_from_string(separators[i].word)))
			continue;
		map->separator = separators[i].octet;
		return NULL;
	}
	return "separator is none of comma, tab, semicolon, pipe";
}

static const char *
set_quotes(struct table_map *map, struct span value)
{
	if (span_equal(value, SPAN("yes")))
		map->quotes = TABLE_QUOTES_YES;
	else if (span_equal(value, SPAN("no")))
		map->quotes = TABLE_QUOTES_NO;
	else
		return "quotes is neither yes nor no";
	return NULL;
}

static const char *
set(struct table_map *map, struct span key, struct span value)
{
	if (value.n == 0)
		return "not of the form KEY=COLUMN,KEY=COLUMN";
	if (span_equal(key, SPAN("tz")))
		return set_offset(map, value);
	if (span_equal(key, SPAN("separator")))
		return set_separator(map, value);
	if (span_equal(key, SPAN("quotes")))
		return set_quotes(map, value);
	for (int i = 0; i < TABLE_KEYS; i++) {
		if (span_equal(key, span_from_string(keys[i])))
			return set_column(map, (enum table_key)i, value);
	}
	return "a key that is none of name, domain, selector, txt, type, "
	       "first, last, count, observer, tz, separator, quotes";
}

static bool
has(const struct table_map *map, enum table_key key)
{
	return map->column[key].number > 0 || map->column[key].header.n > 0;
}

static const char *
check(const struct table_map *map)
{
	bool domain = has(map, TABLE_DOMAIN),
	     selector = has(map, TABLE_SELECTOR);

	if (!has(map, TABLE_TXT))
		return "no txt=COLUMN";
	if (has(map, TABLE_NAME) ? domain || selector : !domain || !selector)
		return "neither name=COLUMN alone nor domain=COLUMN and "
		       "selector=COLUMN";
	return NULL;
}

bool
table_map_parse(struct span text, struct table_map *map, const char **why_out)
{
	struct span rest = text;
	const char *why = NULL;

	*map = (struct table_map){ .text = text };
	while (rest.n > 0 && why == NULL) {
		struct span part = span_sub(rest, 0, span_find(rest, ','));
		size_t equals = span_find(part, '=');

		why = set(map, span_sub(part, 0, equals),
		    span_from(part, equals + 1));
		rest = span_from(rest, part.n + 1);
	}
	if (why == NULL)
		why = check(map);
	*why_out = why;
	return why == NULL;
}
