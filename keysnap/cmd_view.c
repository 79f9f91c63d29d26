/*
 * cmd_view.c - a store or a snapshot, read in the same way.
 */
#include "keysnap/cmd_view.h"
#include "keysnap/base/file.h"
#include "keysnap/base/span_key.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/store/note.h"

#include <string.h>

#define VKEY_FILE_MAX 4096 /* octets; a vkey is one line under 400 */

struct view {
	const struct crypto *crypto;
	struct store *store; /* one of the two */
	struct snapshot *snapshot;
	struct arena *arena; /* for sources and "of_log" */
	struct bearing of_log;
	bool has_log;
	GHashTable *sources; /* uint64_t * -> struct entry * */
};

static enum exit_code
read_public_key(struct command_line *line, struct view_trust *trust)
{
	GError *error = NULL;
	g_autoptr(GBytes) text =
	    file_read(line->public_key, VKEY_FILE_MAX, &error);
	struct span octets;

	if (text == NULL)
		return command_error(error, false);
	octets.p = g_bytes_get_data(text, &octets.n);
	if (!note_key_parse(&trust->key, line->crypto, octets)) {
		command_say(
		    "%s is no public key of keysnap keygen", line->public_key);
		return EXIT_INPUT;
	}
	trust->trust.public_key = &trust->key;
	return EXIT_DONE;
}

enum exit_code
view_trust_read(struct command_line *line, struct view_trust *trust)
{
	trust->trust = (struct snapshot_trust){ NULL, NULL };
	if (line->root != NULL) {
		if (!digest_from_hex(span_from_string(line->root), trust->root))
			return command_usage(line,
			    "--root is 64 hexadecimal digits, lower case");
		trust->trust.root = trust->root;
	}
	return line->public_key == NULL ? EXIT_DONE
					: read_public_key(line, trust);
}

static struct view *
new_view(struct command_line *line)
{
	struct view *view = g_new0(struct view, 1);

	view->crypto = line->crypto;
	view->arena = arena_new();
	view->sources = g_hash_table_new(g_int64_hash, g_int64_equal);
	return view;
}

static void
say_who_vouches(const struct view *view, const char *path)
{
	const struct checkpoint *checkpoint;

	if (view->snapshot == NULL ||
	    snapshot_vouched(view->snapshot) != SNAPSHOT_BY_NOBODY)
		return;
	checkpoint = snapshot_checkpoint(view->snapshot);
	command_say("nobody vouches for %s: it is %s, and neither "
		    "--public-key nor --root was given",
	    path, checkpoint->is_signed ? "signed" : "unsigned");
}

struct view *
view_open(struct command_line *line, enum exit_code *code_out)
{
	return view_open_path(line, line->arguments[0], code_out);
}

struct view *
view_open_path(
    struct command_line *line, const char *path, enum exit_code *code_out)
{
	struct view_trust trust;
	GError *error = NULL;
	struct view *view;

	*code_out = view_trust_read(line, &trust);
	if (*code_out != EXIT_DONE)
		return NULL;
	view = new_view(line);
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		view->snapshot =
		    snapshot_open(path, &trust.trust, line->crypto, &error);
	else if (line->root != NULL || line->public_key != NULL)
		*code_out = command_usage(line,
		    "%s is no snapshot: --public-key and --root are for "
		    "snapshots",
		    path);
	else
		view->store = store_open(path, false, line->crypto, &error);
	if (error != NULL)
		*code_out = command_error(error, false);
	if (*code_out != EXIT_DONE) {
		view_close(view);
		return NULL;
	}
	say_who_vouches(view, path);
	return view;
}

void
view_close(struct view *view)
{
	if (view->store != NULL)
		store_close(view->store);
	if (view->snapshot != NULL)
		snapshot_close(view->snapshot);
	g_hash_table_destroy(view->sources);
	arena_free(view->arena);
	g_free(view);
}

struct store *
view_store(const struct view *view)
{
	return view->store;
}

struct snapshot *
view_snapshot(const struct view *view)
{
	return view->snapshot;
}

const struct crypto *
view_crypto(const struct view *view)
{
	return view->crypto;
}

