/*
 * fuzz_import_jws.c - any octets as signed statements, and, behind a line that
 * is empty, as the keys.
 */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_jws;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto;
	struct import_options options = {
		.issuer = { (const uint8_t *)"archive.zk.email", 16 },
	};
	const uint8_t *end = memmem(data, size, "\n\n", 2);
	size_t n = end == NULL ? size : (size_t)(end - data);

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	options.crypto = crypto;
	options.jwks = span_from((struct span){ data, size }, n);
	return fuzz_import(&import_jws, &options, data, n);
}
