/* fuzz_import_zone.c - any octets through the zone importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_zone;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = {
		.origin = { (const uint8_t *)"example.org", 11 },
	};

	return fuzz_import(&import_zone, &options, data, size);
}
