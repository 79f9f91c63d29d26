/*
 * entry_form.h - what the files entry*.c share: which members an entry of a
 * type has, their forms, and what a table of forms cannot say.
 */
#ifndef KEYSNAP_STORE_ENTRY_FORM_H
#define KEYSNAP_STORE_ENTRY_FORM_H

#include "keysnap/base/json_tree.h"
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
extern const char *const entry_form_annotations[];
extern const char *const entry_form_anchors[];
extern const char *const entry_form_chains[];
extern const char *const entry_form_healths[];

/* Say in *why_out what is wrong with "member"; always false. */
bool entry_form_fail(const struct entry_reading *reading, const char *member,
    const char *what);

/* Octets of a JSON string; empty for anything else, NULL too. */
struct span entry_form_text(const struct json_node *value);

/* Elements of an array, 0 for anything else, NULL too; and an integer. */
size_t entry_form_count(const struct json_node *value);
int64_t entry_form_integer(const struct json_node *value);

/* Index of a string among "choices", or -1. */
int entry_form_choice(const struct json_node *value, const char *const *choices);

/* Forms of decoded values, for entries that are yet to be written. */
bool entry_form_is_word(struct span text);
bool entry_form_is_name(struct arena *arena, struct span text);
bool entry_form_is_key(struct arena *arena, struct span base64);

/* Has "object", whose members stand in ascending order, all members that its
 * type asks for, each of its form? */
bool entry_form_check(const struct entry_reading *reading,
    enum entry_type type, const struct json_node *object);

/* Fill the member of the union from an object that was checked. */
void entry_read(struct entry *entry, struct arena *arena,
    const struct json_node *object);

/* What the forms do not say: members that need or exclude one another. */
bool entry_rules_check(const struct entry_reading *reading,
    const struct entry *entry, const struct json_node *object);
bool entry_rules_observation(const struct entry_reading *reading,
    const struct entry_observation *observation);

#endif
