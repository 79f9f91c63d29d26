/*
 * snapshot_lookup.c - what bears on a name in a snapshot, now or as its log
 * once was.
 *
 * The log only grows, so its past is its first entries: what hangs on a later
 * one is not reached, as entries name smaller ones only.
 */
#include "keysnap/store/snapshot_private.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/merkle.h"

/* The first entries of a log. */
struct past {
	struct snapshot *snapshot;
	uint64_t entries;
};

static bool
unreadable(const struct snapshot *snapshot, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s: its index cannot be read", snapshot->folder.path);
	return false;
}

/* The index cannot tell an end that "visit" made from a failure. */
struct relay {
	bool (*visit)(void *user, uint64_t number);
	void *user;
	uint64_t entries; /* those behind do not count */
	bool ended;
};

static bool
relay_number(void *user, uint64_t number)
{
	struct relay *relay = user;

	if (number >= relay->entries)
		return true;
	relay->ended = !relay->visit(relay->user, number);
	return !relay->ended;
}

static bool
finish_relay(const struct snapshot *snapshot, const struct relay *relay,
    bool ok, GError **error)
{
	return ok || relay->ended || unreadable(snapshot, error);
}

static bool
each_of_name(void *user, struct span name,
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	const struct past *past = user;
	const struct snapshot *snapshot = past->snapshot;
	struct relay relay = { visit, visit_user, past->entries, false };
	g_autoptr(arena_auto) arena = arena_new();

	return finish_relay(snapshot, &relay,
	    index_each_of_name(snapshot->index, dns_name_reversed(arena, name),
		relay_number, &relay),
	    error);
}

static bool
each_of_key(void *user, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	const struct past *past = user;
	const struct snapshot *snapshot = past->snapshot;
	struct relay relay = { visit, visit_user, past->entries, false };

	return finish_relay(snapshot, &relay,
	    index_each_of_key(snapshot->index, key, relay_number, &relay),
	    error);
}

static bool
each_about(void *user, uint64_t of, bool (*visit)(void *user, uint64_t number),
    void *visit_user, GError **error)
{
	const struct past *past = user;
	const struct snapshot *snapshot = past->snapshot;
	struct relay relay = { visit, visit_user, past->entries, false };

	return finish_relay(snapshot, &relay,
	    index_each_about(snapshot->index, of, relay_number, &relay), error);
}

static bool
get(void *user, struct arena *arena, uint64_t number, struct entry *entry_out,
    GError **error)
{
	const struct past *past = user;

	return snapshot_get(past->snapshot, arena, number, entry_out, error);
}

static struct bearing_log
log_of(struct past *past)
{
	/* An excerpt has no past of its own. */
	if (past->snapshot->excerpt != NULL)
		return excerpt_log(past->snapshot->excerpt);
	return (struct bearing_log){
		.user = past,
		.path = past->snapshot->folder.path,
		.topics = index_has_topics(past->snapshot->index),
		.get = get,
		.each_of_name = each_of_name,
		.each_of_key = each_of_key,
		.each_about = each_about,
	};
}

bool
snapshot_lookup_past(struct snapshot *snapshot, struct arena *arena,
    struct span name, uint64_t entries, struct bearing *bearing_out,
    GError **error)
{
	struct past past = { snapshot, entries };
	const struct bearing_log log = log_of(&past);

	return bearing_of_name(
	    &log, arena, snapshot->crypto, name, bearing_out, error);
}

bool
snapshot_lookup(struct snapshot *snapshot, struct arena *arena,
    struct span name, struct entry **entries_out, uint64_t **numbers_out,
    size_t *n_out, GError **error)
{
	struct bearing bearing;

	if (!snapshot_lookup_past(
		snapshot, arena, name, UINT64_MAX, &bearing, error))
		return false;
	*entries_out = bearing.entries;
	*numbers_out = bearing.numbers;
	*n_out = bearing.n;
	return true;
}

bool
snapshot_about_log_past(struct snapshot *snapshot, struct arena *arena,
    uint64_t entries, struct bearing *bearing_out, GError **error)
{
	struct past past = { snapshot, entries };
	const struct bearing_log log = log_of(&past);

	return bearing_of_log(
	    &log, arena, snapshot->crypto, bearing_out, error);
}

bool
snapshot_about_log(struct snapshot *snapshot, struct arena *arena,
    struct bearing *bearing_out, GError **error)
{
	return snapshot_about_log_past(
	    snapshot, arena, UINT64_MAX, bearing_out, error);
}

bool
snapshot_root_past(
    const struct snapshot *snapshot, uint64_t entries, uint8_t root_out[32])
{
	struct index_entry entry;
	struct merkle merkle;
	bool there = true;

	merkle_init(&merkle, snapshot->crypto);
	for (uint64_t i = 0; there && i < entries; i++) {
		there = index_get(snapshot->index, i, &entry);
		if (there)
			merkle_add(&merkle, entry.leaf_hash);
	}
	merkle_root(&merkle, root_out);
	merkle_clear(&merkle);
	return there;
}
