/* test_bearing.c - all that bears on a name, from a store and from snapshots
 * of it, opened by key and by log. */
#include "store_fixture.h"

#include "keysnap/key/public_key.h"
#include "keysnap/store/freeze.h"

#include <string.h>

#define RSA                                                                    \
	"v=DKIM1; p="                                                          \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08" \
	"a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR" \
	"+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l" \
	"/K4w3QIDAQAB"
#define ED25519 \
	"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define ONE "s1._domainkey.a.example"
#define TWO "s2._domainkey.b.example"

static void
key_of(struct store_fixture *f, const char *text, uint8_t out[32])
{
	struct key_record record;
	struct public_key key;

	key_record_parse(&record, f->arena, span_from_string(text));
	public_key_parse(&key, f->arena, f->crypto, &record);
	g_assert_cmpint(key.status, ==, PUBLIC_KEY_OK);
	memcpy(out, key.sha256, 32);
}

static uint64_t
append(struct store *store, const struct entry *entry)
{
	GError *error = NULL;
	uint64_t number = 0;

	g_assert_true(store_append(store, entry, &number, &error));
	g_assert_no_error(error);
	return number;
}

static void
add_source(struct store *store)
{
	struct entry entry;

	entry_init(&entry, ENTRY_SOURCE);
	entry.source.format = SPAN("zone");
	append(store, &entry);
}

static void
add_seen(
    struct store *store, uint64_t source, const char *name, const char *text)
{
	struct span string = span_from_string(text);
	struct entry entry;

	entry_init(&entry, ENTRY_OBSERVATION);
	entry.observation.source = source;
	entry.observation.name = span_from_string(name);
	entry.observation.method = SPAN("dig");
	entry.observation.strings = &string;
	entry.observation.n_strings = 1;
	append(store, &entry);
}

static void
add_retraction(struct store *store, uint64_t target)
{
	struct entry entry;

	entry_init(&entry, ENTRY_ANNOTATION);
	entry.annotation.kind = ANNOTATION_RETRACT;
	entry.annotation.target = (struct entry_numbers){ &target, 1 };
	append(store, &entry);
}

static void
add_note(struct store *store, const uint8_t key[32], const char *name)
{
	struct entry entry;

	entry_init(&entry, ENTRY_ANNOTATION);
	entry.annotation.text = SPAN("x");
	entry.annotation.has_key = true;
	memcpy(entry.annotation.key, key, 32);
	entry.annotation.name = span_from_string(name);
	append(store, &entry);
}

/* Entries 6 to 13. */
static void
add_statements(struct store_fixture *f, struct store *store)
{
	static const uint64_t of[] = { 3 };
	static const struct span tool = { (const uint8_t *)"k 1", 3 };
	static const struct span checks[] = { { (const uint8_t *)"a", 1 } };
	uint8_t evidence[1][32], rsa[32];
	struct entry entry;

	key_of(f, RSA, rsa);
	entry_init(&entry, ENTRY_SIGHTING);
	entry.sighting.source = 2;
	entry.sighting.of = (struct entry_numbers){ of, 1 };
	append(store, &entry);
	entry_init(&entry, ENTRY_ANNOTATION);
	entry.annotation.kind = ANNOTATION_COMPROMISE;
	entry.annotation.has_key = true;
	memcpy(entry.annotation.key, rsa, 32);
	append(store, &entry);
	entry_init(&entry, ENTRY_KEY_HEALTH);
	entry.key_health.check = SPAN("exponent");
	entry.key_health.tool = tool;
	key_of(f, ED25519, entry.key_health.key);
	append(store, &entry);
	add_retraction(store, 7);
	add_retraction(store, 2);
	add_note(store, rsa, TWO);
	add_retraction(store, 9);
	digest_sha256(f->crypto, SPAN("chain"), evidence[0]);
	g_assert_true(
	    store_add_evidence(store, evidence[0], SPAN("chain"), NULL));
	entry_init(&entry, ENTRY_CHAIN_RESULT);
	entry.chain_result.observation = 5;
	entry.chain_result.result = CHAIN_BOGUS;
	entry.chain_result.tool = tool;
	entry.chain_result.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])evidence, 1 };
	append(store, &entry);
	/* 14: an anchor of what was committed before */
	entry_init(&entry, ENTRY_ANCHOR);
	entry.anchor.of_state = true;
	entry.anchor.size = 6;
	memcpy(entry.anchor.root, f->root, 32);
	entry.anchor.tool = tool;
	entry.anchor.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])evidence, 1 };
	append(store, &entry);
	entry_init(&entry, ENTRY_AUDIT);
	entry.audit.below = 6;
	entry.audit.checks = (struct entry_texts){ checks, 1 };
	entry.audit.tool = tool;
	append(store, &entry);
	add_retraction(store, 14);
}

static struct store *
make_store(struct store_fixture *f, const char *path)
{
	struct store *store;

	g_assert_true(store_create(path, "o.example", f->crypto, NULL));
	store = store_open(path, true, f->crypto, NULL);
	g_assert_nonnull(store);
	g_assert_true(store_begin(store, NULL));
	add_source(store);
	add_source(store);
	add_seen(store, 1, ONE, RSA);
	add_seen(store, 2, TWO, RSA);
	add_seen(store, 1, ONE, ED25519);
	store_root(store, f->root);
	g_assert_true(store_commit(store, NULL));
	g_assert_true(store_begin(store, NULL));
	add_statements(f, store);
	g_assert_true(store_commit(store, NULL));
	return store;
}

