/*
 * fuzz_txt_dialect.c - any text as a TXT record: what is taken is a record
 * that DNS could have, or one string; and octets that are written in master
 * file form come back.
 */
#include "keysnap/import/txt_dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_any(struct arena *arena, struct span text)
{
	struct txt_dialect record;
	size_t total = 0;

	if (txt_dialect_read(arena, text, &record) != NULL)
		return;
	g_assert(record.n > 0 && record.n <= ENTRY_STRINGS_MAX);
	for (size_t i = 0; i < record.n; i++) {
		g_assert(
		    record.n == 1 || record.strings[i].n <= TXT_STRING_MAX);
		total += record.strings[i].n;
	}
	g_assert(total <= text.n && total + record.n <= ENTRY_TXT_MAX);
}

static void
check_written(struct arena *arena, struct span octets)
{
	GString *text = g_string_new("\"");
	struct txt_dialect record;
	size_t half = octets.n / 2;

	for (size_t i = 0; i < octets.n; i++) {
		if (i == half)
			g_string_append(text, "\" \"");
		g_string_append_printf(text, "\\%03d", octets.p[i]);
	}
	g_string_append_c(text, '"');
	g_assert(txt_dialect_read(arena,
		     (struct span){ (const uint8_t *)text->str, text->len },
		     &record) == NULL);
	g_assert(record.joined == JOIN_EXACT && record.n == 2);
	g_assert(span_equal(record.strings[0], span_sub(octets, 0, half)));
	g_assert(span_equal(record.strings[1], span_from(octets, half)));
	g_string_free(text, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();

	check_any(arena, (struct span){ data, size });
	if (size > 0 && size <= 2 * TXT_STRING_MAX)
		check_written(arena, (struct span){ data, size });
	arena_free(arena);
	return 0;
}
