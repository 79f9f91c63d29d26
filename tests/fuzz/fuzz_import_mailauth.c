/* fuzz_import_mailauth.c - any octets through the mailauth importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_mailauth;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_mailauth, &options, data, size);
}
