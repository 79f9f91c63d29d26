/* test_audit.c - the work of an audit beside the log, the keys that it looks
 * at, and blocks.  tests/e2e/keysnap_audit.t has whole audits. */
#include "keysnap/store/audit_moduli.h"
#include "keysnap/store/audit_work.h"
#include "span_assert.h"
#include "store_fixture.h"

#include <string.h>

/* Keys and values with a prefix, as text. */
static bool
list(void *user, struct span key, struct span value)
{
	g_string_append_printf(user, "%.*s=%.*s ", (int)key.n,
	    (const char *)key.p, (int)value.n, (const char *)value.p);
	return true;
}

static void
check_work(struct store *store, struct span prefix, const char *want)
{
	g_autoptr(GString) got = g_string_new(NULL);

	g_assert_true(store_work_each(store, prefix, list, got, NULL));
	span_assert_equal(
	    want, span_from_string(got->str), span_from_string(want));
}

static void
test_work(struct store_fixture *f, gconstpointer unused)
{
	struct store *store = store_open(f->store, true, f->crypto, NULL);
	uint64_t size = store_size(store);
	struct span value;

	(void)unused;
	g_assert_true(store_begin(store, NULL));
	check_work(store, SPAN(""), "");
	g_assert_true(store_work_get(store, f->arena, SPAN("a"), &value, NULL));
	g_assert_null(value.p);
	g_assert_true(store_work_clear(store, SPAN(""), NULL));
	g_assert_true(store_work_put(store, SPAN("a"), SPAN("1"), NULL));
	store_abort(store);
	g_assert_true(store_begin(store, NULL));
	check_work(store, SPAN(""), "");
	for (char at = 'a'; at < 'd'; at++) {
		const uint8_t key[2] = { (uint8_t)at, '1' };

		g_assert_true(store_work_put(store, (struct span){ key, 1 },
		    (struct span){ key, 2 }, NULL));
		g_assert_true(store_work_put(
		    store, (struct span){ key, 2 }, SPAN(""), NULL));
	}
	g_assert_true(store_commit(store, NULL));
	store_close(store);
	store = store_open(f->store, true, f->crypto, NULL);
	g_assert_true(store_begin(store, NULL));
	check_work(store, SPAN(""), "a=a1 a1= b=b1 b1= c=c1 c1= ");
	check_work(store, SPAN("b"), "b=b1 b1= ");
	g_assert_true(
	    store_work_get(store, f->arena, SPAN("b1"), &value, NULL));
	g_assert_nonnull(value.p);
	g_assert_cmpuint(value.n, ==, 0);
	g_assert_true(store_work_clear(store, SPAN("b"), NULL));
	check_work(store, SPAN(""), "a=a1 a1= c=c1 c1= ");
	g_assert_true(store_work_clear(store, SPAN("x"), NULL));
	g_assert_true(store_work_clear(store, SPAN(""), NULL));
	check_work(store, SPAN(""), "");
	g_assert_true(store_commit(store, NULL));
	g_assert_cmpuint(store_size(store), ==, size);
	store_close(store);
}

static void
test_records(void)
{
	g_autoptr(GString) value = g_string_new(NULL);
	struct audit_record record;
	struct span rest;

	audit_record_add(value, &(struct audit_record){ 7, 3, SPAN("first") });
	audit_record_add(
	    value, &(struct audit_record){ UINT32_MAX, 0, SPAN("") });
	rest = (struct span){ (const uint8_t *)value->str, value->len };
	g_assert_true(audit_record_next(&rest, &record));
	g_assert_cmpuint(record.index, ==, 7);
	g_assert_cmpuint(record.order, ==, 3);
	span_assert_equal("first", record.octets, SPAN("first"));
	g_assert_true(audit_record_next(&rest, &record));
	g_assert_cmpuint(record.index, ==, UINT32_MAX);
	g_assert_cmpuint(record.octets.n, ==, 0);
	g_assert_false(audit_record_next(&rest, &record));
	/* Cut anywhere: never past the end. */
	for (size_t n = 0; n < value->len; n++) {
		size_t records = 0;

		rest = (struct span){ (const uint8_t *)value->str, n };
		while (audit_record_next(&rest, &record))
			records++;
		g_assert_cmpuint(records, <=, 1);
	}
}