void
view_root(const struct view *view, uint8_t root_out[32])
{
	if (view->store != NULL)
		store_root(view->store, root_out);
	else
		memcpy(root_out, snapshot_checkpoint(view->snapshot)->root, 32);
}

uint64_t
view_size(const struct view *view)
{
	return view->store != NULL ? store_size(view->store)
				   : snapshot_checkpoint(view->snapshot)->size;
}

void
view_write_header(const struct view *view, GString *out, const char *schema)
{
	struct json_writer writer;
	uint8_t root[32];

	view_root(view, root);
	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_string(
	    &writer, "kind", view->store != NULL ? "store" : "snapshot");
	json_write_hex(&writer, "root", (struct span){ root, 32 });
	json_write_string(&writer, "schema", schema);
	if (view->snapshot != NULL)
		json_write_bool(&writer, "signed",
		    snapshot_checkpoint(view->snapshot)->is_signed);
	json_write_integer(&writer, "size", (int64_t)view_size(view));
	if (view->snapshot != NULL)
		json_write_string(&writer, "vouched",
		    snapshot_vouched_name(snapshot_vouched(view->snapshot)));
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

bool
view_get(struct view *view, struct arena *arena, uint64_t number,
    struct entry *entry, GError **error)
{
	struct span leaf;
	const char *why;

	if (view->snapshot != NULL)
		return snapshot_get(
		    view->snapshot, arena, number, entry, error);
	if (!store_get(view->store, arena, number, &leaf, error))
		return false;
	if (entry_parse(entry, arena, leaf, number, &why))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "entry %" PRIu64 ": %s", number, why);
	return false;
}

bool
view_each(struct view *view,
    void (*visit)(void *user, uint64_t number, const struct entry *entry),
    void *user, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	uint64_t size = view_size(view);
	struct entry entry;

	for (uint64_t i = 0; i < size; i++) {
		if (!view_get(view, arena, i, &entry, error))
			return false;
		visit(user, i, &entry);
		arena_reset(arena);
	}
	return true;
}

/* Names on their way to view_names(). */
struct collection {
	struct span within;
	GHashTable *by_name; /* char * -> struct view_name * */
	GPtrArray *names;
};

static void
free_name(void *data)
{
	struct view_name *name = data;

	g_array_free(name->numbers, TRUE);
	g_free((uint8_t *)name->name.p);
	g_free((uint8_t *)name->reversed.p);
	g_free(name);
}

static struct view_name *
add_name(struct collection *collection, struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct view_name *name = g_new0(struct view_name, 1);
	struct span reversed = dns_name_reversed(arena, text);

	name->name.p = (uint8_t *)span_dup(text);
	name->name.n = text.n;
	name->reversed.p = g_memdup2(reversed.p, reversed.n);
	name->reversed.n = reversed.n;
	name->numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_ptr_array_add(collection->names, name);
	g_hash_table_insert(collection->by_name, (char *)name->name.p, name);
	return name;
}

static void
collect(void *user, uint64_t number, const struct entry *entry)
{
	struct collection *collection = user;
	struct view_name *name;
	g_autofree char *key = NULL;

	if (entry->name.n == 0 ||
	    (collection->within.n > 0 &&
		!dns_name_is_within(entry->name, collection->within)))
		return;
	key = span_dup(entry->name);
	name = g_hash_table_lookup(collection->by_name, key);
	if (name == NULL)
		name = add_name(collection, entry->name);
	g_array_append_val(name->numbers, number);
}

/* Only what the index has under "within". */
struct indexed {
	struct view *view;
	struct collection *collection;
	struct arena *arena;
	GError **error;
	bool failed;
};

static bool
collect_indexed(void *user, uint64_t number)
{
	struct indexed *indexed = user;
	struct entry entry;

	arena_reset(indexed->arena);
	indexed->failed = !view_get(
	    indexed->view, indexed->arena, number, &entry, indexed->error);
	if (!indexed->failed)
		collect(indexed->collection, number, &entry);
	return !indexed->failed;
}

static bool
collect_from_store(
    struct view *view, struct collection *collection, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct indexed indexed = { view, collection, arena, error, false };

	return store_each_of_name(view->store, collection->within, true,
		   collect_indexed, &indexed, error) &&
	    !indexed.failed;
}

