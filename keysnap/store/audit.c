/*
 * audit.c - an audit from its plan to its entries.
 */
#include "keysnap/store/audit.h"

#include "keysnap/key/modulus_block.h"
#include "keysnap/store/audit_common.h"

#include <string.h>

/* Memory of one block that is not worth less: one modulus of
 * PUBLIC_KEY_MAX_BITS fits several times. */
#define SHARE_MIN (UINT64_C(1) << 20)

static bool
tick(struct audit *audit, const char *step, uint64_t done, uint64_t total)
{
	const struct audit_request *request = audit->request;

	if (request->tick != NULL &&
	    !request->tick(request->user, step, done, total))
		audit->stopped = true;
	return !audit->stopped;
}

/* What one thread may take for a block, after all that is always there. */
static bool
find_share(struct audit *audit, GError **error)
{
	const struct audit_request *request = audit->request;
	uint64_t always = audit->keys.memory +
	    audit_moduli_memory(audit->keys.n) + 2 * audit->moduli.octets;
	uint64_t least = always + request->jobs * SHARE_MIN;

	if (least > request->memory) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_MEMORY,
		    "%zu keys need %" G_GUINT64_FORMAT
		    " megabytes of memory at least",
		    audit->keys.n, (least >> 20) + 1);
		return false;
	}
	audit->plan.share = (request->memory - always) / request->jobs;
	return true;
}

/* Take up what was begun before, or begin. */
static bool
save_plan(struct audit *audit, bool fits, const struct audit_plan *begun,
    GError **error)
{
	struct store *store = audit->store;
	bool ok = store_begin(store, error);

	if (!ok)
		return false;
	if (fits && begun->share <= audit->plan.share) {
		audit->plan.share = begun->share;
		store_abort(store);
		return true;
	}
	/* Other blocks need other work; what was found of single keys stays. */
	ok =
	    (fits ? store_work_clear(store, SPAN(AUDIT_STEP_BLOCKS), error) &&
			store_work_clear(store, SPAN(AUDIT_STEP_OLD), error)
		  : store_work_clear(store, (struct span){ NULL, 0 }, error)) &&
	    audit_plan_save(&audit->plan, store, error);
	if (!ok) {
		store_abort(store);
		return false;
	}
	return store_commit(store, error);
}

static size_t
count_before(const struct audit_keys *keys, uint64_t entry)
{
	size_t n = 0;

	while (n < keys->n && keys->keys[n].entry < entry)
		n++;
	return n;
}

static bool
gather(struct audit *audit, GError **error)
{
	if (!tick(audit, "entries", 0, audit->plan.below) ||
	    !audit_keys_gather(&audit->keys, audit->store, audit->crypto,
		audit->plan.from, audit->plan.below, audit->request->memory,
		error))
		return false;
	audit->list_old = count_before(&audit->keys, audit->plan.list_from);
	audit->first = MIN(audit->list_old, audit->keys.n_old);
	audit->n_chunks =
	    (audit->keys.n - audit->first + AUDIT_CHUNK - 1) / AUDIT_CHUNK;
	audit->checker = modulus_checker_new();
	audit_moduli_init(&audit->moduli, &audit->keys, audit->checker);
	return true;
}

/* ---- the entries -------------------------------------------------------- */

struct adding {
	struct audit *audit;
	struct audit_result *result;
	struct arena *arena;
	GArray *numbers; /* uint64_t, of the entries added */
	GArray *keys;    /* size_t, of each */
	size_t index;
	GError **error;
};

/* Has the store this finding already? */
struct comparing {
	struct store *store;
	struct arena *arena;
	const struct entry_key_health *health;
	bool found, failed;
	GError **error;
};

static bool
compare(void *user, uint64_t number)
{
	struct comparing *comparing = user;
	const struct entry_key_health *old, *new = comparing->health;
	struct entry entry;

	if (!store_get_entry(comparing->store, comparing->arena, number, &entry,
		comparing->error)) {
		comparing->failed = true;
		return false;
	}
	old = &entry.key_health;
	comparing->found = entry.type == ENTRY_KEY_HEALTH &&
	    old->result == new->result &&span_equal(old->check, new->check) &&
	    span_equal(old->factor, new->factor);
	return !comparing->found;
}

