/*
 * audit_common.c - what the keys of an audit have in common with each other.
 */
#include "keysnap/store/audit_common.h"

#include "keysnap/key/modulus_block.h"

#include <inttypes.h>
#include <string.h>

#define NAMED (SHARED_FACTOR_WITH_MAX) /* other keys named by one finding */

/* ---- batch GCD ---------------------------------------------------------- */

/* The products of blocks; NULL where not made. */
struct products {
	struct audit *audit;
	struct modulus_product **of_block;
	const struct modulus_product *suspects; /* or NULL */
};

static struct audit_block
block_of(const struct audit *audit, size_t number)
{
	return audit->moduli.blocks[number];
}

static void
multiply(void *user, size_t number)
{
	struct products *products = user;
	struct audit_block block = block_of(products->audit, number);

	products->of_block[number] = modulus_product_new(
	    products->audit->moduli.numbers + block.start, block.n);
}

struct adding {
	GString *value;
	size_t start;
};

static void
add_divisor(void *user, size_t i, struct span gcd)
{
	struct adding *adding = user;

	audit_record_add(adding->value,
	    &(struct audit_record){ (uint32_t)(adding->start + i), 0, gcd });
}

/* Block "number" of the new ones: with itself and all other blocks. */
static void
divide_new(const void *user, size_t number, GString *value)
{
	const struct products *products = user;
	const struct audit *audit = products->audit;
	size_t n_blocks = audit->moduli.n_blocks;
	size_t own = audit->moduli.n_old_blocks + number;
	struct audit_block block = block_of(audit, own);
	g_autofree const struct modulus_product **others =
	    g_new(const struct modulus_product *, n_blocks);
	struct adding adding = { value, block.start };
	size_t n = 0;

	for (size_t i = 0; i < n_blocks; i++) {
		if (i != own)
			others[n++] = products->of_block[i];
	}
	modulus_block_gcd(
	    &(struct modulus_block){
		audit->moduli.numbers + block.start, block.n, true, others, n },
	    add_divisor, &adding);
}

/* Block "number" of the old ones: with the new ones that share something. */
static void
divide_old(const void *user, size_t number, GString *value)
{
	const struct products *products = user;
	const struct audit *audit = products->audit;
	struct audit_block block = block_of(audit, number);
	struct adding adding = { value, block.start };

	modulus_block_gcd(
	    &(struct modulus_block){ audit->moduli.numbers + block.start,
		block.n, false, &products->suspects, 1 },
	    add_divisor, &adding);
}

/* Call "take" for each record of a step with "n" parts. */
static bool
each_record(struct audit *audit, const char *step, size_t n,
    void (*take)(void *user, const struct audit_record *record), void *user,
    GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	bool ok = store_begin(audit->store, error);

	for (size_t i = 0; ok && i < n; i++) {
		struct audit_record record;
		struct span value;

		arena_reset(arena);
		ok = audit_work_get(audit, step, i, arena, &value, error);
		while (ok && audit_record_next(&value, &record)) {
			if (record.index < audit->moduli.n)
				take(user, &record);
		}
	}
	store_abort(audit->store);
	return ok;
}

static void
take_suspect(void *user, const struct audit_record *record)
{
	GArray *suspects = user;

	g_array_append_val(suspects, record->index);
}

static size_t
n_new_blocks(const struct audit *audit)
{
	return audit->moduli.n_blocks - audit->moduli.n_old_blocks;
}

static struct modulus_product *
multiply_suspects(const struct audit *audit, const GArray *suspects)
{
	g_autofree struct span *numbers = g_new(struct span, suspects->len);

	for (guint i = 0; i < suspects->len; i++)
		numbers[i] =
		    audit->moduli.numbers[g_array_index(suspects, uint32_t, i)];
	return modulus_product_new(numbers, suspects->len);
}

/* Old moduli: only when a new one shares something with any other. */
static bool
run_old(struct products *products, GError **error)
{
	struct audit *audit = products->audit;
	g_autoptr(GArray) suspects =
	    g_array_new(FALSE, FALSE, sizeof(uint32_t));
	struct modulus_product *product;
	bool ok;

	if (!each_record(audit, AUDIT_STEP_BLOCKS, n_new_blocks(audit),
		take_suspect, suspects, error))
		return false;
	if (suspects->len == 0 || audit->moduli.n_old_blocks == 0)
		return true;
	product = multiply_suspects(audit, suspects);
	products->suspects = product;
	ok = audit_work_run(audit,
	    &(struct audit_step){ AUDIT_STEP_OLD, "blocks of older keys",
		audit->moduli.n_old_blocks, divide_old, products },
	    error);
	modulus_product_free(product);
	return ok;
}

