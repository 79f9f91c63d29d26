/*
 * fuzz_import.h - any octets through an importer: every observation must be
 * one that the log can hold.
 */
#ifndef TESTS_FUZZ_FUZZ_IMPORT_H
#define TESTS_FUZZ_FUZZ_IMPORT_H

#include "keysnap/import/importer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lengths that the log allows. */
static inline bool
fuzz_import_fits(const struct entry_observation *o)
{
	size_t total = 0;

	for (size_t i = 0; i < o->n_strings; i++)
		total += o->strings[i].n;
	return o->name.n > 0 && total <= ENTRY_TXT_MAX &&
	    o->n_strings <= ENTRY_STRINGS_MAX &&
	    (o->kind == OBSERVATION_PRESENT) == (o->n_strings > 0) &&
	    (o->time_kind == TIME_NO_TIME || o->first <= o->last) &&
	    o->method.n > 0 && o->method.n <= IMPORT_WORD_MAX &&
	    o->observer.n <= ENTRY_TEXT_MAX && o->record.n <= ENTRY_TEXT_MAX &&
	    o->vantage.server.n <= ENTRY_TEXT_MAX &&
	    o->n_cname <= ENTRY_LIST_MAX;
}

static inline void
fuzz_import_observation(void *user, const struct entry_observation *o)
{
	struct arena *arena = arena_new();
	const char *why = NULL;
	struct entry entry;

	(void)user;
	if (!fuzz_import_fits(o))
		abort();
	entry_init(&entry, ENTRY_OBSERVATION);
	entry.name = o->name;
	entry.observation = *o;
	entry.observation.source = 1;
	if (!entry_check(&entry, arena, 2, &why)) {
		fprintf(stderr, "entry: %s\n", why);
		abort();
	}
	arena_free(arena);
}

static inline void
fuzz_import_bad(void *user, uint64_t line, const char *reason)
{
	(void)user;
	if (line == 0 || reason == NULL)
		abort();
}

static inline void
fuzz_import_other(void *user, uint64_t line)
{
	(void)user;
	(void)line;
}

static inline void
fuzz_import_evidence(void *user, struct span octets, uint8_t sha256_out[32])
{
	(void)user;
	if (octets.n == 0)
		abort();
	memset(sha256_out, octets.p[octets.n - 1], 32);
}

static inline bool
fuzz_import_knows_key(void *user, const uint8_t sha256[32])
{
	(void)user;
	(void)sha256;
	return true;
}

static inline void
fuzz_import_annotation(void *user, const struct entry_annotation *annotation)
{
	(void)user;
	if (!annotation->has_key || annotation->evidence.n == 0)
		abort();
}

static inline void
fuzz_import_record(void *user, const struct ldns_struct_rr *record)
{
	(void)user;
	if (record == NULL)
		abort();
}

static inline int
fuzz_import(const struct importer *importer,
    const struct import_options *options, const uint8_t *data, size_t size)
{
	const struct import_output output = { NULL, fuzz_import_observation,
		fuzz_import_bad, fuzz_import_other, fuzz_import_evidence,
		fuzz_import_knows_key, fuzz_import_annotation,
		fuzz_import_record, NULL };
	FILE *stream;

	if (size == 0)
		return 0;
	stream = fmemopen((void *)(uintptr_t)data, size, "r");
	if (stream == NULL)
		return 0;
	importer->read(stream, "fuzz", options, &output, NULL);
	fclose(stream);
	return 0;
}

#endif
