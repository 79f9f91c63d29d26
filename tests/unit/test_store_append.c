/* test_store_append.c - what the store takes can be frozen; what it refuses
 * leaves it as it was. */
#include "store_fixture.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint64_t of_store[] = { 0 }, of_source[] = { 1 },
		      of_seen[] = { 2 }, of_later[] = { 99 };

/* What a case is made of: a good entry of its type, and one thing that the
 * log does not bear. */
static void
fill(struct entry *entry, enum entry_type type)
{
	static uint8_t digests[1][32] = { { 7 } };
	static const struct span checks[] = { { (const uint8_t *)"a", 1 } };
	const struct entry_hashes evidence = { (const uint8_t(*)[32])digests,
		1 };

	entry_init(entry, type);
	if (type == ENTRY_OBSERVATION) {
		entry->observation.source = 1;
		entry->observation.name = SPAN("s._domainkey.a");
		entry->observation.kind = OBSERVATION_NODATA;
		entry->observation.method = SPAN("dig");
	} else if (type == ENTRY_SIGHTING) {
		entry->sighting.source = 1;
		entry->sighting.of = (struct entry_numbers){ of_seen, 1 };
	} else if (type == ENTRY_ANNOTATION) {
		entry->annotation.text = SPAN("x");
		entry->annotation.target =
		    (struct entry_numbers){ of_store, 1 };
	} else if (type == ENTRY_ANCHOR) {
		entry->anchor.evidence = evidence;
		entry->anchor.tool = SPAN("k");
	} else if (type == ENTRY_CHAIN_RESULT) {
		entry->chain_result.observation = 2;
		entry->chain_result.result = CHAIN_BOGUS;
		entry->chain_result.evidence = evidence;
	} else if (type == ENTRY_KEY_HEALTH) {
		entry->key_health.check = SPAN("a");
	} else if (type == ENTRY_AUDIT) {
		entry->audit.below = 1;
		entry->audit.checks = (struct entry_texts){ checks, 1 };
	} else if (type == ENTRY_SOURCE) {
		entry->source.format = SPAN("zone");
	}
}

static void
source_is_store(struct entry *entry)
{
	entry->observation.source = 0;
}

static void
source_is_later(struct entry *entry)
{
	entry->observation.source = 99;
}

static void
sighting_of_source(struct entry *entry)
{
	entry->sighting.of = (struct entry_numbers){ of_source, 1 };
}

static void
sighting_by_seen(struct entry *entry)
{
	entry->sighting.source = 2;
}

static void
note_on_later(struct entry *entry)
{
	entry->annotation.target = (struct entry_numbers){ of_later, 1 };
}

static void
chain_of_source(struct entry *entry)
{
	entry->chain_result.observation = 1;
}

static void
anchor_of_other_state(struct entry *entry)
{
	entry->anchor.of_state = true;
	entry->anchor.size = 1;
}

static void
unknown_evidence(struct entry *entry)
{
	static const uint8_t other[1][32] = { { 8 } };

	entry->anchor.evidence = (struct entry_hashes){ other, 1 };
}

static void
long_text(struct entry *entry)
{
	static uint8_t octets[ENTRY_NOTE_MAX + 1];

	memset(octets, 'x', sizeof(octets));
	entry->annotation.text = (struct span){ octets, sizeof(octets) };
}

static void
long_line(struct entry *entry)
{
	static uint8_t octets[ENTRY_TEXT_MAX];
	static struct span texts[ENTRY_LIST_MAX];

	/* A set of texts that are told apart by their lengths. */
	memset(octets, 0, sizeof(octets));
	for (size_t i = 0; i < ENTRY_LIST_MAX; i++)
		texts[i] = (struct span){ octets, i + 1 };
	entry->observation.observer = SPAN("o");
	entry->observation.lineage =
	    (struct entry_texts){ texts, ENTRY_LIST_MAX };
}

static const struct {
	const char *name;
	enum entry_type type;
	void (*spoil)(struct entry *entry); /* NULL: it is taken */
} cases[] = {
	{ "source", ENTRY_SOURCE, NULL },
	{ "observation", ENTRY_OBSERVATION, NULL },
	{ "observation again", ENTRY_OBSERVATION, NULL },
	{ "sighting", ENTRY_SIGHTING, NULL },
	{ "annotation", ENTRY_ANNOTATION, NULL },
	{ "anchor", ENTRY_ANCHOR, NULL },
	{ "chain", ENTRY_CHAIN_RESULT, NULL },
	{ "health", ENTRY_KEY_HEALTH, NULL },
	{ "audit", ENTRY_AUDIT, NULL },
	{ "store", ENTRY_STORE, NULL },
	{ "source of an observation", ENTRY_OBSERVATION, source_is_store },
	{ "source to come", ENTRY_OBSERVATION, source_is_later },
	{ "sighting of a source", ENTRY_SIGHTING, sighting_of_source },
	{ "sighting by an observation", ENTRY_SIGHTING, sighting_by_seen },
	{ "note on what is to come", ENTRY_ANNOTATION, note_on_later },
	{ "chain of a source", ENTRY_CHAIN_RESULT, chain_of_source },
	{ "anchor of another state", ENTRY_ANCHOR, anchor_of_other_state },
	{ "evidence that is not kept", ENTRY_ANCHOR, unknown_evidence },
	{ "text too long", ENTRY_ANNOTATION, long_text },
	{ "line too long", ENTRY_OBSERVATION, long_line },
};

