/*
 * originals.c - see originals.h.
 *
 * First the headers of all copies are taken from the archive, into one arena;
 * then each message that is looked for is judged again with the headers of the
 * others at hand, and the bodies of all are hashed as the signatures of the
 * others ask for.
 */
#include "verifier/case/originals.h"

#include "verifier/case/originals_plan.h"
#include "verifier/dkim/signed_extent.h"
#include "verifier/repair/repair_search.h"
#include "verifier/run/identity.h"
#include "verifier/run/run.h"

struct originals {
	struct originals_plan *plan;
	struct judge_context context;
	bool (*interrupted)(void);
	struct judge *judge;
	struct arena *headers; /* what the copies keep */
	struct arena *arena;   /* for one message */
	uint8_t *buffer;       /* READING_BUFFER */
	struct body_hasher *bodies;
	struct identity identity;
	struct digest digest; /* of SHA-256, for parts */
	uint64_t octets_left;
	size_t parts_left;
};

struct originals *
originals_open(const struct originals_options *options, GError **error)
{
	struct originals_plan *plan =
	    originals_plan_new(options->folder, options->judge->crypto, error);
	struct originals *originals;

	if (plan == NULL)
		return NULL;
	originals = g_new0(struct originals, 1);
	originals->plan = plan;
	originals->context = *options->judge;
	originals->context.policy.repairs = REPAIRS_ALL;
	originals->context.anchors = NULL;
	originals->context.anchor_files = NULL;
	originals->context.earlier = NULL;
	originals->interrupted = options->interrupted;
	originals->judge = judge_new(&originals->context);
	originals->headers = arena_new();
	originals->arena = arena_new();
	originals->buffer = g_malloc(READING_BUFFER);
	originals->bodies = body_hasher_new(originals->context.crypto);
	identity_init(&originals->identity, originals->context.crypto);
	digest_init(
	    &originals->digest, originals->context.crypto, DIGEST_SHA256);
	originals->octets_left = ORIGINALS_OCTETS_MAX;
	originals->parts_left = ORIGINALS_PARTS_MAX;
	return originals;
}

void
originals_close(struct originals *originals)
{
	if (originals == NULL)
		return;
	identity_clear(&originals->identity);
	digest_clear(&originals->digest);
	body_hasher_free(originals->bodies);
	g_free(originals->buffer);
	arena_free(originals->arena);
	arena_free(originals->headers);
	judge_free(originals->judge);
	originals_plan_free(originals->plan);
	g_free(originals);
}

bool
originals_has_work(const struct originals *originals)
{
	const GPtrArray *copies = originals->plan->copies;

	for (guint i = 0; i < copies->len; i++) {
		const struct copy *copy = g_ptr_array_index(copies, i);

		if (copy->group->wanted)
			return true;
	}
	return false;
}

/* ---- reading the archive ------------------------------------------------- */

static bool
differs(GError **error, const struct copy *copy)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "record %" G_GUINT64_FORMAT
	    ": another message lies there than was judged: the archive was "
	    "changed, or is another",
	    copy->seq);
	return false;
}

/* Open the message of "copy" in its wire form; false with "error" when it is
 * not the one of the record. */
static bool
open_message(struct originals *originals, const struct copy *copy,
    const struct item *item, struct message *message, GError **error)
{
	const struct reading wire = {
		.quoting = item->container == CONTAINER_MBOX ? QUOTING_MBOXRD
							     : QUOTING_KEPT
	};
	uint8_t sha256[DIGEST_MAX_SIZE];
	char hex[DIGEST_HEX_SIZE];

	if (item->status != ITEM_OK)
		return differs(error, copy);
	message_open(
	    message, originals->arena, originals->buffer, item->raw, &wire);
	identity_start(&originals->identity);
	message_push(message, &originals->identity.sink);
	digest_finish(&originals->identity.digest, sha256);
	digest_to_hex((struct span){ sha256, DIGEST_SHA256_SIZE }, hex);
	return strcmp(hex, copy->sha256) == 0 || differs(error, copy);
}

typedef bool (*copy_taker)(struct originals *originals, struct copy *copy,
    const struct item *item, const struct message *message, GError **error);

/* Give those items of "batch" to "take" that are copies; *next_inout is the
 * next of them, and *seq_inout the number of the last record. */
