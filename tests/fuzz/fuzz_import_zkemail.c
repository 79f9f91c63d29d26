/* fuzz_import_zkemail.c - any octets through the zkemail importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_zkemail;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_zkemail, &options, data, size);
}
