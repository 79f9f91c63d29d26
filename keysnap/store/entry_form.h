/*
 * entry_form.h - which members an entry of a type has, and their forms; for
 * entry_parse.c alone.
 */
#ifndef KEYSNAP_STORE_ENTRY_FORM_H
#define KEYSNAP_STORE_ENTRY_FORM_H

#include "keysnap/store/entry.h"

/* What one call of entry_parse() works with. */
struct entry_reading {
	struct arena *arena;
	uint64_t index; /* of the entry; it may name smaller ones only */
	const char **why_out;
};

/* Words of the enums of entry.h, in their order, NULL-ended. */
extern const char *const entry_form_kinds[];
extern const char *const entry_form_joins[];
extern const char *const entry_form_time_kinds[];

/* Say in *why_out what is wrong with "member"; always false. */
bool entry_form_fail(const struct entry_reading *reading, const char *member,
    const char *what);

/* Octets of a JSON string; empty for anything else, NULL too. */
struct span entry_form_text(const json_t *value);

/* Index of a string among "choices", or -1. */
int entry_form_choice(const json_t *value, const char *const *choices);

/* Has "object" all members that its type asks for, each of its form? */
bool entry_form_check(const struct entry_reading *reading,
    enum entry_type type, const json_t *object);

#endif