static bool
run_new(struct products *products, GError **error)
{
	struct audit *audit = products->audit;
	size_t n = audit->moduli.n_blocks;

	/* With one block there is nothing to compare it with. */
	if (n > 1 &&
	    !audit_work_quick(
		audit, "products of blocks", n, multiply, products))
		return false;
	return audit_work_run(audit,
	    &(struct audit_step){ AUDIT_STEP_BLOCKS, "blocks of keys",
		n_new_blocks(audit), divide_new, products },
	    error);
}

bool
audit_common_run(struct audit *audit, GError **error)
{
	struct products products = { .audit = audit };
	size_t n = audit->moduli.n_blocks;
	bool ok;

	if (n_new_blocks(audit) == 0)
		return true;
	products.of_block = g_new0(struct modulus_product *, n);
	ok = run_new(&products, error);
	for (size_t i = 0; i < n; i++)
		modulus_product_free(products.of_block[i]);
	g_free(products.of_block);
	return ok && run_old(&products, error);
}

/* ---- what it comes to --------------------------------------------------- */

struct audit_common {
	const struct audit *audit;
	struct arena *arena;
	struct shared_factor *shared;
	uint32_t *modulus; /* of each of these */
	size_t n;
	uint32_t *shared_of;  /* modulus: its place in "shared" + 1, or 0 */
	uint32_t *modulus_of; /* key: its modulus + 1, or 0 */
};

struct taking {
	struct audit_common *common;
	GArray *shared;  /* struct shared_factor */
	GArray *modulus; /* uint32_t */
};

static void
take_divisor(void *user, const struct audit_record *record)
{
	struct taking *taking = user;
	struct audit_common *common = taking->common;
	struct shared_factor shared = {
		.modulus = common->audit->moduli.numbers[record->index],
		.gcd = arena_copy(common->arena, record->octets)
	};

	g_array_append_val(taking->shared, shared);
	g_array_append_val(taking->modulus, record->index);
	common->shared_of[record->index] = taking->shared->len;
}

