/* fuzz_entry.c - any log line.  An entry that is read passes the check of those
 * that are to be written, is written, and must give the same meaning. */
#include "keysnap/store/entry.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span
written(GString *out, const struct entry *entry)
{
	entry_write(out, entry);
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

	if (!entry_check(entry, arena, index, &why) ||
	    !entry_parse(&again, arena, written(once, entry), index, &why) ||
	    again.type != entry->type || !span_equal(again.name, entry->name) ||
	    !span_equal((struct span){ (const uint8_t *)once->str, once->len },
		written(twice, &again)))
		abort();
	g_string_free(once, TRUE);
	g_string_free(twice, TRUE);
}

/* Whatever it builds on or concerns is there already. */
static void
check_numbers(const struct entry *entry, uint64_t index)
{
	struct entry_references references;
	struct entry_topics topics;
	const struct entry_numbers *lists[] = { &references.source,
		&references.others, &topics.about };

	entry_references(entry, &references);
	entry_topics(entry, &topics);
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		for (size_t j = 0; j < lists[i]->n; j++) {
			if (lists[i]->items[j] >= index)
				abort();
		}
	}
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
		check_numbers(&entry, index);
		check_again(arena, &entry, index);
	}
	arena_free(arena);
	return 0;
}
