/*
 * table_rows.h - the rows of a table with separators (RFC 4180), one at a
 * time.
 *
 * With quotes a field may be in them: it may then hold separators and line
 * ends, and "" stands for a quote.  A quote inside a field that does not start
 * with one is a quote.  Without quotes, nothing of this holds.
 */
#ifndef KEYSNAP_IMPORT_TABLE_ROWS_H
#define KEYSNAP_IMPORT_TABLE_ROWS_H

#include "keysnap/import/import_lines.h"
#include "keysnap/import/table_map.h"

enum table_state {
	TABLE_START,	/* of a field */
	TABLE_PLAIN,	/* in a field without quotes */
	TABLE_QUOTED,	/* in one with quotes */
	TABLE_UNQUOTED	/* behind a quote in it: its end, or the first of "" */
};

struct table_rows {
	struct import_lines lines;
	const struct table_map *map;
	uint8_t separator;
	bool quotes;
	enum table_state state;
	GString *text;			 /* of all fields of the row */
	size_t ends[TABLE_COLUMNS_MAX];	 /* of the fields, in "text" */
	struct span fields[TABLE_COLUMNS_MAX];
	size_t n;
	uint64_t line;	 /* the first one of the row */
	const char *bad; /* why the row cannot be read, or NULL */
};

void table_rows_init(struct table_rows *rows, FILE *stream,
    const struct table_map *map);
void table_rows_clear(struct table_rows *rows);

/*
 * The next row that is not empty: rows->fields, valid until the next call,
 * or why it is bad.  False at the end of the file, and when reading failed
 * (import_lines_failed() of "lines").
 */
bool table_rows_next(struct table_rows *rows);

#endif
