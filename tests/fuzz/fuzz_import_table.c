/*
 * fuzz_import_table.c - any octets through the table importer: the first line
 * is the map.
 */
#include "keysnap/import/table_map.h"
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_table;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data, size };
	size_t n = span_find(text, '\n');
	struct span rest = span_from(text, n + 1);
	struct table_map map;
	struct import_options options = {
		.observer = SPAN("source"),
		.map = &map,
	};
	const char *why = NULL;

	if (!table_map_parse(span_sub(text, 0, n), &map, &why))
		return why == NULL ? -1 : 0;
	return fuzz_import(&import_table, &options, rest.p, rest.n);
}
