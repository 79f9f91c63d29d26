/* factored.c - see factored.h. */
#include "keysnap/key/factored.h"

#include <stddef.h>

const char *
factored_since(unsigned bits)
{
	static const struct {
		unsigned bits;
		const char *since;
	} records[] = { { 426, "1994-04" }, { 512, "1999-08" },
		{ 530, "2003-04" }, { 576, "2003-12" }, { 663, "2005-05" },
		{ 768, "2009-12" }, { 795, "2019-12" }, { 829, "2020-02" } };

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		if (bits <= records[i].bits)
			return records[i].since;
	}
	return NULL;
}