static void
test_related(void)
{
	static const struct {
		const char *name, *other;
		bool want;
	} cases[] = {
		{ "s._domainkey.a.example", "t._domainkey.a.example", true },
		{ "s._domainkey.a.example", "s._domainkey.b.example", false },
		{ "s._domainkey.x.a.example", "s._domainkey.y.a.example",
		    true },
		{ "s._domainkey.a.co.uk", "s._domainkey.b.co.uk", true },
		{ "s._domainkey.example", "s._domainkey.a.example", false },
		{ "s._domainkey.example", "t._domainkey.example", true },
		{ "s._domainkey.a.example", "s._domainkey.xa.example", false },
		{ "a.example", "b.a.example", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span name = span_from_string(cases[i].name);
		struct span other = span_from_string(cases[i].other);

		g_test_message("%s %s", cases[i].name, cases[i].other);
		g_assert_cmpint(
		    audit_keys_related(name, other), ==, cases[i].want);
		g_assert_cmpint(
		    audit_keys_related(other, name), ==, cases[i].want);
	}
}

/* Six keys, the first three old: which moduli there are, which are old, and
 * how they are cut. */
static void
test_moduli(void)
{
	static const struct {
		const uint8_t octets[3];
		size_t n;
	} table[] = {
		{ { 0x01, 0x00, 0x03 }, 3 }, /* 65539, a prime */
		{ { 0x02, 0x00, 0x06 }, 3 }, /* twice that: the same */
		{ { 0x01, 0x00, 0x51 }, 3 }, /* 65617, a prime */
		{ { 0x01, 0x00, 0x03 }, 3 }, /* the first again: it is new */
		{ { 0x0f }, 1 },             /* nothing is left */
		{ { 0x01, 0x00, 0x2b }, 3 }, /* 65579, a prime */
	};
	struct audit_key key_array[G_N_ELEMENTS(table)];
	struct audit_keys keys = {
		.keys = key_array, .n = G_N_ELEMENTS(table), .n_old = 3
	};
	struct modulus_checker *checker = modulus_checker_new();
	struct audit_moduli moduli;

	memset(key_array, 0, sizeof(key_array));
	for (size_t i = 0; i < keys.n; i++)
		key_array[i].numbers.modulus =
		    (struct span){ table[i].octets, table[i].n };
	audit_moduli_init(&moduli, &keys, checker);
	g_assert_cmpuint(moduli.n, ==, 3);
	g_assert_cmpuint(moduli.n_old, ==, 1);
	span_assert_equal("old", moduli.numbers[0], SPAN("\x01\x00\x51"));
	span_assert_equal("new", moduli.numbers[1], SPAN("\x01\x00\x03"));
	span_assert_equal("new", moduli.numbers[2], SPAN("\x01\x00\x2b"));
	g_assert_cmpuint(moduli.first[1], ==, 1);
	g_assert_cmpuint(moduli.first[2], ==, 4);
	g_assert_cmpuint(moduli.members[1], ==, 0);
	g_assert_cmpuint(moduli.members[2], ==, 1);
	g_assert_cmpuint(moduli.members[3], ==, 3);
	audit_moduli_cut(&moduli, UINT64_MAX);
	g_assert_cmpuint(moduli.n_blocks, ==, 2);
	g_assert_cmpuint(moduli.n_old_blocks, ==, 1);
	g_assert_cmpuint(moduli.blocks[1].n, ==, 2);
	audit_moduli_cut(&moduli, 0);
	g_assert_cmpuint(moduli.n_blocks, ==, 3);
	g_assert_cmpuint(moduli.n_old_blocks, ==, 1);
	audit_moduli_clear(&moduli);
	modulus_checker_free(checker);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add("/audit/work", struct store_fixture, NULL,
	    store_fixture_setup, test_work, store_fixture_teardown);
	g_test_add_func("/audit/records", test_records);
	g_test_add_func("/audit/related", test_related);
	g_test_add_func("/audit/moduli", test_moduli);
	return g_test_run();
}
