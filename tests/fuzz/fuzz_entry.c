/* fuzz_entry.c - any log line.  An observation or a store entry that is read
 * is written again and must give the same meaning. */
#include "keysnap/store/entry.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span
written(GString *out, const struct entry *entry)
{
	if (entry->type == ENTRY_STORE)
		entry_write_store(out, &entry->store);
	else if (entry->type == ENTRY_SOURCE)
		entry_write_source(out, &entry->source);
	else
		entry_write_observation(out, &entry->observation);
	return (struct span){ (const uint8_t *)out->str, out->len };
}

/* Writing forgets members that are not known, and nothing else: a second time
 * the same octets come out. */
static void
check_again(struct arena *arena, const struct entry *entry, uint64_t index)
{
	GString *once = g_string_new(NULL), *twice = g_string_new(NULL);
	struct entry again;
	const char *why;

	if (!entry_parse(&again, arena, written(once, entry), index, &why) ||
	    again.type != entry->type || !span_equal(again.name, entry->name) ||
	    !span_equal((struct span){ (const uint8_t *)once->str, once->len },
		written(twice, &again)))
		abort();
	g_string_free(once, TRUE);
	g_string_free(twice, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span line = { data, size };
	struct arena *arena = arena_new();

	for (uint64_t index = 0; index < 3; index++) {
		const uint8_t(*digests)[32];
		struct entry entry;
		const char *why = NULL;

		if (!entry_parse(&entry, arena, line, index, &why)) {
			if (why == NULL)
				abort();
			continue;
		}
		entry_evidence(arena, line, &digests);
		if (entry.type == ENTRY_OBSERVATION &&
		    entry_joined(arena, &entry.observation).n > ENTRY_TXT_MAX)
			abort();
		if (entry.type <= ENTRY_OBSERVATION)
			check_again(arena, &entry, index);
	}
	arena_free(arena);
	return 0;
}
