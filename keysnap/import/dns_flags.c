/*
 * dns_flags.c - what the header of a DNS answer says of it, as words.
 */
#include "keysnap/import/dns_flags.h"

static const char *const words[] = { "aa", "ad", "cd", "fully-validated", "ra",
	"rd", "tc" };

unsigned
dns_flag_from_word(struct span word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		if (span_equal(word, span_from_string(words[i])))
			return 1U << i;
	}
	return 0;
}

struct entry_texts
dns_flags_texts(struct arena *arena, unsigned flags)
{
	struct span *items =
	    arena_alloc_array(arena, G_N_ELEMENTS(words), sizeof(*items));
	size_t n = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		if ((flags & 1U << i) != 0)
			items[n++] = span_from_string(words[i]);
	}
	return (struct entry_texts){ items, n };
}
