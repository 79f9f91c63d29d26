/*
 * repair_search.c - see repair_search.h.
 *
 * Limits: those of repair_search.h, and PROPOSALS_MAX proposals that are kept
 * for the pairs.
 */
#include "verifier/repair/repair_search.h"

#include "verifier/repair/signed_search.h"

#define PROPOSALS_MAX 64

static const struct repair byte_order_mark = { "byte-order-mark", REPAIR_HEADER,
	REPAIR_UNSEEN, NULL };

/* Found as what was signed, not proposed. */
static const struct repair header_encoding = { "header-encoding", REPAIR_HEADER,
	REPAIR_SEEN, NULL };

/* One variant of one repair. */
struct proposal {
	const struct repair *repair;
	struct edit_list edits;
};

/* The search for one place of one signature. */
struct hunt {
	struct repair_search *search;
	const struct signature_facts *facts;
	const struct candidate *candidates;
	enum repair_place place;
	struct proposal proposals[PROPOSALS_MAX];
	size_t n;
};

static bool
spend(struct repair_search *search, uint64_t octets)
{
	return work_spend(&search->work, octets);
}

/* For the memory that "n" edits take. */
static bool
spend_edits(struct repair_search *search, size_t n)
{
	return spend(search, n * sizeof(struct edit));
}

static bool
spend_header(struct repair_search *search, uint64_t octets)
{
	if (octets > search->header_left) {
		search->work.cut = true;
		return false;
	}
	search->header_left -= octets;
	return spend(search, octets);
}

static void
set_add(struct repair_set *set, const struct repair *repair)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->repairs[i] == repair)
			return;
	}
	g_assert(set->n < REPAIRS_TOGETHER);
	set->repairs[set->n++] = repair;
}

enum repair_effect
repair_set_effect(const struct repair_set *set)
{
	enum repair_effect effect = REPAIR_NONE;

	for (size_t i = 0; i < set->n; i++)
		effect = MAX(effect, set->repairs[i]->effect);
	return effect;
}

/* The message's reading with the base's edits and these. */
static bool
read_with(struct repair_search *search, const struct edit_list *edits,
    struct reading *reading_out)
{
	struct edit_list merged;

	if (!spend_edits(search, edits->n) ||
	    !edit_list_merge(
		&merged, search->tools->arena, &search->base->edits, edits))
		return false;
	*reading_out = search->message->reading;
	reading_out->edits = merged.edits;
	reading_out->n_edits = merged.n;
	reading_out->verbatim = false;
	return true;
}

static bool
body_holds(struct hunt *hunt, const struct reading *reading)
{
	struct repair_search *search = hunt->search;
	struct signature_facts probe = { .signature = hunt->facts->signature };
	struct message message = *search->message;

	if (!spend(search, message.raw.n - message.body_at))
		return false;
	message.reading = *reading;
	facts_hash_body(&probe, 1, search->tools->arena, search->tools->bodies,
	    &message, NULL);
	return probe.body.state == BODY_MATCH;
}

/* Is the hash of "probe" what was signed? */
static bool
is_signed(struct hunt *hunt, const struct signature_facts *probe)
{
	size_t candidate;

	return signed_digest_is(hunt->facts, hunt->candidates,
	    (struct span){ probe->header_hash, probe->header_hash_n },
	    &hunt->search->work, &candidate);
}

/* The signature among "signatures" of the kind and place of "one", or NULL. */
static const struct signature *
same_signature(const struct signatures *signatures, const struct signature *one)
{
	for (size_t i = 0; i < signatures->n; i++) {
		if (signatures->list[i].kind == one->kind &&
		    signatures->list[i].index == one->index)
			return &signatures->list[i];
	}
	return NULL;
}

