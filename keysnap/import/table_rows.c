/*
 * table_rows.c - the rows of a table with separators (RFC 4180).
 */
#include "keysnap/import/table_rows.h"
#include "keysnap/import/importer.h"

void
table_rows_init(
    struct table_rows *rows, FILE *stream, const struct table_map *map)
{
	*rows = (struct table_rows){ .map = map, .text = g_string_new(NULL) };
	import_lines_init(&rows->lines, stream);
}

void
table_rows_clear(struct table_rows *rows)
{
	import_lines_clear(&rows->lines);
	g_string_free(rows->text, TRUE);
}

/* What the map leaves open, from the first line. */
static void
look_at(struct table_rows *rows, struct span line)
{
	rows->separator = rows->map->separator;
	if (rows->separator == '\0')
		rows->separator = span_find(line, '\t') < line.n ? '\t' : ',';
	rows->quotes = rows->map->quotes == TABLE_QUOTES_AUTO
	    ? rows->separator != '\t'
	    : rows->map->quotes == TABLE_QUOTES_YES;
}

static void
end_field(struct table_rows *rows)
{
	rows->state = TABLE_START;
	if (rows->n == TABLE_COLUMNS_MAX)
		rows->bad = "more than 256 columns";
	else
		rows->ends[rows->n++] = rows->text->len;
}

/* One octet that is not the end of the line. */
static void
take_octet(struct table_rows *rows, uint8_t octet)
{
	bool quote = octet == '"' && rows->quotes;

	if (rows->state == TABLE_QUOTED) {
		if (quote)
			rows->state = TABLE_UNQUOTED;
		else
			g_string_append_c(rows->text, (gchar)octet);
	} else if (octet == rows->separator) {
		end_field(rows);
	} else if (rows->state == TABLE_UNQUOTED) {
		if (quote)
			g_string_append_c(rows->text, '"');
		else
			rows->bad = "text behind a closing quote";
		rows->state = TABLE_QUOTED;
	} else if (rows->state == TABLE_START && quote) {
		rows->state = TABLE_QUOTED;
	} else {
		g_string_append_c(rows->text, (gchar)octet);
		rows->state = TABLE_PLAIN;
	}
}

/* Take a line; true when the row goes on in the next one. */
static bool
take_line(struct table_rows *rows, struct span line)
{
	if (rows->lines.too_long || rows->text->len + line.n > IMPORT_LINE_MAX)
		rows->bad = "line or row too long";
	for (size_t i = 0; i < line.n && rows->bad == NULL; i++)
		take_octet(rows, line.p[i]);
	if (rows->bad != NULL)
		return false;
	if (rows->state == TABLE_QUOTED) {
		g_string_append_c(rows->text, '\n');
		return true;
	}
	end_field(rows);
	return false;
}

static void
set_fields(struct table_rows *rows)
{
	size_t start = 0;

	for (size_t i = 0; i < rows->n; i++) {
		rows->fields[i] = (struct span){
			(const uint8_t *)rows->text->str + start,
			rows->ends[i] - start,
		};
		start = rows->ends[i];
	}
}

bool
table_rows_next(struct table_rows *rows)
{
	struct span line;
	bool open = false;

	rows->bad = NULL;
	while (import_lines_next(&rows->lines, &line)) {
		if (rows->lines.number == 1)
			look_at(rows, line);
		if (!open) {
			g_string_truncate(rows->text, 0);
			rows->state = TABLE_START;
			rows->n = 0;
			rows->line = rows->lines.number;
			if (line.n == 0 && !rows->lines.too_long)
				continue;
		}
		open = take_line(rows, line);
		if (open)
			continue;
		set_fields(rows);
		return true;
	}
	if (open)
		rows->bad = "a quote that is never closed";
	return open;
}
