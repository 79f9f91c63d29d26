/*
 * table_map.h - what the columns of a table mean: the text of --map.
 *
 *   name=COLUMN            or domain=COLUMN,selector=COLUMN
 *   txt=COLUMN
 *   type=COLUMN            rows of other types than TXT are passed over
 *   first=COLUMN,last=COLUMN,count=COLUMN,observer=COLUMN
 *   tz=+02:00              of times that do not say theirs; else UTC
 *   separator=comma|tab|semicolon|pipe
 *   quotes=yes|no
 *
 * A COLUMN is its name in the first row, or its number, from 1.  With a name
 * among them the first row is the header; with numbers only there is none.
 */
#ifndef KEYSNAP_IMPORT_TABLE_MAP_H
#define KEYSNAP_IMPORT_TABLE_MAP_H

#include "keysnap/base/span.h"

#define TABLE_COLUMNS_MAX 256 /* of a row; tables of sources have under 20 */

enum table_key {
	TABLE_NAME,
	TABLE_DOMAIN,
	TABLE_SELECTOR,
	TABLE_TXT,
	TABLE_TYPE,
	TABLE_FIRST,
	TABLE_LAST,
	TABLE_COUNT,
	TABLE_OBSERVER,
	TABLE_KEYS
};

enum table_quotes { TABLE_QUOTES_AUTO, TABLE_QUOTES_YES, TABLE_QUOTES_NO };

struct table_map {
	struct span text; /* as it was given */
	struct {
		struct span header; /* empty: by number, or not mapped */
		size_t number;	    /* from 1; 0: by header, or not mapped */
	} column[TABLE_KEYS];
	bool has_header;
	bool has_offset;
	int64_t offset;	   /* seconds east of UTC */
	uint8_t separator; /* NUL: a TAB when the first line has one, else a
			      comma */
	enum table_quotes quotes; /* auto: of RFC 4180, but none with TAB */
};

/* Parse the text of --map; false with *why_out, a static text.  The map
 * borrows from "text". */
bool table_map_parse(struct span text, struct table_map *map,
    const char **why_out);

#endif