static bool
header_holds(struct hunt *hunt, const struct reading *reading)
{
	struct repair_search *search = hunt->search;
	const struct repair_tools *tools = search->tools;
	struct signature_facts probe = { .signature = NULL };
	struct signatures signatures;
	struct message message;

	/* Read, cut into fields, hashed. */
	if (!spend_header(search, 3 * search->message->body_at))
		return false;
	message_open(&message, tools->arena, tools->buffer,
	    search->message->raw, reading);
	if (message.status != HEADER_OK)
		return false;
	signatures_find(&signatures, tools->arena, &message.header);
	probe.signature = same_signature(&signatures, hunt->facts->signature);
	if (probe.signature == NULL)
		return false;
	facts_hash_header(&probe, tools->arena, &message, tools->digests);
	return probe.header_hashed && is_signed(hunt, &probe);
}

static bool
holds(struct hunt *hunt, const struct edit_list *edits)
{
	struct reading reading;

	if (!read_with(hunt->search, edits, &reading))
		return false;
	return hunt->place == REPAIR_BODY ? body_holds(hunt, &reading)
					  : header_holds(hunt, &reading);
}

static void
keep(struct hunt *hunt, const struct repair *repair,
    const struct edit_list *edits)
{
	if (hunt->n < PROPOSALS_MAX)
		hunt->proposals[hunt->n++] =
		    (struct proposal){ repair, *edits };
}

/* Try every variant of "repair"; true with the edits of the first that
 * holds. */
static bool
try_repair(
    struct hunt *hunt, const struct repair *repair, struct edit_list *edits_out)
{
	struct repair_search *search = hunt->search;
	const struct repair_subject subject = { search->message,
		hunt->facts->signature, &search->traits, search->tools->arena };

	for (unsigned variant = 0; !search->work.cut; variant++) {
		edit_list_init(edits_out, search->tools->arena);
		if (!repair->propose(edits_out, &subject, variant) ||
		    !spend_edits(search, edits_out->n))
			return false;
		search->left_out |= edits_out->full;
		if (edits_out->full || edits_out->n == 0)
			continue;
		if (holds(hunt, edits_out))
			return true;
		keep(hunt, repair, edits_out);
	}
	return false;
}

/* Two variants of one repair undo the same change twice: not tried. */
static bool
try_pairs(struct hunt *hunt, struct repair_set *set)
{
	for (size_t i = 0; i < hunt->n; i++) {
		for (size_t j = i + 1; j < hunt->n; j++) {
			const struct proposal *a = &hunt->proposals[i];
			const struct proposal *b = &hunt->proposals[j];
			struct edit_list merged;

			if (hunt->search->work.cut)
				return false;
			if (a->repair == b->repair ||
			    !spend_edits(
				hunt->search, a->edits.n + b->edits.n) ||
			    !edit_list_merge(&merged,
				hunt->search->tools->arena, &a->edits,
				&b->edits) ||
			    !holds(hunt, &merged))
				continue;
			set_add(set, a->repair);
			set_add(set, b->repair);
			set->edits = merged;
			return true;
		}
	}
	return false;
}

static bool
try_all(struct hunt *hunt, struct repair_set *set)
{
	for (size_t i = 0; repair_table[i] != NULL; i++) {
		struct edit_list edits;

		if (repair_table[i]->place != hunt->place ||
		    !try_repair(hunt, repair_table[i], &edits))
			continue;
		set_add(set, repair_table[i]);
		set->edits = edits;
		return true;
	}
	return try_pairs(hunt, set);
}

static bool
hunt_place(struct repair_search *search, const struct signature_facts *facts,
    const struct candidate *candidates, enum repair_place place,
    struct repair_set *set)
{
	struct hunt *hunt = arena_alloc(search->tools->arena, sizeof(*hunt));

	hunt->search = search;
	hunt->facts = facts;
	hunt->candidates = candidates;
	hunt->place = place;
	return try_all(hunt, set);
}

/* What a search for the header can do. */
enum prospect {
	HOLDS,  /* nothing: the signature holds under a usable key */
	HOPE,   /* a usable key made it, or may have */
	NO_HOPE /* none did: b= is damaged, or the key is another */
};

