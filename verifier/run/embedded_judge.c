/*
 * embedded_judge.c - see embedded_judge.h.
 *
 * Limits: EMBEDDED_DEPTH_MAX, and those of message/embedded.h.  An octet is
 * read once for each message that it lies in.
 */
#include "verifier/run/embedded_judge.h"

#include "verifier/message/display.h"
#include "verifier/message/embedded.h"
#include "verifier/run/covered.h"
#include "verifier/run/identity.h"

struct work {
	const struct attempt_tools *tools;
	const struct item *item;
	struct embedded_records *records;
	struct identity identity;
	GError **error;
};

static struct span
bounded_address(const struct attempt_tools *tools, struct span address)
{
	uint8_t sha256[DIGEST_SHA256_SIZE];
	char *hex;

	if (address.n <= EMBEDDED_ADDRESS_MAX)
		return address;
	digest_sha256(tools->context->crypto, address, sha256);
	hex = arena_alloc(tools->arena, DIGEST_HEX_SIZE);
	digest_to_hex((struct span){ sha256, sizeof(sha256) }, hex);
	return span_from_string(hex);
}

/* The signing domains of the record's signatures that decide. */
static size_t
get_signers(const struct record *record, struct arena *arena,
    const struct span **signers_out)
{
	const struct message_verdict *verdict = record->verdict;
	struct span *signers =
	    arena_alloc_array(arena, verdict->n_signatures, sizeof(*signers));
	size_t n = 0;

	*signers_out = signers;
	for (size_t i = 0; i < verdict->n_signatures; i++) {
		const struct signature *signature =
		    verdict->signatures[i].facts->signature;

		if (signature_kind_decides(signature->kind))
			signers[n++] = signature->domain;
	}
	return n;
}

void
embedded_display(struct record *record, const struct attempt_tools *tools,
    const struct attempt *attempt)
{
	const struct header_index *header = &attempt->message.header;
	const struct {
		struct span name;
		struct span *out;
	} shown[] = {
		{ SPAN("message-id"), &record->message_id },
		{ SPAN("date"), &record->date },
		{ SPAN("from"), &record->from },
		{ SPAN("subject"), &record->subject },
	};
	const struct span *signers;
	size_t n_signers;

	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		const struct header_field *field =
		    header_get(header, shown[i].name, 0);

		if (field != NULL)
			*shown[i].out =
			    display_text(tools->arena, field->value);
	}
	if (attempt->facts.from_fields == 1 && attempt->facts.from.n > 0)
		record->from_domain = attempt->facts.from.addresses[0].domain;
	if (attempt->facts.from.n > 0)
		record->author = bounded_address(
		    tools, attempt->facts.from.addresses[0].address);
	record->time = attempt->facts.times.date;
	n_signers = get_signers(record, tools->arena, &signers);
	record->senders = senders_find(tools->arena, tools->context->alignment,
	    header, &attempt->facts.from, signers, n_signers);
}

const struct auth_claims *
embedded_claims(
    const struct attempt_tools *tools, const struct attempt *attempt)
{
	const struct attempt *stored =
	    attempt->stored != NULL ? attempt->stored : attempt;
	const struct auth_basis basis = { .header = &stored->message.header,
		.repaired = &attempt->message.header,
		.verdict = &attempt->verdict,
		.arc = stored->arc };

	return auth_claims_get(tools->arena, &basis);
}

/* A part whose octets are no message, or are encoded. */
static bool
take_unread(
    struct work *work, struct embedded_record *embedded, enum reason reason)
{
	struct message_verdict *verdict =
	    arena_alloc(work->tools->arena, sizeof(*verdict));

	verdict_unreadable(verdict, reason);
	embedded->record.verdict = verdict;
	return true;
}

/* Judge the slice "raw", read like the message of "parent". */
static struct attempt *
judge_slice(struct work *work, struct embedded_record *embedded,
    struct span raw, const struct attempt *parent)
{
	struct arena *arena = work->tools->arena;
	struct attempt *attempt = arena_alloc(arena, sizeof(*attempt));
	struct item *item = arena_alloc(arena, sizeof(*item));
	uint8_t *sha256 = arena_alloc(arena, DIGEST_MAX_SIZE);
	struct reading reading = parent->message.reading;

	*item = *work->item;
	item->raw = raw;
	item->envelope = SPAN("");
	item->whole_file = false;
	reading.verbatim = false;
	identity_start(&work->identity);
	if (!attempt_make(attempt, work->tools, item, &reading,
		&work->identity.sink, work->error))
		return NULL;
	digest_finish(&work->identity.digest, sha256);
	embedded->record.sha256 = sha256;
	embedded->record.size = work->identity.size;
	embedded->record.verdict = &attempt->verdict;
	if (attempt->message.status != HEADER_OK)
		return attempt;
	embedded_display(&embedded->record, work->tools, attempt);
	embedded->record.claims = embedded_claims(work->tools, attempt);
	covered_get(&embedded->record, work->tools, work->item, attempt);
	return attempt;
}

static bool walk(
    struct work *work, const struct attempt *attempt, unsigned depth);

static bool
take_part(struct work *work, const struct embedded_part *part,
    const struct attempt *parent, unsigned depth)
{
	struct embedded_records *records = work->records;
	struct embedded_record *embedded;
	const struct attempt *attempt;

	if (records->n == EMBEDDED_MAX || depth > EMBEDDED_DEPTH_MAX) {
		records->left_out++;
		return true;
	}
	embedded = &records->list[records->n++];
	embedded->depth = depth;
	embedded->length = part->raw.n;
	embedded->offset =
	    part->raw.n == 0 ? 0 : (uint64_t)(part->raw.p - work->item->raw.p);
	if (part->encoded)
		return take_unread(work, embedded, REASON_UNREADABLE_ENCODED);
	if (part->raw.n == 0)
		return take_unread(work, embedded, REASON_UNREADABLE_EMPTY);
	attempt = judge_slice(work, embedded, part->raw, parent);
	if (attempt == NULL)
		return false;
	return attempt->message.status != HEADER_OK ||
	    walk(work, attempt, depth + 1);
}

/* Those attached to the message of "attempt", at "depth". */
static bool
walk(struct work *work, const struct attempt *attempt, unsigned depth)
{
	struct arena *arena = work->tools->arena;
	struct embedded_list list;

	embedded_find(&list, arena, &attempt->message);
	if (list.n > 0 && work->records->list == NULL)
		work->records->list = arena_alloc_array(
		    arena, EMBEDDED_MAX, sizeof(*work->records->list));
	work->records->left_out += list.left_out;
	work->records->cut |= list.cut;
	for (size_t i = 0; i < list.n; i++) {
		if (!take_part(work, &list.parts[i], attempt, depth))
			return false;
	}
	return true;
}

bool
embedded_judge(const struct embedded_records **records_out,
    const struct attempt_tools *tools, const struct item *item,
    const struct attempt *attempt, GError **error)
{
	struct embedded_records *records =
	    arena_alloc(tools->arena, sizeof(*records));
	struct work work = {
		.tools = tools, .item = item, .records = records, .error = error
	};
	bool fine;

	*records_out = NULL;
	if (attempt->message.status != HEADER_OK ||
	    attempt->message.reading.n_edits > 0)
		return true;
	identity_init(&work.identity, tools->context->crypto);
	fine = walk(&work, attempt, 1);
	identity_clear(&work.identity);
	if (records->n > 0 || records->left_out > 0 || records->cut)
		*records_out = records;
	return fine;
}
