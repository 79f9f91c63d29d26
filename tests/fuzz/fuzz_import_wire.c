/* fuzz_import_wire.c - any octets through the wire importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_wire;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_wire, &options, data, size);
}