static void
try_case(struct store *store, size_t i)
{
	bool want = cases[i].spoil == NULL && cases[i].type != ENTRY_STORE;
	uint64_t size = store_size(store), number = 0;
	uint8_t before[32], after[32];
	GError *error = NULL;
	struct entry entry;

	fill(&entry, cases[i].type);
	if (cases[i].spoil != NULL)
		cases[i].spoil(&entry);
	store_root(store, before);
	g_test_message("%s", cases[i].name);
	g_assert_true(store_append(store, &entry, &number, &error) == want);
	if (want) {
		g_assert_no_error(error);
		g_assert_cmpuint(number, ==, size);
		return;
	}
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_test_message("  %s", error->message);
	g_clear_error(&error);
	store_root(store, after);
	g_assert_cmpuint(store_size(store), ==, size);
	g_assert_true(memcmp(before, after, 32) == 0);
}

static bool
count(void *user, uint64_t number)
{
	(void)number;
	(*(unsigned *)user)++;
	return true;
}

static unsigned
count_about_log(struct store *store)
{
	unsigned n = 0;

	g_assert_true(store_each_about(store, 0, count, &n, NULL));
	return n;
}

static bool
has_format(const char *path, const char *format)
{
	g_autofree char *octets = NULL;
	gsize n;

	g_assert_true(g_file_get_contents(path, &octets, &n, NULL));
	return memmem(octets, n, format, strlen(format)) != NULL;
}

static struct store *
make_store(struct store_fixture *f, const char *path)
{
	const uint8_t digest[32] = { 7 };
	struct store *store;

	g_assert_true(store_create(path, "o.example", f->crypto, NULL));
	store = store_open(path, true, f->crypto, NULL);
	g_assert_nonnull(store);
	g_assert_true(store_begin(store, NULL));
	g_assert_true(store_add_evidence(store, digest, SPAN("x"), NULL));
	try_case(store, 0);
	try_case(store, 1);
	g_assert_true(store_commit(store, NULL));
	return store;
}

static void
test_cases(struct store_fixture *f, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(f->folder, "two", NULL);
	struct store *store = make_store(f, path);
	g_autoptr(arena_auto) arena = arena_new();
	struct entry entry;

	(void)unused;
	g_assert_true(store_begin(store, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		try_case(store, i);
	g_assert_cmpuint(count_about_log(store), ==, 3);
	g_assert_true(store_commit(store, NULL));
	g_assert_cmpuint(store_size(store), ==, 3 + 9);
	/* All that was taken is what it was. */
	for (size_t i = 0; i < 9; i++) {
		g_assert_true(
		    store_get_entry(store, arena, 3 + i, &entry, NULL));
		g_assert_cmpint(entry.type, ==, cases[i].type);
	}
	store_close(store);
}

/* Another process adds a note. */
static void
append_elsewhere(struct store_fixture *f, const char *path)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		struct store *store = store_open(path, true, f->crypto, NULL);
		struct entry entry;
		uint64_t number;
		bool ok;

		fill(&entry, ENTRY_ANNOTATION);
		ok = store != NULL && store_begin(store, NULL) &&
		    store_append(store, &entry, &number, NULL) &&
		    store_commit(store, NULL);
		_exit(ok ? 0 : 1);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
}

static void
append_note(struct store *store, bool commit)
{
	g_assert_true(store_begin(store, NULL));
	try_case(store, 4);
	if (commit)
		g_assert_true(store_commit(store, NULL));
	else
		store_abort(store);
}

/* A store stays of the first version until it must not, and an aborted
 * transaction leaves it so. */
static void
test_format(struct store_fixture *f, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(f->folder, "two", NULL);
	struct store *store = make_store(f, path);

	(void)unused;
	append_note(store, false);
	g_assert_true(has_format(path, "keysnap-store 1"));
	g_assert_cmpuint(count_about_log(store), ==, 0);
	g_assert_cmpuint(store_size(store), ==, 3);
	append_note(store, true);
	append_note(store, true);
	g_assert_true(has_format(path, "keysnap-store 2"));
	g_assert_cmpuint(count_about_log(store), ==, 2);
	store_close(store);
	store = store_open(path, false, f->crypto, NULL);
	g_assert_cmpuint(count_about_log(store), ==, 2);
	store_close(store);
}

/* The tables were made by another process since the store was opened. */
static void
test_elsewhere(struct store_fixture *f, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(f->folder, "two", NULL);
	struct store *store = make_store(f, path);
	GError *error = NULL;
	unsigned n = 0;

	(void)unused;
	append_elsewhere(f, path);
	g_assert_false(store_each_about(store, 0, count, &n, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_SYSTEM);
	g_clear_error(&error);
	append_note(store, false);
	g_assert_false(store_each_about(store, 0, count, &n, NULL));
	append_note(store, true);
	g_assert_cmpuint(count_about_log(store), ==, 2);
	store_close(store);
}

#define ADD(path, function)                                               \
	g_test_add(path, struct store_fixture, NULL, store_fixture_setup, \
	    function, store_fixture_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/store-append/cases", test_cases);
	ADD("/store-append/format", test_format);
	ADD("/store-append/elsewhere", test_elsewhere);
	return g_test_run();
}
