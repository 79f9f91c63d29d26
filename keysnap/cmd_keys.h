/*
 * cmd_keys.h - known keys as text and JSON, for list and show.
 */
#ifndef KEYSNAP_CMD_KEYS_H
#define KEYSNAP_CMD_KEYS_H

#include "keysnap/cmd_view.h"

/* "RSA 2048", "Ed25519", "revoked", "malformed". */
void keys_append_type(GString *out, const struct known_key *key);

/* "2016-10-31 .. 2017-11-02", or "no time known". */
void keys_append_window(GString *out, const struct known_key *key);

/* ", weak, testing" and the like, or nothing. */
void keys_append_flags(GString *out, const struct known_key *key);

/* The names to which CNAMEs led, the first behind "before"; or nothing. */
void keys_append_owners(
    GString *out, const struct known_key *key, const char *before);

/* Since when others could sign, and since when keys of its size are factored,
 * each behind "before"; or nothing. */
void keys_append_since(
    GString *out, const struct known_key *key, const char *before);

/* A JSON line, schema "keysnap-key 1" (keysnap(5)); with how the key stands
 * at a time that was asked about, or NULL. */
void keys_append_json(GString *out, const struct view_keys *keys,
    const struct known_key *key, const struct time_standing *standing);

/* The name that words of the command line ask for: "s._domainkey.domain",
 * "selector domain" as one word or two, or a domain.  "words" is NULL-ended and
 * has one or two.  False when it is none of these. */
bool keys_read_name(struct arena *arena, char **words, struct span *name_out);

#endif
