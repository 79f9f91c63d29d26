/* test_workers.c - every task once, on any number of threads; stops end. */
#include "keysnap/base/workers.h"

#define TASKS 100

struct counting {
	gint begun[TASKS];
	unsigned done[TASKS], n_done, n_idle;
	unsigned stop_after; /* of the tasks that are done; 0: never */
	bool idle_stops;
};

static void
work(void *user, size_t task)
{
	struct counting *counting = user;

	g_atomic_int_inc(&counting->begun[task]);
}

static bool
done(void *user, size_t task)
{
	struct counting *counting = user;

	counting->done[task]++;
	counting->n_done++;
	return counting->n_done != counting->stop_after;
}

static bool
idle(void *user)
{
	struct counting *counting = user;

	counting->n_idle++;
	return !counting->idle_stops;
}

static void
test_all(void)
{
	static const unsigned jobs[] = { 1, 2, 7, WORKERS_MAX };

	for (size_t i = 0; i < G_N_ELEMENTS(jobs); i++) {
		struct counting counting = { .n_done = 0 };
		const struct workers workers = { &counting, work, done, idle };

		g_assert_true(workers_run(&workers, TASKS, jobs[i]));
		for (size_t task = 0; task < TASKS; task++) {
			g_assert_cmpint(counting.begun[task], ==, 1);
			g_assert_cmpuint(counting.done[task], ==, 1);
		}
		g_assert_cmpuint(counting.n_idle, >=, TASKS);
	}
}

static void
test_none(void)
{
	struct counting counting = { .n_done = 0 };
	const struct workers workers = { &counting, work, done, NULL };

	g_assert_true(workers_run(&workers, 0, 3));
	g_assert_cmpuint(counting.n_done, ==, 0);
}

static void
test_stop(void)
{
	struct counting counting = { .stop_after = 5 };
	struct counting other = { .idle_stops = true };
	const struct workers workers = { &counting, work, done, idle };
	const struct workers others = { &other, work, done, idle };
	gint begun = 0;

	g_assert_false(workers_run(&workers, TASKS, 2));
	g_assert_cmpuint(counting.n_done, ==, 5);
	for (size_t task = 0; task < TASKS; task++)
		begun += counting.begun[task];
	g_assert_cmpint(begun, >=, 5);
	g_assert_false(workers_run(&others, TASKS, 2));
	g_assert_cmpuint(other.n_done, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/workers/all", test_all);
	g_test_add_func("/workers/none", test_none);
	g_test_add_func("/workers/stop", test_stop);
	return g_test_run();
}
