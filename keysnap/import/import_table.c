/*
 * import_table.c - tables with separators (CSV, TSV) from any source, with
 * --map (table_map.h) to say what their columns mean.
 */
#include "keysnap/base/json.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/import_record.h"
#include "keysnap/import/table_rows.h"
#include "keysnap/import/txt_dialect.h"
#include "keysnap/key/dns_name.h"

#define COUNT_DIGITS_MAX 15 /* under 2^53 */

struct table {
	const struct table_map *map;
	const struct import_options *options;
	const struct import_output *output;
	struct arena *arena;
	struct table_rows *rows;
	size_t column[TABLE_KEYS]; /* from 1; 0: none */
	size_t width;              /* columns of the first row */
	struct entry_observation observation;
};

/* The field of a key, without white space around it; empty without one. */
static struct span
field(const struct table *table, enum table_key key)
{
	size_t number = table->column[key];

	if (number == 0)
		return (struct span){ NULL, 0 };
	return span_trim_fws(table->rows->fields[number - 1]);
}

/* Is it the key's record that this table is for?  False with *fault_out when
 * that cannot be said. */
static bool
read_name(struct table *table, const char **fault_out)
{
	struct span *name = &table->observation.name;

	if (table->column[TABLE_NAME] != 0)
		return import_name_read(table->arena, field(table, TABLE_NAME),
			   name, fault_out) == IMPORT_NAME_KEY;
	if (dns_name_of_key(table->arena, field(table, TABLE_SELECTOR),
		field(table, TABLE_DOMAIN), name) == DNS_NAME_OK)
		return true;
	*fault_out = "domain and selector are not those of a key";
	return false;
}

static const char *
read_txt(struct table *table)
{
	struct entry_observation *observation = &table->observation;
	struct span text = field(table, TABLE_TXT);
	struct txt_dialect record;
	const char *fault;

	if (!table->rows->quotes && span_starts_with(text, SPAN("\"\"\"")))
		return "doubled quotes: give quotes=yes in --map";
	fault = txt_dialect_read(table->arena, text, &record);
	observation->strings = record.strings;
	observation->n_strings = record.n;
	observation->joined = record.joined;
	observation->warnings =
	    import_warning_words(table->arena, record.warnings);
	return fault;
}

/* Does a date with a time say its offset from UTC? */
static bool
has_offset(struct span text)
{
	uint8_t last = rfc5234_lower(text.p[text.n - 1]);

	/* A date alone has 10 octets, and "-" at the same place. */
	return last == 'z' ||
	    (text.n > 16 &&
		(text.p[text.n - 6] == '+' || text.p[text.n - 6] == '-'));
}

static bool
is_digits(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT))
			return false;
	}
	return text.n > 0;
}

static const char *
read_time(
    const struct table *table, enum table_key key, struct import_time *time_out)
{
	struct span text = field(table, key);

	if (!import_time_parse(text, time_out))
		return key == TABLE_FIRST ? "the first time is none"
					  : "the last time is none";
	if (!table->map->has_offset || time_out->at == TIMESTAMP_NONE)
		return NULL;
	if (time_out->precision != TIMESTAMP_SECOND)
		return "a date without a time: tz= cannot move it";
	if (is_digits(text) || has_offset(text))
		return NULL;
	time_out->at -= table->map->offset;
	return time_out->at >= TIMESTAMP_MIN && time_out->at <= TIMESTAMP_MAX
	    ? NULL
	    : "a time out of range";
}

static const char *
read_times(struct table *table)
{
	struct import_time first, last;
	const char *fault = read_time(table, TABLE_FIRST, &first);

	if (fault == NULL)
		fault = read_time(table, TABLE_LAST, &last);
	return fault != NULL ? fault
			     : import_times_set(table->options, first, last,
				   &table->observation);
}

