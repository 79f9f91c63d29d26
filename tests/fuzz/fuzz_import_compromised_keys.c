/* fuzz_import_compromised_keys.c - any octets through the compromised_keys importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_compromised_keys;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_compromised_keys, &options, data, size);
}
