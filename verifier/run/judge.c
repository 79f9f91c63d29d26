/*
 * judge.c - one item to one record.
 *
 * The readings of a message are tried in their fixed order until one leaves
 * no failed signature; the best verdict is recorded, the first of equals.
 * The identity is always that of the wire form, which is the first reading.
 */
#include "verifier/run/judge.h"

#include "verifier/message/display.h"
#include "verifier/run/anchor_item.h"
#include "verifier/run/attempt.h"
#include "verifier/run/covered.h"
#include "verifier/run/embedded_judge.h"
#include "verifier/run/identity.h"
#include "verifier/run/regrade.h"

struct judge {
	const struct judge_context *context;
	struct arena *arena;
	struct digest digests[2];
	struct attempt_tools tools; /* what attempts are made with: these */
	struct identity identity;
	struct anchored anchored;   /* of the item */
	struct regrade *regrade;    /* or NULL */
	const struct attempt *best; /* at the item, or NULL */
	GString *line;
	uint8_t sha256[DIGEST_MAX_SIZE];
	uint8_t file_sha256[DIGEST_MAX_SIZE];
};

struct judge *
judge_new(const struct judge_context *context)
{
	struct judge *judge = g_new0(struct judge, 1);

	judge->context = context;
	judge->arena = arena_new();
	digest_init(
	    &judge->digests[DIGEST_SHA256], context->crypto, DIGEST_SHA256);
	digest_init(&judge->digests[DIGEST_SHA1], context->crypto, DIGEST_SHA1);
	identity_init(&judge->identity, context->crypto);
	judge->tools = (struct attempt_tools){
		.context = context,
		.arena = judge->arena,
		.buffer = g_malloc(READING_BUFFER),
		.digests = judge->digests,
		.bodies = body_hasher_new(context->crypto),
		.keys = key_cache_new(context->crypto, context->snapshot),
		.anchored = &judge->anchored,
	};
	judge->line = g_string_sized_new(8192);
	if (context->earlier != NULL)
		judge->regrade = regrade_new(context);
	return judge;
}

void
judge_free(struct judge *judge)
{
	if (judge == NULL)
		return;
	regrade_free(judge->regrade);
	g_string_free(judge->line, TRUE);
	key_cache_free(judge->tools.keys);
	body_hasher_free(judge->tools.bodies);
	g_free(judge->tools.buffer);
	identity_clear(&judge->identity);
	digest_clear(&judge->digests[DIGEST_SHA1]);
	digest_clear(&judge->digests[DIGEST_SHA256]);
	arena_free(judge->arena);
	g_free(judge);
}

void
judge_set_others(struct judge *judge, const struct other_messages *others)
{
	judge->tools.others = others;
}

/* What covers the item; before it is judged, as that may depend on it. */
static void
find_anchors(
    struct judge *judge, const struct item *item, const struct reading *wire)
{
	const struct anchor_tools tools = {
		.anchors = judge->context->anchors,
		.files = judge->context->anchor_files,
		.arena = judge->arena,
		.buffer = judge->tools.buffer,
		.digest = &judge->digests[DIGEST_SHA256],
	};

	anchor_item(&judge->anchored, &tools, item, wire);
}

/* For the record; NULL when no proof was given. */
static const struct anchored *
get_anchored(const struct judge *judge)
{
	return judge->context->anchors == NULL ? NULL : &judge->anchored;
}

static struct attempt *
try_readings(struct judge *judge, const struct item *item,
    const struct reading *readings, size_t n, GError **error)
{
	struct attempt *best = NULL;

	for (size_t i = 0; i < n; i++) {
		struct attempt *attempt =
		    arena_alloc(judge->arena, sizeof(*attempt));

		if (!attempt_make(attempt, &judge->tools, item, &readings[i],
			i == 0 ? &judge->identity.sink : NULL, error))
			return NULL;
		if (best == NULL ||
		    attempt->verdict.verdict < best->verdict.verdict)
			best = attempt;
		if (!attempt_failed(attempt))
			return best;
	}
	return judge->context->policy.repairs == REPAIRS_ALL
	    ? attempt_repair(&judge->tools, item, best, error)
	    : best;
}

enum reason
judge_item_reason(enum item_status status)
{
	static const enum reason reasons[] = {
		[ITEM_OK] = REASON_UNREADABLE_NO_HEADER,
		[ITEM_EMPTY] = REASON_UNREADABLE_EMPTY,
		[ITEM_TOO_LARGE] = REASON_UNREADABLE_TOO_LARGE,
		[ITEM_NO_ACCESS] = REASON_UNREADABLE_NO_ACCESS,
		[ITEM_NOT_MAIL] = REASON_UNREADABLE_NOT_MAIL,
		[ITEM_LINK] = REASON_UNREADABLE_LINK,
		[ITEM_TOO_DEEP] = REASON_UNREADABLE_TOO_DEEP,
		[ITEM_ENCRYPTED] = REASON_UNREADABLE_ENCRYPTED,
		[ITEM_DAMAGED] = REASON_UNREADABLE_DAMAGED,
		[ITEM_LIMIT] = REASON_UNREADABLE_LIMIT,
		[ITEM_UNSUPPORTED] = REASON_UNREADABLE_UNSUPPORTED,
	};

	return reasons[status];
}

