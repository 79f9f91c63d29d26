/*
 * workers.c - numbered tasks on several threads, and their ends on one.
 */
#include "keysnap/base/workers.h"

#define INTERVAL (G_USEC_PER_SEC / 10) /* between two calls of idle() */

struct running {
	const struct workers *workers;
	size_t n;
	GMutex mutex; /* of the next two */
	size_t next;
	bool stop;
	GAsyncQueue *ended; /* task numbers + 1 */
};

/* The next task, or n. */
static size_t
take_task(struct running *running)
{
	size_t task;

	g_mutex_lock(&running->mutex);
	task = running->stop ? running->n : running->next;
	if (task < running->n)
		running->next++;
	g_mutex_unlock(&running->mutex);
	return task;
}

static gpointer
work(gpointer data)
{
	struct running *running = data;
	size_t task;

	while ((task = take_task(running)) < running->n) {
		running->workers->work(running->workers->user, task);
		g_async_queue_push(running->ended, GSIZE_TO_POINTER(task + 1));
	}
	return NULL;
}

static bool
collect(struct running *running)
{
	const struct workers *workers = running->workers;

	for (size_t n = 0; n < running->n;) {
		gpointer ended =
		    g_async_queue_timeout_pop(running->ended, INTERVAL);

		if (workers->idle != NULL && !workers->idle(workers->user))
			return false;
		if (ended == NULL)
			continue;
		if (!workers->done(workers->user, GPOINTER_TO_SIZE(ended) - 1))
			return false;
		n++;
	}
	return true;
}

bool
workers_run(const struct workers *workers, size_t n, unsigned jobs)
{
	struct running running = { .workers = workers, .n = n };
	GThread *threads[WORKERS_MAX];
	bool all;

	g_assert(jobs >= 1 && jobs <= WORKERS_MAX);
	g_mutex_init(&running.mutex);
	running.ended = g_async_queue_new();
	for (unsigned i = 0; i < jobs; i++)
		threads[i] = g_thread_new("worker", work, &running);
	all = collect(&running);
	g_mutex_lock(&running.mutex);
	running.stop = true;
	g_mutex_unlock(&running.mutex);
	for (unsigned i = 0; i < jobs; i++)
		g_thread_join(threads[i]);
	g_async_queue_unref(running.ended);
	g_mutex_clear(&running.mutex);
	return all;
}
