/* fuzz_import_opendkim.c - any octets through the opendkim importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_opendkim;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_opendkim, &options, data, size);
}
