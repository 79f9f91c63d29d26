/*
 * message_exhibit_judge.c - see message_exhibit_private.h: the message of an
 * exhibit judged as it was in the run, and as whoever checks it would.
 */
#include "verifier/case/message_exhibit_private.h"

#include "verifier/report/record_difference.h"

#include <inttypes.h>
#include <string.h>

#define VALUE_SHOWN 80

/* ---- the message --------------------------------------------------------- */

static void
fill_chain(
    struct exhibit_checking *checking, const json_t *source, struct item *item)
{
	const json_t *chain = json_object_get(source, "chain");

	item->n_chain = MIN(json_array_size(chain), ARCHIVE_CHAIN_MAX);
	for (size_t i = 0; i < item->n_chain; i++) {
		const json_t *link = json_array_get(chain, i);

		item->chain[i].format = exhibit_string(link, "format");
		item->chain[i].name = exhibit_octets(checking, link, "member");
		item->chain[i].number = (uint64_t)json_integer_value(
		    json_object_get(link, "number"));
	}
}

/* The message as an archive gave it: where it lay is what the record says. */
static struct item
make_item(struct exhibit_checking *checking)
{
	const json_t *source = json_object_get(checking->record.json, "source");
	struct span format = record_get_string(source, "format");
	struct item item = {
		.status = ITEM_OK,
		.container = CONTAINER_FILE,
		.path = exhibit_octets(checking, source, "path"),
		.offset = (uint64_t)json_integer_value(
		    json_object_get(source, "offset")),
		.length = checking->exhibit->octets.n,
		.raw = checking->exhibit->octets,
		.envelope = checking->exhibit->envelope,
		.whole_file = json_object_get(source, "sha256") != NULL,
	};

	fill_chain(checking, source, &item);
	if (json_object_get(source, "dialect") != NULL) {
		item.container = CONTAINER_MBOX;
		item.split = SPLIT_FROM_LINE;
	} else if (span_equal(format, SPAN("emlx"))) {
		item.container = CONTAINER_EMLX;
	} else if (span_equal(format, SPAN("partial-emlx"))) {
		item.container = CONTAINER_EMLX_PARTIAL;
	}
	if (json_object_get(source, "split") != NULL)
		item.split = SPLIT_HEURISTIC;
	return item;
}

static struct snapshot *
make_snapshot(struct exhibit_checking *checking)
{
	const char *vouched = exhibit_string(checking->header.json, "vouched");
	g_autoptr(GArray) lines =
	    g_array_new(FALSE, FALSE, sizeof(struct excerpt_line));
	struct excerpt *excerpt;
	const char *why;

	for (size_t i = 0; i < checking->exhibit->n_keys; i++) {
		const struct exhibit *keys = &checking->keys[i];

		for (size_t j = 0; j < keys->n_entries; j++) {
			struct excerpt_line line = { keys->entries[j].number,
				keys->entries[j].leaf };

			g_array_append_val(lines, line);
		}
	}
	excerpt = excerpt_new(
	    (struct excerpt_line *)(void *)lines->data, lines->len, &why);
	if (excerpt == NULL) {
		exhibit_tell(checking, EXHIBIT_BAD, "keys", "%s", why);
		return NULL;
	}
	/* As the run took it; whether it is vouched for is said apart. */
	return snapshot_of_excerpt(excerpt, &checking->keys[0].checkpoint,
	    strcmp(vouched, "nobody") == 0 ? SNAPSHOT_BY_NOBODY
					   : SNAPSHOT_BY_ROOT,
	    checking->crypto);
}

/* Where the judge comes to something else. */
static void
tell_difference(struct exhibit_checking *checking, struct span line)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const json_t *then, *now;
	const char *why;
	json_t *json = json_parse_line(checking->arena, line, false, &why);

	if (record_difference(
		checking->record.json, json, NULL, text, &then, &now)) {
		g_string_append(text, ": the record has ");
		record_value_append(text, then, VALUE_SHOWN);
		g_string_append(text, ", the message gives ");
		record_value_append(text, now, VALUE_SHOWN);
	}
	exhibit_tell(checking, EXHIBIT_BAD, "record", "%s", text->str);
	json_decref(json);
}

/* Judge it under "policy"; give the record to "take", which may be NULL, and
 * the verdict.  False, told, when the keys cannot be read. */
static bool
judge_under(struct exhibit_checking *checking, struct snapshot *snapshot,
    const struct policy *policy,
    void (*take)(struct exhibit_checking *checking, struct span line),
    enum verdict *verdict_out)
{
	const struct judge_context context = {
		.crypto = checking->crypto,
		.snapshot = snapshot,
		.alignment = checking->trust->alignment,
		.policy = *policy,
	};
	struct judge *judge = judge_new(&context);
	struct item item = make_item(checking);
	struct judgement judgement;
	GError *error = NULL;
	bool good =
	    judge_item(judge, &item, checking->record.seq, &judgement, &error);

	if (!good) {
		exhibit_tell(
		    checking, EXHIBIT_BAD, "keys", "%s", error->message);
		g_error_free(error);
	} else {
		*verdict_out = judgement.verdict;
		if (take != NULL)
			take(checking,
			    span_sub(judgement.line, 0, judgement.line.n - 1));
	}
	judge_free(judge);
	return good;
}

static void
compare_record(struct exhibit_checking *checking, struct span line)
{
	if (span_equal(line, checking->exhibit->record))
		exhibit_tell(checking, EXHIBIT_GOOD, "record",
		    "the message and the keys give it, octet for octet");
	else
		tell_difference(checking, line);
}

static bool
same_policy(const struct policy *a, const struct policy *b)
{
	return a->min_grade == b->min_grade &&
	    a->max_gap_days == b->max_gap_days && a->repairs == b->repairs;
}

/* Whoever made the run chose what was good enough; whoever checks may ask for
 * more. */
static void
judge_as_asked(struct exhibit_checking *checking, struct snapshot *snapshot)
{
	const struct policy *then = &checking->exhibit->policy;
	const struct policy *now = checking->trust->policy;
	enum verdict verdict;

	if (now == NULL || same_policy(then, now) ||
	    !judge_under(checking, snapshot, now, NULL, &verdict))
		return;
	exhibit_tell(checking, EXHIBIT_NOTED, "options",
	    "the run took grade %s, a gap of %" PRId64
	    " days and the repairs \"%s\"; with %s, %" PRId64
	    " and \"%s\", as is asked for here, the verdict is %s",
	    grade_name(then->min_grade), then->max_gap_days,
	    repair_scope_name(then->repairs), grade_name(now->min_grade),
	    now->max_gap_days, repair_scope_name(now->repairs),
	    verdict_row(verdict)->code);
	checking->verdict = MAX(checking->verdict, verdict);
}

void
exhibit_judge(struct exhibit_checking *checking)
{
	const struct message_exhibit *exhibit = checking->exhibit;
	struct snapshot *snapshot = NULL;

	if (exhibit->n_keys > 0) {
		snapshot = make_snapshot(checking);
		if (snapshot == NULL)
			return;
	}
	if (judge_under(checking, snapshot, &exhibit->policy, compare_record,
		&checking->verdict))
		judge_as_asked(checking, snapshot);
	snapshot_close(snapshot);
	exhibit_tell(checking, EXHIBIT_NOTED, "place",
	    "where the message lay, its number and the From_ line before it "
	    "are what the file says: only the archive shows them");
}
