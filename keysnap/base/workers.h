/*
 * workers.h - numbered tasks on several threads, and their ends on one.
 */
#ifndef KEYSNAP_BASE_WORKERS_H
#define KEYSNAP_BASE_WORKERS_H

#include <glib.h>
#include <stdbool.h>

#define WORKERS_MAX 256 /* threads */

struct workers {
	void *user;
	/* Do task "task"; on any thread, several at once. */
	void (*work)(void *user, size_t task);
	/* Task "task" is done; on the calling thread, in the order in which
	 * they end.  False stops: no more are begun. */
	bool (*done)(void *user, size_t task);
	/* Called some times a second, on the calling thread; or NULL.  False
	 * stops, too. */
	bool (*idle)(void *user);
};

/*
 * Run the tasks from 0 to n - 1 on "jobs" threads (1 to WORKERS_MAX).
 * False when one of the functions stopped; the tasks that were begun by then
 * have ended, and done() was not called for them.
 */
bool workers_run(const struct workers *workers, size_t n, unsigned jobs);

#endif
