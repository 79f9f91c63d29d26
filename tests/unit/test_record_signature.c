/* test_record_signature.c - of the key: what is there only in some cases, and
 * what is not known. */
#include "verifier/report/record.h"

#include <string.h>

static const struct {
	const char *name;
	unsigned flags;
	int64_t forgeable, weak, days, after, before;
	const char *want; /* a part of it */
} cases[] = {
	{ "days not known", 0, 5, 5, -1, -1, -1,
	    "\"days\":null,\"days_after\":null,\"days_before\":null," },
	{ "days", 0, 5, 5, 9, 3, 7,
	    "\"days\":9,\"days_after\":3,\"days_before\":7," },
	{ "neither weak nor forgeable", 0, 5, 5, 0, 0, 0,
	    "\"flags\":[],\"grade\":\"B\",\"independent\":2," },
	{ "nor weak at the end", 0, 5, 5, 0, 0, 0, "\"type\":\"rsa\"}" },
	{ "forgeable since then", PROVENANCE_FORGEABLE, 86400, 5, 0, 0, 0,
	    ",\"forgeable_since\":\"1970-01-02T00:00:00Z\",\"grade\"" },
	{ "not known since when", PROVENANCE_FORGEABLE, TIMESTAMP_NONE, 5, 0, 0,
	    0, ",\"forgeable_since\":null,\"grade\":" },
	{ "weak since then", PROVENANCE_WEAK, 5, 86400, 0, 0, 0,
	    ",\"weak_since\":\"1970-01-02T00:00:00Z\"}" },
	{ "weak, but none is factored", PROVENANCE_WEAK, 5, TIMESTAMP_NONE, 0,
	    0, 0, ",\"weak_since\":null}" },
	{ "names behind a CNAME", 0, 5, 5, 0, 0, 0,
	    ",\"owners\":[\"a.esp.example\",\"b.esp.example\"]," },
};

static void
test_key(void)
{
	struct span owners[] = { SPAN("a.esp.example"), SPAN("b.esp.example") };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		const struct known_key key = {
			.key = { .type = KEY_TYPE_RSA, .bits = 512 },
			.flags = cases[i].flags,
			.grade = GRADE_B,
			.independent = 2,
			.owners = owners,
			.n_owners = 2,
			.forgeable_since = cases[i].forgeable,
			.weak_since = cases[i].weak,
		};
		const struct signature_verdict verdict = {
			.key = &key,
			.standing = { TIME_STATE_UNKNOWN, cases[i].days,
			    cases[i].flags, cases[i].before, cases[i].after },
		};

		record_write_key(out, &verdict);
		g_test_message("%s: %s", cases[i].name, out->str);
		g_assert_nonnull(strstr(out->str, cases[i].want));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/record_signature/key", test_key);
	return g_test_run();
}
