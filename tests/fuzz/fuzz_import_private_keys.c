/* fuzz_import_private_keys.c - any octets as published private keys. */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_private_keys;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto;
	struct import_options options = { .observed_at = 0 };

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	options.crypto = crypto;
	return fuzz_import(&import_private_keys, &options, data, size);
}