static bool
add_line(void *user, struct span line)
{
	struct adding *adding = user;
	struct store *store = adding->audit->store;
	struct comparing comparing = {
		.store = store, .arena = adding->arena, .error = adding->error
	};
	struct entry entry;
	const char *why;
	uint64_t number;

	arena_reset(adding->arena);
	if (!entry_parse(
		&entry, adding->arena, line, store_size(store), &why)) {
		g_set_error(adding->error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "what the audit had found so far cannot be read: %s", why);
		return false;
	}
	comparing.health = &entry.key_health;
	if (!store_each_of_key(store, entry.key_health.key, compare, &comparing,
		adding->error) ||
	    comparing.failed)
		return false;
	if (comparing.found)
		return true;
	if (!store_append(store, &entry, &number, adding->error))
		return false;
	adding->result->findings++;
	adding->result->bad += entry.key_health.result == HEALTH_BAD;
	g_array_append_val(adding->numbers, number);
	g_array_append_val(adding->keys, adding->index);
	return true;
}

/* The records of a chunk, key by key, each with what it has in common with
 * others behind its own. */
static bool
add_chunk(struct adding *adding, const struct audit_common *common,
    size_t begin, size_t end, struct span records)
{
	struct audit_record record;
	bool more = audit_record_next(&records, &record);

	for (size_t i = begin; i < end; i++) {
		adding->index = i;
		while (more && record.index == i) {
			if (!add_line(adding, record.octets))
				return false;
			more = audit_record_next(&records, &record);
		}
		if (!audit_common_each(common, i, add_line, adding))
			return false;
	}
	return true;
}

static bool
add_findings(struct adding *adding, const struct audit_common *common)
{
	struct audit *audit = adding->audit;
	g_autoptr(arena_auto) arena = arena_new();

	if (!add_chunk(
		adding, common, 0, audit->first, (struct span){ NULL, 0 }))
		return false;
	for (size_t i = 0; i < audit->n_chunks; i++) {
		size_t begin = audit->first + i * AUDIT_CHUNK;
		struct span records;

		arena_reset(arena);
		if (!audit_work_get(audit, AUDIT_STEP_KEYS, i, arena, &records,
			adding->error) ||
		    !add_chunk(adding, common, begin,
			MIN(begin + AUDIT_CHUNK, audit->keys.n), records))
			return false;
	}
	return true;
}

static bool
add_lists(struct audit *audit, GError **error)
{
	const struct audit_request *request = audit->request;

	for (size_t i = 0; i < request->n_lists; i++) {
		if (!store_add_evidence(audit->store, request->lists[i].sha256,
			request->lists[i].octets, error))
			return false;
	}
	return true;
}

static bool
add_audit(struct adding *adding)
{
	struct audit *audit = adding->audit;
	const struct audit_request *request = audit->request;
	struct arena *arena = adding->arena;
	uint8_t(*hashes)[32];
	struct entry entry;

	arena_reset(arena);
	hashes = arena_alloc_array(arena, request->n_lists, sizeof(*hashes));
	for (size_t i = 0; i < request->n_lists; i++)
		memcpy(hashes[i], request->lists[i].sha256, 32);
	entry_init(&entry, ENTRY_AUDIT);
	entry.audit = (struct entry_audit){ .below = audit->plan.below,
		.keys = audit->keys.n,
		.checks = audit_checks(request, arena),
		.tool = request->tool,
		.made = audit->plan.made,
		.evidence = {
		    (const uint8_t(*)[32])hashes, request->n_lists } };
	return store_append(
	    audit->store, &entry, &adding->result->entry, adding->error);
}