/* The numbers of an answer, as "3 5 6". */
static char *
text_of(const struct bearing *bearing)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < bearing->n; i++)
		g_string_append_printf(text, "%s%" G_GUINT64_FORMAT,
		    i == 0 ? "" : " ", bearing->numbers[i]);
	return g_string_free(text, FALSE);
}

static const struct {
	const char *name; /* NULL: the log */
	const char *want;
} cases[] = {
	{ ONE, "3 5 6 7 8 9 10 12 13" },
	{ TWO, "4 7 9 10 11 12" },
	{ NULL, "14 15 16" },
	{ "a.example", "" },
	{ "s3._domainkey.a.example", "" },
};

static void
check_store(struct store_fixture *f, struct store *store)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = NULL;
		struct bearing bearing;

		g_assert_true(cases[i].name != NULL
			? store_lookup(store, f->arena,
			      span_from_string(cases[i].name), &bearing, NULL)
			: store_about_log(store, f->arena, &bearing, NULL));
		got = text_of(&bearing);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

static void
check_snapshot(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust)
{
	GError *error = NULL;
	struct snapshot *snapshot =
	    snapshot_open(folder, trust, f->crypto, &error);

	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = NULL;
		struct bearing bearing;

		g_assert_true(cases[i].name != NULL
			? snapshot_lookup(snapshot, f->arena,
			      span_from_string(cases[i].name), &bearing.entries,
			      &bearing.numbers, &bearing.n, NULL)
			: snapshot_about_log(
			      snapshot, f->arena, &bearing, NULL));
		got = text_of(&bearing);
		g_assert_cmpstr(got, ==, cases[i].want);
		for (size_t j = 0; j < bearing.n; j++)
			g_assert_cmpint(
			    bearing.entries[j].type, !=, ENTRY_UNKNOWN);
	}
	snapshot_close(snapshot);
}

static void
test_all(struct store_fixture *f, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(f->folder, "two", NULL);
	g_autofree char *folder = g_build_filename(f->folder, "frozen", NULL);
	g_autofree char *rebuilt = g_build_filename(f->folder, "again", NULL);
	g_autofree char *index = g_build_filename(folder, "keys.mdb", NULL);
	g_autofree char *a = NULL, *b = NULL, *bad = NULL;
	const struct snapshot_trust nobody = { NULL, NULL };
	const struct snapshot_trust by_key = { &f->key, NULL };
	struct store *store = make_store(f, path);
	struct freeze_result result;
	gsize n, m;

	(void)unused;
	check_store(f, store);
	g_assert_true(freeze_store(
	    store, folder, SPAN(FIXTURE_SECRET), f->crypto, &result, NULL));
	store_close(store);
	store = store_open(path, false, f->crypto, NULL);
	check_store(f, store);
	store_close(store);
	check_snapshot(f, folder, &nobody);
	check_snapshot(f, folder, &by_key);
	bad = store_fixture_verify(f, folder, &by_key);
	g_assert_cmpstr(bad, ==, "");
	g_assert_true(freeze_rebuild(folder, rebuilt, f->crypto, NULL));
	g_assert_true(g_file_get_contents(index, &a, &n, NULL));
	g_assert_true(g_file_get_contents(rebuilt, &b, &m, NULL));
	g_assert_cmpuint(n, ==, m);
	g_assert_true(memcmp(a, b, n) == 0);
}

/* An index that lies is found out: what is said of another key, name or entry
 * is no answer. */
static bool
get_any(void *user, struct arena *arena, uint64_t number,
    struct entry *entry_out, GError **error)
{
	(void)user;
	(void)arena;
	(void)number;
	(void)error;
	entry_init(entry_out, ENTRY_ANNOTATION);
	entry_out->annotation.name = SPAN(ONE);
	return true;
}

static bool
each_of_any_name(void *user, struct span name,
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	(void)name;
	(void)error;
	for (uint64_t i = 1; i <= *(uint64_t *)user; i++) {
		if (!visit(visit_user, i))
			break;
	}
	return true;
}

static bool
each_about_nothing(void *user, uint64_t of,
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	(void)user;
	(void)of;
	(void)visit;
	(void)visit_user;
	(void)error;
	return true;
}

static bool
answer(struct store_fixture *f, const char *name, uint64_t count)
{
	struct bearing_log log = { .user = &count,
		.path = "p",
		.topics = true,
		.get = get_any,
		.each_of_name = each_of_any_name,
		.each_about = each_about_nothing };
	struct bearing bearing;
	GError *error = NULL;
	bool ok = bearing_of_name(&log, f->arena, f->crypto,
	    span_from_string(name), &bearing, &error);

	if (ok)
		return true;
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_test_message("%s", error->message);
	g_clear_error(&error);
	return false;
}

static void
test_hostile(struct store_fixture *f, gconstpointer unused)
{
	(void)unused;
	g_assert_true(answer(f, ONE, 1));
	g_assert_false(answer(f, TWO, 1));
	g_assert_true(answer(f, ONE, BEARING_MAX));
	g_assert_false(answer(f, ONE, BEARING_MAX + 1));
}

#define ADD(path, function)                                               \
	g_test_add(path, struct store_fixture, NULL, store_fixture_setup, \
	    function, store_fixture_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/bearing/all", test_all);
	ADD("/bearing/hostile", test_hostile);
	return g_test_run();
}
