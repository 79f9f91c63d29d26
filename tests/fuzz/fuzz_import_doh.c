/* fuzz_import_doh.c - any octets through the doh importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_doh;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_doh, &options, data, size);
}
