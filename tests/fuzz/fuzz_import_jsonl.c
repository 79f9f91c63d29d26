/* fuzz_import_jsonl.c - any octets through the jsonl importer. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_jsonl;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };

	return fuzz_import(&import_jsonl, &options, data, size);
}