/* The Subject that was signed, where repairs show it to be another. */
static void
add_signed_subject(
    struct judge *judge, struct record *record, const struct attempt *attempt)
{
	const struct header_field *field =
	    header_get(&attempt->message.header, SPAN("subject"), 0);
	struct span text;

	if (field == NULL)
		return;
	text = display_text(judge->arena, field->value);
	if (!span_equal(text, record->subject))
		record->signed_subject = text;
}

/* The Subject that the deciding signature was made over, where that was found
 * to be another than the one that is stored. */
static void
add_proved_subject(struct record *record)
{
	const struct message_verdict *verdict = record->verdict;
	const struct signed_fields *fields = verdict->best < 0
	    ? NULL
	    : verdict->signatures[verdict->best].facts->signed_fields;

	for (size_t i = 0; fields != NULL && i < fields->n; i++) {
		const struct signed_field *field = &fields->list[i];

		if (span_equal_nocase(field->name, SPAN("Subject")) &&
		    field->text.p != NULL)
			record->signed_subject = field->text;
	}
}

/* Does the signature want a key? */
static bool
take_want(struct want *want, const struct signature_verdict *one)
{
	if ((one->verdict != VERDICT_KEY_MISSING &&
		one->verdict != VERDICT_KEY_MISMATCH) ||
	    !dns_name_split_key(one->facts->signature->key_name,
		&want->selector, &want->domain))
		return false;
	want->first = one->interval.from;
	want->last = one->interval.to;
	return true;
}

static size_t
add_wants_of(struct want *wants, const struct message_verdict *verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < verdict->n_signatures; i++)
		n += take_want(&wants[n], &verdict->signatures[i]) ? 1 : 0;
	return n;
}

/* Of the message and of those attached to it. */
static void
add_wants(struct judge *judge, const struct record *record,
    struct judgement *judgement)
{
	const struct embedded_records *embedded = record->embedded;
	size_t most = record->verdict->n_signatures + 1;
	struct want *wants;

	for (size_t i = 0; embedded != NULL && i < embedded->n; i++)
		most += embedded->list[i].record.verdict->n_signatures;
	wants = arena_alloc_array(judge->arena, most, sizeof(*wants));
	judgement->wants = wants;
	judgement->n_wants = add_wants_of(wants, record->verdict);
	for (size_t i = 0; embedded != NULL && i < embedded->n; i++)
		judgement->n_wants += add_wants_of(wants + judgement->n_wants,
		    embedded->list[i].record.verdict);
}

static void
add_domains(struct judge *judge, const struct message_verdict *verdict,
    struct judgement *judgement)
{
	struct span *domains = arena_alloc_array(
	    judge->arena, verdict->n_signatures, sizeof(*domains));

	judgement->domains = domains;
	for (size_t i = 0; i < verdict->n_signatures; i++) {
		const struct signature *one =
		    verdict->signatures[i].facts->signature;

		if (one->domain.n > 0 && signature_kind_decides(one->kind))
			domains[judgement->n_domains++] = one->domain;
	}
}

/* The SHA-256 of a file that is one message: the identity where the octets
 * are the same, else a pass of its own. */
static const uint8_t *
hash_file(struct judge *judge, const struct item *item, bool wire)
{
	if (!item->whole_file ||
	    (item->raw.n == 0 && item->status != ITEM_EMPTY))
		return NULL;
	if (wire)
		return judge->sha256;
	digest_sha256(judge->context->crypto, item->raw, judge->file_sha256);
	return judge->file_sha256;
}

static bool
shows_name(const struct message_verdict *verdict, struct span name)
{
	for (size_t i = 0; i < verdict->n_signatures; i++) {
		if (span_equal(
			verdict->signatures[i].facts->signature->key_name,
			name))
			return true;
	}
	return false;
}

/* Does a signature of the record, or of those attached, show the name? */
static bool
record_shows_name(const struct record *record, struct span name)
{
	const struct embedded_records *embedded = record->embedded;

	for (size_t i = 0; embedded != NULL && i < embedded->n; i++) {
		if (shows_name(embedded->list[i].record.verdict, name))
			return true;
	}
	return shows_name(record->verdict, name);
}

/* What readings and repairs that were tried asked for besides: the record
 * depends on these names, too. */
