/* fuzz_import_dkim_verifier.c - any octets through the dkim_verifier importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_dkim_verifier;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_dkim_verifier, &options, data, size);
}
