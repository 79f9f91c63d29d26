/*
 * audit_past.c - what earlier audits covered, and the one that was begun.
 */
#include "keysnap/store/audit_past.h"

#include "keysnap/base/digest.h"
#include "keysnap/store/lmdb_file.h"
#include "keysnap/store/retraction.h"

#include <string.h>

#define PLAN_FORMAT 1
#define PLAN_SIZE   (6 * 8 + 32)
#define PLAN_KEY    SPAN("plan")

/* Checks of every audit, and of those with lists. */
static const char *const checks_always[] = { "close-primes", "exponent",
	"modulus-size", "perfect-power", "prime-modulus", "roca",
	"same-modulus", "sample-key", "shared-factor", "small-factor",
	"small-order", "unrelated-domains" };

static bool
has_lists(const struct audit_request *request,
    bool (*has)(const struct weak_list *list))
{
	for (size_t i = 0; i < request->n_lists; i++) {
		if (has(request->lists[i].list))
			return true;
	}
	return false;
}

struct entry_texts
audit_checks(const struct audit_request *request, struct arena *arena)
{
	size_t n = G_N_ELEMENTS(checks_always);
	struct span *words = arena_alloc_array(arena, n + 2, sizeof(*words));

	for (size_t i = 0; i < n; i++)
		words[i] = span_from_string(checks_always[i]);
	if (has_lists(request, weak_list_has_debian))
		words[n++] = SPAN("debian-weak");
	if (has_lists(request, weak_list_has_published))
		words[n++] = SPAN("published-key");
	return (struct entry_texts){ words, entry_sort_texts(words, n) };
}

static bool
has_word(struct entry_texts words, const char *word)
{
	for (size_t i = 0; i < words.n; i++) {
		if (span_equal(words.items[i], span_from_string(word)))
			return true;
	}
	return false;
}

/* Did it make all checks that need no list? */
static bool
is_complete(const struct entry_audit *audit)
{
	for (size_t i = 0; i < G_N_ELEMENTS(checks_always); i++) {
		if (!has_word(audit->checks, checks_always[i]))
			return false;
	}
	return true;
}

/* Did it use all lists of the request? */
static bool
has_used(const struct entry_audit *audit, const struct audit_request *request)
{
	for (size_t i = 0; i < request->n_lists; i++) {
		bool found = false;

		for (size_t k = 0; k < audit->evidence.n && !found; k++)
			found = memcmp(audit->evidence.items[k],
				    request->lists[i].sha256, 32) == 0;
		if (!found)
			return false;
	}
	return true;
}

/* That a log which nobody vouched for was audited is its maker's word. */
static void
take_coverage(struct audit_plan *plan, const struct bearing *bearing,
    const struct audit_request *request)
{
	GHashTable *foreign = g_hash_table_new(NULL, NULL);
	GHashTable *retractions = retractions_new(bearing, foreign);
	uint64_t by;

	for (size_t i = 0; i < bearing->n; i++) {
		const struct entry *entry = &bearing->entries[i];
		uint64_t number = bearing->numbers[i];

		if (entry->type != ENTRY_AUDIT ||
		    g_hash_table_contains(
			foreign, GSIZE_TO_POINTER((gsize)number + 1)) ||
		    retractions_has(retractions, number, entry, &by))
			continue;
		if (is_complete(&entry->audit))
			plan->from = MAX(plan->from, entry->audit.below);
		if (has_used(&entry->audit, request))
			plan->list_from =
			    MAX(plan->list_from, entry->audit.below);
	}
	g_hash_table_unref(retractions);
	g_hash_table_unref(foreign);
}

static void
hash_settings(struct audit_plan *plan, const struct crypto *crypto,
    const struct audit_request *request)
{
	struct digest digest;
	uint8_t lists = (uint8_t)request->n_lists;

	digest_init(&digest, crypto, DIGEST_SHA256);
	digest_add(&digest, (struct span){ &lists, 1 });
	for (size_t i = 0; i < request->n_lists; i++)
		digest_add(
		    &digest, (struct span){ request->lists[i].sha256, 32 });
	digest_add(&digest, request->tool);
	digest_finish(&digest, plan->settings);
	digest_clear(&digest);
}

bool
audit_plan_make(struct audit_plan *plan, struct store *store,
    const struct crypto *crypto, const struct audit_request *request,
    GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct bearing bearing;

	*plan = (struct audit_plan){ .below = store_size(store),
		.made = request->made };
	hash_settings(plan, crypto, request);
	if (!request->again) {
		if (!store_about_log(store, arena, &bearing, error))
			return false;
		take_coverage(plan, &bearing, request);
	}
	if (request->n_lists == 0)
		plan->list_from = UINT64_MAX;
	return true;
}

bool
audit_plan_load(struct audit_plan *begun_out, struct store *store,
    const struct audit_plan *plan, bool *fits_out, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span value;

	*fits_out = false;
	if (!store_work_get(store, arena, PLAN_KEY, &value, error))
		return false;
	if (value.n != PLAN_SIZE || lmdb_file_get64(value.p) != PLAN_FORMAT)
		return true;
	begun_out->from = lmdb_file_get64(value.p + 8);
	begun_out->list_from = lmdb_file_get64(value.p + 16);
	begun_out->below = lmdb_file_get64(value.p + 24);
	begun_out->made = (int64_t)lmdb_file_get64(value.p + 32);
	begun_out->share = lmdb_file_get64(value.p + 40);
	memcpy(begun_out->settings, value.p + 48, 32);
	*fits_out = begun_out->from == plan->from &&
	    begun_out->list_from == plan->list_from &&
	    begun_out->below <= plan->below &&
	    memcmp(begun_out->settings, plan->settings, 32) == 0;
	return true;
}

bool
audit_plan_save(
    const struct audit_plan *plan, struct store *store, GError **error)
{
	uint8_t value[PLAN_SIZE];

	lmdb_file_put64(value, PLAN_FORMAT);
	lmdb_file_put64(value + 8, plan->from);
	lmdb_file_put64(value + 16, plan->list_from);
	lmdb_file_put64(value + 24, plan->below);
	lmdb_file_put64(value + 32, (uint64_t)plan->made);
	lmdb_file_put64(value + 40, plan->share);
	memcpy(value + 48, plan->settings, 32);
	return store_work_put(
	    store, PLAN_KEY, (struct span){ value, sizeof(value) }, error);
}

/* Looking for one observation. */
struct looking {
	struct arena *arena;
	uint64_t below;
	bool found;
};

static bool
look(void *user, uint64_t index, struct span leaf)
{
	struct looking *looking = user;
	struct entry entry;
	const char *why;

	if (index >= looking->below)
		return false;
	arena_reset(looking->arena);
	/* What cannot be read is found by the audit itself. */
	looking->found =
	    !entry_parse(&entry, looking->arena, leaf, index, &why) ||
	    entry.type == ENTRY_OBSERVATION;
	return !looking->found;
}

bool
audit_plan_has_work(const struct audit_plan *plan, struct store *store,
    bool *has_out, GError **error)
{
	struct looking looking = { .arena = arena_new(), .below = plan->below };
	bool ok;

	ok = store_each(
	    store, MIN(plan->from, plan->list_from), look, &looking, error);
	arena_free(looking.arena);
	*has_out = looking.found;
	return ok;
}
