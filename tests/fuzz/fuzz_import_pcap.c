/*
 * fuzz_import_pcap.c - any octets through the pcap importer.  The input is hex
 * digits, so that the seeds can be read; anything else in it is passed over.
 */
#include "tests/fuzz/fuzz_import.h"

extern const struct importer import_pcap;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = { .observed_at = 0 };
	g_autofree uint8_t *octets = g_malloc0(size / 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < size; i++) {
		int digit = g_ascii_xdigit_value((char)data[i]);

		if (digit < 0)
			continue;
		octets[n / 2] = (uint8_t)(octets[n / 2] << 4 | digit);
		n++;
	}
	return fuzz_import(&import_pcap, &options, octets, n / 2);
}
