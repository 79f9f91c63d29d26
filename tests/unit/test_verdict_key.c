/* test_verdict_key.c - what the time says against a key. */
#include "tests/unit/verdict_setting.h"
#include "verifier/verdict/verdict_key.h"

#include <glib.h>

static const struct policy policy = { GRADE_D, 1826, REPAIRS_NONE };

static const struct {
	enum time_state state;
	int64_t days;
	const char *reasons;
} standings[] = {
	{ TIME_STATE_SEEN, 0, "" },
	{ TIME_STATE_CLAIMED, 0, "" },
	{ TIME_STATE_BRIDGED, 3000, "" },
	{ TIME_STATE_BEFORE_FIRST, 1826, "" },
	{ TIME_STATE_BEFORE_FIRST, 1827, "time-unsupported" },
	{ TIME_STATE_AFTER_LAST, 1826, "" },
	{ TIME_STATE_AFTER_LAST, 1827, "time-unsupported" },
	{ TIME_STATE_CONTRADICTED, 0, "time-contradicted" },
	{ TIME_STATE_UNKNOWN, 0, "time-unsupported" },
};

static void
test_time_states(void)
{
	static const struct known_key key = { .grade = GRADE_D };

	for (size_t i = 0; i < G_N_ELEMENTS(standings); i++) {
		struct time_standing standing = { .state = standings[i].state,
			.days = standings[i].days };
		struct reasons reasons = { .n = 0 };
		key_qualify(&reasons, &key, &standing, &policy);
		assert_reasons(&reasons, standings[i].reasons);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/verdict_key/time", test_time_states);
	return g_test_run();
}
