/*
 * note_key.h - Ed25519 under the notes; for note.c alone.
 */
#ifndef KEYSNAP_STORE_NOTE_KEY_H
#define KEYSNAP_STORE_NOTE_KEY_H

#include "keysnap/store/note.h"

/* Is "signature" one of "key" over "text" (RFC 8032 5.1.7)? */
bool note_key_verifies(const struct crypto *crypto, const struct note_key *key,
    struct span text, struct span signature);

#endif
