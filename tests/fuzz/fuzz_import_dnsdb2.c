/* fuzz_import_dnsdb2.c - any octets through the dnsdb2 importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_dnsdb2;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = {
		.observer = { (const uint8_t *)"source", 6 },
	};

	return fuzz_import(&import_dnsdb2, &options, data, size);
}
