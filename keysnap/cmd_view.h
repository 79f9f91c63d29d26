/*
 * cmd_view.h - a store or a snapshot, read in the same way.
 */
#ifndef KEYSNAP_CMD_VIEW_H
#define KEYSNAP_CMD_VIEW_H

#include "keysnap/cmd.h"
#include "keysnap/store/provenance.h"
#include "keysnap/store/snapshot.h"

/* --public-key and --root, read. */
struct view_trust {
	struct snapshot_trust trust;
	struct note_key key;
	uint8_t root[32];
};

/* Read them; EXIT_DONE, or what is wrong (said). */
enum exit_code view_trust_read(
    struct command_line *line, struct view_trust *trust_out);

struct view;

/* A name and the numbers of its entries, ascending. */
struct view_name {
	struct span name, reversed;
	GArray *numbers; /* uint64_t */
};

/*
 * Open line->arguments[0], or "path".  NULL with *code_out set, and the reason said.
 * That nobody vouches for a snapshot is said on standard error here.
 */
struct view *view_open(struct command_line *line, enum exit_code *code_out);
struct view *view_open_path(
    struct command_line *line, const char *path, enum exit_code *code_out);
void view_close(struct view *view);

/* The store, or NULL; the snapshot, or NULL. */
struct store *view_store(const struct view *view);
struct snapshot *view_snapshot(const struct view *view);

const struct crypto *view_crypto(const struct view *view);

/* What its root is. */
void view_root(const struct view *view, uint8_t root_out[32]);

uint64_t view_size(const struct view *view);

/* Write the members that every output starts with: what was read, its root,
 * and who vouches for it; "schema" names the line. */
void view_write_header(
    const struct view *view, GString *out, const char *schema);

bool view_get(struct view *view, struct arena *arena, uint64_t number,
    struct entry *entry_out, GError **error);

/* Every entry in order; "visit" must not keep it. */
bool view_each(struct view *view,
    void (*visit)(void *user, uint64_t number, const struct entry *entry),
    void *user, GError **error);

/* The names at and below "within" (empty: all) with entries, in order of
 * their reversed form; struct view_name *, freed with the array. */
GPtrArray *view_names(struct view *view, struct span within, GError **error);

/* The entries of a name, parsed, and what they say of its keys. */
struct view_keys {
	struct entry *entries;
	uint64_t *numbers;
	size_t n;
	struct known_name known;
};
bool view_derive(struct view *view, struct arena *arena,
    const struct view_name *name, struct view_keys *keys_out, GError **error);

/* The entries that bear on the log as a whole: anchors, audits. */
bool view_about_log(struct view *view, struct arena *arena,
    struct bearing *bearing_out, GError **error);

/* The source entry "number", or NULL when it cannot be read.  It lives as
 * long as the view. */
const struct entry_source *view_source(struct view *view, uint64_t number);

#endif
