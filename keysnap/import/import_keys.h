/*
 * import_keys.h - the keys in a store, and what was said of them already, for
 * importers that only speak of keys that are there.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_KEYS_H
#define KEYSNAP_IMPORT_IMPORT_KEYS_H

#include "keysnap/store/entry.h"
#include "keysnap/store/store.h"

struct import_keys;

/* Read the whole store; NULL with "error" set when it cannot be read. */
struct import_keys *import_keys_new(struct store *store,
    const struct crypto *crypto, GError **error);
void import_keys_free(struct import_keys *keys);

/* Was the key with this SHA-256 (of its SubjectPublicKeyInfo) observed? */
bool import_keys_has(const struct import_keys *keys, const uint8_t sha256[32]);

/* The entry that says the same of the same key, with the same evidence, or
 * ENTRY_NONE. */
uint64_t import_keys_said(const struct import_keys *keys,
    const struct entry_annotation *annotation);

#endif
