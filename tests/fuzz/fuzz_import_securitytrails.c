/* fuzz_import_securitytrails.c - any octets through the securitytrails importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_securitytrails;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_securitytrails, &options, data, size);
}
