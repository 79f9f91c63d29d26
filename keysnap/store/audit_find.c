/*
 * audit_find.c - the checks of single keys.
 */
#include "keysnap/store/audit_find.h"

#include "keysnap/base/digest.h"
#include "keysnap/key/sample_key.h"

/* In the order of their entries; those of modulus_check() come first. */
enum order {
	ORDER_DEBIAN = MODULUS_FINDINGS_MAX,
	ORDER_PUBLISHED,
	ORDER_SAMPLE,
	ORDER_SMALL_ORDER
};

/* One chunk. */
struct chunk {
	const struct audit *audit;
	struct arena *arena;
	GString *value, *line;
};

/* Hex digits without leading zeros. */
static struct span
factor_hex(struct arena *arena, struct span factor)
{
	char *hex = arena_alloc(arena, 2 * factor.n + 1);

	if (factor.n == 0)
		return factor;
	digest_to_hex(factor, hex);
	return span_from_string(*hex == '0' ? hex + 1 : hex);
}

void
audit_finding_write(const struct audit *audit,
    const struct audit_finding *finding, GString *out)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct key_finding *found = &finding->found;
	struct entry entry;
	struct entry_key_health *health = &entry.key_health;

	entry_init(&entry, ENTRY_KEY_HEALTH);
	memcpy(health->key, finding->key, sizeof(health->key));
	health->check = span_from_string(found->check);
	health->result = found->bad ? HEALTH_BAD : HEALTH_UNKNOWN;
	if (found->since != NULL) {
		bool known =
		    timestamp_parse_lenient(span_from_string(found->since),
			&health->since, &health->precision);

		g_assert(known);
	}
	health->factor = factor_hex(arena, found->factor);
	health->with = finding->with;
	health->detail = span_from_string(found->detail);
	health->tool = audit->request->tool;
	health->made = audit->plan.made;
	health->evidence = finding->evidence;
	entry_write(out, &entry);
}

static void
add(struct chunk *chunk, size_t index, unsigned order,
    const struct audit_finding *finding)
{
	g_string_truncate(chunk->line, 0);
	audit_finding_write(chunk->audit, finding, chunk->line);
	audit_record_add(chunk->value,
	    &(struct audit_record){ (uint32_t)index, (uint8_t)order,
		{ (const uint8_t *)chunk->line->str, chunk->line->len } });
}

static void
check_modulus(struct chunk *chunk, size_t index)
{
	const struct audit_key *key = &chunk->audit->keys.keys[index];
	struct key_finding findings[MODULUS_FINDINGS_MAX];
	size_t n;

	if (key->type != KEY_TYPE_RSA)
		return;
	n = modulus_check(
	    chunk->audit->checker, &key->numbers, chunk->arena, findings);
	for (size_t i = 0; i < n; i++)
		add(chunk, index, (unsigned)i,
		    &(struct audit_finding){
			.key = key->sha256, .found = findings[i] });
}

/* The first list that has it is named. */
static void
add_listed(struct chunk *chunk, size_t index, unsigned order,
    const struct audit_list *list, const struct key_finding *found)
{
	add(chunk, index, order,
	    &(struct audit_finding){
		.key = chunk->audit->keys.keys[index].sha256,
		.found = *found,
		.evidence = { (const uint8_t(*)[32])list->sha256, 1 } });
}

static void
check_lists(struct chunk *chunk, size_t index)
{
	const struct audit *audit = chunk->audit;
	const struct audit_key *key = &audit->keys.keys[index];
	const struct audit_list *debian = NULL, *published = NULL;
	struct weak_hashes hashes;
	struct span where = { NULL, 0 };

	if (key->numbers.modulus.n == 0)
		return;
	weak_hashes_make(audit->crypto, key->numbers.modulus, &hashes);
	for (size_t i = 0; i < audit->request->n_lists; i++) {
		const struct audit_list *list = &audit->request->lists[i];

		if (debian == NULL &&
		    weak_list_find_debian(list->list, &hashes))
			debian = list;
		if (published == NULL &&
		    weak_list_find_published(list->list, &hashes, &where))
			published = list;
	}
	/* DSA-1571-1 is of 13 May 2008. */
	if (debian != NULL)
		add_listed(chunk, index, ORDER_DEBIAN, debian,
		    &(struct key_finding){ .check = "debian-weak",
			.bad = true,
			.since = "2008-05-13",
			.detail = "on a list of the keys of CVE-2008-0166: "
				  "anybody can make it" });
	if (published != NULL) {
		g_autofree char *path = span_dup(where);
		g_autofree char *detail = g_strdup_printf(
		    "on a list of keys whose private half is public: %s", path);

		add_listed(chunk, index, ORDER_PUBLISHED, published,
		    &(struct key_finding){ .check = "published-key",
			.bad = true,
			.detail = detail });
	}
}

static void
check_known(struct chunk *chunk, size_t index)
{
	const struct audit_key *key = &chunk->audit->keys.keys[index];
	const struct sample_key *sample = sample_key_find(key->sha256);

	if (sample != NULL) {
		g_autofree char *detail = g_strdup_printf(
		    "its private key stands in %s", sample->where);

		add(chunk, index, ORDER_SAMPLE,
		    &(struct audit_finding){ .key = key->sha256,
			.found = { .check = "sample-key",
			    .bad = true,
			    .detail = detail } });
	}
	if (key->small_order)
		add(chunk, index, ORDER_SMALL_ORDER,
		    &(struct audit_finding){ .key = key->sha256,
			.found = { .check = "small-order",
			    .bad = true,
			    .detail = "a point of small order: signatures need "
				      "no private key" } });
}

void
audit_find_keys(const void *user, size_t number, GString *value)
{
	const struct audit *audit = user;
	struct chunk chunk = { .audit = audit,
		.arena = arena_new(),
		.value = value,
		.line = g_string_new(NULL) };
	size_t begin = audit->first + number * AUDIT_CHUNK;
	size_t end = MIN(begin + AUDIT_CHUNK, audit->keys.n);

	for (size_t i = begin; i < end; i++) {
		arena_reset(chunk.arena);
		if (i >= audit->keys.n_old) {
			check_modulus(&chunk, i);
			check_known(&chunk, i);
		}
		if (i >= audit->list_old)
			check_lists(&chunk, i);
	}
	arena_free(chunk.arena);
	g_string_free(chunk.line, TRUE);
}
