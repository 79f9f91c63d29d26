/* fuzz_import_fdns.c - any octets through the fdns importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_fdns;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = {
		.observer = { (const uint8_t *)"source", 6 },
	};

	return fuzz_import(&import_fdns, &options, data, size);
}
