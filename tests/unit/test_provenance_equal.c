/* test_provenance_equal.c - a change of any member is seen. */
#include "keysnap/store/provenance_equal.h"

#include <glib.h>

/* A name with two keys, all members filled in. */
struct fixture {
	struct known_name name;
	struct known_key keys[2];
	struct known_window windows[3];
	int64_t least_last[3];
	struct span sources[2], owners[1];
};

static void
fill(struct fixture *f)
{
	const struct known_windows windows = { f->windows, 2 };

	*f = (struct fixture){ .windows = { { 1, 2 }, { 5, 6 }, { 8, 9 } },
		.least_last = { 2, 6, 9 },
		.sources = { SPAN("a"), SPAN("b") },
		.owners = { SPAN("c.example") } };
	for (int i = 0; i < 2; i++) {
		f->keys[i] = (struct known_key){
			.text = i == 0 ? SPAN("p=A") : SPAN("p=B"),
			.windows = windows,
			.grade = GRADE_C1,
			.entry = 7,
			.first_seen = 1,
			.last_seen = 6,
			.has_time = true,
			.observations = 3,
			.sources = f->sources,
			.n_sources = 2,
			.independent = 1,
			.owners = f->owners,
			.n_owners = 1,
			.seen = windows,
			.cover = windows,
			.at = windows,
		};
	}
	f->name = (struct known_name){ .name = SPAN("s._domainkey.d.example"),
		.keys = f->keys,
		.n_keys = 2,
		.revoked = windows,
		.contrary = { f->windows, f->least_last, 3 } };
}

static struct known_window other[3] = { { 1, 2 }, { 5, 7 }, { 8, 9 } };
static int64_t least[3] = { 2, 6, 8 };
static struct span names[2] = { SPAN("a"), SPAN("x") };

/* Changes 0 to 9, of the name; false when "i" is none of them. */
static bool
change_name(struct known_name *name, int i)
{
	const struct known_name was = *name;

	if (i < 0 || i > 9)
		return false;
	name->name = i == 0 ? SPAN("other") : was.name;
	name->n_keys = i == 1 ? 1 : was.n_keys;
	name->n_left_out = i == 2;
	name->absent_seen = i == 3;
	name->absent_first = i == 4;
	name->revoked_first = i == 5;
	name->revoked_seen = i == 6;
	name->contrary.items = i == 7 ? other : was.contrary.items;
	name->contrary.least_last = i == 8 ? least : was.contrary.least_last;
	name->contrary.n = i == 9 ? 2 : was.contrary.n;
	return true;
}

/* Changes 0 to 15, of a key. */
static bool
change_key(struct known_key *key, int i)
{
	const struct known_key was = *key;

	if (i < 0 || i > 15)
		return false;
	key->text = i == 0 ? SPAN("p=C") : was.text;
	key->flags = i == 1 ? PROVENANCE_AGING : 0;
	key->first_of_key = i == 2;
	key->grade = i == 3 ? GRADE_B : was.grade;
	key->entry = i == 4 ? 8 : was.entry;
	key->first_seen = i == 5 ? 0 : was.first_seen;
	key->last_seen = i == 6 ? 7 : was.last_seen;
	key->has_time = i != 7;
	key->observations = i == 8 ? 4 : was.observations;
	key->sources = i == 9 ? names : was.sources;
	key->n_sources = i == 10 ? 1 : was.n_sources;
	key->independent = i == 11 ? 2 : was.independent;
	key->owners = i == 12 ? names : was.owners;
	key->n_owners = i == 13 ? 0 : was.n_owners;
	key->forgeable_since = i == 14;
	key->weak_since = i == 15;
	return true;
}

/* Change number "i" of all; false when there is none. */
static bool
change(struct fixture *f, int i)
{
	struct known_name *name = &f->name;
	struct known_key *key = &f->keys[1];
	struct known_windows *windows[] = { &key->windows, &key->seen,
		&key->cover, &key->at, &name->revoked };

	if (i < 5) {
		windows[i]->items = other;
		return true;
	}
	if (i < 10) {
		windows[i - 5]->n = 1;
		return true;
	}
	return change_name(name, i - 10) || change_key(key, i - 20);
}

static void
test_members(void)
{
	struct fixture a, b;
	int i = 0;

	fill(&a);
	fill(&b);
	g_assert_true(known_name_equal(&a.name, &b.name));
	for (; change(&b, i); i++) {
		g_test_message("change %d", i);
		g_assert_false(known_name_equal(&a.name, &b.name));
		g_assert_false(known_name_equal(&b.name, &a.name));
		fill(&b);
	}
	g_assert_cmpint(i, ==, 36);
}

static void
test_records(void)
{
	struct fixture a, b;

	fill(&a);
	fill(&b);
	for (int i = 0; change(&b, i); i++) {
		bool same = i != 11 && i != 12 && i != 20;

		g_test_message("change %d", i);
		g_assert_true(
		    known_name_same_records(&a.name, &b.name) == same);
		fill(&b);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/provenance_equal/members", test_members);
	g_test_add_func("/provenance_equal/records", test_records);
	return g_test_run();
}