static enum prospect
prospect_of(const struct signature_facts *facts)
{
	enum prospect prospect = NO_HOPE;

	for (size_t i = 0; i < facts->n_candidates; i++) {
		const struct candidate_facts *one = &facts->candidates[i];

		if (one->defects != 0 || !one->checked)
			continue;
		if (one->check.result == KEY_CHECK_VALID)
			return HOLDS;
		/* Ed25519 gives no digest back: only trying can tell. */
		if (one->check.result == KEY_CHECK_OTHER ||
		    facts->signature->algorithm == SIGNATURE_ED25519_SHA256)
			prospect = HOPE;
	}
	return prospect;
}

static bool
may_mend_body(const struct signature_facts *facts)
{
	return facts->body.state == BODY_MISMATCH ||
	    facts->body.state == BODY_TOO_SHORT;
}

void
repair_search_start(struct repair_search *search,
    const struct repair_tools *tools, const struct message *message,
    const struct repair_set *base)
{
	*search = (struct repair_search){ .tools = tools,
		.message = message,
		.base = base,
		.work = { .left = (uint64_t)REPAIR_PASSES * message->raw.n +
			REPAIR_OCTETS },
		.header_left = REPAIR_HEADER_OCTETS,
		.guessing = { .left = SIGNED_PASSES *
			    (uint64_t)MIN(message->body_at, REPAIR_HEADER_MAX) +
			SIGNED_OCTETS },
		.guesses_left = GUESS_OCTETS_MAX };
	body_traits_get(&search->traits, message);
}

/* Put what was found for one place with what was found before. */
static bool
add_found(
    struct repair_set *all, struct arena *arena, const struct repair_set *found)
{
	struct edit_list merged;

	if (!edit_list_merge(&merged, arena, &all->edits, &found->edits))
		return false;
	all->edits = merged;
	for (size_t i = 0; i < found->n; i++)
		set_add(all, found->repairs[i]);
	return true;
}

/* Look for what was signed where no repair holds.  True with a repair in
 * "set" when people read the same. */
static bool
hunt_signed(struct repair_search *search, const struct signature_facts *facts,
    const struct candidate *candidates, struct repair_set *set,
    struct signed_found *found)
{
	if (!signed_search_run(search, facts, candidates, found))
		return false;
	if (!found->same_text ||
	    !signed_search_edits(search, found, &set->edits))
		return false;
	set_add(set, &header_encoding);
	found->fields.n = 0;
	return true;
}

/* Is the header?  If not, that is remembered. */
static bool
is_small_enough(struct repair_search *search)
{
	bool small = search->message->body_at <= REPAIR_HEADER_MAX;

	search->left_out |= !small;
	return small;
}

bool
repair_search_run(struct repair_search *search,
    const struct signature_facts *facts, const struct candidate *candidates,
    struct repair_set *found_out, struct signed_found *signed_out)
{
	struct repair_set set = { .n = 0 };
	enum prospect prospect = prospect_of(facts);
	bool found = false;

	*found_out = *search->base;
	*signed_out = (struct signed_found){ .same_text = false };
	if (prospect == HOPE && is_small_enough(search) &&
	    (hunt_place(search, facts, candidates, REPAIR_HEADER, &set) ||
		hunt_signed(search, facts, candidates, &set, signed_out))) {
		found = add_found(found_out, search->tools->arena, &set);
		prospect = HOLDS;
	}
	set = (struct repair_set){ .n = 0 };
	if (prospect == HOLDS && may_mend_body(facts) &&
	    hunt_place(search, facts, candidates, REPAIR_BODY, &set))
		found |= add_found(found_out, search->tools->arena, &set);
	return found;
}

bool
repair_byte_order_mark(struct repair_set *found_out, struct arena *arena,
    const struct message *message)
{
	*found_out = (struct repair_set){ .n = 0 };
	edit_list_init(&found_out->edits, arena);
	if (!message->header.leading_bom)
		return false;
	set_add(found_out, &byte_order_mark);
	edit_list_add(&found_out->edits, 0, 3, SPAN(""));
	return true;
}
