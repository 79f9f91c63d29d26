/*
 * bearing.c - following the topics of entries.
 * Limit: BEARING_MAX entries.
 */
#include "keysnap/store/bearing.h"

#include "keysnap/base/span_key.h"
#include "keysnap/key/public_key.h"
#include "keysnap/store/store.h"

#include <stdlib.h>
#include <string.h>

/* What entries are looked for under: one of the three. */
struct topic {
	struct span name;
	const uint8_t *key;
	bool is_entry;
	uint64_t of;
};

struct gathering {
	const struct bearing_log *log;
	struct arena *arena;
	const struct crypto *crypto;
	GError **error;
	GArray *numbers; /* uint64_t, in the order in which they were found */
	GPtrArray *entries;                 /* struct entry *, the same */
	GHashTable *known;                  /* numbers found, and one more */
	GHashTable *sources, *keys, *texts; /* followed before */
};

static bool
fail(const struct gathering *gathering, const char *why)
{
	g_set_error(gathering->error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s: %s", gathering->log->path, why);
	return false;
}

/* Add to a set of numbers; false when it was there. */
static bool
add_number(GHashTable *set, uint64_t number)
{
	/* 0 is NULL. */
	return g_hash_table_add(set, (gpointer)(uintptr_t)(number + 1));
}

/* Add to a set of octets; false when they were there. */
static bool
add_octets(
    const struct gathering *gathering, GHashTable *set, struct span octets)
{
	struct span *copy;

	if (g_hash_table_contains(set, &octets))
		return false;
	copy = arena_alloc(gathering->arena, sizeof(*copy));
	*copy = arena_copy(gathering->arena, octets);
	return g_hash_table_add(set, copy);
}

static bool
take(void *user, uint64_t number)
{
	struct gathering *gathering = user;

	if (add_number(gathering->known, number))
		g_array_append_val(gathering->numbers, number);
	return gathering->numbers->len <= BEARING_MAX;
}

static bool
look_up(struct gathering *gathering, const struct topic *topic)
{
	const struct bearing_log *log = gathering->log;

	if (topic->is_entry)
		return log->each_about(
		    log->user, topic->of, take, gathering, gathering->error);
	if (topic->key != NULL)
		return log->each_of_key(
		    log->user, topic->key, take, gathering, gathering->error);
	return log->each_of_name(
	    log->user, topic->name, take, gathering, gathering->error);
}

static bool
is_under(const struct entry *entry, const struct topic *topic)
{
	struct entry_topics topics;

	entry_topics(entry, &topics);
	if (topic->key != NULL)
		return topics.key != NULL &&
		    memcmp(topics.key, topic->key, 32) == 0;
	if (!topic->is_entry)
		return span_equal(topics.name, topic->name);
	for (size_t i = 0; i < topics.about.n; i++) {
		if (topics.about.items[i] == topic->of)
			return true;
	}
	return false;
}

/* Find what is under "topic", and read it. */
static bool
gather(struct gathering *gathering, const struct topic *topic)
{
	const struct bearing_log *log = gathering->log;

	if (!look_up(gathering, topic))
		return false;
	if (gathering->numbers->len > BEARING_MAX)
		return fail(gathering,
		    "the entries that bear on one name are too many");
	for (guint i = gathering->entries->len; i < gathering->numbers->len;
	     i++) {
		struct entry *entry =
		    arena_alloc(gathering->arena, sizeof(*entry));

		if (!log->get(log->user, gathering->arena,
			g_array_index(gathering->numbers, uint64_t, i), entry,
			gathering->error))
			return false;
		if (!is_under(entry, topic))
			return fail(gathering,
			    "the index has an entry under a name, key or "
			    "entry that is not its own");
		g_ptr_array_add(gathering->entries, entry);
	}
	return true;
}

static bool
gather_about(struct gathering *gathering, uint64_t of)
{
	const struct topic topic = { .is_entry = true, .of = of };

	return gather(gathering, &topic);
}

/* What is said of the key in an observation. */
static bool
follow_key(
    struct gathering *gathering, const struct entry_observation *observation)
{
	struct span text = entry_joined(gathering->arena, observation);
	struct key_record record;
	struct public_key key = { .status = PUBLIC_KEY_MALFORMED };
	const struct topic topic = { .key = key.sha256 };

	if (!add_octets(gathering, gathering->texts, text))
		return true;
	key_record_parse(&record, gathering->arena, text);
	if ((record.defects & KEY_RECORD_FATAL) != 0 || record.revoked)
		return true;
	public_key_parse(&key, gathering->arena, gathering->crypto, &record);
	if (key.status == PUBLIC_KEY_MALFORMED ||
	    key.status == PUBLIC_KEY_WRONG_ALGORITHM ||
	    key.status == PUBLIC_KEY_BAD_LENGTH)
		return true;
	return !add_octets(gathering, gathering->keys,
		   (struct span){ key.sha256, sizeof(key.sha256) }) ||
	    gather(gathering, &topic);
}

static bool
follow_source(struct gathering *gathering, uint64_t source)
{
	return !add_number(gathering->sources, source) ||
	    gather_about(gathering, source);
}

static bool
follow(struct gathering *gathering, guint i)
{
	const struct entry *entry = gathering->entries->pdata[i];
	uint64_t number = g_array_index(gathering->numbers, uint64_t, i);

	if (!gather_about(gathering, number))
		return false;
	if (entry->type == ENTRY_SIGHTING)
		return follow_source(gathering, entry->sighting.source);
	if (entry->type != ENTRY_OBSERVATION)
		return true;
	if (!follow_source(gathering, entry->observation.source))
		return false;
	return (entry->observation.kind != OBSERVATION_PRESENT &&
		   entry->observation.kind != OBSERVATION_RECOVERED) ||
	    follow_key(gathering, &entry->observation);
}

struct found {
	uint64_t number;
	const struct entry *entry;
};

static int
compare_found(const void *a, const void *b)
{
	const struct found *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static void
put(const struct gathering *gathering, struct bearing *bearing)
{
	size_t n = gathering->numbers->len;
	g_autofree struct found *found = g_new(struct found, n + 1);

	for (guint i = 0; i < n; i++) {
		found[i].number =
		    g_array_index(gathering->numbers, uint64_t, i);
		found[i].entry = gathering->entries->pdata[i];
	}
	qsort(found, n, sizeof(*found), compare_found);
	bearing->n = n;
	bearing->entries =
	    arena_alloc_array(gathering->arena, n, sizeof(struct entry));
	bearing->numbers =
	    arena_alloc_array(gathering->arena, n, sizeof(uint64_t));
	for (size_t i = 0; i < n; i++) {
		bearing->numbers[i] = found[i].number;
		bearing->entries[i] = *found[i].entry;
	}
}

static bool
gather_all(const struct bearing_log *log, struct arena *arena,
    const struct crypto *crypto, const struct topic *topic,
    struct bearing *bearing, GError **error)
{
	struct gathering gathering = { log, arena, crypto, error,
		g_array_new(FALSE, FALSE, sizeof(uint64_t)), g_ptr_array_new(),
		g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL),
		g_hash_table_new(span_key_hash, span_key_equal),
		g_hash_table_new(span_key_hash, span_key_equal) };
	bool ok = gather(&gathering, topic);

	for (guint i = 0; ok && log->topics && i < gathering.numbers->len; i++)
		ok = follow(&gathering, i);
	if (ok)
		put(&gathering, bearing);
	g_hash_table_unref(gathering.texts);
	g_hash_table_unref(gathering.keys);
	g_hash_table_unref(gathering.sources);
	g_hash_table_unref(gathering.known);
	g_ptr_array_unref(gathering.entries);
	g_array_unref(gathering.numbers);
	return ok;
}

bool
bearing_of_name(const struct bearing_log *log, struct arena *arena,
    const struct crypto *crypto, struct span name, struct bearing *bearing_out,
    GError **error)
{
	const struct topic topic = { .name = name };

	return gather_all(log, arena, crypto, &topic, bearing_out, error);
}

bool
bearing_of_log(const struct bearing_log *log, struct arena *arena,
    const struct crypto *crypto, struct bearing *bearing_out, GError **error)
{
	const struct topic topic = { .is_entry = true, .of = 0 };

	*bearing_out = (struct bearing){ NULL, NULL, 0 };
	return !log->topics ||
	    gather_all(log, arena, crypto, &topic, bearing_out, error);
}
