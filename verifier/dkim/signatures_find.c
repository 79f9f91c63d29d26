/*
 * signatures_find.c - the fields that sign, in one pass over the header.
 *
 * Most mail has none but DKIM-Signature, so a field costs a comparison of its
 * name's hash with a few.
 */
#include "verifier/dkim/domainkeys.h"
#include "verifier/dkim/signature.h"

#define NAMES (SIGNATURE_KINDS + 1) /* ARC-Authentication-Results too */

static const char *const names[NAMES] = {
	[SIGNATURE_DKIM] = "DKIM-Signature",
	[SIGNATURE_ARC_MESSAGE] = "ARC-Message-Signature",
	[SIGNATURE_ARC_SEAL] = "ARC-Seal",
	[SIGNATURE_DOMAINKEYS] = "DomainKey-Signature",
	[SIGNATURE_KINDS] = "ARC-Authentication-Results",
};

struct finder {
	struct arena *arena;
	const struct header_index *header;
	struct signatures *out;
	uint32_t hashes[NAMES];
	size_t counts[NAMES];
};

/* Index of the field's name among "names", or NAMES. */
static size_t
find_name(const struct finder *finder, const struct header_field *field)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (field->name_hash == finder->hashes[i] &&
		    span_equal_nocase(field->name, span_from_string(names[i])))
			return i;
	}
	return NAMES;
}

static void
count(struct finder *finder)
{
	for (size_t i = 0; i < NAMES; i++)
		finder->hashes[i] =
		    header_name_hash(span_from_string(names[i]));
	for (size_t i = 0; i < finder->header->n; i++) {
		size_t at = find_name(finder, &finder->header->fields[i]);

		if (at < NAMES)
			finder->counts[at]++;
	}
}

/* Is there room for one more of "kind"? */
static bool
has_room(const size_t taken[SIGNATURE_KINDS], enum signature_kind kind)
{
	if (!signature_kind_decides(kind))
		return taken[kind] < ARC_SETS_MAX;
	return taken[SIGNATURE_DKIM] + taken[SIGNATURE_DOMAINKEYS] <
	    SIGNATURES_MAX;
}

static void
take(struct finder *finder, const struct header_field *field,
    enum signature_kind kind, size_t taken[SIGNATURE_KINDS])
{
	struct signature *signature;

	if (!has_room(taken, kind)) {
		finder->out->left_out += signature_kind_decides(kind) ? 1 : 0;
		return;
	}
	signature = &finder->out->list[finder->out->n++];
	signature_parse(signature, finder->arena, kind, field, taken[kind]++);
	if (kind == SIGNATURE_DOMAINKEYS)
		domainkeys_bind(signature, finder->arena, finder->header);
}

void
signatures_find(struct signatures *signatures, struct arena *arena,
    const struct header_index *header)
{
	struct finder finder = { arena, header, signatures, { 0 }, { 0 } };
	size_t taken[SIGNATURE_KINDS] = { 0 }, all = 0;

	*signatures = (struct signatures){ .n = 0 };
	count(&finder);
	for (size_t i = 0; i < SIGNATURE_KINDS; i++)
		all += finder.counts[i];
	signatures->arc_fields = finder.counts[SIGNATURE_ARC_MESSAGE] +
	    finder.counts[SIGNATURE_ARC_SEAL] + finder.counts[SIGNATURE_KINDS];
	signatures->arc_seals = finder.counts[SIGNATURE_ARC_SEAL];
	if (all == 0)
		return;
	signatures->list = arena_alloc_array(
	    arena, MIN(all, SIGNATURES_ALL_MAX), sizeof(*signatures->list));
	for (size_t i = 0; i < header->n; i++) {
		size_t at = find_name(&finder, &header->fields[i]);

		if (at < SIGNATURE_KINDS)
			take(&finder, &header->fields[i],
			    (enum signature_kind)at, taken);
	}
}