struct audit_common *
audit_common_new(struct audit *audit, GError **error)
{
	struct audit_common *common = g_new0(struct audit_common, 1);
	const struct audit_moduli *moduli = &audit->moduli;
	struct taking taking = { .common = common,
		.shared =
		    g_array_new(FALSE, FALSE, sizeof(struct shared_factor)),
		.modulus = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
	bool ok;

	common->audit = audit;
	common->arena = arena_new();
	common->shared_of = g_new0(uint32_t, moduli->n);
	common->modulus_of = g_new0(uint32_t, audit->keys.n);
	for (size_t i = 0; i < moduli->n; i++) {
		for (size_t k = moduli->first[i]; k < moduli->first[i + 1]; k++)
			common->modulus_of[moduli->members[k]] =
			    (uint32_t)i + 1;
	}
	ok = each_record(audit, AUDIT_STEP_BLOCKS, n_new_blocks(audit),
		 take_divisor, &taking, error) &&
	    each_record(audit, AUDIT_STEP_OLD, moduli->n_old_blocks,
		take_divisor, &taking, error);
	common->n = taking.shared->len;
	common->shared =
	    (struct shared_factor *)(void *)g_array_free(taking.shared, FALSE);
	common->modulus =
	    (uint32_t *)(void *)g_array_free(taking.modulus, FALSE);
	if (ok) {
		shared_factor_find(common->shared, common->n, common->arena);
		return common;
	}
	audit_common_free(common);
	return NULL;
}

void
audit_common_free(struct audit_common *common)
{
	if (common == NULL)
		return;
	arena_free(common->arena);
	g_free(common->shared);
	g_free(common->modulus);
	g_free(common->shared_of);
	g_free(common->modulus_of);
	g_free(common);
}

/* ---- findings of one key ------------------------------------------------ */

/* Other keys of one finding. */
struct others {
	uint8_t hashes[NAMED][32];
	size_t n;
	uint64_t n_all;
};

/* The keys of modulus "i", but for key "index"; the first ones are named. */
static void
add_others(const struct audit_common *common, size_t i, size_t index,
    struct others *others)
{
	const struct audit *audit = common->audit;
	const struct audit_moduli *moduli = &audit->moduli;
	size_t begin = moduli->first[i], end = moduli->first[i + 1];

	others->n_all += end - begin - (common->modulus_of[index] == i + 1);
	for (size_t k = begin; k < end && others->n < NAMED; k++) {
		uint32_t member = moduli->members[k];

		if (member != index)
			memcpy(others->hashes[others->n++],
			    audit->keys.keys[member].sha256, 32);
	}
}

static bool
add_finding(const struct audit_common *common, size_t index,
    struct audit_finding *finding, struct others *others,
    bool (*add)(void *user, struct span line), void *user)
{
	g_autoptr(GString) line = g_string_new(NULL);

	finding->key = common->audit->keys.keys[index].sha256;
	if (others != NULL) {
		others->n = entry_sort_hashes(others->hashes, others->n);
		finding->with =
		    (struct entry_hashes){ (const uint8_t(*)[32])others->hashes,
			    others->n };
	}
	audit_finding_write(common->audit, finding, line);
	return add(
	    user, (struct span){ (const uint8_t *)line->str, line->len });
}

/* The modulus of another key, old or new, when one of them is new. */
static bool
each_same_modulus(const struct audit_common *common, size_t index,
    bool (*add)(void *user, struct span line), void *user)
{
	const struct audit *audit = common->audit;
	const struct audit_moduli *moduli = &audit->moduli;
	size_t i = common->modulus_of[index] - 1;
	struct others others = { .n = 0 };
	g_autofree char *detail = NULL;
	struct audit_finding finding = { 0 };

	add_others(common, i, index, &others);
	if (others.n_all == 0 ||
	    moduli->members[moduli->first[i + 1] - 1] < audit->keys.n_old)
		return true;
	detail = g_strdup_printf("%" PRIu64 " other %s with this modulus, but "
				 "for the exponent or small factors",
	    others.n_all, others.n_all == 1 ? "key" : "keys");
	finding.found =
	    (struct key_finding){ .check = "same-modulus", .detail = detail };
	return add_finding(common, index, &finding, &others, add, user);
}

static char *
describe_shared(const struct shared_factor *shared, uint64_t n)
{
	const char *keys = n == 1 ? "key" : "keys";

	if (shared->factor.n > 0)
		return g_strdup_printf(
		    "a factor in common with %" PRIu64 " other %s: %s", n, keys,
		    shared->factored
			? "anybody can calculate the private key"
			: "it is known in part, so this is no proper modulus");
	if (shared->given_up)
		return g_strdup("in common with other keys, too many to tell "
				"what");
	return g_strdup_printf("%" PRIu64 " other %s %s a multiple of this "
			       "modulus: that shows nothing of its factors",
	    n, keys, n == 1 ? "has" : "have");
}

static bool
each_shared(const struct audit_common *common, size_t index,
    bool (*add)(void *user, struct span line), void *user)
{
	size_t i = common->modulus_of[index] - 1;
	const struct shared_factor *shared;
	struct others others = { .n = 0 };
	struct audit_finding finding = { 0 };
	g_autofree char *detail = NULL;

	if (common->shared_of[i] == 0)
		return true;
	shared = &common->shared[common->shared_of[i] - 1];
	for (size_t k = 0; k < shared->n_with; k++)
		add_others(
		    common, common->modulus[shared->with[k]], index, &others);
	detail =
	    describe_shared(shared, MAX(others.n_all, (uint64_t)shared->n_all));
	finding.found = (struct key_finding){ .check = "shared-factor",
		.bad = shared->factor.n > 0,
		.factor = shared->factor,
		.detail = detail };
	return add_finding(common, index, &finding, &others, add, user);
}

static bool
each_name(const struct audit_common *common, size_t index,
    bool (*add)(void *user, struct span line), void *user)
{
	const struct audit_key *key = &common->audit->keys.keys[index];
	struct audit_finding finding = { 0 };
	g_autofree char *detail = NULL;

	if (!key->seen_again || key->unrelated.n == 0)
		return true;
	detail = g_strdup_printf("seen under %.*s and under %.*s",
	    (int)key->name.n, (const char *)key->name.p, (int)key->unrelated.n,
	    (const char *)key->unrelated.p);
	finding.found = (struct key_finding){ .check = "unrelated-domains",
		.detail = detail };
	return add_finding(common, index, &finding, NULL, add, user);
}

bool
audit_common_each(const struct audit_common *common, size_t index,
    bool (*add)(void *user, struct span line), void *user)
{
	if (common->modulus_of[index] != 0 &&
	    (!each_same_modulus(common, index, add, user) ||
		!each_shared(common, index, add, user)))
		return false;
	return each_name(common, index, add, user);
}