static void
add_other_names(struct judge *judge, struct record *record)
{
	size_t n;
	const struct cached_name *const *asked =
	    key_cache_asked(judge->tools.keys, &n);
	struct span *names = arena_alloc_array(judge->arena, n, sizeof(*names));

	record->other_names = names;
	for (size_t i = 0; i < n; i++) {
		if (!record_shows_name(record, asked[i]->known.name))
			names[record->n_other_names++] = asked[i]->known.name;
	}
}

static void
finish(struct judge *judge, struct record *record, struct judgement *judgement)
{
	add_other_names(judge, record);
	g_string_truncate(judge->line, 0);
	record_write(judge->line, record);
	judgement->line = (struct span){ (const uint8_t *)judge->line->str,
		judge->line->len };
	judgement->verdict = record->verdict->verdict;
	judgement->file_sha256 = record->file_sha256;
	judgement->author = record->author;
	judgement->date = record->time;
	add_wants(judge, record, judgement);
	add_domains(judge, record->verdict, judgement);
}

static void
judge_unreadable(struct judge *judge, const struct item *item, uint64_t seq,
    struct judgement *judgement)
{
	struct message_verdict verdict;
	struct record record = {
		.seq = seq,
		.item = item,
		.verdict = &verdict,
		.time = TIMESTAMP_NONE,
		.file_sha256 = hash_file(judge, item, false),
	};

	find_anchors(judge, item, NULL);
	record.anchored = get_anchored(judge);
	verdict_unreadable(&verdict, judge_item_reason(item->status));
	finish(judge, &record, judgement);
}

static bool
judge_message(struct judge *judge, const struct item *item, uint64_t seq,
    struct judgement *judgement, GError **error)
{
	bool mbox = item->container == CONTAINER_MBOX;
	struct reading_traits traits;
	struct reading readings[READINGS_MAX];
	size_t n;
	const struct attempt *best;
	struct record record = {
		.seq = seq, .item = item, .time = TIMESTAMP_NONE
	};

	reading_traits_get(&traits, item->raw);
	n = reading_candidates(&traits, mbox, readings);
	if (judge->context->policy.repairs == REPAIRS_NONE)
		n = 1;
	find_anchors(judge, item, &readings[0]);
	identity_start(&judge->identity);
	best = try_readings(judge, item, readings, n, error);
	if (best == NULL)
		return false;
	judge->best = best;
	digest_finish(&judge->identity.digest, judge->sha256);
	record.reading = &best->message.reading;
	record.repairs = best->repairs;
	record.kept_line_ends =
	    traits.bare_lf && best->message.reading.line_ends == LINE_ENDS_KEPT;
	record.file_sha256 = hash_file(
	    judge, item, message_is_wire(&best->message, &traits, mbox));
	record.anchored = get_anchored(judge);
	record.sha256 = judge->sha256;
	record.size = judge->identity.size;
	record.verdict = &best->verdict;
	if (best->message.status == HEADER_OK) {
		embedded_display(&record, &judge->tools,
		    best->stored != NULL ? best->stored : best);
		if (best->stored != NULL)
			add_signed_subject(judge, &record, best);
		add_proved_subject(&record);
		record.claims = embedded_claims(&judge->tools, best);
		covered_get(&record, &judge->tools, item, best);
	}
	if (!embedded_judge(&record.embedded, &judge->tools, item,
		best->stored != NULL ? best->stored : best, error))
		return false;
	finish(judge, &record, judgement);
	return true;
}

bool
judge_item(struct judge *judge, const struct item *item, uint64_t seq,
    struct judgement *judgement_out, GError **error)
{
	*judgement_out = (struct judgement){ .date = TIMESTAMP_NONE };
	judge->best = NULL;
	arena_reset(judge->arena);
	key_cache_trim(judge->tools.keys);
	if (item->status != ITEM_OK) {
		judge_unreadable(judge, item, seq, judgement_out);
		return true;
	}
	return judge_message(judge, item, seq, judgement_out, error);
}

const struct attempt *
judge_attempt(const struct judge *judge)
{
	return judge->best;
}

bool
judge_update(struct judge *judge, const struct item *item, uint64_t seq,
    struct span earlier, struct judgement *judgement_out, GError **error)
{
	enum judged how;

	*judgement_out = (struct judgement){ .date = TIMESTAMP_NONE };
	judge->best = NULL;
	arena_reset(judge->arena);
	if (!regrade_record(judge->regrade, judge->arena, item, seq, earlier,
		judgement_out, &how, error))
		return false;
	if (how == JUDGED_ANEW)
		return judge_item(judge, item, seq, judgement_out, error);
	judgement_out->how = how;
	judgement_out->file_sha256 = hash_file(judge, item, false);
	return true;
}

void
judge_hash(struct judge *judge, const struct item *item,
    struct judgement *judgement_out)
{
	*judgement_out = (struct judgement){ .date = TIMESTAMP_NONE };
	judgement_out->file_sha256 = hash_file(judge, item, false);
}
