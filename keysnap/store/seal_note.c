/*
 * seal_note.c - seals that are signed notes of the checkpoint's text: one
 * signature each.
 */
#include "keysnap/store/note_key.h"
#include "keysnap/store/seal.h"

#include <string.h>

/* Check under "key"; false (and said) when it is its key and does not hold. */
static bool
try_key(const struct seal_question *question, struct arena *arena,
    struct seal *seal, const struct note *note, const struct note_key *key,
    bool *holds_out)
{
	enum note_check check = note_check(note, 0, question->crypto, key);

	*holds_out = check == NOTE_CHECK_GOOD;
	if (check != NOTE_CHECK_BAD)
		return true;
	seal_say(seal, arena, SEAL_BROKEN, "the signature of %s does not hold",
	    key->name);
	return false;
}

/* Under a key that was given; false when there is nothing more to say. */
static bool
try_given(const struct seal_question *question, struct arena *arena,
    struct seal *seal, const struct note *note)
{
	const struct seal_trust *trust = question->trust;

	for (size_t i = 0; i < trust->n_keys; i++) {
		bool holds;

		if (!try_key(
			question, arena, seal, note, &trust->keys[i], &holds))
			return false;
		if (!holds)
			continue;
		seal->key = &trust->keys[i];
		seal_say(seal, arena, SEAL_HOLDS,
		    "signed by the public key given, %s", trust->keys[i].name);
		return false;
	}
	return true;
}

/* Under the key that lies beside it. */
static void
try_beside(const struct seal_question *question, struct arena *arena,
    struct seal *seal, const struct note *note, const struct note_key *own)
{
	bool holds;

	if (own == NULL) {
		seal_say(seal, arena, SEAL_UNTRUSTED,
		    "not checked: no --public-key has its name");
		return;
	}
	if (!try_key(question, arena, seal, note, own, &holds))
		return;
	if (holds)
		seal_say(seal, arena, SEAL_UNTRUSTED,
		    "fits the key beside it, %s; whether that key is to be "
		    "trusted needs --public-key",
		    own->name);
	else
		seal_say(
		    seal, arena, SEAL_BROKEN, "it is not of the key beside it");
}

void
seal_note_check(const struct seal_question *question, struct arena *arena,
    struct seal *seal)
{
	const struct seal_file *beside =
	    seal_find(&question->set, seal->number, "vkey");
	struct note_key own;
	struct note note;
	const char *why;

	if (!note_parse(&note, arena, seal->file->octets, &why)) {
		seal_say(seal, arena, SEAL_BROKEN, "no note: %s", why);
		return;
	}
	if (!span_equal(note.text, question->text)) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "its text is not that of the checkpoint");
		return;
	}
	if (note.n_signatures != 1) {
		seal_say(seal, arena, SEAL_BROKEN, "it has not one signature");
		return;
	}
	if (beside != NULL &&
	    !note_key_parse(&own, question->crypto, beside->octets)) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "the file beside it, %s, is no key", beside->name);
		return;
	}
	if (!try_given(question, arena, seal, &note))
		return;
	try_beside(question, arena, seal, &note, beside ? &own : NULL);
}
