/*
 * fuzz_import_jsonl.c - any octets through the jsonl importer; every observation
 * must be one that the log can hold.
 */
#include "keysnap/import/importer.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct importer import_jsonl;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take_observation(void *user, const struct entry_observation *observation)
{
	size_t total = 0;

	(void)user;
	for (size_t i = 0; i < observation->n_strings; i++)
		total += observation->strings[i].n;
	if (observation->name.n == 0 || total > ENTRY_TXT_MAX ||
	    observation->n_strings > ENTRY_STRINGS_MAX ||
	    (observation->time_kind != TIME_NO_TIME &&
		observation->first > observation->last))
		abort();
}

static void
take_bad(void *user, uint64_t line, const char *reason)
{
	(void)user;
	if (line == 0 || reason == NULL)
		abort();
}

static void
take_other(void *user, uint64_t line)
{
	(void)user;
	(void)line;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_options options = {
		.origin = { (const uint8_t *)"example.org", 11 },
	};
	const struct import_output output = { NULL, take_observation, take_bad,
		take_other };
	FILE *stream;

	if (size == 0)
		return 0;
	stream = fmemopen((void *)(uintptr_t)data, size, "r");
	if (stream == NULL)
		return 0;
	if (!import_jsonl.read(stream, "fuzz", &options, &output, NULL))
		abort();
	fclose(stream);
	return 0;
}
