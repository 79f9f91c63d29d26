/*
 * snapshot.h - a frozen snapshot, opened and checked.
 *
 * What is trusted is hashed first.  Who vouches for it decides how:
 *   SNAPSHOT_BY_KEY   the checkpoint's signature verifies under the public
 *       key given: MANIFEST is checked against the checkpoint, keys.mdb
 *       against MANIFEST, its pages one by one (lmdb_pages.h), and every log
 *       line that is used against the leaf hash in keys.mdb.
 *   SNAPSHOT_BY_ROOT  a root was given: the whole log is hashed, its root
 *       compared, and an index built from it in a private file, in
 *       memory where that suffices; keys.mdb is not opened.
 *       With a key given too, both must hold.
 *   SNAPSHOT_BY_NOBODY  neither: as BY_ROOT, against the checkpoint's own
 *       root; every output must say that nobody vouches for it.
 * In all cases every signature of the checkpoint must hold (checkpoint.h), the
 * log's first entry must state the checkpoint's origin, MANIFEST must fit the
 * checkpoint, and nothing but the files of
 * manifest.h may lie in the folder.  A file that does not fit is
 * STORE_ERROR_INTEGRITY (exit 4), with its name in the text.
 */
#ifndef KEYSNAP_STORE_SNAPSHOT_H
#define KEYSNAP_STORE_SNAPSHOT_H

#include "keysnap/store/bearing.h"
#include "keysnap/store/checkpoint.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/excerpt.h"
#include "keysnap/store/manifest.h"
#include "keysnap/store/store.h"

struct snapshot;

enum snapshot_vouched { SNAPSHOT_BY_NOBODY, SNAPSHOT_BY_KEY, SNAPSHOT_BY_ROOT };

struct snapshot_trust {
	const struct note_key *public_key; /* or NULL */
	const uint8_t *root;		   /* 32 octets, or NULL */
};

/* NULL with "error" set.  A store file given instead of a folder is refused
 * with the command that freezes it.  All files are opened here; nothing is
 * opened by name later. */
struct snapshot *snapshot_open(const char *folder,
    const struct snapshot_trust *trust, const struct crypto *crypto,
    GError **error);
void snapshot_close(struct snapshot *snapshot);

/*
 * The same with some entries only, whose proofs the caller has checked against
 * "checkpoint" (copied but for what it borrows, which must last).  Lookups and
 * snapshot_get() work; names that are not in it are unknown, which proves
 * nothing.  "excerpt" becomes its own.
 */
struct snapshot *snapshot_of_excerpt(struct excerpt *excerpt,
    const struct checkpoint *checkpoint, enum snapshot_vouched vouched,
    const struct crypto *crypto);

const struct checkpoint *snapshot_checkpoint(const struct snapshot *snapshot);

/* The file "checkpoint"; valid as long as the snapshot. */
struct span snapshot_checkpoint_octets(const struct snapshot *snapshot);
enum snapshot_vouched snapshot_vouched(const struct snapshot *snapshot);

/* "nobody", "public-key", "root". */
const char *snapshot_vouched_name(enum snapshot_vouched vouched);

/*
 * The entries that bear on a canonical name (bearing.h), by ascending number,
 * parsed, in "arena".  Safe to call from several threads at once.  False with
 * "error" when a line does not fit its leaf hash or cannot be read.
 */
bool snapshot_lookup(struct snapshot *snapshot, struct arena *arena,
    struct span name, struct entry **entries_out, uint64_t **numbers_out,
    size_t *n_out, GError **error);

/* The same for the log as a whole: its anchors and audits. */
bool snapshot_about_log(struct snapshot *snapshot, struct arena *arena,
    struct bearing *bearing_out, GError **error);

/*
 * The same of the first "entries" of the log: what it held when it had no
 * more.  UINT64_MAX: all.
 */
bool snapshot_lookup_past(struct snapshot *snapshot, struct arena *arena,
    struct span name, uint64_t entries, struct bearing *bearing_out,
    GError **error);
bool snapshot_about_log_past(struct snapshot *snapshot, struct arena *arena,
    uint64_t entries, struct bearing *bearing_out, GError **error);

/* The root that the log had then (RFC 6962 2.1), from the leaf hashes of the
 * index; false when it has not so many entries. */
bool snapshot_root_past(const struct snapshot *snapshot, uint64_t entries,
    uint8_t root_out[32]);

/* Entry "number" (a source, say). */
bool snapshot_get(struct snapshot *snapshot, struct arena *arena,
    uint64_t number, struct entry *entry_out, GError **error);

/* Give every blob of evidence, each checked against its own digest, until
 * "visit" returns false; then true. */
bool snapshot_each_evidence(struct snapshot *snapshot,
    bool (*visit)(void *user, const uint8_t sha256[32], struct span octets),
    void *user, GError **error);

/* Number of distinct names with entries. */
uint64_t snapshot_names(struct snapshot *snapshot);

/* One finding of snapshot_verify(). */
struct snapshot_finding {
	bool good;
	bool noted; /* neither good nor bad: there was nothing to check it
		       against, or it counts no more; "good" is false */
	const char *check; /* "files", "manifest", "log", "index", ... */
	const char *file;  /* relative name, or NULL */
	const char *text;
};

/*
 * Check everything: the folder's content, the checkpoint's spelling and
 * signature (when a key is given), MANIFEST, the SHA-256 of every file, every
 * log line and the root, every evidence blob and that it is named by the log,
 * and keys.mdb against the log: it must be octet for octet what the log gives,
 * or, when made by another version of the library and a public key vouches for
 * it, the same entry by entry.  LMDB never sees a file that fits neither.  No
 * byte is mapped before its file fits MANIFEST.  Calls "report" for each finding and goes on after a
 * bad one as far as that makes sense.  True when all are good; "error" is for
 * trouble of the environment (then false).
 */
bool snapshot_verify(const char *folder, const struct snapshot_trust *trust,
    const struct crypto *crypto,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user, GError **error);

#endif