/* A key's own name has nothing below it in a snapshot's index. */
static bool
collect_from_snapshot(
    struct view *view, struct collection *collection, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct entry *entries;
	uint64_t *numbers;
	size_t n;

	if (!snapshot_lookup(view->snapshot, arena, collection->within,
		&entries, &numbers, &n, error))
		return false;
	for (size_t i = 0; i < n; i++)
		collect(collection, numbers[i], &entries[i]);
	return true;
}

static bool
collect_names(struct view *view, struct collection *collection, GError **error)
{
	struct span selector, domain;

	if (collection->within.n == 0)
		return view_each(view, collect, collection, error);
	if (view->store != NULL)
		return collect_from_store(view, collection, error);
	if (dns_name_split_key(collection->within, &selector, &domain))
		return collect_from_snapshot(view, collection, error);
	return view_each(view, collect, collection, error);
}

static int
compare_names(const void *a, const void *b)
{
	const struct view_name *const *left = a, *const *right = b;

	return span_compare((*left)->reversed, (*right)->reversed);
}

GPtrArray *
view_names(struct view *view, struct span within, GError **error)
{
	struct collection collection = {
		.within = within,
		.by_name = g_hash_table_new(string_key_hash, g_str_equal),
		.names = g_ptr_array_new_with_free_func(free_name),
	};
	bool ok = collect_names(view, &collection, error);

	g_hash_table_destroy(collection.by_name);
	if (!ok) {
		g_ptr_array_free(collection.names, TRUE);
		return NULL;
	}
	g_ptr_array_sort(collection.names, compare_names);
	return collection.names;
}

const struct entry_source *
view_source(struct view *view, uint64_t number)
{
	struct entry *entry = g_hash_table_lookup(view->sources, &number);
	uint64_t *key;

	if (entry == NULL) {
		key = arena_alloc(view->arena, sizeof(*key));
		entry = arena_alloc(view->arena, sizeof(*entry));
		*key = number;
		if (number >= view_size(view) ||
		    !view_get(view, view->arena, number, entry, NULL))
			return NULL;
		g_hash_table_insert(view->sources, key, entry);
	}
	return entry->type == ENTRY_SOURCE ? &entry->source : NULL;
}

static const struct entry_source *
source_of(void *user, uint64_t number)
{
	return view_source(user, number);
}

/* Anchors and the like: the same for all names. */
static bool
load_log(struct view *view, GError **error)
{
	if (!view->has_log)
		view->has_log =
		    view_about_log(view, view->arena, &view->of_log, error);
	return view->has_log;
}

static void
derive(struct view *view, struct arena *arena, struct span name,
    const struct bearing *of_name, struct view_keys *keys)
{
	const struct provenance_input input = { .name = name,
		.of_name = *of_name,
		.of_log = view->of_log,
		.vouched = view->store != NULL ||
		    snapshot_vouched(view->snapshot) != SNAPSHOT_BY_NOBODY,
		.source_of = source_of,
		.user = view };

	provenance_derive(&keys->known, arena, view->crypto, &input);
}

bool
view_derive(struct view *view, struct arena *arena,
    const struct view_name *name, struct view_keys *keys, GError **error)
{
	struct bearing bearing = { NULL, NULL, 0 };
	bool ok = view->store != NULL
	    ? store_lookup(view->store, arena, name->name, &bearing, error)
	    : snapshot_lookup(view->snapshot, arena, name->name,
		  &bearing.entries, &bearing.numbers, &bearing.n, error);

	if (!ok)
		return false;
	if (!load_log(view, error))
		return false;
	keys->entries = bearing.entries;
	keys->numbers = bearing.numbers;
	keys->n = bearing.n;
	derive(view, arena, name->name, &bearing, keys);
	return true;
}

bool
view_about_log(struct view *view, struct arena *arena,
    struct bearing *bearing_out, GError **error)
{
	return view->store != NULL
	    ? store_about_log(view->store, arena, bearing_out, error)
	    : snapshot_about_log(view->snapshot, arena, bearing_out, error);
}