static bool
take_batch(struct originals *originals, const struct batch *batch,
    copy_taker take, guint *next_inout, uint64_t *seq_inout, GError **error)
{
	const GPtrArray *copies = originals->plan->copies;

	for (size_t i = 0; i < batch->n_items; i++) {
		struct copy *copy = *next_inout < copies->len
		    ? g_ptr_array_index(copies, *next_inout)
		    : NULL;
		struct message message;

		if (copy == NULL || copy->seq != ++*seq_inout)
			continue;
		++*next_inout;
		if (!copy->group->wanted)
			continue;
		arena_reset(originals->arena);
		if (!open_message(
			originals, copy, &batch->items[i], &message, error) ||
		    !take(originals, copy, &batch->items[i], &message, error))
			return false;
	}
	return true;
}

static bool
walk(struct originals *originals, struct archive *archive, copy_taker take,
    GError **error)
{
	const GPtrArray *copies = originals->plan->copies;
	struct batch *batch = batch_new();
	uint64_t seq = 0;
	guint next = 0;
	int got = 1;

	while (next < copies->len &&
	    (originals->interrupted == NULL || !originals->interrupted()) &&
	    (got = archive_next(archive, batch, error)) == 1) {
		if (!take_batch(originals, batch, take, &next, &seq, error)) {
			got = -1;
			break;
		}
	}
	batch_free(batch);
	if (got == 0 && next < copies->len)
		return differs(error, g_ptr_array_index(copies, next));
	return got >= 0;
}

/* ---- headers ------------------------------------------------------------- */

static bool
take_header(struct originals *originals, struct copy *copy,
    const struct item *item, const struct message *message, GError **error)
{
	struct span header = span_sub(item->raw, 0, message->body_at);
	struct message kept;

	(void)error;
	if (header.n > REPAIR_HEADER_MAX || header.n > originals->octets_left) {
		originals->plan->counts.left_out++;
		return true;
	}
	originals->octets_left -= header.n;
	header = arena_copy(originals->headers, header);
	message_open(&kept, originals->headers, originals->buffer, header,
	    &message->reading);
	copy->taken = kept.status == HEADER_OK;
	copy->header = kept.header;
	if (copy->taken && copy->body_open)
		signatures_find(
		    &copy->signatures, originals->headers, &copy->header);
	return true;
}

bool
originals_take(
    struct originals *originals, struct archive *archive, GError **error)
{
	return walk(originals, archive, take_header, error);
}

/* ---- the search ---------------------------------------------------------- */

/* Is something known of a signature of "record" that was looked for? */
static bool
has_signed_fields(const json_t *record)
{
	const json_t *signatures = json_object_get(record, "signatures");

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		if (json_object_get(
			json_array_get(signatures, i), "signed_fields") != NULL)
			return true;
	}
	return false;
}

static bool
search_header(struct originals *originals, struct copy *copy,
    const struct item *item, GError **error)
{
	const struct header_index *headers[OTHER_MESSAGES_MAX];
	uint64_t records[OTHER_MESSAGES_MAX];
	struct other_messages others = { headers, records, 0 };
	struct record_view view;
	struct judgement judgement;
	enum record_kind kind;
	const char *why;

	for (guint i = 0; i < copy->group->copies->len; i++) {
		const struct copy *other =
		    g_ptr_array_index(copy->group->copies, i);

		if (other == copy || !other->taken)
			continue;
		headers[others.n] = &other->header;
		records[others.n++] = other->seq;
	}
	judge_set_others(originals->judge, &others);
	if (!judge_item(originals->judge, item, copy->seq, &judgement, error))
		return false;
	if (!record_read(&view, &kind, originals->arena,
		span_sub(judgement.line, 0, judgement.line.n - 1), &why))
		return true;
	if (has_signed_fields(view.json)) {
		copy->record = json_incref(view.json);
		originals->plan->counts.headers_found++;
	}
	record_view_clear(&view);
	return true;
}

static void
add_body(struct originals *originals, struct copy *wanting, size_t signature,
    uint64_t record)
{
	const struct body_found found = { signature, record };

	if (wanting->bodies == NULL) {
		wanting->bodies =
		    g_array_new(FALSE, FALSE, sizeof(struct body_found));
		originals->plan->counts.bodies_found++;
	}
	for (guint i = 0; i < wanting->bodies->len; i++) {
		if (g_array_index(wanting->bodies, struct body_found, i)
			.signature == signature)
			return;
	}
	g_array_append_val(wanting->bodies, found);
}