/* Nobody finished it meanwhile. */
static bool
check_begun(struct audit *audit, GError **error)
{
	struct audit_plan begun;
	bool fits;

	if (!audit_plan_load(&begun, audit->store, &audit->plan, &fits, error))
		return false;
	if (!fits || begun.below != audit->plan.below)
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "another audit of this store ended meanwhile; run this "
		    "again");
	return fits && begun.below == audit->plan.below;
}

static bool
add_all(struct adding *adding, const struct audit_common *common)
{
	struct audit *audit = adding->audit;
	struct store *store = audit->store;

	if (!store_begin(store, adding->error))
		return false;
	if (!check_begun(audit, adding->error) ||
	    !add_lists(audit, adding->error) || !add_findings(adding, common) ||
	    !add_audit(adding) ||
	    !store_work_clear(store, (struct span){ NULL, 0 }, adding->error)) {
		store_abort(store);
		return false;
	}
	return store_commit(store, adding->error);
}

static bool
report(struct adding *adding)
{
	struct audit *audit = adding->audit;

	if (audit->request->finding == NULL)
		return true;
	for (guint i = 0; i < adding->numbers->len; i++) {
		uint64_t number = g_array_index(adding->numbers, uint64_t, i);
		struct entry entry;

		arena_reset(adding->arena);
		if (!store_get_entry(audit->store, adding->arena, number,
			&entry, adding->error))
			return false;
		audit->request->finding(audit->request->user, number, &entry,
		    &audit->keys.keys[g_array_index(adding->keys, size_t, i)]);
	}
	return true;
}

static bool
finish(struct audit *audit, struct audit_result *result, GError **error)
{
	struct audit_common *common;
	struct adding adding = { .audit = audit,
		.result = result,
		.arena = arena_new(),
		.numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
		.keys = g_array_new(FALSE, FALSE, sizeof(size_t)),
		.error = error };
	bool ok = false;

	common = audit_common_new(audit, error);
	if (common != NULL)
		ok = add_all(&adding, common) && report(&adding);
	audit_common_free(common);
	g_array_unref(adding.numbers);
	g_array_unref(adding.keys);
	arena_free(adding.arena);
	return ok;
}

static bool
work(struct audit *audit, const struct audit_plan *begun, bool fits,
    struct audit_result *result, GError **error)
{
	if (!gather(audit, error) || !find_share(audit, error) ||
	    !save_plan(audit, fits, begun, error))
		return false;
	audit_moduli_cut(&audit->moduli, audit->plan.share);
	result->below = audit->plan.below;
	result->keys = audit->keys.n;
	result->new_keys = audit->keys.n - audit->keys.n_old;
	return audit_work_run(audit,
		   &(struct audit_step){ AUDIT_STEP_KEYS, "chunks of keys",
		       audit->n_chunks, audit_find_keys, audit },
		   error) &&
	    audit_common_run(audit, error) && finish(audit, result, error);
}

bool
audit_run(struct store *store, const struct crypto *crypto,
    const struct audit_request *request, struct audit_result *result_out,
    GError **error)
{
	struct audit audit = {
		.store = store, .crypto = crypto, .request = request
	};
	struct audit_plan begun;
	bool fits = false, has_work = false, ok;

	*result_out = (struct audit_result){ 0 };
	ok = store_begin(store, error);
	if (!ok)
		return false;
	ok = audit_plan_make(&audit.plan, store, crypto, request, error) &&
	    audit_plan_load(&begun, store, &audit.plan, &fits, error) &&
	    audit_plan_has_work(&audit.plan, store, &has_work, error);
	store_abort(store);
	if (!ok)
		return false;
	if (fits) {
		audit.plan.below = begun.below;
		audit.plan.made = begun.made;
	}
	result_out->went_on = fits;
	result_out->nothing = !has_work;
	if (has_work)
		ok = work(&audit, &begun, fits, result_out, error);
	result_out->stopped = audit.stopped;
	audit_moduli_clear(&audit.moduli);
	audit_keys_clear(&audit.keys);
	modulus_checker_free(audit.checker);
	return ok;
}
