/*
 * cmd_verify_dnssec.c - keysnap verify --dnssec: every stored chain again.
 *
 * The log says which chains there are; then the packs are read once, front to
 * back, as they may be larger than memory.
 */
#include "keysnap/cmd_verify_dnssec.h"

#include "keysnap/base/file.h"
#include "keysnap/base/span_key.h"
#include "keysnap/dnssec/chain_result.h"
#include "keysnap/store/pack.h"

#include <string.h>

struct chains {
	struct snapshot *snapshot;
	const struct trust_anchors *anchors;
	const struct crypto *crypto;
	struct findings *findings;
	GHashTable *by_digest; /* hex -> GArray of uint64_t: chain-results */
	uint64_t n[4];         /* by enum chain_status, as found now */
	uint64_t results, same, checked;
};

static void
free_numbers(gpointer numbers)
{
	g_array_free(numbers, TRUE);
}

static void
note_result(struct chains *chains, const struct entry_chain_result *result,
    uint64_t number)
{
	char hex[DIGEST_HEX_SIZE];
	GArray *numbers;

	digest_to_hex((struct span){ result->evidence.items[0], 32 }, hex);
	numbers = g_hash_table_lookup(chains->by_digest, hex);
	if (numbers == NULL) {
		numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
		g_hash_table_insert(chains->by_digest, g_strdup(hex), numbers);
	}
	g_array_append_val(numbers, number);
	chains->results++;
}

static bool
read_log(struct chains *chains, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	uint64_t size = snapshot_checkpoint(chains->snapshot)->size;

	for (uint64_t i = 0; i < size; i++) {
		struct entry entry;

		arena_reset(arena);
		if (!snapshot_get(chains->snapshot, arena, i, &entry, error))
			return false;
		if (entry.type == ENTRY_CHAIN_RESULT)
			note_result(chains, &entry.chain_result, i);
	}
	return true;
}

static void
append_result(GString *out, const struct entry_chain_result *result)
{
	g_string_append(out, chain_status_name(result->result));
	if (result->reason.n > 0)
		g_string_append_printf(out, " (%.*s)", (int)result->reason.n,
		    (const char *)result->reason.p);
	if (result->from == TIMESTAMP_NONE)
		return;
	g_string_append(out, " from ");
	command_append_time(out, result->from, TIMESTAMP_SECOND);
	g_string_append(out, " until ");
	command_append_time(out, result->until, TIMESTAMP_SECOND);
}

static void
tell_difference(struct chains *chains, const struct entry *entry,
    uint64_t number, const struct chain_result *found)
{
	bool unknown = found->reason == DNSSEC_NO_ANCHOR;
	struct entry_chain_result now = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);

	chain_result_entry(found, &now);
	g_string_append_printf(text, "entry %" PRIu64 " says ", number);
	append_result(text, &entry->chain_result);
	g_string_append(text, ", the chain is ");
	append_result(text, &now);
	g_string_append_printf(text, ": %s", dnssec_reason_text(found->reason));
	findings_tell(chains->findings, unknown ? FINDING_NOTED : FINDING_BAD,
	    "dnssec", NULL, "%s", text->str);
	chains->findings->unmet |= unknown;
}

static bool
check_result(
    struct chains *chains, struct span octets, uint64_t number, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct entry entry, about;
	struct chain_result found;

	if (!snapshot_get(chains->snapshot, arena, number, &entry, error) ||
	    !snapshot_get(chains->snapshot, arena,
		entry.chain_result.observation, &about, error))
		return false;
	chain_result_find(
	    arena, octets, &about.observation, chains->anchors, &found);
	chains->checked++;
	chains->n[found.status]++;
	if (chain_result_same(&found, &entry.chain_result))
		chains->same++;
	else
		tell_difference(chains, &entry, number, &found);
	return true;
}

static bool
check_blob(struct chains *chains, const uint8_t sha256[32], struct span octets,
    GError **error)
{
	char hex[DIGEST_HEX_SIZE];
	const GArray *numbers;

	digest_to_hex((struct span){ sha256, 32 }, hex);
	numbers = g_hash_table_lookup(chains->by_digest, hex);
	for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
		if (!check_result(chains, octets,
			g_array_index(numbers, uint64_t, i), error))
			return false;
	}
	return true;
}

static bool
read_pack(struct chains *chains, const char *path, GError **error)
{
	struct pack_reader *reader =
	    pack_reader_open(path, chains->crypto, error);
	uint8_t sha256[32];
	struct span octets;
	int more = -1;

	if (reader == NULL)
		return false;
	while ((more = pack_reader_next(reader, sha256, &octets, error)) == 1) {
		if (!check_blob(chains, sha256, octets, error)) {
			more = -1;
			break;
		}
	}
	pack_reader_close(reader);
	return more == 0;
}

static bool
read_packs(struct chains *chains, const char *folder, GError **error)
{
	for (size_t i = 0; i < PACK_MAX_COUNT; i++) {
		g_autofree char *name = pack_name(i);
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (!file_exists(path))
			return true;
		if (!read_pack(chains, path, error))
			return false;
	}
	return true;
}

static void
tell_counts(struct chains *chains)
{
	bool all = chains->checked == chains->results;

	if (!all)
		findings_tell(chains->findings, FINDING_BAD, "dnssec", NULL,
		    "%" PRIu64 " chains of the log are not in the evidence",
		    chains->results - chains->checked);
	findings_tell(chains->findings,
	    chains->results == 0                         ? FINDING_NOTED
		: all && chains->same == chains->results ? FINDING_GOOD
							 : FINDING_NOTED,
	    "dnssec", NULL,
	    "%" PRIu64 " chains validated again, %" PRIu64 " as the log says: "
	    "%" PRIu64 " secure, %" PRIu64 " insecure, %" PRIu64
	    " bogus, %" PRIu64 " indeterminate",
	    chains->checked, chains->same, chains->n[CHAIN_SECURE],
	    chains->n[CHAIN_INSECURE], chains->n[CHAIN_BOGUS],
	    chains->n[CHAIN_INDETERMINATE]);
}

bool
verify_dnssec(const char *folder, const struct snapshot_trust *trust,
    const struct trust_anchors *anchors, const struct crypto *crypto,
    struct findings *findings, GError **error)
{
	struct chains chains = {
		.snapshot = snapshot_open(folder, trust, crypto, error),
		.anchors = anchors,
		.crypto = crypto,
		.findings = findings,
		.by_digest = g_hash_table_new_full(
		    string_key_hash, g_str_equal, g_free, free_numbers),
	};
	bool ok = chains.snapshot != NULL && read_log(&chains, error) &&
	    read_packs(&chains, folder, error);

	if (ok)
		tell_counts(&chains);
	g_hash_table_destroy(chains.by_digest);
	snapshot_close(chains.snapshot);
	return ok;
}