/* Is the body of "message" the one that signatures of "wanting" are over? */
static void
try_body(struct originals *originals, const struct message *message,
    uint64_t record, struct copy *wanting)
{
	struct signature_facts facts[SIGNATURES_MAX];
	size_t n = 0, at[SIGNATURES_MAX];

	for (size_t i = 0; i < wanting->signatures.n && n < SIGNATURES_MAX;
	     i++) {
		const struct signature *one = &wanting->signatures.list[i];

		if (one->kind != SIGNATURE_DKIM || one->body_hash.n == 0)
			continue;
		at[n] = i;
		facts[n++] = (struct signature_facts){ .signature = one };
	}
	if (n == 0)
		return;
	facts_hash_body(
	    facts, n, originals->arena, originals->bodies, message, NULL);
	for (size_t i = 0; i < n; i++) {
		if (facts[i].body.state == BODY_MATCH)
			add_body(originals, wanting, at[i], record);
	}
}

/* ---- parts --------------------------------------------------------------- */

/* The signatures that passed, as far as they are over the body that is read
 * here. */
static void
take_signers(struct originals *originals, const struct copy *copy,
    const struct message *message, struct parts_seen *parts)
{
	struct signature_facts facts[SAME_SIGNERS_MAX];
	struct signatures found;
	size_t n = 0, at[SAME_SIGNERS_MAX];

	if (copy->n_passing == 0)
		return;
	signatures_find(&found, originals->arena, &message->header);
	for (size_t i = 0; i < copy->n_passing; i++) {
		size_t place = copy->passing[i].signature;

		if (place >= found.n ||
		    found.list[place].kind != SIGNATURE_DKIM ||
		    found.list[place].body_hash.n == 0)
			continue;
		at[n] = i;
		facts[n++] =
		    (struct signature_facts){ .signature = &found.list[place] };
	}
	facts_hash_body(
	    facts, n, originals->arena, originals->bodies, message, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct signature *one = facts[i].signature;

		if (facts[i].body.state != BODY_MATCH)
			continue;
		parts->signers[parts->n_signers++] = (struct part_signer){
			.signature = copy->passing[at[i]].signature,
			.verdict = copy->passing[at[i]].verdict,
			.domain = arena_copy(originals->headers, one->domain),
			.canon = one->body_canon,
			.signed_end =
			    signed_extent_get(message, one, &facts[i].body),
		};
	}
}

static void
take_parts(struct originals *originals, struct copy *copy,
    const struct message *message)
{
	struct same_id *group = copy->group;
	struct parts_seen *parts;

	if (group->same == NULL)
		group->same = same_parts_new();
	parts = parts_seen_take(originals->headers, originals->arena,
	    &originals->digest, message, originals->parts_left);
	if (originals->parts_left < SAME_PARTS_MAX)
		originals->plan->counts.parts_left_out += parts->left_out;
	originals->parts_left -= parts->n;
	parts->record = copy->seq;
	parts->verdict = copy->verdict;
	parts->repaired = copy->repaired;
	take_signers(originals, copy, message, parts);
	same_parts_add(group->same, parts);
	copy->parts = parts;
}

static void
count_parts(struct originals *originals)
{
	const GPtrArray *copies = originals->plan->copies;

	for (guint i = 0; i < copies->len; i++) {
		if (copy_has_parts(g_ptr_array_index(copies, i)))
			originals->plan->counts.parts_found++;
	}
}

static bool
search_copy(struct originals *originals, struct copy *copy,
    const struct item *item, const struct message *message, GError **error)
{
	const GPtrArray *copies = copy->group->copies;

	for (guint i = 0; i < copies->len; i++) {
		struct copy *wanting = g_ptr_array_index(copies, i);

		if (wanting != copy && wanting->body_open && wanting->taken)
			try_body(originals, message, copy->seq, wanting);
	}
	if (copy->group->body_wanted && copy->taken)
		take_parts(originals, copy, message);
	return !copy->header_open ||
	    search_header(originals, copy, item, error);
}

bool
originals_search(
    struct originals *originals, struct archive *archive, GError **error)
{
	if (!walk(originals, archive, search_copy, error))
		return false;
	count_parts(originals);
	return true;
}

void
originals_count(
    const struct originals *originals, struct originals_counts *counts_out)
{
	*counts_out = originals->plan->counts;
}

const struct originals_plan *
originals_get_plan(const struct originals *originals)
{
	return originals->plan;
}
