/* fuzz_weak_list.c - any list of weak moduli.  What its own lines say is
 * found in it. */
#include "keysnap/key/weak_list.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The hash of a line with "n" octets of hex digits; false when it has not. */
static bool
read_hash(const uint8_t *line, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++) {
		int high = g_ascii_xdigit_value((char)line[2 * i]);
		int low = g_ascii_xdigit_value((char)line[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weak_hashes hashes = { { 0 }, { 0 } };
	struct span text = { data, size }, where;
	struct weak_list *list;
	size_t line;

	list = weak_list_new(text, &line);
	if (list == NULL)
		return 0;
	if (!weak_list_has_debian(list) && !weak_list_has_published(list))
		abort();
	if (size > 20 && data[20] == '\n' &&
	    read_hash(data, 10, hashes.debian) &&
	    !weak_list_find_debian(list, &hashes))
		abort();
	if (size > 16 && data[16] == ';' &&
	    read_hash(data, 8, hashes.published) &&
	    !weak_list_find_published(list, &hashes, &where))
		abort();
	weak_list_free(list);
	return 0;
}