static const char *
read_count(struct table *table)
{
	struct span text = field(table, TABLE_COUNT);
	uint64_t count = 0;

	if (text.n == 0)
		return NULL;
	if (!is_digits(text) || text.n > COUNT_DIGITS_MAX)
		return "count is not a number of sightings";
	for (size_t i = 0; i < text.n; i++)
		count = count * 10 + (uint64_t)(text.p[i] - '0');
	table->observation.count = count;
	return NULL;
}

static const char *
read_observer(struct table *table)
{
	return import_observer_set(table->arena, &table->observation,
	    table->options, field(table, TABLE_OBSERVER),
	    (struct span){ NULL, 0 });
}

static void
take_row(struct table *table)
{
	static const char *(*const steps[])(struct table *) = { read_txt,
		read_times, read_count, read_observer };
	const struct import_output *output = table->output;
	uint64_t line = table->rows->line;
	const char *fault = table->rows->bad;
	bool key = false;

	table->observation = (struct entry_observation){
		.line = line,
		.ttl = -1,
		.method = SPAN("archive"),
	};
	if (fault == NULL && table->rows->n != table->width)
		fault = "not as many columns as the first row";
	if (fault == NULL &&
	    (table->column[TABLE_TYPE] == 0 ||
		import_is_txt(field(table, TABLE_TYPE))))
		key = read_name(table, &fault);
	for (size_t i = 0; key && fault == NULL && i < G_N_ELEMENTS(steps); i++)
		fault = steps[i](table);
	if (fault != NULL)
		output->bad(output->user, line, fault);
	else if (key)
		output->observation(output->user, &table->observation);
	else
		output->other(output->user, line);
}

/* The number of the column with this header; 0 when there is not exactly
 * one. */
static size_t
find_column(const struct table_rows *rows, struct span header)
{
	size_t found = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (!span_equal_nocase(span_trim_fws(rows->fields[i]), header))
			continue;
		if (found > 0)
			return 0;
		found = i + 1;
	}
	return found;
}

/* Find the columns with the help of the first row. */
static bool
find_columns(struct table *table, const char *path, GError **error)
{
	const struct table_map *map = table->map;

	table->width = table->rows->n;
	for (int key = 0; key < TABLE_KEYS; key++) {
		struct span header = map->column[key].header;
		g_autofree char *name = NULL;

		table->column[key] = header.n > 0
		    ? find_column(table->rows, header)
		    : map->column[key].number;
		if (table->column[key] <= table->width &&
		    (header.n == 0 || table->column[key] > 0))
			continue;
		name = header.n > 0
		    ? span_dup(header)
		    : g_strdup_printf("%zu", map->column[key].number);
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: the first row has no column \"%s\", or several", path,
		    name);
		return false;
	}
	return true;
}

static bool
read_first(struct table *table, const char *path, GError **error)
{
	if (table->rows->bad != NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: the first row: %s", path, table->rows->bad);
		return false;
	}
	if (!find_columns(table, path, error))
		return false;
	if (!table->map->has_header)
		take_row(table);
	return true;
}

static bool
read_rows(struct table *table, const char *path, GError **error)
{
	bool ok = true;

	for (bool first = true; ok && table_rows_next(table->rows);
	     first = false) {
		if (first)
			ok = read_first(table, path, error);
		else
			take_row(table);
		arena_reset(table->arena);
	}
	return ok && !import_lines_failed(&table->rows->lines, path, error);
}

static bool
read_table(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree struct table_rows *rows = g_new(struct table_rows, 1);
	struct table table = { options->map, options, output, arena, rows,
		.width = 0 };
	bool ok;

	if (options->map == NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: a table needs --map", path);
		return false;
	}
	table_rows_init(rows, stream, options->map);
	ok = read_rows(&table, path, error);
	table_rows_clear(rows);
	return ok;
}

/* What its columns mean cannot be seen. */
const struct importer import_table = {
	.name = "table",
	.description = "tables with separators (CSV, TSV), with --map",
	.read = read_table,
};
