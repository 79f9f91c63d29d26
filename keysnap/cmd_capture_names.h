/*
 * cmd_capture_names.h - which names are to be captured.
 */
#ifndef KEYSNAP_CMD_CAPTURE_NAMES_H
#define KEYSNAP_CMD_CAPTURE_NAMES_H

#include "keysnap/base/arena.h"
#include "keysnap/cmd_capture_selectors.h"

#define CAPTURE_NAMES_MAX (4 << 20)  /* some 600 MB with what is known of each */
#define CAPTURE_LIST_MAX  (256 << 20) /* octets of a list */

/* Names of keys, canonical, each once, in the order given. */
struct capture_names {
	struct arena *arena;
	GArray *names;	  /* struct span */
	GHashTable *seen; /* struct span, in the arena */
	uint64_t bad;	  /* lines that are no names; each was said */
	bool full;	  /* more than CAPTURE_NAMES_MAX */
};

void capture_names_init(struct capture_names *names);
void capture_names_clear(struct capture_names *names);

/* A name, or a line of wants.tsv (verifier.5); "where" is for complaints. */
void capture_names_add(struct capture_names *names, struct span text,
    const char *where);

/* False with "error" when a file cannot be read. */
bool capture_names_add_wants(struct capture_names *names, const char *path,
    GError **error);

/* Every selector of one list at every domain of the other. */
struct capture_product {
	const char *domains, *selectors;
	struct capture_dates dates; /* of selectors that are dates */
};
bool capture_names_add_product(struct capture_names *names,
    const struct capture_product *product, GError **error);

#endif
