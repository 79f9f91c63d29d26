/* store_fixture.c - stores and snapshots for tests. */
#include "store_fixture.h"

#include "keysnap/store/freeze.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
add_evidence(struct store *store, const struct crypto *crypto, unsigned seed,
    uint8_t out[2][32])
{
	for (unsigned i = 0; i < 2; i++) {
		g_autofree char *text =
		    g_strdup_printf("evidence %u of %u\n", i, seed);

		digest_sha256(crypto, span_from_string(text), out[i]);
		g_assert_true(store_add_evidence(
		    store, out[i], span_from_string(text), NULL));
	}
}

static void
add_line(struct store *store, GString *line, struct span name)
{
	uint64_t index;

	g_assert_true(
	    store_add(store, (struct span){ (uint8_t *)line->str, line->len },
		name, &index, NULL));
	g_string_truncate(line, 0);
}

void
store_fixture_add(
    struct store *store, const struct crypto *crypto, unsigned seed)
{
	GString *line = g_string_new(NULL);
	uint8_t evidence[2][32];
	struct entry_source source = { .file = SPAN("f"),
		.format = SPAN("zone"),
		.observer = SPAN("me"),
		.tool = SPAN("keysnap 0"),
		.imported = 1577836800 + seed,
		.evidence = (const uint8_t(*)[32])evidence,
		.n_evidence = 2 };
	uint64_t number;

	g_assert_true(store_begin(store, NULL));
	number = store_size(store);
	add_evidence(store, crypto, seed, evidence);
	entry_write_source(line, &source);
	add_line(store, line, SPAN(""));
	for (unsigned i = 0; i < 5; i++) {
		g_autofree char *name =
		    g_strdup_printf("s%u._domainkey.a.example", i % 4);
		g_autofree char *text =
		    g_strdup_printf("v=DKIM1; p=%u%u", seed, i);
		struct span string = span_from_string(text);
		struct entry_observation observation = { .source = number,
			.name = span_from_string(name),
			.strings = &string,
			.n_strings = 1,
			.first = 1577836800,
			.last = 1577836800 + 86400 * i,
			.time_kind = TIME_CLAIMED,
			.method = SPAN("zonefile"),
			.line = i + 1,
			.ttl = -1 };

		entry_write_observation(line, &observation);
		add_line(store, line, span_from_string(name));
	}
	g_assert_true(store_commit(store, NULL));
	g_string_free(line, TRUE);
}

static void
freeze(struct store_fixture *fixture, struct store *store, const char *folder,
    struct span secret)
{
	struct freeze_result result;
	GError *error = NULL;

	g_assert_true(freeze_store(
	    store, folder, secret, fixture->crypto, &result, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(result.size, ==, 13);
	memcpy(fixture->root, result.root, 32);
}

void
store_fixture_setup(struct store_fixture *fixture, gconstpointer unused)
{
	struct store *store;

	(void)unused;
	fixture->crypto = crypto_open(NULL);
	fixture->arena = arena_new();
	fixture->folder = g_dir_make_tmp("snapshot-XXXXXX", NULL);
	fixture->store = g_build_filename(fixture->folder, "store", NULL);
	fixture->signed_ = g_build_filename(fixture->folder, "signed", NULL);
	fixture->unsigned_ =
	    g_build_filename(fixture->folder, "unsigned", NULL);
	g_assert_true(
	    store_create(fixture->store, "o.example", fixture->crypto, NULL));
	store = store_open(fixture->store, true, fixture->crypto, NULL);
	g_assert_nonnull(store);
	store_fixture_add(store, fixture->crypto, 1);
	store_fixture_add(store, fixture->crypto, 2);
	freeze(fixture, store, fixture->signed_, SPAN(FIXTURE_SECRET));
	freeze(fixture, store, fixture->unsigned_, SPAN(""));
	store_close(store);
	g_assert_true(note_key_parse(
	    &fixture->key, fixture->crypto, SPAN(FIXTURE_PUBLIC)));
}

void
store_fixture_teardown(struct store_fixture *fixture, gconstpointer unused)
{
	(void)unused;
	store_fixture_remove(fixture->folder);
	g_free(fixture->folder);
	g_free(fixture->store);
	g_free(fixture->signed_);
	g_free(fixture->unsigned_);
	arena_free(fixture->arena);
	crypto_close(fixture->crypto);
}

void
store_fixture_remove(const char *path)
{
	GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK)
	    ? NULL
	    : g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		store_fixture_remove(below);
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_remove(path);
}

void
store_fixture_copy(const char *from, const char *to)
{
	GDir *dir = g_dir_open(from, 0, NULL);
	const char *name;

	g_assert_cmpint(g_mkdir(to, 0755), ==, 0);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *source = g_build_filename(from, name, NULL);
		g_autofree char *target = g_build_filename(to, name, NULL);
		g_autofree char *octets = NULL;
		gsize n;

		if (g_file_test(source, G_FILE_TEST_IS_DIR)) {
			store_fixture_copy(source, target);
			continue;
		}
		g_assert_true(g_file_get_contents(source, &octets, &n, NULL));
		g_assert_true(
		    g_file_set_contents(target, octets, (gssize)n, NULL));
	}
	g_dir_close(dir);
}
