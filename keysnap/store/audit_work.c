/*
 * audit_work.c - the steps of an audit that take long, with what they found
 * kept in the store as they go.
 */
#include "keysnap/store/audit_work.h"

#include "keysnap/store/lmdb_file.h"

#define RECORD_HEAD (8 + 1 + 8) /* index, order, length */

bool
audit_record_next(struct span *value, struct audit_record *record_out)
{
	uint64_t n;

	if (value->n < RECORD_HEAD)
		return false;
	record_out->index = (uint32_t)lmdb_file_get64(value->p);
	record_out->order = value->p[8];
	n = lmdb_file_get64(value->p + 9);
	*value = span_from(*value, RECORD_HEAD);
	if (n > value->n)
		return false;
	record_out->octets = span_sub(*value, 0, (size_t)n);
	*value = span_from(*value, (size_t)n);
	return true;
}

void
audit_record_add(GString *value, const struct audit_record *record)
{
	uint8_t head[RECORD_HEAD];

	lmdb_file_put64(head, record->index);
	head[8] = record->order;
	lmdb_file_put64(head + 9, record->octets.n);
	g_string_append_len(value, (const char *)head, sizeof(head));
	g_string_append_len(
	    value, (const char *)record->octets.p, (gssize)record->octets.n);
}

static void
make_key(uint8_t key[9], const char *step, size_t number)
{
	key[0] = (uint8_t)step[0];
	lmdb_file_put64(key + 1, number);
}

bool
audit_work_get(struct audit *audit, const char *step, size_t number,
    struct arena *arena, struct span *value_out, GError **error)
{
	uint8_t key[9];

	make_key(key, step, number);
	return store_work_get(audit->store, arena,
	    (struct span){ key, sizeof(key) }, value_out, error);
}

/* One audit_work_run(). */
struct running {
	struct audit *audit;
	const struct audit_step *step;
	size_t *todo; /* numbers that are left */
	size_t n_todo, n_done;
	GString **values; /* of these, while they are not committed */
	GError *error;
};

static void
work(void *user, size_t task)
{
	struct running *running = user;
	GString *value = g_string_new(NULL);

	running->step->work(running->step->user, running->todo[task], value);
	running->values[task] = value;
}

static bool
tick(struct audit *audit, const char *name, size_t done, size_t n)
{
	const struct audit_request *request = audit->request;

	if (request->tick != NULL &&
	    !request->tick(request->user, name, done, n))
		audit->stopped = true;
	return !audit->stopped;
}

/* Somebody else may have finished, or begun anew, what this is a part of. */
static bool
check_plan(struct running *running)
{
	struct audit *audit = running->audit;
	struct audit_plan begun;
	bool fits;

	if (!audit_plan_load(
		&begun, audit->store, &audit->plan, &fits, &running->error))
		return false;
	if (fits && begun.below == audit->plan.below &&
	    begun.share == audit->plan.share)
		return true;
	g_set_error(&running->error, STORE_ERROR, STORE_ERROR_SYSTEM,
	    "another audit of this store went on meanwhile; nothing is lost: "
	    "run this again");
	return false;
}

static bool
keep(struct running *running, size_t task)
{
	struct store *store = running->audit->store;
	const GString *value = running->values[task];
	uint8_t key[9];

	make_key(key, running->step->step, running->todo[task]);
	if (!store_begin(store, &running->error))
		return false;
	if (!check_plan(running) ||
	    !store_work_put(store, (struct span){ key, sizeof(key) },
		(struct span){ (const uint8_t *)value->str, value->len },
		&running->error)) {
		store_abort(store);
		return false;
	}
	return store_commit(store, &running->error);
}

static bool
done(void *user, size_t task)
{
	struct running *running = user;
	const struct audit_step *step = running->step;

	if (!keep(running, task))
		return false;
	g_string_free(running->values[task], TRUE);
	running->values[task] = NULL;
	running->n_done++;
	return tick(running->audit, step->name,
	    step->n - running->n_todo + running->n_done, step->n);
}

static bool
idle(void *user)
{
	struct running *running = user;
	const struct audit_step *step = running->step;

	return tick(running->audit, step->name,
	    step->n - running->n_todo + running->n_done, step->n);
}

/* Which of the step's numbers are left. */
static bool
find_todo(struct running *running, GError **error)
{
	struct audit *audit = running->audit;
	g_autoptr(arena_auto) arena = arena_new();
	bool ok = store_begin(audit->store, error);

	for (size_t i = 0; ok && i < running->step->n; i++) {
		struct span value;

		arena_reset(arena);
		ok = audit_work_get(
		    audit, running->step->step, i, arena, &value, error);
		if (ok && value.p == NULL)
			running->todo[running->n_todo++] = i;
	}
	store_abort(audit->store);
	return ok;
}

bool
audit_work_run(
    struct audit *audit, const struct audit_step *step, GError **error)
{
	struct running running = { .audit = audit, .step = step };
	const struct workers workers = { &running, work, done, idle };
	bool ok;

	running.todo = g_new(size_t, step->n);
	ok = find_todo(&running, error);
	running.values = g_new0(GString *, running.n_todo);
	if (ok)
		ok =
		    workers_run(&workers, running.n_todo, audit->request->jobs);
	for (size_t i = 0; i < running.n_todo; i++) {
		if (running.values[i] != NULL)
			g_string_free(running.values[i], TRUE);
	}
	if (running.error != NULL)
		g_propagate_error(error, running.error);
	g_free(running.values);
	g_free(running.todo);
	return ok;
}

/* One audit_work_quick(). */
struct quick {
	struct audit *audit;
	const char *name;
	size_t n, n_done;
	void (*work)(void *user, size_t number);
	void *user;
};

static void
work_quick(void *user, size_t task)
{
	struct quick *quick = user;

	quick->work(quick->user, task);
}

static bool
done_quick(void *user, size_t task)
{
	struct quick *quick = user;

	(void)task;
	quick->n_done++;
	return true;
}

static bool
idle_quick(void *user)
{
	struct quick *quick = user;

	return tick(quick->audit, quick->name, quick->n_done, quick->n);
}

bool
audit_work_quick(struct audit *audit, const char *name, size_t n,
    void (*work_one)(void *user, size_t number), void *user)
{
	struct quick quick = { audit, name, n, 0, work_one, user };
	const struct workers workers = { &quick, work_quick, done_quick,
		idle_quick };

	return workers_run(&workers, n, audit->request->jobs);
}
