/* fuzz_note.c - any note, public key and private key text.  A note that is
 * read can be signed, and is then a note with one signature more that holds. */
#include "keysnap/store/note.h"

#include <stdlib.h>

#define SECRET                                                               \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_signing(struct arena *arena, const struct crypto *crypto,
    struct span octets, size_t n_before)
{
	GString *out =
	    g_string_new_len((const char *)octets.p, (gssize)octets.n);
	struct note_key key;
	struct note note;
	const char *why;

	if (!note_private_key_parse(&key, crypto, SPAN(SECRET)) ||
	    !note_sign(out, crypto, SPAN(SECRET), NULL))
		abort();
	if (note_parse(&note, arena,
		(struct span){ (const uint8_t *)out->str, out->len }, &why)) {
		if (note.n_signatures != n_before + 1 ||
		    note_check(&note, n_before, crypto, &key) !=
			NOTE_CHECK_GOOD)
			abort();
	} else if (n_before < NOTE_SIGNATURES_MAX && out->len <= NOTE_MAX) {
		abort();
	}
	g_string_free(out, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct span octets = { data, size };
	struct arena *arena = arena_new();
	struct note_key key;
	struct note note;
	const char *why = NULL;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	if (note_parse(&note, arena, octets, &why))
		check_signing(arena, crypto, octets, note.n_signatures);
	else if (why == NULL)
		abort();
	if (note_key_parse(&key, crypto, octets)) {
		GString *again = g_string_new(NULL);

		note_key_append(again, &key);
		if (!span_starts_with(octets,
			(struct span){
			    (const uint8_t *)again->str, again->len }))
			abort();
		g_string_free(again, TRUE);
	}
	note_private_key_parse(&key, crypto, octets);
	arena_free(arena);
	return 0;
}
